//! Retry-After: RFC 9110 §10.2.3.

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::{date, delta_seconds, quoted};

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("retry-after") {
        let value = line.value();
        if delta_seconds(&value).is_none() && date(&value).is_none() {
            let value = quoted(&value);
            findings.line(
                line,
                format!("`{value}` is neither a whole number of seconds nor a date, so clients wait as long as they like"),
            );
        }
    }
}
