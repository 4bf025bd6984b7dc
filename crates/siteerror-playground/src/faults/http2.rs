//! Faults of HTTP/2: streams that are reset, connections that go away, and lengths that do not fit.

use http::HeaderValue;
use http::header::CONTENT_LENGTH;

use super::Deed::Ask;
use super::play::{code, gone};
use super::{Fault, ONE, Right, Versions};
use crate::call::Call;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Later, Outcome};

/// What most faults of HTTP/2 have in common.
const TWO: Fault = Fault {
    versions: Versions::Two,
    cut: Some(false),
    ..ONE
};

/// RFC 9113 §7: `INTERNAL_ERROR`.
const INTERNAL_ERROR: u32 = 0x2;
/// RFC 9113 §7: `REFUSED_STREAM`.
const REFUSED_STREAM: u32 = 0x7;
/// RFC 9113 §7: `ENHANCE_YOUR_CALM`.
const ENHANCE_YOUR_CALM: u32 = 0xb;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "h2-reset",
        title: "RST_STREAM in place of a response",
        about: "The stream is reset with INTERNAL_ERROR, or the error code that `code` says. Other streams of the connection go on.",
        rule: "RST_STREAM ends a stream at once, and its code tells why. Nothing about it promises that the request was not acted upon.",
        source: "RFC 9113 §6.4, §7",
        right: Right::Refuse,
        client: "It fails this request with the code, keeps the connection for the others, and repeats only what may be repeated.",
        parameters: &["code"],
        deed: Ask(|call| {
            Box::pin(async move {
                let code = code(call, INTERNAL_ERROR)?;
                reset(call, code).await
            })
        }),
        ..TWO
    },
    Fault {
        name: "h2-refused-stream",
        title: "REFUSED_STREAM",
        about: "The stream is reset with the one code which says that the request has not been processed at all.",
        rule: "Requests that have not been processed have not failed: clients MAY repeat them, “even those with non-idempotent methods” (§8.7).",
        source: "RFC 9113 §8.7",
        right: Right::Refuse,
        client: "It may try again without asking, a few times and with pauses; if it is refused each time, it reports that.",
        deed: Ask(|call| Box::pin(reset(call, REFUSED_STREAM))),
        ..TWO
    },
    Fault {
        name: "h2-go-away",
        title: "GOAWAY while a request is under way",
        about: "GOAWAY with ENHANCE_YOUR_CALM, or the code of `code`, and then the answer, on a stream that the frame does not cut off.",
        rule: "Streams up to the last identifier named in GOAWAY may still complete. After it, no new streams may be opened on the connection.",
        source: "RFC 9113 §6.8",
        right: Right::Accept,
        client: "It takes this answer, and opens another connection for its next request.",
        parameters: &["code"],
        deed: Ask(|call| Box::pin(go_away(call))),
        ..TWO
    },
    Fault {
        name: "h2-length-too-long",
        title: "More content announced than DATA has",
        about: "The field content-length says 100, and the stream ends in order after 12 bytes of DATA.",
        rule: "A message whose content-length differs from the sum of its DATA is malformed, and clients MUST NOT accept a malformed response.",
        source: "RFC 9113 §8.1.1",
        right: Right::Refuse,
        client: "It treats this as a stream error (PROTOCOL_ERROR), although END_STREAM has come.",
        cut: Some(true),
        deed: Ask(|_| disagreeing("100")),
        ..TWO
    },
    Fault {
        name: "h2-length-too-short",
        title: "Less content announced than DATA has",
        about: "The field content-length says 6, and 12 bytes of DATA come.",
        rule: "In HTTP/2 the length frames nothing: it only has to be true, and a response in which it is not is malformed.",
        source: "RFC 9113 §8.1.1",
        right: Right::Refuse,
        client: "It does not hand this response out. A client that turns it into HTTP/1.1 for somebody else would split it in two.",
        deed: Ask(|_| disagreeing("6")),
        ..TWO
    },
    Fault {
        name: "h2-length-without-data",
        title: "Content announced, and the stream ends with the head",
        about: "The field content-length says 12 in a response to GET, and END_STREAM stands on the HEADERS frame already.",
        rule: "Zero is a sum too: without DATA, only answers that never have content may name another length.",
        source: "RFC 9113 §8.1.1, RFC 9110 §6.4.1",
        right: Right::Refuse,
        client: "It notices that 12 bytes are missing, even if it never had to read any.",
        cut: Some(true),
        deed: Ask(|_| {
            Box::pin(std::future::ready(Ok(
                Reply::ok(TEXT, "").field(CONTENT_LENGTH, HeaderValue::from_static("12"))
            )))
        }),
        ..TWO
    },
];

async fn reset(call: &Call, code: u32) -> Outcome {
    call.wire
        .reset_stream(code)
        .await
        .map_err(|error| gone(&error))?;
    // Nothing of this leaves: the stream has ended in its place.
    Ok(Reply::status(http::StatusCode::OK))
}

async fn go_away(call: &Call) -> Outcome {
    let code = code(call, ENHANCE_YOUR_CALM)?;
    call.wire
        .go_away(code)
        .await
        .map_err(|error| gone(&error))?;
    Ok(Reply::ok(TEXT, "GOAWAY went ahead of this.\n"))
}

fn disagreeing(length: &'static str) -> Later<'static> {
    Box::pin(std::future::ready(Ok(
        Reply::ok(TEXT, "only a part\n").field(CONTENT_LENGTH, HeaderValue::from_static(length))
    )))
}
