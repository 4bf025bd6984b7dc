//! Our own responses pass our own linter.

use siteerror_lint::Severity;
use siteerror_web::Sample;

use super::{FORM, WRONG};
use crate::ask::{Answer, BROWSER, get, method, post, started};

/// Method, target and fields of a request.
type Asked<'a> = (&'a str, String, Vec<(&'a str, &'a str)>);

/// A response as it goes over the wire: the server adds `Date`, and writes names in lower case.
fn raw(answer: &Answer) -> Vec<u8> {
    let status = answer.status.as_u16();
    let mut bytes = format!(
        "HTTP/1.1 {status} \r\ndate: {}\r\n",
        httpdate::fmt_http_date(started())
    )
    .into_bytes();
    for (name, value) in &answer.headers {
        bytes.extend_from_slice(format!("{name}: ").as_bytes());
        bytes.extend_from_slice(value.as_bytes());
        bytes.extend_from_slice(b"\r\n");
    }
    bytes.extend_from_slice(b"\r\n");
    bytes.extend_from_slice(&answer.content);
    bytes
}

fn request(method: &str, target: &str, fields: &[(&str, &str)]) -> Vec<u8> {
    let mut text = format!("{method} {target} HTTP/1.1\r\nhost: localhost\r\n");
    for (name, value) in fields {
        for part in [name, ": ", value, "\r\n"] {
            text.push_str(part);
        }
    }
    text.push_str("\r\n");
    text.into_bytes()
}

fn complaints(verb: &str, target: &str, fields: &[(&str, &str)], answer: &Answer) -> Vec<String> {
    let sample = Sample {
        response: raw(answer),
        request: request(verb, target, fields),
        url: Some(format!("http://localhost{target}")),
        received_at_unix_s: started()
            .duration_since(std::time::UNIX_EPOCH)
            .ok()
            .map(|since| since.as_secs().cast_signed()),
    };
    let linted = sample.lint().expect("a response");
    let worse = linted
        .findings
        .iter()
        .filter(|finding| finding.rule.severity > Severity::Info);
    worse
        .map(|finding| {
            format!(
                "{verb} {target} {}: {}: {}",
                answer.status, finding.rule.id, finding.text
            )
        })
        .collect()
}

#[test]
fn no_answer_has_an_error_or_a_warning() {
    let plain: &[(&str, &str)] = &[("accept", "*/*"), ("user-agent", "curl/8.5.0")];
    let json: &[(&str, &str)] = &[("accept", "application/json")];
    let coded: &[(&str, &str)] = &[("accept", "text/html"), ("accept-encoding", "gzip, br")];
    let etag = get("/404", BROWSER).field("etag").to_owned();
    let same = [BROWSER, &[("if-none-match", etag.as_str())]].concat();
    let other = [BROWSER, &[("if-match", "\"x\"")]].concat();
    let mut asked: Vec<Asked<'_>> = Vec::new();
    for verb in ["GET", "HEAD"] {
        for target in crate::html::addresses() {
            // Rules are alike; a few stand for all.
            if !target.starts_with("/rules/") || target.contains("etag") {
                asked.push((verb, target, BROWSER.to_vec()));
            }
        }
        for target in [
            "/404",
            "/lint",
            "/rules",
            "/rules/etag-bad",
            "/search?q=gone",
            "/api/v1/codes",
            "/api/v1/codes/404",
            "/api/v1/rules/etag-bad",
            "/api/v1/nothing",
            "/healthz",
            "/not-found",
            "/rules/405-allow",
            "/search?q=404",
            "/index.md",
            "/404.txt",
            "/404.ansi",
            "/api/v1/code.schema.json",
            "/favicon.ico",
        ] {
            asked.push((verb, target.to_owned(), plain.to_vec()));
            asked.push((verb, target.to_owned(), json.to_vec()));
            asked.push((verb, target.to_owned(), coded.to_vec()));
        }
        asked.push((verb, "/404".to_owned(), same.clone()));
        asked.push((verb, "/404".to_owned(), other.clone()));
        asked.push((verb, "/404".to_owned(), vec![("accept", "image/png")]));
        asked.push((verb, "/api/v1/lint".to_owned(), json.to_vec()));
    }
    for asset in crate::ask::site()
        .addresses()
        .into_iter()
        .filter(|path| path.starts_with("/assets/"))
    {
        asked.push(("GET", asset, coded.to_vec()));
    }
    for target in ["/404", "/lint", "/api/v1/lint", "/healthz"] {
        for verb in ["OPTIONS", "DELETE", "PUT", "FETCH"] {
            asked.push((verb, target.to_owned(), plain.to_vec()));
        }
    }
    let mut wrong = Vec::new();
    for (verb, target, fields) in &asked {
        let answer = method(verb, target, fields);
        wrong.extend(complaints(verb, target, fields, &answer));
    }
    let posts: [(&str, &str, &str); 6] = [
        ("/api/v1/lint", "message/http", WRONG),
        ("/api/v1/lint", "message/http", "hello"),
        ("/api/v1/lint", "application/json", "{}"),
        ("/api/v1/lint", FORM, ""),
        ("/lint", FORM, "response=HTTP/1.1+204+No+Content"),
        ("/lint", "text/plain", ""),
    ];
    for (target, media_type, content) in posts {
        let fields = [("content-type", media_type), ("accept", "text/html")];
        let answer = post(target, &fields, content);
        wrong.extend(complaints("POST", target, &fields, &answer));
    }
    assert!(asked.len() > 300, "{}", asked.len());
    assert!(
        wrong.is_empty(),
        "{} complaints:\n{}",
        wrong.len(),
        wrong.join("\n")
    );
}
