//! What the playground says about itself.

use askama::Template;
use http::StatusCode;
use http::header::ACCEPT;
use serde_json::json;
use std::fmt::Write as _;

use crate::accept;
use crate::call::Call;
use crate::explain::Explanation;
use crate::limits::{LIMITS, Limit};
use crate::openapi::openapi;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario, scenarios};

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "index",
        path: "/",
        methods: Methods::Only(&["GET"]),
        family: Family::About,
        title: "Everything that there is",
        about: "All endpoints with their words and an example each, as a page, as JSON, or as text for a terminal.",
        parameters: &[],
        example: "/",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(index),
    },
    Scenario {
        id: "limits",
        path: "/limits",
        methods: Methods::Only(&["GET"]),
        family: Family::About,
        title: "The limits",
        about: "Every bound that holds here, with the status of the refusal where one is passed. A refusal names its limit by the same name.",
        parameters: &[],
        example: "/limits",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(limits),
    },
    Scenario {
        id: "openapi",
        path: "/openapi.json",
        methods: Methods::Only(&["GET"]),
        family: Family::About,
        title: "The description by OpenAPI",
        about: "Every endpoint with its parameters and answers as OpenAPI 3.1, made from the table that routes the requests.",
        parameters: &[],
        example: "/openapi.json",
        answers: &[200],
        media_type: "application/json",
        source: "OpenAPI 3.1",
        play: Play::Now(|call| Ok(Reply::json(&openapi(&call.shared.options.prefix)))),
    },
    Scenario {
        id: "explain",
        path: "/explain/{code}",
        methods: Methods::Only(&["GET"]),
        family: Family::About,
        title: "What a code says",
        about: "The meaning of a code in a few words, whether to send the request again, and what a cache may do with it.",
        parameters: &[Parameter::path(
            "code",
            Kind::Integer {
                min: 100,
                max: 999,
                limit: None,
            },
            "The status code.",
        )],
        example: "/explain/425",
        answers: &[200],
        media_type: "application/problem+json, application/json, text/html, text/plain",
        source: "RFC 9110 §15",
        play: Play::Now(explain),
    },
];

/// The media types of the index and of the limits, the preferred first.
const OFFERED: [&str; 3] = ["application/json", "text/html", "text/plain"];

/// The limits as a page.
#[derive(Template)]
#[template(path = "limits.html")]
struct Limits<'a> {
    prefix: &'a str,
    limits: &'static [Limit],
}

/// The index as a page.
#[derive(Template)]
#[template(path = "index.html")]
struct Index<'a> {
    prefix: &'a str,
    shelves: Vec<(Family, Vec<&'static Scenario>)>,
}

fn index(call: &mut Call) -> Outcome {
    let prefix = call.shared.options.prefix.as_str();
    let shelves: Vec<(Family, Vec<&Scenario>)> = Family::ALL
        .iter()
        .map(|family| {
            (
                *family,
                scenarios()
                    .filter(|scenario| scenario.family == *family)
                    .collect::<Vec<_>>(),
            )
        })
        .filter(|(_, scenarios)| !scenarios.is_empty())
        .collect();
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&Index { prefix, shelves })?,
        Some(2) => {
            let mut text = String::new();
            for (family, scenarios) in shelves {
                text.push_str(family.title());
                text.push('\n');
                for scenario in scenarios {
                    let _ = writeln!(
                        text,
                        "  {:<6} {:<44} {}",
                        scenario.methods.label(),
                        format!("{prefix}{}", scenario.example),
                        scenario.title
                    );
                }
                text.push('\n');
            }
            Reply::ok(TEXT, text)
        }
        _ => Reply::json(&json!({
            "endpoints": scenarios().map(|scenario| json!({
                "id": scenario.id,
                "family": scenario.family,
                "path": format!("{prefix}{}", scenario.path),
                "methods": scenario.methods.label(),
                "title": scenario.title,
                "about": scenario.about,
                "example": format!("{prefix}{}", scenario.example),
                "source": scenario.source,
            })).collect::<Vec<_>>(),
            "openapi": format!("{prefix}/openapi.json"),
            "limits": format!("{prefix}/limits"),
        })),
    };
    Ok(reply.fixed(http::header::VARY, "Accept"))
}

fn limits(call: &mut Call) -> Outcome {
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&Limits {
            prefix: &call.shared.options.prefix,
            limits: LIMITS,
        })?,
        Some(2) => {
            let mut text = String::new();
            for limit in LIMITS {
                let beyond = limit
                    .status
                    .map_or_else(|| "-".to_owned(), |status| status.to_string());
                let _ = writeln!(
                    text,
                    "{:<24} {:>16}  {beyond:<4} {}",
                    limit.name,
                    limit.amount(),
                    limit.about
                );
            }
            Reply::ok(TEXT, text)
        }
        _ => Reply::json(&json!({ "limits": LIMITS })),
    };
    Ok(reply.fixed(http::header::VARY, "Accept"))
}

fn explain(call: &mut Call) -> Outcome {
    let code = call.path("code");
    let number = code
        .parse()
        .map_err(|_| Refusal::parameter("code", code, "a status code has three digits"))?;
    let explanation = Explanation::new(number, None, call.shared.page(number));
    let (media_type, content) = explanation.represent(call.parts.headers.get_all(ACCEPT));
    Ok(Reply::status(StatusCode::OK)
        .with(media_type, content)
        .fixed(http::header::VARY, "Accept"))
}
