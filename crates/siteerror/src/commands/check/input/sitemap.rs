//! Sitemaps as sitemaps.org has them: the `loc` of each page, and in an index that of each sitemap.

use std::io::{BufRead, Read as _};

use quick_xml::Reader;
use quick_xml::escape::unescape;
use quick_xml::events::Event;

use super::{Counted, Enough, Out};

/// The protocol allows 50 MB; this is enough for those who do not know it.
const LARGEST: u64 = 256 << 20;

pub(super) fn read(input: Counted<impl BufRead>, out: &Out) -> Result<(), Enough> {
    let mut reader = Reader::from_reader(input.take(LARGEST));
    let mut buffer = Vec::new();
    // The text of a `loc` that is open, and where it began.
    let mut open: Option<(String, u64)> = None;
    let mut any = false;
    loop {
        buffer.clear();
        let event = reader.read_event_into(&mut buffer);
        let text: Result<String, _> = match event {
            Ok(Event::Eof) => {
                if !any {
                    out.mistake(1, "there is no `loc` element in it, so it is no sitemap");
                }
                return Ok(());
            }
            Ok(Event::Start(tag)) if tag.local_name().as_ref() == "loc" => {
                open = Some((String::new(), reader.get_ref().get_ref().line));
                continue;
            }
            Ok(Event::End(tag)) if tag.local_name().as_ref() == "loc" => {
                if let Some((url, line)) = open.take() {
                    any = true;
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
                out.mistake(reader.get_ref().get_ref().line, &error.to_string());
                return Ok(());
            }
        };
        if let Some((url, line)) = &mut open {
            match text {
                Ok(text) => url.push_str(&text),
                Err(error) => out.mistake(*line, &error.to_string()),
            }
        }
    }
}
