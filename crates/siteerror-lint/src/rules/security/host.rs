//! The name in the URL.

use unicode_security::MixedScript as _;

use crate::finding::Findings;
use crate::subject::Subject;

/// UTS 39 §5.1: a label whose letters come from scripts that no language writes together.
pub(super) fn idn_confusable(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(url) = subject.given.url else { return };
    if memchr::memmem::find(url.as_bytes(), b"xn--").is_none() {
        return;
    }
    let rest = url.split_once("://").map_or(url, |(_, rest)| rest);
    let end = rest.find(['/', '?', '#']).unwrap_or(rest.len());
    let authority = rest.get(..end).unwrap_or_default();
    let host = authority
        .rsplit_once('@')
        .map_or(authority, |(_, host)| host);
    if !host.contains("xn--") {
        return;
    }
    let (unicode, _) = idna::domain_to_unicode(host);
    if let Some(label) = unicode.split('.').find(|label| !label.is_single_script()) {
        findings.hit(format!(
            "The name `{host}` is written `{label}` for people, and mixes scripts, whose letters can look alike"
        ));
    }
}
