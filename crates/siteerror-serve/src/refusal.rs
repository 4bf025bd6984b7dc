//! The response to a request that no handler saw, byte for byte: hyper is past its last word by then.

use bytes::{BufMut as _, BytesMut};
use http::header::{CONNECTION, CONTENT_LENGTH, DATE, HeaderValue, TRANSFER_ENCODING};
use hyper::ext::ReasonPhrase;

use crate::options::{Gate, Refusal};

/// Asks for the response and writes it.
pub(crate) fn write(refusal: &Refusal, gate: &Gate, out: &mut BytesMut) {
    let (head, content) = (gate.refuse)(refusal).into_parts();
    out.put_slice(b"HTTP/1.1 ");
    out.put_slice(head.status.as_str().as_bytes());
    // RFC 9112 §4: the space stays even where there is no reason phrase.
    out.put_u8(b' ');
    if let Some(reason) = head.extensions.get::<ReasonPhrase>() {
        out.put_slice(reason.as_bytes());
    }
    out.put_slice(b"\r\n");
    for (name, value) in &head.headers {
        if ![CONNECTION, CONTENT_LENGTH, DATE, TRANSFER_ENCODING].contains(name) {
            field(out, name.as_str(), value.as_bytes());
        }
    }
    field(
        out,
        CONTENT_LENGTH.as_str(),
        content.len().to_string().as_bytes(),
    );
    field(out, CONNECTION.as_str(), b"close");
    field(out, DATE.as_str(), now().as_bytes());
    out.put_slice(b"\r\n");
    // RFC 9110 §9.3.2: the response to HEAD has no content.
    if !refusal.head.starts_with(b"HEAD ") {
        out.put_slice(&content);
    }
}

fn field(out: &mut BytesMut, name: &str, value: &[u8]) {
    out.put_slice(name.as_bytes());
    out.put_slice(b": ");
    out.put_slice(value);
    out.put_slice(b"\r\n");
}

/// The value of the field Date.
pub(crate) fn date() -> HeaderValue {
    HeaderValue::try_from(now()).expect("a date is plain text")
}

#[expect(
    clippy::disallowed_methods,
    reason = "hyper reads the clock for the date of its responses; these are written without it"
)]
fn now() -> String {
    httpdate::fmt_http_date(std::time::SystemTime::now())
}
