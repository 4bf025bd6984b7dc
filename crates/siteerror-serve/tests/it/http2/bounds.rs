//! Windows, deadlines, and the end of a connection.

use std::future::poll_fn;
use std::sync::atomic::Ordering;

use bytes::Bytes;
use h2::Reason;
use siteerror_serve::{Limits, serve};
use tokio::io::AsyncWriteExt as _;
use tokio::net::TcpListener;
use tokio::sync::oneshot;

use super::client::{Client, read, request, text};
use super::frames::{END_STREAM_AND_HEADERS, PREFACE, fields, frame, get, until};
use super::handler::{Shared, answer};
use super::{connect, options, start};

#[tokio::test]
async fn content_larger_than_all_windows_goes_both_ways() {
    let shared = Shared::default();
    let mut client = Client::new(start(shared.clone()).await).await;
    let response = client.get("/large").await.await.expect("a head");
    let (content, reset) = read(response.into_body()).await;
    assert_eq!((content.len(), reset), (10_000_000, None));
    let (response, mut sending) = client.send(request("POST", "/echo"), false).await;
    let mut left = Bytes::from(vec![b'u'; 3_000_000]);
    while !left.is_empty() {
        sending.reserve_capacity(left.len());
        let granted = poll_fn(|context| sending.poll_capacity(context)).await;
        let granted = granted.expect("an open stream").expect("an open stream");
        let piece = left.split_to(granted.min(left.len()));
        sending
            .send_data(piece, left.is_empty())
            .expect("it is sent");
    }
    assert_eq!(text(response).await.1.len(), 3_000_000);
}

#[tokio::test]
async fn content_waits_for_a_slow_reader() {
    let shared = Shared::default();
    let mut builder = h2::client::Builder::new();
    // Only the window of the stream is narrow.
    builder.initial_connection_window_size(1 << 20);
    let stream = connect(start(shared.clone()).await).await;
    let mut client = Client::over(stream, &builder).await;
    let slow = client.get("/large").await.await.expect("a head");
    // Others are served meanwhile.
    for _ in 0..20 {
        let response = client.get("/").await;
        assert_eq!(text(response).await.0, 200);
    }
    // RFC 9113 §6.9.2: the window of a stream is 65,535 bytes at first. One piece more waits for it.
    let taken = shared.taken.load(Ordering::SeqCst);
    assert!(taken <= 65_535 + 10_000, "{taken} bytes were taken");
    assert_eq!(read(slow.into_body()).await.0.len(), 10_000_000);
}

#[tokio::test]
async fn content_that_nobody_wants_is_not_waited_for() {
    // RFC 9113 §6: types of frames; §6.1 and §6.2: END_STREAM.
    let (data, headers, reset) = (0, 1, 3);
    for (path, with_content) in [("/unread", true), ("/bodiless?204", false)] {
        let mut client = connect(start(Shared::default()).await).await;
        let post = fields(&[
            (":method", "POST"),
            (":scheme", "http"),
            (":path", path),
            (":authority", "example.test"),
        ]);
        let begun = [
            PREFACE,
            &frame(4, 0, 0, &[]),
            &frame(headers, 0x04, 1, &post),
            &frame(data, 0, 1, &[b'u'; 16_000]),
        ];
        client
            .write_all(&begun.concat())
            .await
            .expect("it is taken");
        let seen = until(&mut client, reset).await;
        let of_stream: Vec<_> = seen.iter().filter(|(_, stream, _)| *stream == 1).collect();
        let kinds: Vec<u8> = of_stream.iter().map(|(kind, ..)| *kind).collect();
        // RFC 9113 §8.1: RST_STREAM with NO_ERROR, and not before the response is complete.
        if with_content {
            assert_eq!(kinds, [headers, data, reset], "{path}");
            assert_eq!(of_stream[1].2, b"plain", "{path}");
        } else {
            assert_eq!(kinds, [headers, reset], "{path}");
        }
        assert_eq!(of_stream.last().expect("a frame").2, [0; 4], "{path}");
        // What was on its way already does no harm (RFC 9113 §5.1), however much of it there is.
        for _ in 0..7 {
            let late = frame(data, 0, 1, &[b'u'; 16_000]);
            client.write_all(&late).await.expect("it is taken");
        }
        let next = frame(headers, END_STREAM_AND_HEADERS, 3, &get("/"));
        client.write_all(&next).await.expect("it is taken");
        let seen = until(&mut client, data).await;
        assert_eq!(seen.last().expect("a frame").2, b"plain", "{path}");
    }
}

#[tokio::test]
async fn streams_finish_when_the_server_stops() {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let (stop, stopped) = oneshot::channel::<()>();
    let served = tokio::spawn(serve(
        listener,
        |request| answer(request, Shared::default()),
        options(),
        async {
            let _ = stopped.await;
        },
    ));
    let mut client = Client::new(address).await;
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
    let later = client.get("/later").await;
    // It has arrived when the next one is answered.
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
    stop.send(()).expect("it runs");
    assert_eq!(text(later).await, (200, "plain".to_owned()));
    drop(client.send);
    client
        .connection
        .await
        .expect("no panic")
        .expect("a good end");
    served.await.expect("no panic");
}

#[tokio::test(start_paused = true)]
async fn an_idle_connection_is_closed() {
    let builder = h2::client::Builder::new();
    let mut client = Client::in_memory(Shared::default(), options(), &builder).await;
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
    let started = tokio::time::Instant::now();
    client
        .connection
        .await
        .expect("no panic")
        .expect("a good end");
    assert_eq!(
        started.elapsed().as_secs(),
        Limits::default().head_deadline.as_secs()
    );
    drop(client.send);
}

#[tokio::test(start_paused = true)]
async fn content_that_pauses_is_not_waited_for() {
    let builder = h2::client::Builder::new();
    let mut client = Client::in_memory(Shared::default(), options(), &builder).await;
    let (response, mut sending) = client.send(request("POST", "/slow"), false).await;
    sending
        .send_data("beginning".into(), false)
        .expect("it is sent");
    assert_eq!(text(response).await.0, 408);
    drop(sending);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_opens_no_window_is_let_go() {
    let mut builder = h2::client::Builder::new();
    builder.initial_window_size(10);
    let mut client = Client::in_memory(Shared::default(), options(), &builder).await;
    let mut content = client
        .get("/large")
        .await
        .await
        .expect("a head")
        .into_body();
    assert_eq!(
        content
            .data()
            .await
            .expect("content")
            .expect("content")
            .len(),
        10
    );
    let error = content.data().await.expect("an end").expect_err("a reset");
    assert_eq!(error.reason(), Some(Reason::CANCEL));
    let response = client.get("/target").await;
    drop(response);
}

#[tokio::test(start_paused = true)]
async fn streams_beyond_those_of_each_connection_come_out_of_a_stock() {
    let mut options = options();
    options.limits.streams = 1;
    let builder = h2::client::Builder::new();
    let mut client = Client::in_memory(Shared::default(), options, &builder).await;
    let mut waiting = Vec::new();
    for _ in 0..9 {
        waiting.push(client.get("/later").await);
    }
    let refused = client.get("/").await.await.expect_err("it is one too many");
    // RFC 9113 §8.7: the client knows that it may ask again.
    assert_eq!(refused.reason(), Some(Reason::REFUSED_STREAM));
    for later in waiting {
        assert_eq!(text(later).await, (200, "plain".to_owned()));
    }
    let again = client.get("/").await;
    assert_eq!(text(again).await.0, 200);
}
