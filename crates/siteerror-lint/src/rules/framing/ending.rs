//! How lines, messages and connections end.

use siteerror_wire::{DefectKind as D, Framing};

use super::count;
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) fn extra_data(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(offset) = subject.defects(D::ExtraData).next() else {
        return;
    };
    let received = subject.given.received;
    let unread = received.unread.as_slice();
    let lead = unread
        .iter()
        .take_while(|byte| b"\r\n".contains(byte))
        .count();
    let bytes = unread.get(lead..).unwrap_or_default();
    let after = match received.framing {
        Some(Framing::Length(length)) => {
            format!("the {} that Content-Length announces", count(length))
        }
        Some(Framing::Chunked) => "the last chunk".to_owned(),
        _ => "the end of the response".to_owned(),
    };
    let (more, quoted) = (
        count(received.unread_bytes.saturating_sub(lead as u64)),
        Quoted(bytes),
    );
    findings.bytes(
        offset..offset + bytes.len() as u64,
        format!("{more} came after {after}, beginning with {quoted}"),
    );
}

pub(super) fn bare_lf(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(offset) = subject.defects(D::BareLf).next() else {
        return;
    };
    let text = match subject.given.received.defects.times(D::BareLf) {
        1 => "One line ends in LF alone".to_owned(),
        times => format!("{times} lines end in LF alone, this the first of them"),
    };
    findings.at(subject, offset, text);
}

/// Only content that lasts until the close has no other end: RFC 9112 §9.8.
pub(super) fn no_close_notify(subject: &Subject<'_>, findings: &mut Findings) {
    let received = subject.given.received;
    let connection = subject.given.connection;
    let closed_rudely = connection.is_some_and(|connection| connection.close_notify == Some(false));
    if closed_rudely && received.framing == Some(Framing::UntilClose) {
        let response = received.response.as_ref();
        let came = count(response.map_or(0, |response| response.body.content_bytes()) as u64);
        findings.hit(format!(
            "The content lasts until the connection closes, and it closed without close_notify: nobody can tell whether {came} are all of it"
        ));
    }
}
