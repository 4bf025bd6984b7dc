//! A page in memory. Its HTML is rendered once, and each coding of it made once; the other forms are made for whoever asks, at a quick level, since what five forms
//! of hundreds of pages take in memory is more than what it takes to make one.

use std::hash::BuildHasher;
use std::io::Write as _;
use std::sync::{Arc, OnceLock};

use bytes::Bytes;

use crate::negotiate::{Coding, Format};
use crate::site::Chrome;
use crate::views::View;

/// Brotli at its best takes 17 ms for a page, so it is made in the background; until then visitors get a level that takes 0.3 ms.
const BROTLI_BEST: i32 = 11;
const BROTLI_QUICK: i32 = 5;
const BROTLI_WINDOW: i32 = 20;

/// A view at an address that never changes while the server runs.
pub(crate) struct Page {
    pub(crate) view: Box<dyn View>,
    html: OnceLock<Arc<Representation>>,
}

impl Page {
    pub(crate) fn new(view: Box<dyn View>) -> Self {
        Self {
            view,
            html: OnceLock::new(),
        }
    }

    pub(crate) fn representation(&self, format: Format, chrome: &Chrome) -> Arc<Representation> {
        let made = || Arc::new(Representation::new(self.view.render(format, chrome)));
        match format {
            Format::Html => Arc::clone(self.html.get_or_init(made)),
            _ => made(),
        }
    }
}

/// The bytes of one representation, with their codings.
#[derive(Debug)]
pub(crate) struct Representation {
    identity: Bytes,
    hash: u64,
    brotli: OnceLock<Bytes>,
    gzip: OnceLock<Bytes>,
}

impl Representation {
    pub(crate) fn new(content: impl Into<Vec<u8>>) -> Self {
        let identity = tight(content);
        let hash = foldhash::quality::FixedState::default().hash_one(&*identity);
        Self {
            identity,
            hash,
            brotli: OnceLock::new(),
            gzip: OnceLock::new(),
        }
    }

    /// Makes the best coding now, so that no visitor waits for it.
    pub(crate) fn warm(&self) {
        self.brotli
            .get_or_init(|| brotli(&self.identity, BROTLI_BEST));
        self.gzip.get_or_init(|| gzip(&self.identity));
    }

    /// The content in a coding, and its entity tag. Each level of a coding has its own tag: strong tags mean the same bytes.
    pub(crate) fn coded(&self, coding: Coding) -> (Bytes, String) {
        let (bytes, suffix) = match coding {
            Coding::Identity => (self.identity.clone(), ""),
            Coding::Gzip => (
                self.gzip.get_or_init(|| gzip(&self.identity)).clone(),
                "-gz",
            ),
            Coding::Brotli => match self.brotli.get() {
                Some(best) => (best.clone(), "-br"),
                None => (brotli(&self.identity, BROTLI_QUICK), "-b5"),
            },
        };
        (bytes, format!("\"{:016x}{suffix}\"", self.hash))
    }
}

/// The same bytes without room to grow: what is kept for as long as the server runs keeps nothing else.
fn tight(bytes: impl Into<Vec<u8>>) -> Bytes {
    bytes.into().into_boxed_slice().into()
}

fn brotli(content: &[u8], quality: i32) -> Bytes {
    let mut out = Vec::with_capacity(content.len() / 3);
    let params = brotli::enc::BrotliEncoderParams {
        quality,
        lgwin: BROTLI_WINDOW,
        size_hint: content.len(),
        mode: brotli::enc::backward_references::BrotliEncoderMode::BROTLI_MODE_TEXT,
        ..Default::default()
    };
    brotli::BrotliCompress(&mut &content[..], &mut out, &params)
        .expect("memory can be read and written");
    tight(out)
}

fn gzip(content: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(
        Vec::with_capacity(content.len() / 3),
        flate2::Compression::best(),
    );
    let out = encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("memory can be written");
    tight(out)
}
