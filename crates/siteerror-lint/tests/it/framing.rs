//! Where the rules about framing begin to speak, and where they do not yet; and what they say of HTTP/2.

use siteerror_lint::{Group, Text, read};
use siteerror_wire::{Body, Fields};

fn names(text: &Text) -> Vec<&'static str> {
    let found = text.lint();
    let of_group = found
        .iter()
        .filter(|finding| finding.rule.group == Group::Framing);
    let mut names: Vec<_> = of_group.map(|finding| finding.rule.id).collect();
    names.sort_unstable();
    names.dedup();
    names
}

fn check(request: &str, cases: &[(&str, &[&str])]) {
    for (response, expected) in cases {
        let text = read(response.as_bytes(), request.as_bytes(), None);
        assert_eq!(names(&text), *expected, "{response}");
    }
}

#[test]
fn status_lines() {
    check(
        "",
        &[
            ("HTTP/1.1 200 \r\nContent-Length: 0\r\n\r\n", &[]),
            (
                "HTTP/1.1 413 Payload Too Large\r\nContent-Length: 0\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 302 Moved Temporarily\r\nContent-Length: 0\r\n\r\n",
                &[],
            ),
            ("HTTP/1.1 404 NOT FOUND\r\nContent-Length: 0\r\n\r\n", &[]),
            (
                "HTTP/1.1 404 Nicht gefunden\r\nContent-Length: 0\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 200 Not Found\r\nContent-Length: 0\r\n\r\n",
                &["reason-misleading"],
            ),
            (
                "HTTP/1.1\t200 OK\r\nContent-Length: 0\r\n\r\n",
                &["status-line-malformed"],
            ),
            (
                "\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                &["status-line-malformed"],
            ),
            ("HTTP/3.1 200 OK\r\nContent-Length: 0\r\n\r\n", &[]),
            (
                "HTTP/4.0 200 OK\r\nContent-Length: 0\r\n\r\n",
                &["http-version-unexpected"],
            ),
        ],
    );
}

#[test]
fn lengths() {
    check(
        "",
        &[
            ("HTTP/1.1 200 OK\r\nContent-Length: 5\r\n\r\nhello", &[]),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 005\r\n\r\nhello\r\n",
                &[],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 5\r\n\r\nhello",
                &["content-length-multiple"],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 5, 6\r\n\r\nhello",
                &["content-length-differs", "content-length-multiple"],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: +5\r\n\r\nhello",
                &["content-length-bad"],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length:\r\n\r\nhello",
                &["content-length-bad"],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 6\r\n\r\nhello",
                &["content-length-mismatch"],
            ),
            (
                "HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nhello",
                &["extra-data"],
            ),
        ],
    );
}

#[test]
fn no_content() {
    check(
        "",
        &[
            ("HTTP/1.1 204 No Content\r\n\r\n", &[]),
            (
                "HTTP/1.1 204 No Content\r\nContent-Length: 0\r\n\r\n",
                &["content-length-forbidden"],
            ),
            (
                "HTTP/1.1 204 No Content\r\nContent-Length: 2\r\n\r\n",
                &["204-with-content", "content-length-forbidden"],
            ),
            (
                "HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 205 Reset Content\r\nTransfer-Encoding: chunked\r\n\r\n1\r\nx\r\n0\r\n\r\n",
                &["205-with-content"],
            ),
            (
                "HTTP/1.1 304 Not Modified\r\nContent-Length: 5\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 304 Not Modified\r\nTransfer-Encoding: gzip\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 102 Processing\r\nTransfer-Encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n",
                &["interim-with-framing", "transfer-coding-forbidden"],
            ),
        ],
    );
    check(
        "CONNECT a.example.com:443 HTTP/1.1\r\nHost: a.example.com:443\r\n\r\n",
        &[
            (
                "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n",
                &["connect-2xx-framing-fields"],
            ),
        ],
    );
}

#[test]
fn codings() {
    let gzip = "HTTP/1.1 200 OK\r\nTransfer-Encoding: gzip, chunked\r\n\r\n0\r\n\r\n";
    check("", &[(gzip, &[])]);
    for (te, expected) in [
        ("TE: trailers, x-gzip\r\n", &[][..]),
        ("TE: GZIP;q=0.5\r\n", &[]),
        ("TE: gzip;q=0.0\r\n", &["transfer-coding-unknown"]),
        ("", &["transfer-coding-unknown"]),
    ] {
        let request = format!("GET / HTTP/1.1\r\nHost: www.example.com\r\n{te}\r\n");
        check(&request, &[(gzip, expected)]);
    }
    check(
        "",
        &[
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: Chunked\r\n\r\n0\r\n\r\n",
                &[],
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: (chunked)\r\nConnection: Close\r\n\r\n",
                &["transfer-coding-unknown"],
            ),
            (
                "HTTP/1.1 200 OK\r\nTransfer-Encoding: deflate\r\n\r\n",
                &["transfer-coding-unchunked"],
            ),
        ],
    );
}

#[test]
fn chunks_and_trailers() {
    let chunked = |body: &str| {
        format!("HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\nTrailer: ETag\r\n\r\n{body}")
    };
    for (body, expected) in [
        (
            "00A;x=\"1\"\r\n0123456789\r\n000\r\nETag: \"a\"\r\n\r\n",
            &[][..],
        ),
        ("1 \r\nx\r\n0\r\n\r\n", &["chunked-body-syntax"]),
        ("1\r\nxy\r\n0\r\n\r\n", &["chunked-body-syntax"]),
        ("1\r\nx\r\n", &["chunked-body-complete"]),
        ("1\r\nx\r\n0\r\n", &["chunked-body-complete"]),
        ("1\nx\r\n0\r\n\r\n", &["bare-lf"]),
        ("0\r\nX-Rows: 1\r\n\r\n", &["trailer-not-announced"]),
        (
            "0\r\nVary: Origin\r\n\r\n",
            &["trailer-forbidden", "trailer-not-announced"],
        ),
        ("0\r\n\r\nmore", &["extra-data"]),
    ] {
        check("", &[(&chunked(body), expected)]);
    }
}

#[test]
fn http2() {
    check(
        "",
        &[
            ("HTTP/2 200\r\ncontent-length: 5\r\n\r\nhello", &[]),
            (
                "HTTP/2 200\r\ncontent-length: 6\r\n\r\nhello",
                &["content-length-mismatch"],
            ),
            (
                "HTTP/2 200\r\nkeep-alive: timeout=5\r\n\r\n",
                &["http2-connection-specific-field"],
            ),
        ],
    );
    check(
        "HEAD / HTTP/1.1\r\nHost: www.example.com\r\n\r\n",
        &[("HTTP/2 200\r\ncontent-length: 6\r\n\r\n", &[])],
    );
}

/// RFC 9113 §8.1: trailers come in a HEADERS frame of their own, without chunks.
#[test]
fn content_and_trailers_of_http2() {
    let mut text = read(b"HTTP/2 204\r\ntrailer: etag\r\n\r\n", b"", None);
    let response = text
        .received
        .response
        .as_mut()
        .expect("there is a response");
    let trailers = Fields::of(0, [("etag", "\"a\""), ("set-cookie", "a=1")]);
    response.body = Body::of(b"x".to_vec(), Some(trailers));
    assert_eq!(
        names(&text),
        [
            "204-with-content",
            "trailer-forbidden",
            "trailer-not-announced"
        ]
    );
}

#[test]
fn connections_that_just_stop() {
    for (fields, expected) in [
        ("Connection: close", &["tls-no-close-notify"][..]),
        ("Content-Length: 5", &[]),
    ] {
        let response = format!("HTTP/1.1 200 OK\r\n{fields}\r\n\r\nhello");
        let mut text = read(response.as_bytes(), b"", Some("https://www.example.com/"));
        text.connection.close_notify = Some(false);
        text.connection.tls = Some(std::sync::Arc::new(siteerror_wire::Tls {
            version: "1.3".to_owned(),
            cipher: "TLS_AES_128_GCM_SHA256".to_owned(),
            alpn: None,
            certificate: None,
            chain_length: 1,
        }));
        assert_eq!(names(&text), expected, "{fields}");
    }
}

#[test]
fn an_empty_line_is_no_empty_quotation() {
    let said = |content: &str| {
        let head = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";
        let text = read(format!("{head}{content}").as_bytes(), b"", None);
        let found = text.lint();
        let found = found
            .iter()
            .find(|finding| finding.rule.id == "chunked-body-syntax");
        found.expect("a finding").text.clone()
    };
    // RFC 9112 §7.1: chunk-size = 1*HEXDIG.
    assert_eq!(
        said("\r\n0\r\n\r\n"),
        "An empty line where the first chunk should begin is no chunk size in hexadecimal digits"
    );
    assert!(said("1\r\nx\r\n\r\n0\r\n\r\n").starts_with("An empty line after 1 byte of content"));
    for content in ["\n", "1\r\nx\r\n\n", ";x\r\n", " \r\n", "1\r\nxy\r\n"] {
        assert!(
            !said(content).contains("``"),
            "{content:?}: {}",
            said(content)
        );
    }
}
