//! Playing a request inside the server.

use std::collections::BTreeSet;

use http::Request;
use scraper::{Html, Selector};
use serde_json::Value;
use siteerror_web::{Settings, Site};

use super::{json, query};
use crate::ask::{BROWSER, CURL, answer, get, started};

fn run(parameters: &[(&str, &str)]) -> Value {
    let exchange = json(&(query(parameters) + "&run=1"))["exchange"].take();
    assert!(exchange.is_object(), "{parameters:?}");
    exchange
}

fn text(exchange: &Value) -> String {
    let pieces = exchange["pieces"].as_array().expect("pieces");
    pieces
        .iter()
        .filter_map(|piece| piece["text"].as_str())
        .collect()
}

#[test]
fn nothing_is_played_unless_asked() {
    assert!(json("code=404")["exchange"].is_null());
}

#[test]
fn the_exact_response_is_shown() {
    let exchange = run(&[
        ("code", "503"),
        ("reason", "Gone Fishing"),
        ("header", "Retry-After: 2"),
        ("body", "back soon"),
    ]);
    assert_eq!(exchange["status"], 503);
    assert_eq!(exchange["reason"], "Gone Fishing");
    assert_eq!(exchange["end"], "kept");
    let text = text(&exchange);
    assert!(text.starts_with("HTTP/1.1 503 Gone Fishing\r\n"), "{text}");
    assert!(text.contains("\r\nretry-after: 2\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\nback soon"), "{text}");
    assert_eq!(
        exchange["sent"],
        "GET /play/status/503?header=Retry-After:%202&reason=Gone%20Fishing&body=back%20soon HTTP/1.1\r\nHost: localhost\r\n\r\n"
    );
}

#[test]
fn interim_responses_come_in_their_own_time() {
    let exchange = run(&[
        ("code", "200"),
        ("interim", "103@0,102@400"),
        ("delay", "900ms"),
    ]);
    assert_eq!(exchange["interim"], serde_json::json!([103, 102]));
    assert_eq!(exchange["status"], 200);
    let at = |index: usize| exchange["pieces"][index]["at_ms"].as_f64().expect("a time");
    assert!(at(0) < at(1) && at(1) < at(2), "{exchange}");
    // The clock of the test stands still while nobody waits.
    assert!(
        (400.0..500.0).contains(&at(1)) && (900.0..1000.0).contains(&at(2)),
        "{exchange}"
    );
}

#[test]
fn how_it_ended_is_told() {
    let end = |parameters: &[(&str, &str)]| run(parameters)["end"].take();
    assert_eq!(end(&[("code", "204")]), "kept");
    assert_eq!(end(&[("code", "200"), ("method", "HEAD")]), "kept");
    assert_eq!(
        end(&[("code", "200"), ("field", "Connection: close")]),
        "closed"
    );
    assert_eq!(end(&[("fault", "length-too-long")]), "closed");
    assert_eq!(end(&[("fault", "reset-before-headers")]), "reset");
    // A message that the gate refuses before any scenario sees it.
    assert_eq!(
        end(&[("code", "200"), ("field", "Content-Length: x")]),
        "closed"
    );
    // The content that was announced never comes: RFC 9110 section 15.5.9.
    let late = run(&[
        ("path", "/post"),
        ("method", "POST"),
        ("field", "Content-Length: 100"),
        ("content", "a"),
    ]);
    assert_eq!(late["status"], 408);
    assert_eq!(end(&[("path", "/bytes/500000")]), "too-much");
}

#[test]
fn a_fault_is_shown_as_it_is() {
    let exchange = run(&[("fault", "length-too-long")]);
    let text = text(&exchange);
    assert!(text.contains("Content-Length: 100\r\n\r\n"), "{text}");
    assert!(text.ends_with("\r\n\r\nonly a part\n"), "{text}");
    let nothing = run(&[("fault", "close-without-a-byte")]);
    assert_eq!(nothing["pieces"], serde_json::json!([]));
    assert!(nothing["status"].is_null());
    // Nobody waits for a connection that is over.
    assert!(
        nothing["lasted_ms"].as_f64().is_some_and(|ms| ms < 1000.0),
        "{nothing}"
    );
    let page = get("/playground?fault=close-without-a-byte&run=1", BROWSER);
    assert!(
        page.text().contains("Not a byte came back."),
        "{}",
        page.text()
    );
}

#[test]
fn protocols_are_switched() {
    let code: Value = get("/101.json", &[]).json();
    let builder = code["playground"]["builder"].as_str().expect("a builder");
    let answer = get(
        &format!(
            "{}&run",
            builder.replace("/playground?", "/playground.json?")
        ),
        &[],
    );
    // RFC 6455 section 1.3 has this key and its answer as the example.
    let text = text(&answer.json()["exchange"]);
    assert_eq!(answer.json()["exchange"]["end"], "switched");
    assert!(
        text.starts_with("HTTP/1.1 101 Switching Protocols\r\n"),
        "{text}"
    );
    assert!(
        text.to_ascii_lowercase()
            .contains("sec-websocket-accept: s3pplmbitxaq9kygzzhzrbk+xoo="),
        "{text}"
    );
}

#[test]
fn a_sequence_goes_on_from_one_request_to_the_next() {
    let status = || run(&[("seq", "503,429,200"), ("id", "goes-on")])["status"].take();
    assert_eq!(
        [status(), status(), status(), status()],
        [503, 429, 200, 200]
    );
}

/// Each page of a code leads to a request that makes it happen.
#[test]
fn every_code_happens() {
    for path in &crate::html::codes() {
        let number: u16 = path[1..].parse().expect("a number");
        let code = get(&format!("{path}.json"), &[]).json();
        let builder = code["playground"]["builder"].as_str().expect("a builder");
        let asked = format!(
            "{}&run",
            builder.replace("/playground?", "/playground.json?")
        );
        let exchange = get(&asked, &[]).json()["exchange"].take();
        let came = if number < 200 && number != 101 {
            exchange["interim"][0].clone()
        } else {
            exchange["status"].clone()
        };
        assert_eq!(came, number, "{path}: {exchange}");
        let page = get(path, BROWSER);
        let html = Html::parse_document(page.text());
        let link = Selector::parse("#happen a.btn--main").expect("a selector");
        let link = html.select(&link).next().expect("a link");
        assert_eq!(link.attr("href"), Some(builder));
    }
}

/// What the pages of the site link to below the playground answers, and not with an error.
#[test]
fn links_to_the_playground_lead_somewhere() {
    let any = Selector::parse("main a[href^='/play/']").expect("a selector");
    let mut targets = BTreeSet::new();
    for page in ["/playground", "/404", "/503"] {
        let html = Html::parse_document(get(page, BROWSER).text());
        targets.extend(
            html.select(&any)
                .filter_map(|link| link.attr("href"))
                .map(str::to_owned),
        );
    }
    assert!(targets.len() > 5, "{targets:?}");
    for target in targets {
        let (target, fragment) = target.split_once('#').unwrap_or((&target, ""));
        let exchange = run(&[("path", target), ("field", "Accept: text/html")]);
        let status = exchange["status"].as_u64().expect("a status");
        let is_wanted = target
            .strip_prefix("/play/status/")
            .is_some_and(|code| code == status.to_string());
        assert!(is_wanted || status == 200, "{target}: {status}");
        assert!(
            text(&exchange).contains(&format!("id=\"{fragment}\"")) || fragment.is_empty(),
            "{target}#{fragment}"
        );
    }
}

#[test]
fn every_face_of_it_can_be_read() {
    let text = get("/playground?code=503&interim=103@0&run", CURL);
    assert_eq!(text.field("content-type"), "text/plain; charset=utf-8");
    assert!(
        text.text().contains("HTTP/1.1 103 Early Hints"),
        "{}",
        text.text()
    );
    assert!(
        text.text()
            .contains("curl -i 'http://localhost/play/status/503?interim=103@0'"),
        "{}",
        text.text()
    );
    let markdown = get("/playground.md?code=503&body=%60%60%60%60&run", &[]);
    assert!(
        markdown.text().contains("\n`````http\nHTTP/1.1 503"),
        "{}",
        markdown.text()
    );
    let page = get("/playground?code=200&body=%1b%5b31m%3Cb%3E&run", BROWSER);
    assert!(
        page.text().contains("\\x1b[31m&#60;b&#62;"),
        "{}",
        page.text()
    );
    assert!(
        !get("/playground.txt?code=200&body=%1b%5b31m&run", &[])
            .text()
            .contains('\u{1b}')
    );
}

#[test]
fn a_site_without_its_playground_does_not_pretend() {
    let site = Site::new(Settings::default(), started(), None);
    let ask = |path: &str| {
        let request = Request::get(path)
            .header("host", "localhost")
            .header("accept", "text/html");
        answer(&site, request.body(()).expect("a request"))
    };
    assert_eq!(ask("/playground").status, 404);
    for page in ["/", "/404"] {
        assert!(!ask(page).text().contains("/play"), "{page}");
    }
}
