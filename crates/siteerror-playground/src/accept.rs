//! Which of the media types on offer a request wants. RFC 9110 §12.5.1.

use http::header::ACCEPT;
use http::{HeaderMap, HeaderValue};

/// The index of the wanted type among `offered`, which stand in our order of preference and without parameters; none if none is acceptable.
pub(crate) fn choose(headers: &HeaderMap, offered: &[&str]) -> Option<usize> {
    choose_by(headers.get_all(ACCEPT), offered)
}

/// The same by the values of the field alone.
pub(crate) fn choose_by<'a>(
    values: impl IntoIterator<Item = &'a HeaderValue>,
    offered: &[&str],
) -> Option<usize> {
    let mut ranges = Vec::new();
    for value in values {
        let Ok(value) = value.to_str() else { continue };
        ranges.extend(value.split(',').filter_map(Range::parse));
    }
    if ranges.is_empty() {
        return (!offered.is_empty()).then_some(0);
    }
    let mut best: Option<(usize, u16)> = None;
    for (index, media_type) in offered.iter().enumerate() {
        let quality = ranges
            .iter()
            .filter_map(|range| Some((range.fits(media_type)?, range.quality)))
            .max_by_key(|(precision, _)| *precision)
            .map_or(0, |(_, quality)| quality);
        if quality > best.map_or(0, |(_, quality)| quality) {
            best = Some((index, quality));
        }
    }
    best.map(|(index, _)| index)
}

/// A media range with its weight in thousandths.
struct Range<'a> {
    kind: &'a str,
    subkind: &'a str,
    quality: u16,
}

impl<'a> Range<'a> {
    fn parse(text: &'a str) -> Option<Self> {
        let mut parts = text.split(';').map(str::trim);
        let (kind, subkind) = parts.next()?.split_once('/')?;
        let weight =
            parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some(Self {
            kind,
            subkind,
            quality: weight.map_or(Some(1000), thousandths)?,
        })
    }

    /// How precisely it names the type, if it does.
    fn fits(&self, media_type: &str) -> Option<u8> {
        if (self.kind, self.subkind) == ("*", "*") {
            return Some(0);
        }
        let (kind, subkind) = media_type.split_once('/')?;
        match (self.kind, self.subkind) {
            (own, "*") if own.eq_ignore_ascii_case(kind) => Some(1),
            (own, own_sub)
                if own.eq_ignore_ascii_case(kind) && own_sub.eq_ignore_ascii_case(subkind) =>
            {
                Some(2)
            }
            _ => None,
        }
    }
}

/// `0.8` as 800. RFC 9110 §12.4.2: at most three digits after the point, from 0 to 1.
fn thousandths(text: &str) -> Option<u16> {
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if part.len() > 3 || !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return None;
    }
    let part: u16 = format!("{part:0<3}").parse().ok()?;
    match whole {
        "0" => Some(part),
        "1" if part == 0 => Some(1000),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_most_precise_range_decides() {
        let offered = ["application/problem+json", "text/html", "text/plain"];
        for (accept, expected) in [
            (None, Some(0)),
            (Some("*/*"), Some(0)),
            (Some("text/html,application/xhtml+xml,*/*;q=0.8"), Some(1)),
            (Some("text/*;q=0.5, text/plain"), Some(2)),
            (Some("*/*, application/problem+json;q=0"), Some(1)),
            (Some("image/png"), None),
            (Some("text/html;q=0"), None),
        ] {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(ACCEPT, accept.parse().expect("it is a value"));
            }
            assert_eq!(choose(&headers, &offered), expected, "{accept:?}");
        }
    }
}
