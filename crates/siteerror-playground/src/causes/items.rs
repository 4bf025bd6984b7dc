//! A small store: items that are made, replaced, deleted, and remembered as gone. RFC 9110 §9.3.

use std::time::Instant;

use bytes::Bytes;
use http::header::{ETAG, IF_MATCH, IF_NONE_MATCH, LOCATION};
use http::{HeaderValue, Method, StatusCode};

use crate::call::Call;
use crate::causes::demands::{Demand, allowed, asked, failed};
use crate::causes::locks::Lock;
use crate::causes::{Cause, Deed, Rule, Seen, ask, send};
use crate::conditions::{Verdict, judge};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) const METHODS: Methods = Methods::Only(&["GET", "PUT", "POST", "DELETE"]);

pub(super) const PLAIN: &[&str] = &["Content-Type: text/plain"];

const PUT: crate::causes::Ask = send("PUT {try}/{id}", PLAIN, "first");
const GET: crate::causes::Ask = ask("GET {try}/{id}", &[]);
const DELETE: crate::causes::Ask = ask("DELETE {try}/{id}", &[]);

const PLAY: Rule = Rule::Wait(|call, rest| Box::pin(play(call, rest, Demand::Nothing)));

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 201,
        rule: "PUT content to a name that has no item, and the request makes one; Location says where it is, and ETag at which version.",
        source: "RFC 9110 §9.3.4, §15.3.2",
        note: "",
        seen: Seen::Final,
        methods: METHODS,
        play: PLAY,
        provocations: &[
            Deed::of(201, &[PUT]),
            Deed::of(201, &[send("POST {try}/{id}", PLAIN, "first")])
                .about("POST makes one too, but only where none is."),
        ],
        twin: Deed::of(204, &[PUT, send("PUT {try}/{id}", PLAIN, "second")]),
    },
    Cause {
        code: 204,
        rule: "Delete an item, or replace it: it is done, and there is nothing to show for it.",
        source: "RFC 9110 §9.3.5, §15.3.5",
        note: "A browser that gets this answer stays on the page that it has.",
        seen: Seen::Final,
        methods: METHODS,
        play: PLAY,
        provocations: &[
            Deed::of(204, &[PUT, DELETE]),
            Deed::of(204, &[PUT, send("PUT {try}/{id}", PLAIN, "second")])
                .about("By replacing; the ETag is that of the new version."),
        ],
        twin: Deed::of(200, &[PUT, GET]),
    },
    Cause {
        code: 404,
        rule: "Read an item under a name that nobody has used: nothing was ever there, as far as this server remembers.",
        source: "RFC 9110 §15.5.5",
        note: "A deleted one is a different matter, and answers 410.",
        seen: Seen::Final,
        methods: METHODS,
        play: PLAY,
        provocations: &[
            Deed::of(404, &[GET]),
            Deed::of(404, &[DELETE]).about("What is not there cannot be deleted either."),
        ],
        twin: Deed::of(200, &[PUT, GET]),
    },
    Cause {
        code: 409,
        rule: "POST to a name creates an item, so the second POST to the same name conflicts with what is there.",
        source: "RFC 9110 §15.5.10",
        note: "Once the item is deleted, the name is free again.",
        seen: Seen::Final,
        methods: METHODS,
        play: PLAY,
        provocations: &[Deed::of(
            409,
            &[
                send("POST {try}/{id}", PLAIN, "mine"),
                send("POST {try}/{id}", PLAIN, "no, mine"),
            ],
        )],
        twin: Deed::of(201, &[send("POST {try}/{id}", PLAIN, "mine")]),
    },
    Cause {
        code: 410,
        rule: "Read an item that was deleted: the server remembers that it was there, and that it will not come back by itself.",
        source: "RFC 9110 §15.5.11",
        note: "The memory lasts an hour; after it, the same request gets 404, because by then nobody knows better.",
        seen: Seen::Final,
        methods: METHODS,
        play: PLAY,
        provocations: &[Deed::of(410, &[PUT, DELETE, GET])],
        twin: Deed::of(200, &[PUT, GET]),
    },
];

/// What stands under a name.
#[derive(Debug, Clone, Default)]
pub(super) struct Item {
    /// Counted from 1, through deletions too.
    pub(super) version: u64,
    /// None once it is deleted.
    content: Option<Bytes>,
    pub(super) lock: Option<Lock>,
}

impl Item {
    /// Its strong entity tag, while it is there.
    pub(super) fn tag(&self) -> Option<String> {
        self.content
            .is_some()
            .then(|| format!("\"{}\"", self.version))
    }

    fn put(&mut self, content: Bytes) {
        self.version += 1;
        self.content = Some(content);
    }

    /// Makes it without content, as locking a name that has none does. RFC 4918 §7.3.
    pub(super) fn touch(&mut self) -> bool {
        let is_new = self.content.is_none();
        if is_new {
            self.put(Bytes::new());
        }
        is_new
    }
}

/// Where an item of this rule is remembered.
pub(super) fn key(call: &Call, id: &str) -> String {
    format!("{}/{id}", call.path("code"))
}

/// Content for an item, or as small as that.
pub(super) async fn content(call: &mut Call) -> Result<Bytes, Refusal> {
    let content = call.content().await?;
    if content.len() as u64 > limits::ITEM.max {
        return Err(Refusal::limit(limits::ITEM, content.len()));
    }
    Ok(content)
}

/// Reads, makes, replaces or deletes the item under the name.
pub(super) async fn play(call: &mut Call, rest: &str, demand: Demand) -> Outcome {
    let id = super::id(call, rest)?;
    let key = key(call, id);
    let is_read = matches!(call.parts.method, Method::GET | Method::HEAD);
    let content = if is_read {
        Bytes::new()
    } else {
        content(call).await?
    };
    let call = &*call;
    let now = Instant::now();
    if is_read {
        let item = call
            .shared
            .causes
            .items
            .with(&key, now, |item| item.map(|item| item.clone()));
        return read(call, id, item.as_ref());
    }
    if call.parts.method == Method::DELETE {
        return call.shared.causes.items.with(&key, now, |item| match item {
            Some(item) if item.content.is_some() => {
                allowed(call, item, demand)?;
                item.content = None;
                item.lock = None;
                Ok(Reply::status(StatusCode::NO_CONTENT).because(format!(
                    "`{id}` is deleted, and that is all there is to say."
                )))
            }
            other => read(call, id, other.as_deref()),
        });
    }
    call.shared
        .causes
        .items
        .with_or(&key, now, Item::default, |item| {
            if call.parts.method == Method::POST
                && let Some(tag) = item.tag()
            {
                return Ok(Reply::status(StatusCode::CONFLICT)
                    .field(ETAG, value(&tag)?)
                    .because(format!(
                        "`{id}` exists already, at version {tag}: POST would create it, PUT would replace it."
                    )));
            }
            allowed(call, item, demand)?;
            let is_new = item.content.is_none();
            item.put(content);
            stored(call, id, item, is_new)
        })
}

/// The answer to a change that was made.
fn stored(call: &Call, id: &str, item: &Item, is_new: bool) -> Outcome {
    let tag = item.tag().unwrap_or_default();
    if !is_new {
        return Ok(Reply::status(StatusCode::NO_CONTENT)
            .field(ETAG, value(&tag)?)
            .because(format!("`{id}` was there and is now at version {tag}.")));
    }
    let here = call.parts.uri.path();
    Ok(Reply::status(StatusCode::CREATED)
        .field(ETAG, value(&tag)?)
        .field(LOCATION, value(here)?)
        .with(TEXT, format!("{here}\n"))
        .because(format!(
            "There was no `{id}`, so this request made it, at version {tag}."
        )))
}

/// The answer to GET, and to whatever finds nothing to work on.
fn read(call: &Call, id: &str, item: Option<&Item>) -> Outcome {
    let Some(item) = item.filter(|item| item.version > 0) else {
        return Ok(Reply::status(StatusCode::NOT_FOUND)
            .because(format!("Nobody has put anything under `{id}`.")));
    };
    let (Some(content), Some(tag)) = (&item.content, item.tag()) else {
        return Ok(Reply::status(StatusCode::GONE).because(format!(
            "`{id}` was here until it was deleted, after version \"{}\".",
            item.version
        )));
    };
    let version = item.version.to_string();
    let reply = match judge(&call.parts.method, &call.parts.headers, version.as_bytes()) {
        Verdict::Perform => Reply::ok(TEXT, content.clone())
            .because(format!("`{id}` is at version {tag}, and here it is.")),
        Verdict::NotModified => Reply::status(StatusCode::NOT_MODIFIED).because(format!(
            "Your If-None-Match was {}, and the item still is at {tag}.",
            asked(call, &IF_NONE_MATCH)
        )),
        Verdict::Failed(_) => {
            return Err(failed(call, &IF_MATCH, Some(&tag)).field(ETAG, value(&tag)?));
        }
    };
    Ok(reply.field(ETAG, value(&tag)?))
}

/// Something of our own, or checked before, as a field value.
pub(super) fn value(text: &str) -> Result<HeaderValue, Refusal> {
    crate::reply::field_value("field", text)
}
