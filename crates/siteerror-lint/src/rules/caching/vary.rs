//! Vary.

use siteerror_wire::field::{self, is_token};
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

pub(super) fn star(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("vary") {
        if field::list(&line.value()).any(|name| name == b"*") {
            findings.line(line, "`Vary: *` matches no later request, so a cache cannot use what it keeps of this without asking");
        }
    }
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("vary") {
        let value = line.value();
        if let Some(member) = field::list(&value).find(|name| !is_token(name)) {
            let member = Shown(member.get(..60).unwrap_or(member)).to_string();
            findings.line(line, format!("`{member}` in Vary is no field name"));
        }
    }
}

pub(super) fn accept_encoding(subject: &Subject<'_>, findings: &mut Findings) {
    // A coding that is part of the resource, as in a 206 of it or for a HEAD, is chosen all the same.
    let vary = subject.value("vary").unwrap_or_default();
    let says = field::list(&vary)
        .any(|name| name == b"*" || name.eq_ignore_ascii_case(b"accept-encoding"));
    if !says && let Some(line) = subject.lines("content-encoding").next() {
        let coding = line.value();
        let coding = Shown(coding.get(..40).unwrap_or(&coding)).to_string();
        findings.line(line, format!("The content is in {coding}, and Vary does not say that another request may get it otherwise"));
    }
}
