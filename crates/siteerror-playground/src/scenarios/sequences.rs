//! Sequences that stand whole in the URL, and the report card of whoever asks for them.

use std::time::{Duration, Instant};

use askama::Template;
use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};
use sha2::{Digest as _, Sha256};

use crate::accept;
use crate::call::Call;
use crate::faults;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};
use crate::scenarios::redirects::checked_field;
use crate::sequence::{Attempt, Play as Deed, Report, Script, Sequence, Step};

const ID: Parameter = Parameter::path(
    "id",
    Kind::Name,
    "A name of your own choosing. Whoever uses the same one shares the sequence, so take one that nobody guesses.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "sequence",
        path: "/seq/{id}/{*script}",
        methods: Methods::Any,
        family: Family::Sequences,
        title: "Answers in a row",
        about: "Each request with the same name gets the next answer of the script; the last one stays. `503*2,429;retry-after=1,200` gives 503, 503, 429, \
                200, and then 200 for good. Nothing has to be set up, so the whole scenario fits into a test or a README.",
        parameters: &[
            ID,
            Parameter::path(
                "script",
                Kind::Text,
                "Steps with commas between them. A step is a code from 200 to 999 or the name of a fault; `*3` repeats it; after semicolons stand `delay=250ms`, \
                 `retry-after=2` (with @ in front: as a date), `body=…`, `reason=…`, or any field as `name=value`.",
            ),
        ],
        example: "/seq/readme/503*2,429;retry-after=1,200",
        answers: &[200, 503],
        media_type: "application/problem+json",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(sequence(call))),
    },
    Scenario {
        id: "sequence-report",
        path: "/seq/{id}",
        methods: Methods::Only(&["GET"]),
        family: Family::Sequences,
        title: "The retry report card",
        about: "When each attempt at a sequence came, and how the client did: whether it came back, waited when asked to, let its pauses grow, stopped once it had its answer, \
                and repeated only what may be repeated. JSON, a page, or text by Accept.",
        parameters: &[ID],
        example: "/seq/readme",
        answers: &[200, 404],
        media_type: "application/json, text/html, text/plain",
        source: "RFC 9110 §10.2.3, §9.2.2",
        play: Play::Now(report),
    },
    Scenario {
        id: "sequence-forget",
        path: "/seq/{id}",
        methods: Methods::Only(&["DELETE"]),
        family: Family::Sequences,
        title: "Start a sequence anew",
        about: "Forgets the attempts at a sequence, so that the next one gets the first answer again.",
        parameters: &[ID],
        example: "/seq/readme",
        answers: &[204],
        media_type: "",
        source: "siteerror",
        play: Play::Now(forget),
    },
];

/// The report card as a page.
#[derive(Template)]
#[template(path = "report-card.html")]
struct Card<'a> {
    prefix: &'a str,
    report: Report,
}

async fn sequence(call: &mut Call) -> Outcome {
    let source = call.path("script").to_owned();
    let script = Script::parse(&source, |name| faults::find(name).is_some())?;
    let content = call.content().await?;
    let id = call.path("id").to_owned();
    let idempotency_key = call
        .header("idempotency-key")
        .map(|key| key.chars().take(200).collect());
    let content = (!content.is_empty()).then(|| {
        let digest = Sha256::digest(&content);
        let mut first = [0; 8];
        first.copy_from_slice(&digest[..8]);
        format!("{:016x}", u64::from_be_bytes(first))
    });
    let now = Instant::now();
    let (index, count, total) = call.shared.sequences.with_or(
        &id,
        now,
        || Sequence::new(source.clone(), script.clone()),
        |sequence| {
            if sequence.source != source {
                *sequence = Sequence::new(source.clone(), script.clone());
            }
            let index = sequence.next();
            sequence.note(Attempt {
                at: now,
                method: call.parts.method.as_str().chars().take(40).collect(),
                step: index,
                retry_after_s: script
                    .steps
                    .get(index)
                    .and_then(|step| step.retry_after)
                    .map(|(seconds, _)| seconds),
                idempotency_key,
                content,
                connection: call.connection.id,
            });
            (index, sequence.count, sequence.script.steps.len())
        },
    );
    let step = script
        .steps
        .get(index)
        .cloned()
        .ok_or_else(|| Refusal::new("internal-error", 500, "a script has at least one step"))?;
    call.pause(step.delay).await?;
    match &step.play {
        Deed::Fault(name) => match faults::find(name) {
            Some(fault) => faults::play(fault, call).await,
            None => Err(Refusal::new(
                "internal-error",
                500,
                "the fault is of the table",
            )),
        },
        Deed::Status(status) => answer(call, *status, &step, count, total),
    }
}

fn answer(call: &Call, status: StatusCode, step: &Step, count: usize, total: usize) -> Outcome {
    let mut reply = Reply::status(status).because(format!(
        "This was request {count} of this sequence, which has {total} steps; {} is the report card.",
        call.here(&format!("/seq/{}", call.path("id")))
    ));
    for (name, value) in &step.fields {
        let value = checked_field(call, name, &String::from_utf8_lossy(value.as_bytes()))?;
        reply.headers.append(name.clone(), value);
    }
    if let Some((seconds, is_date)) = step.retry_after {
        let value = if is_date {
            httpdate::fmt_http_date(call.now() + Duration::from_secs(seconds))
        } else {
            seconds.to_string()
        };
        if let Ok(value) = HeaderValue::from_str(&value) {
            reply = reply.field(RETRY_AFTER, value);
        }
    }
    if let Some(reason) = &step.reason {
        reply.reason = hyper::ext::ReasonPhrase::try_from(reason.as_bytes()).ok();
    }
    Ok(match &step.body {
        Some(body) if !matches!(status.as_u16(), 204 | 304) => reply.with(TEXT, body.clone()),
        _ => reply,
    })
}

fn report(call: &mut Call) -> Outcome {
    let id = call.path("id");
    let report = call.shared.sequences.with(id, Instant::now(), |sequence| {
        sequence.map(|sequence| Report::new(id, sequence))
    });
    let Some(report) = report else {
        return Err(Refusal::new(
            "not-found",
            404,
            format!("nobody has asked for the sequence `{id}` yet, or it was too long ago"),
        )
        .hint(format!(
            "ask for one first: {}",
            call.here(&format!("/seq/{id}/503*2,200"))
        )));
    };
    let offered = ["application/json", "text/html", "text/plain"];
    let reply = match accept::choose(&call.parts.headers, &offered) {
        Some(1) => Reply::page(&Card {
            prefix: &call.shared.options.prefix,
            report,
        })?,
        Some(2) => Reply::ok(TEXT, report.text()),
        _ => Reply::json(&report),
    };
    Ok(reply
        .fixed(http::header::CACHE_CONTROL, "no-store")
        .fixed(http::header::VARY, "Accept"))
}

fn forget(call: &mut Call) -> Outcome {
    call.shared.sequences.forget(call.path("id"));
    Ok(Reply::status(StatusCode::NO_CONTENT)
        .because("The next request for this sequence gets its first answer."))
}
