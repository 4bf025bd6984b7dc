//! Storage that is full sooner or later. RFC 4918 §11.5.

use std::time::Instant;

use http::header::LOCATION;
use http::{Method, StatusCode};
use serde_json::json;

use crate::call::{Call, is_name};
use crate::causes::items::{PLAIN, value};
use crate::causes::{Cause, Deed, Rule, Seen, send};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[Cause {
    code: 507,
    rule: "Store more than 256 bytes under one name: that is all the room there is, and what does not fit is not stored at all.",
    source: "RFC 4918 §11.5",
    note: "Files stand below the name. Delete one, and there is room again; GET the name to see how much is taken.",
    seen: Seen::Final,
    methods: Methods::Only(&["GET", "PUT", "DELETE"]),
    play: Rule::Wait(|call, rest| Box::pin(store(call, rest))),
    provocations: &[Deed::of(
        507,
        &[
            send("PUT {try}/{id}/one", PLAIN, "{200*a}"),
            send("PUT {try}/{id}/two", PLAIN, "{200*b}"),
        ],
    )],
    twin: Deed::of(
        201,
        &[
            send("PUT {try}/{id}/one", PLAIN, "{100*a}"),
            send("PUT {try}/{id}/two", PLAIN, "{100*b}"),
        ],
    ),
}];

/// The files under a name, with their sizes. What is in them nobody asks for.
#[derive(Debug, Default)]
pub(super) struct Account {
    files: Vec<(String, usize)>,
}

/// Files under one name, as small as they may be.
const MOST_FILES: usize = 16;

impl Account {
    fn taken(&self) -> usize {
        self.files.iter().map(|(_, size)| size).sum()
    }
}

async fn store(call: &mut Call, rest: &str) -> Outcome {
    let (id, file) = rest.split_once('/').unwrap_or((rest, ""));
    let id = super::id(call, id)?;
    let content = call.content().await?;
    let call = &*call;
    let accounts = &call.shared.causes.accounts;
    let now = Instant::now();
    if file.is_empty() && !matches!(call.parts.method, Method::PUT | Method::DELETE) {
        return accounts.with_or(id, now, Account::default, |account| {
            Ok(Reply::json(&json!({
                "taken_bytes": account.taken(),
                "quota_bytes": limits::QUOTA.max,
                "files": account.files.iter().map(|(name, size)| json!({ "name": name, "bytes": size })).collect::<Vec<_>>(),
            }))
            .because("This is what is stored under the name."))
        });
    }
    if !is_name(file) {
        return Err(super::missing(call));
    }
    accounts.with_or(id, now, Account::default, |account| {
        let at = account.files.iter().position(|(name, _)| name == file);
        match (&call.parts.method, at) {
            (&Method::PUT, _) => put(call, account, at, file, content.len()),
            (&Method::DELETE, Some(at)) => {
                account.files.remove(at);
                Ok(Reply::status(StatusCode::NO_CONTENT).because("Its room is free again."))
            }
            (_, Some(at)) => Ok(Reply::json(&json!({ "bytes": account.files[at].1 }))
                .because("It is stored; only its size is kept.")),
            (_, None) => Ok(Reply::status(StatusCode::NOT_FOUND)
                .because(format!("There is no file `{file}` under this name."))),
        }
    })
}

fn put(call: &Call, account: &mut Account, at: Option<usize>, file: &str, size: usize) -> Outcome {
    let before = at.map_or(0, |at| account.files[at].1);
    let after = account.taken() - before + size;
    if after as u64 > limits::QUOTA.max || (at.is_none() && account.files.len() == MOST_FILES) {
        return Err(Refusal::limit(limits::QUOTA, after)
            .hint("delete a file under this name, and there is room again"));
    }
    let because = format!(
        "It fits: {after} of {} bytes are taken now.",
        limits::QUOTA.max
    );
    if let Some(at) = at {
        account.files[at].1 = size;
        return Ok(Reply::status(StatusCode::NO_CONTENT).because(because));
    }
    account.files.push((file.to_owned(), size));
    Ok(Reply::status(StatusCode::CREATED)
        .field(LOCATION, value(call.parts.uri.path())?)
        .because(because))
}
