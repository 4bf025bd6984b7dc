//! Work that outlives its request: accepted now, asked about for a while, and then found elsewhere. RFC 9110 §15.3.3 and §15.4.4.

use std::fmt::Write as _;
use std::time::{Duration, Instant};

use http::header::{LOCATION, RETRY_AFTER};
use http::{Method, StatusCode};
use serde_json::json;
use sha2::{Digest as _, Sha256};

use crate::call::Call;
use crate::causes::items::{content, value};
use crate::causes::{Cause, Deed, Rule, Seen, ask, send};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 202,
        rule: "POST something to be worked on: the job begins, Location says where to ask about it, and Retry-After when.",
        source: "RFC 9110 §15.3.3, §10.2.3",
        note: "The job takes a second to find the SHA-256 of what you sent. While it runs, its path answers 200 with Retry-After; once it is done, 303 leads to the result.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(job(call, rest))),
        provocations: &[Deed::of(
            202,
            &[send(
                "POST {try}/{id}",
                &["Content-Type: text/plain"],
                "work on this",
            )],
        )],
        twin: Deed::of(
            200,
            &[
                send(
                    "POST {try}/{id}",
                    &["Content-Type: text/plain"],
                    "work on this",
                ),
                ask("GET {try}/{id}", &[]),
            ],
        ),
    },
    Cause {
        code: 303,
        rule: "POST an order: it is done, and its outcome is a page of its own, to be read with GET, so that loading that page again orders nothing twice.",
        source: "RFC 9110 §15.4.4",
        note: "Whatever the method was, the next one is GET. The jobs of {prefix}/cause/202 end with this code, too.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(order(call, rest))),
        provocations: &[Deed::of(
            303,
            &[send(
                "POST {try}",
                &["Content-Type: text/plain"],
                "two of those",
            )],
        )],
        twin: Deed::of(200, &[ask("GET {try}/receipt", &[])]),
    },
];

/// A piece of work.
#[derive(Debug, Clone)]
pub(super) struct Job {
    /// Once it is done.
    result: Option<String>,
}

/// How long a job takes.
const TAKES: Duration = Duration::from_secs(1);

async fn job(call: &mut Call, rest: &str) -> Outcome {
    let (name, is_result) = match rest.strip_suffix("/result") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let id = super::id(call, name)?;
    let path = call.here(&format!("/cause/202/try/{id}"));
    if call.parts.method == Method::POST && !is_result {
        let content = content(call).await?;
        // A job keeps its place among those that wait, or there could be any number.
        let hold = call.hold()?;
        let shared = std::sync::Arc::clone(&call.shared);
        let key = id.to_owned();
        let put = move |result| {
            shared.causes.jobs.with_or(
                &key,
                Instant::now(),
                || Job { result: None },
                |job| {
                    job.result = result;
                },
            );
        };
        put(None);
        tokio::spawn(async move {
            let _hold = hold;
            tokio::time::sleep(TAKES).await;
            put(Some(hex(&Sha256::digest(&content))));
        });
        return Ok(Reply::status(StatusCode::ACCEPTED)
            .field(LOCATION, value(&path)?)
            .fixed(RETRY_AFTER, "1")
            .with_json(&json!({ "job": id, "state": "running", "ask": path }))
            .because("The work has begun and is not done: it takes a second."));
    }
    let job = call
        .shared
        .causes
        .jobs
        .with(id, Instant::now(), |job| job.map(|job| job.clone()));
    let Some(job) = job else {
        return Ok(
            Reply::status(StatusCode::NOT_FOUND).because(format!("Nobody has begun a job `{id}`."))
        );
    };
    match job.result {
        Some(result) if is_result => {
            Ok(Reply::ok(TEXT, format!("{result}\n")).because("This is what the job came to."))
        }
        Some(_) => Ok(Reply::status(StatusCode::SEE_OTHER)
            .field(LOCATION, value(&format!("{path}/result"))?)
            .because("The job is done, and its result stands elsewhere.")),
        None if is_result => Ok(Reply::status(StatusCode::NOT_FOUND)
            .fixed(RETRY_AFTER, "1")
            .because("The job still runs, so there is no result yet.")),
        None => Ok(Reply::json(&json!({ "job": id, "state": "running" }))
            .fixed(RETRY_AFTER, "1")
            .fixed(http::header::CACHE_CONTROL, "no-store")
            .because("The job still runs.")),
    }
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().fold(String::new(), |mut hex, byte| {
        let _ = write!(hex, "{byte:02x}");
        hex
    })
}

async fn order(call: &mut Call, rest: &str) -> Outcome {
    match (call.parts.method == Method::POST, rest) {
        (true, "") => {
            call.content().await?;
            let receipt = call.here("/cause/303/try/receipt");
            Ok(Reply::status(StatusCode::SEE_OTHER)
                .field(LOCATION, value(&receipt)?)
                .with(TEXT, format!("See {receipt}\n"))
                .because("Your order is taken; what came of it is to be read elsewhere."))
        }
        (false, "") => Ok(Reply::ok(TEXT, "POST an order here.\n")
            .because("You asked for the counter itself, and ordered nothing.")),
        (false, "receipt") => Ok(Reply::json(&json!({
            "method": call.parts.method.as_str(),
            "ordered": "one thing, whatever it was",
        }))
        .because("This is the page that the 303 led to, asked for with GET.")),
        _ => Err(super::missing(call)),
    }
}
