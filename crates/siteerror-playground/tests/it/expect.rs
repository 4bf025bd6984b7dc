//! Expectations, answered in every way.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::ask::{Answer, connect, playground, send};

const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

async fn begin(mode: &str) -> (siteerror_playground::Spawned, TcpStream) {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    let head = format!(
        "POST /expect/{mode} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
    );
    stream
        .write_all(head.as_bytes())
        .await
        .expect("it is taken");
    (playground, stream)
}

async fn rest(stream: &mut TcpStream) -> Vec<u8> {
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .await
        .expect("it ends in order");
    bytes
}

async fn continued(stream: &mut TcpStream) {
    let mut interim = [0; CONTINUE.len()];
    stream.read_exact(&mut interim).await.expect("a 100 comes");
    assert_eq!(interim, CONTINUE);
}

#[tokio::test]
async fn a_100_comes_before_the_content_is_sent() {
    for mode in ["at-once", "late?after=30ms", "unasked"] {
        let (_playground, mut stream) = begin(mode).await;
        continued(&mut stream).await;
        stream.write_all(b"hello").await.expect("it is taken");
        let answer = Answer::parse(&rest(&mut stream).await);
        assert_eq!(answer.status, 200, "{mode}");
        let report = answer.json();
        assert_eq!(report["expected"], true, "{mode}");
        assert_eq!(report["continue_sent"], true, "{mode}");
        assert_eq!(report["content_bytes"], 5, "{mode}");
    }
}

#[tokio::test]
async fn never_means_never() {
    let (_playground, mut stream) = begin("never").await;
    stream.write_all(b"hello").await.expect("it is taken");
    let answer = Answer::parse(&rest(&mut stream).await);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["continue_sent"], false);
    assert_eq!(answer.json()["content_bytes"], 5);
}

#[tokio::test]
async fn a_client_that_does_not_wait_makes_a_late_100_needless() {
    let (_playground, mut stream) = begin("late?after=10s").await;
    stream.write_all(b"hello").await.expect("it is taken");
    let answer = Answer::parse(&rest(&mut stream).await);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.json()["continue_sent"], false);
}

#[tokio::test]
async fn an_answer_without_the_content_says_that_the_connection_ends() {
    for (mode, status) in [("refused", 417), ("final", 403), ("final?status=401", 401)] {
        let (_playground, mut stream) = begin(mode).await;
        let answer = Answer::parse(&rest(&mut stream).await);
        assert_eq!(answer.status, status, "{mode}");
        assert_eq!(answer.field("connection"), "close", "{mode}");
    }
}

#[tokio::test]
async fn without_an_expectation_nothing_is_said_but_by_unasked() {
    let playground = playground().await;
    for mode in ["at-once", "late", "never", "refused"] {
        let answer = send(&playground, &format!("POST /expect/{mode}"), &[], b"hello").await;
        assert_eq!(answer.status, 200, "{mode}");
        assert_eq!(answer.json()["expected"], false, "{mode}");
        assert_eq!(answer.json()["continue_sent"], false, "{mode}");
        assert_eq!(answer.json()["content_bytes"], 5, "{mode}");
    }
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"GET /expect/unasked HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .expect("it is taken");
    continued(&mut stream).await;
    let answer = Answer::parse(&rest(&mut stream).await);
    assert_eq!(
        (answer.status, &answer.json()["expected"]),
        (200, &serde_json::json!(false))
    );
}

#[tokio::test]
async fn an_expectation_in_http_10_is_ignored() {
    // RFC 9110 §10.1.1.
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"POST /expect/refused HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\nhello")
        .await
        .expect("it is taken");
    let bytes = rest(&mut stream).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.contains(" 200 OK\r\n"), "{text}");
    assert!(text.contains("\"content_bytes\": 5"), "{text}");
}

#[tokio::test]
async fn an_answer_before_the_content_tells_that_the_connection_ends() {
    let playground = playground().await;
    // RFC 9110 §10.1.1: a server that answers before it has read all content SHOULD tell whether it closes the connection.
    for (target, status, said) in [
        ("/status/200", "200", "close"),
        ("/redirect/1", "302", "close"),
        ("/basic-auth/a/b", "401", "close"),
        ("/stream/2", "200", "close"),
        ("/status/426", "426", "upgrade, close"),
        ("/expect/refused", "417", "close"),
    ] {
        let mut stream = connect(&playground).await;
        let head = format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: 5\r\n\r\n"
        );
        stream
            .write_all(head.as_bytes())
            .await
            .expect("it is taken");
        let answer = String::from_utf8_lossy(&rest(&mut stream).await).into_owned();
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
        let lines = answer.lines().filter_map(|line| line.split_once(": "));
        let connection: Vec<_> = lines
            .filter(|(name, _)| name.eq_ignore_ascii_case("connection"))
            .map(|(_, value)| value)
            .collect();
        assert_eq!(connection.join(", "), said, "{target}");
    }
    // Content that is read, or that there is not, ends nothing.
    let next = "GET /status/200?body=next HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    for (target, length) in [("/post", 5), ("/status/200", 0)] {
        let mut stream = connect(&playground).await;
        let content = &"hello"[..length];
        let requests = format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nExpect: 100-continue\r\nContent-Length: {length}\r\n\r\n{content}{next}"
        );
        stream
            .write_all(requests.as_bytes())
            .await
            .expect("it is taken");
        let answer = String::from_utf8_lossy(&rest(&mut stream).await).into_owned();
        assert!(answer.ends_with("\r\n\r\nnext"), "{target}: {answer}");
    }
}
