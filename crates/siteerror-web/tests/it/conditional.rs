//! Conditional requests against real pages.

use crate::ask::{get, method};

#[test]
fn what_is_known_already_is_not_sent_again() {
    let first = get("/404.html", &[("accept-encoding", "gzip")]);
    let etag = first.field("etag").to_owned();
    let again = get(
        "/404.html",
        &[("accept-encoding", "gzip"), ("if-none-match", &etag)],
    );
    assert_eq!(again.status, 304);
    assert!(again.content.is_empty());
    // RFC 9110 §15.4.5: fields that a 200 would have had.
    for field in [
        "etag",
        "vary",
        "cache-control",
        "last-modified",
        "content-location",
    ] {
        assert_eq!(again.field(field), first.field(field), "{field}");
    }
    assert_eq!(again.field("content-type"), "");
    assert_eq!(
        method(
            "HEAD",
            "/404.html",
            &[("accept-encoding", "gzip"), ("if-none-match", &etag)]
        )
        .status,
        304
    );
}

#[test]
fn another_representation_is_another_thing() {
    let html = get("/404.html", &[]).field("etag").to_owned();
    assert_eq!(get("/404.json", &[("if-none-match", &html)]).status, 200);
    assert_eq!(
        get(
            "/404.html",
            &[("if-none-match", &html), ("accept-encoding", "gzip")]
        )
        .status,
        200
    );
    assert_eq!(
        get("/404", &[("accept", "text/html"), ("if-none-match", &html)]).status,
        304
    );
}

#[test]
fn dates_decide_where_no_tag_is_given() {
    let modified = get("/404.html", &[]).field("last-modified").to_owned();
    assert_eq!(
        get("/404.html", &[("if-modified-since", &modified)]).status,
        304
    );
    assert_eq!(
        get(
            "/404.html",
            &[("if-modified-since", "Mon, 01 Jan 2024 00:00:00 GMT")]
        )
        .status,
        200
    );
    assert_eq!(
        get("/404.html", &[("if-modified-since", "nonsense")]).status,
        200
    );
}

#[test]
fn a_precondition_that_fails_is_a_412() {
    let answer = get(
        "/404.html",
        &[("if-match", "\"another\""), ("accept", "application/json")],
    );
    assert_eq!(answer.status, 412);
    assert_eq!(answer.json()["code"], "precondition-failed");
    assert_eq!(
        answer.field("content-location"),
        "",
        "the problem is not the page"
    );
}

#[test]
fn searches_have_tags_too() {
    let first = get("/search?q=teapot", &[("accept", "text/html")]);
    let etag = first.field("etag").to_owned();
    assert_eq!(
        get(
            "/search?q=teapot",
            &[("accept", "text/html"), ("if-none-match", &etag)]
        )
        .status,
        304
    );
    assert_eq!(
        get(
            "/search?q=gone",
            &[("accept", "text/html"), ("if-none-match", &etag)]
        )
        .status,
        200
    );
}
