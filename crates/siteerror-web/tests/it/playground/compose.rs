//! From the form to the request.

use proptest::prelude::*;
use serde_json::json;

use super::{ask, json, query};
use crate::ask::{BROWSER, get};

fn target(parameters: &[(&str, &str)]) -> String {
    let answer = json(&query(parameters));
    let target = answer["request"]["target"].as_str().expect("a target");
    target.to_owned()
}

#[test]
fn every_part_of_the_form_is_a_part_of_the_request() {
    let check = |parameters: &[(&str, &str)], expected: &str| {
        assert_eq!(target(parameters), expected, "{parameters:?}");
    };
    check(&[], "/play/status/503");
    check(&[("code", "404")], "/play/status/404");
    check(&[("code", "200:9,503:1")], "/play/status/200:9,503:1");
    check(
        &[("code", "404"), ("reason", "Nothing Here")],
        "/play/status/404?reason=Nothing%20Here",
    );
    check(
        &[
            ("code", "503"),
            ("header", "Retry-After: 2"),
            ("header", "X-A: b&c"),
        ],
        "/play/status/503?header=Retry-After:%202&header=X-A:%20b%26c",
    );
    // A form without scripts sends all of them in one, with CRLF between.
    check(
        &[
            ("code", "503"),
            ("header", "Retry-After: 2\r\n\r\nX-A: b\r\n"),
        ],
        "/play/status/503?header=Retry-After:%202&header=X-A:%20b",
    );
    check(
        &[
            ("code", "200"),
            ("body", "a+b = \"ü\"\r\n"),
            ("type", "text/plain"),
        ],
        "/play/status/200?body=a%2Bb%20%3D%20%22%C3%BC%22%0A&type=text/plain",
    );
    check(
        &[
            ("code", "200"),
            ("delay", "250ms"),
            ("interim", "103@0,102@400"),
        ],
        "/play/status/200?delay=250ms&interim=103@0,102@400",
    );
    check(
        &[("fault", "length-too-long")],
        "/play/fault/length-too-long",
    );
    check(
        &[
            ("fault", "reset-in-content"),
            ("after", "64"),
            ("pause", ""),
        ],
        "/play/fault/reset-in-content?after=64",
    );
    check(
        &[("fault", "stall-in-head"), ("pause", " 250ms ")],
        "/play/fault/stall-in-head?pause=250ms",
    );
    check(
        &[("fault", "h2-go-away"), ("error", "8")],
        "/play/fault/h2-go-away?code=8",
    );
    // What changes nothing about a fault is left out, and what the playground refuses is left to it.
    check(
        &[
            ("fault", "length-too-long"),
            ("after", "64"),
            ("error", "8"),
        ],
        "/play/fault/length-too-long",
    );
    check(
        &[("fault", "drip-head"), ("pause", "long & slow")],
        "/play/fault/drip-head?pause=long%20%26%20slow",
    );
    check(
        &[("seq", "503*2,429;retry-after=1,200"), ("id", "mine")],
        "/play/seq/mine/503*2,429;retry-after=1,200",
    );
    check(
        &[("seq", "200;body=a/b?c#d"), ("id", "mine")],
        "/play/seq/mine/200;body=a%2Fb%3Fc%23d",
    );
    check(&[("path", "/get?a=b&c=%20d")], "/play/get?a=b&c=%20d");
    check(&[("path", "/play/get")], "/play/get");
    check(
        &[("path", "/anything/ü x#y")],
        "/play/anything/%C3%BC%20x%23y",
    );
    // What is chosen counts, whatever else the form holds.
    check(
        &[
            ("with", "code"),
            ("code", "404"),
            ("fault", "length-too-long"),
            ("path", "/get"),
        ],
        "/play/status/404",
    );
    check(
        &[("with", "path"), ("code", "404"), ("path", "/get")],
        "/play/get",
    );
}

#[test]
fn the_request_itself_is_composed_too() {
    let answer = json(&query(&[
        ("path", "/anything"),
        ("method", "PATCH"),
        ("field", "X-A: b\r\nX-A: c"),
        ("field", "accept:*/*"),
        ("content", "hello"),
    ]));
    assert_eq!(
        answer["request"],
        json!({
            "method": "PATCH",
            "url": "http://localhost/play/anything",
            "target": "/play/anything",
            "fields": [["X-A", "b"], ["X-A", "c"], ["accept", "*/*"], ["Content-Type", "text/plain; charset=utf-8"]],
            "content": "hello",
        })
    );
}

#[test]
fn a_sequence_without_a_name_gets_one_that_nobody_has() {
    let of = || target(&[("seq", "503,200")]);
    let (first, second) = (of(), of());
    assert!(first.starts_with("/play/seq/try-"), "{first}");
    assert_ne!(first, second);
    assert_eq!(json("seq=503,200&id=mine")["report"], "/play/seq/mine");
}

#[test]
fn what_no_request_can_be_made_of_is_told() {
    for (parameters, part) in [
        (vec![("method", "GET /")], "method"),
        (vec![("method", "G\r\nET")], "method"),
        (vec![("field", "no colon")], "no colon"),
        (vec![("field", "bad name: x")], "bad name"),
        (vec![("field", "X-A: b\u{0}c")], "control"),
        (vec![("field", "X-A: b\rX-B: c")], "control"),
        (vec![("path", "get")], "path"),
        (vec![("path", "/../codes")], "path"),
        (vec![("path", "/%2E%2e/codes")], "path"),
    ] {
        let answer = ask(&query(&parameters));
        assert_eq!(answer.status, 400, "{parameters:?}");
        let problem = answer.json();
        assert_eq!(problem["code"], "invalid-query");
        let detail = problem["detail"].as_str().unwrap_or_default();
        assert!(detail.contains(part), "{parameters:?}: {detail}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    /// The link restores the state: it makes the same request, and is its own link.
    #[test]
    fn the_link_restores_the_state(
        with in "code|fault|seq|path", code in "[0-9a-z,:]{1,8}", fault in "reset-in-content|h2-reset|drip-head|[a-z-]{1,8}", text in "[ -~\\n\u{e4}]{0,20}", header in "[A-Za-z-]{1,8}: [!-~]{0,12}",
        path in "/[a-z%?=&#']{0,12}", method in "[A-Z]{3,8}",
    ) {
        let parameters = [
            ("with", with.as_str()), ("code", &code), ("fault", &fault), ("after", &code), ("error", &code), ("pause", &code), ("seq", &code), ("id", "mine"), ("path", &path), ("body", &text),
            ("reason", &text), ("header", &header), ("method", &method), ("field", &header), ("content", &text),
        ];
        let first = ask(&query(&parameters));
        if first.status == 200 {
            let first = first.json();
            let link = first["link"].as_str().unwrap_or_default();
            let second = json(link.trim_start_matches("/playground?"));
            prop_assert_eq!(&first, &second);
        }
    }
}

#[test]
fn the_form_shows_what_the_address_holds() {
    let page = get(
        "/playground?code=503&header=X-A:+%3Cb%3E&body=%22%3C/textarea%3E%3Cscript%3E&delay=2s&method=POST&content=%0Aa",
        BROWSER,
    );
    let html = scraper::Html::parse_document(page.text());
    let value = |name: &str| {
        let selector = scraper::Selector::parse(&format!("[name={name}]")).expect("a selector");
        let element = html.select(&selector).next().expect("it is there");
        element
            .attr("value")
            .map_or_else(|| element.text().collect::<String>(), str::to_owned)
    };
    assert_eq!(value("code"), "503");
    assert_eq!(value("header").trim(), "X-A: <b>");
    assert_eq!(value("body"), "\"</textarea><script>");
    assert_eq!(value("delay"), "2s");
    assert_eq!(value("method"), "POST");
    // The parser takes the first line end of a textarea away.
    assert_eq!(value("content").trim_end(), "\na");
    assert_eq!(page.field("cache-control"), "no-store");
}
