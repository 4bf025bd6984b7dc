//! Where the rules about field lines begin to speak, and where they do not yet.

use siteerror_lint::{Group, read};

/// What this group finds in a 200 with these lines, in the order of names.
fn found(lines: &str) -> Vec<&'static str> {
    let response = format!(
        "HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Length: 0\r\n{lines}\r\n\r\n"
    );
    let found = read(response.as_bytes(), b"", None).lint();
    let of_group = found
        .iter()
        .filter(|finding| finding.rule.group == Group::Fields);
    let mut names: Vec<_> = of_group.map(|finding| finding.rule.id).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn check(cases: &[(&str, &[&str])]) {
    for (lines, expected) in cases {
        assert_eq!(found(lines), *expected, "{lines}");
    }
}

#[test]
fn single_fields_and_lists() {
    check(&[
        ("Age: 1\r\nage: 1", &["field-repeated"]),
        (
            "Last-Modified: Mon, 23 Nov 2026 08:00:00 GMT\r\nETag: \"a\"",
            &[],
        ),
        ("Vary: Origin\r\nVary: Accept", &[]),
        ("Set-Cookie: a=1\r\nSet-Cookie: b=2", &[]),
        ("Allow:", &[]),
        ("Vary: Accept-Encoding, ", &["list-empty-element"]),
        ("Vary: ,Origin", &["list-empty-element"]),
        ("Cache-Control: private=\"a,,b\", no-cache", &[]),
        ("Accept-Ranges: bytes, x-pages", &[]),
        ("Accept-Ranges:", &["accept-ranges-syntax"]),
    ]);
}

#[test]
fn parameters() {
    check(&[
        (
            "Content-Type: text/html; charset =utf-8",
            &["parameter-whitespace"],
        ),
        ("Content-Type: text/html ; charset=utf-8;", &[]),
        ("Content-Type: multipart/mixed; boundary=\"a = b\"", &[]),
        // RFC 6266 §4.1: its grammar allows whitespace between words and separators.
        ("Content-Disposition: attachment; filename = \"a.pdf\"", &[]),
        ("Link: </a>; rel = next", &["parameter-whitespace"]),
    ]);
}

#[test]
fn lines_as_such() {
    check(&[
        ("X-Note: a\tb", &[]),
        ("X-Note: a\u{7f}b", &["field-value-control"]),
        ("X-Note: Z\u{fc}rich", &["field-value-not-ascii"]),
        ("X_Note.1!: a", &[]),
        (": a", &["field-name-bad"]),
        ("X-Note: a\r\n\tb", &["obs-fold"]),
    ]);
}

#[test]
fn products_and_proxies() {
    check(&[
        ("Server: nginx", &[]),
        ("Server: gate/x (canary (blue)) app", &[]),
        ("Server: Jetty(9.4.z-SNAPSHOT)", &["server-syntax"]),
        ("Server: (comment) app", &["server-syntax"]),
        ("Server:", &["server-syntax"]),
        ("Server: ECS (nyb/1D2E)", &[]),
        ("Server: Apache/2.4.52 (Ubuntu)", &["field-leaks-software"]),
        ("X-Powered-By: Express", &[]),
        // The examples of RFC 9110 §7.6.3.
        ("Via: 1.0 fred, 1.1 p.example.net", &[]),
        ("Via: 1.0 ricky, 1.1 ethel, 1.1 fred, 1.0 lucy", &[]),
        ("Via: HTTP/1.1 edge.example.net:8080 (a, (b))", &[]),
        ("Via: 1.1", &["via-syntax"]),
        ("Via: 1.1 a b", &["via-syntax"]),
    ]);
}

#[test]
fn connections() {
    check(&[
        ("Connection: close, X-Hop", &[]),
        (
            "Connection: Content-Length",
            &["connection-end-to-end-field"],
        ),
        ("Keep-Alive: timeout=5", &["keep-alive-not-listed"]),
        ("Connection: Keep-Alive\r\nKeep-Alive: timeout=5", &[]),
    ]);
}

#[test]
fn fields_out_of_place() {
    check(&[
        ("Accept: text/csv\r\nAccept-Encoding: gzip", &[]),
        ("Authorization: Basic eA==", &["request-field-in-response"]),
        ("X-XSS-Protection: 0", &[]),
        ("X-XSS-Protection: 1", &["field-deprecated"]),
        (
            "Content-MD5: Q2hlY2sgSW50ZWdyaXR5IQ==",
            &["field-deprecated"],
        ),
    ]);
}

#[test]
fn links() {
    check(&[
        // The examples of RFC 8288 §3.5.
        (
            "Link: <http://example.com/TheBook/chapter2>; rel=\"previous\"; title=\"previous chapter\"",
            &[],
        ),
        ("Link: </>; rel=\"http://example.net/foo\"", &[]),
        ("Link: </terms>; rel=\"copyright\"; anchor=\"#foo\"", &[]),
        (
            "Link: </TheBook/chapter2>; rel=\"previous\"; title*=UTF-8'de'letztes%20Kapitel, </TheBook/chapter4>; rel=\"next\"; title*=UTF-8'de'n%c3%a4chstes%20Kapitel",
            &[],
        ),
        (
            "Link: <http://example.org/>; rel=\"start http://example.net/relation/other\"",
            &[],
        ),
        (
            "Link: <https://example.org/>; rel=\"start\", <https://example.org/index>; rel=\"index\"",
            &[],
        ),
        ("Link: <https://www.example.com/?a=1,,2;b>; rel=next", &[]),
        ("Link: </a>; rel=alternate; hreflang=de; hreflang=fr", &[]),
        ("Link: </a>; rel=next; title=\"a\\\", b\"", &[]),
        ("Link: </a b>; rel=next", &["link-bad"]),
        ("Link: </a; rel=next", &["link-bad"]),
        ("Link: </a>; rel=preload; type=font/woff2", &["link-bad"]),
        ("Link: </a> rel=next", &["link-bad"]),
        ("Link: </a>; rel=next,", &["list-empty-element"]),
        ("Link: </a>; rel=next; REL=last", &["link-rel-repeated"]),
        ("Link: </a>; rev=next", &["link-rel", "link-rev"]),
    ]);
}

#[test]
fn structured_fields() {
    check(&[
        // RFC 9211 §2 and RFC 9530 §2.
        ("Cache-Status: ExampleCache; hit; ttl=376", &[]),
        (
            "Repr-Digest: sha-256=:RK/0qy18MlBSVnWgjwz6lZEWjP/lF5HF9bvEF8FabDg=:",
            &[],
        ),
        ("Priority: u=1, i", &[]),
        ("Priority: U=1", &["structured-field-bad"]),
        ("Origin-Agent-Cluster: ?1", &[]),
        ("Origin-Agent-Cluster: true", &["structured-field-bad"]),
        (
            "Cross-Origin-Opener-Policy: same-origin; report-to=\"coop\"",
            &[],
        ),
        (
            "Cross-Origin-Opener-Policy: \"same-origin\"",
            &["structured-field-bad"],
        ),
        ("Permissions-Policy:", &[]),
        (
            "Permissions-Policy: camera=()\r\nPermissions-Policy: geolocation=(self)",
            &[],
        ),
        ("Priority: u=1\r\nPriority: i", &[]),
        ("Priority: u=1\r\nPriority: =", &["structured-field-bad"]),
        (
            "Origin-Agent-Cluster: ?1\r\nOrigin-Agent-Cluster: ?1",
            &["field-repeated", "structured-field-bad"],
        ),
        ("Accept-CH: Sec-CH-UA, DPR", &[]),
        ("Accept-CH: DPR,", &["structured-field-bad"]),
        ("CDN-Cache-Control: max-age=600, must-revalidate", &[]),
    ]);
}

#[test]
fn ends_of_resources() {
    check(&[
        // RFC 9745 §2.1, and the form of its drafts.
        ("Deprecation: @1688169599", &[]),
        (
            "Deprecation: Fri, 30 Jun 2023 23:59:59 GMT",
            &["deprecation-date", "structured-field-bad"],
        ),
        (
            "Deprecation: @1688169599\r\nSunset: Sun, 30 Jun 2024 23:59:59 GMT",
            &["sunset-past"],
        ),
        ("Sunset: Thu, 31 Dec 2026 23:59:59 GMT", &[]),
        // 1798761600 is the first second of 2027.
        (
            "Deprecation: @1798761600\r\nSunset: Fri, 01 Jan 2027 00:00:00 GMT",
            &[],
        ),
        (
            "Deprecation: @1798761600\r\nSunset: Thu, 31 Dec 2026 23:59:59 GMT",
            &["sunset-before-deprecation"],
        ),
    ]);
}

#[test]
fn limits_of_rates() {
    check(&[
        ("RateLimit: \"default\";r=50;t=30", &[]),
        ("RateLimit: \"default\";r=999;pk=:dHJpYWwxMjEzMjM=:", &[]),
        ("RateLimit: default;r=50;t=30", &["ratelimit-syntax"]),
        ("RateLimit: \"default\";t=30", &["ratelimit-syntax"]),
        ("RateLimit: \"default\";r=-1", &["ratelimit-syntax"]),
        (
            "RateLimit-Policy: \"burst\";q=100;w=60,\"daily\";q=1000;w=86400",
            &[],
        ),
        (
            "RateLimit-Policy: \"burst\";q=100;w=0",
            &["ratelimit-policy-syntax"],
        ),
        ("RateLimit-Limit: 100", &[]),
        (
            "RateLimit: \"a\";r=0;t=30, \"b\";r=5;t=90\r\nRetry-After: 30",
            &[],
        ),
        (
            "RateLimit: \"a\";r=0;t=30, \"b\";r=0;t=90\r\nRetry-After: 30",
            &["ratelimit-retry-after"],
        ),
        (
            "RateLimit: \"a\";r=5;t=90\r\nRetry-After: Tue, 24 Nov 2026 08:01:30 GMT",
            &[],
        ),
        (
            "RateLimit: \"a\";r=5;t=90\r\nRetry-After: Tue, 24 Nov 2026 08:01:29 GMT",
            &["ratelimit-retry-after"],
        ),
    ]);
}
