//! `Expect: 100-continue`, answered in every way that there is.

use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, CONTENT_LENGTH, EXPECT, TRANSFER_ENCODING};
use http::{StatusCode, Version};
use serde_json::json;
use tokio::time::Instant;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

pub(super) const SCENARIO: Scenario = Scenario {
    id: "expect",
    path: "/expect/{mode}",
    methods: Methods::Any,
    family: Family::Interim,
    title: "Expect, answered in every way",
    about: "Answers a request with `Expect: 100-continue` in the way that the path names, and tells when the content came. Without the field, or without content, there is \
            nothing to wait for, and only `unasked` sends a 100.",
    parameters: &[
        Parameter::path(
            "mode",
            Kind::OneOf(&["at-once", "late", "never", "refused", "final", "unasked"]),
            "`at-once`: 100 and then the rest. `late`: 100 after a while, unless the content comes first. `never`: the content is read without a 100. `refused`: 417. \
             `final`: a final answer before the content. `unasked`: a 100 whether or not it is expected.",
        ),
        Parameter::query(
            "after",
            Kind::Seconds {
                limit: limits::DELAY,
            },
            "For `late`: how long the 100 is held back. Without it, 2 seconds, which is longer than most clients wait.",
        ),
        Parameter::query(
            "status",
            Kind::Integer {
                min: 200,
                max: 599,
                limit: None,
            },
            "For `final`: the code of the answer. Without it, 403.",
        ),
    ],
    example: "/expect/at-once",
    answers: &[],
    media_type: "application/json",
    source: "RFC 9110 §10.1.1",
    play: Play::Wait(|call| Box::pin(expect(call))),
};

/// How long `late` holds the 100 back without a wish.
const LATE: Duration = Duration::from_secs(2);

async fn expect(call: &mut Call) -> Outcome {
    let start = Instant::now();
    let is_expected = is_expected(call);
    match call.path("mode").to_owned().as_str() {
        "at-once" => {
            call.wire.withhold_continue();
            if is_expected {
                continue_now(call).await?;
            }
            let content = call.content().await?;
            Ok(report(call, start, is_expected, is_expected, &content,
                "It sends the content as soon as the 100 is there, and then waits for the final response."))
        }
        "late" => late(call, start, is_expected).await,
        "never" => {
            call.wire.withhold_continue();
            let content = call.content().await?;
            Ok(report(call, start, is_expected, false, &content,
                "It SHOULD NOT wait for an indefinite period: after a while of its own choosing, it sends the content without having heard anything."))
        }
        "refused" if is_expected => Ok(Reply::status(StatusCode::EXPECTATION_FAILED)
            .because("You sent an expectation, and this endpoint meets none. A client that receives a 417 to a 100-continue expectation SHOULD repeat the request without it.")
            .closing(call)),
        "refused" => {
            let content = call.content().await?;
            Ok(report(call, start, is_expected, false, &content,
                "Nothing was expected, so nothing was refused: this is what a repeated request without Expect gets."))
        }
        "final" => {
            call.wire.withhold_continue();
            let status = call
                .integer("status")
                .and_then(|status| u16::try_from(status).ok())
                .unwrap_or(403);
            let reply = super::super::status::with_usual_fields(Reply::number(status)?, call);
            Ok(reply
                .because("The status could be told from the head of your request, so its content was not read. A client that has not sent it yet does not send it any more.")
                .closing(call))
        }
        _ => {
            call.wire.withhold_continue();
            continue_now(call).await?;
            let content = call.content().await?;
            Ok(report(call, start, is_expected, true, &content,
                "If it did not expect the 100, it discards it, and waits for the final response as before."))
        }
    }
}

async fn late(call: &mut Call, start: Instant, is_expected: bool) -> Outcome {
    let after = call.seconds("after").unwrap_or(LATE);
    let _hold = call.hold()?;
    call.wire.withhold_continue();
    let wire = call.wire.clone();
    let (content, is_continued) = {
        let mut content = std::pin::pin!(call.content());
        tokio::select! {
            // RFC 9110 §10.1.1: a server MAY omit the 100 if it has already received some or all of the content.
            biased;
            content = &mut content => (content?, false),
            () = tokio::time::sleep_until(start + after), if is_expected => {
                say_continue(&wire).await?;
                (content.await?, true)
            }
        }
    };
    let client = if is_expected && !is_continued {
        "It did not wait until the 100 would have come, which is its right: no length of time is prescribed."
    } else if is_expected {
        "It waited for the 100. One that has a limit, and begins to send before, takes the late 100 for what it is and throws it away."
    } else {
        "It expected nothing, and so it had nothing to wait for."
    };
    Ok(report(
        call,
        start,
        is_expected,
        is_continued,
        &content,
        client,
    ))
}

/// Whether the client waits for a 100. RFC 9110 §10.1.1: in a request of HTTP/1.0 the expectation MUST be ignored, and without content there is none.
fn is_expected(call: &Call) -> bool {
    let has_content = call.parts.headers.contains_key(TRANSFER_ENCODING)
        || call
            .header(CONTENT_LENGTH.as_str())
            .is_some_and(|length| length != "0")
        || (call.is_http2()
            && call
                .content
                .as_ref()
                .is_some_and(|content| !http_body::Body::is_end_stream(content)));
    call.parts.version > Version::HTTP_10
        && has_content
        && call
            .header(EXPECT.as_str())
            .is_some_and(|value| value.trim().eq_ignore_ascii_case("100-continue"))
}

async fn continue_now(call: &Call) -> Result<(), Refusal> {
    say_continue(&call.wire).await
}

async fn say_continue(wire: &siteerror_serve::Wire) -> Result<(), Refusal> {
    let reason = siteerror_catalog::catalog()
        .number(100)
        .map_or("", |code| code.name);
    wire.interim(100, reason, &[])
        .await
        .map_err(|error| Refusal::new("version-not-possible", 400, error.to_string()))
}

fn report(
    call: &Call,
    start: Instant,
    is_expected: bool,
    is_continued: bool,
    content: &Bytes,
    client: &'static str,
) -> Reply {
    Reply::json(&json!({
        "mode": call.path("mode"),
        "expected": is_expected,
        "continue_sent": is_continued,
        "content_bytes": content.len(),
        "content_after_ms": u64::try_from(start.elapsed().as_millis()).unwrap_or(u64::MAX),
        "client": client,
    }))
}

impl Reply {
    /// Says that the connection ends if content was left unread. RFC 9110 §10.1.1: who answers before it has read everything SHOULD tell.
    fn closing(self, call: &Call) -> Self {
        if call.is_http2()
            || call
                .content
                .as_ref()
                .is_none_or(http_body::Body::is_end_stream)
        {
            self
        } else {
            self.fixed(CONNECTION, "close")
        }
    }
}
