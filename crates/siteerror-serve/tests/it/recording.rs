//! What is recorded of a request, read by a later one.

use std::sync::{Arc, Mutex};

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use siteerror_serve::{End, Ending, EventKind, Incoming, Recording, serve_stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{connect, exchange, gated, rest, start};

type Kept = Arc<Mutex<Vec<Recording>>>;

/// Reads the content, does what the path says, and keeps the recording.
async fn answer(kept: Kept, request: Request<Incoming>) -> Response<Full<Bytes>> {
    let wire = request.body().wire().clone();
    let path = request.uri().path().to_owned();
    kept.lock().expect("whole").extend(wire.recording());
    let _ = request.into_body().collect().await;
    if path.ends_with("/interim") {
        wire.interim(102, "Processing", &[])
            .await
            .expect("the client is there");
    }
    if path.ends_with("/reset") {
        wire.close(Ending::Reset)
            .await
            .expect("the client is there");
    }
    Response::new(Full::from(path))
}

async fn recorder() -> (std::net::SocketAddr, Kept) {
    let kept = Kept::default();
    let for_handler = Arc::clone(&kept);
    let handler = move |request| answer(Arc::clone(&for_handler), request);
    (start(handler, gated()).await, kept)
}

/// The bytes of each direction, and the end.
async fn told(recording: &Recording) -> (String, String, End) {
    while !recording.is_complete() {
        tokio::task::yield_now().await;
    }
    let (mut received, mut sent, mut end) = (Vec::new(), Vec::new(), None);
    let events = recording.events();
    assert!(events.is_sorted_by_key(|event| event.at));
    assert_eq!(events[0].at.as_nanos(), 0);
    for event in events {
        assert_eq!(end, None, "nothing follows the end");
        match event.kind {
            EventKind::Received(bytes) => received.extend_from_slice(&bytes),
            EventKind::Sent(bytes) => sent.extend_from_slice(&bytes),
            EventKind::Ended(how) => end = Some(how),
            other => panic!("{other:?} on HTTP/1.1"),
        }
    }
    let text = |bytes| String::from_utf8(bytes).expect("text");
    (text(received), text(sent), end.expect("an end"))
}

fn first(kept: &Kept) -> Recording {
    kept.lock().expect("whole")[0].clone()
}

#[tokio::test]
async fn both_directions_are_kept_to_the_byte() {
    let (address, kept) = recorder().await;
    let recorded = "POST /recorded/interim HTTP/1.5\nhOst:  x \r\nTransfer-Encoding: chunked\r\n\r\n3;a\r\nabc\r\n0\r\nT: u\r\n\r\n";
    let around = "GET /plain HTTP/1.1\r\nHost: x\r\n\r\n";
    let last = "GET /last HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n";
    let (answer, _) = exchange(address, &format!("{around}{recorded}{around}{last}")).await;
    assert_eq!(kept.lock().expect("whole").len(), 1);
    let (received, sent, end) = told(&first(&kept)).await;
    assert_eq!(received, recorded);
    assert!(
        sent.starts_with("HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 200 OK\r\n"),
        "{sent}"
    );
    assert!(sent.ends_with("\r\n\r\n/recorded/interim"), "{sent}");
    assert!(answer.contains(&sent), "{answer}");
    assert_eq!(end, End::NextRequest);
}

#[tokio::test]
async fn a_head_in_pieces_is_kept_in_pieces() {
    let (address, kept) = recorder().await;
    let mut stream = connect(address, None).await;
    stream.set_nodelay(true).expect("an option");
    let pieces = [
        "GET /recorded HT",
        "TP/1.1\r\nHost: x\r\n",
        "Connection: close\r\n\r\n",
    ];
    for piece in pieces {
        stream
            .write_all(piece.as_bytes())
            .await
            .expect("it is taken");
        tokio::time::sleep(std::time::Duration::from_millis(20)).await;
    }
    rest(&mut stream).await;
    let (received, _, end) = told(&first(&kept)).await;
    assert_eq!(received, pieces.concat());
    let kinds = first(&kept).events().into_iter().map(|event| event.kind);
    let received = kinds.filter(|kind| matches!(kind, EventKind::Received(_)));
    assert!(received.count() > 1, "the times of the pieces are kept");
    assert_eq!(end, End::ClosedByServer);
}

/// What was recorded as received, piece by piece, with the second of each.
fn pieces(recording: &Recording) -> Vec<(u64, String)> {
    let events = recording.events().into_iter();
    let pieces = events.filter_map(|event| match event.kind {
        EventKind::Received(bytes) => Some((
            event.at.as_secs(),
            String::from_utf8_lossy(&bytes).into_owned(),
        )),
        _ => None,
    });
    pieces.collect()
}

/// A server that records, at the other end of a stream in memory.
fn recorder_in_memory() -> (tokio::io::DuplexStream, Kept) {
    let (ours, theirs) = tokio::io::duplex(1 << 16);
    let kept = Kept::default();
    let for_handler = Arc::clone(&kept);
    tokio::spawn(async move {
        let handler = move |request| answer(Arc::clone(&for_handler), request);
        serve_stream(ours, handler, &gated()).await;
    });
    (theirs, kept)
}

#[tokio::test(start_paused = true)]
async fn a_request_in_one_piece_is_kept_in_one_piece() {
    // `P` may begin the preface of HTTP/2 (RFC 9113 §3.4), which is looked for before anything else; the target makes the head longer than it.
    for request in [
        "POST /recorded HTTP/1.1\r\nHost: x\r\nContent-Length: 5\r\n\r\nhello",
        "POST /recorded HTTP/1.1\r\nHost: x\r\nTransfer-Encoding: chunked\r\n\r\n5\r\nhello\r\n0\r\n\r\n",
        "GET /recorded/with/a/path/that/is/longer/than/the/preface HTTP/1.1\r\nHost: x\r\n\r\n",
    ] {
        let (mut client, kept) = recorder_in_memory();
        client
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        client.read_u8().await.expect("an answer");
        assert_eq!(pieces(&first(&kept)), [(0, request.to_owned())]);
    }
}

#[tokio::test(start_paused = true)]
async fn pieces_of_what_may_have_become_the_preface_of_http_2_are_kept_with_their_times() {
    let (mut client, kept) = recorder_in_memory();
    let sent = ["P", "R", "OPFIND /recorded HTTP/1.1\r\n", "Host: x\r\n\r\n"];
    for piece in sent {
        client
            .write_all(piece.as_bytes())
            .await
            .expect("it is taken");
        tokio::time::sleep(std::time::Duration::from_secs(2)).await;
    }
    let expected = [0, 2, 4, 6]
        .into_iter()
        .zip(sent.map(str::to_owned))
        .collect::<Vec<_>>();
    assert_eq!(pieces(&first(&kept)), expected);
}

#[tokio::test]
async fn the_end_says_who_ended_it() {
    let (address, kept) = recorder().await;
    let (_, error) = exchange(address, "GET /recorded/reset HTTP/1.1\r\nHost: x\r\n\r\n").await;
    assert_eq!(error, Some(std::io::ErrorKind::ConnectionReset));
    assert_eq!(told(&first(&kept)).await.2, End::ResetByServer);

    kept.lock().expect("whole").clear();
    let mut stream = connect(address, None).await;
    let request = "GET /recorded HTTP/1.1\r\nHost: x\r\n\r\n";
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut response = [0; 1024];
    let read = stream.read(&mut response).await.expect("an answer");
    drop(stream);
    let (received, sent, end) = told(&first(&kept)).await;
    assert_eq!(
        (received.as_str(), sent.as_bytes()),
        (request, &response[..read])
    );
    assert_eq!(end, End::ClosedByClient);
}

#[tokio::test]
async fn what_is_not_asked_for_is_not_recorded() {
    let (address, kept) = recorder().await;
    exchange(address, "GET / HTTP/1.0\r\n\r\n").await;
    assert!(kept.lock().expect("whole").is_empty());
}

#[tokio::test]
async fn requests_are_counted() {
    let seen = Arc::new(Mutex::new(Vec::new()));
    let for_handler = Arc::clone(&seen);
    let handler = move |request: Request<Incoming>| {
        let connection = request.body().connection();
        for_handler.lock().expect("whole").push(connection);
        async { Response::new(Full::new(Bytes::new())) }
    };
    let address = start(handler, gated()).await;
    for _ in 0..2 {
        let request = "GET / HTTP/1.1\r\nHost: x\r\n\r\n";
        exchange(
            address,
            &format!("{request}{request}GET / HTTP/1.0\r\n\r\n"),
        )
        .await;
    }
    let seen = seen.lock().expect("whole");
    let requests: Vec<u64> = seen.iter().map(|connection| connection.request).collect();
    assert_eq!(requests, [0, 1, 2, 0, 1, 2]);
    assert!(
        seen[..3]
            .iter()
            .all(|connection| connection.id == seen[0].id && connection.local == Some(address))
    );
    assert_ne!(seen[0].id, seen[3].id);
    assert_ne!(seen[0].peer, seen[3].peer);
}
