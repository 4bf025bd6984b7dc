//! Chunks, and the trailers after them.

use siteerror_wire::field::{list, may_be_trailer};
use siteerror_wire::message::FieldLine;
use siteerror_wire::{DefectKind as D, Fields};

use super::count;
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) const MALFORMED: &[D] = &[
    D::ChunkSizeBad,
    D::ChunkSizeTooLong,
    D::ChunkSizeSpace,
    D::ChunkExtensionBad,
    D::ChunkDataEndMissing,
];

pub(super) fn malformed(subject: &Subject<'_>, findings: &mut Findings) {
    let response = subject.given.received.response.as_ref();
    let came = response.map_or(0, |response| response.body.content_bytes());
    let after = if came == 0 {
        "where the first chunk should begin".to_owned()
    } else {
        format!("after {} of content", count(came as u64))
    };
    // Nothing in quotation marks says nothing.
    let unread = match line(&subject.given.received.unread) {
        [] => None,
        line => Some(Quoted(line)),
    };
    let or = |empty: &str| unread.map_or_else(|| empty.to_owned(), |line| line.to_string());
    for kind in MALFORMED {
        for offset in subject.defects(*kind) {
            let text = match kind {
                D::ChunkSizeBad => {
                    format!(
                        "{} {after} is no chunk size in hexadecimal digits",
                        or("An empty line")
                    )
                }
                D::ChunkSizeTooLong => {
                    format!(
                        "The chunk size {} {after} has more digits than anybody reads",
                        or("that stands")
                    )
                }
                D::ChunkSizeSpace => "Whitespace follows a chunk size".to_owned(),
                D::ChunkExtensionBad => "A control byte stands in a chunk extension".to_owned(),
                _ => format!(
                    "No CRLF follows the data of a chunk, but {}: the size before it is not the size of the data",
                    or("nothing")
                ),
            };
            findings.bytes(offset..offset, text);
        }
    }
}

/// The first line of some bytes, without its end.
fn line(bytes: &[u8]) -> &[u8] {
    let line = bytes
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    line.strip_suffix(b"\r").unwrap_or(line)
}

pub(super) fn incomplete(subject: &Subject<'_>, findings: &mut Findings) {
    let response = subject.given.received.response.as_ref();
    let came = count(response.map_or(0, |response| response.body.content_bytes()) as u64);
    for offset in subject.defects(D::LastChunkMissing) {
        findings.bytes(
            offset..offset,
            format!("The connection ended after {came} of content and before the chunk of size zero: the response is incomplete"),
        );
    }
    for offset in subject.defects(D::TrailerEndMissing) {
        findings.bytes(
            offset..offset,
            "The connection ended before the empty line that ends a chunked body",
        );
    }
}

/// The trailers; over HTTP/2 they come without chunks.
fn trailers<'a>(subject: &Subject<'a>) -> impl Iterator<Item = (FieldLine<'a>, &'a [u8])> {
    let response = subject.given.received.response.as_ref();
    let trailers = response.and_then(|response| response.body.trailers());
    let lines = trailers.into_iter().flat_map(Fields::lines);
    lines.filter_map(|line| Some((line, line.name()?)))
}

pub(super) fn trailer_forbidden(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, name) in trailers(subject) {
        if !may_be_trailer(name) {
            let name = Quoted(name);
            findings.line(
                line,
                format!(
                    "{name} comes as a trailer, after everything that it could have had a say in"
                ),
            );
        }
    }
}

pub(super) fn trailer_unannounced(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, name) in trailers(subject) {
        let announced = subject.value("trailer").unwrap_or_default();
        if !list(&announced).any(|announced| announced.eq_ignore_ascii_case(name)) {
            let name = Quoted(name);
            findings.line(
                line,
                format!("The trailer {name} is not announced in a Trailer field"),
            );
        }
    }
}
