//! What a server says about its software: whether it is written as it should be, and whether it is wise to say.

use siteerror_wire::field::is_token;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) static TALKATIVE: &[&str] = &[
    "server",
    "x-aspnet-version",
    "x-aspnetmvc-version",
    "x-generator",
    "x-php-version",
    "x-powered-by",
];

pub(super) fn leaks(subject: &Subject<'_>, findings: &mut Findings) {
    for name in TALKATIVE {
        for line in subject.lines(name) {
            let value = line.value();
            if versioned(name, &value) {
                let (field, value) = (Quoted(line.name().unwrap_or_default()), Quoted(&value));
                findings.line(
                    line,
                    format!("{field} tells everybody that this is {value}, version included"),
                );
            }
        }
    }
}

/// Whether a version is told: a digit after a slash or a space, or any digit where the field is about nothing but a version. What stands in parentheses may
/// be anything, such as the number of a machine.
fn versioned(field: &str, value: &[u8]) -> bool {
    if field.ends_with("-version") {
        return value.iter().any(u8::is_ascii_digit);
    }
    let value = value.split(|byte| *byte == b'(').next().unwrap_or_default();
    value.windows(2).any(|pair| {
        let &[before, digit] = pair else { return false };
        let after_v = matches!(before, b'v' | b'V');
        digit.is_ascii_digit() && (after_v || matches!(before, b'/' | b' '))
    })
}

/// RFC 9110 §10.2.4: `product *( RWS ( product / comment ) )`.
pub(super) fn server_syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("server") {
        let value = line.value();
        let Some(rest) = products(&value) else {
            continue;
        };
        let quoted = Quoted(&value);
        let text = if rest.is_empty() {
            "Server is empty: without a product to name, the field is better left out".to_owned()
        } else {
            let rest = Quoted(rest);
            format!(
                "Server is {quoted}, and {rest} is neither a product nor a comment in parentheses"
            )
        };
        findings.line(line, text);
    }
}

/// What follows the last thing that could be read; none if all of it is products and comments.
fn products(value: &[u8]) -> Option<&[u8]> {
    let mut rest = product(value);
    if rest.len() == value.len() {
        return Some(value);
    }
    while !rest.is_empty() {
        let next = rest.trim_ascii_start();
        let read = if next.first() == Some(&b'(') {
            comment(next)
        } else {
            Some(product(next))
        };
        // Whitespace parts: without it, and after something unreadable, nothing goes on.
        match read {
            Some(after) if next.len() < rest.len() && after.len() < next.len() => rest = after,
            _ => return Some(next),
        }
    }
    None
}

/// Reads `token [ "/" token ]`; what is no token is left.
fn product(value: &[u8]) -> &[u8] {
    let (_, rest) = token(value);
    let Some(version) = rest.strip_prefix(b"/") else {
        return rest;
    };
    let (version, after) = token(version);
    if version.is_empty() { rest } else { after }
}

/// Parts a token from what follows.
pub(super) fn token(value: &[u8]) -> (&[u8], &[u8]) {
    let end = value.iter().position(|byte| !is_token(&[*byte]));
    value.split_at(end.unwrap_or(value.len()))
}

/// What follows a comment, which may have comments in it: RFC 9110 §5.6.5. None if it is not closed.
pub(super) fn comment(value: &[u8]) -> Option<&[u8]> {
    let mut depth = 0_usize;
    let mut escaped = false;
    for (index, byte) in value.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' => escaped = true,
            b'(' => depth += 1,
            b')' => {
                depth = depth.checked_sub(1)?;
                if depth == 0 {
                    return value.get(index + 1..);
                }
            }
            _ if depth == 0 => return None,
            _ => {}
        }
    }
    None
}
