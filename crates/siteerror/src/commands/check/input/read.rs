//! One list: unpacked if it is compressed, and read in its format. An index of sitemaps leads to others.

use std::collections::HashSet;
use std::io::{self, BufRead, BufReader, Cursor, Read};

use flate2::bufread::MultiGzDecoder;
use siteerror_guard::Url;
use siteerror_guard::show::mask_url;

use super::count::{Bounded, Counted};
use super::kind::Kind;
use super::web::Web;
use super::{Enough, Out, lines, links, sitemap};

/// Read at once.
const BUFFER: usize = 1 << 16;
/// Pages are read whole, up to this.
const LARGEST_PAGE: u64 = 64 << 20;
/// Bytes of a sitemap, and of whatever comes from the web or compressed. sitemaps.org: "no larger than 50MB (52,428,800 bytes)" when uncompressed.
pub(super) const MOST: u64 = 52_428_800;
/// What is wrong with more.
pub(super) const UNPACKED_TOO_LARGE: &str =
    "it is larger than 50 MB, the most that a sitemap or a compressed list may have";
/// RFC 1952 §2.3.1.
const GZIP: &[u8] = &[0x1f, 0x8b];
/// A file may be compressed, and be sent compressed.
const LAYERS: usize = 2;

/// How a list was come by.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Depth {
    /// Somebody named it.
    Top,
    /// It stood in an index of sitemaps.
    InIndex,
}

/// Reads a list in its format.
pub(super) fn read(
    name: &str,
    input: Box<dyn Read>,
    out: &Out,
    web: &mut Web,
    depth: Depth,
) -> Result<(), Enough> {
    let at = Some(name).filter(|name| links::is_web(name));
    let at = at.and_then(|name| Url::parse(name).ok());
    let mut input = match unpacked(input) {
        Ok(input) => Counted::new(input),
        Err(error) => {
            out.mistake(1, &error.to_string());
            return Ok(());
        }
    };
    let kind = match input.fill_buf() {
        Ok(beginning) => Kind::of(at.as_ref().map_or(name, Url::path), beginning),
        Err(error) => {
            out.mistake(1, &error.to_string());
            return Ok(());
        }
    };
    match kind {
        Kind::Sitemap => sitemaps(input, out, web, depth),
        Kind::Text => lines::text(input, out),
        _ if depth == Depth::InIndex => {
            out.mistake(1, "an index of sitemaps leads here, and this is none");
            Ok(())
        }
        Kind::JsonLines => lines::json(input, out),
        Kind::Csv => lines::csv(input, out),
        Kind::Markdown => links::markdown(&whole(input, out), out),
        Kind::Html => links::html(&whole(input, out), at, out),
    }
}

/// A sitemap, or an index with what it leads to.
fn sitemaps(
    input: Counted<impl BufRead>,
    out: &Out,
    web: &mut Web,
    depth: Depth,
) -> Result<(), Enough> {
    let mut seen = HashSet::new();
    sitemap::read(input, out, depth, &mut |url, line| {
        if !seen.insert(url.to_owned()) {
            return Ok(());
        }
        match web.get(url, out)? {
            Ok((url, content)) => {
                let content = Box::new(Cursor::new(content));
                read(&url, content, &out.of(&url), web, Depth::InIndex)
            }
            Err(why) => {
                out.mistake(line, &format!("the sitemap `{}`: {why}", mask_url(url)));
                Ok(())
            }
        }
    })
}

/// Takes gzip off, which is told by its first bytes: names and servers often say otherwise.
fn unpacked(input: Box<dyn Read>) -> io::Result<Box<dyn BufRead>> {
    let mut input: Box<dyn BufRead> = Box::new(BufReader::with_capacity(BUFFER, input));
    for _ in 0..LAYERS {
        if !input.fill_buf()?.starts_with(GZIP) {
            break;
        }
        let inside = Bounded::new(MultiGzDecoder::new(input), MOST, UNPACKED_TOO_LARGE);
        input = Box::new(BufReader::with_capacity(BUFFER, inside));
    }
    Ok(input)
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
