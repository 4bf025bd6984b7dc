//! Allow, and the 405 that needs it.

use siteerror_wire::field;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

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
            let method = Shown(method);
            findings.line(
                line,
                format!("`{method}` was refused with 405, and Allow lists it as allowed"),
            );
        }
    }
}
