//! Content-Security-Policy and Referrer-Policy.

use siteerror_wire::field;

use crate::finding::Findings;
use crate::subject::Subject;

/// A nonce or a hash makes browsers that know them (CSP 2 and later) pass over `'unsafe-inline'`, which is then there for older ones.
fn has_nonce_or_hash(sources: &[String]) -> bool {
    sources.iter().any(|source| {
        ["'nonce-", "'sha256-", "'sha384-", "'sha512-"]
            .iter()
            .any(|start| source.starts_with(start))
    })
}

pub(super) fn csp_unsafe(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-security-policy") {
        let value = String::from_utf8_lossy(&line.value()).to_ascii_lowercase();
        for policy in value.split(',') {
            let directive = |name: &str| {
                policy.split(';').find_map(|directive| {
                    let mut words = directive.split_ascii_whitespace();
                    (words.next() == Some(name))
                        .then(|| words.map(ToOwned::to_owned).collect::<Vec<_>>())
                })
            };
            let (name, sources) = match directive("script-src") {
                Some(sources) => ("script-src", sources),
                None => match directive("default-src") {
                    Some(sources) => ("default-src", sources),
                    None => continue,
                },
            };
            let has = |word: &str| sources.iter().any(|source| source == word);
            let strict = has("'strict-dynamic'");
            let what = if has("'unsafe-inline'") && !has_nonce_or_hash(&sources) && !strict {
                Some("'unsafe-inline'")
            } else if has("'unsafe-eval'") {
                Some("'unsafe-eval'")
            } else if !strict {
                ["*", "http:", "https:", "data:"]
                    .into_iter()
                    .find(|word| has(word))
            } else {
                None
            };
            if let Some(word) = what {
                let why = match word {
                    "'unsafe-inline'" => "scripts that somebody injects into the page run as well",
                    "'unsafe-eval'" => "text that reaches eval() runs as a script",
                    _ => "scripts from anywhere run",
                };
                findings.line(line, format!("`{name}` has `{word}`: {why}"));
            }
        }
    }
}

pub(super) fn referrer_unsafe(subject: &Subject<'_>, findings: &mut Findings) {
    // The last policy that a browser knows counts, so that older ones can be listed before newer ones.
    const KNOWN: &[&[u8]] = &[
        b"no-referrer",
        b"no-referrer-when-downgrade",
        b"same-origin",
        b"origin",
        b"strict-origin",
        b"origin-when-cross-origin",
        b"strict-origin-when-cross-origin",
        b"unsafe-url",
    ];
    let Some(value) = subject.value("referrer-policy") else {
        return;
    };
    let last = field::list(&value)
        .map(<[u8]>::to_ascii_lowercase)
        .filter(|policy| KNOWN.contains(&policy.as_slice()))
        .last();
    if last.as_deref() == Some(b"unsafe-url")
        && let Some(line) = subject.lines("referrer-policy").last()
    {
        findings.line(line, "`unsafe-url` tells every other site, over plain http too, the whole address with its query");
    }
}
