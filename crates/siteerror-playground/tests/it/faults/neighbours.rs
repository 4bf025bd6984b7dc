//! A fault touches neither what went before it on its connection nor any other connection.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::answers::NAMES;
use super::rows::{Row, rows};
use super::{target, until_end, without_dates};
use crate::ask::{Answer, connect, playground};

/// Three requests in one write: an ordinary one, a fault, an ordinary one.
fn pipelined(method: &str, target: &str) -> Vec<u8> {
    format!(
        "GET /status/200?body=first HTTP/1.1\r\nHost: a\r\n\r\n{method} {target} HTTP/1.1\r\nHost: a\r\n\r\nGET /status/200?body=third HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n"
    )
    .into_bytes()
}

/// Cuts off the first response, which has a length.
fn after_first(answer: &[u8]) -> (Answer, &[u8]) {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("the first answer has a head")
        + 4
        + "first".len();
    (Answer::parse(&answer[..end]), &answer[end..])
}

#[tokio::test]
async fn an_earlier_request_is_answered_whole_and_a_later_one_not_at_all() {
    let playground = playground().await;
    for Row {
        name,
        method,
        expected,
        end,
    } in rows()
    {
        let (answer, ended) = until_end(&playground, &pipelined(method, &target(name))).await;
        let (first, rest) = after_first(&answer);
        assert_eq!(
            (first.status, first.text().as_str()),
            (200, "first"),
            "{name}"
        );
        assert_eq!(
            without_dates(rest).escape_ascii().to_string(),
            expected.escape_ascii().to_string(),
            "{name}"
        );
        assert_eq!(ended, end, "{name}");
    }
}

#[tokio::test]
async fn where_the_framing_is_right_the_connection_goes_on() {
    let playground = playground().await;
    for name in NAMES {
        if name == "reset-in-content" {
            continue;
        }
        let (answer, _) = until_end(&playground, &pipelined("GET", &target(name))).await;
        let (first, rest) = after_first(&answer);
        assert_eq!(first.text(), "first", "{name}");
        assert!(rest.starts_with(b"HTTP/1.1 "), "{name}");
        assert!(rest.ends_with(b"\r\n\r\nthird"), "{name}");
    }
}

#[tokio::test]
async fn another_connection_notices_nothing() {
    let playground = playground().await;
    let mut other = connect(&playground).await;
    for Row { name, method, .. } in rows() {
        let (one, two) = ("GET /status/200?body=oth", "er HTTP/1.1\r\nHost: a\r\n\r\n");
        other.write_all(one.as_bytes()).await.expect("it is taken");
        let request = format!("{method} {} HTTP/1.1\r\nHost: a\r\n\r\n", target(name));
        until_end(&playground, request.as_bytes()).await;
        other.write_all(two.as_bytes()).await.expect("it is taken");
        let mut answer = Vec::new();
        while !answer.ends_with(b"\r\n\r\nother") {
            let mut piece = [0; 4096];
            let count = other.read(&mut piece).await.expect("it is there");
            assert!(count > 0, "{name}: {}", answer.escape_ascii());
            answer.extend_from_slice(&piece[..count]);
        }
        assert_eq!(Answer::parse(&answer).status, 200, "{name}");
    }
}
