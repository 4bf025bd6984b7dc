//! Link: RFC 8288.

use std::borrow::Cow;

use siteerror_wire::field::unquote;
use siteerror_wire::message::FieldLine;

use super::software::token;
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;
use crate::values;

/// One link, as far as rules ask.
struct Link<'a> {
    target: &'a [u8],
    parameters: Vec<(&'a [u8], Cow<'a, [u8]>)>,
}

impl Link<'_> {
    fn values(&self, name: &str) -> impl Iterator<Item = &[u8]> {
        self.parameters
            .iter()
            .filter(move |(found, _)| found.eq_ignore_ascii_case(name.as_bytes()))
            .map(|(_, value)| value.as_ref())
    }
}

/// What could not be read, and why.
struct Fault<'a> {
    at: &'a [u8],
    why: &'static str,
}

/// Reads a value up to its end, or up to what cannot be read. Empty members and parameters are passed over.
fn links(value: &[u8]) -> (Vec<Link<'_>>, Option<Fault<'_>>) {
    let mut links = Vec::new();
    let mut rest = value;
    loop {
        rest = rest.trim_ascii_start();
        if let Some(after) = rest.strip_prefix(b",") {
            rest = after;
        } else if rest.is_empty() {
            return (links, None);
        } else {
            match link(rest) {
                Ok((link, after)) => {
                    links.push(link);
                    rest = after;
                }
                Err(fault) => return (links, Some(fault)),
            }
        }
    }
}

/// `"<" URI-Reference ">" *( OWS ";" OWS link-param )`
fn link(value: &[u8]) -> Result<(Link<'_>, &[u8]), Fault<'_>> {
    let fault = |at, why| Err(Fault { at, why });
    let Some(inner) = value.strip_prefix(b"<") else {
        return fault(value, "the target of a link stands in angle brackets");
    };
    let Some(end) = inner.iter().position(|byte| *byte == b'>') else {
        return fault(value, "the angle bracket is not closed");
    };
    let (target, rest) = inner.split_at(end);
    let mut rest = rest.get(1..).unwrap_or_default();
    let mut parameters = Vec::new();
    loop {
        rest = rest.trim_ascii_start();
        if matches!(rest.first(), None | Some(b',')) {
            return Ok((Link { target, parameters }, rest));
        }
        let Some(after) = rest.strip_prefix(b";") else {
            return fault(rest, "a semicolon has to stand before a parameter");
        };
        rest = after.trim_ascii_start();
        if matches!(rest.first(), None | Some(b',' | b';')) {
            continue;
        }
        let (name, after) = token(rest);
        if name.is_empty() {
            return fault(rest, "a parameter begins with its name");
        }
        let (value, after) = match after.trim_ascii_start().strip_prefix(b"=") {
            None => (Cow::Borrowed(&b""[..]), after),
            Some(value) => match parameter_value(value.trim_ascii_start()) {
                Some(read) => read,
                None => return fault(rest, "a value that is no token has to stand in quotes"),
            },
        };
        parameters.push((name, value));
        rest = after;
    }
}

/// A token or a quoted string, and what follows it.
fn parameter_value(value: &[u8]) -> Option<(Cow<'_, [u8]>, &[u8])> {
    if let Some(inner) = value.strip_prefix(b"\"") {
        let mut escaped = false;
        let end = inner.iter().position(|byte| {
            let ends = *byte == b'"' && !escaped;
            escaped = *byte == b'\\' && !escaped;
            ends
        })?;
        let (quoted, after) = value.split_at(end + 2);
        return Some((Cow::Owned(unquote(quoted)?), after));
    }
    let (plain, after) = token(value);
    let ends = matches!(after.trim_ascii_start().first(), None | Some(b',' | b';'));
    (ends && !plain.is_empty()).then_some((Cow::Borrowed(plain), after))
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("link") {
        let value = line.value();
        let (links, fault) = links(&value);
        let mut targets = links.iter().map(|link| link.target);
        if let Some(target) = targets.find(|target| values::uri_reference(target).is_none()) {
            let target = Quoted(target);
            findings.line(
                line,
                format!("The target {target} of a link is no URI reference"),
            );
        }
        if let Some(fault) = fault {
            let (at, why) = (Quoted(fault.at), fault.why);
            findings.line(line, format!("Link cannot be read from {at} on: {why}"));
        }
    }
}

pub(super) fn without_rel(subject: &Subject<'_>, findings: &mut Findings) {
    each(subject, |line, link| {
        if link.values("rel").next().is_none() {
            let target = Quoted(link.target);
            findings.line(
                line,
                format!("The link to {target} has no rel, so nobody knows what it is for"),
            );
        }
    });
}

pub(super) fn rel_repeated(subject: &Subject<'_>, findings: &mut Findings) {
    each(subject, |line, link| {
        let mut values = link.values("rel");
        if let (Some(first), Some(second)) = (values.next(), values.next()) {
            let (target, first, second) = (Quoted(link.target), Quoted(first), Quoted(second));
            findings.line(
                line,
                format!("The link to {target} has more than one rel: clients take {first} and ignore {second}"),
            );
        }
    });
}

/// RFC 8288 §3.4.1. Several hreflang are allowed.
const ONCE: &[&str] = &["title", "title*", "type", "media"];

pub(super) fn parameter_repeated(subject: &Subject<'_>, findings: &mut Findings) {
    each(subject, |line, link| {
        for name in ONCE {
            let mut values = link.values(name);
            if let (Some(first), Some(second)) = (values.next(), values.next()) {
                let (target, first, second) = (Quoted(link.target), Quoted(first), Quoted(second));
                findings.line(
                    line,
                    format!("The link to {target} has more than one {name}, {first} and {second}: only the first counts"),
                );
            }
        }
    });
}

pub(super) fn rev(subject: &Subject<'_>, findings: &mut Findings) {
    each(subject, |line, link| {
        if let Some(rev) = link.values("rev").next() {
            let (target, rev) = (Quoted(link.target), Quoted(rev));
            findings.line(
                line,
                format!("The link to {target} says rev {rev}, which is deprecated and hardly read"),
            );
        }
    });
}

fn each<'a>(subject: &Subject<'a>, mut look: impl FnMut(FieldLine<'a>, &Link<'_>)) {
    for line in subject.lines("link") {
        for link in &links(&line.value()).0 {
            look(line, link);
        }
    }
}
