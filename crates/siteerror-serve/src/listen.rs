//! Accepting connections, and letting them go.

use std::future::{Future, poll_fn};
use std::net::SocketAddr;
use std::pin::pin;
use std::sync::Arc;
use std::task::Waker;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body::Body;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};

use crate::connection::Connection;
use crate::dispatch::dispatch;
use crate::incoming::Incoming;
use crate::options::Options;
use crate::shared::{Shared, flag};
use crate::shim::{Abort, Shim};

/// Pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);
/// Bytes that a head has besides its target and its field lines.
const HEAD_REST: usize = 512;
/// The least that hyper wants to buffer.
const LEAST_BUFFER: usize = 8192;
/// Field lines that hyper takes without being asked to.
const USUAL_FIELDS: usize = 100;

/// Serves until `stop` is ready, then lets requests under way finish.
///
/// Each request carries a [`Wire`](crate::Wire) and a [`Connection`] in its extensions. Connections that were upgraded read their end when the server stops.
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
        let (handler, options, stopping) =
            (handler.clone(), Arc::clone(&options), stopping.clone());
        tokio::spawn(async move {
            let shared = Arc::default();
            let shim = Shim::new(stream, Arc::clone(&shared), &options, head_deadline)
                .within(Some(place), Some(stopping.clone()));
            drive(
                shim,
                shared,
                handler,
                connection,
                &options,
                head_deadline,
                Some(stopping),
            )
            .await;
        });
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
    let shared = Arc::default();
    let head_deadline = options.limits.head_deadline;
    let shim = Shim::new(stream, Arc::clone(&shared), options, head_deadline);
    drive(
        shim,
        shared,
        handler,
        Connection::next(None, None),
        options,
        head_deadline,
        None,
    )
    .await;
}

/// Speaks HTTP/1.1 until the connection is over, upgraded, or told to stop and done.
async fn drive<T, H, F, B>(
    shim: Shim<T>,
    shared: Arc<Shared>,
    handler: H,
    connection: Connection,
    options: &Options,
    head_deadline: Duration,
    stop: Option<watch::Receiver<()>>,
) where
    T: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let of_service = Arc::clone(&shared);
    let service = service_fn(move |request| dispatch(&handler, request, &of_service, &connection));
    let http = http(options, head_deadline);
    let mut http = pin!(
        http.serve_connection(TokioIo::new(shim), service)
            .with_upgrades()
    );
    let until = stop.clone();
    let mut announced = pin!(async move {
        match until {
            Some(mut until) => drop(until.changed().await),
            None => std::future::pending().await,
        }
    });
    let mut task = Waker::noop().clone();
    let mut is_stopping = false;
    let ended = poll_fn(|context| {
        if !task.will_wake(context.waker()) {
            task.clone_from(context.waker());
            shared.lock().task = Some(task.clone());
            // It has to be polled only once by each task: from then on the stop wakes the task, and is seen below.
            if !is_stopping {
                let _ = announced.as_mut().poll(context);
            }
        }
        if !is_stopping
            && stop
                .as_ref()
                .is_some_and(|stop| stop.has_changed().unwrap_or(true))
        {
            is_stopping = true;
            shared.set(flag::STOPPING);
            http.as_mut().graceful_shutdown();
        }
        http.as_mut().poll(context)
    });
    if let Err(error) = ended.await {
        tracing::debug!(%error, "a connection ended early: {error}");
    }
}

fn http(options: &Options, head_deadline: Duration) -> Builder {
    let limits = &options.limits;
    let mut http = Builder::new();
    // `pipeline_flush` stays off: interim responses rely on hyper flushing between responses.
    // RFC 9112 §9.6: who has no more to say may still want to hear the answer.
    http.half_close(true);
    if options.gate.is_some() {
        // The gate looks at the clock and at sizes; hyper must take whatever the gate takes.
        let most = limits.target_bytes + limits.fields_bytes + HEAD_REST;
        http.header_read_timeout(None)
            .max_header_size(most)
            .max_buf_size(limits.head_bytes.max(most).max(LEAST_BUFFER));
        if limits.fields > USUAL_FIELDS {
            http.max_headers(limits.fields);
        }
    } else {
        http.timer(TokioTimer::new())
            .header_read_timeout(head_deadline)
            .max_buf_size(limits.head_bytes.max(LEAST_BUFFER));
    }
    http
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
