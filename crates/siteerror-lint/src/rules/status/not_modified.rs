//! 304: what it answers, and what it carries. RFC 9110 §15.4.5.

use siteerror_wire::field;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn unconditional(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.asked_with("if-none-match") == Some(false)
        && subject.asked_with("if-modified-since") == Some(false)
    {
        findings
            .hit("304 says to use the copy at hand, and the request did not say that there is one");
    }
}

/// RFC 9110 §13.1.2. QUERY reads like GET, and its conditions work like those of GET.
pub(super) fn method(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(method) = subject.method() else {
        return;
    };
    if !matches!(method, b"GET" | b"HEAD" | b"QUERY") {
        let method = quoted(method);
        findings.hit(format!("{method} was answered with 304; only GET and HEAD can be, and a failed condition is 412 for the rest"));
    }
}

pub(super) fn without_etag(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(asked) = subject.asked("if-none-match") else {
        return;
    };
    let tags = field::list(&asked)
        .filter(|tag| tag.ends_with(b"\""))
        .count();
    if tags == 0 || subject.has("etag") {
        return;
    }
    let asked = quoted(&asked);
    let what = if tags == 1 {
        format!(
            "`If-None-Match: {asked}` matched, and the 304 does not repeat the tag: ETag is missing"
        )
    } else {
        format!(
            "One of the tags in `If-None-Match: {asked}` matched, and the 304 does not say which: ETag is missing"
        )
    };
    findings.field("etag", what);
}

pub(super) fn metadata(subject: &Subject<'_>, findings: &mut Findings) {
    for name in ["content-type", "content-encoding", "content-language"] {
        for line in subject.lines(name) {
            let (name, value) = (
                quoted(line.name().unwrap_or_default()),
                quoted(&line.value()),
            );
            findings.line(
                line,
                format!("`{name}: {value}` describes content that is not here; a cache writes it over what it knows of its copy"),
            );
        }
    }
}
