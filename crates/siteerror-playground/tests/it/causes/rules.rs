//! The finer points of the rules behind the causes: what belongs to an answer, and what does not get through.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::{JSON, TEXT, ask, put};
use crate::ask::{Answer, connect, exchange, get, playground, send};

#[tokio::test]
async fn answers_have_the_fields_that_their_codes_ask_for() {
    let playground = playground().await;
    for (head, fields, status, name, value) in [
        (
            "GET /cause/401/try",
            &[][..],
            401,
            "www-authenticate",
            "Basic realm=\"playground\", charset=\"UTF-8\"",
        ),
        (
            "GET /cause/403/try/a",
            &[],
            401,
            "www-authenticate",
            "Bearer realm=\"diaries\"",
        ),
        (
            "DELETE /cause/405/try",
            &[],
            405,
            "allow",
            "GET, HEAD, OPTIONS",
        ),
        (
            "OPTIONS /cause/405/try",
            &[],
            200,
            "allow",
            "GET, HEAD, OPTIONS",
        ),
        ("GET /cause/426/try", &[], 426, "upgrade", "websocket"),
        (
            "GET /cause/301/try/folder",
            &[],
            301,
            "location",
            "/cause/301/try/folder/",
        ),
        (
            "GET /cause/300/try",
            &[],
            300,
            "location",
            "/cause/300/try/text.md",
        ),
        (
            "GET /cause/511/try/a",
            &[],
            511,
            "cache-control",
            "no-store",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"4\""],
            226,
            "im",
            "feed",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"4\""],
            226,
            "etag",
            "\"5\"",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"5\""],
            304,
            "etag",
            "\"5\"",
        ),
        ("GET /cause/203/try", &[], 200, "etag", "\"original\""),
    ] {
        let answer = ask(&playground, head, fields).await;
        assert_eq!(
            (answer.status, answer.field(name)),
            (status, value),
            "{head}"
        );
    }
}

#[tokio::test]
async fn refusals_say_what_would_be_taken_and_who_refuses() {
    let playground = playground().await;
    let csv = send(
        &playground,
        "POST /cause/415/try",
        &["Content-Type: text/csv"],
        b"a",
    )
    .await;
    assert_eq!((csv.status, csv.field("accept")), (415, "application/json"));
    let coded = send(
        &playground,
        "POST /cause/415/try",
        &[JSON, "Content-Encoding: compress"],
        b"{}",
    )
    .await;
    assert_eq!(
        (coded.status, coded.field("accept-encoding")),
        (415, "identity")
    );
    let blocked = get(&playground, "/cause/451/try/banned/a").await;
    // RFC 7725 §4: who blocks, not who demands.
    let link = format!("<http://{}/>; rel=\"blocked-by\"", playground.address());
    assert_eq!(blocked.field("link"), link);
    let request = format!(
        "GET http://{}/cause/407/try HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        playground.address()
    );
    let proxied = Answer::parse(&exchange(&playground, request.as_bytes()).await);
    assert_eq!(
        (proxied.status, proxied.field("proxy-authenticate")),
        (407, "Basic realm=\"playground proxy\"")
    );
}

#[tokio::test]
async fn the_proxy_connects_to_nobody() {
    let playground = playground().await;
    let request = "GET http://elsewhere.example/cause/407/try HTTP/1.1\r\nHost: elsewhere.example\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\nConnection: close\r\n\r\n";
    let answer = exchange(&playground, request.as_bytes()).await;
    let answer = Answer::parse(&answer);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text(), "This is the text as its origin has it.\n");
}

#[tokio::test]
async fn a_ring_is_reported_once_or_not_at_all() {
    let playground = playground().await;
    let walked = ask(
        &playground,
        "PROPFIND /cause/208/try",
        &["Depth: infinity", "DAV: 1, bind"],
    )
    .await;
    let xml = walked.text();
    assert_eq!(
        walked.field("content-type"),
        "application/xml; charset=utf-8"
    );
    assert_eq!(xml.matches("<D:response>").count(), 3, "{xml}");
    assert_eq!(
        xml.matches("HTTP/1.1 208 Already Reported").count(),
        1,
        "{xml}"
    );
    assert!(
        xml.contains("<D:href>/cause/208/try/again/</D:href>"),
        "{xml}"
    );
    let deep = ask(&playground, "PROPFIND /cause/207/try", &[])
        .await
        .text();
    assert!(
        deep.contains("<D:href>/cause/207/try/drawer/note.txt</D:href>"),
        "{deep}"
    );
    let loops = ask(&playground, "PROPFIND /cause/508/try/again/again", &[]).await;
    assert_eq!(loops.status, 508);
    let wrong = ask(&playground, "PROPFIND /cause/207/try", &["Depth: 2"]).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn a_batch_tells_the_fault_from_what_it_brings_down() {
    let playground = playground().await;
    let batch = b"[{\"start\": 1}, {\"divide\": 0}, {\"add\": 1}, {\"add\": 2}]";
    let answer = send(&playground, "POST /cause/424/try", &[JSON], batch).await;
    let json = answer.json();
    let steps = json["steps"].as_array().expect("a list");
    let statuses: Vec<_> = steps.iter().map(|step| &step["status"]).collect();
    assert_eq!(statuses, [200, 422, 424, 424]);
    for hostile in [
        &b"[{\"start\": 9223372036854775807}, {\"add\": 1}]"[..],
        b"[{\"start\": -9223372036854775808}, {\"divide\": -1}]",
        b"[]",
        b"[1]",
        b"[{\"add\": 1}]",
    ] {
        let answer = send(&playground, "POST /cause/424/try", &[JSON], hostile).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_redirect_keeps_the_method_for_the_echo_at_its_end() {
    let playground = playground().await;
    for (code, path) in [(307, "front-desk"), (308, "v1/orders")] {
        let target = format!("POST /cause/{code}/try/{path}");
        let moved = send(&playground, &target, &[TEXT], b"a parcel").await;
        assert_eq!(moved.status, code);
        let target = format!("POST {}", moved.field("location"));
        let echo = send(&playground, &target, &[TEXT], b"a parcel")
            .await
            .json();
        assert_eq!(
            (&echo["method"], &echo["content"]),
            (&"POST".into(), &"a parcel".into())
        );
    }
}

#[tokio::test]
async fn a_panic_is_answered_and_does_no_other_harm() {
    let playground = playground().await;
    let broken = get(&playground, "/cause/500/try?by=0").await;
    assert_eq!(broken.status, 500);
    assert!(!broken.text().contains("divide"), "{}", broken.text());
    assert_eq!(
        get(&playground, "/cause/500/try?by=5").await.json()["quotient"],
        20
    );
    assert_eq!(get(&playground, "/cause/500/try?by=x").await.status, 400);
}

#[tokio::test]
async fn a_switch_leads_to_frames() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"GET /cause/101/try HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .await
        .expect("it is taken");
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut bytes).await.expect("it answers"), 0);
    }
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.status, 101);
    // RFC 6455 §1.3.
    assert_eq!(
        answer.field("sec-websocket-accept"),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    // RFC 6455 §5.7: "Hello" masked, and unmasked.
    stream
        .write_all(&[
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ])
        .await
        .expect("it is taken");
    let mut frame = [0; 7];
    stream.read_exact(&mut frame).await.expect("it echoes");
    assert_eq!(frame, [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
}

#[tokio::test]
async fn names_that_nobody_has_are_misdirected_on_every_path() {
    let playground = playground().await;
    for (host, path, expected) in [
        ("a.invalid", "/status/200", 421),
        ("A.Invalid.:80", "/status/200", 421),
        ("invalid", "/nowhere", 421),
        ("valid", "/status/200", 200),
        ("www.example.com", "/status/200", 200),
        ("www.example.com", "/cause/421/try", 421),
        ("notexample.com", "/cause/421/try", 200),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = Answer::parse(&exchange(&playground, request.as_bytes()).await);
        assert_eq!(answer.status, expected, "{host}{path}");
    }
}

#[tokio::test]
async fn what_no_rule_knows_is_told() {
    let playground = playground().await;
    for (target, expected) in [
        ("/cause/299", 404),
        ("/cause/299/try", 404),
        ("/cause/305/try", 404),
        ("/cause/abc", 400),
        ("/cause/99", 400),
        ("/cause/404/try/a%20b", 400),
        ("/cause/404/try/a/b", 400),
        ("/cause/507/try/a/b/c", 404),
        ("/cause/406/try/more", 404),
        ("/cause/502/try/elsewhere", 404),
        ("/cause/102/try?seconds=11", 400),
        ("/cause/503/try/a?seconds=nan", 400),
    ] {
        assert_eq!(get(&playground, target).await.status, expected, "{target}");
    }
    let large = put(&playground, "/cause/201/try/a", &[TEXT], &"x".repeat(1025)).await;
    assert_eq!(
        (large.status, &large.json()["limit"]),
        (413, &"item_bytes".into())
    );
}
