//! Clients of HTTP/2 that mean no good, or are not there any more.

use proptest::prelude::*;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
use tokio::time::Instant;

use siteerror_serve::serve_stream;

use super::frames::{END_STREAM_AND_HEADERS, PREFACE, frame, get, until};
use super::handler::{Shared, answer};
use super::options;

const GO_AWAY: u8 = 7;
const PING: u8 = 6;

/// What a client sees that begins with some bytes: the other end of its stream, and the server to be polled.
fn begin(bytes: &[u8]) -> (DuplexStream, impl Future<Output = ()> + use<>) {
    let (ours, mut theirs) = tokio::io::duplex(1 << 20);
    let all = [PREFACE, &frame(4, 0, 0, &[]), bytes].concat();
    let server = async move {
        let handler = |request| answer(request, Shared::default());
        serve_stream(ours, handler, &options()).await;
    };
    let sent = futures_free(theirs.write_all(&all));
    assert!(sent, "the pipe is wide enough");
    (theirs, server)
}

/// Runs a future that has nothing to wait for.
fn futures_free<T, E>(future: impl Future<Output = Result<T, E>>) -> bool {
    let mut future = std::pin::pin!(future);
    let mut context = std::task::Context::from_waker(std::task::Waker::noop());
    matches!(
        future.as_mut().poll(&mut context),
        std::task::Poll::Ready(Ok(_))
    )
}

#[tokio::test]
async fn who_only_resets_is_sent_away() {
    let mut bytes = Vec::new();
    for stream in (1..).step_by(2).take(2000) {
        bytes.extend(frame(1, END_STREAM_AND_HEADERS, stream, &get("/wait")));
        // RST_STREAM with CANCEL.
        bytes.extend(frame(3, 0, stream, &[0, 0, 0, 8]));
    }
    let (mut client, server) = begin(&bytes);
    let seen = async {
        let frames = until(&mut client, GO_AWAY).await;
        let (_, _, farewell) = frames.last().expect("a frame");
        // RFC 9113 §7: ENHANCE_YOUR_CALM.
        assert_eq!(farewell[4..8], [0, 0, 0, 0xb]);
        let _ = client.read_to_end(&mut Vec::new()).await;
    };
    tokio::join!(server, seen);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_is_gone_is_noticed() {
    let (mut client, server) = begin(&frame(1, END_STREAM_AND_HEADERS, 1, &get("/wait")));
    let started = Instant::now();
    let seen = async {
        // It answers to nothing, not even to a PING.
        until(&mut client, PING).await;
        let _ = client.read_to_end(&mut Vec::new()).await;
    };
    tokio::join!(server, seen);
    // Thirty seconds of silence, twenty for a sign of life; the handler notices at once.
    assert_eq!(started.elapsed().as_secs(), 50);
}

#[tokio::test(start_paused = true)]
async fn a_head_that_never_ends_is_not_waited_for() {
    // HEADERS without END_HEADERS (RFC 9113 §6.2), and no CONTINUATION.
    let (mut client, server) = begin(&frame(1, 0x01, 1, &get("/")));
    let started = Instant::now();
    let seen = async {
        let _ = client.read_to_end(&mut Vec::new()).await;
    };
    tokio::join!(server, seen);
    // The deadline for heads, and some time for the farewell.
    assert!(started.elapsed().as_secs() <= 30 + 5);
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(200))]

    #[test]
    fn nothing_panics_and_everything_ends(
        frames in prop::collection::vec(
            (0..12_u8, any::<u8>(), 0..8_u32, prop::collection::vec(any::<u8>(), 0..40)),
            0..12,
        ),
        noise in prop::collection::vec(any::<u8>(), 0..40),
    ) {
        let mut bytes: Vec<u8> = frames
            .iter()
            .flat_map(|(kind, flags, stream, payload)| frame(*kind, *flags, *stream, payload))
            .collect();
        bytes.extend(frame(1, END_STREAM_AND_HEADERS, 9, &get("/interims")));
        bytes.extend(noise);
        let mut runtime = tokio::runtime::Builder::new_current_thread();
        let runtime = runtime.enable_all().start_paused(true).build().expect("a runtime");
        runtime.block_on(async {
            let (mut client, server) = begin(&bytes);
            let seen = async {
                client.shutdown().await.expect("a stream in memory does not break");
                let _ = client.read_to_end(&mut Vec::new()).await;
            };
            tokio::join!(server, seen);
        });
    }
}
