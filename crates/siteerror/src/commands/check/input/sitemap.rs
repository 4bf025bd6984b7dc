//! Sitemaps as sitemaps.org has them: the `loc` of each page, and in an index that of each sitemap.

use std::io::BufRead;

use quick_xml::escape::unescape;
use quick_xml::events::{BytesStart, Event};
use quick_xml::{Error, Reader};

use super::count::{Bounded, Counted};
use super::read::{Depth, MOST, UNPACKED_TOO_LARGE};
use super::{Enough, Out};

/// sitemaps.org: "Each text file can contain a maximum of 50,000 URLs"; it has the same number for XML and for indexes.
const MOST_ENTRIES: usize = 50_000;

/// The first element, which says what the file is.
struct Root {
    is_index: bool,
    /// Of its name: entries have the same one, and extensions (such as `image:loc`) have others.
    prefix: Option<String>,
}

impl Root {
    fn of(tag: &BytesStart<'_>) -> Self {
        Self {
            is_index: tag.local_name().as_ref() == "sitemapindex",
            prefix: prefix(tag),
        }
    }
}

fn prefix(tag: &BytesStart<'_>) -> Option<String> {
    let name = tag.name();
    name.prefix().map(|prefix| prefix.as_ref().to_owned())
}

/// Gives the URLs of a sitemap to `out`, and those of an index to `lead`, with their lines.
pub(super) fn read(
    input: Counted<impl BufRead>,
    out: &Out,
    depth: Depth,
    lead: &mut dyn FnMut(&str, u64) -> Result<(), Enough>,
) -> Result<(), Enough> {
    let mut reader = Reader::from_reader(Bounded::new(input, MOST, UNPACKED_TOO_LARGE));
    let mut buffer = Vec::new();
    let mut root: Option<Root> = None;
    // The text of a `loc` that is open, where it began, and whether it is an entry.
    let mut open: Option<(String, u64, bool)> = None;
    let mut entries = 0_usize;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let line = reader.get_ref().get_ref().line;
        let text: Result<String, _> = match event {
            Ok(Event::Eof) => {
                if entries == 0 {
                    out.mistake(1, "there is no `loc` element in it, so it is no sitemap");
                }
                return Ok(());
            }
            Ok(Event::Start(tag)) => {
                let root = root.get_or_insert_with(|| Root::of(&tag));
                if root.is_index && depth == Depth::InIndex {
                    let what = "it is an index of sitemaps, and stands in one: an index may list sitemaps only";
                    out.mistake(line, what);
                    return Ok(());
                }
                if tag.local_name().as_ref() == "loc" {
                    open = Some((String::new(), line, prefix(&tag) == root.prefix));
                }
                continue;
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "loc" => {
                let Some((url, line, is_entry)) = open.take() else {
                    continue;
                };
                if is_entry && entries == MOST_ENTRIES {
                    let what = "it lists more than 50,000 URLs, the most that a sitemap may; the others are left out";
                    out.mistake(line, what);
                    return Ok(());
                }
                entries += usize::from(is_entry);
                if root.as_ref().is_some_and(|root| root.is_index) {
                    lead(url.trim(), line)?;
                } else {
                    out.url(url.trim(), line)?;
                }
                continue;
            }
            Ok(Event::Text(text)) => Ok(text.to_string()),
            Ok(Event::CData(text)) => Ok(text.to_string()),
            Ok(Event::GeneralRef(name)) => {
                let reference = format!("&{};", &*name);
                unescape(&reference).map(std::borrow::Cow::into_owned)
            }
            Ok(_) => continue,
            Err(error) => {
                let what = match error {
                    Error::Io(error) => error.to_string(),
                    error => error.to_string(),
                };
                out.mistake(line, &what);
                return Ok(());
            }
        };
        if let Some((url, line, _)) = &mut open {
            match text {
                Ok(text) => url.push_str(&text),
                Err(error) => out.mistake(*line, &error.to_string()),
            }
        }
    }
}
