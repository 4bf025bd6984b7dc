//! The client lab: its course, its steps, and its report.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};
use std::time::Instant;

use askama::Template as _;
use http::StatusCode;
use http::header::{CACHE_CONTROL, LOCATION, VARY};
use rand::RngExt as _;

use crate::accept;
use crate::call::Call;
use crate::lab::{self, CourseView, Report, Turn};
use crate::refusal::{Refusal, shown};
use crate::reply::{HTML, Reply, TEXT, field_value};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const ID: Parameter = Parameter::path(
    "id",
    Kind::Name,
    "A name of your own choosing. Whoever uses the same one shares the lab, so take one that nobody guesses.",
);
const STEP: Parameter = Parameter::path("step", Kind::Name, "A step of the course.");
const REST: Parameter = Parameter::path(
    "rest",
    Kind::Text,
    "Where the step leads: the target of its redirect, or its second request.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "lab-new",
        path: "/lab",
        methods: Methods::Only(&["GET"]),
        family: Family::Instruments,
        title: "A client lab of your own",
        about: "Redirects to the course of a client lab under a name that nobody guesses.",
        parameters: &[],
        example: "/lab",
        answers: &[303],
        media_type: "",
        source: "siteerror",
        play: Play::Now(fresh),
    },
    Scenario {
        id: "lab",
        path: "/lab/{id}",
        methods: Methods::Only(&["GET"]),
        family: Family::Instruments,
        title: "The course of the client lab",
        about: "Some thirty steps for a client under test: what to fetch, in which order, what the server does at each, and what a right client makes of it. The client goes \
                through them in its usual way; the server remembers what it did, and judges it. JSON for a program that drives the client, or a page, or text, by Accept.",
        parameters: &[ID],
        example: "/lab/readme",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(course),
    },
    Scenario {
        id: "lab-forget",
        path: "/lab/{id}",
        methods: Methods::Only(&["DELETE"]),
        family: Family::Instruments,
        title: "Begin a client lab anew",
        about: "Forgets what a client did in the lab of this name.",
        parameters: &[ID],
        example: "/lab/readme",
        answers: &[204],
        media_type: "",
        source: "siteerror",
        play: Play::Now(|call| Ok(forget(call))),
    },
    Scenario {
        id: "lab-report",
        path: "/lab/{id}/report",
        methods: Methods::Only(&["GET"]),
        family: Family::Instruments,
        title: "The report of the client lab",
        about: "What the client did, told from the server's side alone: for each step a verdict (good, bad or open), what was seen, the numbers, the clause that says so, and the \
                requests themselves; and over all of them how it used its connections and what it announced. JSON, or a page, or text, by Accept.",
        parameters: &[ID],
        example: "/lab/readme/report",
        answers: &[200, 404],
        media_type: "application/json, text/html, text/plain",
        source: "RFC 9110, RFC 9112, RFC 9111",
        play: Play::Now(report),
    },
    Scenario {
        id: "lab-step",
        path: "/lab/{id}/{step}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "A step of the client lab",
        about: "Plays a step of the course, and remembers the request for the report: its method, its connection, a few fields, the size of its content, but no credentials.",
        parameters: &[ID, STEP],
        example: "/lab/readme/plain",
        answers: &[200],
        media_type: "text/plain",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(step(call, String::new()))),
    },
    Scenario {
        id: "lab-below",
        path: "/lab/{id}/{step}/{*rest}",
        methods: Methods::Any,
        family: Family::Instruments,
        title: "Where a step of the client lab leads",
        about: "The targets of redirects and the second requests of steps; they are remembered as the steps themselves are.",
        parameters: &[ID, STEP, REST],
        example: "/lab/readme/redirect/there",
        answers: &[200],
        media_type: "text/plain",
        source: "siteerror",
        play: Play::Wait(|call| {
            let rest = call.path("rest").to_owned();
            Box::pin(step(call, rest))
        }),
    },
];

fn fresh(call: &mut Call) -> Outcome {
    let number: u64 = call.random().random();
    let target = call.here(&format!("/lab/{number:016x}"));
    Ok(Reply::status(StatusCode::SEE_OTHER)
        .field(LOCATION, field_value("Location", &target)?)
        .fixed(CACHE_CONTROL, "no-store")
        .because("This lab is yours alone, as long as nobody else learns its name."))
}

/// In the form that the request prefers.
fn represent(
    call: &Call,
    json: &impl serde::Serialize,
    html: impl FnOnce() -> askama::Result<String>,
    text: impl FnOnce() -> String,
) -> Outcome {
    let offered = ["application/json", "text/html", "text/plain"];
    let reply = match accept::choose(&call.parts.headers, &offered) {
        Some(1) => Reply::ok(
            HTML,
            html().map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?,
        ),
        Some(2) => Reply::ok(TEXT, text()),
        _ => Reply::json(json),
    };
    Ok(reply.fixed(CACHE_CONTROL, "no-store").fixed(VARY, "Accept"))
}

fn course(call: &mut Call) -> Outcome {
    let id = call.path("id");
    let base = format!("{}{}", call.origin(), call.here(&format!("/lab/{id}")));
    let view = CourseView::new(id, &base);
    represent(call, &view, || view.render(), || view.text())
}

fn report(call: &mut Call) -> Outcome {
    let id = call.path("id");
    let course = call.here(&format!("/lab/{id}"));
    let now = Instant::now();
    let visits = call
        .shared
        .labs
        .with(id, now, |lab| lab.map(|lab| lab.visits.clone()));
    let Some(visits) = visits else {
        return Err(Refusal::new(
            "not-found",
            404,
            format!("nobody has been to the lab `{id}` yet, or it was too long ago"),
        )
        .hint(format!("go through its course first: {course}")));
    };
    let report = Report::new(id, course, &visits);
    represent(call, &report, || report.render(), || report.text())
}

fn forget(call: &Call) -> Reply {
    call.shared.labs.forget(call.path("id"));
    Reply::status(StatusCode::NO_CONTENT).because("The lab begins anew.")
}

async fn step(call: &mut Call, rest: String) -> Outcome {
    let name = call.path("step");
    let Some(step) = lab::find(name) else {
        let course = call.here(&format!("/lab/{}", call.path("id")));
        return Err(Refusal::new(
            "not-found",
            404,
            format!("the lab has no step `{}`", shown(name)),
        )
        .hint(format!("all that there are stand at {course}")));
    };
    let turn = Turn::begin(call, step, rest)?;
    if !step.reads {
        let content = call.content().await?;
        let mut hasher = DefaultHasher::new();
        content.hash(&mut hasher);
        let read = lab::Content {
            bytes: content.len() as u64,
            digest: hasher.finish(),
            is_whole: true,
        };
        turn.note(call, |visit| visit.content = read);
    }
    (step.play)(call, turn).await
}
