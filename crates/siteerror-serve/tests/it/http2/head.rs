//! How a connection and its requests begin.

use siteerror_serve::Limits;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::client::{Client, request, text};
use super::frames::{END_STREAM_AND_HEADERS, PREFACE, fields, frame, get, until};
use super::handler::Shared;
use super::{connect, start};

#[tokio::test]
async fn a_preface_in_pieces_is_a_preface() {
    let address = start(Shared::default()).await;
    let mut stream = connect(address).await;
    let all = [
        PREFACE,
        &frame(4, 0, 0, &[]),
        &frame(1, END_STREAM_AND_HEADERS, 1, &get("/")),
    ]
    .concat();
    for byte in all {
        stream.write_all(&[byte]).await.expect("it is taken");
        tokio::task::yield_now().await;
    }
    let frames = until(&mut stream, 0).await;
    let (_, id, content) = frames.last().expect("a frame");
    assert_eq!((*id, &content[..]), (1, &b"plain"[..]));
}

#[tokio::test]
async fn nearly_a_preface_is_http11() {
    let address = start(Shared::default()).await;
    for text in ["PRI / HTTP/1.1\r\nHost: x\r\n\r\n", "P"] {
        let mut stream = connect(address).await;
        stream
            .write_all(text.as_bytes())
            .await
            .expect("it is taken");
        stream.shutdown().await.expect("an end");
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.expect("text");
        assert!(
            answer.is_empty() || answer.starts_with("HTTP/1.1 "),
            "{answer}"
        );
    }
}

#[tokio::test]
async fn the_authority_of_a_request_is_looked_at() {
    let address = start(Shared::default()).await;
    let plain = [
        (":method", "GET"),
        (":scheme", "http"),
        (":path", "/target"),
    ];
    for (more, expected) in [
        (
            &[(":authority", "example.test")][..],
            "GET http://example.test/target 0",
        ),
        (
            &[("host", "example.test:81")],
            "GET http://example.test:81/target 0",
        ),
        (
            &[(":authority", "a.test"), ("host", "a.test")],
            "GET http://a.test/target 0",
        ),
        (&[], "400"),
        (&[(":authority", "a.test"), ("host", "b.test")], "400"),
        (&[("host", "a.test"), ("host", "b.test")], "400"),
        (&[(":authority", "user@a.test")], "400"),
    ] {
        let head = fields(&[&plain[..], more].concat());
        let mut stream = connect(address).await;
        let all = [
            PREFACE,
            &frame(4, 0, 0, &[]),
            &frame(1, END_STREAM_AND_HEADERS, 1, &head),
        ]
        .concat();
        stream.write_all(&all).await.expect("it is taken");
        let frames = until(&mut stream, 0).await;
        let (_, _, content) = frames.last().expect("a frame");
        let content = String::from_utf8_lossy(content);
        if expected == "400" {
            // Index 12 of the static table is `:status: 400` (RFC 7541 Appendix A).
            let head = frames.iter().find(|(kind, ..)| *kind == 1).expect("a head");
            assert_eq!(head.2.first(), Some(&0x8c), "{more:?}: {content}");
        } else {
            assert_eq!(content, expected, "{more:?}");
        }
    }
}

#[tokio::test]
async fn a_target_has_a_form_that_goes_with_its_method() {
    let address = start(Shared::default()).await;
    let asterisk = [
        (":scheme", "http"),
        (":path", "*"),
        (":authority", "a.test"),
    ];
    // RFC 9113 §8.3.1: only OPTIONS has `*`. RFC 9110 §9.3.6: "A server MUST reject a CONNECT request that targets an empty or invalid port number".
    for (method, rest, is_refused) in [
        ("OPTIONS", &asterisk[..], false),
        ("GET", &asterisk, true),
        ("CONNECT", &[(":authority", "a.test")], true),
        ("CONNECT", &[(":authority", "a.test:0")], true),
    ] {
        let head = fields(&[&[(":method", method)], rest].concat());
        let mut stream = connect(address).await;
        let all = [
            PREFACE,
            &frame(4, 0, 0, &[]),
            &frame(1, END_STREAM_AND_HEADERS, 1, &head),
        ]
        .concat();
        stream.write_all(&all).await.expect("it is taken");
        let frames = until(&mut stream, 1).await;
        let (_, _, head) = frames.last().expect("a head");
        // Index 12 of the static table is `:status: 400` (RFC 7541 Appendix A).
        assert_eq!(head.first() == Some(&0x8c), is_refused, "{method} {rest:?}");
    }
}

#[tokio::test]
async fn heads_beyond_the_limits_are_refused_with_a_word() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let limits = Limits::default();
    let long = client
        .get(&format!("/{}", "t".repeat(limits.target_bytes)))
        .await;
    assert_eq!(text(long).await.0, 414);
    let mut large = request("GET", "/");
    large.headers_mut().insert(
        "x-large",
        "l".repeat(limits.fields_bytes).parse().expect("a value"),
    );
    let (response, _) = client.send(large, true).await;
    let (status, word) = text(response).await;
    assert_eq!(status, 431);
    assert!(!word.is_empty());
    let mut many = request("GET", "/");
    for _ in 0..=limits.fields {
        many.headers_mut()
            .append("x", "1".parse().expect("a value"));
    }
    let (response, _) = client.send(many, true).await;
    assert_eq!(text(response).await.0, 431);
    // Twice the limit, and the library refuses without our word.
    let mut huge = request("GET", "/");
    huge.headers_mut().insert(
        "x-huge",
        "h".repeat(3 * limits.fields_bytes)
            .parse()
            .expect("a value"),
    );
    let (response, _) = client.send(huge, true).await;
    assert_eq!(text(response).await.0, 431);
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
}
