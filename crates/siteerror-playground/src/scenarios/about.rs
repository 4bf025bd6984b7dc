//! What the playground says about itself.

use http::StatusCode;
use serde_json::json;

use crate::call::Call;
use crate::explain::Explanation;
use crate::limits::LIMITS;
use crate::openapi::openapi;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

pub(crate) static SCENARIOS: &[Scenario] = &[
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
        media_type: "application/json",
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
        media_type: "application/json",
        source: "RFC 9110 §15",
        play: Play::Now(explain),
    },
];

fn limits(_: &mut Call) -> Outcome {
    Ok(Reply::json(&json!({ "limits": LIMITS })))
}

fn explain(call: &mut Call) -> Outcome {
    let code = call.path("code");
    let number = code
        .parse()
        .map_err(|_| Refusal::parameter("code", code, "a status code has three digits"))?;
    let explanation = Explanation::new(number, None, call.shared.page(number));
    let (media_type, content) = explanation.represent(&call.parts.headers);
    Ok(Reply::status(StatusCode::OK)
        .with(media_type, content)
        .fixed(http::header::VARY, "Accept"))
}
