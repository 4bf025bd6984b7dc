//! The server, seen from a raw socket.

mod content;
mod curl;
mod ends;
mod gate;
mod http2;
mod pieces;
mod recording;
mod tls;
mod wire;

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use siteerror_serve::{ContentError, Gate, Incoming, Options, Refusal, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

async fn start<H, F>(handler: H, options: Options) -> SocketAddr
where
    H: Fn(Request<Incoming>) -> F + Clone + Send + Sync + 'static,
    F: Future<Output = Response<Full<Bytes>>> + Send + 'static,
{
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(listener, handler, options, std::future::pending()));
    address
}

async fn connect(address: SocketAddr, receive_buffer: Option<u32>) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    if let Some(bytes) = receive_buffer {
        socket.set_recv_buffer_size(bytes).expect("a buffer size");
    }
    socket.connect(address).await.expect("the server listens")
}

/// Everything that comes back for some requests, and the error that ended it.
async fn exchange(address: SocketAddr, requests: &str) -> (String, Option<ErrorKind>) {
    let mut stream = connect(address, None).await;
    // A server that has seen enough may close before the last byte of a request.
    let _ = stream.write_all(requests.as_bytes()).await;
    rest(&mut stream).await
}

/// What comes until the end.
async fn rest(stream: &mut TcpStream) -> (String, Option<ErrorKind>) {
    let mut answer = Vec::new();
    let read = tokio::time::timeout(Duration::from_secs(20), stream.read_to_end(&mut answer))
        .await
        .expect("an end");
    (
        String::from_utf8_lossy(&answer).into_owned(),
        read.err().map(|error| error.kind()),
    )
}

/// Options with a gate that refuses with the code of the defect, and records what has `recorded` in its target.
fn gated() -> Options {
    let gate = Gate {
        record: Arc::new(|target| target.windows(8).any(|part| part == b"recorded")),
        refuse: Arc::new(|refusal: &Refusal| {
            let content = format!("{}: {}", refusal.defect.code(), refusal.defect);
            let response = Response::builder().status(refusal.defect.status());
            response.body(Bytes::from(content)).expect("a response")
        }),
    };
    Options {
        gate: Some(gate),
        ..Options::default()
    }
}

/// Says what it was asked: method, target, content and trailer fields, or what was wrong with the content.
async fn echo(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let (head, content) = request.into_parts();
    let (method, target) = (head.method, head.uri);
    let text = match content.collect().await {
        Ok(content) => {
            let trailers = content.trailers().map_or(0, http::HeaderMap::len);
            let content = content.to_bytes();
            format!("[{method} {target} {}+{trailers}]", content.escape_ascii())
        }
        Err(ContentError::Defect(defect)) => {
            let mut response = Response::new(Full::from(defect.code()));
            *response.status_mut() = defect.status().try_into().expect("a status");
            return response;
        }
        Err(_) => format!("[{method} {target} lost]"),
    };
    Response::new(Full::from(text))
}
