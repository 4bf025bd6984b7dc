//! Any bytes on a connection to the playground: gate, HTTP, router, scenario. Time is paused, so that nothing waits for real.
#![no_main]

use std::cell::RefCell;
use std::time::Duration;

use libfuzzer_sys::fuzz_target;
use siteerror_playground::{Options, Playground};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::runtime::Runtime;

thread_local! {
    static SERVER: RefCell<(Runtime, Playground)> = RefCell::new((
        tokio::runtime::Builder::new_current_thread().enable_all().start_paused(true).build().expect("a runtime"),
        Playground::new(Options::system()),
    ));
}

/// The one path that panics because it is asked to, and is caught.
const ON_PURPOSE: &[u8] = b"cause/500";
/// What opens sockets of its own.
const OUTSIDE: &[u8] = b"vendor";

fn has(bytes: &[u8], part: &[u8]) -> bool {
    bytes.windows(part.len()).any(|window| window == part)
}

fuzz_target!(|bytes: &[u8]| {
    if has(bytes, ON_PURPOSE) || has(bytes, OUTSIDE) || has(bytes, b"%") && bytes.len() > 60_000 {
        return;
    }
    SERVER.with_borrow(|(runtime, playground)| {
        runtime.block_on(async {
            let (ours, mut theirs) = tokio::io::duplex(1 << 16);
            let options = playground.serve_options();
            let playground = playground.clone();
            let handler = move |request| {
                let playground = playground.clone();
                async move { playground.respond(request).await }
            };
            let serving = siteerror_serve::serve_stream(ours, handler, &options);
            let talking = async {
                let _ = theirs.write_all(bytes).await;
                let _ = theirs.shutdown().await;
                let mut answer = Vec::new();
                let _ = theirs.read_to_end(&mut answer).await;
            };
            let _ = tokio::time::timeout(Duration::from_secs(3600), async { tokio::join!(serving, talking) }).await;
        });
    });
});
