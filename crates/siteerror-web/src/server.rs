//! Puts the site on a socket, and writes a log line for each request.

use std::future::Future;
use std::time::Instant;

use http::{Request, Response};
use siteerror_serve::Options;
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
    let response = site.respond(request).await;
    let status = response.status().as_u16();
    let elapsed_us = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
    if status >= 500 && status != 501 {
        tracing::error!(http.method = %method, http.status = status, url.path = ?path, elapsed_us, "{method} {path} failed with {status}");
    } else {
        tracing::info!(http.method = %method, http.status = status, url.path = ?path, elapsed_us, "{method} {path} {status}");
    }
    response
}

/// Serves until `stop` is ready, then lets requests under way finish.
pub async fn serve(listener: TcpListener, site: Site, stop: impl Future<Output = ()>) {
    let handler = move |request| {
        let site = site.clone();
        async move { answer(&site, request).await }
    };
    siteerror_serve::serve(listener, handler, Options::default(), stop).await;
}
