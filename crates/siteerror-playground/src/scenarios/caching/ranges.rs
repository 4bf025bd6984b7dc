//! Content that can be had in parts: the alphabet, over and over. RFC 9110 §14.

use std::time::Duration;

use bytes::Bytes;
use http::StatusCode;
use http::header::{ACCEPT_RANGES, CONTENT_LENGTH, CONTENT_RANGE, ETAG, HeaderValue};

use super::{conditional, quoted, told};
use crate::call::Call;
use crate::conditions::{self, Part, Selection};
use crate::pace::Pace;
use crate::reply::Reply;
use crate::scenario::Outcome;

pub(super) async fn range(call: &mut Call) -> Outcome {
    let length = call.count("n").unwrap_or(1);
    let etag = format!("range{length}");
    if let Some(reply) = conditional(call, &etag)? {
        return Ok(reply);
    }
    let selection = conditions::select(
        &call.parts.method,
        &call.parts.headers,
        etag.as_bytes(),
        length,
    );
    let mut reply = Reply::status(StatusCode::OK);
    let content = match selection {
        Selection::Nothing => {
            reply.status = StatusCode::RANGE_NOT_SATISFIABLE;
            let told = told(call, "range");
            reply = reply.fixed(ACCEPT_RANGES, "bytes").because(format!(
                "Your Range was {told} and there are {length} bytes, counted from 0."
            ));
            return reply.chosen(CONTENT_RANGE, &format!("bytes */{length}"));
        }
        Selection::Whole => alphabet(Part {
            first: 0,
            last: length - 1,
        }),
        Selection::Parts(parts) => {
            reply.status = StatusCode::PARTIAL_CONTENT;
            if let [only] = parts.as_slice() {
                reply = reply.chosen(CONTENT_RANGE, &content_range(*only, length))?;
                alphabet(*only)
            } else {
                let content = byteranges(&parts, length);
                reply = paced(call, reply, content, BYTERANGES).await?;
                return reply
                    .fixed(ACCEPT_RANGES, "bytes")
                    .chosen(ETAG, &quoted(&etag));
            }
        }
    };
    let reply = paced(call, reply, content, "application/octet-stream").await?;
    reply
        .fixed(ACCEPT_RANGES, "bytes")
        .chosen(ETAG, &quoted(&etag))
}

/// With content at the pace that the query asks for.
async fn paced(call: &Call, reply: Reply, content: Vec<u8>, media_type: &'static str) -> Outcome {
    let duration = call.seconds("duration").unwrap_or_default();
    let pace = Pace::new(call, Duration::ZERO, duration)?;
    pace.begin(call).await?;
    let content = Bytes::from(content);
    if pace.is_instant() {
        return Ok(reply.with(media_type, content));
    }
    let content = call.shared.room.house(content)?;
    let length = content.len();
    let size = call
        .count("chunk_size")
        .unwrap_or(length.div_ceil(100))
        .max(1);
    let pieces = pace.spread(length.div_ceil(size), move |index| {
        let from = index * size;
        content.slice(from..(from + size).min(length))
    });
    Ok(reply
        .with_pieces(media_type, pieces)
        .field(CONTENT_LENGTH, HeaderValue::from(length)))
}

/// Bytes of the alphabet, over and over.
fn alphabet(part: Part) -> Vec<u8> {
    let letters = (b'a'..=b'z').cycle().skip(part.first % 26);
    letters.take(part.last - part.first + 1).collect()
}

fn content_range(part: Part, length: usize) -> String {
    format!("bytes {}-{}/{length}", part.first, part.last)
}

/// It cannot stand in the content, which is letters in lower case.
const BOUNDARY: &str = "PART-OF-THE-ALPHABET";
const BYTERANGES: &str = "multipart/byteranges; boundary=PART-OF-THE-ALPHABET";

/// RFC 9110 §14.6.
fn byteranges(parts: &[Part], length: usize) -> Vec<u8> {
    let mut content = Vec::new();
    for part in parts {
        let head = format!(
            "--{BOUNDARY}\r\nContent-Type: application/octet-stream\r\nContent-Range: {}\r\n\r\n",
            content_range(*part, length)
        );
        content.extend_from_slice(head.as_bytes());
        content.extend(alphabet(*part));
        content.extend_from_slice(b"\r\n");
    }
    content.extend_from_slice(format!("--{BOUNDARY}--\r\n").as_bytes());
    content
}
