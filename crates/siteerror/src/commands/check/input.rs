//! Lists of URLs in the formats in which people have them. A thread reads, so that a list of any length, or a pipe that is slow, holds up nothing.

mod kind;
mod lines;
mod links;
mod sitemap;

use std::collections::HashMap;
use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::pin::Pin;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures_util::Stream;
use futures_util::stream;
use tokio::sync::mpsc;

use self::kind::Kind;
use super::plan::Mistake;
use crate::output::report::Place;

/// URLs that are read ahead.
const AHEAD: usize = 1024;
/// URLs that are taken from the thread at a time: it is woken once for all of them.
const AT_A_TIME: usize = 256;
/// Read at once.
const BUFFER: usize = 1 << 16;
/// Pages are read whole, up to this.
const LARGEST_PAGE: u64 = 64 << 20;

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
    file: String,
    lines: Mutex<HashMap<u64, u64>>,
    found: AtomicU64,
    mistakes: AtomicU64,
    total: AtomicU64,
}

/// No number yet.
const UNKNOWN: u64 = u64::MAX;

impl Places {
    /// The place of a URL, which is then forgotten.
    pub(super) fn take(&self, index: u64) -> Option<Place> {
        let line = self.lines().remove(&index)?;
        Some(Place {
            file: self.0.file.clone(),
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

    fn lines(&self) -> std::sync::MutexGuard<'_, HashMap<u64, u64>> {
        self.0.lines.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// A URL of a list.
struct Found {
    url: String,
    /// None if it was typed.
    line: Option<u64>,
}

/// Where readers put what they find.
struct Out {
    send: mpsc::Sender<Found>,
    places: Places,
}

/// Nobody wants more.
struct Enough;

impl Out {
    /// A URL.
    fn url(&self, url: &str, line: u64) -> Result<(), Enough> {
        let found = Found {
            url: url.to_owned(),
            line: Some(line),
        };
        self.places.0.found.fetch_add(1, Ordering::Relaxed);
        self.send.blocking_send(found).map_err(|_| Enough)
    }

    /// A line that cannot be read. The others are.
    fn mistake(&self, line: u64, what: &str) {
        self.places.0.mistakes.fetch_add(1, Ordering::Relaxed);
        let file = &self.places.0.file;
        crate::output::mistake(&format!("cannot read `{file}`: line {line}: {what}"), None);
    }
}

/// Opens a list, behind URLs that were typed.
pub(super) fn open(typed: &[String], name: Option<&str>) -> Result<List, Mistake> {
    let file = match name {
        None | Some("-") => None,
        Some(name) => {
            let cannot = |error: &io::Error| {
                let what = format!("cannot read `{name}` (--from-file): {error}");
                (
                    what,
                    Some("give a file with URLs, or - for standard input".to_owned()),
                )
            };
            let file = File::open(name).map_err(|error| cannot(&error))?;
            if file.metadata().is_ok_and(|about| about.is_dir()) {
                return Err(cannot(&io::ErrorKind::IsADirectory.into()));
            }
            Some(file)
        }
    };
    let places = Places(Arc::new(Inner {
        file: match name {
            None | Some("-") => "<stdin>".to_owned(),
            Some(name) => name.to_owned(),
        },
        lines: Mutex::default(),
        found: AtomicU64::new(0),
        mistakes: AtomicU64::new(0),
        total: AtomicU64::new(UNKNOWN),
    }));
    let (send, receive) = mpsc::channel(AHEAD);
    let out = Out {
        send,
        places: places.clone(),
    };
    let typed = typed.to_vec();
    let name = name.map(str::to_owned);
    std::thread::spawn(move || {
        for url in typed {
            out.places.0.found.fetch_add(1, Ordering::Relaxed);
            if out.send.blocking_send(Found { url, line: None }).is_err() {
                return;
            }
        }
        let read = match (&name, file) {
            (None, _) => Ok(()),
            (Some(name), Some(file)) => read(name, file, &out),
            (Some(name), None) => read(name, io::stdin(), &out),
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
            if let Some(line) = found.line {
                places.lines().insert(index, line);
            }
            Some((found.url, (receive, taken, index + 1)))
        }
    });
    Ok(List {
        urls: Box::pin(urls),
        places,
    })
}

/// Reads a list in its format.
fn read(name: &str, input: impl Read, out: &Out) -> Result<(), Enough> {
    let mut input = Counted::new(BufReader::with_capacity(BUFFER, input));
    let kind = match input.fill_buf() {
        Ok(beginning) => Kind::of(name, beginning),
        Err(error) => {
            out.mistake(1, &error.to_string());
            return Ok(());
        }
    };
    match kind {
        Kind::Text => lines::text(input, out),
        Kind::JsonLines => lines::json(input, out),
        Kind::Csv => lines::csv(input, out),
        Kind::Sitemap => sitemap::read(input, out),
        Kind::Markdown => links::markdown(&whole(input, out), out),
        Kind::Html => links::html(&whole(input, out), out),
    }
}

/// The text of a page.
fn whole(input: impl Read, out: &Out) -> String {
    let mut bytes = Vec::new();
    match input.take(LARGEST_PAGE + 1).read_to_end(&mut bytes) {
        Err(error) => out.mistake(1, &error.to_string()),
        Ok(read) if u64::try_from(read).is_ok_and(|read| read > LARGEST_PAGE) => {
            out.mistake(1, "it is longer than 64 MiB, and was read so far");
        }
        Ok(_) => {}
    }
    String::from_utf8_lossy(&bytes).into_owned()
}

/// Counts lines.
struct Counted<R> {
    inner: R,
    /// The line that is next, from 1.
    line: u64,
}

impl<R> Counted<R> {
    const fn new(inner: R) -> Self {
        Self { inner, line: 1 }
    }

    fn count(&mut self, bytes: &[u8]) {
        self.line += line_ends(bytes);
    }
}

/// How many lines end in these bytes.
fn line_ends(bytes: &[u8]) -> u64 {
    let ends = bytes.split(|byte| *byte == b'\n').count().saturating_sub(1);
    u64::try_from(ends).unwrap_or_default()
}

impl<R: BufRead> Read for Counted<R> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let read = self.inner.read(buffer)?;
        self.count(buffer.get(..read).unwrap_or_default());
        Ok(read)
    }
}

impl<R: BufRead> BufRead for Counted<R> {
    fn fill_buf(&mut self) -> io::Result<&[u8]> {
        self.inner.fill_buf()
    }

    fn consume(&mut self, amount: usize) {
        if let Ok(bytes) = self.inner.fill_buf() {
            let used = bytes.get(..amount).unwrap_or(bytes);
            self.line += line_ends(used);
        }
        self.inner.consume(amount);
    }
}
