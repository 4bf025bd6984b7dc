//! Codes caused by rules of this very server: their pages, and the paths where the rules are at work.

use http::StatusCode;
use http::header::{CACHE_CONTROL, VARY};
use rand::RngExt as _;
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::causes::{Cause, Filler, Listed, Rule, Shown, causes, find};
use crate::limits;
use crate::playground::other_than;
use crate::refusal::Refusal;
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const CODE: Parameter = Parameter::path(
    "code",
    Kind::Integer {
        min: 100,
        max: 999,
        limit: None,
    },
    "The status code.",
);

const SECONDS: Parameter = Parameter::query(
    "seconds",
    Kind::Seconds {
        limit: limits::DELAY,
    },
    "At /cause/102 and /cause/503: how long the work takes.",
);

const BY: Parameter = Parameter::query(
    "by",
    Kind::Integer {
        min: -1_000_000,
        max: 1_000_000,
        limit: None,
    },
    "At /cause/500: what 100 is divided by.",
);

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "causes",
        path: "/causes",
        methods: Methods::Only(&["GET"]),
        family: Family::Causes,
        title: "How to cause each code",
        about: "Every registered code with the rule by which this server sends it, or with the reason why nothing here honestly can.",
        parameters: &[],
        example: "/causes",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(list),
    },
    Scenario {
        id: "cause",
        path: "/cause/{code}",
        methods: Methods::Only(&["GET"]),
        family: Family::Causes,
        title: "How to cause this code",
        about: "The rule behind a code, a request that meets it, byte for byte and as a command, and the harmless twin that does not.",
        parameters: &[
            CODE,
            Parameter::query(
                "id",
                Kind::Name,
                "The name that the requests use for what they make; without it, a fresh one.",
            ),
        ],
        example: "/cause/428",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(page),
    },
    Scenario {
        id: "cause-try",
        path: "/cause/{code}/try",
        methods: Methods::Own,
        family: Family::Causes,
        title: "A rule at work",
        about: "Where the rule of a code applies: a request that meets it gets the code, any other is served. The page of the cause says which is which.",
        parameters: &[CODE, SECONDS, BY],
        example: "/cause/406/try",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| Box::pin(play(call, String::new()))),
    },
    Scenario {
        id: "cause-try-item",
        path: "/cause/{code}/try/{*rest}",
        methods: Methods::Own,
        family: Family::Causes,
        title: "A rule about items, at work",
        about: "The same for rules that need something to be about: an item, a job, a lock, under a name of the client's own choosing.",
        parameters: &[
            CODE,
            Parameter::path(
                "rest",
                Kind::Text,
                "A name of your own, or what else the rule knows. Whoever uses the same name shares what is behind it.",
            ),
            SECONDS,
        ],
        example: "/cause/404/try/nobody-made-it",
        answers: &[],
        media_type: "",
        source: "siteerror",
        play: Play::Wait(|call| {
            let rest = call.path("rest").to_owned();
            Box::pin(play(call, rest))
        }),
    },
];

/// The list as a page.
#[derive(askama::Template)]
#[template(path = "causes.html")]
struct List {
    causes: Vec<Listed>,
}

fn list(call: &mut Call) -> Outcome {
    let listed: Vec<Listed> = causes()
        .into_iter()
        .map(|cause| Listed::new(call, cause))
        .collect();
    let reply = match accept::choose(
        &call.parts.headers,
        &["application/json", "text/html", "text/plain"],
    ) {
        Some(1) => html(&List { causes: listed })?,
        Some(2) => {
            let lines = listed
                .iter()
                .map(|cause| format!("{} {:<32} {}\n", cause.code, cause.name, cause.cause));
            Reply::ok(TEXT, lines.collect::<String>())
        }
        _ => Reply::json(&json!({ "causes": listed })),
    };
    Ok(reply.fixed(VARY, "Accept"))
}

/// The row of the code in the path.
fn row(call: &Call) -> Result<&'static Cause, Refusal> {
    let code = call.path("code");
    code.parse().ok().and_then(find).ok_or_else(|| {
        Refusal::new(
            "not-found",
            404,
            format!("{code} is no registered code, so no rule asks for it"),
        )
        .hint(format!(
            "{} has those that are; {} sends any number",
            call.here("/causes"),
            call.here(&format!("/status/{code}"))
        ))
    })
}

fn page(call: &mut Call) -> Outcome {
    let cause = row(call)?;
    let id = call.query("id").map_or_else(|| fresh(call), str::to_owned);
    let filler = Filler::new(call, cause.code, &id);
    let reply = match accept::choose(
        &call.parts.headers,
        &["application/json", "text/html", "text/plain"],
    ) {
        Some(1) => html(&Shown::new(call, cause, &filler.short()))?,
        Some(2) => Reply::ok(TEXT, Shown::new(call, cause, &filler.short()).text()),
        _ => Reply::json(&Shown::new(call, cause, &filler)),
    };
    // The name in it is for one reader.
    Ok(reply.fixed(CACHE_CONTROL, "no-store").fixed(VARY, "Accept"))
}

fn html(page: &impl askama::Template) -> Outcome {
    page.render()
        .map(|page| Reply::ok(HTML, page))
        .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))
}

/// A name that nobody else uses.
fn fresh(call: &Call) -> String {
    const LETTERS: &[u8] = b"abcdefghijkmnpqrstuvwxyz23456789";
    let mut random = call.random();
    (0..8)
        .map(|_| char::from(LETTERS[random.random_range(0..LETTERS.len())]))
        .collect()
}

async fn play(call: &mut Call, rest: String) -> Outcome {
    let cause = row(call)?;
    if !cause.methods.take(&call.parts.method) {
        return other_than(cause.methods.names(), &call.parts);
    }
    match cause.play {
        Rule::Now(play) => play(call, &rest),
        Rule::Wait(play) => play(call, &rest).await,
        Rule::Before(because) => Ok(Reply::status(StatusCode::OK)
            .with(TEXT, format!("{because}\n"))
            .because(because)),
        Rule::None => Err(Refusal::new(
            "not-found",
            404,
            format!("no rule sends {}: {}", cause.code, cause.rule),
        )
        .hint(format!(
            "{} says it all the same",
            call.here(&format!("/status/{}", cause.code))
        ))),
    }
}
