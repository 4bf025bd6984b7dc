//! Lists of URLs in the formats in which people have them. A thread reads, so that a list of any length, or a pipe that is slow, holds up nothing.

mod count;
mod kind;
mod lines;
mod links;
mod read;
mod sitemap;
mod web;

use std::collections::HashMap;
use std::fs::File;
use std::io;
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::Stream;
use futures_util::stream;
use siteerror_guard::show::mask_url;
use tokio::sync::mpsc;

use self::read::{Depth, read};
pub(super) use self::web::Web;
use super::plan::Mistake;
use crate::output::report::Place;

/// URLs that are read ahead.
const AHEAD: usize = 1024;
/// URLs that are taken from the thread at a time: it is woken once for all of them.
const AT_A_TIME: usize = 256;

/// A list under way.
pub(super) struct List {
    pub(super) urls: Pin<Box<dyn Stream<Item = String> + Send>>,
    pub(super) places: Places,
}

/// Where the URLs that are being checked stand, by index.
#[derive(Debug, Clone)]
pub(super) struct Places(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    lines: Mutex<HashMap<u64, Spot>>,
    found: AtomicU64,
    mistakes: AtomicU64,
    total: AtomicU64,
}

/// A list, and the line in it.
type Spot = (Arc<str>, u64);

/// No number yet.
const UNKNOWN: u64 = u64::MAX;

impl Places {
    /// The place of a URL, which is then forgotten.
    pub(super) fn take(&self, index: u64) -> Option<Place> {
        let (file, line) = self.lines().remove(&index)?;
        Some(Place {
            file: file.to_string(),
            line,
        })
    }

    /// How many URLs there are, once that is known.
    pub(super) fn total(&self) -> Option<u64> {
        Some(self.0.total.load(Ordering::Relaxed)).filter(|total| *total != UNKNOWN)
    }

    /// Lines that could not be read.
    pub(super) fn mistakes(&self) -> u64 {
        self.0.mistakes.load(Ordering::Relaxed)
    }

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<u64, Spot>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A URL of a list.
struct Found {
    url: String,
    /// None if it was typed.
    spot: Option<Spot>,
}

/// Where readers put what they find.
#[derive(Clone)]
struct Out {
    send: mpsc::Sender<Found>,
    places: Places,
    /// The list, as it is named to people.
    file: Arc<str>,
}

/// Nobody wants more.
struct Enough;

impl Out {
    /// The same for another list.
    fn of(&self, file: &str) -> Self {
        Self {
            file: file.into(),
            ..self.clone()
        }
    }

    /// A URL.
    fn url(&self, url: &str, line: u64) -> Result<(), Enough> {
        self.put(url, Some((Arc::clone(&self.file), line)))
    }

    fn put(&self, url: &str, spot: Option<Spot>) -> Result<(), Enough> {
        let url = url.to_owned();
        self.places.0.found.fetch_add(1, Ordering::Relaxed);
        self.send
            .blocking_send(Found { url, spot })
            .map_err(|_| Enough)
    }

    /// A line that cannot be read. The others are.
    fn mistake(&self, line: u64, what: &str) {
        self.cannot(&format!("line {line}: {what}"));
    }

    /// A list that cannot be read.
    fn cannot(&self, what: &str) {
        self.places.0.mistakes.fetch_add(1, Ordering::Relaxed);
        let file = &self.file;
        crate::output::mistake(&format!("cannot read `{file}`: {what}"), None);
    }
}

/// Where a list is.
enum Origin {
    Nowhere,
    Input,
    File(File),
    Web(String),
}

impl Origin {
    fn of(name: Option<&str>) -> Result<Self, Mistake> {
        let name = match name {
            None => return Ok(Self::Nowhere),
            Some("-") => return Ok(Self::Input),
            Some(url) if links::is_web(url) => return Ok(Self::Web(url.to_owned())),
            Some(name) => name,
        };
        let cannot = |error: &io::Error| {
            let what = format!("cannot read `{name}` (--from-file): {error}");
            let hint = "give a file with URLs, - for standard input, or the URL of a list";
            (what, Some(hint.to_owned()))
        };
        let file = File::open(name).map_err(|error| cannot(&error))?;
        if file.metadata().is_ok_and(|about| about.is_dir()) {
            return Err(cannot(&io::ErrorKind::IsADirectory.into()));
        }
        Ok(Self::File(file))
    }
}

/// Opens a list, behind URLs that were typed. It belongs into a runtime, which gets what is on the web.
pub(super) fn open(typed: &[String], name: Option<&str>, mut web: Web) -> Result<List, Mistake> {
    let origin = Origin::of(name)?;
    let places = Places(Arc::new(Inner {
        lines: Mutex::default(),
        found: AtomicU64::new(0),
        mistakes: AtomicU64::new(0),
        total: AtomicU64::new(UNKNOWN),
    }));
    let (send, receive) = mpsc::channel(AHEAD);
    let name = name.unwrap_or_default().to_owned();
    let out = Out {
        send,
        places: places.clone(),
        file: match &origin {
            Origin::Nowhere | Origin::Input => "<stdin>".into(),
            Origin::File(_) | Origin::Web(_) => mask_url(&name).into(),
        },
    };
    let typed = typed.to_vec();
    std::thread::spawn(move || {
        for url in typed {
            if out.put(&url, None).is_err() {
                return;
            }
        }
        let read = match origin {
            Origin::Nowhere => Ok(()),
            Origin::Input => read(&name, Box::new(io::stdin()), &out, &mut web, Depth::Top),
            Origin::File(file) => read(&name, Box::new(file), &out, &mut web, Depth::Top),
            Origin::Web(url) => match web.get(&url, &out) {
                Err(Enough) => Err(Enough),
                Ok(Err(why)) => {
                    out.cannot(&why);
                    Ok(())
                }
                Ok(Ok((url, content))) => {
                    let out = out.of(&url);
                    let content = Box::new(io::Cursor::new(content));
                    read(&url, content, &out, &mut web, Depth::Top)
                }
            },
        };
        if read.is_ok() {
            let inner = &out.places.0;
            let found = inner.found.load(Ordering::Relaxed);
            inner.total.store(found, Ordering::Relaxed);
        }
    });
    let numbered = places.clone();
    let begin = (receive, Vec::new().into_iter(), 0_u64);
    let urls = stream::unfold(begin, move |(mut receive, mut taken, index)| {
        let places = numbered.clone();
        async move {
            if taken.as_slice().is_empty() {
                let mut next = Vec::with_capacity(AT_A_TIME);
                receive.recv_many(&mut next, AT_A_TIME).await;
                taken = next.into_iter();
            }
            let found: Found = taken.next()?;
            if let Some(spot) = found.spot {
                places.lines().insert(index, spot);
            }
            Some((found.url, (receive, taken, index + 1)))
        }
    });
    Ok(List {
        urls: Box::pin(urls),
        places,
    })
}
