//! The links of a page: Markdown, or HTML. Addresses within a page and relative ones lead nowhere here, unless a page says what they are relative to.

use html5gum::emitters::default::DefaultEmitter;
use html5gum::{Token, Tokenizer};
use pulldown_cmark::{Event, Options, Parser, Tag};
use siteerror_guard::Url;

use super::count::line_ends;
use super::{Enough, Out};

/// Lines up to an offset, when offsets come in order.
struct Lines<'a> {
    text: &'a str,
    offset: usize,
    line: u64,
}

impl<'a> Lines<'a> {
    const fn of(text: &'a str) -> Self {
        Self {
            text,
            offset: 0,
            line: 1,
        }
    }

    fn at(&mut self, offset: usize) -> u64 {
        if let Some(between) = self.text.as_bytes().get(self.offset..offset) {
            self.line += line_ends(between);
            self.offset = offset;
        }
        self.line
    }
}

/// Whether it is an address of the web, whole.
pub(super) fn is_web(url: &str) -> bool {
    let scheme = url.split_once("://").map(|(scheme, _)| scheme);
    scheme.is_some_and(|scheme| {
        scheme.eq_ignore_ascii_case("http") || scheme.eq_ignore_ascii_case("https")
    })
}

/// Links and images, also those written as `<https://example.com/>`.
pub(super) fn markdown(text: &str, out: &Out) -> Result<(), Enough> {
    let mut lines = Lines::of(text);
    let events = Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_FOOTNOTES);
    for (event, range) in events.into_offset_iter() {
        if let Event::Start(Tag::Link { dest_url, .. } | Tag::Image { dest_url, .. }) = event
            && is_web(&dest_url)
        {
            out.url(&dest_url, lines.at(range.start))?;
        }
    }
    Ok(())
}

/// Elements that lead to or load something, and the attribute that says what.
const ATTRIBUTES: &[(&str, &str)] = &[
    ("a", "href"),
    ("area", "href"),
    ("audio", "src"),
    ("embed", "src"),
    ("iframe", "src"),
    ("img", "src"),
    ("link", "href"),
    ("object", "data"),
    ("script", "src"),
    ("source", "src"),
    ("track", "src"),
    ("video", "src"),
];

/// What the page leads to or loads. Where it stands is where its links begin, if that is known.
pub(super) fn html(text: &str, at: Option<Url>, out: &Out) -> Result<(), Enough> {
    let mut lines = Lines::of(text);
    let (mut base, mut is_said) = (at, false);
    let mut emitter = DefaultEmitter::<usize>::new_with_span();
    // Without it, what stands in scripts would be taken for tags.
    emitter.naively_switch_states(true);
    for token in Tokenizer::new_with_emitter(text, emitter) {
        let Ok(Token::StartTag(tag)) = token else {
            continue;
        };
        let name = String::from_utf8_lossy(&tag.name);
        let attribute = |wanted: &str| {
            let value = tag.attributes.get(wanted.as_bytes())?;
            let value = String::from_utf8_lossy(&value.value);
            Some(value.trim().to_owned())
        };
        // WHATWG HTML, section 4.2.3: the first one counts.
        if name == "base"
            && !is_said
            && let Some(href) = attribute("href")
        {
            is_said = true;
            base = match &base {
                Some(at) => at.join(&href).ok(),
                None => Url::parse(&href).ok(),
            };
        }
        let Some((_, wanted)) = ATTRIBUTES.iter().find(|(element, _)| *element == name) else {
            continue;
        };
        let Some(href) = attribute(wanted) else {
            continue;
        };
        let whole = match &base {
            Some(base) if !is_web(&href) && !href.starts_with('#') => {
                base.join(&href).map_or(href, String::from)
            }
            _ => href,
        };
        if is_web(&whole) {
            out.url(&whole, lines.at(tag.span.start))?;
        }
    }
    Ok(())
}
