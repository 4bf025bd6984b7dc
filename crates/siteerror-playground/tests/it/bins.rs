//! Request bins and saved mocks.

use serde_json::json;

use crate::ask::{exchange, get, playground, send};

#[tokio::test]
async fn a_bin_keeps_what_arrives() {
    let playground = playground().await;
    let made = send(&playground, "POST /bins", &[], &[]).await;
    assert_eq!(made.status, 201);
    let id = made.json()["id"].as_str().expect("a name").to_owned();
    assert_eq!(made.field("location"), format!("/bins/{id}"));
    let kept = send(
        &playground,
        &format!("PUT /bin/{id}/orders/7?a=b"),
        &["X-Signature: abc"],
        b"{\"n\":1}",
    )
    .await;
    assert_eq!((kept.status, kept.json()["kept"].as_u64()), (200, Some(1)));
    send(
        &playground,
        &format!("PROPFIND /bin/{id}"),
        &[],
        b"\xff\xfe",
    )
    .await;
    let bin = get(&playground, &format!("/bins/{id}")).await.json();
    let first = &bin["requests"][0];
    assert_eq!(first["method"], "PUT");
    assert_eq!(first["target"], format!("/bin/{id}/orders/7?a=b"));
    assert_eq!(first["body"], "{\"n\":1}");
    assert!(
        first["headers"]
            .as_array()
            .expect("a list")
            .contains(&json!(["x-signature", "abc"]))
    );
    // RFC 4648 §4.
    assert_eq!(bin["requests"][1]["body_base64"], "//4=");
    assert_eq!(
        send(&playground, &format!("DELETE /bins/{id}"), &[], &[])
            .await
            .status,
        204
    );
    assert_eq!(get(&playground, &format!("/bin/{id}")).await.status, 404);
}

#[tokio::test]
async fn a_bin_keeps_the_newest_requests_under_numbers_that_never_come_again() {
    let playground = playground().await;
    assert_eq!(
        send(&playground, "PUT /bins/many", &[], &[]).await.status,
        201
    );
    assert_eq!(
        send(&playground, "PUT /bins/many", &[], &[]).await.status,
        200
    );
    for n in 0..105 {
        get(&playground, &format!("/bin/many?n={n}")).await;
    }
    let bin = get(&playground, "/bins/many").await.json();
    let requests = bin["requests"].as_array().expect("a list");
    assert_eq!(requests.len(), 100);
    assert_eq!(
        (
            requests[0]["number"].as_u64(),
            requests[0]["target"].as_str()
        ),
        (Some(6), Some("/bin/many?n=5"))
    );
}

#[tokio::test]
async fn a_mock_gives_the_saved_answer_to_every_method() {
    let playground = playground().await;
    let saved = json!({
        "status": 503, "reason": "Gone Fishing", "headers": { "Retry-After": "2", "X-A": ["1", "2"] }, "body": "back soon",
    });
    let made = send(
        &playground,
        "PUT /mocks/down",
        &[],
        saved.to_string().as_bytes(),
    )
    .await;
    assert_eq!((made.status, made.field("location")), (201, "/mocks/down"));
    for method in ["GET", "POST", "PROPFIND"] {
        let answer = send(
            &playground,
            &format!("{method} /mock/down/any/path"),
            &[],
            &[],
        )
        .await;
        assert_eq!(
            (answer.status, answer.reason.as_str()),
            (503, "Gone Fishing"),
            "{method}"
        );
        assert_eq!(
            (answer.field("retry-after"), answer.text().as_str()),
            ("2", "back soon")
        );
        assert_eq!(
            answer
                .fields
                .iter()
                .filter(|(name, _)| name == "x-a")
                .count(),
            2
        );
        assert_eq!(answer.field("content-security-policy"), "sandbox");
    }
    assert_eq!(get(&playground, "/mocks/down").await.json(), saved);
    assert_eq!(
        send(&playground, "DELETE /mocks/down", &[], &[])
            .await
            .status,
        204
    );
    assert_eq!(get(&playground, "/mock/down").await.status, 404);
}

#[tokio::test]
async fn a_mock_can_break_the_wire() {
    let playground = playground().await;
    send(
        &playground,
        "PUT /mocks/gone",
        &[],
        br#"{"fault": "close-without-a-byte"}"#,
    )
    .await;
    let request = b"GET /mock/gone HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(&playground, request).await, b"");
}

#[tokio::test]
async fn what_cannot_be_played_is_not_saved() {
    let playground = playground().await;
    for wrong in [
        r#"{"status": 100}"#,
        r#"{"status": 1000}"#,
        r#"{"status": "200"}"#,
        r#"{"colour": "red"}"#,
        r#"{"headers": {"Content-Length": "5"}}"#,
        r#"{"headers": {"A": "b\r\nc: d"}}"#,
        r#"{"headers": {"A B": "c"}}"#,
        r#"{"reason": "a\nb"}"#,
        r#"{"status": 204, "body": "x"}"#,
        r#"{"body": "x", "body_base64": "eA=="}"#,
        r#"{"body_base64": "?"}"#,
        r#"{"delay": "1h"}"#,
        r#"{"fault": "no-such-fault"}"#,
        "[]",
        "{",
    ] {
        let answer = send(&playground, "PUT /mocks/wrong", &[], wrong.as_bytes()).await;
        assert_eq!(answer.status, 400, "{wrong}: {}", answer.text());
    }
    assert_eq!(get(&playground, "/mocks/wrong").await.status, 404);
}

#[tokio::test]
async fn a_mock_leads_nowhere_else() {
    let playground = playground().await;
    let saved = br#"{"status": 302, "headers": {"Location": "https://evil.example/"}}"#;
    send(&playground, "PUT /mocks/away", &[], saved).await;
    assert_eq!(get(&playground, "/mock/away").await.status, 403);
}

#[tokio::test]
async fn there_are_so_many_bins_and_no_more() {
    let playground = playground().await;
    for n in 0..1000 {
        assert_eq!(
            send(&playground, &format!("PUT /bins/b{n}"), &[], &[])
                .await
                .status,
            201
        );
    }
    let one_more = send(&playground, "POST /bins", &[], &[]).await;
    assert_eq!(
        (one_more.status, one_more.json()["limit"].as_str()),
        (507, Some("bins"))
    );
    assert_eq!(
        send(&playground, "PUT /bins/b7", &[], &[]).await.status,
        200
    );
}
