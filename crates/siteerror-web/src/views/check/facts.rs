//! What is worth knowing about the last response: what it is, what caches may do with it, and the fields that protect.

use std::fmt::Write as _;

use siteerror_check::Hop;
use siteerror_guard::show::Plain;
use siteerror_wire::write::Shown;

use super::caching::caching;
use super::words::bytes;

/// Fields that protect whoever looks at a page.
const PROTECTING: [&str; 7] = [
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
];
/// Characters of a value that a summary shows.
const MOST_SHOWN: usize = 160;

/// What is worth knowing about the last response.
pub(super) fn facts(hop: &Hop, now_unix_s: i64) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let Some(head) = hop.head() else {
        return facts;
    };
    let value = |name: &str| {
        let value = head.fields().combined(name)?;
        Some(short(&Shown(&value).to_string()))
    };
    if let Some(content) = &hop.content {
        let mut text = value("content-type").unwrap_or_else(|| "no Content-Type".to_owned());
        if let Some(sniffed) = content.sniffed {
            let _ = write!(text, "; the bytes look like {sniffed}");
        }
        facts.push(("Type", text));
        let mut text = bytes(content.bytes);
        if content.decoded_bytes != content.bytes {
            let codings = content.codings.join(", ");
            let decoded = bytes(content.decoded_bytes);
            let _ = write!(text, " as {codings}, {decoded} decoded");
        }
        if content.truncated {
            text.push_str(", and more that was not read");
        }
        facts.push(("Size", text));
        if let Some(title) = &content.title {
            facts.push(("Title", Plain(title).to_string()));
        }
        if let Some(hash) = content.sha256 {
            let hex = hash
                .iter()
                .fold(String::with_capacity(64), |mut hex, byte| {
                    let _ = write!(hex, "{byte:02x}");
                    hex
                });
            facts.push(("SHA-256", hex));
        }
    }
    if let Some(words) = caching(hop, now_unix_s) {
        facts.push(("Caching", words));
    }
    if let Some(validators) = match (value("etag"), value("last-modified")) {
        (Some(tag), Some(date)) => Some(format!("ETag {tag}, Last-Modified {date}")),
        (Some(tag), None) => Some(format!("ETag {tag}")),
        (None, Some(date)) => Some(format!("Last-Modified {date}")),
        (None, None) => None,
    } {
        facts.push(("Validators", validators));
    }
    facts
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

pub(super) fn security(hop: &Hop) -> Vec<(&'static str, Option<String>)> {
    let Some(head) = hop.head() else {
        return Vec::new();
    };
    PROTECTING
        .iter()
        .map(|name| {
            let value = head.fields().combined(name);
            let value = value.map(|value| short(&Shown(&value).to_string()));
            (*name, value)
        })
        .collect()
}
