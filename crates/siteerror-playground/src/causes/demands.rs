//! What a change of an item has to bring along, and what its conditions come to. RFC 9110 §13, RFC 6585 §3.

use http::HeaderName;
use http::header::{IF_MATCH, IF_NONE_MATCH};

use crate::call::Call;
use crate::causes::items::Item;
use crate::conditions::{Verdict, judge};
use crate::refusal::Refusal;

/// What a change of an item has to bring along.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Demand {
    Nothing,
    /// A condition, by RFC 6585 §3.
    Condition,
    /// The token of its lock, if it is locked.
    Token,
}

/// Whether a change may be made.
pub(super) fn allowed(call: &Call, item: &Item, demand: Demand) -> Result<(), Refusal> {
    let headers = &call.parts.headers;
    if demand == Demand::Token
        && let Some(lock) = &item.lock
    {
        lock.allows(call)?;
    }
    if demand == Demand::Condition
        && !headers.contains_key(IF_MATCH)
        && !headers.contains_key(IF_NONE_MATCH)
    {
        let how = match item.tag() {
            Some(tag) => format!("send `If-Match: {tag}` to change it as it is now"),
            None => "send `If-None-Match: *` to make it only if it is not there".to_owned(),
        };
        return Err(Refusal::new(
            "precondition",
            428,
            "the change came without a condition, so it could undo somebody else's",
        )
        .hint(how));
    }
    let tag = item.tag();
    let version = item.version.to_string();
    let verdict = match &tag {
        Some(_) => judge(&call.parts.method, headers, version.as_bytes()),
        // RFC 9110 §13.1.1: where there is nothing, no tag matches, and `*` does not either.
        None if headers.contains_key(IF_MATCH) => Verdict::Failed("If-Match"),
        None => Verdict::Perform,
    };
    match verdict {
        Verdict::Failed("If-Match") => Err(failed(call, &IF_MATCH, tag.as_deref())),
        Verdict::Failed(_) => Err(failed(call, &IF_NONE_MATCH, tag.as_deref())),
        Verdict::Perform | Verdict::NotModified => Ok(()),
    }
}

/// A condition that is false for the item as it is.
pub(super) fn failed(call: &Call, name: &HeaderName, tag: Option<&str>) -> Refusal {
    let condition = if *name == IF_MATCH {
        "If-Match"
    } else {
        "If-None-Match"
    };
    let state = tag.map_or_else(
        || "there is no item".to_owned(),
        |tag| format!("the item is at {tag}"),
    );
    Refusal::new(
        "precondition",
        412,
        format!("your {condition} was {}, and {state}", asked(call, name)),
    )
}

/// What a condition says, as far as it may be quoted.
pub(super) fn asked(call: &Call, name: &HeaderName) -> String {
    const MOST: usize = 120;
    call.header(name.as_str()).map_or_else(
        || "no text".to_owned(),
        |list| list.chars().take(MOST).collect(),
    )
}
