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
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::{SocketAddr, TcpStream};
use std::path::PathBuf;
use std::sync::{Arc, mpsc};
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

const ROUNDS: usize = 100;
const CONNECTIONS: usize = 8;
const TURNS: usize = 200;
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
        let rounds = std::env::args().nth(2).and_then(|rounds| rounds.parse().ok());
        println!("{:.2} µs", Server::start(kind).rounds(rounds.unwrap_or(8)));
        return;
    }
    let mut servers = [Kind::Bare, Kind::Hyper, Kind::Open, Kind::Gated].map(Server::start);
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut used = [0.0; 4];
        // Who comes after whom is another one in each round.
        for kind in 0..4 {
            let kind = (kind + round) % 4;
            used[kind] = servers[kind].rounds(1);
        }
        rounds.push(used);
    }
    // The first one warms up.
    let rounds = &rounds[1..];
    let median = |of: &dyn Fn(&[f64; 4]) -> f64| {
        let mut values: Vec<f64> = rounds.iter().map(of).collect();
        values.sort_by(f64::total_cmp);
        values[values.len() / 2]
    };
    let [bare, hyper, shim, gate] = [0, 1, 2, 3].map(|kind| median(&|round| round[kind]));
    println!(
        "CPU µs per request: bare {bare:.2}, hyper {hyper:.2}, shim {shim:.2}, gate {gate:.2}"
    );
    println!("shim/hyper {:.3}", median(&|round| round[2] / round[1]));
    println!("gate/hyper {:.3}", median(&|round| round[3] / round[1]));
    println!("gate/bare  {:.3}", median(&|round| round[3] / round[0]));
}

/// A server in a thread of its own, and connections to it.
struct Server {
    streams: Vec<TcpStream>,
    /// Where the kernel tells what its thread has used.
    usage: PathBuf,
}

impl Server {
    fn start(kind: Kind) -> Self {
        let (tell, told) = mpsc::channel();
        std::thread::spawn(move || {
            let mut runtime = tokio::runtime::Builder::new_current_thread();
            runtime.enable_all().build().unwrap().block_on(async move {
                let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
                let thread = std::fs::read_link("/proc/thread-self").unwrap();
                tell.send((listener.local_addr().unwrap(), thread)).unwrap();
                match kind {
                    Kind::Bare => plain(listener, Builder::new()).await,
                    Kind::Hyper => {
                        let mut http = Builder::new();
                        http.timer(TokioTimer::new()).half_close(true);
                        http.header_read_timeout(Duration::from_secs(30));
                        plain(listener, http).await;
                    }
                    Kind::Open => serve(listener, answer, Options::default(), pending()).await,
                    Kind::Gated => serve(listener, answer, gated(), pending()).await,
                }
            });
        });
        let (address, thread) = told.recv().unwrap();
        let usage = PathBuf::from("/proc").join(thread).join("schedstat");
        Self {
            streams: connect(address),
            usage,
        }
    }

    /// CPU µs of a request.
    fn rounds(&mut self, count: usize) -> f64 {
        let before = self.cpu_ns();
        load(&mut self.streams, TURNS * count);
        let requests = u32::try_from(CONNECTIONS * TURNS * count).unwrap();
        (self.cpu_ns() - before) / f64::from(requests) / 1000.0
    }

    fn cpu_ns(&self) -> f64 {
        let text = std::fs::read_to_string(&self.usage).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    }
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
        record: Arc::new(|target| {
            let query = target.iter().position(|byte| *byte == b'?');
            query.is_some_and(|at| target[at..].starts_with(b"?trace="))
        }),
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
