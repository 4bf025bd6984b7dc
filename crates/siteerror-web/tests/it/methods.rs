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
fn options_tells_what_is_possible() {
    for target in ["/404", "*"] {
        let answer = method("OPTIONS", target, &[]);
        assert_eq!(answer.status, 204);
        assert_eq!(answer.field("allow"), "GET, HEAD, OPTIONS");
        assert_eq!(answer.field("content-length"), "");
    }
}
