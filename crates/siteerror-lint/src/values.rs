//! What stands in field values, read as strictly as the grammar says, for rules to compare with what was sent.

mod cache_control;
mod media_type;

use fluent_uri::{Uri, UriRef};
use siteerror_wire::field::HttpDate;
use siteerror_wire::write::Shown;

pub(crate) use cache_control::{Directive, directives};
pub(crate) use media_type::MediaType;

/// A date in any of the three forms: RFC 9110 §5.6.7. Two-digit years are read as of 2026; nobody writes them about the far future.
pub(crate) fn date(value: &[u8]) -> Option<HttpDate> {
    const BEGIN_OF_2026: i64 = 1_767_225_600;
    HttpDate::parse(value, BEGIN_OF_2026)
}

/// A whole number of seconds: RFC 9111 §1.2.2. Too large a number is the largest.
pub(crate) fn delta_seconds(value: &[u8]) -> Option<u64> {
    let digits = !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    digits.then(|| {
        std::str::from_utf8(value)
            .ok()
            .and_then(|digits| digits.parse().ok())
            .unwrap_or(u64::MAX)
    })
}

/// A URI reference: RFC 3986 §4.1.
pub(crate) fn uri_reference(value: &[u8]) -> Option<UriRef<&str>> {
    UriRef::parse(std::str::from_utf8(value).ok()?).ok()
}

/// A reference resolved against a URL: RFC 3986 §5.
pub(crate) fn resolve(base: &str, reference: &str) -> Option<String> {
    let base = Uri::parse(base).ok()?;
    let base = base.strip_fragment();
    let reference = UriRef::parse(reference).ok()?;
    reference
        .resolve_against(&base)
        .ok()
        .map(|uri| uri.to_string())
}

/// What was sent, for people, cut where it gets long: the first 60 bytes tell which value is meant.
pub(crate) fn quoted(value: &[u8]) -> String {
    const MOST: usize = 60;
    match value.get(..MOST) {
        Some(start) if value.len() > MOST => format!("{}…", Shown(start)),
        _ => Shown(value).to_string(),
    }
}
