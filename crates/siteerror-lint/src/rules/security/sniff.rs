//! X-Content-Type-Options.

use siteerror_wire::field;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

/// The Fetch standard looks at the first element only, and knows one word.
pub(super) fn nosniff_bad(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(line) = subject.lines("x-content-type-options").next() else {
        return;
    };
    let value = line.value();
    let first = value.split(|byte| *byte == b',').next().unwrap_or_default();
    if !first.trim_ascii().eq_ignore_ascii_case(b"nosniff") {
        let elements = field::list(&value).count();
        let said = Shown(value.get(..40).unwrap_or(&value)).to_string();
        let what = if elements == 0 {
            "X-Content-Type-Options is empty, so browsers go on guessing types".to_owned()
        } else {
            format!("`{said}` is not `nosniff`, so browsers go on guessing types")
        };
        findings.line(line, what);
    }
}
