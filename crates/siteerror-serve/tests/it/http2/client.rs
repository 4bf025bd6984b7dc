//! A client by the h2 library.

use std::future::poll_fn;
use std::net::SocketAddr;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, RecvStream};
use http::Request;
use siteerror_serve::{Options, serve_stream};
use tokio::task::JoinHandle;

use super::connect;
use super::handler::{Shared, answer};

/// A client on a connection of its own.
pub(super) struct Client {
    pub(super) send: SendRequest<Bytes>,
    pub(super) connection: JoinHandle<Result<(), h2::Error>>,
}

impl Client {
    pub(super) async fn new(address: SocketAddr) -> Self {
        Self::over(connect(address).await, &h2::client::Builder::new()).await
    }

    pub(super) async fn over<T>(stream: T, builder: &h2::client::Builder) -> Self
    where
        T: tokio::io::AsyncRead + tokio::io::AsyncWrite + Unpin + Send + 'static,
    {
        let (send, connection) = builder.handshake(stream).await.expect("HTTP/2");
        let connection = tokio::spawn(connection);
        Self { send, connection }
    }

    /// Over a pair of pipes in memory, so that a paused clock can run.
    pub(super) async fn in_memory(
        shared: Shared,
        options: Options,
        builder: &h2::client::Builder,
    ) -> Self {
        let (ours, theirs) = tokio::io::duplex(1 << 16);
        tokio::spawn(async move {
            let handler = move |request| answer(request, shared.clone());
            serve_stream(ours, handler, &options).await;
        });
        Self::over(theirs, builder).await
    }

    pub(super) async fn send(
        &mut self,
        request: Request<()>,
        is_end: bool,
    ) -> (ResponseFuture, h2::SendStream<Bytes>) {
        poll_fn(|context| self.send.poll_ready(context))
            .await
            .expect("a place for a stream");
        self.send.send_request(request, is_end).expect("it is sent")
    }

    pub(super) async fn get(&mut self, path: &str) -> ResponseFuture {
        self.send(request("GET", path), true).await.0
    }
}

pub(super) fn request(method: &str, path: &str) -> Request<()> {
    Request::builder()
        .method(method)
        .uri(format!("http://example.test{path}"))
        .body(())
        .expect("a request")
}

/// All content, or the reason for which the stream was reset and what had arrived.
pub(super) async fn read(mut content: RecvStream) -> (Vec<u8>, Option<Reason>) {
    let mut all = Vec::new();
    while let Some(data) = content.data().await {
        match data {
            Ok(data) => {
                all.extend_from_slice(&data);
                content
                    .flow_control()
                    .release_capacity(data.len())
                    .expect("it was taken");
            }
            Err(error) => return (all, error.reason()),
        }
    }
    (all, None)
}

pub(super) async fn text(response: ResponseFuture) -> (u16, String) {
    let (head, content) = response.await.expect("a response").into_parts();
    let (content, reset) = read(content).await;
    assert_eq!(reset, None);
    (
        head.status.as_u16(),
        String::from_utf8(content).expect("text"),
    )
}
