//! Conditional requests against real pages.

use crate::ask::{get, method};

#[test]
fn what_is_known_already_is_not_sent_again() {
    let asked = [("accept", "text/html"), ("accept-encoding", "gzip")];
    let first = get("/404", &asked);
    let etag = first.field("etag").to_owned();
    let again = [&asked[..], &[("if-none-match", &etag)]].concat();
    let answer = get("/404", &again);
    assert_eq!(answer.status, 304);
    assert!(answer.content.is_empty());
    // RFC 9110 §15.4.5: fields that a 200 would have had, and no others about the representation.
    for field in ["etag", "vary", "cache-control", "content-location"] {
        assert!(!first.field(field).is_empty(), "{field}");
        assert_eq!(answer.field(field), first.field(field), "{field}");
    }
    for field in ["content-type", "last-modified", "link"] {
        assert_eq!(answer.field(field), "", "{field}");
    }
    assert_eq!(method("HEAD", "/404", &again).status, 304);
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
        "/404",
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
    let first = get("/search?q=brew+coffee", &[("accept", "text/html")]);
    let etag = first.field("etag").to_owned();
    assert_eq!(
        get(
            "/search?q=brew+coffee",
            &[("accept", "text/html"), ("if-none-match", &etag)]
        )
        .status,
        304
    );
    assert_eq!(
        get(
            "/search?q=too+many",
            &[("accept", "text/html"), ("if-none-match", &etag)]
        )
        .status,
        200
    );
}
