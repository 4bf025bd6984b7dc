//! Lists and parameters, whatever their field: empty members, and whitespace where none may be.

use memchr::memchr;
use siteerror_wire::field::{is_token, list};

use super::known::{names, row};
use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// Fields that are lists, and whether brackets in them keep commas from parting: angle brackets around a URI, round ones around a comment.
const LISTS: [(&str, bool); 24] = [
    ("accept", false),
    ("accept-encoding", false),
    ("accept-patch", false),
    ("accept-post", false),
    ("accept-ranges", false),
    ("access-control-allow-headers", false),
    ("access-control-allow-methods", false),
    ("access-control-expose-headers", false),
    ("allow", false),
    ("alt-svc", false),
    ("cache-control", false),
    ("connection", false),
    ("content-encoding", false),
    ("content-language", false),
    ("link", true),
    ("proxy-authenticate", false),
    ("server-timing", false),
    ("timing-allow-origin", false),
    ("trailer", false),
    ("transfer-encoding", false),
    ("upgrade", false),
    ("vary", false),
    ("via", true),
    ("www-authenticate", false),
];

pub(super) static LIST_NAMES: &[&str] = &names(&LISTS);

pub(super) fn empty_element(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.fields().lines() {
        let value = line.value();
        if memchr(b',', &value).is_none() {
            continue;
        }
        let Some(brackets) = row(&LISTS, line) else {
            continue;
        };
        if has_empty(&value, brackets) {
            let (name, value) = (Quoted(line.name().unwrap_or_default()), Quoted(&value));
            findings.line(line, format!("{name} has an empty member: {value}"));
        }
    }
}

/// Whether a value with commas has nothing between two of them, or before the first or after the last.
fn has_empty(value: &[u8], brackets: bool) -> bool {
    let (mut quoted, mut escaped, mut depth, mut blank) = (false, false, 0_usize, true);
    for byte in value {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => {
                quoted = !quoted;
                blank = false;
            }
            b' ' | b'\t' => {}
            b',' if !quoted && depth == 0 => {
                if blank {
                    return true;
                }
                blank = true;
            }
            b'<' | b'(' if brackets && !quoted => {
                depth += 1;
                blank = false;
            }
            b'>' | b')' if brackets && !quoted => depth = depth.saturating_sub(1),
            _ => blank = false,
        }
    }
    blank
}

/// Fields whose grammar forbids whitespace around `=`. That of Content-Disposition (RFC 6266 §4.1) and of Server-Timing allow it.
pub(super) static PARAMETERS: &[&str] = &[
    "accept",
    "accept-patch",
    "accept-post",
    "alt-svc",
    "content-type",
    "link",
    "transfer-encoding",
];

pub(super) fn parameter_space(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.fields().lines() {
        let value = line.value();
        let Some(parameter) = memchr(b';', &value).and_then(|_| spaced(&value)) else {
            continue;
        };
        let name = line.name().unwrap_or_default();
        let is_name = |known: &str| known.as_bytes().eq_ignore_ascii_case(name);
        if PARAMETERS.iter().any(|known| is_name(known)) {
            let (name, parameter) = (Quoted(name), Quoted(parameter));
            findings.line(
                line,
                format!("In {name}, whitespace stands beside the equals sign of {parameter}: strict clients ignore the parameter"),
            );
        }
    }
}

/// The first parameter with whitespace beside its equals sign, and what follows it.
fn spaced(value: &[u8]) -> Option<&[u8]> {
    let (mut quoted, mut escaped, mut target) = (false, false, false);
    // Where the parameter begins that has had no equals sign yet.
    let mut begin: Option<usize> = None;
    let is_space = |index: Option<usize>| {
        matches!(index.and_then(|index| value.get(index)), Some(b' ' | b'\t'))
    };
    for (index, byte) in value.iter().enumerate() {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            _ if quoted => {}
            b'<' => target = true,
            b'>' => target = false,
            _ if target => {}
            b';' => begin = Some(index + 1),
            b',' => begin = None,
            b'=' => {
                let spaced = is_space(index.checked_sub(1)) || is_space(index.checked_add(1));
                if let Some(begin) = begin.take().filter(|_| spaced) {
                    return value.get(begin..).map(<[u8]>::trim_ascii);
                }
            }
            _ => {}
        }
    }
    None
}

/// RFC 9110 §14.3: `1#range-unit`.
pub(super) fn accept_ranges(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("accept-ranges") {
        let value = line.value();
        let quoted = Quoted(&value);
        if list(&value).next().is_none() {
            findings.line(
                line,
                "Accept-Ranges is empty: `none` is how to say that there are no ranges",
            );
        } else if !list(&value).all(is_token) {
            findings.line(
                line,
                format!("{quoted} is no list of range units, such as `bytes` or `none`"),
            );
        }
    }
}
