//! Content-Language.

use siteerror_wire::field;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

/// The shape of RFC 5646 §2.1, not its registry: subtags of one to eight letters and digits with hyphens between them, the first of letters only.
fn is_tag(tag: &[u8]) -> bool {
    let mut subtags = tag.split(|byte| *byte == b'-');
    let first = subtags.next().unwrap_or_default();
    let fits = |subtag: &[u8]| {
        (1..=8).contains(&subtag.len()) && subtag.iter().all(u8::is_ascii_alphanumeric)
    };
    fits(first) && first.iter().all(u8::is_ascii_alphabetic) && subtags.all(fits)
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-language") {
        let value = line.value();
        for tag in field::list(&value).filter(|tag| !is_tag(tag)) {
            let shown = Shown(tag.get(..40).unwrap_or(tag)).to_string();
            let hint = if tag.contains(&b'_') {
                ": the parts are joined by hyphens"
            } else {
                ""
            };
            findings.line(line, format!("`{shown}` is no language tag{hint}"));
        }
    }
}
