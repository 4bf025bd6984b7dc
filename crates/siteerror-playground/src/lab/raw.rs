//! Answers that are written past the HTTP library, and those that several steps give.

use std::fmt::Write as _;

use http::header::CACHE_CONTROL;
use siteerror_catalog::catalog;

use super::{Finding, Seen};
use crate::call::Call;
use crate::reply::{Reply, TEXT};

/// The path at which a client arrives that read an answer.
pub(super) const READ: &str = "read";

/// The URL that a client fetches once it has read an answer, and a line of words.
pub(super) fn proof(call: &Call) -> String {
    format!(
        "{}{}\nFetch that one next: it tells the lab that this answer was read.\n",
        call.origin(),
        below(call, READ)
    )
}

/// A path below the step.
pub(super) fn below(call: &Call, rest: &str) -> String {
    call.here(&format!(
        "/lab/{}/{}/{rest}",
        call.path("id"),
        call.path("step")
    ))
}

/// An answer with nothing special about it.
pub(super) fn fine(text: impl Into<String>) -> Reply {
    Reply::ok(TEXT, text.into()).fixed(CACHE_CONTROL, "no-store")
}

/// The head of a final response of HTTP/1.1, with the fields that all answers have.
pub(super) fn head(call: &Call, status: u16, fields: &[(&str, &str)]) -> Vec<u8> {
    let name = catalog().number(status).map_or("", |code| code.name);
    let page = call.shared.page(status);
    let date = httpdate::fmt_http_date(call.now());
    let mut head = format!(
        "HTTP/1.1 {status} {name}\r\nDate: {date}\r\nLink: <{page}>; rel=\"describedby\"\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\n\
         Access-Control-Allow-Origin: *\r\nCache-Control: no-store\r\n"
    );
    for (name, value) in fields {
        // Writing to memory does not fail.
        let _ = write!(head, "{name}: {value}\r\n");
    }
    head.push_str("\r\n");
    head.into_bytes()
}

/// The judgement where reading the answer is right.
pub(super) fn must_be_read(seen: &Seen<'_>, good: &str, bad: &str) -> Finding {
    match (seen.first(""), seen.first(READ)) {
        (None, None) => Finding::nobody(),
        (_, Some(_)) => Finding::good(good),
        (Some(_), None) if seen.is_over() => Finding::bad(bad),
        (Some(_), None) => Finding::waiting(),
    }
}

/// The judgement where taking the answer is wrong.
pub(super) fn must_not_be_read(seen: &Seen<'_>, good: &str, bad: &str) -> Finding {
    let tries = seen.at("").count();
    let finding = match (seen.first(""), seen.first(READ)) {
        (None, None) => return Finding::nobody(),
        (Some(start), _) if !start.is_broken => {
            return Finding::open(format!("Over {} it cannot be done.", start.version));
        }
        (_, Some(_)) => Finding::bad(bad),
        (Some(_), None) if seen.is_over() => Finding::good(good),
        (Some(_), None) => Finding::waiting(),
    };
    finding.number("requests", tries)
}
