//! Content that is well-formed and still cannot be done: a wrong shape, and a batch in which each part needs the one before. RFC 9110 §15.5.21, RFC 4918 §11.4.

use http::StatusCode;
use serde_json::{Value, json};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, send};
use crate::refusal::{Refusal, shown};
use crate::reply::Reply;
use crate::scenario::{Methods, Outcome};

const POST: Methods = Methods::Only(&["GET", "POST"]);
const JSON: &[&str] = &["Content-Type: application/json"];

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 422,
        rule: "POST JSON that is JSON, but no booking: it has to be an object with a `name` and a number of `seats` from 1 to 8.",
        source: "RFC 9110 §15.5.21",
        note: "Content that is not JSON at all gets 400 here, and content that does not claim to be, 415.",
        seen: Seen::Final,
        methods: POST,
        play: Rule::Wait(|call, rest| Box::pin(booking(call, rest))),
        provocations: &[
            Deed::of(
                422,
                &[send(
                    "POST {try}",
                    JSON,
                    "{\"name\": \"Ada\", \"seats\": 9}",
                )],
            ),
            Deed::of(422, &[send("POST {try}", JSON, "[\"Ada\", 2]")])
                .about("The right things, in the wrong shape."),
        ],
        twin: Deed::of(
            200,
            &[send(
                "POST {try}",
                JSON,
                "{\"name\": \"Ada\", \"seats\": 2}",
            )],
        ),
    },
    Cause {
        code: 424,
        rule: "POST a batch of steps, each of which goes on from the result before: once one fails, the ones after it fail for its sake, and the answer has the status of the last.",
        source: "RFC 4918 §11.4",
        note: "The first step says `start`, the others `add` or `divide`. The content lists every step with a status of its own, so the one at fault can be told from those that suffer for it.",
        seen: Seen::Final,
        methods: POST,
        play: Rule::Wait(|call, rest| Box::pin(batch(call, rest))),
        provocations: &[Deed::of(
            424,
            &[send(
                "POST {try}",
                JSON,
                "[{\"start\": 6}, {\"divide\": 0}, {\"add\": 1}]",
            )],
        )],
        twin: Deed::of(
            200,
            &[send(
                "POST {try}",
                JSON,
                "[{\"start\": 6}, {\"divide\": 2}, {\"add\": 1}]",
            )],
        ),
    },
];

/// The content as JSON.
///
/// # Errors
///
/// If it does not claim to be, or is not.
pub(super) async fn read_json(call: &mut Call) -> Result<Value, Refusal> {
    let media_type = call.header("content-type").unwrap_or_default();
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/json") {
        return Err(Refusal::new(
            "invalid-content",
            415,
            format!(
                "the content says that it is `{}`, and this takes application/json",
                shown(essence)
            ),
        )
        .field(
            http::header::ACCEPT,
            http::HeaderValue::from_static("application/json"),
        ));
    }
    let content = call.content().await?;
    serde_json::from_slice(&content).map_err(|error| {
        Refusal::new(
            "invalid-content",
            400,
            format!("the content says that it is JSON, and is not: {error}"),
        )
        .hint("RFC 8259")
    })
}

/// The path itself, asked for with GET.
pub(super) fn is_counter(call: &Call, rest: &str) -> Result<Option<Reply>, Refusal> {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let is_read = matches!(call.parts.method.as_str(), "GET" | "HEAD");
    Ok(is_read.then(|| {
        Reply::ok(
            crate::reply::TEXT,
            "POST here; the page of the cause says what.\n",
        )
        .because("You only looked, and sent nothing that could be wrong.")
    }))
}

async fn booking(call: &mut Call, rest: &str) -> Outcome {
    if let Some(reply) = is_counter(call, rest)? {
        return Ok(reply);
    }
    let value = read_json(call).await?;
    let wrong = |what: &str| {
        Ok(Reply::status(StatusCode::UNPROCESSABLE_ENTITY)
            .because(format!("Your JSON is JSON, but no booking: {what}.")))
    };
    let Some(object) = value.as_object() else {
        return wrong("it is not an object");
    };
    let Some(name) = object
        .get("name")
        .and_then(Value::as_str)
        .filter(|name| !name.trim().is_empty())
    else {
        return wrong("`name` is missing, or is no text");
    };
    let Some(seats) = object.get("seats").and_then(Value::as_u64) else {
        return wrong("`seats` is missing, or is no whole number");
    };
    if !(1..=8).contains(&seats) {
        return wrong(&format!("`seats` is {seats}, and a table has 1 to 8"));
    }
    Ok(
        Reply::json(&json!({ "booked": { "name": name, "seats": seats } }))
            .because("The shape and the values are those of a booking."),
    )
}

/// Steps of a batch.
const MOST_STEPS: usize = 20;

async fn batch(call: &mut Call, rest: &str) -> Outcome {
    if let Some(reply) = is_counter(call, rest)? {
        return Ok(reply);
    }
    let value = read_json(call).await?;
    let steps = value
        .as_array()
        .filter(|steps| (1..=MOST_STEPS).contains(&steps.len()));
    let Some(steps) = steps else {
        return Ok(Reply::status(StatusCode::UNPROCESSABLE_ENTITY)
            .because(format!("A batch is a list of 1 to {MOST_STEPS} steps.")));
    };
    let mut so_far = Ok(None);
    let mut report = Vec::with_capacity(steps.len());
    let mut last = StatusCode::OK;
    for (index, step) in steps.iter().enumerate() {
        let done = match so_far {
            Ok(before) => calculate(step, before),
            Err(_) => Err((
                StatusCode::FAILED_DEPENDENCY,
                "a step before failed".to_owned(),
            )),
        };
        last = match &done {
            Ok(_) => StatusCode::OK,
            Err((status, _)) => *status,
        };
        report.push(match &done {
            Ok(result) => json!({ "step": index, "status": 200, "result": result }),
            Err((status, why)) => {
                json!({ "step": index, "status": status.as_u16(), "detail": why })
            }
        });
        so_far = match (done, so_far) {
            (Ok(result), _) => Ok(Some(result)),
            (Err(_), Err(first)) => Err(first),
            (Err(_), Ok(_)) => Err(index),
        };
    }
    let because = match so_far {
        Ok(_) => "Every step had what it needed.".to_owned(),
        Err(first) if first + 1 == steps.len() => {
            format!("The last step, {first}, failed by itself.")
        }
        Err(first) => format!("The last step needs those before it, and step {first} failed."),
    };
    Ok(Reply::status(last)
        .with_json(&json!({ "detail": because, "steps": report }))
        .because(because))
}

/// One step, from the result before.
fn calculate(step: &Value, before: Option<i64>) -> Result<i64, (StatusCode, String)> {
    let wrong = |why: &str| Err((StatusCode::UNPROCESSABLE_ENTITY, why.to_owned()));
    let deed = step.as_object().filter(|step| step.len() == 1);
    let Some((deed, number)) = deed.and_then(|step| step.iter().next()) else {
        return wrong("a step is an object with one key");
    };
    let Some(number) = number.as_i64() else {
        return wrong("its value is a whole number");
    };
    let result = match (deed.as_str(), before) {
        ("start", None) => Some(number),
        ("add", Some(before)) => before.checked_add(number),
        ("divide", Some(before)) => before.checked_div(number),
        ("add" | "divide", None) => return wrong("the first step is a `start`"),
        _ => return wrong("a step says `add` or `divide`, or `start` if it is the first"),
    };
    result.ok_or_else(|| {
        (
            StatusCode::UNPROCESSABLE_ENTITY,
            format!("`{deed}` with {number} has no result"),
        )
    })
}
