//! What a response should tell in words.

use crate::finding::Findings;
use crate::subject::Subject;

/// Whether content was possible and none came.
fn is_silent(subject: &Subject<'_>) -> bool {
    let response = subject.given.received.response.as_ref();
    let over = response.is_some_and(|response| response.head.is_complete());
    over && subject.method() != Some(b"HEAD") && !subject.has_content()
}

pub(super) fn error(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    // One that came to a condition says all with its code; the trap of an empty 304 is no error at all.
    if (400..600).contains(&code) && is_silent(subject) {
        findings.hit(format!(
            "This {code} comes without a word on what went wrong and whether it will last"
        ));
    }
}

pub(super) fn alternatives(subject: &Subject<'_>, findings: &mut Findings) {
    if is_silent(subject) && !subject.has("link") {
        findings.hit("This 300 offers a choice, and does not say of what");
    }
}
