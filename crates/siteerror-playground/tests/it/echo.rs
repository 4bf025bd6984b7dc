//! What the echoing endpoints show of a request.

use std::io::Write as _;

use flate2::Compression;
use flate2::write::{GzEncoder, ZlibEncoder};
use serde_json::{Value, json};
use siteerror_playground::{Options, spawn_with};

use crate::ask::{Answer, exchange, get, playground, send};

const FORM: &str = "Content-Type: application/x-www-form-urlencoded";

#[tokio::test]
async fn a_get_is_shown_with_sorted_keys() {
    let playground = playground().await;
    let answer = send(
        &playground,
        "GET /get?b=2&a=1&a=3&c&=x&d=1;e=2&f=%zz&g=%C3%A9+%26",
        &["x-my-header: A", "X-Twice: 1", "x-twice: 2", "X-Empty:"],
        &[],
    )
    .await;
    assert_eq!(answer.status, 200);
    assert_eq!(answer.field("content-type"), "application/json");
    let seen = answer.json();
    assert_eq!(
        seen["args"],
        json!({"": "x", "a": ["1", "3"], "b": "2", "c": "", "d": "1;e=2", "f": "%zz", "g": "é &"})
    );
    let headers = &seen["headers"];
    assert_eq!(headers["Host"], playground.address().to_string());
    assert_eq!(headers["X-My-Header"], "A");
    assert_eq!(headers["X-Twice"], json!(["1", "2"]));
    assert_eq!(headers["X-Empty"], "");
    assert_eq!(seen["method"], "GET");
    assert_eq!(seen["origin"], "127.0.0.1");
    assert_eq!(
        seen["url"],
        playground.url("/get?b=2&a=1&a=3&c&=x&d=1;e=2&f=%zz&g=%C3%A9+%26")
    );
    let keys: Vec<&String> = seen.as_object().expect("an object").keys().collect();
    assert_eq!(keys, ["args", "headers", "method", "origin", "url"]);
    let text = answer.text();
    assert!(
        text.starts_with("{\n  \"args\": {\n    \"\": \"x\",\n"),
        "{text}"
    );
    assert!(text.ends_with("}\n"));
}

#[tokio::test]
async fn each_method_has_a_path_and_anything_takes_all() {
    let playground = playground().await;
    for (method, path) in [
        ("GET", "/get"),
        ("POST", "/post"),
        ("PUT", "/put"),
        ("PATCH", "/patch"),
        ("DELETE", "/delete"),
        ("POST", "/anything"),
        ("TRACE", "/anything"),
        ("FOO", "/anything"),
        ("PROPFIND", "/anything/"),
        ("GET", "/anything/a/b%2Fc?x=1"),
        ("GET", "/anything/%FF"),
    ] {
        let answer = send(&playground, &format!("{method} {path}"), &[], &[]).await;
        assert_eq!(answer.status, 200, "{method} {path}");
        let seen = answer.json();
        assert_eq!(seen["method"], method);
        assert_eq!(seen["url"], playground.url(path));
    }
    for path in ["/get", "/anything", "/head", "/headers"] {
        let answer = send(&playground, &format!("HEAD {path}"), &[], &[]).await;
        assert_eq!((answer.status, answer.content.len()), (200, 0), "{path}");
    }
    for path in ["/headers", "/cookies", "/basic-auth/a/b", "/status/200"] {
        let answer = send(&playground, &format!("FOO {path}"), &[], &[]).await;
        assert_eq!(answer.status, 501, "{path}");
    }
    for (method, path, allow) in [
        ("GET", "/post", "OPTIONS, POST"),
        ("GET", "/head", "HEAD, OPTIONS"),
        ("POST", "/get", "GET, HEAD, OPTIONS"),
        ("GET", "/upload", "OPTIONS, PATCH, POST, PUT"),
    ] {
        let answer = send(&playground, &format!("{method} {path}"), &[], &[]).await;
        assert_eq!(
            (answer.status, answer.field("allow")),
            (405, allow),
            "{path}"
        );
    }
}

async fn posted(fields: &[&str], content: &[u8]) -> Value {
    let playground = playground().await;
    let answer = send(&playground, "POST /post", fields, content).await;
    assert_eq!(answer.status, 200, "{}", answer.text());
    answer.json()
}

#[tokio::test]
async fn content_is_text_or_a_data_url() {
    let seen = posted(&["Content-Type: text/plain"], "grüße".as_bytes()).await;
    assert_eq!(seen["data"], "grüße");
    assert_eq!(seen["json"], Value::Null);
    let binary = posted(&["Content-Type: image/png"], b"\xff\xfe\x00").await;
    assert_eq!(binary["data"], "data:application/octet-stream;base64,//4A");
    let keys: Vec<&String> = seen.as_object().expect("an object").keys().collect();
    assert_eq!(
        keys,
        [
            "args", "data", "files", "form", "headers", "json", "method", "origin", "url"
        ]
    );
}

#[tokio::test]
async fn json_keeps_its_digits_and_a_broken_one_is_null() {
    let playground = playground().await;
    let content = br#"{"big": 12345678901234567890, "exact": 1.10, "a": [1e2]}"#;
    let answer = send(
        &playground,
        "POST /post",
        &["Content-Type: text/plain"],
        content,
    )
    .await;
    let text = answer.text();
    assert!(
        text.contains(
            "  \"json\": {\n    \"a\": [\n      1e2\n    ],\n    \"big\": 12345678901234567890,\n    \"exact\": 1.10\n  },\n"
        ),
        "{text}"
    );
    let seen = posted(&["Content-Type: application/json"], b"{\"a\":").await;
    assert_eq!(
        (&seen["json"], &seen["data"]),
        (&Value::Null, &json!("{\"a\":"))
    );
}

#[tokio::test]
async fn forms_are_taken_apart_for_every_method() {
    let playground = playground().await;
    for head in ["POST /post", "DELETE /anything", "GET /get"] {
        let answer = send(
            &playground,
            head,
            &["Content-Type: APPLICATION/x-www-form-urlencoded; charset=utf-8"],
            b"a=1&b=2&a=3+4",
        )
        .await;
        let seen = answer.json();
        assert_eq!(seen["form"], json!({"a": ["1", "3 4"], "b": "2"}), "{head}");
        assert_eq!(
            (&seen["data"], &seen["json"]),
            (&json!(""), &Value::Null),
            "{head}"
        );
    }
    let untyped = send(&playground, "POST /post", &[], b"a=1").await.json();
    assert_eq!(
        (&untyped["form"], &untyped["data"]),
        (&json!({}), &json!("a=1"))
    );
}

/// The shape of RFC 7578 section 4.
#[tokio::test]
async fn files_stand_beside_the_fields_of_a_form() {
    let content = b"--AaB03x\r\nContent-Disposition: form-data; name=\"a\"\r\n\r\none\r\n\
        --AaB03x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"x.txt\"\r\nContent-Type: text/plain\r\n\r\nhello\r\n\
        --AaB03x\r\nContent-Disposition: form-data; name=\"g\"; filename=\"y\"\r\nContent-Type: image/png\r\n\r\n\xff\xfe\x00\r\n\
        --AaB03x\r\nContent-Disposition: form-data; name=\"f\"; filename=\"z.txt\"\r\n\r\nworld\r\n--AaB03x--\r\n";
    let seen = posted(
        &["Content-Type: multipart/form-data; boundary=AaB03x"],
        content,
    )
    .await;
    assert_eq!(seen["form"], json!({"a": "one"}));
    assert_eq!(
        seen["files"],
        json!({"f": ["hello", "world"], "g": "data:image/png;base64,//4A"})
    );
    assert_eq!(seen["data"], "");
    let other = posted(
        &["Content-Type: multipart/form-data; boundary=other"],
        content,
    )
    .await;
    assert_eq!((&other["form"], &other["data"]), (&json!({}), &json!("")));
    let without = posted(&["Content-Type: multipart/form-data"], b"--AaB03x\r\n").await;
    assert_eq!(without["data"], "--AaB03x\r\n");
    let cut = posted(
        &["Content-Type: multipart/form-data; boundary=AaB03x"],
        &content[..90],
    )
    .await;
    assert_eq!(cut["form"], json!({"a": "one"}));
}

fn gzip(content: &[u8]) -> Vec<u8> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::best());
    encoder.write_all(content).expect("memory takes all");
    encoder.finish().expect("memory takes all")
}

#[tokio::test]
async fn codings_are_undone() {
    let mut zlib = ZlibEncoder::new(Vec::new(), Compression::fast());
    zlib.write_all(b"a=1").expect("memory takes all");
    let zlib = zlib.finish().expect("memory takes all");
    let mut br = Vec::new();
    let mut writer = brotli::CompressorWriter::new(&mut br, 4096, 5, 20);
    writer.write_all(b"a=1").expect("memory takes all");
    drop(writer);
    // A frame of RFC 8878 by hand: magic number, single segment with a content size of 3, one raw last block.
    let zstd = b"\x28\xb5\x2f\xfd\x20\x03\x19\x00\x00a=1".to_vec();
    for (coding, content) in [
        ("gzip", gzip(b"a=1")),
        ("X-GZIP", gzip(b"a=1")),
        ("deflate", zlib),
        ("br", br),
        ("zstd", zstd),
        ("identity", b"a=1".to_vec()),
        ("gzip, identity, gzip", gzip(&gzip(b"a=1"))),
    ] {
        let field = format!("Content-Encoding: {coding}");
        let seen = posted(&[FORM, &field], &content).await;
        assert_eq!(seen["form"], json!({"a": "1"}), "{coding}");
    }
}

/// RFC 9110 section 15.5.16: the Accept-Encoding of a 415 tells which codings would do.
#[tokio::test]
async fn codings_that_are_not_known_are_told() {
    let playground = playground().await;
    let refused = |coding: &'static str, content: Vec<u8>| {
        let playground = &playground;
        async move {
            let field = format!("Content-Encoding: {coding}");
            send(playground, "POST /post", &[&field], &content).await
        }
    };
    let unknown = refused("compress", b"a".to_vec()).await;
    assert_eq!(
        (unknown.status, unknown.field("accept-encoding")),
        (415, "gzip, deflate, br, zstd")
    );
    assert_eq!(
        refused("gzip, gzip, gzip, gzip, gzip", b"a".to_vec())
            .await
            .status,
        415
    );
    let bomb = refused("gzip", gzip(&vec![b'a'; 5 * 1024 * 1024])).await;
    assert_eq!(
        (bomb.status, bomb.json()["limit"].as_str()),
        (413, Some("decoded_bytes"))
    );
}

#[tokio::test]
async fn content_that_is_not_coded_as_it_says_is_shown_as_it_came() {
    for coding in ["gzip", "deflate", "br", "zstd"] {
        let field = format!("Content-Encoding: {coding}");
        let seen = posted(&[&field], b"not coded").await;
        assert_eq!(seen["data"], "not coded", "{coding}");
        let error = seen["coding_error"].as_str().expect("it says why");
        assert!(
            error.starts_with(&format!("the content is not {coding}")),
            "{error}"
        );
    }
    let cut = gzip(b"a=1");
    let seen = posted(&["Content-Encoding: gzip"], &cut[..cut.len() - 1]).await;
    assert_eq!(
        seen["data"].as_str().map(|data| data.starts_with("data:")),
        Some(true)
    );
    assert_eq!(posted(&[], b"a").await["coding_error"], Value::Null);
}

#[tokio::test]
async fn too_much_content_is_refused_before_it_comes() {
    let playground = playground().await;
    for target in ["/post", "/upload", "/anything", "/dump/request"] {
        let request = format!(
            "POST {target} HTTP/1.1\r\nHost: a\r\nConnection: close\r\nContent-Length: 2000000000\r\n\r\n"
        );
        let answer = Answer::parse(&exchange(&playground, request.as_bytes()).await);
        assert_eq!(
            (answer.status, answer.json()["limit"].as_str()),
            (413, Some("content_bytes")),
            "{target}"
        );
    }
}

#[tokio::test]
async fn trailers_are_shown() {
    let playground = playground().await;
    let request = b"POST /anything HTTP/1.1\r\nHost: a\r\nConnection: close\r\nTransfer-Encoding: chunked\r\nTrailer: X-Sum\r\n\r\n\
        3\r\nabc\r\n0\r\nX-Sum: 7\r\n\r\n";
    let seen = Answer::parse(&exchange(&playground, request).await).json();
    assert_eq!(seen["data"], "abc");
    assert_eq!(seen["trailers"], json!({"X-Sum": "7"}));
}

#[tokio::test]
async fn parts_of_a_request_have_paths_of_their_own() {
    let playground = playground().await;
    let headers = send(&playground, "POST /headers", &["X-A: \u{e9}"], &[])
        .await
        .json();
    assert_eq!(headers["headers"]["X-A"], "\u{e9}");
    let latin = exchange(
        &playground,
        b"GET /headers HTTP/1.1\r\nHost: a\r\nConnection: close\r\nX-A: \xe9\r\n\r\n",
    )
    .await;
    assert_eq!(Answer::parse(&latin).json()["headers"]["X-A"], "\u{e9}");
    assert_eq!(
        get(&playground, "/ip").await.json(),
        json!({"origin": "127.0.0.1"})
    );
    assert_eq!(
        get(&playground, "/ip?format=text").await.text(),
        "127.0.0.1\n"
    );
    assert_eq!(
        get(&playground, "/user-agent").await.json(),
        json!({"user-agent": null})
    );
    let agent = send(&playground, "GET /user-agent", &["User-Agent: me/1"], &[]).await;
    assert_eq!(agent.json(), json!({"user-agent": "me/1"}));
    assert_eq!(
        get(&playground, "/hostname").await.json(),
        json!({"hostname": "playground"})
    );
    assert_eq!(get(&playground, "/env").await.json(), json!({"env": null}));
    let upload = send(&playground, "PUT /upload?a=1", &[], &[7; 1000])
        .await
        .json();
    assert_eq!(upload["bytes_received"], 1000);
    assert_eq!(upload["args"], json!({"a": "1"}));
    assert_eq!(upload["data"], Value::Null);
}

#[tokio::test]
async fn forwarded_fields_are_shown_and_not_more() {
    let playground = playground().await;
    let fields = [
        "X-Forwarded-For: 192.0.2.7, 198.51.100.1",
        "X-Forwarded-Proto: https",
    ];
    let seen = send(&playground, "GET /get", &fields, &[]).await.json();
    assert_eq!(seen["origin"], "192.0.2.7");
    assert_eq!(seen["url"], format!("https://{}/get", playground.address()));
    let odd = send(
        &playground,
        "GET /get",
        &["X-Forwarded-Proto: javascript"],
        &[],
    )
    .await;
    assert_eq!(odd.json()["url"], playground.url("/get"));
}

#[tokio::test]
async fn a_request_is_shown_as_it_was_sent() {
    let playground = playground().await;
    let request = b"POST /dump/request?a=1 HTTP/1.1\r\nzeta: 1\r\nHost: a\r\nAlPhA:2\r\nconnection: close\r\nContent-Length: 3\r\nzeta: 3\r\n\r\nabc";
    let answer = Answer::parse(&exchange(&playground, request).await);
    assert_eq!(answer.field("content-type"), "text/plain; charset=utf-8");
    assert_eq!(answer.text(), String::from_utf8_lossy(request));
    let request =
        b"GET /headers?raw=1 HTTP/1.1\r\nzeta: 1\r\nHost: a\r\nAlPhA:2\r\nconnection: close\r\nzeta: 3\r\n\r\n";
    let seen = Answer::parse(&exchange(&playground, request).await).json();
    assert_eq!(
        seen["headers"],
        json!([
            ["zeta", "1"],
            ["Host", "a"],
            ["AlPhA", "2"],
            ["connection", "close"],
            ["zeta", "3"]
        ])
    );
}

/// Each request of a connection is shown as itself.
#[tokio::test]
async fn pipelined_requests_are_not_mixed() {
    let playground = playground().await;
    let first = "GET /dump/request?first HTTP/1.1\r\nHost: a\r\n\r\n";
    let second = "GET /dump/request?second HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n";
    let bytes = exchange(&playground, format!("{first}{second}").as_bytes()).await;
    let text = String::from_utf8_lossy(&bytes);
    assert_eq!(text.matches(first).count(), 1, "{text}");
    assert!(text.ends_with(second), "{text}");
}

#[tokio::test]
async fn a_prefix_is_in_every_link() {
    let mut options = Options::system();
    options.prefix = "/play".to_owned();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    let seen = get(&playground, "/play/get").await.json();
    assert_eq!(
        seen["url"],
        format!("http://{}/play/get", playground.address())
    );
    let form = get(&playground, "/play/forms/post").await;
    assert!(form.text().contains("action=\"/play/post\""));
    assert_eq!(form.field("content-security-policy"), "sandbox allow-forms");
    for name in [
        "custname",
        "custtel",
        "custemail",
        "size",
        "topping",
        "delivery",
        "comments",
    ] {
        assert!(form.text().contains(&format!("name=\"{name}\"")), "{name}");
    }
}

#[tokio::test]
async fn a_whole_uri_is_answered_if_its_scheme_is_that_of_the_connection() {
    let playground = playground().await;
    let answer = get(&playground, "http://other.example:8080/get?a=b").await;
    assert_eq!(answer.status, 200);
    // RFC 9112 §3.2.2: the Host field is ignored then.
    assert_eq!(answer.json()["url"], "http://other.example:8080/get?a=b");
    // RFC 9110 §7.4: a request for an https resource MUST be rejected unless the connection is secured for its origin.
    for target in ["https://other.example/get", "ftp://other.example/get"] {
        assert_eq!(get(&playground, target).await.status, 421, "{target}");
    }
}
