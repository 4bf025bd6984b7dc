//! Trailer fields for clients that did not ask for them. RFC 9110 §6.5.1 allows sending those that nobody depends on, and clients have to cope with them, but the HTTP
//! library leaves them away unless an HTTP/1.1 request says `TE: trailers`. So such an answer is written chunk by chunk past it, and ends the connection.

use bytes::Bytes;
use http::header::TE;
use http::request::Parts;
use http::{HeaderMap, HeaderValue, Method, Response, Version};
use http_body_util::{BodyExt as _, Either, Full};
use siteerror_serve::{Ending, Wire};

use crate::playground::reason_phrase;
use crate::reply::Body;

/// Whether the library would leave trailer fields away that this request may get.
pub(crate) fn are_unasked(request: &Parts) -> bool {
    let mut lines = request.headers.get_all(TE).iter();
    let is_asked = lines.any(|line| {
        let text = line.to_str().unwrap_or_default();
        text.split(',')
            .any(|item| item.trim().eq_ignore_ascii_case("trailers"))
    });
    request.version == Version::HTTP_11 && request.method != Method::HEAD && !is_asked
}

/// Writes the answer with its trailer section; what is returned is for the library, and no byte of it leaves.
pub(crate) async fn send(wire: &Wire, response: Response<Body>, date: &str) -> Response<Body> {
    // A client that has gone away leaves nothing to do, here as below.
    let _ = write(wire, response, date).await;
    let _ = wire.close(Ending::Fin).await;
    Response::new(Either::Left(Full::default()))
}

/// Nothing once the connection is gone.
async fn write(wire: &Wire, response: Response<Body>, date: &str) -> Option<()> {
    let (answered, mut body) = response.into_parts();
    let reason = answered.extensions.get::<hyper::ext::ReasonPhrase>();
    let usual = reason_phrase(answered.status);
    let mut head = format!("HTTP/1.1 {} ", answered.status.as_u16()).into_bytes();
    head.extend_from_slice(reason.unwrap_or(&usual).as_bytes());
    head.extend_from_slice(b"\r\n");
    let mut fields = answered.headers;
    fields.remove(http::header::CONTENT_LENGTH);
    if let Ok(date) = HeaderValue::from_str(date) {
        fields.insert(http::header::DATE, date);
    }
    fields.insert(
        http::header::TRANSFER_ENCODING,
        HeaderValue::from_static("chunked"),
    );
    fields.insert(http::header::CONNECTION, HeaderValue::from_static("close"));
    push_fields(&mut head, &fields);
    wire.raw(&head).await.ok()?;
    let mut trailers = HeaderMap::new();
    while let Some(Ok(frame)) = body.frame().await {
        match frame.into_data() {
            Ok(piece) if piece.is_empty() => {}
            Ok(piece) => wire.raw(&chunk(&piece)).await.ok()?,
            Err(frame) => trailers.extend(frame.into_trailers().unwrap_or_default()),
        }
    }
    let mut last = b"0\r\n".to_vec();
    push_fields(&mut last, &trailers);
    wire.raw(&last).await.ok()
}

/// RFC 9112 §7.1.
fn chunk(data: &Bytes) -> Vec<u8> {
    let mut chunk = format!("{:x}\r\n", data.len()).into_bytes();
    chunk.extend_from_slice(data);
    chunk.extend_from_slice(b"\r\n");
    chunk
}

/// Field lines and the empty line after them.
fn push_fields(message: &mut Vec<u8>, fields: &HeaderMap) {
    for (name, value) in fields {
        message.extend_from_slice(name.as_str().as_bytes());
        message.extend_from_slice(b": ");
        message.extend_from_slice(value.as_bytes());
        message.extend_from_slice(b"\r\n");
    }
    message.extend_from_slice(b"\r\n");
}
