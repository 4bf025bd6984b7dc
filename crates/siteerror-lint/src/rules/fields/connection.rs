//! Connection, Keep-Alive and Via: what is between neighbours, and who they are.

use siteerror_wire::Protocol;
use siteerror_wire::field::{is_token, list};

use super::software::{comment, token};
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// Fields for all recipients: one that is listed in Connection is taken out by the next proxy.
const END_TO_END: &[&str] = &[
    "accept-ranges",
    "access-control-allow-origin",
    "age",
    "allow",
    "authorization",
    "cache-control",
    "content-disposition",
    "content-encoding",
    "content-language",
    "content-length",
    "content-location",
    "content-range",
    "content-security-policy",
    "content-type",
    "cookie",
    "date",
    "etag",
    "expires",
    "host",
    "last-modified",
    "link",
    "location",
    "pragma",
    "retry-after",
    "server",
    "set-cookie",
    "strict-transport-security",
    "vary",
    "www-authenticate",
    "x-content-type-options",
    "x-frame-options",
];

pub(super) fn end_to_end(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() == Protocol::Http2 {
        return;
    }
    for line in subject.lines("connection") {
        for option in list(&line.value()) {
            if END_TO_END
                .iter()
                .any(|field| field.as_bytes().eq_ignore_ascii_case(option))
            {
                let option = Quoted(option);
                findings.line(
                    line,
                    format!("Connection lists {option}: the next proxy takes that field out, and it is meant for all"),
                );
            }
        }
    }
}

pub(super) fn keep_alive(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() == Protocol::Http2 {
        return;
    }
    let connection = subject.value("connection").unwrap_or_default();
    if list(&connection).any(|option| option.eq_ignore_ascii_case(b"keep-alive")) {
        return;
    }
    for line in subject.lines("keep-alive") {
        let value = line.value();
        let value = Quoted(&value);
        findings.line(
            line,
            format!("Keep-Alive says {value}, and Connection does not list it: a proxy that does not know the field passes it on"),
        );
    }
}

pub(super) fn via(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("via") {
        let value = line.value();
        let mut rest = value.as_ref();
        loop {
            rest = rest.trim_ascii_start();
            if let Some(after) = rest.strip_prefix(b",") {
                rest = after;
                continue;
            }
            if rest.is_empty() {
                break;
            }
            let Some(after) = hop(rest) else {
                let member = rest.split(|byte| *byte == b',').next().unwrap_or_default();
                let member = Quoted(member.trim_ascii());
                findings.line(
                    line,
                    format!("{member} in Via is not a protocol version, a space and a name, as in `1.1 cache.example.net`"),
                );
                break;
            };
            rest = after;
        }
    }
}

/// What follows one member of Via: `[ name "/" ] version RWS pseudonym [ ":" port ] [ RWS comment ]`. None if it is none.
fn hop(value: &[u8]) -> Option<&[u8]> {
    let (protocol, mut rest) = token(value);
    let mut version = protocol;
    if let Some(after) = rest.strip_prefix(b"/") {
        (version, rest) = token(after);
    }
    let (name, mut after) = token(space(rest)?);
    if !is_token(protocol) || !is_token(version) || !is_token(name) {
        return None;
    }
    if let Some(port) = after.strip_prefix(b":") {
        let digits = port.iter().take_while(|byte| byte.is_ascii_digit()).count();
        after = port.get(digits..).unwrap_or_default();
    }
    if let Some(told) = space(after).filter(|told| told.first() == Some(&b'(')) {
        after = comment(told)?;
    }
    let after = after.trim_ascii_start();
    matches!(after.first(), None | Some(b',')).then_some(after)
}

/// What follows whitespace that has to be there.
fn space(value: &[u8]) -> Option<&[u8]> {
    let rest = value.trim_ascii_start();
    (rest.len() < value.len()).then_some(rest)
}
