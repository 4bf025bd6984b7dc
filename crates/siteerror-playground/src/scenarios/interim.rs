//! Interim responses: several, each with its time and its fields; and every way to answer an expectation.

mod expect;
mod patterns;
pub(super) mod script;

use std::time::Duration;

use http::Version;
use serde_json::json;
use siteerror_catalog::catalog;
use siteerror_serve::InvalidInterim;
use tokio::time::Instant;

use super::redirects::checked_field;
use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Reply, field_name};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};
use script::Script;

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "interim",
        path: "/interim/{script}/{code}",
        methods: Methods::Any,
        family: Family::Interim,
        title: "Interim responses, timed",
        about: "Sends interim responses at the times of the script, with the fields that the URL asks for and no others, and then the final response. Times are in \
                milliseconds from the start, over HTTP/1.1 and HTTP/2 alike; the content tells what a client should have made of them.",
        parameters: &[
            Parameter::path(
                "script",
                Kind::Text,
                "Codes from 100 to 199 with commas between them, each with `@` and its time: `103@0,102@400`. Without a time, one leaves right after the one before. \
                 101 is not possible: what follows it would be another protocol.",
            ),
            Parameter::path(
                "code",
                Kind::Integer {
                    min: 200,
                    max: 999,
                    limit: None,
                },
                "The status code of the final response.",
            ),
            Parameter::query(
                "link",
                Kind::Text,
                "The value of a Link field in each interim response; may be repeated.",
            ),
            Parameter::query(
                "header",
                Kind::Text,
                "A field for each interim response, as `Name: value`; may be repeated.",
            ),
            Parameter::query(
                "field.0",
                Kind::Text,
                "A field for the first interim response alone; `field.1` is for the second, and so on. May be repeated.",
            ),
            Parameter::query(
                "delay",
                Kind::Seconds {
                    limit: limits::DELAY,
                },
                "How long after the last interim response the final one leaves.",
            ),
        ],
        example: "/interim/103@0,102@400,103@800/200?link=%3C/style.css%3E;%20rel=preload;%20as=style",
        answers: &[200],
        media_type: "application/json",
        source: "RFC 9110 §15.2, RFC 8297",
        play: Play::Wait(|call| Box::pin(interim(call))),
    },
    patterns::LIST,
    patterns::ONE,
    expect::SCENARIO,
];

async fn interim(call: &mut Call) -> Outcome {
    let script = Script::parse(call)?;
    let code = call
        .count("code")
        .and_then(|code| u16::try_from(code).ok())
        .unwrap_or(200);
    let delay = call.seconds("delay").unwrap_or_default();
    let whole = script.lasts() + delay;
    if whole > Duration::from_secs(limits::DELAY.max) {
        return Err(Refusal::limit(limits::DELAY, whole.as_secs_f64()));
    }
    for (name, value) in script.steps.iter().flat_map(|step| &step.fields) {
        checked_field(call, &field_name(name)?, value)?;
    }
    let _hold = call.hold()?;
    let start = Instant::now();
    for step in &script.steps {
        if !step.at.is_zero() {
            call.wait_until(start + step.at).await?;
        }
        send(call, step.status, &step.fields).await?;
    }
    if !delay.is_zero() {
        call.wait_until(start + whole).await?;
    }
    let sent: Vec<_> = script
        .steps
        .iter()
        .map(|step| {
            json!({
                "status": step.status,
                "at_ms": u64::try_from(step.at.as_millis()).unwrap_or(u64::MAX),
                "fields": step.fields,
                "client": client(step.status),
            })
        })
        .collect();
    let reply = super::status::with_usual_fields(Reply::number(code)?, call);
    Ok(reply.with_json(&json!({
        "interim_responses": sent,
        "rule": "A client MUST be able to parse one or more 1xx responses before the final one, even if it does not expect any; a user agent MAY ignore those that it did not expect (RFC 9110 §15.2).",
    })))
}

/// Sends one, named as the catalog names it.
async fn send(call: &Call, status: u16, fields: &[(String, String)]) -> Result<(), Refusal> {
    let reason = catalog().number(status).map_or("", |code| code.name);
    let fields: Vec<(&str, &str)> = fields
        .iter()
        .map(|(name, value)| (name.as_str(), value.as_str()))
        .collect();
    call.wire
        .interim(status, reason, &fields)
        .await
        .map_err(|error| refused(call, &error))
}

/// Why it could not be sent: the client is too old, the field belongs to the connection, or nobody is there any more.
fn refused(call: &Call, error: &InvalidInterim) -> Refusal {
    if matches!(error, InvalidInterim::Bytes(_)) {
        return Refusal::new("invalid-field", 400, error.to_string())
            .hint("HTTP/2 has no fields of the connection (RFC 9113 section 8.2.2)");
    }
    let refusal = Refusal::new("version-not-possible", 400, error.to_string());
    if call.parts.version < Version::HTTP_11 {
        return refusal.hint(
            "a server must not send interim responses to a client that speaks HTTP/1.0 (RFC 9110 section 15.2)",
        );
    }
    refusal
}

/// What a client should make of an interim response.
const fn client(status: u16) -> &'static str {
    match status {
        100 => {
            "If it waits with its content, it sends it now; otherwise it discards the 100 (RFC 9110 §15.2.1)."
        }
        102 => {
            "It learns that the server is still at work, and may wait longer than it would have (RFC 2518 §10.1)."
        }
        103 => {
            "It may begin to load what the Link fields name. It does not take the fields for those of the final response, nor apply them to the 103 itself (RFC 8297 §2)."
        }
        104 => {
            "It may learn where an upload that breaks off can be resumed (draft-ietf-httpbis-resumable-upload)."
        }
        _ => {
            "It does not know the code, so it treats it as a 1xx that says nothing, and goes on waiting (RFC 9110 §15)."
        }
    }
}
