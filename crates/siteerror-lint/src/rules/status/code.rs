//! The code itself: in the registry or not, in range or not, three digits or not; and interim responses that nobody waited for.

use std::ops::Range;

use siteerror_catalog::catalog;
use siteerror_wire::{DefectKind, ResponseHead};

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn unregistered(subject: &Subject<'_>, findings: &mut Findings) {
    for head in heads(subject) {
        let Some(code @ 100..=599) = head.status() else {
            continue;
        };
        let Some(nobodys) = catalog().unassigned(code) else {
            continue;
        };
        let class = named(nobodys.treat_as().number());
        findings.bytes(
            start_line(head),
            format!("{code} is not registered, so clients take it for a plain {class}"),
        );
    }
}

pub(super) fn out_of_range(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(code) = subject.head.status() else {
        return;
    };
    if !(100..=599).contains(&code) {
        findings.bytes(
            start_line(subject.head),
            format!(
                "{code:03} is outside 100 to 599; clients take it for a 5xx, pass it on or refuse it"
            ),
        );
    }
}

pub(super) fn deprecated(subject: &Subject<'_>, findings: &mut Findings) {
    findings.bytes(
        start_line(subject.head),
        "305 was meant to choose a proxy for the client; browsers no longer obey, so this answer leads nowhere",
    );
}

pub(super) fn reserved(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    findings.bytes(
        start_line(subject.head),
        format!("{code} is reserved and means nothing in HTTP"),
    );
}

pub(super) fn three_digits(subject: &Subject<'_>, findings: &mut Findings) {
    for head in heads(subject) {
        if head.status().is_none() {
            let sent = quoted(head.status_text());
            findings.bytes(
                start_line(head),
                format!("`{sent}` stands where a status code of three digits should be"),
            );
        }
    }
}

pub(super) fn interim_to_http10(subject: &Subject<'_>, findings: &mut Findings) {
    let defects = subject.given.received.defects.iter();
    for defect in defects.filter(|defect| defect.kind == DefectKind::InterimToHttp10) {
        let Some(head) = heads(subject).find(|head| head.offset() == defect.offset) else {
            continue;
        };
        let code = head.status().unwrap_or_default();
        findings.bytes(
            start_line(head),
            format!("{code} was sent to an HTTP/1.0 client, which takes it for the final response"),
        );
    }
}

pub(super) fn hundred_unasked(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("expect") != Some(false) {
        return;
    }
    for head in heads(subject).filter(|head| head.status() == Some(100)) {
        findings.bytes(
            start_line(head),
            "100 says to go on sending, and this request did not ask whether to: it has no Expect",
        );
    }
}

/// Interim responses and the final one; each once, also where the last interim one stands for the final one that never came.
fn heads<'a>(subject: &Subject<'a>) -> impl Iterator<Item = &'a ResponseHead> {
    let received = subject.given.received;
    let last = received.response.as_ref().map(|response| &response.head);
    received
        .interims
        .iter()
        .map(|interim| &interim.head)
        .chain(last)
}

/// Where the status line lies.
fn start_line(head: &ResponseHead) -> Range<u64> {
    let length = u64::try_from(head.start_line().len()).unwrap_or_default();
    head.offset()..head.offset().saturating_add(length)
}

/// A code with its name in the registry, if it has one.
pub(super) fn named(code: u16) -> String {
    catalog().number(code).map_or_else(
        || code.to_string(),
        |known| format!("{code} {}", known.name),
    )
}
