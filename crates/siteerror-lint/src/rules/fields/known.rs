//! Fields that are known and out of place: obsolete ones, and those of requests.

use siteerror_wire::message::FieldLine;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// The names of a table, for [`Look::Field`](crate::rule::Look::Field).
pub(super) const fn names<T: Copy, const N: usize>(
    table: &[(&'static str, T); N],
) -> [&'static str; N] {
    let mut names = [""; N];
    let mut index = 0;
    while index < N {
        names[index] = table[index].0;
        index += 1;
    }
    names
}

/// What a table says about the field of a line. Its names are in lower case and in order.
pub(super) fn row<T: Copy>(table: &[(&'static str, T)], line: FieldLine<'_>) -> Option<T> {
    let name = line.name()?;
    let mut lower = [0_u8; 64];
    let lower = lower.get_mut(..name.len())?;
    lower.copy_from_slice(name);
    lower.make_ascii_lowercase();
    let found = table
        .binary_search_by(|row| row.0.as_bytes().cmp(lower))
        .ok()?;
    table.get(found).map(|row| row.1)
}

/// Obsolete fields, and what became of them.
const DEPRECATED: [(&str, &str); 26] = [
    (
        "accept-ch-lifetime",
        "browsers no longer read it: Accept-CH alone says which hints are wanted",
    ),
    ("content-base", "it went with RFC 2616"),
    (
        "content-dpr",
        "it was a draft for images, and browsers dropped it",
    ),
    (
        "content-md5",
        "RFC 7231 removed it; Content-Digest and Repr-Digest came in its place",
    ),
    (
        "content-transfer-encoding",
        "it belongs to mail, and HTTP does not use it",
    ),
    ("content-version", "it went with RFC 2616"),
    ("derived-from", "it went with RFC 2616"),
    (
        "digest",
        "RFC 9530 put Content-Digest and Repr-Digest in its place",
    ),
    (
        "expect-ct",
        "browsers ask for certificate transparency without it",
    ),
    (
        "feature-policy",
        "Permissions-Policy took its place, with another syntax",
    ),
    ("large-allocation", "Firefox read it, and does so no longer"),
    (
        "p3p",
        "the browsers that read privacy policies from it are gone",
    ),
    (
        "pragma",
        "it is a field of requests, and was never given a meaning in a response; caches go by Cache-Control",
    ),
    (
        "public",
        "it went with RFC 2616; Allow says which methods there are",
    ),
    (
        "public-key-pins",
        "browsers dropped key pinning, since one mistake locked visitors out for months",
    ),
    (
        "public-key-pins-report-only",
        "browsers dropped key pinning, and its reports with it",
    ),
    (
        "set-cookie2",
        "RFC 6265 retired it, and browsers do not read it",
    ),
    (
        "tk",
        "Do Not Track was given up before it became a standard, and this answer with it",
    ),
    ("uri", "it went with RFC 2616; Location and Link say where"),
    (
        "want-digest",
        "RFC 9530 put Want-Content-Digest and Want-Repr-Digest in its place",
    ),
    (
        "warning",
        "RFC 9111 made it obsolete, since few sent it and few clients showed it",
    ),
    (
        "x-content-security-policy",
        "it was the name in old browsers; Content-Security-Policy is the one",
    ),
    ("x-sourcemap", "SourceMap took its place"),
    ("x-ua-compatible", "it chose a mode of Internet Explorer"),
    (
        "x-webkit-csp",
        "it was the name in old browsers; Content-Security-Policy is the one",
    ),
    (
        "x-xss-protection",
        "browsers dropped the filter that it steers, which could itself be abused",
    ),
];

pub(super) static DEPRECATED_NAMES: &[&str] = &names(&DEPRECATED);

pub(super) fn deprecated(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.fields().lines() {
        let Some(why) = row(&DEPRECATED, line) else {
            continue;
        };
        let name = line.name().unwrap_or_default();
        // Zero switches the filter off where there is one: that is still good advice for old browsers.
        let filter = name.eq_ignore_ascii_case(b"x-xss-protection");
        if filter && line.value().as_ref() == b"0" {
            continue;
        }
        let name = Quoted(name);
        findings.line(line, format!("{name} is obsolete: {why}"));
    }
}

/// Fields that are defined for requests only. Accept and Accept-Encoding are not here: RFC 9110 §12.5.1 and §12.5.3 give them a meaning in responses.
pub(super) static OF_REQUESTS: &[&str] = &[
    "a-im",
    "accept-charset",
    "accept-datetime",
    "accept-language",
    "access-control-request-headers",
    "access-control-request-method",
    "alt-used",
    "authorization",
    "cookie",
    "dnt",
    "early-data",
    "expect",
    "forwarded",
    "from",
    "host",
    "if",
    "if-match",
    "if-modified-since",
    "if-none-match",
    "if-range",
    "if-unmodified-since",
    "max-forwards",
    "origin",
    "overwrite",
    "proxy-authorization",
    "range",
    "referer",
    "sec-fetch-dest",
    "sec-fetch-mode",
    "sec-fetch-site",
    "sec-fetch-user",
    "sec-gpc",
    "sec-websocket-key",
    "te",
    "upgrade-insecure-requests",
    "user-agent",
    "x-forwarded-for",
    "x-forwarded-host",
    "x-forwarded-proto",
    "x-requested-with",
];

/// Those whose value is a secret of the client, or tells on it.
const SECRET: &[&str] = &["authorization", "cookie", "proxy-authorization"];

pub(super) fn of_requests(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.fields().lines() {
        let Some(name) = line.name() else { continue };
        let is = |known: &&&str| known.as_bytes().eq_ignore_ascii_case(name);
        if OF_REQUESTS.iter().any(|known| is(&known)) {
            let secret = SECRET.iter().any(|known| is(&known));
            let name = Quoted(name);
            findings.line(
                line,
                if secret {
                    format!("{name} belongs in requests: here it may hand credentials to whoever sees or stores the response")
                } else {
                    format!("{name} belongs in requests, and no client knows what to make of it in a response")
                },
            );
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tables_are_in_order() {
        for names in [
            DEPRECATED_NAMES,
            super::super::list::LIST_NAMES,
            super::super::structured::NAMES,
        ] {
            assert!(names.is_sorted(), "{names:?}");
        }
    }
}
