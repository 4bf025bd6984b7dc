//! What passes over a stream of HTTP/2, in words: for recordings, where bytes would tell little, because fields are compressed.

use std::fmt::Write as _;

use h2::Reason;
use http::{HeaderMap, Request, Response};

/// The head of a request: the fields that begin with a colon, then the others (RFC 9113 §8.3).
pub(crate) fn request<T>(request: &Request<T>) -> String {
    let mut head = format!(":method: {}\n", request.method());
    let uri = request.uri();
    if let Some(scheme) = uri.scheme_str() {
        let _ = writeln!(head, ":scheme: {scheme}");
    }
    if let Some(authority) = uri.authority() {
        let _ = writeln!(head, ":authority: {authority}");
    }
    if let Some(path) = uri.path_and_query() {
        let _ = writeln!(head, ":path: {path}");
    }
    head + &listed(request.headers())
}

/// The head of a response.
pub(crate) fn response<T>(response: &Response<T>) -> String {
    let (status, fields) = (response.status().as_u16(), listed(response.headers()));
    format!(":status: {status}\n{fields}")
}

/// Fields in words, a line each.
pub(crate) fn listed(fields: &HeaderMap) -> String {
    let mut list = String::new();
    for (name, value) in fields {
        let _ = writeln!(list, "{name}: {}", value.as_bytes().escape_ascii());
    }
    list
}

/// How a client let go of a stream, in words.
pub(crate) fn how(reset: &Result<Reason, h2::Error>) -> String {
    match reset {
        Ok(reason) => format!("the client sent RST_STREAM with {reason:?}"),
        Err(error) => error.to_string(),
    }
}
