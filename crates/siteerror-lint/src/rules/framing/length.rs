//! Content-Length: what it says, how often, and whether it is so.

use siteerror_wire::field::ContentLength;
use siteerror_wire::{DefectKind as D, Protocol};

use super::count;
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// What Content-Length says, if it is not the one number that it should be.
fn odd(subject: &Subject<'_>) -> Option<ContentLength> {
    let mut lines = subject.lines("content-length");
    let first = lines.next()?.value();
    let plain = !first.is_empty() && first.iter().all(u8::is_ascii_digit);
    if plain && lines.next().is_none() {
        return None;
    }
    Some(ContentLength::of(subject.fields()))
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    if odd(subject) != Some(ContentLength::Bad) {
        return;
    }
    for line in subject.lines("content-length") {
        let value = line.value();
        let digits = |part: &[u8]| {
            let part = part.trim_ascii();
            !part.is_empty() && part.iter().all(u8::is_ascii_digit)
        };
        if !value.split(|byte| *byte == b',').all(digits) {
            let value = Quoted(&value);
            findings.line(
                line,
                format!("{value} is no plain number, so nobody can tell where the content ends"),
            );
        }
    }
}

pub(super) fn multiple(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(odd) = odd(subject) else { return };
    let values = subject.value("content-length").unwrap_or_default();
    let values = Quoted(&values);
    let text = match odd {
        ContentLength::Repeated(_) => {
            format!(
                "Content-Length is given more than once, {values}: the same each time, and once is what is allowed"
            )
        }
        ContentLength::Differing => {
            format!("Content-Length has more than one value: {values}")
        }
        _ => return,
    };
    if let Some(line) = subject.lines("content-length").last() {
        findings.line(line, text);
    }
}

pub(super) fn differs(subject: &Subject<'_>, findings: &mut Findings) {
    if odd(subject) != Some(ContentLength::Differing) {
        return;
    }
    let values = subject.value("content-length").unwrap_or_default();
    let values = Quoted(&values);
    if let Some(line) = subject.lines("content-length").last() {
        findings.line(
            line,
            format!("The lengths {values} contradict each other: a client has to close the connection and drop the response"),
        );
    }
}

pub(super) fn with_coding(subject: &Subject<'_>, findings: &mut Findings) {
    for offset in subject.defects(D::LengthAndChunked) {
        let length = subject.value("content-length").unwrap_or_default();
        let coding = subject.value("transfer-encoding").unwrap_or_default();
        let (length, coding) = (Quoted(&length), Quoted(&coding));
        findings.at(
            subject,
            offset,
            format!("Content-Length says {length} and Transfer-Encoding says {coding}: recipients that believe the one see another end than those that believe the other"),
        );
    }
}

pub(super) fn mismatch(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(response) = &subject.given.received.response else {
        return;
    };
    let came = response.body.content_bytes() as u64;
    let wrong = match subject.protocol() {
        Protocol::Http1 => subject.defects(D::ContentShort).next().is_some(),
        Protocol::Http2 => {
            let length = ContentLength::of(subject.fields()).length();
            let measured = subject.given.whole
                && subject.method() != Some(b"HEAD")
                && !matches!(subject.code(), 100..200 | 204 | 304);
            measured && length.is_some_and(|length| length != came)
        }
    };
    if let Some(line) = subject.lines("content-length").next().filter(|_| wrong) {
        let value = line.value();
        let (value, came) = (Quoted(&value), count(came));
        findings.line(
            line,
            format!("Content-Length says {value}, and {came} came before the end"),
        );
    }
}
