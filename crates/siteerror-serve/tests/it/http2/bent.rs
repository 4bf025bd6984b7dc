//! Streams and connections of HTTP/2 that a handler bends.

use h2::Reason;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use super::client::{Client, read, text};
use super::frames::{END_STREAM_AND_HEADERS, PREFACE, frame, get, until};
use super::handler::Shared;
use super::{connect, options, start};

#[tokio::test]
async fn what_http2_cannot_say_is_refused() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let response = client.get("/refused").await;
    assert_eq!(text(response).await, (200, "plain".to_owned()));
}

#[tokio::test]
async fn a_stream_is_reset_in_place_of_its_response() {
    let mut client = Client::new(start(Shared::default()).await).await;
    for (path, reason) in [
        ("/close", Reason::CANCEL),
        ("/reset", Reason::INTERNAL_ERROR),
        ("/code", Reason::HTTP_1_1_REQUIRED),
        ("/panic", Reason::INTERNAL_ERROR),
    ] {
        let error = client.get(path).await.await.expect_err("no response");
        assert_eq!(error.reason(), Some(reason), "{path}");
    }
    let response = client.get("/").await;
    assert_eq!(text(response).await, (200, "plain".to_owned()));
}

#[tokio::test]
async fn a_truncated_response_ends_where_it_was_told() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let response = client.get("/truncate").await.await.expect("a head");
    assert_eq!(response.headers()["content-length"], "200000");
    let (content, reset) = read(response.into_body()).await;
    assert_eq!(
        (content.len(), reset),
        (10_000, Some(Reason::INTERNAL_ERROR))
    );
    let response = client.get("/truncate-all").await.await.expect("a head");
    let (content, reset) = read(response.into_body()).await;
    assert_eq!((content.len(), reset), (0, Some(Reason::INTERNAL_ERROR)));
    let response = client.get("/truncate-nothing").await;
    assert_eq!(text(response).await, (200, "plain".to_owned()));
}

#[tokio::test(start_paused = true)]
async fn a_throttled_response_takes_its_time() {
    let builder = h2::client::Builder::new();
    let mut client = Client::in_memory(Shared::default(), options(), &builder).await;
    let started = tokio::time::Instant::now();
    let response = client.get("/throttle").await;
    assert_eq!(text(response).await.1.len(), 300);
    // Thirty pieces, twenty-nine pauses between them.
    assert_eq!(started.elapsed().as_millis(), 29 * 20);
}

#[tokio::test]
async fn a_fault_touches_no_other_stream() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let mut good = Vec::new();
    let mut bad = Vec::new();
    for round in 0..10 {
        good.push(client.get("/later").await);
        bad.push(
            client
                .get(["/reset", "/panic", "/truncate"][round % 3])
                .await,
        );
        // A client that lets go.
        drop(client.get("/large").await);
    }
    for response in good {
        assert_eq!(text(response).await, (200, "plain".to_owned()));
    }
    for response in bad {
        if let Ok(response) = response.await {
            assert_eq!(
                read(response.into_body()).await.1,
                Some(Reason::INTERNAL_ERROR)
            );
        }
    }
}

#[tokio::test]
async fn a_goaway_has_its_code_and_lets_streams_finish() {
    let address = start(Shared::default()).await;
    let mut stream = connect(address).await;
    let mut all = [PREFACE, &frame(4, 0, 0, &[])].concat();
    for (id, path) in [(1, "/later"), (3, "/go-away")] {
        all.extend(frame(1, END_STREAM_AND_HEADERS, id, &get(path)));
    }
    stream.write_all(&all).await.expect("it is taken");
    let frames = until(&mut stream, 7).await;
    let (_, id, farewell) = frames.last().expect("a frame");
    // RFC 9113 §6.8: last stream 3, code ENHANCE_YOUR_CALM.
    assert_eq!((*id, &farewell[..]), (0, &[0, 0, 0, 3, 0, 0, 0, 0xb][..]));
    // A stream above the last one is not served.
    stream
        .write_all(&frame(1, END_STREAM_AND_HEADERS, 5, &get("/")))
        .await
        .expect("it is taken");
    let mut rest = Vec::new();
    let mut finished = Vec::new();
    while finished.len() < 2 {
        for (kind, id, payload) in until(&mut stream, 0).await {
            if kind == 6 {
                // The client answers a PING, as it must.
                stream
                    .write_all(&frame(6, 1, 0, &payload))
                    .await
                    .expect("it is taken");
            }
            if kind == 0 {
                finished.push(id);
            }
            assert_ne!((kind, id), (0, 5), "a stream was served after the farewell");
            assert_ne!(kind, 7, "a second farewell");
        }
    }
    finished.sort_unstable();
    assert_eq!(finished, [1, 3]);
    stream.read_to_end(&mut rest).await.expect("the end");
}
