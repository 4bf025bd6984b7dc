//! Trailer fields of the client's own.

use bytes::Bytes;
use futures_util::{StreamExt as _, stream};
use http::header::TRAILER;
use http::{HeaderMap, StatusCode};
use http_body::Frame;

use crate::call::Call;
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{JSON, Reply, field_name, field_value};
use crate::scenario::Outcome;
use crate::scenarios::echo;

pub(super) async fn trailers(call: &mut Call) -> Outcome {
    let most = usize::try_from(limits::FIELDS_ASKED.max).unwrap_or(usize::MAX);
    if call.query.len() > most {
        return Err(Refusal::limit(limits::FIELDS_ASKED, call.query.len()));
    }
    let mut fields = HeaderMap::new();
    // As they were written: names are compared without case, but people read them.
    let mut names: Vec<String> = Vec::new();
    for (name, value) in &call.query {
        let parsed = field_name(name)?;
        if NOT_IN_TRAILERS.contains(&parsed.as_str()) {
            return Err(Refusal::parameter(
                "trailer",
                name,
                "what this field says is needed before the content, so it is no trailer field (RFC 9110 section 6.5.1)",
            ));
        }
        let value = field_value(parsed.as_str(), value)?;
        if !fields.append(parsed, value) {
            names.push(name.clone());
        }
    }
    let content = echo::Content::read(call).await?;
    let json = echo::Seen::of(call).with_content(call, &content).json();
    let json = call.shared.room.house(Bytes::from(json))?;
    let mut reply = Reply::status(StatusCode::OK);
    if !names.is_empty() {
        reply = reply.chosen(TRAILER, &names.join(", "))?;
    }
    let content = stream::once(async { Frame::data(json) });
    let trailers = stream::iter((!fields.is_empty()).then(|| Frame::trailers(fields)));
    Ok(reply.with_frames(JSON, content.chain(trailers)))
}

/// RFC 9110 §6.5.1: fields for framing, routing, authentication, request modifiers, response controls and content format do not come after the content. Those that
/// frame the message are refused wherever a client chooses fields.
const NOT_IN_TRAILERS: [&str; 22] = [
    "age",
    "authorization",
    "cache-control",
    "content-encoding",
    "content-range",
    "content-type",
    "date",
    "expect",
    "expires",
    "host",
    "location",
    "max-forwards",
    "pragma",
    "proxy-authenticate",
    "proxy-authorization",
    "range",
    "retry-after",
    "set-cookie",
    "te",
    "vary",
    "warning",
    "www-authenticate",
];
