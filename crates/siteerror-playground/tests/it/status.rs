//! `/status`, and what goes with it.

use crate::ask::{Answer, exchange, get, playground, send};

#[tokio::test]
async fn every_final_code_is_sent_as_asked() {
    let playground = playground().await;
    for code in 200..1000 {
        let answer = get(&playground, &format!("/status/{code}")).await;
        assert_eq!(answer.status, code);
        assert_eq!(
            answer.field("link"),
            format!("</explain/{code}>; rel=\"describedby\"")
        );
        assert_ne!(answer.reason, "<none>", "{code}");
    }
}

#[tokio::test]
async fn every_interim_code_goes_ahead_of_a_200() {
    let playground = playground().await;
    for code in (100..200).filter(|code| *code != 101) {
        let target = format!("GET /status/{code} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
        let bytes = exchange(&playground, target.as_bytes()).await;
        let text = String::from_utf8_lossy(&bytes);
        assert!(text.starts_with(&format!("HTTP/1.1 {code} ")), "{text}");
        assert_eq!(text.matches("HTTP/1.1 ").count(), 2, "{text}");
        assert!(text.contains("\r\n\r\nHTTP/1.1 200 OK\r\n"), "{text}");
    }
}

#[tokio::test]
async fn interim_responses_go_ahead_of_a_composed_answer() {
    let playground = playground().await;
    let target = "/status/503?interim=103@0,102@20&delay=30ms&header=Retry-After:%202&body=soon";
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n");
    let bytes = exchange(&playground, request.as_bytes()).await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("HTTP/1.1 103 Early Hints\r\n"), "{text}");
    assert!(
        text.contains("\r\n\r\nHTTP/1.1 102 Processing\r\n"),
        "{text}"
    );
    assert!(
        text.contains("\r\n\r\nHTTP/1.1 503 Service Unavailable\r\n"),
        "{text}"
    );
    assert!(
        text.to_ascii_lowercase().contains("\r\nretry-after: 2\r\n"),
        "{text}"
    );
    assert!(text.ends_with("\r\n\r\nsoon"), "{text}");
    for wrong in ["101@0", "200@0", "103@x", "103@60000"] {
        let answer = get(&playground, &format!("/status/200?interim={wrong}")).await;
        assert_eq!(answer.status, 400, "{wrong}");
    }
}

/// RFC 9110 section 15.2.
#[tokio::test]
async fn an_old_client_gets_no_interim_response() {
    let playground = playground().await;
    let bytes = exchange(&playground, b"GET /status/103 HTTP/1.0\r\n\r\n").await;
    let text = String::from_utf8_lossy(&bytes);
    assert!(text.starts_with("HTTP/1.0 400 "), "{text}");
}

#[tokio::test]
async fn wrong_codes_and_weights_are_told() {
    let playground = playground().await;
    for wrong in [
        "99",
        "1000",
        "abc",
        "",
        "2000",
        "200:-1",
        "200:0",
        "200:0,404:0",
        "200:x",
        "200:nan",
        "200:inf",
        "200,,404",
        "-200",
        "%FF",
        "200,1000",
        "200:5",
        "200:1:2,300",
        "200,",
        ",200",
        "099",
        "20x",
    ] {
        let answer = get(&playground, &format!("/status/{wrong}")).await;
        let expected = if wrong.is_empty() { 404 } else { 400 };
        assert_eq!(answer.status, expected, "{wrong}");
        assert_eq!(
            answer.field("content-type"),
            "application/problem+json",
            "{wrong}"
        );
    }
}

#[tokio::test]
async fn one_request_asks_for_status_reason_fields_content_and_type() {
    let playground = playground().await;
    let answer = get(
        &playground,
        "/status/418?reason=Short%20And%20Stout&header=X-Tea:%20Earl%20Grey&header=X-Tea:milk&body=%7B%7D&type=application/json",
    )
    .await;
    assert_eq!(
        (answer.status, answer.reason.as_str()),
        (418, "Short And Stout")
    );
    assert_eq!(answer.text(), "{}");
    assert_eq!(answer.field("content-type"), "application/json");
    let tea: Vec<&str> = answer
        .fields
        .iter()
        .filter(|(name, _)| name == "x-tea")
        .map(|(_, value)| value.as_str())
        .collect();
    assert_eq!(tea, ["Earl Grey", "milk"]);
    assert_eq!(answer.field("content-security-policy"), "sandbox");
    assert_eq!(answer.field("x-content-type-options"), "nosniff");
}

#[tokio::test]
async fn nothing_that_a_client_chose_begins_a_line_of_its_own() {
    let playground = playground().await;
    for target in [
        "/status/200?header=A:b%0d%0aSet-Cookie:c=d",
        "/status/200?header=A%0d%0aB:c",
        "/status/200?reason=a%0d%0ab:c",
        "/status/200?type=text/plain%0d%0aB:c",
        "/status/200?header=A:b%00c",
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, 400, "{target}");
        assert!(
            !answer
                .fields
                .iter()
                .any(|(name, _)| name == "set-cookie" || name == "b"),
            "{target}"
        );
    }
}

#[tokio::test]
async fn framing_is_not_for_choosing() {
    let playground = playground().await;
    for name in [
        "Content-Length",
        "Transfer-Encoding",
        "Connection",
        "Upgrade",
        "Trailer",
    ] {
        let answer = get(&playground, &format!("/status/200?header={name}:5")).await;
        assert_eq!(answer.status, 400, "{name}");
        assert!(answer.text().contains("/faults"), "{name}");
    }
}

#[tokio::test]
async fn a_seed_repeats_the_picks() {
    let playground = playground().await;
    let mut series = Vec::new();
    for round in 0..2 {
        let mut codes = Vec::new();
        for n in 0..30 {
            let answer = get(&playground, &format!("/status/200:1,503:1?seed=a&n={n}")).await;
            codes.push(answer.status);
        }
        assert!(
            codes.contains(&200) && codes.contains(&503),
            "round {round}: {codes:?}"
        );
        series.push(codes);
    }
    assert_eq!(series[0], series[1]);
}

#[tokio::test]
async fn errors_come_in_the_form_that_is_asked_for() {
    let playground = playground().await;
    for (accept, media_type, part) in [
        (
            "Accept: text/html",
            "text/html; charset=utf-8",
            "<h1>404 Not Found</h1>",
        ),
        (
            "Accept: text/plain",
            "text/plain; charset=utf-8",
            "404 Not Found\n",
        ),
        (
            "Accept: application/json",
            "application/json",
            "\"status\": 404",
        ),
        (
            "Accept: image/png",
            "application/problem+json",
            "\"status\": 404",
        ),
    ] {
        let answer = send(&playground, "GET /status/404", &[accept], &[]).await;
        assert_eq!(answer.status, 404);
        assert_eq!(answer.field("content-type"), media_type, "{accept}");
        assert!(answer.text().contains(part), "{accept}: {}", answer.text());
    }
    assert_eq!(get(&playground, "/status/204").await.content, b"");
    assert_eq!(get(&playground, "/status/200").await.content, b"");
    let explained = get(&playground, "/status/200?explain=1").await;
    assert_eq!(explained.json()["detail"], "You asked for this code.");
}

#[tokio::test]
async fn methods_are_answered_for_all_in_one_way() {
    let playground = playground().await;
    let answer = send(&playground, "DELETE /limits", &[], &[]).await;
    assert_eq!(
        (answer.status, answer.field("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
    assert_eq!(
        send(&playground, "BREW /limits", &[], &[]).await.status,
        501
    );
    let preflight = send(
        &playground,
        "OPTIONS /status/404",
        &[
            "Origin: https://a.example",
            "Access-Control-Request-Method: PUT",
            "Access-Control-Request-Headers: X-A",
        ],
        &[],
    )
    .await;
    assert_eq!(preflight.status, 200);
    assert_eq!(
        preflight.field("access-control-allow-origin"),
        "https://a.example"
    );
    assert_eq!(preflight.field("access-control-allow-headers"), "X-A");
    assert!(
        preflight
            .field("access-control-allow-methods")
            .contains("PUT")
    );
    let head = send(&playground, "HEAD /limits", &[], &[]).await;
    assert_eq!(head.status, 200);
    assert_ne!(head.field("content-length"), "0");
    assert_eq!(head.content, b"");
}

/// The fields without which a code breaks a MUST of RFC 9110, or clients of the dialect miss something.
#[tokio::test]
async fn codes_come_with_their_fields() {
    let playground = playground().await;
    for (code, name, value) in [
        (301, "location", "/redirect/1"),
        (302, "location", "/redirect/1"),
        (303, "location", "/redirect/1"),
        (305, "location", "/redirect/1"),
        (307, "location", "/redirect/1"),
        (308, "location", "/redirect/1"),
        (401, "www-authenticate", "Basic realm=\"Fake Realm\""),
        (407, "proxy-authenticate", "Basic realm=\"Fake Realm\""),
        (405, "allow", "GET, HEAD"),
        (418, "x-more-info", "http://tools.ietf.org/html/rfc2324"),
        (426, "upgrade", "websocket"),
        (205, "content-length", "0"),
        (204, "content-length", ""),
    ] {
        let answer = get(&playground, &format!("/status/{code}")).await;
        assert_eq!(answer.field(name), value, "{code}");
    }
    // RFC 9110 section 15.3.6: a 205 has no content, not even to explain itself.
    let explained = get(&playground, "/status/205?explain=1").await;
    assert_eq!(
        (explained.status, explained.field("content-length")),
        (205, "0")
    );
    let with_content = get(&playground, "/status/205?body=a").await;
    assert_eq!(with_content.status, 400);
}

/// RFC 9110 section 10.1.1. The content need not come first: whoever expects something waits with it.
#[tokio::test]
async fn an_expectation_that_nobody_can_meet_is_417() {
    let playground = playground().await;
    let request = b"POST /post HTTP/1.1\r\nHost: a\r\nExpect: foo\r\nContent-Length: 5\r\n\r\n";
    let answer = Answer::parse(&exchange(&playground, request).await);
    assert_eq!((answer.status, answer.field("connection")), (417, "close"));
    let fields = ["Expect: 100-Continue"];
    let request = send(&playground, "POST /status/204", &fields, b"abc").await;
    assert_eq!(request.status, 204);
}
