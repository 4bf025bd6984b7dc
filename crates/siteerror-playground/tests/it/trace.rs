//! Traces of both sides of the wire.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{connect, exchange, get, playground, send};

#[tokio::test]
async fn a_trace_has_the_bytes_of_both_sides() {
    let playground = playground().await;
    let request = b"GET /status/103?trace=t1 HTTP/1.1\r\nhOST: a\r\nX-B: 2\r\nx-a: 1\r\nX-B: 3\r\nConnection: close\r\n\r\n";
    let answer = exchange(&playground, request).await;
    let trace = get(&playground, "/trace/t1").await.json();
    let exchange = &trace["exchanges"][0];
    assert_eq!(
        (exchange["method"].as_str(), exchange["complete"].as_bool()),
        (Some("GET"), Some(true))
    );
    let text = |kind: &str| -> String {
        let events = exchange["events"].as_array().expect("a list");
        events
            .iter()
            .filter(|event| event["kind"] == kind)
            .map(|event| event["text"].as_str().expect("text"))
            .collect()
    };
    // Order, case and repeats stay.
    assert_eq!(
        text("received"),
        String::from_utf8_lossy(request).replace("\r\n", "\\r\\n")
    );
    assert_eq!(
        text("sent"),
        String::from_utf8_lossy(&answer)
            .replace('\\', "\\\\")
            .replace("\r\n", "\\r\\n")
            .replace('\n', "\\n")
    );
    assert!(text("sent").contains("HTTP/1.1 103 Early Hints\\r\\n"));
}

#[tokio::test]
async fn who_leaves_before_the_answer_is_logged_as_499() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"GET /status/200?delay=10&trace=t2 HTTP/1.1\r\nHost: a\r\n\r\n")
        .await
        .expect("it is taken");
    // Something has to have been read before the client leaves.
    while get(&playground, "/trace/t2").await.status != 200 {
        tokio::task::yield_now().await;
    }
    drop(stream);
    let logged = loop {
        let trace = get(&playground, "/trace/t2").await.json();
        if trace["exchanges"][0]["complete"] == true {
            break trace["exchanges"][0]["logged_as"].clone();
        }
        tokio::task::yield_now().await;
    };
    assert_eq!(logged, 499);
}

#[tokio::test]
async fn a_connection_that_ends_without_a_byte_is_seen_in_the_trace() {
    let playground = playground().await;
    let request = b"GET /fault/close-without-a-byte?trace=t3 HTTP/1.1\r\nHost: a\r\n\r\n";
    let request = String::from_utf8_lossy(request)
        .replace("/fault/close-without-a-byte", "/seq/x/close-without-a-byte");
    let mut stream = connect(&playground).await;
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut answer = Vec::new();
    stream
        .read_to_end(&mut answer)
        .await
        .expect("it ends in order");
    assert_eq!(answer, b"");
    let text = send(&playground, "GET /trace/t3", &["Accept: text/plain"], &[])
        .await
        .text();
    assert!(
        text.contains("the server closed the connection in order"),
        "{text}"
    );
    assert_eq!(get(&playground, "/trace/nobody").await.status, 404);
}
