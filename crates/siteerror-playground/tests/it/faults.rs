//! Faults, byte for byte: what leaves is what the grammar of RFC 9112 says it should be, but for the one thing that is wrong.

mod answers;
mod neighbours;
mod over_tls;
mod rows;
mod words;

use std::time::Duration;

use siteerror_playground::{Spawned, Versions, faults};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{connect, playground};
use rows::{End, Row, rows};

/// Sends bytes, and reads what comes: the answer, and whether a reset ended it.
pub(crate) async fn until_end(playground: &Spawned, request: &[u8]) -> (Vec<u8>, End) {
    let mut stream = connect(playground).await;
    stream.write_all(request).await.expect("it is taken");
    let mut answer = Vec::new();
    let end = tokio::time::timeout(Duration::from_mins(1), stream.read_to_end(&mut answer))
        .await
        .expect("the connection ends");
    match end {
        Ok(_) => (answer, End::InOrder),
        Err(error) => {
            assert_eq!(error.kind(), std::io::ErrorKind::ConnectionReset);
            (answer, End::Reset)
        }
    }
}

/// Dates are checked for their form (RFC 9110 §5.6.7) and then made equal.
pub(crate) fn without_dates(mut bytes: &[u8]) -> Vec<u8> {
    const NAME: &[u8] = b"\r\nDate: ";
    const LENGTH: usize = "Tue, 24 Nov 2026 08:00:00 GMT".len();
    let mut rest = Vec::with_capacity(bytes.len());
    while let Some(at) = bytes.windows(NAME.len()).position(|window| window == NAME) {
        let (before, value) = bytes.split_at(at + NAME.len());
        let (date, after) = value.split_at(LENGTH);
        let date = std::str::from_utf8(date).expect("a date is text");
        httpdate::parse_http_date(date).expect("it is a date");
        rest.extend_from_slice(before);
        rest.extend_from_slice(b"now");
        bytes = after;
    }
    rest.extend_from_slice(bytes);
    rest
}

/// The path of a fault; those that are slow are asked to hurry.
pub(crate) fn target(name: &str) -> String {
    match name {
        "stall-in-head" | "stall-in-content" => format!("/fault/{name}?pause=20ms"),
        "drip-head" => format!("/fault/{name}?pause=1ms"),
        _ => format!("/fault/{name}"),
    }
}

#[tokio::test]
async fn every_script_is_sent_byte_for_byte() {
    let playground = playground().await;
    for Row {
        name,
        method,
        expected,
        end,
    } in rows()
    {
        let request = format!(
            "{method} {} HTTP/1.1\r\nHost: {}\r\n\r\n",
            target(name),
            playground.address()
        );
        let (answer, ended) = until_end(&playground, request.as_bytes()).await;
        assert_eq!(
            without_dates(&answer).escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "{name}"
        );
        assert_eq!(ended, end, "{name}");
    }
}

#[test]
fn every_fault_of_http_1_is_in_a_table_of_these_tests() {
    let tested: Vec<&str> = rows()
        .iter()
        .map(|row| row.name)
        .chain(answers::NAMES.iter().copied())
        .chain(over_tls::NAMES.iter().copied())
        .collect();
    for fault in faults() {
        let is_tested = tested.contains(&fault.name);
        assert_eq!(is_tested, fault.versions != Versions::Two, "{}", fault.name);
    }
}

#[tokio::test]
async fn an_http_10_request_gets_the_same_bytes() {
    let playground = playground().await;
    let (answer, _) = until_end(
        &playground,
        b"GET /fault/chunked-to-http10 HTTP/1.0\r\n\r\n",
    )
    .await;
    let row = rows()
        .into_iter()
        .find(|row| row.name == "chunked-to-http10")
        .expect("it is a row");
    assert_eq!(
        without_dates(&answer).escape_ascii().to_string(),
        row.expected.escape_ascii().to_string()
    );
}

#[tokio::test]
async fn a_413_leaves_although_content_is_announced_and_never_sent() {
    let playground = playground().await;
    let (answer, end) = until_end(
        &playground,
        b"POST /fault/early-answer-then-reset HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n",
    )
    .await;
    assert!(
        answer.starts_with(b"HTTP/1.1 413 "),
        "{}",
        answer.escape_ascii()
    );
    assert_eq!(end, End::Reset);
}

#[tokio::test]
async fn an_expectation_is_met_before_a_fault_reads_the_content() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"POST /fault/garbage-first HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\nExpect: 100-continue\r\n\r\n")
        .await
        .expect("it is taken");
    let mut interim = [0; 25];
    stream.read_exact(&mut interim).await.expect("a 100 comes");
    assert_eq!(&interim, b"HTTP/1.1 100 Continue\r\n\r\n");
    stream.write_all(b"hello").await.expect("it is taken");
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .await
        .expect("it ends in order");
    assert!(answer.starts_with(b"220 "), "{}", answer.escape_ascii());
}
