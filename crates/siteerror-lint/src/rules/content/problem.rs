//! Problem details: RFC 9457.

use serde_json::{Map, Value};
use siteerror_wire::message::FieldLine;

use crate::finding::Findings;
use crate::subject::Subject;

/// The content, if it says that it is a problem in JSON, and all of it is there.
fn problem<'a>(subject: &Subject<'a>) -> Option<(FieldLine<'a>, Option<Value>)> {
    let (line, declared) = subject.media_type()?;
    let is_problem = declared.essence == "application/problem+json";
    let readable = is_problem && subject.given.whole && subject.method() != Some(b"HEAD");
    let content = readable.then(|| subject.seen()).flatten()?;
    let content = content.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(&content);
    (!content.is_empty()).then(|| (line, serde_json::from_slice(content).ok()))
}

fn members<'a>(subject: &Subject<'a>) -> Option<(FieldLine<'a>, Map<String, Value>)> {
    match problem(subject)? {
        (line, Some(Value::Object(members))) => Some((line, members)),
        _ => None,
    }
}

pub(super) fn object(subject: &Subject<'_>, findings: &mut Findings) {
    match problem(subject) {
        Some((line, None)) => findings.line(
            line,
            "The content is said to be a problem in JSON and does not parse as JSON",
        ),
        Some((line, Some(value))) if !value.is_object() => {
            findings.line(
                line,
                "The content is JSON, and a problem is an object, which this is not",
            );
        }
        _ => {}
    }
}

pub(super) fn status(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    if let Some((line, members)) = members(subject)
        && let Some(Value::Number(status)) = members.get("status")
        && status.as_u64() != Some(u64::from(code))
    {
        findings.line(
            line,
            format!("The problem says that its status is {status}, and the response is a {code}"),
        );
    }
}

pub(super) fn member_type(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, members)) = members(subject) else {
        return;
    };
    for name in ["type", "title", "detail", "instance"] {
        if members.get(name).is_some_and(|value| !value.is_string()) {
            findings.line(
                line,
                format!("The member `{name}` is no text, so readers of problems ignore it"),
            );
        }
    }
    if members
        .get("status")
        .is_some_and(|value| !value.is_number())
    {
        findings.line(
            line,
            "The member `status` is no number, so readers of problems ignore it",
        );
    }
}
