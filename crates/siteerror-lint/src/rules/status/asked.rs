//! Codes that answer something in the request, and requests that had no such thing.

use super::code::named;
use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

/// RFC 9110 §13.1, RFC 4918 §12.1; RFC 6638 §8.3 has another condition, and there may be more: all of them are called `If` something. `If-Range` is none
/// that 412 could answer.
pub(super) fn precondition(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(request) = subject.given.request else {
        return;
    };
    let conditional = request.head.fields().iter().any(|(name, _)| {
        let starts = name
            .get(..3)
            .is_some_and(|start| start.eq_ignore_ascii_case(b"if-"));
        starts && !name.eq_ignore_ascii_case(b"if-range")
            || name.eq_ignore_ascii_case(b"if")
            || name.eq_ignore_ascii_case(b"overwrite")
    });
    if !conditional {
        findings.hit("412 says that a condition of the request failed, and the request had none");
    }
}

pub(super) fn range_to_refuse(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("range") == Some(false) {
        findings.hit("416 refuses the ranges of a Range field, and the request had none");
    }
}

pub(super) fn range_to_send(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("range") == Some(false) {
        findings.hit("The request asked for the whole, without Range, and the answer is a part: a client that does not look takes it for all there is");
    }
}

pub(super) fn expectation(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("expect") == Some(false) {
        findings.hit("417 says that the Expect field cannot be met, and the request had none");
    }
}

pub(super) fn early_data(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(request) = subject.given.request
        && request.head.fields().get("early-data").as_deref() != Some(b"1")
    {
        findings.hit("Nothing shows that this request came as early data, so the client need not know how to try a 425 again");
    }
}

pub(super) fn created(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(method) = subject.method() else {
        return;
    };
    if matches!(method, b"GET" | b"HEAD" | b"OPTIONS" | b"TRACE") {
        let method = quoted(method);
        findings.hit(format!("{method} is a safe method, which asks for nothing to be made, and the answer says that something was"));
    }
}

/// Methods for which RFC 9110 §14.2 defines no ranges. Others may: QUERY does.
pub(super) fn partial(subject: &Subject<'_>, findings: &mut Findings) {
    const NO_RANGES: [&[u8]; 8] = [
        b"HEAD", b"POST", b"PUT", b"DELETE", b"CONNECT", b"OPTIONS", b"TRACE", b"PATCH",
    ];
    let Some(method) = subject.method() else {
        return;
    };
    if NO_RANGES.contains(&method) {
        let method = quoted(method);
        findings.hit(format!("Ranges are defined for GET; a server has to ignore Range in a {method} request and cannot answer it with a part"));
    }
}

/// RFC 9110 §9.3.5. 207 may answer the DELETE of a collection (RFC 4918 §9.6.1), and 203 is a 200 that a proxy changed: both are not asked about.
pub(super) fn delete(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.method() == Some(b"DELETE") {
        let code = named(subject.code());
        findings.hit(format!("DELETE was answered with {code}, which does not tell whether the resource is gone; 200, 202 and 204 would"));
    }
}
