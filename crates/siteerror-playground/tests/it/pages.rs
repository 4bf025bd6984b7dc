//! The pages: what a browser gets where a program gets JSON, and that nothing a client chose is markup in them.

use crate::ask::{get, playground, send};

async fn page(playground: &siteerror_playground::Spawned, target: &str) -> String {
    let answer = send(
        playground,
        &format!("GET {target}"),
        &["Accept: text/html"],
        &[],
    )
    .await;
    assert_eq!(
        answer.field("content-type"),
        "text/html; charset=utf-8",
        "{target}"
    );
    answer.text()
}

#[tokio::test]
async fn limits_traces_report_cards_and_tls_are_pages_too() {
    let playground = playground().await;
    get(&playground, "/seq/mine/503,200").await;
    get(&playground, "/seq/mine/503,200").await;
    get(&playground, "/status/200?interim=103@0&trace=mine").await;
    for (target, heading, words) in [
        ("/limits", "The limits", "8,192 bytes"),
        ("/seq/mine", "Report card of mine", "came-back"),
        (
            "/trace/mine",
            "What went over the wire: mine",
            "HTTP/1.1 103 Early Hints",
        ),
        ("/tls", "TLS that goes wrong", "--tls-faults"),
    ] {
        let html = page(&playground, target).await;
        assert!(
            html.contains(&format!("<h1>{heading}</h1>")),
            "{target}: {html}"
        );
        assert!(html.contains(words), "{target}: {html}");
        // Programs that do not say get what they got before.
        let json = get(&playground, target).await;
        assert_eq!(json.field("content-type"), "application/json", "{target}");
        assert_eq!(json.field("vary"), "Accept", "{target}");
    }
}

#[tokio::test]
async fn what_a_client_chose_is_text_on_every_page() {
    let playground = playground().await;
    let script = "<script>alert(1)</script>";
    let field = format!("Idempotency-Key: {script}");
    send(&playground, "POST /seq/mine/503,200", &[&field], &[]).await;
    send(&playground, "GET /get?trace=mine", &[&field], &[]).await;
    for target in ["/seq/mine", "/trace/mine", "/fault/%3Cscript%3E"] {
        let html = page(&playground, target).await;
        assert!(html.contains("script"), "{target}: {html}");
        assert!(!html.contains("<script"), "{target}: {html}");
    }
}

/// Texts say what is code by backticks; a page shows it as code.
#[tokio::test]
async fn no_page_shows_a_backtick() {
    let playground = playground().await;
    get(&playground, "/seq/mine/200").await;
    get(&playground, "/lab/mine/plain").await;
    for target in [
        "/",
        "/limits",
        "/faults",
        "/interims",
        "/interims/unasked-100",
        "/causes",
        "/cause/100",
        "/vendors",
        "/tls",
        "/seq/mine",
        "/lab/mine",
        "/lab/mine/report",
        "/trace/nobody",
        "/explain/404",
    ] {
        let html = page(&playground, target).await;
        assert!(!html.contains('`'), "{target}: {html}");
    }
}
