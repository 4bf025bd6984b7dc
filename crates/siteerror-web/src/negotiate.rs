//! Which representation a request gets: RFC 9110, section 12.

use http::HeaderMap;
use http::header::{ACCEPT, ACCEPT_ENCODING, USER_AGENT};

/// A representation of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Format {
    /// For browsers.
    Html,
    /// For programs.
    Json,
    /// For notes and language models.
    Markdown,
    /// For terminals and logs.
    Text,
    /// Text with colours; only by its suffix.
    Ansi,
}

impl Format {
    /// What is offered to `Accept`, in the server's order of preference.
    pub const OFFERED: [Self; 4] = [Self::Html, Self::Json, Self::Markdown, Self::Text];

    /// All formats.
    pub const ALL: [Self; 5] = [
        Self::Html,
        Self::Json,
        Self::Markdown,
        Self::Text,
        Self::Ansi,
    ];

    /// The suffix that forces it.
    pub const fn suffix(self) -> &'static str {
        match self {
            Self::Html => ".html",
            Self::Json => ".json",
            Self::Markdown => ".md",
            Self::Text => ".txt",
            Self::Ansi => ".ansi",
        }
    }

    /// The media type without parameters.
    pub const fn essence(self) -> &'static str {
        match self {
            Self::Html => "text/html",
            Self::Json => "application/json",
            Self::Markdown => "text/markdown",
            Self::Text | Self::Ansi => "text/plain",
        }
    }

    /// The field value of `Content-Type`.
    pub const fn content_type(self) -> &'static str {
        match self {
            Self::Html => "text/html; charset=utf-8",
            Self::Json => "application/json",
            Self::Markdown => "text/markdown; charset=utf-8",
            Self::Text | Self::Ansi => "text/plain; charset=utf-8",
        }
    }

    /// A path without its suffix, and the format that the suffix forces. `/index.json` is the home page.
    pub(crate) fn split(path: &str) -> (&str, Option<Self>) {
        for format in Self::ALL {
            if let Some(base) = path.strip_suffix(format.suffix())
                && !base.ends_with('/')
            {
                return (if base == "/index" { "/" } else { base }, Some(format));
            }
        }
        (path, None)
    }
}

/// A content coding.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Identity,
    Brotli,
    Gzip,
}

impl Coding {
    pub(crate) const fn token(self) -> Option<&'static str> {
        match self {
            Self::Identity => None,
            Self::Brotli => Some("br"),
            Self::Gzip => Some("gzip"),
        }
    }
}

/// The format that the request prefers, or `None` if it accepts none of those offered.
///
/// Command-line clients that say nothing about it get text: that is what a person at a terminal wants.
pub(crate) fn format(headers: &HeaderMap) -> Option<Format> {
    let accept = joined(headers, &ACCEPT);
    // `*` alone is what old clients of Java send for `*/*`.
    let says_nothing = accept.as_deref().is_none_or(|accept| {
        weighted(accept).all(|(range, quality)| matches!(range, "*/*" | "*") && quality > 0.0)
    });
    if says_nothing {
        return Some(if is_command_line(headers) {
            Format::Text
        } else {
            Format::Html
        });
    }
    let ranges: Vec<(&str, f32)> = weighted(accept.as_deref().unwrap_or_default()).collect();
    let mut best: Option<(Format, f32)> = None;
    for offered in &Format::OFFERED {
        let quality = quality_of(*offered, &ranges);
        if quality > 0.0 && best.is_none_or(|(_, so_far)| quality > so_far) {
            best = Some((*offered, quality));
        }
    }
    best.map(|(format, _)| format)
}

/// RFC 9110 §12.5.1: the most specific range that matches decides.
fn quality_of(format: Format, ranges: &[(&str, f32)]) -> f32 {
    let essence = format.essence();
    let kind = essence.split_once('/').map_or(essence, |(kind, _)| kind);
    // Who names XHTML and not HTML is a browser that can show both.
    let named = ranges
        .iter()
        .any(|(range, _)| range.eq_ignore_ascii_case(essence));
    let alias = (format == Format::Html && !named).then_some("application/xhtml+xml");
    let mut found: Option<(u8, f32)> = None;
    for (range, quality) in ranges {
        let is = |name: &str| range.eq_ignore_ascii_case(name);
        let specific = if is(essence) || alias.is_some_and(is) {
            3
        } else if range
            .strip_suffix("/*")
            .is_some_and(|wanted| wanted.eq_ignore_ascii_case(kind))
        {
            2
        } else if matches!(*range, "*/*" | "*") {
            1
        } else {
            continue;
        };
        match found {
            Some((level, best)) if level > specific || (level == specific && best >= *quality) => {}
            _ => found = Some((specific, *quality)),
        }
    }
    found.map_or(0.0, |(_, quality)| quality)
}

/// Whether the client would rather have `application/problem+json` than any page, for the form of an error.
pub(crate) fn prefers_problem_json(headers: &HeaderMap) -> bool {
    let accept = joined(headers, &ACCEPT).unwrap_or_default();
    let ranges: Vec<(&str, f32)> = weighted(&accept).collect();
    let named = ranges
        .iter()
        .find(|(range, _)| range.eq_ignore_ascii_case("application/problem+json"));
    let best_page = Format::OFFERED
        .iter()
        .map(|format| quality_of(*format, &ranges))
        .fold(0.0, f32::max);
    named.is_some_and(|(_, quality)| *quality > 0.0 && *quality >= best_page)
}

/// The coding to use, or `None` if even the bare content is refused.
pub(crate) fn coding(headers: &HeaderMap) -> Option<Coding> {
    let Some(accept) = joined(headers, &ACCEPT_ENCODING) else {
        return Some(Coding::Identity);
    };
    let codings: Vec<(&str, f32)> = weighted(&accept).collect();
    let quality = |names: &[&str]| {
        let named = codings
            .iter()
            .find(|(name, _)| names.iter().any(|wanted| name.eq_ignore_ascii_case(wanted)));
        named
            .or_else(|| codings.iter().find(|(name, _)| *name == "*"))
            .map(|(_, quality)| *quality)
    };
    let brotli = quality(&["br"]).unwrap_or(0.0);
    let gzip = quality(&["gzip", "x-gzip"]).unwrap_or(0.0);
    // RFC 9110 §12.5.3: identity is acceptable unless it is excluded by name or by `*;q=0`; unnamed, it is the last choice.
    let named = codings
        .iter()
        .find(|(name, _)| name.eq_ignore_ascii_case("identity"));
    let identity = named.map_or(0.0, |(_, quality)| *quality);
    if brotli > 0.0 && brotli >= gzip && brotli >= identity {
        Some(Coding::Brotli)
    } else if gzip > 0.0 && gzip >= identity {
        Some(Coding::Gzip)
    } else {
        (quality(&["identity"]) != Some(0.0)).then_some(Coding::Identity)
    }
}

/// curl, wget, HTTPie and xh, by the first product of `User-Agent`.
pub(crate) fn is_command_line(headers: &HeaderMap) -> bool {
    let agent = headers
        .get(USER_AGENT)
        .and_then(|value| value.to_str().ok())
        .unwrap_or_default();
    let product = agent.split(['/', ' ']).next().unwrap_or_default();
    ["curl", "wget", "httpie", "xh"]
        .iter()
        .any(|client| product.eq_ignore_ascii_case(client))
}

/// All lines of a field as one list.
fn joined(headers: &HeaderMap, name: &http::HeaderName) -> Option<String> {
    let lines: Vec<&str> = headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .collect();
    (!lines.is_empty()).then(|| lines.join(","))
}

/// The members of a list with their weights; a weight that cannot be read counts as 1.
fn weighted(list: &str) -> impl Iterator<Item = (&str, f32)> {
    list.split(',').filter_map(|member| {
        let mut parts = member.split(';').map(str::trim);
        let name = parts.next().filter(|name| !name.is_empty())?;
        let weight =
            parts.find_map(|part| part.strip_prefix("q=").or_else(|| part.strip_prefix("Q=")));
        Some((name, weight.and_then(weight_of).unwrap_or(1.0)))
    })
}

/// RFC 9110 §12.4.2: 0 to 1, with at most three digits after the point.
fn weight_of(text: &str) -> Option<f32> {
    let is_number = text.len() <= 5
        && text
            .bytes()
            .all(|byte| byte.is_ascii_digit() || byte == b'.');
    text.parse()
        .ok()
        .filter(|weight| is_number && (0.0..=1.0).contains(weight))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn headers(lines: &[(&'static str, &str)]) -> HeaderMap {
        let mut headers = HeaderMap::new();
        for (name, value) in lines {
            headers.append(*name, value.parse().expect("a field value"));
        }
        headers
    }

    #[test]
    fn accept_is_read_as_rfc_9110_says() {
        let check = |accept: &str, expected: Option<Format>| {
            assert_eq!(
                format(&headers(&[
                    ("accept", accept),
                    ("user-agent", "Mozilla/5.0")
                ])),
                expected,
                "{accept}"
            );
        };
        check(
            "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
            Some(Format::Html),
        );
        check("application/json", Some(Format::Json));
        check(
            "application/json;q=0.5, text/markdown",
            Some(Format::Markdown),
        );
        check("text/*", Some(Format::Html));
        check("text/*;q=0.5, text/plain", Some(Format::Text));
        check("text/html;q=0, */*", Some(Format::Json));
        check("TEXT/PLAIN", Some(Format::Text));
        check("image/png", None);
        check("text/html;q=0, application/xhtml+xml", None);
        check(
            "text/html;q=0.1, application/xhtml+xml, application/json;q=0.9",
            Some(Format::Json),
        );
        check("application/xhtml+xml", Some(Format::Html));
        check("text/plain;q=nan", Some(Format::Text));
        check("*", Some(Format::Html));
        check("*/*;q=0", None);
        check("", Some(Format::Html));
        check(",,;q=1,", Some(Format::Html));
    }

    #[test]
    fn terminals_get_text_unless_they_ask() {
        let curl = |accept: &'static str| {
            format(&headers(&[
                ("accept", accept),
                ("user-agent", "curl/8.5.0"),
            ]))
        };
        assert_eq!(curl("*/*"), Some(Format::Text));
        assert_eq!(curl("application/json"), Some(Format::Json));
        assert_eq!(curl("text/html"), Some(Format::Html));
        assert_eq!(curl("*/*;q=0.8"), Some(Format::Text));
        assert_eq!(
            format(&headers(&[("user-agent", "Wget/1.21")])),
            Some(Format::Text)
        );
        assert_eq!(
            format(&headers(&[("user-agent", "curlew/1")])),
            Some(Format::Html)
        );
    }

    #[test]
    fn codings_are_weighed() {
        let check = |accept: &str, expected: Option<Coding>| {
            assert_eq!(
                coding(&headers(&[("accept-encoding", accept)])),
                expected,
                "{accept}"
            );
        };
        check("gzip, deflate, br", Some(Coding::Brotli));
        check("gzip, br;q=0.1", Some(Coding::Gzip));
        check("br;q=0, *", Some(Coding::Gzip));
        check("identity;q=1, br;q=0.1", Some(Coding::Identity));
        check("gzip;q=0.5, identity", Some(Coding::Identity));
        check("gzip, identity;q=0.5", Some(Coding::Gzip));
        check("*", Some(Coding::Brotli));
        check("", Some(Coding::Identity));
        check("zstd", Some(Coding::Identity));
        check("identity;q=0", None);
        check("*;q=0", None);
        check("*;q=0, identity", Some(Coding::Identity));
        assert_eq!(coding(&HeaderMap::new()), Some(Coding::Identity));
    }

    #[test]
    fn suffixes_force_a_format() {
        assert_eq!(Format::split("/404.json"), ("/404", Some(Format::Json)));
        assert_eq!(Format::split("/index.md"), ("/", Some(Format::Markdown)));
        assert_eq!(Format::split("/iis/404.13"), ("/iis/404.13", None));
        assert_eq!(
            Format::split("/iis/404.13.txt"),
            ("/iis/404.13", Some(Format::Text))
        );
        assert_eq!(Format::split("/.json"), ("/.json", None));
    }
}
