//! What caches may do with a response, in a sentence: RFC 9111.

use siteerror_catalog::catalog;
use siteerror_check::Hop;
use siteerror_wire::Fields;
use siteerror_wire::field::{HttpDate, list, unquote};

/// What is said about reuse.
#[derive(Debug, Default)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "directives are there or not, each by itself"
)]
struct Said {
    no_store: bool,
    no_cache: bool,
    private: bool,
    shared: bool,
    immutable: bool,
    max_age: Option<u64>,
    s_maxage: Option<u64>,
}

/// The sentence; none where nothing can be said.
pub(super) fn caching(hop: &Hop, now_unix_s: i64) -> Option<String> {
    let head = hop.head().filter(|head| head.is_complete())?;
    let status = head.status()?;
    let code = catalog().number(status);
    if !matches!(hop.method.as_str(), "GET" | "HEAD") {
        return None;
    }
    let fields = head.fields();
    let said = Said::of(fields);
    // RFC 9111 §5.2.2.5.
    if said.no_store {
        return Some("No cache may keep this: no-store.".to_owned());
    }
    let has = |name: &str| fields.named(name).next().is_some();
    if fields
        .combined("vary")
        .is_some_and(|value| list(&value).any(|name| name == b"*"))
    {
        return Some("A cache can use this for no other request: Vary is *.".to_owned());
    }
    let asked_with_credentials = hop.exchange.as_ref().is_some_and(|exchange| {
        let fields = exchange.request.head.fields();
        fields.named("authorization").next().is_some()
    });
    // RFC 9111 §3.5.
    let is_private = said.private || (asked_with_credentials && !said.shared);
    let (own, common) = lifetimes(&said, fields, now_unix_s);
    let validator = has("etag") || has("last-modified");
    if said.no_cache {
        let who = if is_private { "A browser" } else { "Any cache" };
        let how = if validator {
            "must ask each time whether it is still good"
        } else {
            "must get it anew each time: there is neither ETag nor Last-Modified to ask with"
        };
        return Some(format!("{who} may keep this, and {how} (no-cache)."));
    }
    let Some(own) = own else {
        let guess = code.is_some_and(|code| code.facts.heuristically_cacheable);
        return Some(match (guess, has("last-modified")) {
            (true, true) => "It says nothing about how long this may be reused: caches guess, usually a tenth of its age.",
            (true, false) => "It says nothing about how long this may be reused, and has no Last-Modified to guess from: most caches ask again.",
            (false, _) => "No cache keeps this: it says no lifetime, and this status code has none of its own.",
        }.to_owned());
    };
    let unchanging = if said.immutable {
        ", and need not ask again when reloading"
    } else {
        ""
    };
    Some(match (is_private, common) {
        (true, _) => format!(
            "A browser may reuse this for {}{unchanging}; a shared cache must not.",
            span(own)
        ),
        (false, Some(common)) if common != own => format!(
            "A browser may reuse this for {}{unchanging}; a shared cache for {}.",
            span(own),
            span(common)
        ),
        _ => format!("Any cache may reuse this for {}{unchanging}.", span(own)),
    })
}

/// Seconds that are left in a private and in a shared cache: RFC 9111 §4.2.1, less the Age that it came with.
fn lifetimes(said: &Said, fields: &Fields, now_unix_s: i64) -> (Option<u64>, Option<u64>) {
    let date = |name: &str| {
        let value = fields.named(name).next()?.value();
        HttpDate::parse(&value, now_unix_s).map(HttpDate::unix_s)
    };
    let expires = fields.named("expires").next().map(|line| {
        // §5.3: what is no date has passed.
        let until = HttpDate::parse(&line.value(), now_unix_s).map(HttpDate::unix_s);
        let from = date("date").unwrap_or(now_unix_s);
        until.map_or(0, |until| {
            u64::try_from(until.saturating_sub(from)).unwrap_or(0)
        })
    });
    let age = fields
        .named("age")
        .next()
        .and_then(|line| number(&line.value()))
        .unwrap_or(0);
    let own = said.max_age.or(expires);
    let common = said.s_maxage.or(own);
    let left = |span: Option<u64>| span.map(|span| span.saturating_sub(age));
    (left(own), left(common))
}

impl Said {
    fn of(fields: &Fields) -> Self {
        let mut said = Self::default();
        let value = fields.combined("cache-control").unwrap_or_default();
        for directive in list(&value) {
            let mut parts = directive.splitn(2, |byte| *byte == b'=');
            let name = parts.next().unwrap_or_default().trim_ascii();
            let argument = parts.next();
            match name.to_ascii_lowercase().as_slice() {
                b"no-store" => said.no_store = true,
                // §5.2.2.4 and §5.2.2.7: with names, it is about these fields only.
                b"no-cache" => said.no_cache |= argument.is_none(),
                b"private" => said.private |= argument.is_none(),
                b"public" | b"must-revalidate" => said.shared = true,
                b"immutable" => said.immutable = true,
                b"max-age" => said.max_age = said.max_age.or(argument.and_then(number)),
                b"s-maxage" => {
                    said.shared = true;
                    said.s_maxage = said.s_maxage.or(argument.and_then(number));
                }
                _ => {}
            }
        }
        said
    }
}

/// delta-seconds: RFC 9111 §1.2.2.
fn number(bytes: &[u8]) -> Option<u64> {
    let bytes = bytes.trim_ascii();
    let bare = unquote(bytes).unwrap_or_else(|| bytes.to_vec());
    if bare.is_empty() || !bare.iter().all(u8::is_ascii_digit) {
        return None;
    }
    // §1.2.2: what is too large counts as 2^31.
    let text = std::str::from_utf8(&bare).ok()?;
    Some(text.parse().unwrap_or(1 << 31).min(1 << 31))
}

/// Seconds as people say them.
pub(super) fn span(seconds: u64) -> String {
    let (count, unit) = match seconds {
        0..120 => (seconds, "second"),
        120..7200 => (seconds / 60, "minute"),
        7200..172_800 => (seconds / 3600, "hour"),
        172_800..63_072_000 => (seconds / 86_400, "day"),
        _ => (seconds / 31_536_000, "year"),
    };
    let plural = if count == 1 { "" } else { "s" };
    format!("{count} {unit}{plural}")
}
