//! Transfer-Encoding: which codings, in which order, and to whom.

use siteerror_wire::field::{is_token, list, parameters};
use siteerror_wire::{DefectKind as D, Framing, Protocol, Version};

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// Transfer codings in the IANA registry, but chunked, which needs no asking, and identity, which is gone.
const ASKED_FOR: &[&str] = &["gzip", "x-gzip", "compress", "x-compress", "deflate"];

pub(super) fn unknown(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() != Protocol::Http1 {
        return;
    }
    for line in subject.lines("transfer-encoding") {
        for element in list(&line.value()) {
            let (coding, _) = parameters(element);
            let is = |name: &str| coding.eq_ignore_ascii_case(name.as_bytes());
            if is("chunked") || is("identity") {
                continue;
            }
            let quoted = Quoted(coding);
            if !is_token(coding) {
                findings.line(line, format!("{quoted} is no name of a transfer coding"));
            } else if !ASKED_FOR.iter().any(|known| is(known)) {
                findings.line(
                    line,
                    format!("There is no transfer coding {quoted}, so no client can undo it"),
                );
            } else if subject.given.request.is_some() && !accepted(subject, coding) {
                findings.line(
                    line,
                    format!("The transfer coding {quoted} was not asked for: the request lists it in no TE"),
                );
            }
        }
    }
}

/// Whether the request lists a coding in TE, with a weight that is not zero: RFC 9110 §10.1.4. `x-gzip` is `gzip` and `x-compress` is `compress`.
fn accepted(subject: &Subject<'_>, coding: &[u8]) -> bool {
    let plain = |name: &[u8]| {
        let lower = name.to_ascii_lowercase();
        lower
            .strip_prefix(b"x-")
            .map_or(lower.clone(), <[u8]>::to_vec)
    };
    let te = subject.asked("te").unwrap_or_default();
    list(&te).any(|element| {
        let (name, parameters) = parameters(element);
        let weight = parameters
            .iter()
            .find(|parameter| parameter.name.eq_ignore_ascii_case(b"q"));
        let weight = weight.and_then(|weight| weight.value.as_deref());
        let refused = weight.is_some_and(|weight| weight.iter().all(|byte| b"0.".contains(byte)));
        plain(name) == plain(coding) && !refused
    })
}

pub(super) fn identity(subject: &Subject<'_>, findings: &mut Findings) {
    say(subject, D::TransferCodingIdentity, findings, |value| {
        format!("{value} names the coding identity, which HTTP/1.1 has not had since RFC 7230")
    });
}

pub(super) fn chunked_twice(subject: &Subject<'_>, findings: &mut Findings) {
    say(subject, D::TransferCodingChunkedTwice, findings, |value| {
        format!("Transfer-Encoding says {value}: chunked is there more than once")
    });
}

pub(super) fn chunked_not_last(subject: &Subject<'_>, findings: &mut Findings) {
    say(
        subject,
        D::TransferCodingChunkedNotLast,
        findings,
        |value| {
            format!(
                "Transfer-Encoding says {value}: what follows chunked hides the end of the content"
            )
        },
    );
}

pub(super) fn chunked_parameters(subject: &Subject<'_>, findings: &mut Findings) {
    say(subject, D::TransferCodingParameters, findings, |value| {
        format!("{value} gives chunked a parameter, and it has none")
    });
}

pub(super) fn in_http10(subject: &Subject<'_>, findings: &mut Findings) {
    say(subject, D::TransferCodingInHttp10, findings, |value| {
        format!(
            "Transfer-Encoding says {value} in a response that calls itself HTTP/1.0: clients must take the framing for broken and close"
        )
    });
}

pub(super) fn to_http10(subject: &Subject<'_>, findings: &mut Findings) {
    say(subject, D::TransferCodingToHttp10, findings, |value| {
        format!(
            "Transfer-Encoding says {value} in answer to an HTTP/1.0 request: such a client takes the chunk sizes for content"
        )
    });
}

fn say(
    subject: &Subject<'_>,
    kind: D,
    findings: &mut Findings,
    text: impl Fn(Quoted<'_>) -> String,
) {
    // Once is enough: all lines are quoted.
    if let Some(offset) = subject.defects(kind).next() {
        let value = subject.value("transfer-encoding").unwrap_or_default();
        findings.at(subject, offset, text(Quoted(&value)));
    }
}

/// RFC 9112 §6.1: "either apply chunked as the final transfer coding or terminate the message by closing the connection". That the server will close is
/// known if it says so.
pub(super) fn unchunked(subject: &Subject<'_>, findings: &mut Findings) {
    let closes = || {
        let connection = subject.value("connection").unwrap_or_default();
        list(&connection).any(|option| option.eq_ignore_ascii_case(b"close"))
    };
    let value = subject.value("transfer-encoding").unwrap_or_default();
    let chunked =
        list(&value).any(|element| parameters(element).0.eq_ignore_ascii_case(b"chunked"));
    let until_close = subject.given.received.framing == Some(Framing::UntilClose);
    if chunked || !until_close || subject.head.version() == Version::HTTP_10 || closes() {
        return;
    }
    if let Some(line) = subject.lines("transfer-encoding").last() {
        let value = Quoted(&value);
        findings.line(
            line,
            format!("Transfer-Encoding says {value} without chunked, and no `Connection: close` says that the end of the connection ends the content"),
        );
    }
}
