//! The linter's pages, its form and its API.

mod own;
mod rules;

use base64::Engine as _;
use http::{Request, StatusCode};
use scraper::{Html, Selector};

use crate::ask::{BROWSER, CURL, answer_to, get, method, post, site};

const FORM: &str = "application/x-www-form-urlencoded";
/// RFC 9110 §15.5.6: Allow MUST be there.
const WRONG: &str = "HTTP/1.1 405 Method Not Allowed\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Length: 0\r\n\r\n";

fn form(fields: &[(&str, &str)]) -> String {
    let mut out = form_urlencoded::Serializer::new(String::new());
    out.extend_pairs(fields);
    out.finish()
}

fn submit(fields: &[(&str, &str)]) -> crate::ask::Answer {
    let headers = [BROWSER, &[("content-type", FORM)]].concat();
    post("/lint", &headers, form(fields))
}

/// A page with findings.
pub(crate) fn judged() -> crate::ask::Answer {
    submit(&[("response", "HTTP/1.1 204 No Content\nETag: abc")])
}

/// A page that says why there are none.
pub(crate) fn refused() -> crate::ask::Answer {
    submit(&[("response", "hello")])
}

fn ids(answer: &crate::ask::Answer) -> Vec<String> {
    let json = answer.json();
    let findings = json["findings"].as_array().expect("findings");
    findings
        .iter()
        .map(|finding| finding["rule"].as_str().expect("a rule").to_owned())
        .collect()
}

#[test]
fn the_form_says_what_was_found_and_marks_it() {
    let page = submit(&[(
        "response",
        "HTTP/1.1 302 Found\r\nLocation: \r\nContent-Length: 0\r\n\r\n<script>",
    )]);
    assert_eq!(page.status, StatusCode::OK);
    assert_eq!(page.field("cache-control"), "no-store");
    assert!(!page.text().contains("<script>"), "what was pasted is text");
    let html = Html::parse_document(page.text());
    let select = |selector: &str| -> Vec<String> {
        let selector = Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .map(|element| element.text().collect())
            .collect()
    };
    assert!(select(".finding__rule a").contains(&"location-empty".to_owned()));
    assert!(
        select("mark").iter().any(|text| text == "Location:"),
        "{:?}",
        select("mark")
    );
    assert!(select("textarea[name=response]")[0].starts_with("HTTP/1.1 302 Found\nLocation:"));
    // Links from findings lead to marks.
    for link in html.select(&Selector::parse(".finding__line").expect("a selector")) {
        let id = &link.attr("href").expect("a link")[1..];
        let mark = Selector::parse(&format!("[id='{id}']")).expect("a selector");
        assert_eq!(html.select(&mark).count(), 1, "{id}");
    }
}

#[test]
fn what_else_is_known_is_used() {
    let hsts = "HTTP/1.1 204 No Content\nStrict-Transport-Security: max-age=63072000\nDate: Tue, 24 Nov 2026 08:00:00 GMT";
    let json = |fields: &[(&str, &str)]| {
        let headers = [("accept", "application/json"), ("content-type", FORM)];
        post("/lint", &headers, form(fields))
    };
    let found = |fields: &[(&str, &str)]| ids(&json(fields));
    assert!(
        found(&[("response", hsts), ("url", "http://a.example/")])
            .contains(&"hsts-over-http".to_owned())
    );
    assert!(
        !found(&[("response", hsts), ("url", "https://a.example/")])
            .contains(&"hsts-over-http".to_owned())
    );
    let late = [
        ("response", hsts),
        ("received_at", "Tue, 24 Nov 2026 09:00:00 GMT"),
    ];
    assert!(found(&late).contains(&"clock-skew".to_owned()));
    let asked = [
        ("response", "HTTP/1.1 304 Not Modified\n"),
        ("request", "GET / HTTP/1.1\nHost: a.example\n"),
    ];
    assert!(found(&asked).contains(&"304-unconditional".to_owned()));
    let wrong = json(&[("response", hsts), ("received_at", "yesterday")]);
    assert_eq!(
        (wrong.status.as_u16(), wrong.json()["code"].as_str()),
        (400, Some("invalid-content"))
    );
}

#[test]
fn what_cannot_be_read_comes_back_with_the_reason() {
    for (fields, words) in [
        (
            vec![("response", "hello")],
            "There is no HTTP response in it",
        ),
        (vec![], "There is no HTTP response in it"),
        (
            vec![("response", WRONG), ("received_at", "noon")],
            "no date of HTTP",
        ),
    ] {
        let page = submit(&fields);
        assert_eq!(page.status, StatusCode::BAD_REQUEST);
        assert!(page.text().contains(words), "{words}");
        assert!(
            page.text().contains("<form class=\"lintform"),
            "the form is there again"
        );
    }
    let other = post(
        "/lint",
        &[("content-type", "multipart/form-data; boundary=x")],
        "--x--",
    );
    assert_eq!(other.status, StatusCode::UNSUPPORTED_MEDIA_TYPE);
    assert_eq!(other.field("accept-post"), FORM);
}

#[test]
fn the_examples_fill_the_form() {
    let html = Html::parse_document(get("/lint", BROWSER).text());
    let links = Selector::parse(".try__title").expect("a selector");
    let tries: Vec<_> = html
        .select(&links)
        .filter_map(|link| link.attr("href"))
        .map(str::to_owned)
        .collect();
    assert_eq!(tries.len(), 8, "{tries:?}");
    for path in tries {
        let page = get(&path, BROWSER);
        let html = Html::parse_document(page.text());
        let value = |selector: &str| -> String {
            let selector = Selector::parse(selector).expect("a selector");
            let element = html.select(&selector).next().expect("it is there");
            element
                .attr("value")
                .map_or_else(|| element.text().collect(), str::to_owned)
        };
        let fields = [
            ("response", value("[name=response]")),
            ("request", value("[name=request]")),
            ("url", value("[name=url]")),
            ("received_at", value("[name=received_at]")),
        ];
        // Browsers end the lines of a textarea with CRLF.
        let fields = fields.map(|(name, text)| (name, text.replace('\n', "\r\n")));
        let fields: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, text)| (*name, text.as_str()))
            .collect();
        let headers = [("accept", "application/json"), ("content-type", FORM)];
        let found = ids(&post("/lint", &headers, form(&fields)));
        let id = path.rsplit('=').next().expect("a name").to_owned();
        assert!(found.contains(&id), "{path}: {found:?}");
    }
    for path in ["/lint?example=nothing", "/lint?example=redirect-chain-long"] {
        assert_eq!(get(path, BROWSER).status, StatusCode::BAD_REQUEST, "{path}");
    }
}

#[test]
fn the_api_takes_bytes_and_json() {
    let raw = post("/api/v1/lint", &[("content-type", "message/http")], WRONG);
    assert_eq!(raw.status, StatusCode::OK);
    assert_eq!(raw.field("content-type"), "application/json");
    assert_eq!(raw.field("cache-control"), "no-store");
    let expected = serde_json::json!({
        "rule": "405-without-allow", "severity": "error", "hop": 0, "field": "allow",
        "ref": "RFC 9110 §15.5.6", "bytes": null,
    });
    let json = raw.json();
    assert_eq!(json["status"], 405);
    assert_eq!(json["counts"]["error"], 1);
    for (key, value) in expected.as_object().expect("an object") {
        assert_eq!(&json["findings"][0][key], value, "{key}");
    }
    let base64 = base64::engine::general_purpose::STANDARD.encode(WRONG);
    for body in [
        serde_json::json!({ "response": WRONG }),
        serde_json::json!({ "response_base64": base64, "url": "", "received_at": "" }),
    ] {
        let answer = post(
            "/api/v1/lint",
            &[("content-type", "application/json; charset=utf-8")],
            body.to_string(),
        );
        assert_eq!(answer.json()["findings"], json["findings"], "{body}");
    }
    let skewed = post(
        "/api/v1/lint?received_at=Tue,+24+Nov+2026+09:00:00+GMT&url=http://a.example/",
        &[],
        WRONG,
    );
    assert!(ids(&skewed).contains(&"clock-skew".to_owned()));
}

#[test]
fn the_api_says_what_is_wrong() {
    let json = [("content-type", "application/json")];
    let check = |answer: crate::ask::Answer, status: u16, code: &str| {
        assert_eq!(answer.status.as_u16(), status, "{}", answer.text());
        assert_eq!(answer.field("content-type"), "application/problem+json");
        assert_eq!(answer.json()["code"], code);
        answer
    };
    for body in [
        "",
        "[]",
        "{}",
        "{\"response\": 1}",
        "{\"respnse\": \"\"}",
        "{\"response\": \"a\", \"response_base64\": \"\"}",
        "{\"response_base64\": \"*\"}",
        "{\"response\": \"hello\"}",
    ] {
        check(post("/api/v1/lint", &json, body), 400, "invalid-content");
    }
    check(post("/api/v1/lint", &[], ""), 400, "invalid-content");
    check(
        post("/api/v1/lint?received_at=x", &[], WRONG),
        400,
        "invalid-query",
    );
    let curl = check(
        post("/api/v1/lint", &[("content-type", FORM)], WRONG),
        415,
        "unsupported-media-type",
    );
    assert!(curl.field("accept-post").contains("message/http"));
    let most = vec![b'a'; 256 * 1024 + 1];
    check(
        post("/api/v1/lint", &[], most.clone()),
        413,
        "content-too-large",
    );
    let fits = post("/api/v1/lint", &[], most[1..].to_vec());
    check(fits, 400, "invalid-content");
}

#[test]
fn each_address_allows_what_it_takes() {
    for (path, allow) in [
        ("/lint", "GET, HEAD, POST, OPTIONS"),
        ("/lint.json", "GET, HEAD, POST, OPTIONS"),
        ("/api/v1/lint", "POST, OPTIONS"),
        ("/api/v1/rules", "GET, HEAD, OPTIONS"),
    ] {
        let options = method("OPTIONS", path, &[]);
        assert_eq!(
            (options.status.as_u16(), options.field("allow")),
            (204, allow),
            "{path}"
        );
        assert_eq!(
            options.headers.contains_key("accept-post"),
            path.contains("lint"),
            "{path}"
        );
        let refused = method("DELETE", path, CURL);
        assert_eq!(
            (refused.status.as_u16(), refused.field("allow")),
            (405, allow),
            "{path}"
        );
    }
    for name in ["GET", "HEAD"] {
        let refused = method(name, "/api/v1/lint", &[]);
        assert_eq!(
            (refused.status.as_u16(), refused.field("allow")),
            (405, "POST, OPTIONS")
        );
    }
}

/// Content that never comes, with the clock standing still until nothing else can happen.
#[test]
fn content_that_does_not_come_is_a_408() {
    struct Never;
    impl http_body::Body for Never {
        type Data = bytes::Bytes;
        type Error = std::convert::Infallible;
        fn poll_frame(
            self: std::pin::Pin<&mut Self>,
            _: &mut std::task::Context<'_>,
        ) -> std::task::Poll<Option<Result<http_body::Frame<bytes::Bytes>, Self::Error>>> {
            std::task::Poll::Pending
        }
    }
    let request = |path: &str| {
        let builder = Request::post(path).header("host", "localhost");
        builder.body(Never).expect("a request")
    };
    let answer = answer_to(site(), request("/api/v1/lint"));
    assert_eq!(answer.status, StatusCode::REQUEST_TIMEOUT);
    assert_eq!(answer.json()["code"], "content-timeout");
    // What takes no content does not wait for any.
    assert_eq!(
        answer_to(site(), request("/404")).status,
        StatusCode::METHOD_NOT_ALLOWED
    );
}
