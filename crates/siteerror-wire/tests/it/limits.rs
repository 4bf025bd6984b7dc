//! Reading stops where it is told to, and not a byte earlier.

use siteerror_wire::framing::Limit;
use siteerror_wire::{Asked, Closing, DefectKind as D, End, Limits, Received};

use crate::read_both_ways;

const LIMITS: Limits = Limits {
    start_line_bytes: 17,
    field_line_bytes: 8,
    head_bytes: 43,
    fields: 3,
    interims: 1,
    body_bytes: 40,
    chunk_line_bytes: 6,
    chunk_size_digits: 2,
    trailer_bytes: 10,
};

fn read(text: &str) -> Received {
    read_both_ways(text.as_bytes(), Asked::by("GET"), LIMITS, Closing::Orderly)
}

fn check(fits: &str, too_much: &str, limit: Limit, kind: D) {
    let fitting = read(fits);
    assert_eq!(fitting.end, End::Complete, "{fits}: {:?}", fitting.defects);
    let stopped = read(too_much);
    assert_eq!(stopped.end, End::Limit(limit), "{too_much}");
    assert!(
        stopped.defects.has(kind),
        "{too_much}: {:?}",
        stopped.defects
    );
}

#[test]
fn start_line() {
    check(
        "HTTP/1.1 200 OK\r\n\r\n",
        "HTTP/1.1 200 OKK\r\n\r\n",
        Limit::StartLine,
        D::StartLineTooLong,
    );
}

#[test]
fn field_line() {
    check(
        "HTTP/1.1 200 OK\r\nA: 123\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA: 1234\r\n\r\n",
        Limit::FieldLine,
        D::FieldLineTooLong,
    );
}

#[test]
fn number_of_fields() {
    check(
        "HTTP/1.1 200 OK\r\nA:1\r\nA:2\r\nA:3\r\n\r\n",
        "HTTP/1.1 200 OK\r\nA:1\r\nA:2\r\nA:3\r\nA:4\r\n\r\n",
        Limit::Fields,
        D::TooManyFields,
    );
}

#[test]
fn head() {
    check(
        "HTTP/1.1 200 OK\r\nA: 123\r\nA: 123\r\nA: 123\r\n\r\n",
        "\r\nHTTP/1.1 200 OK\r\nA: 123\r\nA: 123\r\nA: 123\r\n\r\n",
        Limit::Head,
        D::HeadTooLarge,
    );
}

#[test]
fn what_came_before_a_limit_is_kept() {
    let received = read("HTTP/1.1 200 OK\r\nA: 1\r\nA: 1234567890");
    let head = received.response.expect("the status line came").head;
    assert_eq!(head.status(), Some(200));
    assert!(!head.is_complete());
    assert_eq!(head.fields().len(), 1);
    assert_eq!(received.unread, b"A: 1234567890");
    assert_eq!(received.framing, None);
}

#[test]
fn interims() {
    let interim = "HTTP/1.1 102 OK\r\n\r\n";
    let last = "HTTP/1.1 200 OK\r\n\r\n";
    check(
        &format!("{interim}{last}"),
        &format!("{interim}{interim}{last}"),
        Limit::Interims,
        D::TooManyInterim,
    );
}

const CHUNKED: &str = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

/// With room for the field that chunks need.
fn check_chunks(fits: &str, too_much: &str, limit: Limit, kind: Option<D>) {
    let limits = Limits {
        field_line_bytes: 100,
        head_bytes: 100,
        ..LIMITS
    };
    let read = |body: &str| {
        let text = format!("{CHUNKED}{body}");
        read_both_ways(text.as_bytes(), Asked::by("GET"), limits, Closing::Orderly)
    };
    assert_eq!(read(fits).end, End::Complete, "{fits}");
    let stopped = read(too_much);
    assert_eq!(stopped.end, End::Limit(limit), "{too_much}");
    match kind {
        Some(kind) => assert!(stopped.defects.has(kind), "{too_much}"),
        None => assert!(stopped.defects.is_empty(), "{too_much}"),
    }
}

#[test]
fn line_of_a_chunk_size() {
    check_chunks(
        "1;ab\r\na\r\n0\r\n\r\n",
        "1;abc\r\na\r\n0\r\n\r\n",
        Limit::ChunkLine,
        Some(D::ChunkLineTooLong),
    );
    check_chunks(
        "01\r\na\r\n0\r\n\r\n",
        "001\r\na\r\n0\r\n\r\n",
        Limit::ChunkLine,
        Some(D::ChunkSizeTooLong),
    );
}

#[test]
fn trailers() {
    check_chunks(
        "0\r\nA: 123\r\n\r\n",
        "0\r\nA: 1234\r\n\r\n",
        Limit::Trailers,
        Some(D::TrailersTooLarge),
    );
}

/// Content after which nobody wants to read on is nothing against the message.
#[test]
fn body() {
    check_chunks(
        "1d\r\n12345678901234567890123456789\r\n0\r\n\r\n",
        "1e\r\n123456789012345678901234567890\r\n0\r\n\r\n",
        Limit::Body,
        None,
    );
}
