//! Puts the site and the playground on a socket, and writes a log line for each request.

use std::future::Future;
use std::time::Instant;

use http::uri::Scheme;
use http::{Request, Response, StatusCode};
use siteerror_playground::{Body, Playground};
use siteerror_serve::{Incoming, Options};
use tokio::net::TcpListener;

use crate::site::Client;
use crate::{Site, routes};

/// Bytes of a path that a log line shows.
const MOST_LOGGED: usize = 200;

/// What answers on a socket.
#[derive(Debug, Clone)]
pub struct Server {
    /// The site, for every path that is not the playground's.
    pub site: Option<Site>,
    /// The playground, below its prefix.
    pub playground: Option<Playground>,
}

impl Server {
    async fn respond(&self, mut request: Request<Incoming>) -> Response<Body> {
        match (&self.site, &self.playground) {
            (site, Some(playground)) if site.is_none() || playground.owns(request.uri().path()) => {
                playground.respond(request).await
            }
            (Some(site), _) => {
                let scheme = match request.body().connection().tls {
                    Some(_) => Scheme::HTTPS,
                    None => Scheme::HTTP,
                };
                if routes::knows_its_client(request.uri().path()) {
                    let peer = request.body().connection().peer;
                    let client = peer.map(|peer| site.client(peer.ip(), request.headers()));
                    request.extensions_mut().insert(Client(client));
                }
                site.respond(request, scheme).await.map(Body::from)
            }
            (None, _) => {
                let mut response = Response::new(Body::from(crate::Body::default()));
                *response.status_mut() = StatusCode::NOT_FOUND;
                response
            }
        }
    }

    /// Answers a request, and writes a line about it: without the query, and without a word about who asked.
    async fn answer(&self, request: Request<Incoming>) -> Response<Body> {
        let asked = Instant::now();
        let method = request.method().clone();
        let uri = request.uri().clone();
        let path = &uri.path()[..uri.path().floor_char_boundary(MOST_LOGGED)];
        let is_play = self
            .playground
            .as_ref()
            .is_some_and(|playground| playground.owns(path));
        let response = self.respond(request).await;
        let status = response.status().as_u16();
        let elapsed_us = u64::try_from(asked.elapsed().as_micros()).unwrap_or(u64::MAX);
        // The playground fails because it was asked to.
        if status >= 500 && status != 501 && !is_play {
            tracing::error!(http.method = %method, http.status = status, url.path = ?path, elapsed_us, "{method} {path} failed with {status}");
        } else {
            tracing::info!(http.method = %method, http.status = status, url.path = ?path, elapsed_us, "{method} {path} {status}");
        }
        response
    }
}

/// Serves until `stop` is ready, then lets requests under way finish.
pub async fn serve(listener: TcpListener, server: Server, stop: impl Future<Output = ()>) {
    let options = server
        .playground
        .as_ref()
        .map_or_else(Options::default, Playground::serve_options);
    let handler = move |request| {
        let server = server.clone();
        async move { server.answer(request).await }
    };
    siteerror_serve::serve(listener, handler, options, stop).await;
}
