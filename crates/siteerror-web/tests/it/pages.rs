//! Every page in every representation.

use crate::ask::{BROWSER, CURL, get, method, site};

/// Suffix, media type of `Accept`, `Content-Type`.
const FORMATS: [(&str, &str, &str); 4] = [
    (".html", "text/html", "text/html; charset=utf-8"),
    (".json", "application/json", "application/json"),
    (".md", "text/markdown", "text/markdown; charset=utf-8"),
    (".txt", "text/plain", "text/plain; charset=utf-8"),
];

fn stem(path: &str) -> &str {
    if path == "/" { "/index" } else { path }
}

#[test]
fn there_are_the_pages_of_the_reference() {
    let pages = site().pages();
    for path in [
        "/",
        "/codes",
        "/1xx",
        "/5xx",
        "/100",
        "/418",
        "/511",
        "/problems",
    ] {
        assert!(pages.iter().any(|page| page == path), "{path}");
    }
    assert_eq!(crate::html::codes().len(), 64);
    for path in crate::html::codes() {
        assert!(pages.contains(&path), "{path}");
    }
}

#[test]
fn every_page_has_every_representation_by_accept_and_by_suffix() {
    for path in site().pages() {
        for (suffix, accept, content_type) in FORMATS {
            let negotiated = get(&path, &[("accept", accept)]);
            assert_eq!(negotiated.status, 200, "{path} {accept}");
            assert_eq!(
                negotiated.field("content-type"),
                content_type,
                "{path} {accept}"
            );
            assert_eq!(
                negotiated.field("vary"),
                "Accept, Accept-Encoding, User-Agent",
                "{path}"
            );
            assert_eq!(
                negotiated.field("content-location"),
                format!("{}{suffix}", stem(&path))
            );
            assert!(
                negotiated
                    .field("cache-control")
                    .starts_with("public, max-age="),
                "{path}"
            );
            assert!(
                negotiated.field("last-modified").ends_with(" GMT"),
                "{path}"
            );
            assert!(negotiated.field("etag").starts_with('"'), "{path}");
            assert_eq!(
                negotiated.field("content-length"),
                negotiated.content.len().to_string()
            );
            let forced = get(
                &format!("{}{suffix}", stem(&path)),
                &[("accept", "image/png")],
            );
            assert_eq!(forced.status, 200, "{path}{suffix}");
            assert_eq!(forced.field("vary"), "Accept-Encoding", "{path}{suffix}");
            assert_eq!(forced.content, negotiated.content, "{path}{suffix}");
            let head = method("HEAD", &path, &[("accept", accept)]);
            assert!(head.content.is_empty());
            for field in [
                "content-type",
                "content-length",
                "etag",
                "vary",
                "cache-control",
                "last-modified",
            ] {
                assert_eq!(
                    head.field(field),
                    negotiated.field(field),
                    "{field} of HEAD {path}"
                );
            }
        }
    }
}

#[test]
fn browsers_get_pages_and_terminals_get_text() {
    let page = get("/404", BROWSER);
    assert_eq!(page.field("content-type"), "text/html; charset=utf-8");
    assert!(
        page.field("content-security-policy")
            .starts_with("default-src 'none'")
    );
    assert_eq!(page.field("x-content-type-options"), "nosniff");
    let text = get("/404", CURL);
    assert_eq!(text.field("content-type"), "text/plain; charset=utf-8");
    assert!(
        text.text().starts_with("▲ 404 Not Found"),
        "{}",
        text.text()
    );
    assert!(!text.text().contains('\u{1b}'), "no colours unless asked");
    assert!(
        get("/404.ansi", CURL).text().contains("\u{1b}["),
        "colours when asked"
    );
}

#[test]
fn text_fits_80_columns_where_it_is_words() {
    for path in site().pages() {
        for line in get(&format!("{}.txt", stem(&path)), &[]).text().lines() {
            let raw =
                line.trim_start().starts_with('│') || line.trim_start().starts_with("https://");
            assert!(
                raw || line.chars().count() <= 80
                    || line.split_whitespace().any(|word| word.len() > 40),
                "{path}: {line}"
            );
        }
    }
}

#[test]
fn nothing_acceptable_is_a_406_with_the_list() {
    let answer = get("/404", &[("accept", "image/png")]);
    assert_eq!(answer.status, 406);
    assert_eq!(answer.field("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["code"], "not-acceptable");
    let available: Vec<&str> = problem["available"]
        .as_array()
        .expect("a list")
        .iter()
        .filter_map(|one| one["url"].as_str())
        .collect();
    assert_eq!(available, ["/404.html", "/404.json", "/404.md", "/404.txt"]);
    assert_eq!(
        get("/404", &[("accept-encoding", "identity;q=0")]).status,
        406
    );
}

#[test]
fn codings_carry_the_same_content() {
    let plain = get("/404.html", &[]);
    for (coding, token) in [("br", "br"), ("gzip", "gzip"), ("gzip, br;q=0.1", "gzip")] {
        let coded = get("/404.html", &[("accept-encoding", coding)]);
        assert_eq!(coded.field("content-encoding"), token);
        assert_ne!(
            coded.field("etag"),
            plain.field("etag"),
            "a strong tag is of the bytes"
        );
        let mut decoded = Vec::new();
        match token {
            "br" => {
                brotli::BrotliDecompress(&mut &coded.content[..], &mut decoded).expect("brotli");
            }
            _ => {
                std::io::Read::read_to_end(
                    &mut flate2::read::GzDecoder::new(&coded.content[..]),
                    &mut decoded,
                )
                .expect("gzip");
            }
        }
        assert_eq!(decoded, plain.content);
    }
}

#[test]
fn the_page_is_the_one_of_the_catalog() {
    let page = get("/413", BROWSER);
    let text = page.text();
    for part in [
        "Content Too Large",
        "Request Entity Too Large",
        "HTTP/1.1 413 Content Too Large",
        "Verbatim from",
        "rfc9110#section-15.5.14",
    ] {
        assert!(text.contains(part), "`{part}` on /413");
    }
    for (path, word) in [
        ("/104", "temporary"),
        ("/305", "deprecated"),
        ("/306", "unused"),
        ("/418", "unused"),
        ("/510", "obsoleted"),
    ] {
        assert!(
            get(path, BROWSER).text().contains(&format!(
                "<p class=\"notice__word\"><span>{word}</span></p>"
            )),
            "{path}"
        );
    }
    assert!(
        get("/418", BROWSER)
            .text()
            .contains("<span class=\"hero__name\">I&#39;m a teapot</span>")
    );
}
