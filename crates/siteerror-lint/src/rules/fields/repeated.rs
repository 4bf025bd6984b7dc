//! Fields with one value that come more than once.

use siteerror_wire::message::FieldLine;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// Fields of responses that are no lists. Content-Length is not here: RFC 9112 §6.3 has rules of its own for it.
const SINGLETONS: &[&str] = &[
    "access-control-allow-credentials",
    "access-control-allow-origin",
    "access-control-max-age",
    "age",
    "content-disposition",
    "content-location",
    "content-range",
    "content-type",
    "cross-origin-embedder-policy",
    "cross-origin-opener-policy",
    "cross-origin-resource-policy",
    "date",
    "deprecation",
    "etag",
    "expires",
    "last-modified",
    "location",
    "origin-agent-cluster",
    "refresh",
    "retry-after",
    "sec-websocket-accept",
    "sec-websocket-protocol",
    "server",
    "strict-transport-security",
    "sunset",
];

/// Every response is asked, so that first only lengths and first letters are compared; names, and the table, are for lines that agree in both.
pub(super) fn repeated(subject: &Subject<'_>, findings: &mut Findings) {
    let mut keys = [0_u16; 256];
    for (index, line) in subject.fields().lines().enumerate() {
        let Some(name) = line.name() else { continue };
        let first = name.first().copied().unwrap_or_default();
        let key = u16::from_be_bytes([name.len().to_le_bytes()[0], first.to_ascii_lowercase()]);
        let seen = keys.get(..index).is_none_or(|keys| keys.contains(&key));
        if let Some(slot) = keys.get_mut(index) {
            *slot = key;
        }
        if seen && is_single(name) {
            compare(subject, index, line, name, findings);
        }
    }
}

fn is_single(name: &[u8]) -> bool {
    SINGLETONS
        .iter()
        .any(|single| single.as_bytes().eq_ignore_ascii_case(name))
}

fn compare(
    subject: &Subject<'_>,
    index: usize,
    line: FieldLine<'_>,
    name: &[u8],
    findings: &mut Findings,
) {
    let mut before = subject.fields().lines().take(index);
    let same = |other: &[u8]| other.eq_ignore_ascii_case(name);
    let Some(first) = before.find(|other| other.name().is_some_and(same)) else {
        return;
    };
    let (one, two) = (first.value(), line.value());
    let (name, one_quoted, two_quoted) = (Quoted(name), Quoted(&one), Quoted(&two));
    let text = if one == two {
        format!("{name} has one value and comes more than once, {one_quoted} each time")
    } else {
        format!(
            "{name} has one value and comes more than once, as {one_quoted} and as {two_quoted}: clients differ in which they take"
        )
    };
    findings.line(line, text);
}
