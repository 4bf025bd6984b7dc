//! Puts the site on a socket, and writes a log line for each request.

use std::future::Future;
use std::time::Instant;

use http::header::HOST;
use http::{Request, Response, Version};
use siteerror_serve::Limits;
use tokio::net::TcpListener;

use crate::{Body, Site};

/// Bytes of a path that a log line shows.
const MOST_LOGGED: usize = 200;
/// Answers a request, and writes a line about it: without the query, and without a word about who asked.
async fn answer<B: Send + 'static>(site: &Site, request: Request<B>) -> Response<Body> {
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
fn host<B>(request: &Request<B>) -> Result<(), &'static str> {
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
    let handler = move |request| {
        let site = site.clone();
        async move { answer(&site, request).await }
    };
    siteerror_serve::serve(listener, handler, Limits::default(), stop).await;
}
