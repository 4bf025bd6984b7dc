//! Methods other than GET and HEAD.

use crate::ask::method;

#[test]
fn known_methods_are_405_with_allow() {
    for name in ["POST", "PUT", "DELETE", "PATCH", "TRACE"] {
        for path in [
            "/404",
            "/",
            "/search",
            "/healthz",
            "/nonsense",
            "/api/v1/codes",
        ] {
            let answer = method(name, path, &[("accept", "application/json")]);
            assert_eq!(answer.status, 405, "{name} {path}");
            assert_eq!(answer.field("allow"), "GET, HEAD, OPTIONS", "{name} {path}");
            assert_eq!(answer.json()["code"], "method-not-allowed");
        }
    }
}

#[test]
fn unknown_methods_are_501() {
    for name in ["FETCH", "get", "PROPFIND"] {
        let answer = method(name, "/404", &[("accept", "application/json")]);
        assert_eq!(answer.status, 501, "{name}");
        assert_eq!(answer.json()["code"], "method-not-implemented");
    }
}

#[test]
fn head_is_get_without_the_content() {
    for target in [
        "/healthz",
        "/readyz",
        "/search?q=too+many",
        "/search?q=429",
        "/codes?class=4xx",
        "/api/v1/codes?class=4xx",
        "/api/v1/search?q=gone",
        "/rules?q=etag",
        "/lint",
        "/477",
        "/nonsense",
        "/not-found",
        "/codes?class=9xx",
    ] {
        let (get, head) = (method("GET", target, &[]), method("HEAD", target, &[]));
        assert!(head.content.is_empty(), "{target}");
        assert_eq!(
            (head.status, &head.headers),
            (get.status, &get.headers),
            "{target}"
        );
    }
}

#[test]
fn errors_keep_the_format_of_the_address() {
    // A program that says nothing about formats, and no browser.
    let agent = [("accept", "*/*"), ("user-agent", "python-requests/2")];
    let with = |field: (&'static str, &'static str)| [&agent[..], &[field]].concat();
    let long = format!("/api/v1/search?q={}", "a".repeat(3000));
    let answers = [
        method("POST", "/api/v1/codes", &agent),
        method("FETCH", "/404.json", &agent),
        method("GET", "/404.json", &with(("if-match", "\"x\""))),
        method(
            "GET",
            "/api/v1/codes/404",
            &with(("accept-encoding", "identity;q=0")),
        ),
        method("GET", &long, &agent),
        method(
            "GET",
            "/nonsense",
            &[("accept", "application/problem+json, text/html;q=0.9")],
        ),
    ];
    for answer in answers {
        assert!(answer.status.as_u16() >= 400);
        assert_eq!(
            answer.field("content-type"),
            "application/problem+json",
            "{}",
            answer.status
        );
    }
}

#[test]
fn options_tells_what_is_possible() {
    for target in ["/404", "*"] {
        let answer = method("OPTIONS", target, &[]);
        assert_eq!(answer.status, 204);
        assert_eq!(answer.field("allow"), "GET, HEAD, OPTIONS");
        assert_eq!(answer.field("content-length"), "");
    }
}
