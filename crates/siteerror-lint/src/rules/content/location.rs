//! Content-Location.

use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values;

/// RFC 9110 §8.7: `absolute-URI / partial-URI`; neither has a fragment (§4.1).
pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-location") {
        let value = line.value();
        let shown = Shown(value.get(..80).unwrap_or(&value)).to_string();
        match values::uri_reference(&value) {
            None => findings.line(line, format!("`{shown}` is no URI reference")),
            Some(reference) if reference.fragment().is_some() => {
                findings.line(
                    line,
                    format!("`{shown}` has a fragment, and what Content-Location names has none"),
                );
            }
            Some(_) => {}
        }
    }
}
