//! WWW-Authenticate and Proxy-Authenticate: that they are there, and what is in them.

mod reader;

use reader::{Challenge, Read};
use siteerror_wire::message::FieldLine;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    if is_empty(subject, "www-authenticate") {
        findings.field(
            "www-authenticate",
            "This 401 does not say how to authenticate: WWW-Authenticate is missing or empty",
        );
    }
}

pub(super) fn missing_of_proxy(subject: &Subject<'_>, findings: &mut Findings) {
    if is_empty(subject, "proxy-authenticate") {
        findings.field(
            "proxy-authenticate",
            "This 407 does not say how to authenticate with the proxy: Proxy-Authenticate is missing or empty",
        );
    }
}

fn is_empty(subject: &Subject<'_>, name: &'static str) -> bool {
    let nothing = |byte: &u8| matches!(byte, b' ' | b'\t' | b',');
    subject
        .lines(name)
        .all(|line| line.value().iter().all(nothing))
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for_each(subject, |line, value, read| {
        let Some(stopped) = read.stopped else { return };
        let rest = quoted(value.get(stopped.at..).unwrap_or_default());
        let what = stopped.why;
        findings.line(
            line,
            format!("The challenge cannot be read on from `{rest}`: {what}"),
        );
    });
}

pub(super) fn parameter_twice(subject: &Subject<'_>, findings: &mut Findings) {
    for_each(subject, |line, _, read| {
        for challenge in &read.challenges {
            for (index, parameter) in challenge.parameters.iter().enumerate() {
                let mut before = challenge.parameters.iter().take(index);
                if before.any(|other| other.name.eq_ignore_ascii_case(parameter.name)) {
                    let (name, scheme) = (quoted(parameter.name), quoted(challenge.scheme));
                    findings.line(
                        line,
                        format!("`{name}` is in the {scheme} challenge more than once, and which one counts differs from client to client"),
                    );
                }
            }
        }
    });
}

pub(super) fn realm_unquoted(subject: &Subject<'_>, findings: &mut Findings) {
    for_each(subject, |line, _, read| {
        for challenge in &read.challenges {
            if let Some(realm) = challenge.realm()
                && !realm.value.starts_with(b"\"")
            {
                let value = quoted(realm.value);
                findings.line(
                    line,
                    format!("`realm={value}` has no quotes around its value"),
                );
            }
        }
    });
}

pub(super) fn basic_without_realm(subject: &Subject<'_>, findings: &mut Findings) {
    for_each(subject, |line, _, read| {
        let last = read.challenges.len().saturating_sub(1);
        for (index, challenge) in read.challenges.iter().enumerate() {
            // Where reading stopped, the realm may stand in what was not read.
            let cut = read.stopped.is_some() && index == last;
            let basic = challenge.scheme.eq_ignore_ascii_case(b"Basic");
            if basic && !cut && challenge.realm().is_none() {
                findings.line(
                    line,
                    "The Basic challenge has no realm, which is what the client asks its user about",
                );
            }
        }
    });
}

fn for_each(subject: &Subject<'_>, mut judge: impl FnMut(FieldLine<'_>, &[u8], &Read<'_>)) {
    for name in ["www-authenticate", "proxy-authenticate"] {
        for line in subject.lines(name) {
            let value = line.value();
            judge(line, &value, &reader::read(&value));
        }
    }
}

impl<'a> Challenge<'a> {
    fn realm(&self) -> Option<&reader::Parameter<'a>> {
        self.parameters
            .iter()
            .find(|parameter| parameter.name.eq_ignore_ascii_case(b"realm"))
    }
}
