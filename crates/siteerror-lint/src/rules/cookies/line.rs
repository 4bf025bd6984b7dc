//! A line as a whole: its characters, its size, and its neighbours.

use siteerror_wire::field::is_token;
use siteerror_wire::write::Shown;

use super::cookie::cookies;
use crate::finding::Findings;
use crate::subject::Subject;

/// RFC 6265 §6.1: what clients must be able to keep, name, value and attributes together. Browsers keep no more.
const MOST_BYTES: usize = 4096;

pub(super) fn too_large(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let bytes = cookie.line.value().len();
        if bytes > MOST_BYTES {
            let name = cookie.shown();
            findings.line(
                cookie.line,
                format!(
                    "{name} takes {bytes} bytes with its attributes, and clients need to keep no more than {MOST_BYTES}"
                ),
            );
        }
    }
}

/// RFC 6265 §4.1.1: `cookie-octet`, without quotes around it.
fn is_octets(value: &[u8]) -> bool {
    let inner = value
        .strip_prefix(b"\"")
        .and_then(|value| value.strip_suffix(b"\""))
        .unwrap_or(value);
    inner
        .iter()
        .all(|byte| matches!(byte, 0x21 | 0x23..=0x2B | 0x2D..=0x3A | 0x3C..=0x5B | 0x5D..=0x7E))
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        let name = cookie.shown();
        let value = cookie.value.get(..40).unwrap_or(&cookie.value);
        let what = if !cookie.has_equals {
            "A cookie has no `=`, and clients disagree whether that is a name or a value".to_owned()
        } else if !is_token(&cookie.name) {
            format!("The cookie name {name} is no token")
        } else if is_octets(&cookie.value) {
            continue;
        } else if is_combined(&cookie.value) {
            // Said by the rule about lines with several cookies.
            continue;
        } else {
            let value = Shown(value);
            format!(
                "The value of {name}, `{value}`, has characters that a cookie cannot have: encode them"
            )
        };
        findings.line(cookie.line, what);
    }
}

/// Whether a value looks as if it went on with the next cookie: `1, b=2`.
fn is_combined(value: &[u8]) -> bool {
    value.split(|byte| *byte == b',').skip(1).any(|part| {
        let name = part.split(|byte| *byte == b'=').next().unwrap_or_default();
        part.contains(&b'=') && is_token(name.trim_ascii())
    })
}

pub(super) fn combined(subject: &Subject<'_>, findings: &mut Findings) {
    for cookie in cookies(subject) {
        // A date has a comma too, but no name and no `=` behind it.
        let attributes = cookie.attributes.iter().map(|(_, value)| value.as_slice());
        if std::iter::once(cookie.value.as_slice())
            .chain(attributes)
            .any(is_combined)
        {
            let name = cookie.shown();
            findings.line(
                cookie.line,
                format!(
                    "Several cookies seem to share a line, and clients read them as one, {name}"
                ),
            );
        }
    }
}

pub(super) fn duplicate_name(subject: &Subject<'_>, findings: &mut Findings) {
    // A cookie is known by name, domain and path together (RFC 6265 §5.3), yet no two of a name belong in one response.
    let mut seen: Vec<Vec<u8>> = Vec::new();
    for cookie in cookies(subject) {
        if seen.contains(&cookie.name) {
            let name = cookie.shown();
            findings.line(
                cookie.line,
                format!("{name} is set more than once in this response"),
            );
        }
        // So many are looked at: a response with more cookies has other troubles.
        if seen.len() < 64 {
            seen.push(cookie.name);
        }
    }
}
