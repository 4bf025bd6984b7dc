//! Instruments: what went over the wire.

use std::time::Instant;

use askama::Template;

use crate::accept;
use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};
use crate::trace::Shown;

pub(crate) static SCENARIOS: &[Scenario] = &[Scenario {
    id: "trace",
    path: "/trace/{id}",
    methods: Methods::Only(&["GET"]),
    family: Family::Instruments,
    title: "What went over the wire",
    about: "Add `trace=NAME` to the query of any request here, and read at this address what passed: the bytes of the request as they arrived and those of the response as they \
            left, with their times, interim responses and resets included. JSON, a page, or text by Accept. Whoever knows the name can read it.",
    parameters: &[Parameter::path(
        "id",
        Kind::Name,
        "The name that the requests gave.",
    )],
    example: "/trace/readme",
    answers: &[200, 404],
    media_type: "application/json, text/html, text/plain",
    source: "siteerror",
    play: Play::Now(trace),
}];

/// A trace as a page.
#[derive(Template)]
#[template(path = "trace.html")]
struct Page<'a> {
    prefix: &'a str,
    trace: Shown,
}

fn trace(call: &mut Call) -> Outcome {
    let id = call.path("id");
    let shown = call.shared.traces.with(id, Instant::now(), |trace| {
        trace.map(|trace| trace.shown(id))
    });
    let Some(shown) = shown else {
        return Err(Refusal::new(
            "not-found",
            404,
            format!("nothing was traced under the name `{id}`, or it was too long ago"),
        )
        .hint(format!(
            "trace something first: {}",
            call.here(&format!("/status/204?trace={id}"))
        )));
    };
    let offered = ["application/json", "text/html", "text/plain"];
    let reply = match accept::choose(&call.parts.headers, &offered) {
        Some(1) => Reply::page(&Page {
            prefix: &call.shared.options.prefix,
            trace: shown,
        })?,
        Some(2) => Reply::ok(TEXT, shown.text()),
        _ => Reply::json(&shown),
    };
    Ok(reply
        .fixed(http::header::CACHE_CONTROL, "no-store")
        .fixed(http::header::VARY, "Accept"))
}
