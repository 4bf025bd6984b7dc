//! A page in memory: each representation rendered once, each coding made once.

use std::hash::BuildHasher;
use std::io::Write as _;
use std::sync::OnceLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

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
    /// `2026-11-24`.
    pub(crate) updated: &'static str,
    representations: [OnceLock<Representation>; Format::ALL.len()],
}

impl Page {
    pub(crate) fn new(view: Box<dyn View>, updated: &'static str) -> Self {
        Self {
            view,
            updated,
            representations: std::array::from_fn(|_| OnceLock::new()),
        }
    }

    pub(crate) fn representation(&self, format: Format, chrome: &Chrome) -> &Representation {
        self.representations[format as usize]
            .get_or_init(|| Representation::new(self.view.render(format, chrome)))
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
    pub(crate) fn new(content: impl Into<Bytes>) -> Self {
        let identity = content.into();
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
    out.into()
}

fn gzip(content: &[u8]) -> Bytes {
    let mut encoder = flate2::write::GzEncoder::new(
        Vec::with_capacity(content.len() / 3),
        flate2::Compression::best(),
    );
    encoder
        .write_all(content)
        .and_then(|()| encoder.finish())
        .expect("memory can be written")
        .into()
}

/// The start of a day such as `2026-11-24`, in UTC.
pub(crate) fn midnight(day: &str) -> SystemTime {
    let mut parts = day.split('-').map(|part| part.parse::<i64>().unwrap_or(1));
    let (year, month, day) = (
        parts.next().unwrap_or(1970),
        parts.next().unwrap_or(1),
        parts.next().unwrap_or(1),
    );
    // Days since 1970 in the proleptic Gregorian calendar, years beginning in March.
    let year = if month <= 2 { year - 1 } else { year };
    let era = year.div_euclid(400);
    let of_era = year - era * 400;
    let of_year = (153 * ((month + 9) % 12) + 2) / 5 + day - 1;
    let days = era * 146_097 + of_era * 365 + of_era / 4 - of_era / 100 + of_year - 719_468;
    UNIX_EPOCH + Duration::from_hours(24) * u32::try_from(days.max(0)).unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn midnight_is_the_start_of_the_day() {
        let check = |day, expected| assert_eq!(httpdate::fmt_http_date(midnight(day)), expected);
        check("1970-01-01", "Thu, 01 Jan 1970 00:00:00 GMT");
        check("2000-02-29", "Tue, 29 Feb 2000 00:00:00 GMT");
        check("2026-11-24", "Tue, 24 Nov 2026 00:00:00 GMT");
        check("2026-01-01", "Thu, 01 Jan 2026 00:00:00 GMT");
    }
}
