//! Content that is not what it should be, and content in pieces.

use std::time::Duration;

use tokio::io::AsyncWriteExt as _;

use crate::{connect, echo, exchange, gated, rest, start};

const CHUNKED: &str = "POST /a HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n";
const LAST: &str = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";

#[tokio::test]
async fn each_fault_of_content_is_heard_by_the_handler() {
    let address = start(echo, gated()).await;
    let long = format!("5;{}\r\nhello\r\n0\r\n\r\n", "a".repeat(256));
    let trailers = format!("0\r\nA: {}\r\n\r\n", "a".repeat(16 * 1024));
    let many = format!("0\r\n{}\r\n", "A: b\r\n".repeat(101));
    // RFC 9112 §7.1
    for (content, code) in [
        ("x\r\n", "chunk-size"),
        ("-1\r\n", "chunk-size"),
        ("\r\n", "chunk-size"),
        (" 5\r\n", "chunk-size"),
        ("5 5\r\n", "chunk-size"),
        ("11111111111111111\r\n", "chunk-size"),
        ("5\nhello\r\n0\r\n\r\n", "chunk-size"),
        ("5\rhello\r\n0\r\n\r\n", "bare-cr"),
        ("5\r\nhello0\r\n\r\n", "chunk-end"),
        ("5\r\nhello!\r\n0\r\n\r\n", "chunk-end"),
        ("5\r\nhello\n0\r\n\r\n", "chunk-end"),
        ("5\r\nhello\r\n0\r\nA b: c\r\n\r\n", "field-name"),
        ("5\r\nhello\r\n0\r\n a: b\r\n\r\n", "line-folding"),
        ("5\r\nhello\r\n0\r\nA: b\nC: d\r\n\r\n", "control-character"),
        (&long, "chunk-line-too-long"),
        (&trailers, "trailers-too-large"),
        (&many, "too-many-trailers"),
    ] {
        let (answer, error) = exchange(address, &format!("{CHUNKED}{content}{LAST}")).await;
        assert!(answer.starts_with("HTTP/1.1 400 "), "{content:?}: {answer}");
        assert!(
            answer.contains("connection: close\r\n"),
            "{content:?}: {answer}"
        );
        assert!(
            answer.ends_with(&format!("\r\n\r\n{code}")),
            "{content:?}: {answer}"
        );
        assert_eq!(error, None, "{content:?}");
    }
}

#[tokio::test]
async fn chunks_may_come_in_any_pieces() {
    let address = start(echo, gated()).await;
    let request = format!(
        "{CHUNKED}5;a=\"b\"\r\nhello\r\n0000b \r\n, all here.\r\n000\r\nA: b\r\nC:\r\n\r\n{LAST}"
    );
    for cut in 1..request.len() {
        let mut stream = connect(address, None).await;
        stream.set_nodelay(true).expect("an option");
        let (first, second) = request.split_at(cut);
        stream
            .write_all(first.as_bytes())
            .await
            .expect("it is taken");
        tokio::task::yield_now().await;
        stream
            .write_all(second.as_bytes())
            .await
            .expect("it is taken");
        let (answer, _) = rest(&mut stream).await;
        assert!(
            answer.contains("[POST /a hello, all here.+2]"),
            "cut at {cut}: {answer}"
        );
        assert!(answer.ends_with("[GET /last +0]"), "cut at {cut}: {answer}");
    }
}

#[tokio::test]
async fn content_that_stops_is_heard_by_the_handler() {
    let mut options = gated();
    options.limits.content_deadline = Duration::from_millis(50);
    let address = start(echo, options).await;
    for request in [
        "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 9\r\n\r\nabc".to_owned(),
        format!("{CHUNKED}5\r\nab"),
    ] {
        let (answer, error) = exchange(address, &request).await;
        assert!(
            answer.starts_with("HTTP/1.1 408 ") && answer.ends_with("content-timeout"),
            "{request:?}: {answer}"
        );
        assert_eq!(error, None);
        let mut stream = connect(address, None).await;
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        stream.shutdown().await.expect("half of it is closed");
        let (answer, error) = rest(&mut stream).await;
        assert!(
            answer.starts_with("HTTP/1.1 400 ") && answer.ends_with("content-incomplete"),
            "{request:?}: {answer}"
        );
        assert_eq!(error, None);
    }
}
