//! The finer points of the rules behind the causes: what belongs to an answer, what comes first, what comes back.

use crate::ask::{Answer, connect, exchange, get, playground, send};
use siteerror_playground::Spawned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

const TEXT: &str = "Content-Type: text/plain";
const JSON: &str = "Content-Type: application/json";

async fn put(playground: &Spawned, target: &str, fields: &[&str], content: &str) -> Answer {
    send(
        playground,
        &format!("PUT {target}"),
        fields,
        content.as_bytes(),
    )
    .await
}

/// Sends a request without content.
async fn ask(playground: &Spawned, head: &str, fields: &[&str]) -> Answer {
    send(playground, head, fields, &[]).await
}

#[tokio::test]
async fn an_item_lives_and_is_remembered() {
    let playground = playground().await;
    let item = "/cause/410/try/a";
    assert_eq!(get(&playground, item).await.status, 404);
    let made = put(&playground, item, &[TEXT], "one").await;
    assert_eq!(
        (made.status, made.field("etag"), made.field("location")),
        (201, "\"1\"", item)
    );
    let again = send(&playground, &format!("POST {item}"), &[TEXT], b"two").await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("at version"), "{}", again.text());
    let replaced = put(&playground, item, &[TEXT], "three").await;
    assert_eq!((replaced.status, replaced.field("etag")), (204, "\"2\""));
    assert_eq!(get(&playground, item).await.text(), "three");
    let head = ask(&playground, &format!("HEAD {item}"), &[]).await;
    assert_eq!(
        (
            head.status,
            head.field("content-length"),
            head.text().as_str()
        ),
        (200, "5", "")
    );
    let deleted = ask(&playground, &format!("DELETE {item}"), &[]).await;
    assert_eq!((deleted.status, deleted.text().as_str()), (204, ""));
    assert_eq!(get(&playground, item).await.status, 410);
    let deleted = ask(&playground, &format!("DELETE {item}"), &[]).await;
    assert_eq!(deleted.status, 410);
    // Versions go on, so that an old tag never fits a new item.
    let back = put(&playground, item, &[TEXT], "four").await;
    assert_eq!((back.status, back.field("etag")), (201, "\"3\""));
    // The items of one rule are not those of another.
    assert_eq!(get(&playground, "/cause/404/try/a").await.status, 404);
}

#[tokio::test]
async fn if_match_is_judged_before_if_none_match() {
    let playground = playground().await;
    let item = "GET /cause/412/try/a";
    put(&playground, "/cause/412/try/a", &[TEXT], "one").await;
    for (fields, expected) in [
        // RFC 9110 §13.2.2.
        (&["If-Match: \"2\"", "If-None-Match: \"1\""][..], 412),
        (&["If-Match: \"1\"", "If-None-Match: \"1\""], 304),
        (&["If-Match: \"1\"", "If-None-Match: \"2\""], 200),
        (&["If-Match: W/\"1\""], 412),
        (&["If-None-Match: W/\"1\""], 304),
        (&["If-Match: *"], 200),
    ] {
        let answer = ask(&playground, item, fields).await;
        assert_eq!(answer.status, expected, "{fields:?}");
        // RFC 9110 §15.4.5: the ETag of the 200 belongs to the 304, too.
        assert_eq!(answer.field("etag"), "\"1\"", "{fields:?}");
    }
    let answer = put(
        &playground,
        "/cause/412/try/a",
        &[TEXT, "If-Match: \"7\""],
        "no",
    )
    .await;
    assert_eq!(
        answer.json()["detail"],
        "your If-Match was \"7\", and the item is at \"1\""
    );
    // RFC 9110 §13.1.1: `*` is false where there is nothing.
    let answer = put(
        &playground,
        "/cause/412/try/b",
        &[TEXT, "If-Match: *"],
        "no",
    )
    .await;
    assert_eq!(answer.status, 412);
    // RFC 9110 §13.2.1: what would fail anyway is not judged.
    let answer = ask(&playground, "GET /cause/412/try/b", &["If-None-Match: *"]).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_change_without_a_condition_is_told_which_would_do() {
    let playground = playground().await;
    let target = "/cause/428/try/a";
    let first = put(&playground, target, &[TEXT], "x").await.json();
    assert!(
        first["hint"]
            .as_str()
            .expect("a hint")
            .contains("If-None-Match: *")
    );
    put(&playground, target, &[TEXT, "If-None-Match: *"], "x").await;
    let second = put(&playground, target, &[TEXT], "y").await.json();
    assert!(
        second["hint"]
            .as_str()
            .expect("a hint")
            .contains("If-Match: \"1\"")
    );
    let delete = format!("DELETE {target}");
    assert_eq!(ask(&playground, &delete, &[]).await.status, 428);
    let stale = ask(&playground, &delete, &["If-Match: \"9\""]).await;
    assert_eq!(stale.status, 412);
    let fits = ask(&playground, &delete, &["If-Match: \"1\""]).await;
    assert_eq!(fits.status, 204);
}

#[tokio::test]
async fn ranges_are_for_get_and_for_the_same_version() {
    let playground = playground().await;
    let range = "Range: bytes=0-2";
    for (head, fields, status, content, content_range) in [
        ("GET", &[range][..], 206, "abc", "bytes 0-2/26"),
        (
            "GET",
            &[range, "If-Range: \"alphabet\""],
            206,
            "abc",
            "bytes 0-2/26",
        ),
        ("GET", &["Range: bytes=26-"], 416, "", "bytes */26"),
        ("HEAD", &[range], 200, "", ""),
    ] {
        let answer = ask(&playground, &format!("{head} /cause/206/try"), fields).await;
        assert_eq!(
            (answer.status, answer.field("content-range")),
            (status, content_range),
            "{fields:?}"
        );
        if status == 206 {
            assert_eq!(answer.text(), content);
        }
    }
    let other = ask(
        &playground,
        "GET /cause/206/try",
        &[range, "If-Range: \"other\""],
    )
    .await;
    assert_eq!((other.status, other.content.len()), (200, 26));
}

#[tokio::test]
async fn answers_have_the_fields_that_their_codes_ask_for() {
    let playground = playground().await;
    for (head, fields, status, name, value) in [
        (
            "GET /cause/401/try",
            &[][..],
            401,
            "www-authenticate",
            "Basic realm=\"playground\", charset=\"UTF-8\"",
        ),
        (
            "GET /cause/403/try/a",
            &[],
            401,
            "www-authenticate",
            "Bearer realm=\"diaries\"",
        ),
        (
            "DELETE /cause/405/try",
            &[],
            405,
            "allow",
            "GET, HEAD, OPTIONS",
        ),
        (
            "OPTIONS /cause/405/try",
            &[],
            200,
            "allow",
            "GET, HEAD, OPTIONS",
        ),
        ("GET /cause/426/try", &[], 426, "upgrade", "websocket"),
        (
            "GET /cause/301/try/folder",
            &[],
            301,
            "location",
            "/cause/301/try/folder/",
        ),
        (
            "GET /cause/300/try",
            &[],
            300,
            "location",
            "/cause/300/try/text.md",
        ),
        (
            "GET /cause/511/try/a",
            &[],
            511,
            "cache-control",
            "no-store",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"4\""],
            226,
            "im",
            "feed",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"4\""],
            226,
            "etag",
            "\"5\"",
        ),
        (
            "GET /cause/226/try",
            &["A-IM: feed", "If-None-Match: \"5\""],
            304,
            "etag",
            "\"5\"",
        ),
        ("GET /cause/203/try", &[], 200, "etag", "\"original\""),
    ] {
        let answer = ask(&playground, head, fields).await;
        assert_eq!(
            (answer.status, answer.field(name)),
            (status, value),
            "{head}"
        );
    }
    let csv = send(
        &playground,
        "POST /cause/415/try",
        &["Content-Type: text/csv"],
        b"a",
    )
    .await;
    assert_eq!((csv.status, csv.field("accept")), (415, "application/json"));
    let coded = send(
        &playground,
        "POST /cause/415/try",
        &[JSON, "Content-Encoding: compress"],
        b"{}",
    )
    .await;
    assert_eq!(
        (coded.status, coded.field("accept-encoding")),
        (415, "identity")
    );
    let blocked = get(&playground, "/cause/451/try/banned/a").await;
    // RFC 7725 §4: who blocks, not who demands.
    let blocker = format!("<http://{}/>; rel=\"blocked-by\"", playground.address());
    assert_eq!(blocked.field("link"), blocker);
    let proxied = format!(
        "GET http://{}/cause/407/try HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n",
        playground.address()
    );
    let proxied = Answer::parse(&exchange(&playground, proxied.as_bytes()).await);
    assert_eq!(
        (proxied.status, proxied.field("proxy-authenticate")),
        (407, "Basic realm=\"playground proxy\"")
    );
}

#[tokio::test]
async fn the_proxy_connects_to_nobody() {
    let playground = playground().await;
    let request = "GET http://elsewhere.example/cause/407/try HTTP/1.1\r\nHost: elsewhere.example\r\nProxy-Authorization: Basic bWU6c2VjcmV0\r\nConnection: close\r\n\r\n";
    let answer = exchange(&playground, request.as_bytes()).await;
    let answer = Answer::parse(&answer);
    assert_eq!(answer.status, 200);
    assert_eq!(answer.text(), "This is the text as its origin has it.\n");
}

#[tokio::test]
async fn a_bucket_says_how_much_is_left_and_when_there_is_more() {
    let playground = playground().await;
    let first = get(&playground, "/cause/429/try/a").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.field("ratelimit-policy"), "\"bucket\";q=5;w=10");
    assert_eq!(first.field("ratelimit"), "\"bucket\";r=4;t=2");
    let mut last = first;
    // Tokens may come back meanwhile, but not as fast as requests are sent.
    for _ in 0..50 {
        last = get(&playground, "/cause/429/try/a").await;
        if last.status == 429 {
            break;
        }
    }
    assert_eq!(last.status, 429);
    let wait: u64 = last.field("retry-after").parse().expect("seconds");
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(last.field("ratelimit"), format!("\"bucket\";r=0;t={wait}"));
    assert_eq!(last.field("cache-control"), "no-store");
    assert_eq!(last.json()["limit"], "bucket_requests");
    assert_eq!(get(&playground, "/cause/429/try/b").await.status, 200);
}

#[tokio::test]
async fn a_job_is_accepted_runs_and_leads_to_its_result() {
    let playground = playground().await;
    let accepted = send(&playground, "POST /cause/202/try/a", &[TEXT], b"abc").await;
    assert_eq!(
        (
            accepted.status,
            accepted.field("location"),
            accepted.field("retry-after")
        ),
        (202, "/cause/202/try/a", "1")
    );
    let done = loop {
        let answer = get(&playground, "/cause/202/try/a").await;
        if answer.status != 200 {
            break answer;
        }
        assert_eq!(answer.field("retry-after"), "1");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    assert_eq!(
        (done.status, done.field("location")),
        (303, "/cause/202/try/a/result")
    );
    // The first example of FIPS 180-2.
    assert_eq!(
        get(&playground, "/cause/202/try/a/result").await.text(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
    );
    assert_eq!(get(&playground, "/cause/202/try/b").await.status, 404);
}

#[tokio::test]
async fn a_lock_keeps_others_out_until_it_is_undone() {
    let playground = playground().await;
    let item = "/cause/423/try/a";
    let lock = format!("LOCK {item}");
    let info = b"<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
    let locked = send(&playground, &lock, &["Content-Type: application/xml"], info).await;
    assert_eq!(locked.status, 201);
    let key = locked.field("lock-token").to_owned();
    assert!(key.starts_with("<urn:uuid:") && key.ends_with('>'), "{key}");
    assert!(locked.text().contains(key.trim_matches(['<', '>'])));
    let second = send(&playground, &lock, &["Content-Type: application/xml"], info).await;
    assert_eq!(second.status, 423);
    assert_eq!(
        ask(&playground, &format!("DELETE {item}"), &[])
            .await
            .status,
        423
    );
    assert_eq!(get(&playground, item).await.status, 200);
    let submitted = format!("If: ({key})");
    let holder = put(&playground, item, &[TEXT, &submitted], "mine").await;
    assert_eq!(holder.status, 204);
    let unlock = format!("UNLOCK {item}");
    let wrong = ask(&playground, &unlock, &["Lock-Token: <urn:uuid:0>"]).await;
    assert_eq!(wrong.status, 409);
    let token = format!("Lock-Token: {key}");
    assert_eq!(ask(&playground, &unlock, &[&token]).await.status, 204);
    assert_eq!(put(&playground, item, &[TEXT], "all").await.status, 204);
}

#[tokio::test]
async fn a_ring_is_reported_once_or_not_at_all() {
    let playground = playground().await;
    let walked = ask(
        &playground,
        "PROPFIND /cause/208/try",
        &["Depth: infinity", "DAV: 1, bind"],
    )
    .await;
    let xml = walked.text();
    assert_eq!(
        walked.field("content-type"),
        "application/xml; charset=utf-8"
    );
    assert_eq!(xml.matches("<D:response>").count(), 3, "{xml}");
    assert_eq!(
        xml.matches("HTTP/1.1 208 Already Reported").count(),
        1,
        "{xml}"
    );
    assert!(
        xml.contains("<D:href>/cause/208/try/again/</D:href>"),
        "{xml}"
    );
    let deep = ask(&playground, "PROPFIND /cause/207/try", &[])
        .await
        .text();
    assert!(
        deep.contains("<D:href>/cause/207/try/drawer/note.txt</D:href>"),
        "{deep}"
    );
    let loops = ask(&playground, "PROPFIND /cause/508/try/again/again", &[]).await;
    assert_eq!(loops.status, 508);
    let wrong = ask(&playground, "PROPFIND /cause/207/try", &["Depth: 2"]).await;
    assert_eq!(wrong.status, 400);
}

#[tokio::test]
async fn a_batch_tells_the_fault_from_what_it_brings_down() {
    let playground = playground().await;
    let batch = b"[{\"start\": 1}, {\"divide\": 0}, {\"add\": 1}, {\"add\": 2}]";
    let answer = send(&playground, "POST /cause/424/try", &[JSON], batch).await;
    let json = answer.json();
    let steps = json["steps"].as_array().expect("a list");
    let statuses: Vec<_> = steps.iter().map(|step| &step["status"]).collect();
    assert_eq!(statuses, [200, 422, 424, 424]);
    for hostile in [
        &b"[{\"start\": 9223372036854775807}, {\"add\": 1}]"[..],
        b"[{\"start\": -9223372036854775808}, {\"divide\": -1}]",
        b"[]",
        b"[1]",
        b"[{\"add\": 1}]",
    ] {
        let answer = send(&playground, "POST /cause/424/try", &[JSON], hostile).await;
        assert_eq!(answer.status, 422, "{}", answer.text());
    }
}

#[tokio::test]
async fn a_redirect_keeps_the_method_for_the_echo_at_its_end() {
    let playground = playground().await;
    for (code, path) in [(307, "front-desk"), (308, "v1/orders")] {
        let target = format!("POST /cause/{code}/try/{path}");
        let moved = send(&playground, &target, &[TEXT], b"a parcel").await;
        assert_eq!(moved.status, code);
        let target = format!("POST {}", moved.field("location"));
        let echo = send(&playground, &target, &[TEXT], b"a parcel")
            .await
            .json();
        assert_eq!(
            (&echo["method"], &echo["content"]),
            (&"POST".into(), &"a parcel".into())
        );
    }
}

#[tokio::test]
async fn a_panic_is_answered_and_does_no_other_harm() {
    let playground = playground().await;
    let broken = get(&playground, "/cause/500/try?by=0").await;
    assert_eq!(broken.status, 500);
    assert!(!broken.text().contains("divide"), "{}", broken.text());
    assert_eq!(
        get(&playground, "/cause/500/try?by=5").await.json()["quotient"],
        20
    );
    assert_eq!(get(&playground, "/cause/500/try?by=x").await.status, 400);
}

#[tokio::test]
async fn a_switch_leads_to_frames() {
    let playground = playground().await;
    let mut stream = connect(&playground).await;
    stream
        .write_all(b"GET /cause/101/try HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nSec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n")
        .await
        .expect("it is taken");
    let mut bytes = Vec::new();
    while !bytes.ends_with(b"\r\n\r\n") {
        assert_ne!(stream.read_buf(&mut bytes).await.expect("it answers"), 0);
    }
    let answer = Answer::parse(&bytes);
    assert_eq!(answer.status, 101);
    // RFC 6455 §1.3.
    assert_eq!(
        answer.field("sec-websocket-accept"),
        "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
    );
    // RFC 6455 §5.7: "Hello" masked, and unmasked.
    stream
        .write_all(&[
            0x81, 0x85, 0x37, 0xfa, 0x21, 0x3d, 0x7f, 0x9f, 0x4d, 0x51, 0x58,
        ])
        .await
        .expect("it is taken");
    let mut frame = [0; 7];
    stream.read_exact(&mut frame).await.expect("it echoes");
    assert_eq!(frame, [0x81, 0x05, 0x48, 0x65, 0x6c, 0x6c, 0x6f]);
}

#[tokio::test]
async fn names_that_nobody_has_are_misdirected_on_every_path() {
    let playground = playground().await;
    for (host, path, expected) in [
        ("a.invalid", "/status/200", 421),
        ("A.Invalid.:80", "/status/200", 421),
        ("invalid", "/nowhere", 421),
        ("valid", "/status/200", 200),
        ("www.example.com", "/status/200", 200),
        ("www.example.com", "/cause/421/try", 421),
        ("notexample.com", "/cause/421/try", 200),
    ] {
        let request = format!("GET {path} HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n");
        let answer = Answer::parse(&exchange(&playground, request.as_bytes()).await);
        assert_eq!(answer.status, expected, "{host}{path}");
    }
}

#[tokio::test]
async fn what_no_rule_knows_is_told() {
    let playground = playground().await;
    for (target, expected) in [
        ("/cause/299", 404),
        ("/cause/299/try", 404),
        ("/cause/305/try", 404),
        ("/cause/abc", 400),
        ("/cause/99", 400),
        ("/cause/404/try/a%20b", 400),
        ("/cause/404/try/a/b", 400),
        ("/cause/507/try/a/b/c", 404),
        ("/cause/406/try/more", 404),
        ("/cause/502/try/elsewhere", 404),
        ("/cause/102/try?seconds=11", 400),
        ("/cause/503/try/a?seconds=nan", 400),
    ] {
        assert_eq!(get(&playground, target).await.status, expected, "{target}");
    }
    let large = put(&playground, "/cause/201/try/a", &[TEXT], &"x".repeat(1025)).await;
    assert_eq!(
        (large.status, &large.json()["limit"]),
        (413, &"item_bytes".into())
    );
}
