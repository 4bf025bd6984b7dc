//! Accepting connections for what the server crate does not do.

use std::future::Future;
use std::sync::Arc;
use std::time::Duration;

use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

/// Connections to one listener at the same time; the next ones wait in the queue of the operating system.
const CONNECTIONS: usize = 256;

/// How long a connection lives at most.
const LIFE: Duration = Duration::from_secs(10);

/// Pause after an error of `accept`, such as too many open files.
const PAUSE: Duration = Duration::from_millis(50);

/// Accepts until told to stop; then what goes on is cut off, since none of it is worth waiting for.
pub(super) async fn accept<F>(
    listener: TcpListener,
    stop: impl Future<Output = ()>,
    serve: impl Fn(TcpStream) -> F,
) where
    F: Future<Output = ()> + Send + 'static,
{
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    let mut connections = JoinSet::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => return,
            accepted = async {
                let place = Arc::clone(&places).acquire_owned().await;
                (listener.accept().await, place)
            } => accepted,
        };
        while connections.try_join_next().is_some() {}
        match accepted {
            (Ok((stream, _)), place) => {
                // Small answers go out at once. A socket that is already gone has no options to set.
                let _ = stream.set_nodelay(true);
                let served = serve(stream);
                connections.spawn(async move {
                    let _place = place;
                    // A connection that lasts too long just ends: nobody is to hold a place for ever.
                    let _ = tokio::time::timeout(LIFE, served).await;
                });
            }
            (Err(error), _) => {
                tracing::warn!(%error, "cannot accept a connection: {error}");
                tokio::time::sleep(PAUSE).await;
            }
        }
    }
}
