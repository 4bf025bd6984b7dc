//! What the layer under hyper costs: CPU time of a small request with it, against hyper right on the socket.
//!
//! Run it with `cargo bench -p siteerror-serve --bench wire`. Rounds of each kind take turns, so that a busy machine disturbs all of them alike; the
//! median of the ratios is what counts. The clock is the CPU time of the one thread that serves. `hyper` stands on the socket with the deadlines that
//! a server needs, `bare` without any.
#![expect(clippy::print_stdout, reason = "it is a report")]
#![expect(
    clippy::disallowed_methods,
    reason = "the load dials its own server on the loopback"
)]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

use std::convert::Infallible;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONTENT_TYPE, HeaderValue};
use http::{Request, Response};
use http_body_util::Full;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use siteerror_serve::{Gate, Options, Refusal, serve};
use tokio::net::TcpListener;
use tokio::sync::oneshot;

const ROUNDS: usize = 15;
const CONNECTIONS: usize = 8;
const TURNS: usize = 1500;
const WARM_UP: usize = 100;
const REQUEST: &[u8] = b"GET /status/200?a=b HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n\
                         Accept-Encoding: gzip, deflate, br\r\n\r\n";
/// With its head, the response has some 300 bytes.
const CONTENT: &[u8] = &[b'x'; 200];

#[derive(Clone, Copy)]
enum Kind {
    Bare,
    Hyper,
    Open,
    Gated,
}

fn main() {
    // One kind alone, for tools that count instructions: `wire gate`.
    let alone = std::env::args().nth(1);
    let alone = match alone.as_deref() {
        Some("bare") => Some(Kind::Bare),
        Some("hyper") => Some(Kind::Hyper),
        Some("shim") => Some(Kind::Open),
        Some("gate") => Some(Kind::Gated),
        _ => None,
    };
    if let Some(kind) = alone {
        println!("{:.2} µs", round(kind));
        return;
    }
    let mut hyper = Vec::new();
    let mut bare = Vec::new();
    let mut open = Vec::new();
    println!("CPU µs per request");
    println!("  bare  hyper  shim   gate   gate/hyper");
    for _ in 0..ROUNDS {
        let [b, h, s, g] = [Kind::Bare, Kind::Hyper, Kind::Open, Kind::Gated].map(round);
        println!("{b:6.2} {h:6.2} {s:6.2} {g:6.2}   {:.3}", g / h);
        hyper.push(g / h);
        bare.push(g / b);
        open.push(s / h);
    }
    println!(
        "median: gate/hyper {:.3}, gate/bare {:.3}, shim/hyper {:.3}",
        median(hyper),
        median(bare),
        median(open)
    );
}

fn median(mut ratios: Vec<f64>) -> f64 {
    ratios.sort_by(f64::total_cmp);
    ratios[ratios.len() / 2]
}

/// CPU µs of a request on a server of its own.
fn round(kind: Kind) -> f64 {
    let (tell, told) = std::sync::mpsc::channel();
    let (start, started) = oneshot::channel();
    let (finish, finished) = oneshot::channel();
    let server = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async move {
            let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
            tell.send(listener.local_addr().unwrap()).unwrap();
            match kind {
                Kind::Bare => drop(tokio::spawn(plain(listener, Builder::new()))),
                Kind::Hyper => {
                    let mut http = Builder::new();
                    http.timer(TokioTimer::new())
                        .header_read_timeout(Duration::from_secs(30))
                        .half_close(true);
                    drop(tokio::spawn(plain(listener, http)));
                }
                Kind::Open => drop(tokio::spawn(serve(
                    listener,
                    answer,
                    Options::default(),
                    std::future::pending(),
                ))),
                Kind::Gated => drop(tokio::spawn(serve(
                    listener,
                    answer,
                    gated(),
                    std::future::pending(),
                ))),
            }
            started.await.unwrap();
            let before = cpu_ns();
            finished.await.unwrap();
            cpu_ns() - before
        })
    });
    let mut streams = connect(told.recv().unwrap());
    load(&mut streams, WARM_UP);
    start.send(()).unwrap();
    load(&mut streams, TURNS);
    finish.send(()).unwrap();
    let requests = f64::from(u32::try_from(CONNECTIONS * TURNS).unwrap());
    server.join().unwrap() / requests / 1000.0
}

async fn plain(listener: TcpListener, http: Builder) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let service = service_fn(async |request| Ok::<_, Infallible>(answer(request).await));
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

fn gated() -> Options {
    let gate = Gate {
        record: Arc::new(|target| target.windows(7).any(|part| part == b"?trace=")),
        refuse: Arc::new(|_: &Refusal| Response::new(Bytes::new())),
    };
    Options {
        gate: Some(gate),
        ..Options::default()
    }
}

async fn answer<B>(request: Request<B>) -> Response<Full<Bytes>> {
    drop(request);
    let mut response = Response::new(Full::new(Bytes::from_static(CONTENT)));
    response
        .headers_mut()
        .insert(CONTENT_TYPE, HeaderValue::from_static("text/plain"));
    response
}

fn connect(address: SocketAddr) -> Vec<TcpStream> {
    let dial = |_| {
        let stream = TcpStream::connect(address).unwrap();
        stream.set_nodelay(true).unwrap();
        stream
    };
    (0..CONNECTIONS).map(dial).collect()
}

/// One request at a time on each connection.
fn load(streams: &mut [TcpStream], turns: usize) {
    let mut buffer = [0; 1024];
    for _ in 0..turns {
        for stream in &mut *streams {
            stream.write_all(REQUEST).unwrap();
        }
        for stream in &mut *streams {
            let mut read = 0;
            while !buffer[..read].ends_with(CONTENT) {
                read += stream.read(&mut buffer[read..]).unwrap();
            }
        }
    }
}

/// CPU time of this thread so far.
fn cpu_ns() -> f64 {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap();
    text.split(' ').next().unwrap().parse().unwrap()
}
