//! X-Frame-Options.

use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

pub(super) fn xfo_obsolete(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("x-frame-options") {
        let value = line.value();
        let lower = value.to_ascii_lowercase();
        if lower.windows(10).any(|part| part == b"allow-from") {
            let value = Shown(value.get(..60).unwrap_or(&value)).to_string();
            findings.line(line, format!("`{value}` is not understood by current browsers, which then let everybody frame the page"));
        }
    }
}
