//! Accepting connections, and letting them go.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use http::header::{CONNECTION, HeaderValue};
use http::{Request, Response};
use http_body::Body;
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::plan::Wire;
use crate::shim::Shim;

/// Pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Limits {
    /// Time in which the head of a request must arrive; also how long an idle connection is kept.
    pub head_deadline: Duration,
    /// The same when three quarters of the places are taken: who says nothing has to make room.
    pub crowded_head_deadline: Duration,
    /// Time in which a client must take at least a byte of what waits for it.
    pub write_deadline: Duration,
    /// Bytes of a request's head, line and fields together.
    pub head_bytes: usize,
    /// Time that requests under way get when the server is told to stop.
    pub drain_deadline: Duration,
    /// Connections at the same time; the next ones wait in the queue of the operating system.
    pub connections: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_deadline: Duration::from_secs(30),
            crowded_head_deadline: Duration::from_secs(3),
            write_deadline: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            drain_deadline: Duration::from_secs(10),
            connections: 4096,
        }
    }
}

/// Serves until `stop` is ready, then lets requests under way finish.
///
/// Each request carries a [`Wire`] in its extensions.
pub async fn serve<H, F, B>(
    listener: TcpListener,
    handler: H,
    limits: Limits,
    stop: impl Future<Output = ()>,
) where
    H: Fn(Request<Incoming>) -> F + Clone + Send + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body + Send + 'static,
    B::Data: Send,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(limits.connections));
    let calm = http(&limits, limits.head_deadline);
    let crowded = http(&limits, limits.crowded_head_deadline);
    let mut stop = pin!(stop);
    loop {
        let stream = tokio::select! {
            () = &mut stop => break,
            accepted = accept(&listener, &places) => accepted,
        };
        let Some((stream, place)) = stream else {
            continue;
        };
        // Small answers go out at once. A socket that is already gone has no options to set.
        let _ = stream.set_nodelay(true);
        let wire = Wire::default();
        let shim = Shim::new(stream, wire.clone(), limits.write_deadline);
        let handler = handler.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(wire.clone());
            let (answer, wire) = (handler(request), wire.clone());
            async move {
                let mut response = answer.await;
                // A plan holds for the rest of the connection, so no other response may follow on it.
                if wire.is_planned() {
                    response
                        .headers_mut()
                        .insert(CONNECTION, HeaderValue::from_static("close"));
                }
                Ok::<_, Infallible>(response)
            }
        });
        let is_crowded = places.available_permits() < limits.connections / 4;
        let http = if is_crowded { &crowded } else { &calm };
        let connection = graceful.watch(http.serve_connection(TokioIo::new(shim), service));
        tokio::spawn(async move {
            if let Err(error) = connection.await {
                tracing::debug!(%error, "a connection ended early: {error}");
            }
            drop(place);
        });
    }
    drop(listener);
    tokio::select! {
        () = graceful.shutdown() => {}
        () = tokio::time::sleep(limits.drain_deadline) => {
            tracing::warn!("some requests were not finished in {} s", limits.drain_deadline.as_secs());
        }
    }
}

fn http(limits: &Limits, head_deadline: Duration) -> hyper::server::conn::http1::Builder {
    let mut http = hyper::server::conn::http1::Builder::new();
    // `pipeline_flush` stays off: interim responses rely on hyper flushing between responses.
    http.timer(TokioTimer::new())
        .header_read_timeout(head_deadline)
        .max_buf_size(limits.head_bytes)
        // RFC 9112 §9.6: who has no more to say may still want to hear the answer.
        .half_close(true);
    http
}

/// The next connection, once there is a place for it; none after a failed attempt.
async fn accept(
    listener: &TcpListener,
    places: &Arc<Semaphore>,
) -> Option<(tokio::net::TcpStream, tokio::sync::OwnedSemaphorePermit)> {
    let place = Arc::clone(places).acquire_owned().await.ok()?;
    match listener.accept().await {
        Ok((stream, _)) => Some((stream, place)),
        Err(error) => {
            tracing::warn!(%error, "cannot accept a connection: {error}");
            tokio::time::sleep(ACCEPT_PAUSE).await;
            None
        }
    }
}
