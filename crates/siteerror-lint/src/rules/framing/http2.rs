//! What HTTP/2 has no place for: RFC 9113.

use siteerror_wire::Protocol;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

pub(super) const CONNECTION_FIELDS: &[&str] = &[
    "connection",
    "proxy-connection",
    "keep-alive",
    "transfer-encoding",
    "upgrade",
];

pub(super) fn connection_field(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() != Protocol::Http2 {
        return;
    }
    for name in CONNECTION_FIELDS {
        for line in subject.lines(name) {
            let text = Quoted(line.as_bytes().trim_ascii());
            findings.line(
                line,
                format!("{text} came over HTTP/2, where it makes the response malformed"),
            );
        }
    }
}

pub(super) fn switching(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.protocol() == Protocol::Http2 {
        findings.hit("A 101 came over HTTP/2, which has no Upgrade to answer");
    }
}
