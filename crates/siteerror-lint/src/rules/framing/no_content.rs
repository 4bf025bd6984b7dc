//! Content, and fields that announce it, where there must be none: 1xx, 204, 205, 304, the answers to HEAD and CONNECT.

use siteerror_wire::field::ContentLength;
use siteerror_wire::{DefectKind as D, Protocol, ResponseHead};

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) fn in_204(subject: &Subject<'_>, findings: &mut Findings) {
    if !sent(subject, D::NoContentWithContent, "204", findings) {
        announced(subject, "204", findings);
    }
}

pub(super) fn in_205(subject: &Subject<'_>, findings: &mut Findings) {
    if !sent(subject, D::ExtraData, "205", findings) {
        announced(subject, "205", findings);
    }
}

pub(super) fn in_304(subject: &Subject<'_>, findings: &mut Findings) {
    sent(subject, D::NotModifiedWithContent, "304", findings);
}

pub(super) fn in_head(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.method() == Some(b"HEAD") {
        sent(subject, D::HeadWithContent, "answer to HEAD", findings);
    }
}

pub(super) fn in_interim(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(offset) = subject.defects(D::InterimWithContent).next() {
        let (bytes, code) = (unread(subject), subject.code());
        let quoted = Quoted(bytes);
        findings.bytes(
            offset..offset + bytes.len() as u64,
            format!(
                "After the head of this {code} comes {quoted}, where only another response may come"
            ),
        );
    }
}

/// Whether content was sent, and told if so.
fn sent(subject: &Subject<'_>, kind: D, what: &str, findings: &mut Findings) -> bool {
    if let Some(offset) = subject.defects(kind).next() {
        let bytes = unread(subject);
        let quoted = Quoted(bytes);
        findings.bytes(
            offset..offset + bytes.len() as u64,
            format!(
                "This {what} is followed by {quoted}, which a client may take for the beginning of the next response"
            ),
        );
        return true;
    }
    let response = subject.given.received.response.as_ref();
    let bytes = response.map_or(0, |response| response.body.content_bytes());
    if bytes > 0 {
        findings.hit(format!(
            "This {what} came with {} of content",
            super::count(bytes as u64)
        ));
    }
    bytes > 0
}

fn announced(subject: &Subject<'_>, what: &str, findings: &mut Findings) {
    let length = ContentLength::of(subject.fields())
        .length()
        .unwrap_or_default();
    if let Some(line) = subject
        .lines("content-length")
        .next()
        .filter(|_| length > 0)
    {
        findings.line(
            line,
            format!(
                "This {what} announces {} of content by Content-Length",
                super::count(length)
            ),
        );
    }
}

/// The first bytes that belong to no message, without line ends before them.
fn unread<'a>(subject: &Subject<'a>) -> &'a [u8] {
    let mut bytes = subject.given.received.unread.as_slice();
    while let [b'\r' | b'\n', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

pub(super) fn length_forbidden(subject: &Subject<'_>, findings: &mut Findings) {
    forbidden(subject, "content-length", findings);
}

pub(super) fn coding_forbidden(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() == Protocol::Http1 {
        forbidden(subject, "transfer-encoding", findings);
    }
}

/// RFC 9110 §8.6 and RFC 9112 §6.1: not in a 1xx, which 101 is too, and not in a 204.
fn forbidden(subject: &Subject<'_>, field: &'static str, findings: &mut Findings) {
    let received = subject.given.received;
    if received.interims.is_empty() && !matches!(subject.code(), 101 | 204) {
        return;
    }
    let no_content = |head: &&ResponseHead| matches!(head.status(), Some(100..200 | 204));
    for head in subject.heads().filter(no_content) {
        tell(head, field, findings);
    }
}

pub(super) fn framed_interim(subject: &Subject<'_>, findings: &mut Findings) {
    for interim in &subject.given.received.interims {
        for field in ["content-length", "transfer-encoding"] {
            tell(&interim.head, field, findings);
        }
    }
}

fn tell(head: &ResponseHead, field: &str, findings: &mut Findings) {
    let code = head.status().unwrap_or_default();
    for line in head.fields().named(field) {
        let line_text = Quoted(line.as_bytes().trim_ascii());
        findings.line(
            line,
            format!(
                "{line_text} in a {code}, which ends with its head and has no content to measure"
            ),
        );
    }
}

pub(super) fn in_connect(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.method() != Some(b"CONNECT") || !(200..300).contains(&subject.code()) {
        return;
    }
    for field in ["content-length", "transfer-encoding"] {
        for line in subject.lines(field) {
            let text = Quoted(line.as_bytes().trim_ascii());
            findings.line(
                line,
                format!("{text} on a successful CONNECT: the tunnel begins right after the head, so clients must ignore it"),
            );
        }
    }
}
