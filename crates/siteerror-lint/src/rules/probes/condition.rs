//! Conditional requests, and the validators that they are made with.

use siteerror_wire::write::Shown;

use crate::chain::{Probe, Probes};
use crate::finding::Findings;

/// RFC 9110 §15.4.5: what a 304 has to carry if the 200 would have.
const KEPT: &[&str] = &[
    "cache-control",
    "content-location",
    "date",
    "etag",
    "expires",
    "vary",
];

pub(super) fn missing_fields(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(answer) = probes.answer(Probe::Conditional) else {
        return;
    };
    if (probes.base.code(), answer.code()) != (200, 304) {
        return;
    }
    for name in KEPT {
        if probes.base.has(name) && !answer.has(name) {
            findings.field(
                name,
                format!("The 200 has `{name}`, and the 304 for the same resource leaves it out"),
            );
        }
    }
}

pub(super) fn ignored(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(answer) = probes.answer(Probe::Conditional) else {
        return;
    };
    if (probes.base.code(), answer.code()) != (200, 200) {
        return;
    }
    // A client that has an entity tag asks by it: RFC 9110 §13.1.3. With a new validator the condition was true, and the 200 is right.
    let (name, asked) = if probes.base.has("etag") {
        ("etag", "If-None-Match")
    } else {
        ("last-modified", "If-Modified-Since")
    };
    if let Some(value) = probes.base.value(name)
        && answer.value(name).as_ref() == Some(&value)
    {
        let value = Shown(&value);
        findings.field(
            name,
            format!("Asked with `{asked}: {value}`, the server sent all of it again under that same validator"),
        );
    }
}

pub(super) fn status(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(answer) = probes.answer(Probe::Conditional) else {
        return;
    };
    // A 429 is about how often we ask and not about the condition.
    let code = answer.code();
    if probes.base.code() == 200 && ![200, 304, 429].contains(&code) {
        findings.hit(format!(
            "The plain request is answered with 200, and the same one with a condition with {code}"
        ));
    }
}

pub(super) fn unstable(probes: &Probes<'_>, findings: &mut Findings) {
    let base = &probes.base;
    let (Some(tag), Some(content)) = (base.value("etag"), base.content()) else {
        return;
    };
    for answer in probes.answers {
        let subject = &answer.subject;
        let comparable = answer.probe != Probe::Head
            && (base.code(), subject.code()) == (200, 200)
            && base.value("content-encoding") == subject.value("content-encoding");
        if comparable
            && let Some(again) = subject.value("etag")
            && again != tag
            && subject.content().is_some_and(|other| other == content)
        {
            let (tag, again) = (Shown(&tag), Shown(&again));
            findings.field(
                "etag",
                format!(
                    "The same bytes were called `{tag}` the first time and `{again}` the second"
                ),
            );
            return;
        }
    }
}
