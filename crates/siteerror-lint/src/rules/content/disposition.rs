//! Content-Disposition: RFC 6266 §4.1.

use siteerror_wire::field::{is_token, parameters, unquote};
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

fn shown(value: &[u8]) -> String {
    Shown(value.get(..60).unwrap_or(value)).to_string()
}

/// The parts between semicolons that stand outside of quotes.
fn parts(value: &[u8]) -> Vec<&[u8]> {
    let mut quoted = false;
    let mut escaped = false;
    let split = value.split(move |byte| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b';' if !quoted => return true,
            _ => {}
        }
        false
    });
    split.map(<[u8]>::trim_ascii).collect()
}

/// `name = value` with a token or a quoted string behind it; whitespace around `=` is what RFC 2616 allowed, and RFC 6266 builds on its grammar.
fn fits(part: &[u8]) -> bool {
    let equals = part.iter().position(|byte| *byte == b'=');
    let halves = equals.and_then(|at| Some((part.get(..at)?, part.get(at + 1..)?)));
    halves.is_some_and(|(name, value)| {
        let value = value.trim_ascii();
        is_token(name.trim_ascii()) && (is_token(value) || unquote(value).is_some())
    })
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-disposition") {
        let value = line.value();
        let parts = parts(&value);
        let (kind, rest) = parts
            .split_first()
            .map_or((&[][..], &[][..]), |(kind, rest)| (*kind, rest));
        if !is_token(kind) {
            let kind = shown(kind);
            findings.line(
                line,
                format!("`{kind}` is no disposition such as `attachment` or `inline`"),
            );
        } else if let Some(part) = rest.iter().find(|part| !part.is_empty() && !fits(part)) {
            let part = shown(part);
            findings.line(
                line,
                format!(
                    "`{part}` is no parameter: a value with spaces or other signs stands in quotes"
                ),
            );
        }
    }
}

pub(super) fn duplicate(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-disposition") {
        let value = line.value();
        let mut names: Vec<Vec<u8>> = parameters(&value)
            .1
            .iter()
            .map(|parameter| parameter.name.to_ascii_lowercase())
            .collect();
        names.sort_unstable();
        if let Some([name, _]) = names.array_windows().find(|[one, other]| one == other) {
            let name = shown(name);
            findings.line(line, format!("The parameter `{name}` is there twice, and browsers differ in which one they take"));
        }
    }
}

pub(super) fn path(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-disposition") {
        let value = line.value();
        for parameter in parameters(&value).1 {
            let name = parameter.name.to_ascii_lowercase();
            let file = parameter.value.unwrap_or_default();
            let encoded = name == b"filename*"
                && file
                    .to_ascii_lowercase()
                    .windows(3)
                    .any(|part| part == b"%2f" || part == b"%5c");
            let plain = name == b"filename" && file.iter().any(|byte| b"/\\".contains(byte));
            if plain || encoded {
                let file = shown(&file);
                findings.line(line, format!("The file name `{file}` has a path in it, of which clients keep the last part at most"));
            }
        }
    }
}
