//! Documents, pictures and codings.

use std::io::Read as _;

use serde_json::{Value, json};
use siteerror_playground::{Options, spawn_with};

use crate::ask::{get, playground, send};

fn decoded(coding: &str, content: &[u8]) -> Vec<u8> {
    let mut plain = Vec::new();
    let read = match coding {
        "gzip" => flate2::read::GzDecoder::new(content).read_to_end(&mut plain),
        "deflate" => flate2::read::ZlibDecoder::new(content).read_to_end(&mut plain),
        "br" => brotli::Decompressor::new(content, 4096).read_to_end(&mut plain),
        _ => ruzstd::decoding::StreamingDecoder::new(content)
            .expect("it is a frame")
            .read_to_end(&mut plain),
    };
    read.unwrap_or_else(|error| panic!("{coding}: {error}"));
    plain
}

#[tokio::test]
async fn codings_are_real_for_every_method() {
    let playground = playground().await;
    for (path, coding, flag, magic) in [
        // RFC 1952 §2.3.1.
        ("gzip", "gzip", "gzipped", &[0x1f, 0x8b, 8][..]),
        // RFC 1950 §2.2: deflate with a window of 32 KiB.
        ("deflate", "deflate", "deflated", &[0x78]),
        ("brotli", "br", "brotli", &[]),
        // RFC 8878 §3.1.1.
        ("zstd", "zstd", "zstd", &[0x28, 0xb5, 0x2f, 0xfd]),
    ] {
        for method in ["GET", "POST", "PUT", "DELETE", "PATCH"] {
            let head = format!("{method} /{path}?a=1");
            let answer = send(&playground, &head, &["Accept-Encoding: identity"], &[]).await;
            assert_eq!(answer.status, 200, "{head}");
            assert_eq!(answer.field("content-encoding"), coding);
            assert_eq!(answer.field("content-type"), "application/json");
            assert!(answer.content.starts_with(magic), "{head}");
            let plain = decoded(coding, &answer.content);
            let echo: Value = serde_json::from_slice(&plain).expect("JSON");
            assert_eq!(echo[flag], true);
            assert_eq!(
                (&echo["method"], &echo["args"]),
                (&method.into(), &json!({ "a": "1" }))
            );
            assert_eq!(echo["url"], playground.url(&format!("/{path}?a=1")));
            assert_eq!(echo["headers"]["Accept-Encoding"], "identity");
            let mut keys: Vec<&str> = echo
                .as_object()
                .expect("an object")
                .keys()
                .map(String::as_str)
                .collect();
            assert!(keys.is_sorted());
            keys.retain(|key| *key != flag);
            assert_eq!(keys, ["args", "headers", "method", "origin", "url"]);
        }
        let get = get(&playground, &format!("/{path}")).await;
        let head = send(&playground, &format!("HEAD /{path}"), &[], &[]).await;
        assert_eq!(
            head.field("content-encoding"),
            get.field("content-encoding")
        );
        assert_ne!(head.field("content-length"), "0");
        assert_eq!(head.content, b"");
    }
}

#[tokio::test]
async fn a_long_request_survives_its_coding() {
    let playground = playground().await;
    let long = "0123456789abcdef".repeat(400);
    for (path, coding) in [
        ("gzip", "gzip"),
        ("deflate", "deflate"),
        ("brotli", "br"),
        ("zstd", "zstd"),
    ] {
        let answer = get(&playground, &format!("/{path}?a={long}")).await;
        assert!(answer.content.len() < long.len(), "{path}");
        let echo: Value = serde_json::from_slice(&decoded(coding, &answer.content)).expect("JSON");
        assert_eq!(echo["args"]["a"], long.as_str(), "{path}");
    }
}

#[tokio::test]
async fn documents_have_what_tests_look_for() {
    let playground = playground().await;
    let html = get(&playground, "/html").await;
    assert_eq!(html.field("content-type"), "text/html; charset=utf-8");
    assert!(html.text().contains("<h1>Herman Melville - Moby-Dick</h1>"));
    let json = get(&playground, "/json").await;
    assert_eq!(json.field("content-type"), "application/json");
    let show = &json.json()["slideshow"];
    assert_eq!(show["title"], "Sample Slide Show");
    for key in ["author", "date"] {
        assert!(show[key].is_string(), "{key}");
    }
    assert!(show["slides"][0]["title"].is_string() && show["slides"][0]["type"] == "all");
    assert!(show["slides"][1]["items"].is_array());
    let xml = get(&playground, "/xml").await;
    assert_eq!(xml.field("content-type"), "application/xml");
    assert!(
        xml.text().starts_with("<?xml ")
            && xml.text().contains("<slideshow ")
            && xml.text().contains("<slide ")
    );
    let utf8 = get(&playground, "/encoding/utf8").await;
    assert_eq!(utf8.field("content-type"), "text/html; charset=utf-8");
    let text = String::from_utf8(utf8.content).expect("it is UTF-8");
    for length in 1..=4 {
        assert!(
            text.chars().filter(|c| c.len_utf8() == length).count() > 5,
            "{length} bytes"
        );
    }
    let deny = get(&playground, "/deny").await;
    assert_eq!(
        (deny.status, deny.field("content-type")),
        (200, "text/plain; charset=utf-8")
    );
    assert!(deny.text().contains("YOU SHOULDN'T BE HERE"));
    let post = send(&playground, "POST /encoding/utf8", &[], &[]).await;
    assert_eq!(
        (post.status, post.field("allow")),
        (405, "GET, HEAD, OPTIONS")
    );
    assert_eq!(send(&playground, "POST /html", &[], &[]).await.status, 200);
}

#[tokio::test]
async fn all_that_browsers_render_is_in_the_sandbox() {
    let playground = playground().await;
    for target in [
        "/html",
        "/xml",
        "/encoding/utf8",
        "/links/3/1",
        "/image/svg",
        "/base64/PHNjcmlwdD4?content-type=text/html",
        "/base64/decode/PHN2Zz4?content-type=image/svg%2Bxml",
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.status, 200, "{target}");
        assert_eq!(
            answer.field("content-security-policy"),
            "sandbox",
            "{target}"
        );
        assert_eq!(
            answer.field("x-content-type-options"),
            "nosniff",
            "{target}"
        );
    }
}

#[tokio::test]
async fn links_lead_below_the_prefix() {
    let mut options = Options::system();
    options.prefix = "/play".into();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    let robots = get(&playground, "/play/robots.txt").await;
    assert_eq!(robots.text(), "User-agent: *\nDisallow: /play/deny\n");
    let first = get(&playground, "/play/links/10").await;
    assert_eq!(
        (first.status, first.field("location")),
        (302, "/play/links/10/0")
    );
    let page = get(&playground, "/play/links/3/1").await;
    assert_eq!(page.field("content-type"), "text/html; charset=utf-8");
    let text = page.text();
    assert!(
        text.contains("<a href=\"/play/links/3/0\">0</a>\n1\n<a href=\"/play/links/3/2\">2</a>"),
        "{text}"
    );
    assert_eq!(
        get(&playground, "/play/problem").await.json()["instance"],
        "/play/problem#kettle-3"
    );
}

#[tokio::test]
async fn pages_of_links_have_as_many_as_asked() {
    let playground = playground().await;
    for (target, links) in [
        ("/links/1/0", 0),
        ("/links/0/0", 0),
        ("/links/5/4", 4),
        ("/links/5/5", 5),
        ("/links/5/99999", 5),
        ("/links/256/0", 255),
    ] {
        let text = get(&playground, target).await.text();
        assert_eq!(text.matches("<a href=").count(), links, "{target}");
    }
    for wrong in [
        "/links/-1",
        "/links/257",
        "/links/abc",
        "/links/5/-1",
        "/links/5/x",
        "/links/257/0",
    ] {
        assert_eq!(get(&playground, wrong).await.status, 400, "{wrong}");
    }
}

/// The first bytes are those of the formats' own specifications.
#[tokio::test]
async fn pictures_are_what_they_say() {
    let playground = playground().await;
    for (name, media_type, at, magic) in [
        ("png", "image/png", 0, &b"\x89PNG\r\n\x1a\n"[..]),
        ("jpeg", "image/jpeg", 0, b"\xff\xd8\xff"),
        ("webp", "image/webp", 8, b"WEBP"),
        ("avif", "image/avif", 4, b"ftypavif"),
        ("svg", "image/svg+xml", 0, b"<svg "),
    ] {
        let answer = get(&playground, &format!("/image/{name}")).await;
        assert_eq!(
            (answer.status, answer.field("content-type")),
            (200, media_type)
        );
        assert!(answer.content[at..].starts_with(magic), "{name}");
        assert!(answer.content.len() < 10 * 1024, "{name}");
        let accepted = send(
            &playground,
            "GET /image",
            &[&format!("Accept: {media_type}")],
            &[],
        )
        .await;
        assert_eq!(accepted.content, answer.content, "{name}");
        assert!(accepted.field("vary").contains("Accept"), "{name}");
    }
    assert_eq!(get(&playground, "/image/gif").await.status, 404);
}

#[tokio::test]
async fn pictures_are_negotiated_with_weights() {
    let playground = playground().await;
    for (accept, media_type) in [
        ("*/*", "image/png"),
        ("image/*", "image/png"),
        ("text/html, */*;q=0.1", "image/png"),
        ("image/png;q=0.5, image/webp", "image/webp"),
        ("image/*, image/png;q=0", "image/webp"),
        ("IMAGE/JPEG", "image/jpeg"),
        ("image/svg+xml;q=0.9, image/jpeg;q=0.8", "image/svg+xml"),
    ] {
        let answer = send(
            &playground,
            "GET /image",
            &[&format!("Accept: {accept}")],
            &[],
        )
        .await;
        assert_eq!(
            (answer.status, answer.field("content-type")),
            (200, media_type),
            "{accept}"
        );
    }
    assert_eq!(
        get(&playground, "/image").await.field("content-type"),
        "image/png"
    );
    for accept in ["text/html", "image/gif", "image/*;q=0"] {
        let answer = send(
            &playground,
            "GET /image",
            &[&format!("Accept: {accept}")],
            &[],
        )
        .await;
        assert_eq!(answer.status, 406, "{accept}");
    }
}

/// The vectors are those of RFC 4648 §10, and one that differs between its two alphabets.
#[tokio::test]
async fn base64_goes_both_ways() {
    let playground = playground().await;
    for (plain, coded) in [
        ("f", "Zg=="),
        ("fo", "Zm8="),
        ("foo", "Zm9v"),
        ("foob", "Zm9vYg=="),
        ("fooba", "Zm9vYmE="),
        ("foobar", "Zm9vYmFy"),
        ("a%20b%C3%BF", "YSBiw78="),
        ("%3F%3F%3E", "Pz8-"),
    ] {
        let encoded = get(&playground, &format!("/base64/encode/{plain}")).await;
        assert_eq!((encoded.status, encoded.text().as_str()), (200, coded));
        for path in [
            format!("/base64/{coded}"),
            format!("/base64/decode/{coded}"),
            format!("/base64/{}", coded.trim_end_matches('=')),
        ] {
            let decoded = get(&playground, &path).await;
            let expected: Vec<u8> = percent_encoding::percent_decode_str(plain).collect();
            assert_eq!(
                (decoded.status, &decoded.content),
                (200, &expected),
                "{path}"
            );
            assert_eq!(decoded.field("content-type"), "text/plain; charset=utf-8");
        }
    }
    assert_eq!(get(&playground, "/base64/Pz8%2B").await.text(), "??>");
    assert_eq!(get(&playground, "/base64/_-8").await.content, [0xff, 0xef]);
    assert_eq!(
        get(&playground, "/base64/%2F%2B8=").await.content,
        [0xff, 0xef]
    );
}

#[tokio::test]
async fn base64_that_is_none_is_told() {
    let playground = playground().await;
    for path in [
        "/base64/a",
        "/base64/%21%21%21",
        "/base64/Zm9v%20",
        "/base64/decode/a",
        "/base64/turn/Zm9v",
        "/base64/Zm9v?content-type=text/html%0d%0aA:b",
    ] {
        let answer = get(&playground, path).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(
            answer.field("content-type"),
            "application/problem+json",
            "{path}"
        );
    }
    assert_eq!(get(&playground, "/base64/").await.status, 404);
    let typed = get(&playground, "/base64/Zm9v?content-type=application/x-own").await;
    assert_eq!(
        (typed.field("content-type"), typed.text().as_str()),
        ("application/x-own", "foo")
    );
}

/// RFC 9562 §5.4: version 4, variant 10.
#[tokio::test]
async fn uuids_are_random_of_version_4() {
    let playground = playground().await;
    let mut seen = std::collections::BTreeSet::new();
    for _ in 0..20 {
        let uuid = get(&playground, "/uuid").await.json()["uuid"]
            .as_str()
            .expect("a string")
            .to_owned();
        let bytes = uuid.as_bytes();
        assert_eq!(bytes.len(), 36);
        for (at, byte) in bytes.iter().enumerate() {
            let fits = match at {
                8 | 13 | 18 | 23 => *byte == b'-',
                14 => *byte == b'4',
                19 => b"89ab".contains(byte),
                _ => byte.is_ascii_digit() || (b'a'..=b'f').contains(byte),
            };
            assert!(fits, "{uuid}");
        }
        assert!(seen.insert(uuid), "one came twice");
    }
    let again = get(&playground, "/uuid?seed=a").await.content;
    assert_eq!(get(&playground, "/uuid?seed=a").await.content, again);
}

/// RFC 9457 §3.1: the status in the document is that of the response.
#[tokio::test]
async fn a_problem_has_all_five_members() {
    let playground = playground().await;
    let answer = get(&playground, "/problem").await;
    assert_eq!(answer.field("content-type"), "application/problem+json");
    let problem = answer.json();
    assert_eq!(problem["status"], answer.status);
    for member in ["type", "title", "detail", "instance"] {
        assert!(problem[member].is_string(), "{member}");
    }
}
