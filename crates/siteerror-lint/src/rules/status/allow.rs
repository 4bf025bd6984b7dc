//! Allow: the 405 that needs it, the OPTIONS that is about it, and its syntax.

use siteerror_wire::field;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.has("allow") {
        findings.field(
            "allow",
            "This 405 does not say which methods the resource does support: Allow is missing",
        );
    }
}

pub(super) fn lists_method(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(method) = subject.method() else {
        return;
    };
    for line in subject.lines("allow") {
        if field::list(&line.value()).any(|allowed| allowed == method) {
            let method = quoted(method);
            findings.line(
                line,
                format!("`{method}` was refused with 405, and Allow lists it as allowed"),
            );
        }
    }
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("allow") {
        let value = line.value();
        for member in field::list(&value).filter(|member| !field::is_token(member)) {
            let member = quoted(member);
            findings.line(
                line,
                format!("`{member}` in Allow is no method; methods are parted by commas"),
            );
        }
    }
}

/// What else tells the options of a resource: RFC 5789 §3.1, RFC 4918 §10.1, RFC 9110 §14.3, and the Fetch standard for what a page of another origin may do.
const TELLING: [&str; 8] = [
    "allow",
    "access-control-allow-methods",
    "access-control-allow-origin",
    "accept-patch",
    "accept-post",
    "accept-ranges",
    "accept-query",
    "dav",
];

pub(super) fn options(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(request) = subject.given.request else {
        return;
    };
    if request.head.method() != b"OPTIONS" || request.head.target() == b"*" {
        return;
    }
    if !TELLING.iter().any(|name| subject.has(name)) {
        findings.field(
            "allow",
            "OPTIONS asked what can be done here, and the answer does not say: it has no Allow",
        );
    }
}
