//! Too soon, too often, too many at once, and what breaks under it. RFC 8470, RFC 6585 §4, RFC 9110 §15.6.

use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::{CACHE_CONTROL, RETRY_AFTER};
use http::{HeaderName, HeaderValue, StatusCode};
use serde_json::json;
use tokio::sync::Semaphore;

use crate::call::Call;
use crate::causes::items::value;
use crate::causes::{Ask, Cause, Deed, Rule, Seen, ask};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);
const AGAIN: Ask = ask("GET {try}/{id}", &[]);
const HOLD: Ask = ask("GET {try}/{id}?seconds=3", &[]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 425,
        rule: "Send `Early-Data: 1`, as a gateway does for a request that came before the TLS handshake was over: whoever listened in could play it again, so it has to wait.",
        source: "RFC 8470 §5.1, §5.2",
        note: "This path acts on every request, so it takes none that may be a replay. The same request after the handshake, without the field, goes through.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Now(early),
        provocations: &[Deed::of(425, &[ask("GET {try}", &["Early-Data: 1"])])],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 429,
        rule: "Ask more than 5 times in a row under one name: each request takes a token from a bucket of 5, into which one comes back every 2 seconds.",
        source: "RFC 6585 §4",
        note: "Retry-After says when the next token is there. RateLimit-Policy and RateLimit, by draft-ietf-httpapi-ratelimit-headers, tell all along how many are left.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(bucket),
        provocations: &[Deed::of(429, &[AGAIN; 6])
            .command("for n in 1 2 3 4 5 6; do curl -i '{origin}{try}/{id}'; done")],
        twin: Deed::of(200, &[AGAIN]),
    },
    Cause {
        code: 500,
        rule: "Have 100 divided by 0: whoever wrote this path did not think of that, so it breaks. The server catches it, and answers for it.",
        source: "RFC 9110 §15.6.1",
        note: "The panic is a real one, and the mistake is left in on purpose. Other requests do not notice.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(divide),
        provocations: &[Deed::of(500, &[ask("GET {try}?by=0", &[])])],
        twin: Deed::of(200, &[ask("GET {try}?by=4", &[])]),
    },
    Cause {
        code: 503,
        rule: "Have more than 2 requests under one name in work at the same time: two are let in, and the others are told to come back.",
        source: "RFC 9110 §15.6.4, §10.2.3",
        note: "`?seconds=` says how long a request stays, up to 10. The place is free again once it is answered, or its client has gone.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(admitted(call, rest))),
        provocations: &[Deed::of(503, &[HOLD; 3])
            .together()
            .command("for n in 1 2 3; do curl -i '{origin}{try}/{id}?seconds=3' & done; wait")],
        twin: Deed::of(200, &[ask("GET {try}/{id}?seconds=0", &[])]),
    },
];

fn early(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    // RFC 8470 §5.1: a field with another value, or several of them, counts as one with 1.
    if call.parts.headers.contains_key("early-data") {
        return Ok(Reply::status(StatusCode::TOO_EARLY)
            .because("Your request says that it came in early data, so it may be a replay."));
    }
    Ok(Reply::ok(TEXT, "Done, once.\n").because("Nothing says that your request came early."))
}

/// How long it takes until another token is in the bucket.
const REFILL: Duration = Duration::from_secs(2);

/// A bucket of tokens.
#[derive(Debug)]
pub(super) struct Bucket {
    tokens: u64,
    /// When the tokens were counted; what is left of a refill is not lost.
    counted: Instant,
}

/// What a bucket says to a request.
#[derive(Debug, PartialEq, Eq)]
struct Taken {
    allowed: bool,
    left: u64,
    /// Until the next token; none while it is full.
    next: Duration,
}

impl Bucket {
    fn full(now: Instant) -> Self {
        Self {
            tokens: limits::BUCKET.max,
            counted: now,
        }
    }

    fn take(&mut self, now: Instant) -> Taken {
        let since = now.saturating_duration_since(self.counted);
        let refills = since.as_secs() / REFILL.as_secs();
        if self.tokens + refills >= limits::BUCKET.max {
            self.tokens = limits::BUCKET.max;
            self.counted = now;
        } else {
            self.tokens += refills;
            self.counted += Duration::from_secs(refills * REFILL.as_secs());
        }
        let allowed = self.tokens > 0;
        self.tokens -= u64::from(allowed);
        Taken {
            allowed,
            left: self.tokens,
            next: REFILL.saturating_sub(now.saturating_duration_since(self.counted)),
        }
    }
}

fn bucket(call: &mut Call, rest: &str) -> Outcome {
    let id = super::id(call, rest)?;
    let now = Instant::now();
    let taken = call.shared.causes.buckets.with_or(
        id,
        now,
        || Bucket::full(now),
        |bucket| bucket.take(now),
    );
    // Whole seconds, and never too few.
    let seconds = u64::try_from(taken.next.as_millis().div_ceil(1000)).unwrap_or(u64::MAX);
    let policy = value(&format!(
        "\"bucket\";q={};w={}",
        limits::BUCKET.max,
        limits::BUCKET.max * REFILL.as_secs()
    ))?;
    let state = value(&format!("\"bucket\";r={};t={seconds}", taken.left))?;
    let (policy_name, state_name) = (
        HeaderName::from_static("ratelimit-policy"),
        HeaderName::from_static("ratelimit"),
    );
    if taken.allowed {
        return Ok(Reply::ok(TEXT, format!("{} left.\n", taken.left))
            .field(policy_name, policy)
            .field(state_name, state)
            .fixed(CACHE_CONTROL, "no-store")
            .because(format!(
                "There was a token for you, and {} are left.",
                taken.left
            )));
    }
    Err(Refusal::limit(limits::BUCKET, limits::BUCKET.max + 1)
        .hint(format!("the next token is there in {seconds} s"))
        .field(RETRY_AFTER, HeaderValue::from(seconds))
        .field(policy_name, policy)
        .field(state_name, state)
        // RFC 6585 §4: no cache may keep it.
        .field(CACHE_CONTROL, HeaderValue::from_static("no-store")))
}

fn divide(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let by = call.integer("by").unwrap_or(1);
    // The mistake that the code is about: nobody looked whether `by` is 0.
    let quotient = 100 / by;
    Ok(Reply::json(&json!({ "quotient": quotient })).because("100 can be divided by that."))
}

async fn admitted(call: &mut Call, rest: &str) -> Outcome {
    let id = super::id(call, rest)?;
    let most = usize::try_from(limits::SLOTS.max).unwrap_or(1);
    let slots = call.shared.causes.slots.with_or(
        id,
        Instant::now(),
        || Arc::new(Semaphore::new(most)),
        |slots| Arc::clone(slots),
    );
    let Ok(_slot) = slots.try_acquire() else {
        return Err(Refusal::limit(limits::SLOTS, limits::SLOTS.max + 1)
            .hint("come back once one of the others is answered")
            .field(RETRY_AFTER, HeaderValue::from_static("3")));
    };
    let time = call.seconds("seconds").unwrap_or_default();
    call.pause(time).await?;
    Ok(Reply::ok(TEXT, "Served.\n").because("There was a place for you."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn tokens_come_back_one_by_one_and_no_part_of_one_is_lost() {
        let start = Instant::now();
        let at = |milliseconds| start + Duration::from_millis(milliseconds);
        let mut bucket = Bucket::full(start);
        for left in [4, 3, 2, 1, 0] {
            assert_eq!(bucket.take(start), taken(true, left, 2000));
        }
        assert_eq!(bucket.take(start), taken(false, 0, 2000));
        assert_eq!(bucket.take(at(1999)), taken(false, 0, 1));
        assert_eq!(bucket.take(at(2000)), taken(true, 0, 2000));
        assert_eq!(bucket.take(at(3500)), taken(false, 0, 500));
        assert_eq!(bucket.take(at(4000)), taken(true, 0, 2000));
        // Never more than the bucket holds, however long one waits.
        assert_eq!(bucket.take(at(100_000)), taken(true, 4, 2000));
    }

    fn taken(allowed: bool, left: u64, next: u64) -> Taken {
        Taken {
            allowed,
            left,
            next: Duration::from_millis(next),
        }
    }
}
