//! Conditional requests for what can only be read: RFC 9110, section 13.

use std::time::SystemTime;

use http::HeaderMap;
use http::header::{IF_MATCH, IF_MODIFIED_SINCE, IF_NONE_MATCH, IF_UNMODIFIED_SINCE};

/// What the preconditions of a GET or HEAD come to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Outcome {
    /// Answer as if there were none.
    Proceed,
    /// 304.
    NotModified,
    /// 412.
    Failed,
}

/// Evaluates the preconditions in the order of RFC 9110 §13.2.2.
pub(crate) fn evaluate(headers: &HeaderMap, etag: &str, modified: Option<SystemTime>) -> Outcome {
    if headers.contains_key(IF_MATCH) {
        if !matches(headers, &IF_MATCH, |tag| tag == etag) {
            return Outcome::Failed;
        }
    } else if is_later(modified, date(headers, &IF_UNMODIFIED_SINCE)) == Some(true) {
        return Outcome::Failed;
    }
    if headers.contains_key(IF_NONE_MATCH) {
        // §13.1.2: weak comparison.
        let unchanged = matches(headers, &IF_NONE_MATCH, |tag| {
            tag.strip_prefix("W/").unwrap_or(tag) == etag
        });
        return if unchanged {
            Outcome::NotModified
        } else {
            Outcome::Proceed
        };
    }
    match is_later(modified, date(headers, &IF_MODIFIED_SINCE)) {
        Some(false) => Outcome::NotModified,
        _ => Outcome::Proceed,
    }
}

/// Whether it changed after a date, where both are known.
fn is_later(modified: Option<SystemTime>, since: Option<SystemTime>) -> Option<bool> {
    Some(modified? > since?)
}

fn matches(headers: &HeaderMap, name: &http::HeaderName, same: impl Fn(&str) -> bool) -> bool {
    headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .any(|list| {
            let list = list.trim();
            // Our entity tags have no comma inside, so a tag that has one cannot be ours.
            list == "*" || list.split(',').any(|tag| same(tag.trim()))
        })
}

/// RFC 9110 §13.1.3: a field with more than one member is ignored.
fn date(headers: &HeaderMap, name: &http::HeaderName) -> Option<SystemTime> {
    let mut lines = headers.get_all(name).iter();
    let (only, None) = (lines.next()?, lines.next()) else {
        return None;
    };
    httpdate::parse_http_date(only.to_str().ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::time::{Duration, UNIX_EPOCH};

    fn check(lines: &[(&'static str, &'static str)], expected: Outcome) {
        let headers = lines
            .iter()
            .map(|(name, value)| {
                (
                    http::HeaderName::from_static(name),
                    http::HeaderValue::from_static(value),
                )
            })
            .collect();
        // Tue, 24 Nov 2026 00:00:00 GMT
        let modified = UNIX_EPOCH + Duration::from_hours(498_744);
        assert_eq!(
            evaluate(&headers, "\"abc\"", Some(modified)),
            expected,
            "{lines:?}"
        );
    }

    #[test]
    fn preconditions_follow_rfc_9110_section_13() {
        check(&[], Outcome::Proceed);
        check(&[("if-none-match", "\"abc\"")], Outcome::NotModified);
        check(&[("if-none-match", "W/\"abc\"")], Outcome::NotModified);
        check(&[("if-none-match", "\"x\", \"abc\"")], Outcome::NotModified);
        check(&[("if-none-match", "*")], Outcome::NotModified);
        check(&[("if-none-match", "\"x\"")], Outcome::Proceed);
        check(
            &[("if-modified-since", "Tue, 24 Nov 2026 00:00:00 GMT")],
            Outcome::NotModified,
        );
        check(
            &[("if-modified-since", "Mon, 23 Nov 2026 00:00:00 GMT")],
            Outcome::Proceed,
        );
        check(&[("if-modified-since", "yesterday")], Outcome::Proceed);
        check(
            &[
                ("if-none-match", "\"x\""),
                ("if-modified-since", "Tue, 24 Nov 2026 00:00:00 GMT"),
            ],
            Outcome::Proceed,
        );
        check(&[("if-match", "\"abc\"")], Outcome::Proceed);
        check(&[("if-match", "W/\"abc\"")], Outcome::Failed);
        check(&[("if-match", "\"x\"")], Outcome::Failed);
        check(
            &[("if-unmodified-since", "Mon, 23 Nov 2026 00:00:00 GMT")],
            Outcome::Failed,
        );
    }
}
