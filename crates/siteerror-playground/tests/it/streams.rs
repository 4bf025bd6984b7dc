//! Slow and long answers: what comes, in which order and how framed. How long it takes is never asked.

use siteerror_playground::Spawned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::ask::{exchange, get, playground, send};

/// The sizes of the chunks of an answer, without the last, and the trailer section after it.
async fn chunks(playground: &Spawned, target: &str, fields: &str) -> (Vec<usize>, String) {
    let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n{fields}Connection: close\r\n\r\n");
    let bytes = exchange(playground, request.as_bytes()).await;
    let end = bytes
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("there is a head");
    let head = String::from_utf8_lossy(&bytes[..end]).to_ascii_lowercase();
    assert!(head.contains("transfer-encoding: chunked"), "{head}");
    let mut rest = &bytes[end + 4..];
    let mut sizes = Vec::new();
    loop {
        let line = rest
            .windows(2)
            .position(|window| window == b"\r\n")
            .expect("a chunk has a size");
        let size = std::str::from_utf8(&rest[..line]).expect("hex");
        let size = usize::from_str_radix(size, 16).expect("hex");
        rest = &rest[line + 2..];
        if size == 0 {
            return (sizes, String::from_utf8_lossy(rest).into_owned());
        }
        sizes.push(size);
        rest = &rest[size + 2..];
    }
}

fn lines(text: &str) -> Vec<serde_json::Value> {
    text.lines()
        .map(|line| serde_json::from_str(line).unwrap_or_else(|error| panic!("{error}: {line}")))
        .collect()
}

#[tokio::test]
async fn a_delay_shows_the_whole_request_afterwards() {
    let playground = playground().await;
    for delay in ["0", "0.01", "1e-2", "10ms"] {
        let head = format!("POST /delay/{delay}?a=1&a=2");
        let answer = send(&playground, &head, &["X-One: two"], b"{\"b\": [1]}").await;
        assert_eq!(answer.status, 200, "{delay}");
        let echo = answer.json();
        assert_eq!(echo["args"]["a"], serde_json::json!(["1", "2"]));
        assert_eq!(echo["headers"]["X-One"], "two");
        assert_eq!(echo["data"], "{\"b\": [1]}");
        assert_eq!(echo["json"]["b"][0], 1);
        assert_eq!(echo["method"], "POST");
        let keys: Vec<&String> = echo.as_object().expect("an object").keys().collect();
        assert_eq!(
            keys,
            [
                "args", "data", "files", "form", "headers", "json", "method", "origin", "url"
            ]
        );
    }
    for wrong in ["nan", "inf", "-1", "abc", "1e", "1d"] {
        assert_eq!(
            get(&playground, &format!("/delay/{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    for long in ["10.5", "11s", "1e2", "1m"] {
        let answer = get(&playground, &format!("/delay/{long}")).await;
        assert_eq!(answer.status, 400, "{long}");
        assert_eq!(
            (&answer.json()["limit"], &answer.json()["max"]),
            (&"delay_s".into(), &10.into()),
            "{long}"
        );
    }
    assert_eq!(get(&playground, "/delay/").await.status, 404);
}

#[tokio::test]
async fn a_drip_announces_its_length_and_keeps_it() {
    let playground = playground().await;
    for (query, status, length) in [
        ("duration=0", 200, 10),
        ("duration=0&numbytes=1", 200, 1),
        ("duration=20ms&numbytes=7", 200, 7),
        ("duration=0.02&delay=0.01&numbytes=3&code=503", 503, 3),
        ("duration=20ms&numbytes=5000", 200, 5000),
        ("duration=0&numbytes=16385", 200, 16385),
        ("duration=0&numbytes=10485760", 200, 10_485_760),
    ] {
        let answer = get(&playground, &format!("/drip?{query}")).await;
        assert_eq!(answer.status, status, "{query}");
        assert_eq!(
            answer.field("content-length"),
            length.to_string(),
            "{query}"
        );
        assert_eq!(answer.content.len(), length, "{query}");
        assert!(answer.content.iter().all(|byte| *byte == b'*'), "{query}");
        assert_eq!(answer.field("content-type"), "application/octet-stream");
    }
    for code in [204, 205, 304] {
        let answer = get(&playground, &format!("/drip?duration=0&code={code}")).await;
        assert_eq!((answer.status, answer.content.len()), (code, 0));
        assert!(matches!(answer.field("content-length"), "" | "0"), "{code}");
    }
    let head = send(&playground, "HEAD /drip?duration=10&numbytes=9", &[], &[]).await;
    assert_eq!((head.status, head.field("content-length")), (200, "9"));
}

#[tokio::test]
async fn drips_beyond_reason_are_refused() {
    let playground = playground().await;
    for query in [
        "numbytes=0",
        "numbytes=-1",
        "numbytes=abc",
        "duration=-1",
        "duration=abc",
        "duration=nan",
        "delay=-1",
        "code=99",
        "code=199",
        "code=1000",
        "code=abc",
    ] {
        assert_eq!(
            get(&playground, &format!("/drip?{query}")).await.status,
            400,
            "{query}"
        );
    }
    for (query, limit) in [
        ("numbytes=10485761", "drip_bytes"),
        ("duration=11", "delay_s"),
        ("delay=11", "delay_s"),
        ("duration=6&delay=5", "delay_s"),
        ("delay=9", "delay_s"),
    ] {
        let answer = get(&playground, &format!("/drip?{query}")).await;
        assert_eq!(
            (answer.status, &answer.json()["limit"]),
            (400, &limit.into()),
            "{query}"
        );
    }
}

#[tokio::test]
async fn a_stream_has_a_line_for_each_number() {
    let playground = playground().await;
    let (sizes, trailers) = chunks(&playground, "/stream/3?a=1", "").await;
    assert_eq!((sizes.len(), trailers.as_str()), (3, "\r\n"));
    for target in [
        "/stream/5?a=1",
        "/stream/5?a=1&duration=20ms&delay=5ms&jitter=1",
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.field("content-type"), "application/json");
        assert_eq!(answer.field("playground-capped"), "");
        let lines = lines(&answer.text());
        assert_eq!(lines.len(), 5);
        for (id, line) in lines.iter().enumerate() {
            assert_eq!(line["id"], id);
            assert_eq!(line["args"]["a"], "1");
            assert_eq!(line["url"], playground.url(target));
            let keys: Vec<&String> = line.as_object().expect("an object").keys().collect();
            assert_eq!(keys, ["args", "headers", "id", "origin", "url"]);
        }
    }
    assert_eq!(get(&playground, "/stream/0").await.content, b"");
    for wrong in ["-1", "abc", "1.5"] {
        assert_eq!(
            get(&playground, &format!("/stream/{wrong}")).await.status,
            400,
            "{wrong}"
        );
    }
    let head = send(&playground, "HEAD /stream/3", &[], &[]).await;
    assert_eq!((head.status, head.content.len()), (200, 0));
    assert_ne!(head.field("content-length"), "0");
}

#[tokio::test]
async fn what_is_cut_says_so() {
    let playground = playground().await;
    let answer = get(&playground, "/stream/1000").await;
    assert_eq!((answer.status, lines(&answer.text()).len()), (200, 100));
    assert_eq!(
        answer.field("playground-capped"),
        "stream_lines; asked=1000; max=100"
    );
    assert_eq!(
        get(&playground, "/stream/100")
            .await
            .field("playground-capped"),
        ""
    );
    let answer = get(&playground, "/jsonl?count=1001").await;
    assert_eq!((answer.status, lines(&answer.text()).len()), (200, 1000));
    assert_eq!(
        answer.field("playground-capped"),
        "jsonl_lines; asked=1001; max=1000"
    );
}

#[tokio::test]
async fn json_lines_are_ten_unless_asked() {
    let playground = playground().await;
    for (target, count) in [
        ("/jsonl", 10),
        ("/jsonl?count=1", 1),
        ("/jsonl?count=4&duration=20ms&jitter=0.5", 4),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(answer.field("content-type"), "application/x-ndjson");
        let ids: Vec<u64> = lines(&answer.text())
            .iter()
            .filter_map(|line| line["id"].as_u64())
            .collect();
        assert_eq!(ids, (0..count).collect::<Vec<u64>>(), "{target}");
    }
    for query in [
        "count=0",
        "count=abc",
        "duration=-1",
        "jitter=1.1",
        "jitter=-0.1",
        "jitter=nan",
        "duration=6&delay=6",
        "duration=0",
    ] {
        assert_eq!(
            get(&playground, &format!("/jsonl?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

/// The format is that of the HTML standard, section 9.2: lines of `field: value`, and an empty line after each event.
#[tokio::test]
async fn events_are_numbered_and_end_with_trailers() {
    let playground = playground().await;
    let answer = get(&playground, "/sse?count=3&duration=20ms&delay=5ms").await;
    assert_eq!(answer.field("content-type"), "text/event-stream");
    let text = answer.text();
    let events: Vec<&str> = text.split_terminator("\n\n").collect();
    assert_eq!(events.len(), 3);
    let mut before = 0;
    for (id, event) in events.iter().enumerate() {
        let data = event.strip_prefix("event: ping\ndata: ").expect("a ping");
        let data: serde_json::Value = serde_json::from_str(data).expect("JSON");
        assert_eq!(data["id"], id);
        let timestamp = data["timestamp"].as_u64().expect("a number");
        assert!(timestamp >= before);
        before = timestamp;
    }
    for asked in ["TE: trailers\r\n", ""] {
        let (sizes, trailers) = chunks(&playground, "/sse?count=2&duration=1ms", asked).await;
        assert_eq!(sizes.len(), 2);
        assert_eq!(
            trailers.to_ascii_lowercase(),
            "server-timing: initial_delay;dur=0, write_duration;dur=1\r\n\r\n"
        );
    }
    assert_eq!(
        get(&playground, "/sse?count=1000&duration=1ms")
            .await
            .text()
            .matches("event: ping")
            .count(),
        1000
    );
    for query in [
        "count=0",
        "count=1001",
        "count=abc",
        "jitter=2",
        "delay=6",
        "duration=11",
        "duration=-1",
        "duration=0",
    ] {
        assert_eq!(
            get(&playground, &format!("/sse?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn the_same_seed_gives_the_same_bytes() {
    let playground = playground().await;
    let first = get(&playground, "/bytes/5000?seed=7").await;
    assert_eq!(
        (first.content.len(), first.field("content-length")),
        (5000, "5000")
    );
    assert_eq!(first.field("content-type"), "application/octet-stream");
    assert_eq!(
        get(&playground, "/bytes/5000?seed=7").await.content,
        first.content
    );
    assert_eq!(
        get(&playground, "/stream-bytes/5000?seed=7&chunk_size=7")
            .await
            .content,
        first.content
    );
    assert_ne!(
        get(&playground, "/bytes/5000?seed=8").await.content,
        first.content
    );
    assert_ne!(
        get(&playground, "/bytes/5000").await.content,
        get(&playground, "/bytes/5000").await.content
    );
    assert_eq!(
        get(&playground, "/bytes/0").await.field("content-length"),
        "0"
    );
    assert_eq!(
        get(&playground, "/bytes/1048576").await.content.len(),
        1_048_576
    );
    for wrong in [
        "/bytes/-1",
        "/bytes/abc",
        "/bytes/1048577",
        "/bytes/5?seed=x",
        "/stream-bytes/1048577",
        "/stream-bytes/5?chunk_size=0",
    ] {
        assert_eq!(get(&playground, wrong).await.status, 400, "{wrong}");
    }
}

#[tokio::test]
async fn bytes_are_streamed_in_chunks_of_the_size_asked() {
    let playground = playground().await;
    for (target, expected) in [
        ("/stream-bytes/10?chunk_size=4", &[4, 4, 2][..]),
        ("/stream-bytes/10?chunk_size=100", &[10]),
        ("/stream-bytes/3?chunk_size=1&duration=5ms", &[1, 1, 1]),
        ("/stream-bytes/20481", &[10240, 10240, 1]),
        ("/stream-bytes/0", &[]),
    ] {
        assert_eq!(
            chunks(&playground, target, "").await.0,
            expected,
            "{target}"
        );
    }
}

#[tokio::test]
async fn trailers_come_after_the_content_asked_or_not() {
    let playground = playground().await;
    let target = "/trailers?X-Sum=42&X-Sum=43&X-Caf%C3%A9=no";
    assert_eq!(
        get(&playground, target).await.status,
        400,
        "a name is a token"
    );
    let target = "/trailers?X-Sum=42&X-Sum=43&X-Two=%C3%A9";
    let (sizes, trailers) = chunks(&playground, target, "TE: gzip, trailers\r\n").await;
    assert_eq!(sizes.len(), 1);
    let mut lines: Vec<String> = trailers.lines().map(str::to_ascii_lowercase).collect();
    lines.sort();
    assert_eq!(lines, ["", "x-sum: 42", "x-sum: 43", "x-two: é"]);
    let answer = send(
        &playground,
        &format!("GET {target}"),
        &["TE: trailers"],
        &[],
    )
    .await;
    assert_eq!(answer.field("trailer"), "X-Sum, X-Two");
    assert_eq!(answer.json()["args"]["X-Two"], "é");
    assert_eq!(answer.json()["json"], serde_json::Value::Null);
    let (_, unasked) = chunks(&playground, target, "").await;
    assert_eq!(unasked, trailers);
    assert_eq!(get(&playground, "/trailers").await.field("trailer"), "");
}

/// RFC 9110 §6.5.1 says of which kinds trailer fields are not.
#[tokio::test]
async fn trailers_that_are_none_are_refused() {
    let playground = playground().await;
    for query in [
        "Authorization=a",
        "Cache-Control=a",
        "Content-Encoding=a",
        "Content-Length=1",
        "Content-Range=a",
        "Content-Type=a",
        "host=a",
        "Max-Forwards=1",
        "Set-Cookie=a",
        "TE=a",
        "Trailer=a",
        "Transfer-Encoding=a",
        "a%20b=1",
        "=1",
        "X=a%0d%0ab:c",
        "X%0d%0ay=1",
        "X=%00",
    ] {
        let answer = send(
            &playground,
            &format!("GET /trailers?{query}"),
            &["TE: trailers"],
            &[],
        )
        .await;
        assert_eq!(answer.status, 400, "{query}");
    }
}

#[tokio::test]
async fn an_unstable_endpoint_fails_as_often_as_asked() {
    let playground = playground().await;
    for (rate, status) in [("0", 200), ("1", 500), ("1.0", 500)] {
        for _ in 0..10 {
            assert_eq!(
                get(&playground, &format!("/unstable?failure_rate={rate}"))
                    .await
                    .status,
                status
            );
        }
    }
    let mut seen = Vec::new();
    for seed in 0..30 {
        let target = format!("/unstable?seed={seed}");
        let status = get(&playground, &target).await.status;
        assert_eq!(get(&playground, &target).await.status, status, "{seed}");
        seen.push(status);
    }
    assert!(seen.contains(&200) && seen.contains(&500), "{seen:?}");
    for query in [
        "failure_rate=1.1",
        "failure_rate=-0.1",
        "failure_rate=nan",
        "failure_rate=abc",
        "seed=abc",
    ] {
        assert_eq!(
            get(&playground, &format!("/unstable?{query}")).await.status,
            400,
            "{query}"
        );
    }
}

#[tokio::test]
async fn content_that_ends_with_the_connection_does_not_say_keep_alive() {
    let playground = playground().await;
    // RFC 9112 §9.3: HTTP/1.0 keeps a connection only if both sides say so, and §6.3: without a length it is the end of the connection that ends the content.
    for (target, said) in [
        ("/stream/2", "close"),
        ("/jsonl", "close"),
        // Refused for an expectation that nobody knows, which ends the connection too.
        ("/ip HTTP/1.0\r\nExpect: more\r\nX-Rest:", "close"),
        ("/status/200", "keep-alive"),
    ] {
        let mut stream = crate::ask::connect(&playground).await;
        let request = format!("GET {target} HTTP/1.0\r\nHost: a\r\nConnection: keep-alive\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        stream.shutdown().await.expect("the other way stays open");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).await.expect("it ends");
        let answer = String::from_utf8_lossy(&answer).into_owned();
        let head = answer.split("\r\n\r\n").next().unwrap_or_default();
        let said_lines = head
            .lines()
            .filter(|line| line.to_ascii_lowercase().starts_with("connection:"));
        let expected = format!("connection: {said}");
        assert_eq!(said_lines.collect::<Vec<_>>(), [expected], "{target}");
    }
}
