//! Clients that want the playground to run out of something.

use std::time::Duration;

use siteerror_playground::{Options, Pages, Playground, spawn_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use crate::ask::{Answer, get, playground, send};

#[tokio::test]
async fn large_answers_that_nobody_reads_share_a_bounded_room() {
    let playground = Playground::new(Options::system());
    let body = "a".repeat((1 << 20) - 100);
    let saved = serde_json::json!({ "body": body }).to_string();
    let put = format!(
        "PUT /mocks/large HTTP/1.1\r\nHost: a\r\nContent-Length: {}\r\n\r\n{saved}",
        saved.len()
    );
    assert_eq!(
        begin(&mut in_memory(&playground), put.as_bytes()).await,
        "HTTP/1.1 201"
    );
    let large = b"GET /mock/large HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..128 {
        let mut stream = in_memory(&playground);
        assert_eq!(begin(&mut stream, large).await, "HTTP/1.1 200");
        waiting.push(stream);
    }
    // 128 MiB are taken.
    let mut refused = in_memory(&playground);
    assert_eq!(begin(&mut refused, large).await, "HTTP/1.1 503");
    let mut rest = vec![0; 8192];
    let count = refused.read(&mut rest).await.expect("an answer");
    let told = String::from_utf8_lossy(&rest[..count]).into_owned();
    assert!(
        told.contains("room_bytes") && told.contains("retry-after: 1"),
        "{told}"
    );
    // What is small goes on.
    let small = b"GET /get HTTP/1.1\r\nHost: a\r\n\r\n";
    assert_eq!(
        begin(&mut in_memory(&playground), small).await,
        "HTTP/1.1 200"
    );
    // Whoever leaves gives the room back.
    waiting.pop();
    loop {
        match begin(&mut in_memory(&playground), large).await.as_str() {
            "HTTP/1.1 503" => tokio::task::yield_now().await,
            answer => break assert_eq!(answer, "HTTP/1.1 200"),
        }
    }
}

#[tokio::test(start_paused = true)]
async fn large_answers_in_pieces_share_the_room_too() {
    for target in ["/stream-bytes/1048576", "/range/1048576?duration=1"] {
        let playground = Playground::new(Options::system());
        let request = format!("GET {target} HTTP/1.1\r\nHost: a\r\n\r\n");
        let mut waiting = Vec::new();
        for _ in 0..128 {
            let mut stream = in_memory(&playground);
            let answer = begin(&mut stream, request.as_bytes()).await;
            assert_eq!(answer, "HTTP/1.1 200", "{target}");
            waiting.push(stream);
        }
        let answer = begin(&mut in_memory(&playground), request.as_bytes()).await;
        assert_eq!(answer, "HTTP/1.1 503", "{target}");
        waiting.pop();
        loop {
            match begin(&mut in_memory(&playground), request.as_bytes())
                .await
                .as_str()
            {
                "HTTP/1.1 503" => tokio::time::sleep(Duration::from_secs(1)).await,
                answer => break assert_eq!(answer, "HTTP/1.1 200", "{target}"),
            }
        }
    }
}

#[tokio::test]
async fn traces_that_are_together_too_large_go() {
    let playground = playground().await;
    // A trace keeps 256 KiB of an exchange, and all traces together 32 MiB.
    let content = vec![b'a'; 300_000];
    for n in 0..130 {
        let head = format!("POST /upload?trace=full-{n}");
        send(&playground, &head, &[], &content).await;
    }
    assert_eq!(get(&playground, "/trace/full-0").await.status, 404);
    assert_eq!(get(&playground, "/trace/full-129").await.status, 200);
}

#[tokio::test]
async fn a_bin_is_never_larger_than_its_limit() {
    let playground = playground().await;
    send(&playground, "PUT /bins/heavy", &[], &[]).await;
    for _ in 0..12 {
        send(&playground, "POST /bin/heavy", &[], &vec![b'a'; 1 << 20]).await;
    }
    let bin = get(&playground, "/bins/heavy").await;
    assert!(bin.content.len() <= 8 << 20, "{}", bin.content.len());
    let bin = bin.json();
    let requests = bin["requests"].as_array().expect("a list");
    assert_eq!(requests.len(), 7);
    assert_eq!(requests[0]["number"], 6);
}

/// The client's side of a connection in memory, so that a clock that stands still jumps only when both sides wait.
fn in_memory(playground: &Playground) -> DuplexStream {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let (options, playground) = (playground.serve_options(), playground.clone());
    tokio::spawn(async move {
        let handler = move |request| {
            let playground = playground.clone();
            async move { playground.respond(request).await }
        };
        siteerror_serve::serve_stream(theirs, handler, &options).await;
    });
    ours
}

/// Sends a request, and reads how its answer begins.
async fn begin(stream: &mut DuplexStream, request: &[u8]) -> String {
    stream.write_all(request).await.expect("it is taken");
    let mut line = vec![0; 12];
    stream.read_exact(&mut line).await.expect("an answer");
    String::from_utf8(line).expect("a status line is ASCII")
}

const SLOW: &[u8] = b"POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 1000\r\n\r\n";

#[tokio::test(start_paused = true)]
async fn content_that_comes_by_the_byte_has_to_come_to_an_end() {
    let playground = Playground::new(Options::system());
    let mut stream = in_memory(&playground);
    stream.write_all(SLOW).await.expect("it is taken");
    let began = tokio::time::Instant::now();
    let (mut reading, mut writing) = tokio::io::split(stream);
    let drip = tokio::spawn(async move {
        // Never a pause that is too long.
        while writing.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(9)).await;
        }
    });
    let mut answer = vec![0; 8192];
    let count = reading.read(&mut answer).await.expect("an answer");
    drip.abort();
    assert_eq!(began.elapsed().as_secs(), 60);
    let answer = Answer::parse(&answer[..count]);
    assert_eq!((answer.status, answer.field("connection")), (408, "close"));
    assert!(answer.text().contains("content_s"), "{}", answer.text());
}

#[tokio::test(start_paused = true)]
async fn slow_content_takes_one_of_the_places_for_requests_that_wait() {
    let playground = Playground::new(Options::system());
    let mut waiting = Vec::new();
    for _ in 0..512 {
        let mut stream = in_memory(&playground);
        stream.write_all(SLOW).await.expect("it is taken");
        waiting.push(stream);
    }
    tokio::time::sleep(Duration::from_secs(3)).await;
    let mut slow = in_memory(&playground);
    slow.write_all(SLOW).await.expect("it is taken");
    let mut answer = vec![0; 8192];
    let count = slow.read(&mut answer).await.expect("an answer");
    let answer = Answer::parse(&answer[..count]);
    assert_eq!((answer.status, answer.field("retry-after")), (503, "1"));
    // Content that is there needs no place.
    let quick = b"POST /post HTTP/1.1\r\nHost: a\r\nContent-Length: 1\r\n\r\na";
    let answer = begin(&mut in_memory(&playground), quick).await;
    assert_eq!(answer, "HTTP/1.1 200");
}

#[tokio::test(start_paused = true)]
async fn who_takes_a_slow_answer_slower_still_gives_the_place_back() {
    let playground = Playground::new(Options::system());
    let drip = b"GET /drip?numbytes=10485760&duration=1 HTTP/1.1\r\nHost: a\r\n\r\n";
    let delay = b"GET /delay/1 HTTP/1.1\r\nHost: a\r\n\r\n";
    let mut waiting = Vec::new();
    for _ in 0..512 {
        let mut stream = in_memory(&playground);
        assert_eq!(begin(&mut stream, drip).await, "HTTP/1.1 200");
        waiting.push(stream);
    }
    let refused = begin(&mut in_memory(&playground), delay).await;
    assert_eq!(refused, "HTTP/1.1 503");
    // All of the drips could have been taken by then.
    tokio::time::sleep(Duration::from_secs(2)).await;
    let served = begin(&mut in_memory(&playground), delay).await;
    assert_eq!(served, "HTTP/1.1 200");
    drop(waiting);
}

#[tokio::test(start_paused = true)]
async fn content_that_the_lab_counts_has_to_come_to_an_end_too() {
    let playground = Playground::new(Options::system());
    let head = b"POST /lab/slow/expect HTTP/1.1\r\nHost: a\r\nContent-Length: 1500000\r\n\r\n";
    let mut stream = in_memory(&playground);
    stream.write_all(head).await.expect("it is taken");
    let began = tokio::time::Instant::now();
    let (mut reading, mut writing) = tokio::io::split(stream);
    let drip = tokio::spawn(async move {
        while writing.write_all(b"a").await.is_ok() {
            tokio::time::sleep(Duration::from_secs(1)).await;
        }
    });
    let mut answer = vec![0; 8192];
    let count = reading.read(&mut answer).await.expect("an answer");
    drip.abort();
    assert_eq!(began.elapsed().as_secs(), 60);
    let told = String::from_utf8_lossy(&answer[..count]).into_owned();
    assert!(told.contains("60 bytes came"), "{told}");
}

#[tokio::test(start_paused = true)]
async fn pongs_that_nobody_reads_do_not_pile_up() {
    let playground = Playground::new(Options::system());
    let mut stream = in_memory(&playground);
    let upgrade =
        b"GET /websocket/echo HTTP/1.1\r\nHost: a\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\
        Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n\r\n";
    assert_eq!(begin(&mut stream, upgrade).await, "HTTP/1.1 101");
    // A ping of 125 bytes, masked with zeros (RFC 6455 section 5.2).
    let ping = [&[0x89, 0xfd, 0, 0, 0, 0][..], &[b'p'; 125]].concat();
    let sent = stream.write_all(&ping.repeat(1 << 16)).await;
    sent.expect_err("who takes nothing is not heard for ever");
}

/// Requests that ask for something that browsers let hold for a whole origin.
const FAR: [&str; 12] = [
    "/response-headers?Clear-Site-Data=%22*%22",
    "/response-headers?Strict-Transport-Security=max-age%3D31536000",
    "/response-headers?Alt-Svc=h2%3D%22evil.example%3A443%22",
    "/response-headers?NEL=%7B%7D",
    "/response-headers?Service-Worker-Allowed=/",
    "/response-headers?Set-Cookie=a%3Db%3B+Path%3D/",
    "/response-headers?Set-Cookie=a%3Db%3B+Path%3D/play%3B+PATH+%3D/playing",
    "/status/200?header=Set-Cookie:a%3Db%3B+domain%3Dexample.com",
    "/seq/far/200;Report-To=x",
    "/interim/103/200?header=Set-Cookie:a%3Db%3B+Path%3D/",
    "/cookies/set?a=b&attr[Path]=/",
    "/cookies/set?a=b&attr[Domain]=example.com",
];

/// The same for the playground alone.
const NEAR: [&str; 5] = [
    "/response-headers?Set-Cookie=a%3Db",
    "/response-headers?Set-Cookie=a%3Db%3B+Path%3D/play/cookies",
    "/response-headers?Set-Cookie=a%3Db%3B+Path%3Dx",
    "/cookies/set?a=b",
    "/cookies/set?a=b&attr[Path]=/play/cookies",
];

#[tokio::test]
async fn what_holds_for_a_whole_origin_is_not_for_choosing_where_a_site_shares_it() {
    let mut options = Options::system();
    options.prefix = "/play".to_owned();
    options.pages = Pages::Site(String::new());
    let shared = spawn_with(options).await.expect("a free port");
    for target in FAR {
        let answer = get(&shared, &format!("/play{target}")).await;
        assert_eq!(answer.status, 400, "{target}");
        assert!(answer.text().contains("--playground-listen"), "{target}");
        assert_eq!((answer.field("set-cookie"), answer.field("nel")), ("", ""));
    }
    for target in NEAR {
        let answer = get(&shared, &format!("/play{target}")).await;
        assert!(answer.status < 400, "{target}: {}", answer.status);
    }
    let saved = br#"{"headers": {"Set-Cookie": "a=b; Path=/"}}"#;
    send(&shared, "PUT /play/mocks/far", &[], saved).await;
    assert_eq!(get(&shared, "/play/mock/far").await.status, 400);
    // With an origin of its own it may.
    let alone = playground().await;
    for target in FAR {
        let answer = get(&alone, target).await;
        assert!(answer.status < 400, "{target}: {}", answer.status);
    }
}
