//! Carries the site over sockets: HTTP/1.1 with deadlines and a bound on connections.

use std::convert::Infallible;
use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::{Duration, Instant};

use http::header::HOST;
use http::{Request, Response, Version};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use tokio::net::TcpListener;
use tokio::sync::Semaphore;

use crate::{Body, Site};

/// Time in which a request's head must arrive; also how long an idle connection is kept.
const HEAD_DEADLINE: Duration = Duration::from_secs(30);
/// Time that requests under way get when the server is told to stop.
const DRAIN_DEADLINE: Duration = Duration::from_secs(10);
/// Connections at the same time; the next ones wait in the queue of the operating system.
const MOST_CONNECTIONS: usize = 4096;
/// Bytes of a path that a log line shows.
const MOST_LOGGED: usize = 200;
/// Pause after an error of `accept`, such as too many open files.
const ACCEPT_PAUSE: Duration = Duration::from_millis(50);

/// Answers a request, and writes a line about it: without the query, and without a word about who asked.
async fn answer(site: &Site, request: Request<Incoming>) -> Response<Body> {
    let asked = Instant::now();
    let method = request.method().clone();
    let mut path = request.uri().path().to_owned();
    path.truncate(path.floor_char_boundary(MOST_LOGGED));
    let response = match host(&request) {
        Ok(()) => site.respond(request).await,
        Err(what) => site.refuse(what, request.headers()),
    };
    let status = response.status().as_u16();
    let elapsed_us = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
    if status >= 500 && status != 501 {
        tracing::error!(http.method = %method, http.status = status, url.path = %path, elapsed_us, "{method} {path} failed with {status}");
    } else {
        tracing::info!(http.method = %method, http.status = status, url.path = %path, elapsed_us, "{method} {path} {status}");
    }
    response
}

/// RFC 9112 §3.2: a server must answer 400 to an HTTP/1.1 request without a `Host`, or with more than one.
fn host(request: &Request<Incoming>) -> Result<(), &'static str> {
    match request.headers().get_all(HOST).iter().count() {
        0 if request.version() == Version::HTTP_11 => {
            Err("an HTTP/1.1 request has a `Host` field, this one has none")
        }
        0 | 1 => Ok(()),
        _ => Err("a request has one `Host` field, this one has several"),
    }
}

/// Serves until `stop` is ready, then lets requests under way finish.
pub async fn serve(listener: TcpListener, site: Site, stop: impl Future<Output = ()>) {
    let graceful = GracefulShutdown::new();
    let places = Arc::new(Semaphore::new(MOST_CONNECTIONS));
    let mut http = hyper::server::conn::http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(HEAD_DEADLINE);
    let mut stop = pin!(stop);
    loop {
        let Ok(place) = Arc::clone(&places).acquire_owned().await else {
            break;
        };
        let stream = tokio::select! {
            () = &mut stop => break,
            accepted = listener.accept() => match accepted {
                Ok((stream, _)) => stream,
                Err(error) => {
                    tracing::warn!(%error, "cannot accept a connection: {error}");
                    tokio::time::sleep(ACCEPT_PAUSE).await;
                    continue;
                }
            },
        };
        // Small answers go out at once. A socket that is already gone has no options to set.
        let _ = stream.set_nodelay(true);
        let site = site.clone();
        let service = service_fn(move |request| {
            let site = site.clone();
            async move { Ok::<_, Infallible>(answer(&site, request).await) }
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
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
        () = tokio::time::sleep(DRAIN_DEADLINE) => tracing::warn!("some requests were not finished in {} s", DRAIN_DEADLINE.as_secs()),
    }
}
