//! A small gateway of our own, in front of servers of our own that each have one bad habit. What it meets is real; which status code that becomes is for
//! whoever asks: RFC 9110 knows 502 and 504, and vendors have their own.
//!
//! It dials nothing but the addresses of [`upstream`], which start on loopback when they are first needed. Nothing of a request reaches a dial: what is
//! sent to an upstream is the same bytes for everybody.

mod dial;
mod habits;
mod met;
mod upstream;

use http::{HeaderName, HeaderValue, StatusCode};

pub(crate) use dial::Limits;
pub(crate) use met::{Answer, Met, Trouble};
pub(crate) use upstream::{Gateway, Upstream};

use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;

/// The field that says what an upstream really did.
pub(crate) const UPSTREAM: HeaderName = HeaderName::from_static("playground-upstream");

/// Asks an upstream for the sake of a call, in a place among the requests that wait.
///
/// # Errors
///
/// If all places are taken, or the upstream cannot be started.
pub(crate) async fn meet(call: &Call, upstream: Upstream, limits: Limits) -> Result<Met, Refusal> {
    let _hold = call.hold()?;
    call.shared.gateway.ask(upstream, limits).await.map_err(|error| {
        tracing::error!(%error, upstream = upstream.name(), "cannot start an upstream: {error}");
        Refusal::new("internal-error", 500, "the upstream cannot be started")
    })
}

/// Asks an upstream, and answers as RFC 9110 §15.6.3 and §15.6.5 say: 504 for one that took too long, 502 for one whose answer is of no use.
///
/// # Errors
///
/// If all places are taken, or the upstream cannot be started.
pub(crate) async fn through(call: &mut Call, upstream: Upstream) -> Outcome {
    let met = meet(call, upstream, Limits::default()).await?;
    let reply = match &met {
        Met::Answer(answer) => passed_on(answer),
        Met::Failure(failure) => {
            let status = match failure.trouble {
                Trouble::ConnectTimeout | Trouble::ResponseTimeout => StatusCode::GATEWAY_TIMEOUT,
                _ => StatusCode::BAD_GATEWAY,
            };
            Reply::status(status)
        }
    };
    Ok(told(reply, upstream, &met))
}

/// The answer of an upstream as that of the gateway.
pub(crate) fn passed_on(answer: &Answer) -> Reply {
    let status = StatusCode::from_u16(answer.status).unwrap_or(StatusCode::BAD_GATEWAY);
    let reply = Reply::status(status);
    if status.is_success() {
        reply.with(TEXT, answer.content.clone())
    } else {
        reply
    }
}

/// A reply that says what the upstream did.
pub(crate) fn told(reply: Reply, upstream: Upstream, met: &Met) -> Reply {
    let because = match met {
        Met::Answer(answer) => format!(
            "The upstream answered {} itself, and the gateway passed that on.",
            answer.status
        ),
        Met::Failure(failure) => format!("{}.", failure.detail),
    };
    let did = HeaderValue::from_str(&format!("{}: {}", upstream.name(), upstream.about()))
        .unwrap_or_else(|_| HeaderValue::from_static(upstream.name()));
    reply.field(UPSTREAM, did).because(because)
}
