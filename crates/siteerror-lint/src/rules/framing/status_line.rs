//! The status line: whether it is written as the grammar says, and what its phrase tells.

use std::ops::Range;

use siteerror_catalog::{Code, catalog};
use siteerror_wire::{DefectKind as D, ResponseHead};

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) const MALFORMED: &[D] = &[
    D::LeadingEmptyLine,
    D::VersionBad,
    D::StatusLineSpace,
    D::NoSpaceAfterStatus,
];

pub(super) fn malformed(subject: &Subject<'_>, findings: &mut Findings) {
    for kind in MALFORMED {
        for offset in subject.defects(*kind) {
            let (place, line) = start_line(subject, offset);
            let line = Quoted(line);
            findings.bytes(
                place,
                match kind {
                    D::LeadingEmptyLine => format!("An empty line stands before {line}"),
                    D::VersionBad => format!(
                        "{line} does not begin with `HTTP/` in capitals, a digit, a dot and a digit"
                    ),
                    D::StatusLineSpace => format!(
                        "In {line}, version and status code are not parted by exactly one space"
                    ),
                    _ => format!(
                        "In {line}, no space follows the status code: it has to be there even if no phrase follows"
                    ),
                },
            );
        }
    }
}

pub(super) fn version_unexpected(subject: &Subject<'_>, findings: &mut Findings) {
    for offset in subject.defects(D::VersionUnexpected) {
        let (place, line) = start_line(subject, offset);
        let version = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        let version = Quoted(version);
        findings.bytes(
            place,
            format!("The response says {version} on a connection that speaks HTTP/1"),
        );
    }
}

pub(super) fn reason_control(subject: &Subject<'_>, findings: &mut Findings) {
    for offset in subject.defects(D::ReasonControl) {
        let (place, line) = start_line(subject, offset);
        let line = Quoted(line);
        findings.bytes(
            place,
            format!("A control byte stands in the reason phrase: {line}"),
        );
    }
}

pub(super) fn reason_not_ascii(subject: &Subject<'_>, findings: &mut Findings) {
    let reason = subject.head.reason();
    if !reason.is_ascii() {
        let (place, _) = start_line(subject, subject.head.offset());
        let reason = Quoted(reason);
        findings.bytes(
            place,
            format!("The phrase {reason} has bytes above 0x7F, and nothing says in which encoding"),
        );
    }
}

pub(super) fn reason_misleading(subject: &Subject<'_>, findings: &mut Findings) {
    let reason = subject.head.reason();
    let (false, Some(code)) = (reason.is_empty(), subject.head.status()) else {
        return;
    };
    if catalog()
        .number(code)
        .is_some_and(|own| is_called(own, reason))
    {
        return;
    }
    let mut others = catalog().codes().iter();
    if let Some(other) =
        others.find(|other| other.id.vendor().is_none() && is_called(other, reason))
    {
        let (place, _) = start_line(subject, subject.head.offset());
        let (reason, other) = (Quoted(reason), other.id.number());
        findings.bytes(
            place,
            format!(
                "{reason} is the phrase of {other}, and the code is {code}: clients go by the code"
            ),
        );
    }
}

/// Whether a phrase is a name of a code, now or in older documents.
fn is_called(code: &Code, phrase: &[u8]) -> bool {
    let former = code.former_names.iter().map(|former| former.name);
    [code.name]
        .into_iter()
        .chain(code.known_as)
        .chain(former)
        .any(|name| name.as_bytes().eq_ignore_ascii_case(phrase))
}

/// Where the start line lies in which a byte is, empty lines before it included, and its text.
fn start_line<'a>(subject: &Subject<'a>, offset: u64) -> (Range<u64>, &'a [u8]) {
    let range = |head: &ResponseHead| head.offset()..head.offset() + head.start_line().len() as u64;
    let head = subject
        .heads()
        .find(|head| range(head).contains(&offset))
        .unwrap_or(subject.head);
    (range(head), head.start_line().trim_ascii())
}
