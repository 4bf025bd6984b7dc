//! Lines and events, each made when its time has come.

use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::{CACHE_CONTROL, HeaderValue, TRAILER};
use http::{HeaderMap, HeaderName, StatusCode};
use http_body::Frame;

use crate::call::Call;
use crate::limits::{self, Limit};
use crate::pace::Pace;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply};
use crate::scenario::Outcome;
use crate::scenarios::echo::Seen;

const SERVER_TIMING: HeaderName = HeaderName::from_static("server-timing");

pub(super) async fn stream(call: &mut Call) -> Outcome {
    lines(call, "n", 0, limits::STREAM, JSON).await
}

pub(super) async fn jsonl(call: &mut Call) -> Outcome {
    lasts(call)?;
    lines(call, "count", 10, limits::LINES, "application/x-ndjson").await
}

/// The request as one line of JSON again and again, with a number.
async fn lines(
    call: &Call,
    parameter: &str,
    usual: usize,
    limit: Limit,
    media_type: &'static str,
) -> Outcome {
    let asked = call.count(parameter).unwrap_or(usual);
    let count = call.capped(parameter, limit).unwrap_or(usual);
    let pace = pace(call, Duration::ZERO)?;
    let (before, after) = around_id(call);
    pace.begin(call).await?;
    let pieces = pace.spread(count, move |id| format!("{before}{id}{after}\n").into());
    let reply = Reply::status(StatusCode::OK).with_pieces(media_type, pieces);
    Ok(if count < asked {
        reply.capped(limit, asked)
    } else {
        reply
    })
}

fn pace(call: &Call, usual_duration: Duration) -> Result<Pace, Refusal> {
    let delay = call.seconds("delay").unwrap_or_default();
    let duration = call.seconds("duration").unwrap_or(usual_duration);
    let pace = Pace::new(call, delay, duration)?;
    Ok(pace.jitter(call.share("jitter").unwrap_or(0.0)))
}

/// A duration that is given is one: asking for nothing is more likely a mistake, and those who want no pace leave it out.
fn lasts(call: &Call) -> Result<(), Refusal> {
    match (call.query("duration"), call.seconds("duration")) {
        (Some(text), Some(Duration::ZERO)) => Err(Refusal::parameter(
            "duration",
            text,
            "it is more than 0 where it is given",
        )),
        _ => Ok(()),
    }
}

/// A line of JSON before and after its number, so that a thousand lines cost no more than one.
fn around_id(call: &Call) -> (String, String) {
    let echo = serde_json::to_value(Seen::of(call)).unwrap_or_default();
    let echo = echo.as_object().into_iter().flatten();
    let (before, after): (Vec<_>, Vec<_>) = echo
        .filter(|(key, _)| *key != "method")
        .map(|(key, value)| (key.as_str() < "id", format!("\"{key}\":{value}")))
        .partition(|(is_before, _)| *is_before);
    let joined = |members: Vec<(bool, String)>| {
        let members: Vec<String> = members.into_iter().map(|(_, member)| member).collect();
        members.join(",")
    };
    (
        format!("{{{},\"id\":", joined(before)),
        format!(",{}}}", joined(after)),
    )
}

pub(super) async fn sse(call: &mut Call) -> Outcome {
    lasts(call)?;
    let count = call.count("count").unwrap_or(10);
    let delay = call.seconds("delay").unwrap_or_default();
    let duration = call.seconds("duration").unwrap_or(Duration::from_secs(5));
    let pace = pace(call, duration)?;
    pace.begin(call).await?;
    let clock = call.shared.options.clock;
    let events = pace.spread(count, move |id| event(id, clock()));
    let timing = format!(
        "initial_delay;dur={}, write_duration;dur={}",
        delay.as_millis(),
        duration.as_millis()
    );
    let mut trailers = HeaderMap::new();
    if let Ok(timing) = HeaderValue::try_from(timing) {
        trailers.insert(SERVER_TIMING, timing);
    }
    let frames = events
        .map(Frame::data)
        .chain(stream::once(async { Frame::trailers(trailers) }));
    Ok(Reply::status(StatusCode::OK)
        .with_frames("text/event-stream", frames)
        .fixed(CACHE_CONTROL, "no-store")
        .fixed(TRAILER, "Server-Timing"))
}

fn event(id: usize, now: SystemTime) -> Bytes {
    let since = now.duration_since(SystemTime::UNIX_EPOCH);
    let timestamp = since.unwrap_or_default().as_millis();
    format!("event: ping\ndata: {{\"id\":{id},\"timestamp\":{timestamp}}}\n\n").into()
}
