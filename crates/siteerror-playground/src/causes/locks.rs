//! Locks on items: whoever holds the token may change the item, everybody else waits. RFC 4918 §6 and §9.10.

use std::time::{Duration, Instant};

use askama::Template;
use http::{HeaderName, StatusCode};
use uuid::Uuid;

use crate::call::Call;
use crate::causes::demands::Demand;
use crate::causes::items::{self, Item, PLAIN, value};
use crate::causes::{Cause, Deed, Rule, Seen, send};
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Methods, Outcome};

/// RFC 4918 §9.10.7 begins a lock with such content.
const LOCK: &str = "<lockinfo xmlns=\"DAV:\"><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";

pub(super) static CAUSES: &[Cause] = &[Cause {
    code: 423,
    rule: "LOCK an item, and then change it without the token of the lock in If: as long as the lock lasts, only its holder may.",
    source: "RFC 4918 §7.5, §9.10, §11.3",
    note: "A lock lasts a minute, or until UNLOCK with its Lock-Token. Reading is free to everybody.",
    seen: Seen::Final,
    methods: Methods::Only(&["GET", "PUT", "POST", "DELETE", "LOCK", "UNLOCK"]),
    play: Rule::Wait(|call, rest| Box::pin(play(call, rest))),
    provocations: &[Deed::of(
        423,
        &[
            send(
                "LOCK {try}/{id}",
                &["Content-Type: application/xml", "Timeout: Second-60"],
                LOCK,
            ),
            send("PUT {try}/{id}", PLAIN, "not mine"),
        ],
    )],
    twin: Deed::of(201, &[send("PUT {try}/{id}", PLAIN, "nobody's yet")]),
}];

/// A lock on an item.
#[derive(Debug, Clone)]
pub(super) struct Lock {
    token: String,
    until: Instant,
}

/// How long a lock lasts.
const LASTS: Duration = Duration::from_mins(1);

/// What a LOCK is answered with.
#[derive(Template)]
#[template(path = "lock.xml")]
struct Granted<'a> {
    token: &'a str,
    root: &'a str,
    seconds: u64,
}

impl Lock {
    fn is_over(&self) -> bool {
        self.until <= Instant::now()
    }

    /// Whether a request may change what it locks.
    pub(super) fn allows(&self, call: &Call) -> Result<(), Refusal> {
        // RFC 4918 §10.4: the token stands in angle brackets in If.
        let submitted = call
            .header("if")
            .is_some_and(|list| list.contains(&format!("<{}>", self.token)));
        if submitted || self.is_over() {
            return Ok(());
        }
        let left = self.until.saturating_duration_since(Instant::now());
        Err(Refusal::new(
            "locked",
            423,
            format!(
                "the item is locked for another {} s, and your request did not submit the token of the lock (`lock-token-submitted`)",
                left.as_secs() + 1
            ),
        )
        .hint("send `If: (<token>)` with the Lock-Token of whoever locked it, or wait"))
    }
}

async fn play(call: &mut Call, rest: &str) -> Outcome {
    match call.parts.method.as_str() {
        "LOCK" => lock(call, rest).await,
        "UNLOCK" => unlock(call, rest),
        _ => items::play(call, rest, Demand::Token).await,
    }
}

async fn lock(call: &mut Call, rest: &str) -> Outcome {
    let id = super::id(call, rest)?;
    let content = call.content().await?;
    let asks = content.windows(8).any(|part| part == b"lockinfo");
    if !asks {
        return Err(Refusal::new(
            "invalid-content",
            400,
            "a new lock needs a `lockinfo`: this LOCK says nothing about the lock",
        )
        .hint(LOCK));
    }
    let mut bytes = [0; 16];
    rand::Rng::fill_bytes(&mut call.random(), &mut bytes);
    let uuid = uuid::Builder::from_random_bytes(bytes).into_uuid();
    let token = token(uuid);
    let call = &*call;
    let root = call.parts.uri.path();
    call.shared.causes.items.with_or(
        &items::key(call, id),
        Instant::now(),
        Item::default,
        |item| {
            if let Some(held) = item.lock.as_ref().filter(|lock| !lock.is_over()) {
                // RFC 4918 §9.10.5: with an exclusive lock no other one is compatible.
                held.allows(call)?;
            }
            let is_new = item.touch();
            item.lock = Some(Lock {
                token: token.clone(),
                until: Instant::now() + LASTS,
            });
            let xml = Granted {
                token: &token,
                root,
                seconds: LASTS.as_secs(),
            }
            .render()
            .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
            let status = if is_new {
                StatusCode::CREATED
            } else {
                StatusCode::OK
            };
            Ok(Reply::status(status)
                .with("application/xml; charset=utf-8", xml + "\n")
                .field(
                    HeaderName::from_static("lock-token"),
                    value(&format!("<{token}>"))?,
                )
                .because("The item is locked, and Lock-Token is the key."))
        },
    )
}

fn token(uuid: Uuid) -> String {
    format!("urn:uuid:{uuid}")
}

fn unlock(call: &mut Call, rest: &str) -> Outcome {
    let id = super::id(call, rest)?;
    let given = call.header("lock-token").unwrap_or_default();
    call.shared
        .causes
        .items
        .with(&items::key(call, id), Instant::now(), |item| {
            let fits = |lock: &Lock| given == format!("<{}>", lock.token) && !lock.is_over();
            match item {
                Some(item) if item.lock.as_ref().is_some_and(fits) => {
                    item.lock = None;
                    Ok(Reply::status(StatusCode::NO_CONTENT)
                        .because("The lock is gone; everybody may change the item again."))
                }
                // RFC 4918 §9.11.1: `lock-token-matches-request-uri`.
                _ => Ok(Reply::status(StatusCode::CONFLICT)
                    .because("There is no lock with this Lock-Token on the item.")),
            }
        })
}
