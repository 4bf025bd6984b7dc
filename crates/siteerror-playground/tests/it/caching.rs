//! Caches, validators, ranges, and fields of the client's own. Values are those of RFC 9110 §13 to §15 and RFC 9111.

use crate::ask::{Answer, get, playground, send};

async fn with(playground: &siteerror_playground::Spawned, head: &str, fields: &[&str]) -> Answer {
    send(playground, head, fields, &[]).await
}

#[tokio::test]
async fn every_condition_means_that_nothing_changed() {
    let playground = playground().await;
    let first = get(&playground, "/cache?a=1").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.json()["args"]["a"], "1");
    assert_eq!(first.json()["method"], "GET");
    let tag = first.field("etag");
    assert!(
        tag.len() > 2 && tag.starts_with('"') && tag.ends_with('"'),
        "{tag}"
    );
    assert!(first.field("last-modified").ends_with(" GMT"));
    for field in [
        "If-None-Match: \"anything\"",
        "If-None-Match: unquoted",
        "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT",
        "If-Modified-Since: never",
    ] {
        for method in ["GET", "HEAD"] {
            let answer = with(&playground, &format!("{method} /cache"), &[field]).await;
            assert_eq!(answer.status, 304, "{field}");
            assert_eq!(answer.content, b"");
            assert_ne!(answer.field("etag"), "", "RFC 9110 section 15.4.5");
        }
    }
    // RFC 9110 §13.1.2 and §13.1.3: other methods fail, and know no If-Modified-Since.
    assert_eq!(
        with(&playground, "POST /cache", &["If-None-Match: *"])
            .await
            .status,
        412
    );
    let since = "If-Modified-Since: Sat, 29 Oct 1994 19:43:31 GMT";
    assert_eq!(with(&playground, "POST /cache", &[since]).await.status, 200);
}

#[tokio::test]
async fn caches_are_told_for_how_long() {
    let playground = playground().await;
    for seconds in ["0", "60", "31536000"] {
        let answer = get(&playground, &format!("/cache/{seconds}")).await;
        assert_eq!(answer.status, 200);
        assert_eq!(
            answer.field("cache-control"),
            format!("public, max-age={seconds}")
        );
        assert_eq!(
            answer.json()["url"],
            playground.url(&format!("/cache/{seconds}"))
        );
    }
    for wrong in ["-1", "abc", "1.5"] {
        assert_eq!(
            get(&playground, &format!("/cache/{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(get(&playground, "/cache/").await.status, 404);
}

#[tokio::test]
async fn preconditions_hold_in_the_order_of_the_rfc() {
    let playground = playground().await;
    for (method, fields, status) in [
        ("GET", &[][..], 200),
        ("GET", &["If-None-Match: \"v1\""][..], 304),
        ("GET", &["If-None-Match: W/\"v1\""][..], 304),
        ("GET", &["If-None-Match: *"][..], 304),
        ("HEAD", &["If-None-Match: *"][..], 304),
        ("GET", &["If-None-Match: \"v0\", \"v1\""][..], 304),
        (
            "GET",
            &["If-None-Match: \"v0\"", "If-None-Match: \"v1\""][..],
            304,
        ),
        ("GET", &["If-None-Match: \"v0\""][..], 200),
        ("GET", &["If-None-Match: v1"][..], 200),
        ("POST", &["If-None-Match: \"v1\""][..], 412),
        ("PUT", &["If-None-Match: *"][..], 412),
        ("PUT", &["If-None-Match: \"v0\""][..], 200),
        ("GET", &["If-Match: \"v1\""][..], 200),
        ("GET", &["If-Match: *"][..], 200),
        ("GET", &["If-Match: \"v0\""][..], 412),
        ("GET", &["If-Match: W/\"v1\""][..], 412),
        ("GET", &["If-Match: \"v0\",, \"v1\""][..], 200),
        (
            "GET",
            &["If-Match: \"v0\"", "If-None-Match: \"v1\""][..],
            412,
        ),
        (
            "GET",
            &["If-None-Match: \"v1\"", "If-Match: \"v1\""][..],
            304,
        ),
        (
            "PUT",
            &["If-Match: \"v1\"", "If-None-Match: \"v0\""][..],
            200,
        ),
        // There is no modification date, so conditions by date are passed over (§13.1.3, §13.1.4).
        (
            "GET",
            &["If-Modified-Since: Sat, 29 Oct 2050 19:43:31 GMT"][..],
            200,
        ),
        (
            "GET",
            &["If-Unmodified-Since: Sat, 29 Oct 1994 19:43:31 GMT"][..],
            200,
        ),
    ] {
        let answer = with(&playground, &format!("{method} /etag/v1"), fields).await;
        assert_eq!(answer.status, status, "{method} {fields:?}");
        assert_eq!(answer.field("etag"), "\"v1\"", "{method} {fields:?}");
    }
    let failed = with(&playground, "GET /etag/v3", &["If-Match: \"v1\""]).await;
    assert_eq!(
        failed.json()["detail"],
        "Your If-Match was \"v1\" and the entity tag is \"v3\"."
    );
}

#[tokio::test]
async fn entity_tags_are_quoted_and_nothing_breaks_out() {
    let playground = playground().await;
    for (path, tag) in [
        ("a%2Fb", "\"a/b\""),
        ("a,b", "\"a,b\""),
        ("W%2F", "\"W/\""),
        ("%C3%A9", "\"é\""),
    ] {
        let answer = get(&playground, &format!("/etag/{path}")).await;
        assert_eq!((answer.status, answer.field("etag")), (200, tag));
    }
    for path in [
        "%22",
        "a%20b",
        "a%0d%0ab",
        "%00",
        "%7f",
        "W%2F%22x%22",
        "%09",
    ] {
        let answer = get(&playground, &format!("/etag/{path}")).await;
        assert_eq!((answer.status, answer.field("etag")), (400, ""), "{path}");
    }
    assert_eq!(get(&playground, "/etag/").await.status, 404);
}

#[tokio::test]
async fn a_range_is_the_alphabet_over_and_over() {
    let playground = playground().await;
    let answer = get(&playground, "/range/28").await;
    assert_eq!(
        (answer.status, answer.text().as_str()),
        (200, "abcdefghijklmnopqrstuvwxyzab")
    );
    assert_eq!(answer.field("accept-ranges"), "bytes");
    assert_eq!(answer.field("etag"), "\"range28\"");
    assert_eq!(answer.field("content-type"), "application/octet-stream");
    assert_eq!(answer.field("content-range"), "");
    assert_eq!(
        get(&playground, "/range/1048576").await.content.len(),
        1_048_576
    );
    for wrong in ["0", "-1", "abc", "1048577"] {
        assert_eq!(
            get(&playground, &format!("/range/{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    assert_eq!(get(&playground, "/range/5?chunk_size=0").await.status, 400);
    assert_eq!(get(&playground, "/range/5?duration=11").await.status, 400);
    let slow = get(&playground, "/range/28?duration=20ms&chunk_size=5").await;
    assert_eq!(
        (slow.field("content-length"), slow.text().as_str()),
        ("28", "abcdefghijklmnopqrstuvwxyzab")
    );
}

#[tokio::test]
async fn one_part_is_sent_or_nothing_or_the_whole() {
    let playground = playground().await;
    let whole = "abcdefghijklmnopqrstuvwxyz";
    for (range, status, content_range, content) in [
        ("bytes=0-4", 206, "bytes 0-4/26", "abcde"),
        ("bytes=24-", 206, "bytes 24-25/26", "yz"),
        ("bytes=-3", 206, "bytes 23-25/26", "xyz"),
        ("bytes=20-99", 206, "bytes 20-25/26", "uvwxyz"),
        ("bytes=-99", 206, "bytes 0-25/26", whole),
        ("bytes=0-25", 206, "bytes 0-25/26", whole),
        ("bytes=0-0", 206, "bytes 0-0/26", "a"),
        ("Bytes=0-0", 206, "bytes 0-0/26", "a"),
        ("bytes= 0-0 , ", 206, "bytes 0-0/26", "a"),
        (
            "bytes=0-99999999999999999999999999",
            206,
            "bytes 0-25/26",
            whole,
        ),
        ("bytes=0-1,99-", 206, "bytes 0-1/26", "ab"),
        ("bytes=abc", 200, "", whole),
        ("bytes=5-2", 200, "", whole),
        ("bytes=", 200, "", whole),
        ("bytes=-", 200, "", whole),
        ("bytes=1--2", 200, "", whole),
        ("bytes=+1-2", 200, "", whole),
        ("lines=0-4", 200, "", whole),
        ("bytes", 200, "", whole),
        ("bytes=0-4,2-6", 200, "", whole),
    ] {
        let answer = with(&playground, "GET /range/26", &[&format!("Range: {range}")]).await;
        assert_eq!(answer.status, status, "{range}");
        assert_eq!(answer.field("content-range"), content_range, "{range}");
        assert_eq!(answer.text(), content, "{range}");
        assert_eq!(answer.field("etag"), "\"range26\"", "{range}");
    }
    for range in [
        "bytes=26-",
        "bytes=-0",
        "bytes=99-100,26-",
        "bytes=99999999999999999999999999-",
    ] {
        let answer = with(&playground, "GET /range/26", &[&format!("Range: {range}")]).await;
        assert_eq!(
            (answer.status, answer.field("content-range")),
            (416, "bytes */26"),
            "{range}"
        );
    }
    let twice = ["Range: bytes=0-1", "Range: bytes=2-3"];
    assert_eq!(with(&playground, "GET /range/26", &twice).await.status, 200);
    // RFC 9110 §14.2: "A server MUST ignore a Range header field received with a request method that is unrecognized or for which range handling is not defined."
    for method in ["HEAD", "POST"] {
        let answer = with(
            &playground,
            &format!("{method} /range/26"),
            &["Range: bytes=0-4"],
        )
        .await;
        assert_eq!(
            (answer.status, answer.field("content-length")),
            (200, "26"),
            "{method}"
        );
    }
}

/// RFC 9110 §14.6 and §15.3.7.2.
#[tokio::test]
async fn several_parts_come_in_one_multipart_answer() {
    let playground = playground().await;
    let answer = with(
        &playground,
        "GET /range/26",
        &["Range: bytes=0-1, -2, 10-11"],
    )
    .await;
    assert_eq!(answer.status, 206);
    assert_eq!(answer.field("content-range"), "");
    let boundary = answer
        .field("content-type")
        .strip_prefix("multipart/byteranges; boundary=")
        .expect("it names its boundary")
        .to_owned();
    let text = answer.text();
    let mut parts: Vec<&str> = text.split(&format!("--{boundary}")).collect();
    assert_eq!(parts.pop(), Some("--\r\n"));
    assert_eq!(parts.remove(0), "");
    let expected = [
        ("bytes 0-1/26", "ab"),
        ("bytes 24-25/26", "yz"),
        ("bytes 10-11/26", "kl"),
    ];
    assert_eq!(parts.len(), expected.len());
    for (part, (content_range, content)) in parts.iter().zip(expected) {
        let (head, rest) = part.split_once("\r\n\r\n").expect("a part has a head");
        assert!(
            head.contains(&format!("\r\nContent-Range: {content_range}")),
            "{head}"
        );
        assert_eq!(rest, format!("{content}\r\n"));
    }
    let many: Vec<String> = (0..20).map(|n| format!("{n}-{n}")).collect();
    let range = format!("Range: bytes={}", many.join(","));
    assert_eq!(
        with(&playground, "GET /range/26", &[&range]).await.status,
        200
    );
}

#[tokio::test]
async fn a_part_is_sent_only_of_what_the_client_has() {
    let playground = playground().await;
    for (if_range, status) in [
        ("\"range26\"", 206),
        ("\"range27\"", 200),
        ("W/\"range26\"", 200),
        ("range26", 200),
        ("Sat, 29 Oct 1994 19:43:31 GMT", 200),
    ] {
        let fields = ["Range: bytes=0-4", &format!("If-Range: {if_range}")];
        let answer = with(&playground, "GET /range/26", &fields).await;
        assert_eq!(answer.status, status, "{if_range}");
    }
    for (field, status) in [
        ("If-None-Match: \"range26\"", 304),
        ("If-Match: \"other\"", 412),
        ("If-Match: \"range26\"", 206),
    ] {
        let answer = with(&playground, "GET /range/26", &["Range: bytes=0-4", field]).await;
        assert_eq!(answer.status, status, "{field}");
    }
}

#[tokio::test]
async fn fields_of_the_clients_own_are_sent_and_shown() {
    let playground = playground().await;
    for method in ["GET", "POST"] {
        let head =
            format!("{method} /response-headers?X-Tea=milk&X-Tea=sugar&x-one=%C3%A9&Server=me");
        let answer = send(&playground, &head, &[], &[]).await;
        assert_eq!(answer.status, 200);
        let tea: Vec<&str> = answer
            .fields
            .iter()
            .filter(|(name, _)| name == "x-tea")
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(tea, ["milk", "sugar"]);
        assert_eq!((answer.field("x-one"), answer.field("server")), ("é", "me"));
        let json = answer.json();
        assert_eq!(json["X-Tea"], serde_json::json!(["milk", "sugar"]));
        assert_eq!(json["x-one"], "é");
        assert_eq!(json["Content-Type"], "application/json");
        assert_eq!(json["Content-Length"], answer.field("content-length"));
        assert_eq!(
            answer.content.len().to_string(),
            answer.field("content-length")
        );
    }
}

#[tokio::test]
async fn a_content_type_takes_the_place_of_ours_under_the_sandbox() {
    let playground = playground().await;
    for target in [
        "/response-headers?Content-Type=text/html",
        "/response-headers?content-type=text/html",
        "/response-headers?Content-Type=text/plain&content-type=text/html",
        "/response-headers?Content-Type=text/html&X-Content-Type-Options=none&Content-Security-Policy=script-src%20*",
    ] {
        let answer = get(&playground, target).await;
        let types: Vec<&str> = answer
            .fields
            .iter()
            .filter(|(name, _)| name == "content-type")
            .map(|(_, value)| value.as_str())
            .collect();
        assert_eq!(types, ["text/html"], "{target}");
        assert_eq!(
            answer.field("x-content-type-options"),
            "nosniff",
            "{target}"
        );
        let sandbox = ("content-security-policy".to_owned(), "sandbox".to_owned());
        assert!(answer.fields.contains(&sandbox), "{target}");
    }
}

#[tokio::test]
async fn fields_that_break_a_message_are_refused() {
    let playground = playground().await;
    for query in [
        "Content-Length=5",
        "content-length=5",
        "Transfer-Encoding=chunked",
        "Connection=close",
        "Trailer=X",
        "Upgrade=h2c",
        "Keep-Alive=1",
        "a%20b=1",
        "=1",
        "a:b=1",
        "a%0d%0ab=1",
        "a=b%0d%0ac:d",
        "a=b%00",
        "a=b%0a",
    ] {
        let answer = get(&playground, &format!("/response-headers?{query}")).await;
        assert_eq!(answer.status, 400, "{query}");
    }
    let many = (0..51)
        .map(|n| format!("X-{n}=1"))
        .collect::<Vec<_>>()
        .join("&");
    let answer = get(&playground, &format!("/response-headers?{many}")).await;
    assert_eq!(
        (answer.status, &answer.json()["limit"]),
        (400, &"fields_asked".into())
    );
}
