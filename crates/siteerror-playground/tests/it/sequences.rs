//! Sequences in the URL, and the report card.

use crate::ask::{exchange, get, playground, send};

#[tokio::test]
async fn the_answers_come_in_their_order_and_the_last_one_stays() {
    let playground = playground().await;
    let mut codes = Vec::new();
    for _ in 0..6 {
        codes.push(
            get(&playground, "/seq/a/503*2,429;retry-after=1,200")
                .await
                .status,
        );
    }
    assert_eq!(codes, [503, 503, 429, 200, 200, 200]);
    assert_eq!(
        get(&playground, "/seq/b/503*2,429;retry-after=1,200")
            .await
            .status,
        503
    );
}

#[tokio::test]
async fn a_step_has_its_fields_content_and_reason() {
    let playground = playground().await;
    let target =
        "/seq/c/429;retry-after=7;x-limit=3;body=slow%20down;reason=Easy,503;retry-after=@0,200";
    let first = get(&playground, target).await;
    assert_eq!((first.status, first.reason.as_str()), (429, "Easy"));
    assert_eq!(
        (first.field("retry-after"), first.field("x-limit")),
        ("7", "3")
    );
    assert_eq!(first.text(), "slow down");
    let date = get(&playground, target).await;
    // RFC 9110 §5.6.7: IMF-fixdate.
    assert!(date.field("retry-after").ends_with(" GMT"), "{date:?}");
}

#[tokio::test]
async fn another_script_or_a_delete_starts_anew() {
    let playground = playground().await;
    assert_eq!(get(&playground, "/seq/d/503,200").await.status, 503);
    assert_eq!(get(&playground, "/seq/d/500,200").await.status, 500);
    assert_eq!(get(&playground, "/seq/d/500,200").await.status, 200);
    assert_eq!(
        send(&playground, "DELETE /seq/d", &[], &[]).await.status,
        204
    );
    assert_eq!(get(&playground, "/seq/d").await.status, 404);
    assert_eq!(get(&playground, "/seq/d/500,200").await.status, 500);
}

#[tokio::test]
async fn a_step_can_break_the_wire() {
    let playground = playground().await;
    let request =
        b"GET /seq/e/close-without-a-byte,200 HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    assert_eq!(exchange(&playground, request).await, b"");
    assert!(
        exchange(&playground, request)
            .await
            .starts_with(b"HTTP/1.1 200 OK\r\n")
    );
    let report = get(&playground, "/seq/e").await.json();
    assert_eq!(report["attempts"][0]["answer"], "close-without-a-byte");
    assert_eq!(report["count"], 2);
}

#[tokio::test]
async fn the_report_card_judges_what_came() {
    let playground = playground().await;
    for key in ["Idempotency-Key: a", "Idempotency-Key: a"] {
        send(
            &playground,
            "POST /seq/f/503;retry-after=60,200",
            &[key],
            b"order",
        )
        .await;
    }
    let report = get(&playground, "/seq/f").await.json();
    let verdict = |name: &str| {
        let checks = report["checks"].as_array().expect("a list");
        let check = checks
            .iter()
            .find(|check| check["check"] == name)
            .expect("it is judged");
        check["verdict"].as_str().expect("a word").to_owned()
    };
    assert_eq!(verdict("retry-after"), "bad");
    assert_eq!(verdict("idempotency"), "good");
    assert_eq!(verdict("content"), "good");
    assert_eq!(verdict("came-back"), "good");
    let text = send(&playground, "GET /seq/f", &["Accept: text/plain"], &[]).await;
    assert_eq!(text.field("content-type"), "text/plain; charset=utf-8");
    assert!(text.text().contains("BAD   retry-after"), "{}", text.text());
}

#[tokio::test]
async fn wrong_scripts_and_names_are_told() {
    let playground = playground().await;
    for target in [
        "/seq/a/100",
        "/seq/a/nothing",
        "/seq/a/503*101",
        "/seq/a%20b/200",
        "/seq/a/200;content-length=1",
        "/seq/a/200;x=%0d%0ay",
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, 400, "{target}");
    }
}
