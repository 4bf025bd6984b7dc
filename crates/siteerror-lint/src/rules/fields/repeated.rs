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

/// Nearly every response is asked, so that it compares lengths first, and looks into the table only where a name is there twice.
pub(super) fn repeated(subject: &Subject<'_>, findings: &mut Findings) {
    let mut before: Vec<FieldLine<'_>> = Vec::new();
    for line in subject.fields().lines() {
        let Some(name) = line.name() else { continue };
        let same = |other: &&FieldLine<'_>| {
            other
                .name()
                .is_some_and(|other| other.eq_ignore_ascii_case(name))
        };
        let Some(first) = before.iter().find(same) else {
            before.push(line);
            continue;
        };
        let is_single = |single: &&str| single.as_bytes().eq_ignore_ascii_case(name);
        if SINGLETONS.iter().any(|single| is_single(&single)) {
            let (one, two) = (first.value(), line.value());
            let (quoted_name, one_quoted, two_quoted) = (Quoted(name), Quoted(&one), Quoted(&two));
            let text = if one == two {
                format!(
                    "{quoted_name} has one value and comes more than once, {one_quoted} each time"
                )
            } else {
                format!(
                    "{quoted_name} has one value and comes more than once, as {one_quoted} and as {two_quoted}: clients differ in which they take"
                )
            };
            findings.line(line, text);
        }
    }
}
