//! Accepting connections, and letting them go.

use std::future::Future;
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::connection::Connection;
use crate::incoming::Incoming;
use crate::options::Options;
use crate::session::Session;
use crate::shim::Abort;

/// Pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Serves until `stop` is ready, then lets requests under way finish.
///
/// The content of each request knows its [`Wire`](crate::Wire) and its [`Connection`]. Connections that were upgraded read their end when the server stops.
pub async fn serve<H, F, B>(
    listener: TcpListener,
    handler: H,
    options: Options,
    stop: impl Future<Output = ()>,
) where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let limits = options.limits;
    let options = Arc::new(options);
    let (announce, stopping) = watch::channel(());
    let places = Arc::new(Semaphore::new(limits.connections));
    let streams = Arc::new(Semaphore::new(limits.streams));
    let mut stop = pin!(stop);
    loop {
        let accepted = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, peer, place)) = accepted else {
            continue;
        };
        // Small answers go out at once. A socket that is already gone has no options to set.
        let _ = stream.set_nodelay(true);
        let is_crowded = places.available_permits() < limits.connections / 4;
        let head_deadline = if is_crowded {
            limits.crowded_head_deadline
        } else {
            limits.head_deadline
        };
        let connection = Connection::next(Some(peer), stream.local_addr().ok());
        let session = Session {
            handler: handler.clone(),
            connection,
            options: Arc::clone(&options),
            head_deadline,
            stop: Some(stopping.clone()),
            streams: Arc::clone(&streams),
            place: Some(place),
        };
        tokio::spawn(session.run(stream));
    }
    drop((listener, stopping));
    announce.send_replace(());
    tokio::select! {
        () = announce.closed() => {}
        () = tokio::time::sleep(limits.drain_deadline) => {
            tracing::warn!("some requests were not finished in {} s", limits.drain_deadline.as_secs());
        }
    }
}

/// Serves one connection on any stream, to its end.
pub async fn serve_stream<T, H, F, B>(stream: T, handler: H, options: &Options)
where
    T: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let session = Session {
        handler,
        connection: Connection::next(None, None),
        options: Arc::new(options.clone()),
        head_deadline: options.limits.head_deadline,
        stop: None,
        streams: Arc::new(Semaphore::new(options.limits.streams)),
        place: None,
    };
    session.run(stream).await;
}

/// The next connection, once there is a place for it; none after a failed attempt.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(TcpStream, SocketAddr, OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, peer)) => Some((stream, peer, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection: {error}");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}
