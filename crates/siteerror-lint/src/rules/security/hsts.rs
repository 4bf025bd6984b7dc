//! Strict-Transport-Security: RFC 6797.

use siteerror_wire::connection::Scheme;
use siteerror_wire::field::{is_token, unquote};
use siteerror_wire::message::FieldLine;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values;

const YEAR_S: u64 = 31_536_000;

/// A directive: its name in lower case, and what stands after `=`, as sent.
struct Directive {
    name: Vec<u8>,
    value: Option<Vec<u8>>,
}

/// RFC 6797 §6.1: `directive-name [ "=" directive-value ]`, a token and a token or a quoted string, between semicolons. None if the field does not fit that.
fn directives(value: &[u8]) -> Option<Vec<Directive>> {
    let mut found = Vec::new();
    for part in value.split(|byte| *byte == b';').map(<[u8]>::trim_ascii) {
        if part.is_empty() {
            continue;
        }
        let mut halves = part.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default().trim_ascii();
        let value = halves.next().map(<[u8]>::trim_ascii);
        let fits =
            is_token(name) && value.is_none_or(|value| is_token(value) || unquote(value).is_some());
        fits.then_some(())?;
        found.push(Directive {
            name: name.to_ascii_lowercase(),
            value: value.map(<[u8]>::to_vec),
        });
    }
    Some(found)
}

/// The first line, which is the only one that clients look at (RFC 6797 §8.1), with its directives if it fits the grammar.
fn first<'a>(subject: &Subject<'a>) -> Option<(FieldLine<'a>, Option<Vec<Directive>>)> {
    let line = subject.lines("strict-transport-security").next()?;
    Some((line, directives(&line.value())))
}

/// The seconds of max-age: quoted or not, RFC 6797 §6.1.1.
fn seconds(directive: &Directive) -> Option<u64> {
    let value = directive.value.as_ref()?;
    let inner = unquote(value).unwrap_or_else(|| value.clone());
    values::delta_seconds(&inner)
}

pub(super) fn over_http(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.scheme() == Some(Scheme::Http)
        && let Some((line, _)) = first(subject)
    {
        findings.line(
            line,
            "Strict-Transport-Security came over plain http, where clients have to ignore it",
        );
    }
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, directives)) = first(subject) else {
        return;
    };
    // Where the grammar is broken, max-age may be there for people to see; that it does not count is the other rule's to say.
    let Some(directives) = directives else {
        let has = line.value().to_ascii_lowercase();
        if !has.windows(7).any(|part| part == b"max-age") {
            findings.line(line, "The policy has no max-age, so clients ignore it");
        }
        return;
    };
    match directives
        .iter()
        .find(|directive| directive.name == b"max-age")
    {
        None => findings.line(line, "The policy has no max-age, so clients ignore it"),
        Some(directive) if seconds(directive).is_none() => {
            let value = directive.value.as_deref().unwrap_or_default();
            let value = Shown(value.get(..40).unwrap_or(value));
            findings.line(line, format!("max-age is `{value}`, which is no number of seconds, so clients ignore the policy"));
        }
        Some(_) => {}
    }
}

pub(super) fn short(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, Some(directives))) = first(subject) else {
        return;
    };
    let max_age = directives
        .iter()
        .find(|directive| directive.name == b"max-age")
        .and_then(seconds);
    // Zero takes the policy back, on purpose: RFC 6797 §6.1.1.
    if let Some(seconds @ 1..YEAR_S) = max_age {
        let lasts = match seconds / 86_400 {
            0 => format!("{seconds} seconds"),
            1 => "one day".to_owned(),
            days => format!("{days} days"),
        };
        findings.line(
            line,
            format!("The policy lasts {lasts} after a visit, which is less than a year"),
        );
    }
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some((line, None)) = first(subject) {
        let value = line.value();
        let value = Shown(value.get(..60).unwrap_or(&value)).to_string();
        findings.line(line, format!("`{value}` is not directives with semicolons between them, so clients ignore all of it"));
    }
}

pub(super) fn duplicate_directive(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, Some(directives))) = first(subject) else {
        return;
    };
    let mut names: Vec<&[u8]> = directives
        .iter()
        .map(|directive| directive.name.as_slice())
        .collect();
    names.sort_unstable();
    if let Some(twice) = names.windows(2).find(|pair| pair[0] == pair[1]) {
        let name = Shown(twice[0].get(..40).unwrap_or(twice[0]));
        findings.line(
            line,
            format!(
                "The directive `{name}` is there twice, and which one counts is left to the client"
            ),
        );
    }
}

pub(super) fn repeated(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(second) = subject.lines("strict-transport-security").nth(1) {
        findings.line(
            second,
            "This is the second Strict-Transport-Security, and clients read only the first",
        );
    }
}

pub(super) fn includesubdomains_value(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, Some(directives))) = first(subject) else {
        return;
    };
    let valued = directives
        .iter()
        .any(|directive| directive.name == b"includesubdomains" && directive.value.is_some());
    if valued {
        findings.line(
            line,
            "includeSubDomains has a value, which it cannot have, and some clients then ignore it",
        );
    }
}
