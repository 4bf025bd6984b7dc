//! Validators: `ETag` and `Last-Modified`.

use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

pub(super) fn etag_bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("etag") {
        let value = line.value();
        if is_entity_tag(&value) {
            continue;
        }
        let said = Shown(value.get(..60).unwrap_or(&value)).to_string();
        let what = if value.starts_with(b"w/\"") {
            format!("`{said}` has a small w before the slash: only `W/` marks a weak tag")
        } else if !value.contains(&b'"') {
            format!("`{said}` stands without quotes, which are part of an entity tag")
        } else {
            format!(
                "`{said}` is no entity tag: one text in double quotes, without spaces or quotes in it, perhaps after `W/`"
            )
        };
        findings.line(line, what);
    }
}

/// RFC 9110 §8.8.3: `[ W/ ] DQUOTE *etagc DQUOTE`.
fn is_entity_tag(value: &[u8]) -> bool {
    let opaque = value.strip_prefix(b"W/").unwrap_or(value);
    let inner = opaque
        .strip_prefix(b"\"")
        .and_then(|rest| rest.strip_suffix(b"\""));
    inner.is_some_and(|inner| {
        inner
            .iter()
            .all(|byte| matches!(byte, 0x21 | 0x23..=0x7E | 0x80..))
    })
}

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    let reads = subject
        .method()
        .is_none_or(|method| [b"GET".as_slice(), b"HEAD"].contains(&method));
    if !reads || !subject.has_content() || subject.has("etag") || subject.has("last-modified") {
        return;
    }
    // What nobody may store, nobody asks about again.
    if subject
        .directives()
        .iter()
        .all(|directive| directive.name != "no-store")
    {
        findings.hit("Neither ETag nor Last-Modified: when the response is stale, all of it has to be sent again");
    }
}
