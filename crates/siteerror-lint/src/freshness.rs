//! How long a response may be used again without asking: RFC 9111, for a cache of one person and for one that many share.

use siteerror_catalog::catalog;

use crate::subject::Subject;
use crate::values::{date, delta_seconds};

/// What a cache may do with a response, counted from when it came.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Reuse {
    /// It must not be stored, or what is stored can never be used.
    Never(Why),
    /// It may be stored, and each use has to be confirmed by the server first.
    AfterAsking,
    /// It may be used for so many seconds; zero where it came stale.
    For {
        /// Seconds that are left.
        seconds: u64,
        /// What says so.
        by: By,
    },
    /// Nothing says how long, and a cache may guess: RFC 9111 §4.2.2.
    Guess {
        /// A tenth of the time since Last-Modified, which §4.2.2 calls typical, less the age; none without that field.
        seconds: Option<u64>,
    },
}

/// Why it is never used again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Why {
    /// `no-store`: RFC 9111 §5.2.2.5.
    NoStore,
    /// `private`, for a cache that many share: §5.2.2.7.
    Private,
    /// The method is not one whose responses caches keep: RFC 9110 §9.2.3.
    Method,
    /// The request had Authorization, and nothing allows a shared cache to keep the response: RFC 9111 §3.5.
    Authorization,
    /// `Vary: *`, which no later request matches: §4.1.
    Varies,
    /// The status code is not for caches without a word that says otherwise: §3.
    Status,
}

/// What says how long.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    /// `s-maxage`.
    SharedMaxAge,
    /// `max-age`.
    MaxAge,
    /// Expires, against Date.
    Expires,
}

/// Both kinds of caches.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Freshness {
    /// A cache of one person, such as a browser's.
    pub private: Reuse,
    /// A cache that many share, such as a proxy or a CDN.
    pub shared: Reuse,
}

/// RFC 6585 §3 to §6: these must not be stored.
const NEVER: &[u16] = &[428, 429, 431, 511];

/// What caches may do with a response.
pub fn freshness(subject: &Subject<'_>) -> Freshness {
    Freshness {
        private: reuse(subject, false),
        shared: reuse(subject, true),
    }
}

fn reuse(subject: &Subject<'_>, shared: bool) -> Reuse {
    let directives = subject.directives();
    let has = |name: &str| directives.iter().any(|directive| directive.name == name);
    let whole = |name: &str| {
        directives
            .iter()
            .any(|directive| directive.name == name && directive.is_bare())
    };
    // RFC 9111 §4.2.1: of several, the first one.
    let seconds = |name: &str| {
        let first = directives.iter().find(|directive| directive.name == name)?;
        let argument = first.argument.as_deref().unwrap_or_default();
        // "Caches are encouraged to consider responses that have invalid freshness information … to be stale."
        Some(delta_seconds(argument.as_bytes()).unwrap_or(0))
    };
    let code = subject.code();
    let known = catalog().number(code);
    let reads = subject
        .method()
        .is_none_or(|method| [b"GET".as_slice(), b"HEAD"].contains(&method));
    if !reads {
        return Reuse::Never(Why::Method);
    }
    // §5.2.2.3: a cache that knows the status code and its rules ignores no-store beside must-understand.
    if NEVER.contains(&code) || (has("no-store") && !(has("must-understand") && known.is_some())) {
        return Reuse::Never(Why::NoStore);
    }
    if shared && whole("private") {
        return Reuse::Never(Why::Private);
    }
    let opens = has("public") || has("s-maxage") || has("must-revalidate");
    if shared && subject.asked_with("authorization") == Some(true) && !opens {
        return Reuse::Never(Why::Authorization);
    }
    let vary = subject.value("vary").unwrap_or_default();
    if vary
        .split(|byte| *byte == b',')
        .any(|name| name.trim_ascii() == b"*")
    {
        return Reuse::Never(Why::Varies);
    }
    let heuristic = known.is_some_and(|code| code.facts.heuristically_cacheable);
    let explicit = has("max-age") || subject.has("expires") || (shared && has("s-maxage"));
    let storable = heuristic || explicit || has("public") || (!shared && has("private"));
    if !storable {
        return Reuse::Never(Why::Status);
    }
    if whole("no-cache") {
        return Reuse::AfterAsking;
    }
    let age = age(subject);
    let left = |lifetime: u64| lifetime.saturating_sub(age);
    if let Some(lifetime) = seconds("s-maxage").filter(|_| shared) {
        let (seconds, by) = (left(lifetime), By::SharedMaxAge);
        return Reuse::For { seconds, by };
    }
    if let Some(lifetime) = seconds("max-age") {
        let (seconds, by) = (left(lifetime), By::MaxAge);
        return Reuse::For { seconds, by };
    }
    if let Some(line) = subject.lines("expires").next() {
        // §5.3: what is no date, 0 above all, is in the past.
        let expires = date(&line.value()).map(siteerror_wire::field::HttpDate::unix_s);
        let lifetime = expires.zip(begin(subject)).map_or(0, |(end, begin)| {
            u64::try_from(end.saturating_sub(begin)).unwrap_or(0)
        });
        let (seconds, by) = (left(lifetime), By::Expires);
        return Reuse::For { seconds, by };
    }
    // §4.2.2: without an explicit time a cache may guess, if the code is one for that or if it is marked as public.
    if !heuristic && !has("public") {
        return Reuse::AfterAsking;
    }
    let modified = subject
        .lines("last-modified")
        .next()
        .and_then(|line| date(&line.value()))
        .map(siteerror_wire::field::HttpDate::unix_s);
    let guess = modified.zip(begin(subject)).map(|(modified, begin)| {
        let since = u64::try_from(begin.saturating_sub(modified)).unwrap_or(0);
        left(since / 10)
    });
    Reuse::Guess { seconds: guess }
}

/// When the response was made: Date, or when it came (RFC 9110 §6.6.1).
fn begin(subject: &Subject<'_>) -> Option<i64> {
    let said = subject
        .lines("date")
        .next()
        .and_then(|line| date(&line.value()));
    said.map(siteerror_wire::field::HttpDate::unix_s)
        .or(subject.given.received_at_unix_s)
}

/// RFC 9111 §4.2.3, without the time on the way: the larger one of what Age says and what the clock shows.
fn age(subject: &Subject<'_>) -> u64 {
    let said = subject
        .lines("age")
        .next()
        .and_then(|line| delta_seconds(&line.value()))
        .unwrap_or(0);
    let came = subject.given.received_at_unix_s;
    let apparent = came.zip(begin(subject)).map_or(0, |(came, begin)| {
        u64::try_from(came.saturating_sub(begin)).unwrap_or(0)
    });
    said.max(apparent)
}
