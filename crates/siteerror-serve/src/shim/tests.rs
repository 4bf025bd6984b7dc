//! The shim without hyper.

use super::*;
use http::Version;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::plan::{Ending, Plans};
use tokio::time::Instant;

/// A shim, and the wire of the first request on it.
fn shim(stream: DuplexStream) -> (Shim<DuplexStream>, Plans) {
    let shared = Arc::new(Shared::default());
    let request = shared.begin();
    let wire = Plans::new(Arc::clone(&shared), request, Version::HTTP_11, None);
    let options = Options::default();
    (
        Shim::new(stream, shared, &options, options.limits.head_deadline),
        wire,
    )
}

#[tokio::test(start_paused = true)]
async fn a_throttled_response_takes_its_time() {
    let (ours, mut theirs) = tokio::io::duplex(1 << 16);
    let (mut shim, wire) = shim(ours);
    let (planned, flushed) =
        tokio::join!(wire.throttle(10, Duration::from_millis(20)), shim.flush());
    planned.expect("the connection is there");
    flushed.expect("the connection is there");
    let started = Instant::now();
    shim.write_all(&[b'x'; 300]).await.expect("it is taken");
    // Thirty pieces, twenty-nine pauses between them.
    assert_eq!(started.elapsed().as_millis(), 29 * 20);
    drop(shim);
    let mut read = Vec::new();
    theirs.read_to_end(&mut read).await.expect("it arrives");
    assert_eq!(read, [b'x'; 300]);
}

#[tokio::test(start_paused = true)]
async fn a_client_that_takes_nothing_is_let_go() {
    let (ours, theirs) = tokio::io::duplex(16);
    let (mut shim, _) = shim(ours);
    let started = Instant::now();
    let error = shim
        .write_all(&[b'x'; 300])
        .await
        .expect_err("nobody reads");
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    assert_eq!(started.elapsed().as_secs(), 30);
    drop(theirs);
}

#[tokio::test(start_paused = true)]
async fn a_throttled_client_that_takes_nothing_is_let_go_too() {
    let (ours, theirs) = tokio::io::duplex(16);
    let (mut shim, wire) = shim(ours);
    let (planned, flushed) = tokio::join!(wire.throttle(8, Duration::from_secs(1)), shim.flush());
    planned.expect("the connection is there");
    flushed.expect("the connection is there");
    let started = Instant::now();
    let error = shim
        .write_all(&[b'x'; 300])
        .await
        .expect_err("nobody reads");
    assert_eq!(error.kind(), io::ErrorKind::TimedOut);
    // Two pieces fill the buffer, with a pause after each.
    assert_eq!(started.elapsed().as_secs(), 2 + 30);
    drop(theirs);
}

#[tokio::test(start_paused = true)]
async fn the_end_of_a_head_is_found_however_it_is_cut() {
    let message = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n0123456789";
    for cut in 1..message.len() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 10);
        let (mut shim, wire) = shim(ours);
        let (planned, _) = tokio::join!(wire.truncate(3, Ending::Fin), shim.flush());
        planned.expect("the connection is there");
        let (first, second) = message.split_at(cut);
        let all = async {
            shim.write_all(first).await?;
            shim.write_all(second).await
        };
        assert_eq!(
            all.await.expect_err("it is cut").kind(),
            io::ErrorKind::ConnectionAborted
        );
        drop(shim);
        let mut read = Vec::new();
        theirs.read_to_end(&mut read).await.expect("it arrives");
        assert_eq!(read, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n012", "cut at {cut}");
    }
}
