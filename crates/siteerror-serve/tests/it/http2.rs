//! HTTP/2, seen by the client of the h2 library and from raw frames.

mod bent;
mod bounds;
mod client;
mod exchange;
mod floods;
mod frames;
mod handler;
mod head;
mod hostile;
mod interop;

use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::Response;
use siteerror_serve::{Gate, Limits, Options, serve};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use handler::{Shared, answer};

fn gate() -> Gate {
    Gate {
        record: Arc::new(|target| target.starts_with(b"/record")),
        refuse: Arc::new(|refusal| {
            Response::builder()
                .status(refusal.defect.status())
                .body(Bytes::from(refusal.defect.code()))
                .expect("a response")
        }),
    }
}

fn options() -> Options {
    let mut options = Options::from(Limits::default());
    options.gate = Some(gate());
    options
}

async fn start(shared: Shared) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(serve(
        listener,
        move |request| answer(request, shared.clone()),
        options(),
        std::future::pending(),
    ));
    address
}

async fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.connect(address).await.expect("the server listens")
}
