//! Deprecation and Sunset: since when a resource is not to be used, and from when it may be gone.

use sfv::{Item, Parser};
use siteerror_wire::field::HttpDate;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;
use crate::values;

/// RFC 9745 §2.1: a date of RFC 9651 §3.3.7.
fn deprecated_at(value: &[u8]) -> Option<i64> {
    let item: Item = Parser::new(value).parse().ok()?;
    item.bare_item
        .as_date()
        .map(|date| i64::from(date.unix_seconds()))
}

pub(super) fn deprecation(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("deprecation") {
        let value = line.value();
        if deprecated_at(&value).is_some() {
            continue;
        }
        let quoted = Quoted(&value);
        let text = if let Some(date) = values::date(&value) {
            let at = date.unix_s();
            format!(
                "Deprecation says {quoted}, the form of an old draft: the date is now written `@{at}`"
            )
        } else {
            format!(
                "Deprecation says {quoted}, which is no date of the form `@1767225600`, so clients learn nothing"
            )
        };
        findings.line(line, text);
    }
}

pub(super) fn sunset_first(subject: &Subject<'_>, findings: &mut Findings) {
    let deprecation = subject
        .value("deprecation")
        .and_then(|value| deprecated_at(&value));
    let Some(line) = subject.lines("sunset").next() else {
        return;
    };
    let value = line.value();
    let sunset = values::date(&value).map(HttpDate::unix_s);
    if let (Some(deprecation), Some(sunset)) = (deprecation, sunset)
        && sunset < deprecation
    {
        let value = Quoted(&value);
        findings.line(
            line,
            format!("The resource is to be gone from {value} on, before `@{deprecation}`, when it becomes deprecated"),
        );
    }
}

/// An error may well come after the end; a resource that still answers should not be past it.
pub(super) fn sunset_past(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.code() >= 400 {
        return;
    }
    for line in subject.lines("sunset") {
        let value = line.value();
        let sunset = values::date(&value).map(HttpDate::unix_s);
        if let (Some(sunset), Some(now)) = (sunset, subject.now())
            && sunset < now
        {
            let value = Quoted(&value);
            findings.line(
                line,
                format!("Sunset was {value}, and the resource still answers: it may vanish at any moment"),
            );
        }
    }
}
