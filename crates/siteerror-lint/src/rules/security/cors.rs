//! Access-Control-Allow-Origin: the Fetch standard, "CORS check".

use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

const ORIGIN: &str = "access-control-allow-origin";

pub(super) fn wildcard_credentials(subject: &Subject<'_>, findings: &mut Findings) {
    let wildcard = subject.value(ORIGIN).is_some_and(|value| *value == *b"*");
    let credentials = subject
        .value("access-control-allow-credentials")
        .is_some_and(|value| *value == *b"true");
    if wildcard
        && credentials
        && let Some(line) = subject.lines(ORIGIN).next()
    {
        findings.line(line, "`*` next to Access-Control-Allow-Credentials: true fails every request that has credentials");
    }
}

pub(super) fn origin_bad(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some(value), Some(line)) = (subject.value(ORIGIN), subject.lines(ORIGIN).last()) else {
        return;
    };
    let shown = || Shown(value.get(..80).unwrap_or(&value)).to_string();
    if subject.lines(ORIGIN).count() > 1 || value.contains(&b',') || value.contains(&b' ') {
        let value = shown();
        findings.line(
            line,
            format!(
                "`{value}` is more than one origin, which browsers compare as one text and refuse"
            ),
        );
    } else if *value != *b"*" && *value != *b"null" && !is_origin(&value) {
        let value = shown();
        findings.line(line, format!("`{value}` is no origin: that is a scheme, `://`, a host and perhaps a port, without a path"));
    }
}

fn is_origin(value: &[u8]) -> bool {
    let text = std::str::from_utf8(value).unwrap_or_default();
    text.split_once("://").is_some_and(|(scheme, rest)| {
        let named = !scheme.is_empty()
            && scheme
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"+-.".contains(&byte));
        named && !rest.is_empty() && !rest.contains(['/', '?', '#', '@', '*'])
    })
}
