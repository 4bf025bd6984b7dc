//! A connection from its first byte to its last: with or without TLS, in the version of HTTP that the client speaks.

use std::future::{Future, poll_fn};
use std::io;
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
use tokio::sync::{OwnedSemaphorePermit, Semaphore, watch};
use tokio::time::Instant;

use crate::connection::Connection;
use crate::dispatch::dispatch;
use crate::incoming::Incoming;
use crate::options::Options;
use crate::preface::Rewound;
use crate::shared::{Shared, flag};
use crate::shim::{Abort, Shim};
use crate::tls::{self, Arrival};
use crate::{h2_exchange, h2_loop, plain};

/// Bytes that a head has besides its target and its field lines.
const HEAD_REST: usize = 512;
/// The least that hyper wants to buffer.
const LEAST_BUFFER: usize = 8192;
/// Field lines that hyper takes without being asked to.
const USUAL_FIELDS: usize = 100;

/// A connection that was accepted.
pub(crate) struct Session<H> {
    pub(crate) handler: H,
    pub(crate) connection: Connection,
    pub(crate) options: Arc<Options>,
    /// Time in which the head of a request must arrive; also how long the connection is kept if nothing happens.
    pub(crate) head_deadline: Duration,
    /// Changes when the server stops.
    pub(crate) stop: Option<watch::Receiver<()>>,
    /// Streams of HTTP/2 that all connections share.
    pub(crate) streams: Arc<Semaphore>,
    /// The place of the connection among all, until it is gone.
    pub(crate) place: Option<OwnedSemaphorePermit>,
}

impl<H, F, B> Session<H>
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<B>> + Send + 'static,
    B: Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    /// Serves the connection until it is over, upgraded, or told to stop and done.
    pub(crate) async fn run<T>(self, stream: T)
    where
        T: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    {
        let mut stop = pin!(stopping(self.stop.clone()));
        let mut stream = Rewound::new(stream, self.options.limits.write_deadline);
        let Some(config) = self.options.tls.clone() else {
            let is_http2 = tokio::select! {
                is_http2 = tokio::time::timeout(self.head_deadline, stream.is_http2()) => is_http2,
                () = &mut stop => return,
            };
            match is_http2 {
                Ok(Ok(true)) => self.http2(stream).await,
                // Who stopped within what may have become a method hears that it took too long.
                Err(_) if !stream.has_begun() => {}
                Ok(Ok(false)) | Err(_) => {
                    let pieces = stream.pieces();
                    self.http1(stream, pieces).await;
                }
                Ok(Err(_)) => {}
            }
            return;
        };
        let arrival = tokio::select! {
            arrival = tls::accept(stream, &config, self.head_deadline) => arrival,
            () = &mut stop => return,
        };
        if let Err(error) = self.arrive(arrival).await {
            tracing::debug!(%error, "a connection ended early: {error}");
        }
    }

    async fn arrive<T>(mut self, arrival: io::Result<Arrival<T>>) -> io::Result<()>
    where
        T: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    {
        match arrival? {
            Arrival::Nobody => {}
            Arrival::Plain(stream) => return plain::refuse(stream, &self.options).await,
            Arrival::Tls {
                stream,
                facts,
                is_http2,
            } => {
                self.connection.tls = Some(facts);
                if is_http2 {
                    self.http2(stream).await;
                } else {
                    self.http1(stream, Vec::new()).await;
                }
            }
        }
        Ok(())
    }

    async fn http2<T>(self, stream: T)
    where
        T: AsyncRead + AsyncWrite + Unpin,
    {
        let connection = Arc::new(self.connection);
        let mut begun = 0;
        let options = Arc::clone(&self.options);
        let run = |request, exchange| {
            let index = begun;
            begun += 1;
            h2_exchange::run(
                request,
                exchange,
                self.handler.clone(),
                (Arc::clone(&connection), index),
                Arc::clone(&options),
            )
        };
        let stop = stopping(self.stop);
        let limits = &self.options.limits;
        let served = h2_loop::serve(stream, limits, self.streams, self.head_deadline, run, stop);
        if let Err(error) = served.await {
            tracing::debug!(%error, "a connection ended early: {error}");
        }
        drop(self.place);
    }

    /// `pieces`: how the first bytes arrived, as far as somebody has looked at them.
    async fn http1<T>(self, stream: T, pieces: Vec<(Instant, usize)>)
    where
        T: AsyncRead + AsyncWrite + Abort + Unpin + Send + 'static,
    {
        let Self {
            handler,
            connection,
            options,
            head_deadline,
            stop,
            place,
            ..
        } = self;
        let shared: Arc<Shared> = Arc::default();
        let shim = Shim::new(stream, Arc::clone(&shared), &options, head_deadline)
            .within(place, stop.clone())
            .after(pieces);
        let of_service = Arc::clone(&shared);
        let connection = Arc::new(connection);
        let service =
            service_fn(move |request| dispatch(&handler, request, &of_service, &connection));
        let http = http(&options, head_deadline);
        let mut http = pin!(
            http.serve_connection(TokioIo::new(shim), service)
                .with_upgrades()
        );
        let mut announced = pin!(stopping(stop.clone()));
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
}

/// Ready when the server stops.
async fn stopping(stop: Option<watch::Receiver<()>>) {
    match stop {
        // An error means that nobody is left to stop us, which is a stop too.
        Some(mut stop) => drop(stop.changed().await),
        None => std::future::pending().await,
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
