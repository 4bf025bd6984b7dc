//! Requests cut in any way, bytes of any kind, and deadlines, over a stream in memory whose clock jumps.

use std::sync::{Arc, Mutex};
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use proptest::prelude::*;
use siteerror_serve::{Incoming, Options, serve_stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::Instant;

use crate::{echo, gated};

/// Runs with a clock that jumps to the next deadline whenever nothing else is to be done.
fn paused<F: Future>(future: F) -> F::Output {
    let mut runtime = tokio::runtime::Builder::new_current_thread();
    let runtime = runtime.enable_all().start_paused(true).build();
    runtime.expect("a runtime").block_on(future)
}

/// What comes back for some bytes, sent in pieces.
async fn answer(pieces: &[&[u8]], options: Options) -> String {
    let (ours, theirs) = tokio::io::duplex(1 << 12);
    let (mut reader, mut writer) = tokio::io::split(theirs);
    let send = async {
        for piece in pieces {
            // Who has seen enough reads no more.
            if writer.write_all(piece).await.is_err() {
                break;
            }
            for _ in 0..3 {
                tokio::task::yield_now().await;
            }
        }
        let _ = writer.shutdown().await;
    };
    let mut answer = Vec::new();
    let ((), (), read) = tokio::join!(
        send,
        serve_stream(ours, echo, &options),
        reader.read_to_end(&mut answer)
    );
    read.expect("a stream in memory does not break");
    String::from_utf8_lossy(&answer).into_owned()
}

/// A request in order, and what the handler sees of it.
fn request() -> impl Strategy<Value = (Vec<u8>, String)> {
    let content = prop::collection::vec(any::<u8>(), 0..200);
    let head = (
        "[A-Z]{1,9}",
        "/[a-z0-9/?=&%.-]{0,20}",
        "[ -~]{0,30}",
        any::<bool>(),
    );
    (
        head,
        content,
        prop::collection::vec(1..60_usize, 0..6),
        any::<bool>(),
    )
        .prop_map(
            |((method, target, value, is_bare), content, chunks, is_chunked)| {
                let method = format!("X{method}");
                let target = target.replace('%', "");
                let end = if is_bare { "\n" } else { "\r\n" };
                let mut bytes =
                    format!("{method} {target} HTTP/1.1{end}Host: a:1{end}X-Any:{value}{end}")
                        .into_bytes();
                let mut trailers = 0;
                if is_chunked {
                    bytes.extend(format!("transfer-encoding:\tchunked {end}{end}").bytes());
                    let mut rest = &content[..];
                    for length in chunks.into_iter().chain([usize::MAX]) {
                        let (chunk, after) = rest.split_at(length.min(rest.len()));
                        if !chunk.is_empty() {
                            bytes.extend(format!("{:X};x\r\n", chunk.len()).bytes());
                            bytes.extend([chunk, b"\r\n"].concat());
                        }
                        rest = after;
                    }
                    trailers = 1;
                    bytes.extend(b"0\r\nA: b\r\n\r\n");
                } else {
                    bytes.extend(format!("Content-length: {}{end}{end}", content.len()).bytes());
                    bytes.extend(&content);
                }
                (
                    bytes,
                    format!("[{method} {target} {}+{trailers}]", content.escape_ascii()),
                )
            },
        )
}

/// Cuts bytes at some places.
fn cut<'a>(bytes: &'a [u8], places: &[prop::sample::Index]) -> Vec<&'a [u8]> {
    let mut places: Vec<usize> = places
        .iter()
        .map(|place| place.index(bytes.len() + 1))
        .collect();
    places.extend([0, bytes.len()]);
    places.sort_unstable();
    places
        .windows(2)
        .map(|pair| &bytes[pair[0]..pair[1]])
        .collect()
}

/// Bytes that look like requests just enough to go deep.
fn noise() -> impl Strategy<Value = Vec<u8>> {
    let part = prop_oneof![
        prop::collection::vec(any::<u8>(), 0..40),
        prop::sample::select(vec![
            "GET / HTTP/1.1\r\nHost: x\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n",
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\n",
            "CONNECT a:1 HTTP/1.1\r\nHost: a:1\r\nUpgrade: x\r\n",
            "Host: [",
            "%",
            ":",
            "5\r\n",
            "0\r\n",
            "ffffffffffffffff\r\n",
            "\r\n",
            "\n",
            "\r",
            " ",
            "HTTP/1.1",
        ])
        .prop_map(|text| text.as_bytes().to_vec()),
    ];
    prop::collection::vec(part, 0..12).prop_map(|parts| parts.concat())
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn the_handler_sees_the_same_requests(
        requests in prop::collection::vec(request(), 1..5),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
        is_gated in any::<bool>(),
    ) {
        let bytes: Vec<u8> = requests.iter().flat_map(|(bytes, _)| bytes.clone()).collect();
        let options = if is_gated { gated() } else { Options::default() };
        let answer = paused(answer(&cut(&bytes, &places), options));
        let mut rest = &answer[..];
        for (_, expected) in &requests {
            let found = rest.find(&format!("\r\n\r\n{expected}"));
            prop_assert!(found.is_some(), "no {expected} in {answer}");
            rest = &rest[found.unwrap_or(0) + 4 + expected.len()..];
        }
        prop_assert!(rest.is_empty(), "{answer}");
    }

    #[test]
    fn nothing_panics_and_everything_ends(
        bytes in noise(),
        places in prop::collection::vec(any::<prop::sample::Index>(), 0..12),
    ) {
        let answer = paused(answer(&cut(&bytes, &places), gated()));
        prop_assert!(answer.is_empty() || answer.starts_with("HTTP/1."), "{answer}");
        // All responses here have content but those that hyper makes by itself: it refuses nothing that passes the gate.
        prop_assert!(!answer.contains("content-length: 0\r\n") && !answer.contains(" lost]"), "{answer}");
    }
}

/// When the server ends a connection on which this was sent, and what it says before.
async fn patience(sent: &[u8]) -> (u64, String) {
    let (ours, mut theirs): (DuplexStream, DuplexStream) = tokio::io::duplex(1 << 12);
    theirs.write_all(sent).await.expect("it is taken");
    let began = Instant::now();
    let options = gated();
    let mut answer = String::new();
    let read = async {
        theirs.read_to_string(&mut answer).await.expect("text");
        began.elapsed().as_secs()
    };
    let ((), seconds) = tokio::join!(serve_stream(ours, echo, &options), read);
    (seconds, answer)
}

#[tokio::test(start_paused = true)]
async fn each_wait_has_its_deadline() {
    let limits = Options::default().limits;
    let head = limits.head_deadline.as_secs();
    let content = limits.content_deadline.as_secs();
    assert_eq!((head, content), (30, 10));
    let whole = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
    for (sent, seconds, status) in [
        (String::new(), head, ""),
        ("\r\n".to_owned(), head, ""),
        (whole.to_owned(), head, "200"),
        ("G".to_owned(), head, "408"),
        // It may become PUT, or the preface of HTTP/2.
        ("P".to_owned(), head, "408"),
        (format!("{whole}GET / HTTP/1.1\r\nHost: x\r\n"), head, "408"),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nab".to_owned(),
            content,
            "408",
        ),
        (
            "POST / HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n3\r".to_owned(),
            content,
            "408",
        ),
    ] {
        let (waited, answer) = patience(sent.as_bytes()).await;
        assert_eq!(waited, seconds, "{sent:?}: {answer}");
        let last = answer.rsplit("HTTP/1.1 ").next().unwrap_or_default();
        assert!(
            last.starts_with(status) && answer.is_empty() == status.is_empty(),
            "{sent:?}: {answer}"
        );
    }
}

#[tokio::test(start_paused = true)]
async fn a_head_that_drips_is_not_waited_for() {
    let (ours, theirs) = tokio::io::duplex(1 << 12);
    let (mut reader, mut writer) = tokio::io::split(theirs);
    let began = Instant::now();
    let drip = async move {
        for byte in b"GET / HTTP/1.1\r\nHost: x\r\nA: and so on and on" {
            if writer.write_all(&[*byte]).await.is_err() {
                break;
            }
            tokio::time::sleep(Duration::from_secs(5)).await;
        }
        let _ = writer.shutdown().await;
    };
    let mut answer = String::new();
    let read = async {
        reader.read_to_string(&mut answer).await.expect("text");
        began.elapsed().as_secs()
    };
    let options = gated();
    let ((), (), seconds) = tokio::join!(drip, serve_stream(ours, echo, &options), read);
    assert_eq!(seconds, 30);
    assert!(answer.starts_with("HTTP/1.1 408 "), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn content_that_keeps_coming_may_take_its_time() {
    let (ours, theirs) = tokio::io::duplex(1 << 12);
    let (mut reader, mut writer) = tokio::io::split(theirs);
    let send = async {
        let head = b"POST / HTTP/1.0\r\nContent-Length: 12\r\n\r\n";
        writer.write_all(head).await.expect("it is taken");
        for _ in 0..12 {
            tokio::time::sleep(Duration::from_secs(9)).await;
            writer.write_all(b"x").await.expect("it is taken");
        }
    };
    let mut answer = String::new();
    let options = gated();
    let ((), (), read) = tokio::join!(
        send,
        serve_stream(ours, echo, &options),
        reader.read_to_string(&mut answer)
    );
    read.expect("text");
    assert!(answer.ends_with("xxxxxxxxxxxx+0]"), "{answer}");
}

#[tokio::test(start_paused = true)]
async fn a_refusal_tells_what_arrived() {
    let heads = Arc::new(Mutex::new(Vec::new()));
    let mut options = gated();
    let (kept, gate) = (Arc::clone(&heads), options.gate.as_mut().expect("a gate"));
    gate.refuse = Arc::new(move |refusal| {
        kept.lock().expect("whole").push(refusal.head.clone());
        Response::new(Bytes::new())
    });
    let handler = |_: Request<Incoming>| async { Response::new(Full::new(Bytes::new())) };
    let sent = b"GET /a HTTP/1.1\r\nHost: x\r\n\r\nGET /b HTTP/1.1\r\n\r\n".to_vec();
    for split in 1..sent.len() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 12);
        let (first, second) = sent.split_at(split);
        let options = options.clone();
        let server = tokio::spawn(async move { serve_stream(ours, handler, &options).await });
        theirs.write_all(first).await.expect("it is taken");
        tokio::time::sleep(Duration::from_millis(1)).await;
        theirs.write_all(second).await.expect("it is taken");
        theirs.shutdown().await.expect("half of it is closed");
        theirs
            .read_to_end(&mut Vec::new())
            .await
            .expect("an answer");
        server.await.expect("no panic");
        let head = heads.lock().expect("whole").pop().expect("one refusal");
        assert_eq!(head, &b"GET /b HTTP/1.1\r\n\r\n"[..], "split at {split}");
    }
}
