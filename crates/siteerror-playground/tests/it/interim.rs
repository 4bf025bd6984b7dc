//! Interim responses: all of a script, in its order, each with its fields, before the final response.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{Answer, connect, exchange, get, playground};
use crate::faults::without_dates;

/// The heads of the interim responses, and the final response.
async fn asked(target: &str, fields: &str) -> (Vec<String>, Answer) {
    let playground = playground().await;
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n{fields}\r\n");
    let bytes = exchange(&playground, request.as_bytes()).await;
    let mut rest = bytes.as_slice();
    let mut interims = Vec::new();
    while rest.starts_with(b"HTTP/1.1 1") {
        let end = rest
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .expect("a head ends");
        interims.push(String::from_utf8_lossy(&rest[..end]).into_owned());
        rest = &rest[end + 4..];
    }
    (interims, Answer::parse(rest))
}

#[tokio::test]
async fn every_script_is_sent_in_its_order() {
    // Names by RFC 9110 §15.2, RFC 2518 §10.1 and RFC 8297; an unregistered code has none.
    for (script, expected) in [
        ("103@0", &["HTTP/1.1 103 Early Hints"][..]),
        (
            "103@0,103@20",
            &["HTTP/1.1 103 Early Hints", "HTTP/1.1 103 Early Hints"],
        ),
        (
            "102@0,102@10,102@20",
            &[
                "HTTP/1.1 102 Processing",
                "HTTP/1.1 102 Processing",
                "HTTP/1.1 102 Processing",
            ],
        ),
        ("100@0", &["HTTP/1.1 100 Continue"]),
        ("199@0", &["HTTP/1.1 199 "]),
        (
            "100@0,102@10,103@20,199@30",
            &[
                "HTTP/1.1 100 Continue",
                "HTTP/1.1 102 Processing",
                "HTTP/1.1 103 Early Hints",
                "HTTP/1.1 199 ",
            ],
        ),
        (
            "103,102",
            &["HTTP/1.1 103 Early Hints", "HTTP/1.1 102 Processing"],
        ),
    ] {
        let (interims, last) = asked(&format!("/interim/{script}/200"), "").await;
        assert_eq!(interims, expected, "{script}");
        assert_eq!(last.status, 200, "{script}");
        let told: Vec<u64> = last.json()["interim_responses"]
            .as_array()
            .expect("it is a list")
            .iter()
            .filter_map(|step| step["status"].as_u64())
            .collect();
        let sent: Vec<u64> = interims
            .iter()
            .filter_map(|head| head.get(9..12)?.parse().ok())
            .collect();
        assert_eq!(told, sent, "{script}");
    }
}

#[tokio::test]
async fn fields_go_to_all_or_to_the_one_that_is_named() {
    let (interims, last) = asked(
        "/interim/103@0,103@10/404?link=%3C/a.css%3E;%20rel=preload&header=X-All:%20yes&field.1=X-Second:only&field.1=X-Second:again",
        "",
    )
    .await;
    assert_eq!(
        interims,
        [
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-All: yes",
            "HTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\nX-All: yes\r\nX-Second: only\r\nX-Second: again",
        ]
    );
    assert_eq!(last.status, 404);
    assert_eq!(last.field("x-all"), "");
}

#[tokio::test]
async fn the_final_response_has_what_its_code_requires() {
    let (_, last) = asked("/interim/103@0/401", "").await;
    assert_ne!(last.field("www-authenticate"), "");
    let (interims, last) = asked("/interim/103@0/204", "").await;
    assert_eq!(
        (interims.len(), last.status, last.content.len()),
        (1, 204, 0)
    );
}

#[tokio::test]
async fn what_cannot_be_sent_is_refused_before_anything_leaves() {
    let playground = playground().await;
    let many = vec!["103"; 101].join(",");
    for (target, code) in [
        ("/interim/101@0/200", "invalid-parameter"),
        ("/interim/200@0/200", "invalid-parameter"),
        ("/interim/103@5,103@4/200", "invalid-parameter"),
        ("/interim/103@0/199", "invalid-parameter"),
        ("/interim/103@10001/200", "limit-exceeded"),
        ("/interim/103@6000/200?delay=5", "limit-exceeded"),
        ("/interim/103@0/200?header=a%0d%0ab:c", "invalid-parameter"),
        (
            "/interim/103@0/200?header=X-A:b%0d%0aX-C:d",
            "invalid-parameter",
        ),
        (
            "/interim/103@0/200?header=Content-Length:5",
            "invalid-parameter",
        ),
        ("/interim/103@0/200?link=caf%C3%A9", "invalid-parameter"),
        ("/interim/103@0/200?field.1=X-A:b", "invalid-parameter"),
        ("/interim/103@0/200?field.x=X-A:b", "invalid-parameter"),
        (&format!("/interim/{many}/200"), "limit-exceeded"),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, 400, "{target}");
        assert_eq!(answer.json()["code"], code, "{target}");
    }
}

#[tokio::test]
async fn a_client_that_speaks_http_10_gets_none() {
    // RFC 9110 §15.2: a server MUST NOT send a 1xx response to an HTTP/1.0 client.
    let playground = playground().await;
    let bytes = exchange(&playground, b"GET /interim/103@0/200 HTTP/1.0\r\n\r\n").await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(
        text.starts_with("HTTP/1.0 400 ") || text.starts_with("HTTP/1.1 400 "),
        "{text}"
    );
    assert!(text.contains("version-not-possible"), "{text}");
}

#[tokio::test]
async fn requests_before_and_after_on_the_connection_are_untouched() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"GET /status/200?body=first HTTP/1.1\r\nHost: a\r\n\r\nGET /interim/103@0,102@20/200 HTTP/1.1\r\nHost: a\r\n\r\nGET /status/200?body=third HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n")
        .await
        .expect("it is taken");
    let mut bytes = Vec::new();
    stream
        .read_to_end(&mut bytes)
        .await
        .expect("it ends in order");
    let text = String::from_utf8(without_dates(&bytes)).expect("it is text");
    let lines: Vec<&str> = text
        .split("\r\n")
        .filter_map(|line| line.find("HTTP/1.1 ").map(|at| &line[at..]))
        .collect();
    assert_eq!(
        lines,
        [
            "HTTP/1.1 200 OK",
            "HTTP/1.1 103 Early Hints",
            "HTTP/1.1 102 Processing",
            "HTTP/1.1 200 OK",
            "HTTP/1.1 200 OK"
        ]
    );
    assert!(text.ends_with("\r\n\r\nthird"));
}

#[tokio::test]
async fn who_leaves_between_two_is_not_waited_for() {
    let playground = playground().await;
    for target in [
        "/interim/103@0,102@9000/200",
        "/interim/103@0/200?delay=9",
        "/cause/102/try?seconds=9",
    ] {
        let mut stream = connect(&playground).await;
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        // The first is there: the wait for the next has begun, or is about to.
        let mut first = [0; 12];
        stream
            .read_exact(&mut first)
            .await
            .expect("an interim response");
        assert!(first.starts_with(b"HTTP/1.1 10"), "{target}");
        stream.shutdown().await.expect("our side ends");
        let mut rest = Vec::new();
        stream.read_to_end(&mut rest).await.expect("so does theirs");
        let rest = String::from_utf8_lossy(&rest).into_owned();
        assert!(!rest.contains("HTTP/1.1 200"), "{target}: {rest}");
    }
}
