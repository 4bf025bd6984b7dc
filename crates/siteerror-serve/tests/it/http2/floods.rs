//! Clients of HTTP/2 that send more than there is to be said. Other connections are served meanwhile, and what the library does not end goes with the client.

use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use super::client::{Client, text};
use super::frames::{END_STREAM_AND_HEADERS, PREFACE, field, fields, frame, get, next, until};
use super::handler::Shared;
use super::{connect, start};

/// RFC 9113 §6: types of frames.
const DATA: u8 = 0;
const HEADERS: u8 = 1;
const PRIORITY: u8 = 2;
const RST_STREAM: u8 = 3;
const SETTINGS: u8 = 4;
const PING: u8 = 6;
const GO_AWAY: u8 = 7;
const WINDOW_UPDATE: u8 = 8;
const CONTINUATION: u8 = 9;

/// RFC 9113 §6.2: the end of the fields, and not of the stream.
const END_HEADERS: u8 = 0x04;

async fn begin(address: std::net::SocketAddr) -> TcpStream {
    let mut stream = connect(address).await;
    let hello = [PREFACE, &frame(SETTINGS, 0, 0, &[])].concat();
    stream.write_all(&hello).await.expect("it is taken");
    stream
}

fn post(path: &str) -> Vec<u8> {
    fields(&[
        (":method", "POST"),
        (":scheme", "http"),
        (":path", path),
        (":authority", "example.test"),
    ])
}

/// A request on a stream, and a reset right behind it.
fn reset(stream: u32) -> Vec<u8> {
    let mut both = frame(HEADERS, END_STREAM_AND_HEADERS, stream, &get("/wait"));
    both.extend(frame(RST_STREAM, 0, stream, &[0, 0, 0, 8]));
    both
}

#[tokio::test]
async fn floods_that_the_library_knows_are_sent_away() {
    let address = start(Shared::default()).await;
    let mut other = Client::new(address).await;
    let many = |first: Vec<u8>, again: Vec<u8>| [first, again.repeat(20_000)].concat();
    let slow = |path| frame(HEADERS, END_HEADERS, 1, &post(path));
    let head = frame(HEADERS, 0, 1, &get("/"));
    let large = field("x-large", &"b".repeat(100)).repeat(100);
    for (what, flood) in [
        ("empty DATA", many(slow("/wait"), frame(DATA, 0, 1, &[]))),
        (
            "DATA of padding alone",
            many(slow("/wait"), frame(DATA, 0x08, 1, &[3, 0, 0, 0])),
        ),
        (
            "DATA by the byte",
            many(slow("/wait"), frame(DATA, 0, 1, b"a")),
        ),
        (
            "empty CONTINUATION",
            many(head.clone(), frame(CONTINUATION, 0, 1, &[])),
        ),
        (
            "CONTINUATION of fields",
            [head, frame(CONTINUATION, 0, 1, &large).repeat(100)].concat(),
        ),
        (
            "resets",
            (1..40_000).step_by(2).flat_map(reset).collect::<Vec<u8>>(),
        ),
    ] {
        let mut client = begin(address).await;
        let (mut reading, mut writing) = client.split();
        let ended = async {
            let frames = until(&mut reading, GO_AWAY).await;
            let (_, _, farewell) = frames.last().expect("a frame");
            // RFC 9113 §7: ENHANCE_YOUR_CALM.
            assert_eq!(farewell[4..8], [0, 0, 0, 0xb], "{what}");
            let _ = reading.read_to_end(&mut Vec::new()).await;
        };
        // It breaks off where the server closes.
        let _ = tokio::join!(writing.write_all(&flood), ended);
        let served = text(other.get("/").await).await;
        assert_eq!(served, (200, "plain".to_owned()), "{what}");
    }
}

#[tokio::test]
async fn floods_that_cost_nothing_but_time_keep_nobody_else_waiting() {
    let address = start(Shared::default()).await;
    let mut other = Client::new(address).await;
    for (what, frame, answer) in [
        ("PING", frame(PING, 0, 0, b"12345678"), Some(PING)),
        ("SETTINGS", frame(SETTINGS, 0, 0, &[]), Some(SETTINGS)),
        (
            "WINDOW_UPDATE",
            frame(WINDOW_UPDATE, 0, 0, &[0, 0, 0, 1]),
            None,
        ),
        ("PRIORITY", frame(PRIORITY, 0, 3, &[0, 0, 0, 0, 16]), None),
        ("a type that nobody knows", frame(0xfe, 0, 0, b"?"), None),
    ] {
        let mut client = begin(address).await;
        let (mut reading, mut writing) = client.split();
        let flood = frame.repeat(20_000);
        let flooded = async {
            writing.write_all(&flood).await.expect("it is taken");
            let last = super::frames::frame(HEADERS, END_STREAM_AND_HEADERS, 1, &get("/"));
            writing.write_all(&last).await.expect("it is taken");
        };
        let served = text(other.get("/").await);
        let ((), frames, served) = tokio::join!(flooded, until(&mut reading, DATA), served);
        assert_eq!(served, (200, "plain".to_owned()), "{what}");
        let (_, stream, content) = frames.last().expect("a frame");
        assert_eq!((*stream, content.as_slice()), (1, &b"plain"[..]), "{what}");
        if let Some(kind) = answer {
            let answers = frames.iter().filter(|(seen, ..)| *seen == kind).count();
            assert!(answers >= 20_000, "{what}: {answers}");
        }
    }
}

#[tokio::test]
async fn who_reads_no_answers_gets_no_more_of_them() {
    let address = start(Shared::default()).await;
    let mut other = Client::new(address).await;
    let mut client = connect(address).await;
    // RFC 9113 §6.5.2: SETTINGS_INITIAL_WINDOW_SIZE of 0.
    let closed = frame(SETTINGS, 0, 0, &[0, 4, 0, 0, 0, 0]);
    let mut flood = [PREFACE, &closed].concat();
    for stream in (1..2000).step_by(2) {
        flood.extend(frame(
            HEADERS,
            END_STREAM_AND_HEADERS,
            stream,
            &get("/large"),
        ));
    }
    client.write_all(&flood).await.expect("it is taken");
    let mut heads = 0;
    let mut refused = 0;
    while heads + refused < 1000 {
        let (kind, stream, payload) = next(&mut client).await;
        match kind {
            HEADERS => heads += 1,
            // RFC 9113 §7: REFUSED_STREAM.
            RST_STREAM => {
                assert_eq!(payload, [0, 0, 0, 7], "stream {stream}");
                refused += 1;
            }
            DATA => panic!("content without a window"),
            _ => {}
        }
    }
    // As many as SETTINGS_MAX_CONCURRENT_STREAMS allows.
    assert_eq!((heads, refused), (128, 872));
    assert_eq!(text(other.get("/").await).await.0, 200);
}
