//! What usual requests to the playground cost, and how much of that is the layer between hyper and the socket.
//!
//! Run it with `cargo bench -p siteerror-playground --bench requests`. Short rounds of each kind take turns, so that a busy machine disturbs all of them
//! alike, and medians are told. The clock is the CPU time of the one thread that serves. `requests get 3` makes three rounds of one kind alone, for tools
//! that count instructions: the difference between two lengths is that of the requests. The layer is measured with a handler that does nothing: what it
//! costs does not depend on the handler.
#![expect(clippy::print_stdout, reason = "it is a report")]
#![expect(
    clippy::disallowed_methods,
    reason = "the load dials its own server on the loopback"
)]
#![expect(clippy::unwrap_used, reason = "a bench that fails may panic")]

use std::convert::Infallible;
use std::future::pending;
use std::io::{Read as _, Write as _};
use std::net::TcpStream;
use std::path::PathBuf;
use std::sync::mpsc;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use hyper::server::conn::http1::Builder;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use siteerror_playground::{Options, Playground};
use siteerror_serve::serve;
use tokio::net::TcpListener;

/// Servers of each kind, one after the other: where a process has its memory makes some hundredths of a difference, which rounds do not even out.
const SETS: usize = 9;
const ROUNDS: usize = 50;
const CONNECTIONS: usize = 8;
const TURNS: usize = 50;
const KINDS: [Kind; 4] = [Kind::Hyper, Kind::Layer, Kind::Status, Kind::Get];

#[derive(Debug, Clone, Copy)]
enum Kind {
    /// Hyper with the deadlines that a server needs, and an empty answer.
    Hyper,
    /// The same answer through the layer.
    Layer,
    /// The playground's `/status/404`.
    Status,
    /// The playground's `/get`.
    Get,
}

fn main() {
    let mut arguments = std::env::args().skip(1);
    let (word, rounds) = (arguments.next(), arguments.next());
    // `cargo test --benches` only asks whether it runs.
    if word.as_deref() == Some("--test") {
        return;
    }
    let alone = KINDS
        .into_iter()
        .find(|kind| Some(format!("{kind:?}").to_ascii_lowercase()) == word);
    if let Some(kind) = alone {
        let rounds = rounds.and_then(|rounds| rounds.parse().ok());
        println!("{:.2} µs", Server::start(kind).rounds(rounds.unwrap_or(8)));
        return;
    }
    let sets: Vec<Vec<[f64; 4]>> = (0..SETS).map(|_| set()).collect();
    let [hyper, layer, status, get] =
        [0, 1, 2, 3].map(|kind| spread(&sets, &|round| round[kind])[1]);
    println!(
        "CPU µs per request: an empty answer by hyper {hyper:.2} and through the layer {layer:.2}; /status/404 {status:.2}, /get {get:.2}"
    );
    for (name, kind) in [("/status/404", 2), ("/get", 3)] {
        let [least, median, most] = spread(&sets, &|round| {
            round[kind] / (round[kind] - (round[1] - round[0]))
        });
        println!(
            "{name} with the layer, to the same without what the layer costs: {median:.3} ({least:.3} to {most:.3} in {SETS} sets of servers)"
        );
    }
}

/// CPU µs of a request to one server of each kind, in each round.
fn set() -> Vec<[f64; 4]> {
    let mut servers = KINDS.map(Server::start);
    let mut rounds = Vec::new();
    for round in 0..=ROUNDS {
        let mut used = [0.0; KINDS.len()];
        // Who comes after whom is another one in each round.
        for kind in 0..KINDS.len() {
            let kind = (kind + round) % KINDS.len();
            used[kind] = servers[kind].rounds(1);
        }
        rounds.push(used);
    }
    // The first one warms up.
    rounds.split_off(1)
}

/// Least, median and most of the medians of the sets.
fn spread(sets: &[Vec<[f64; 4]>], of: &dyn Fn(&[f64; 4]) -> f64) -> [f64; 3] {
    let medians = sets.iter().map(|rounds| median(rounds.iter().map(of)));
    let mut medians: Vec<f64> = medians.collect();
    medians.sort_by(f64::total_cmp);
    [medians[0], medians[SETS / 2], medians[SETS - 1]]
}

fn median(values: impl Iterator<Item = f64>) -> f64 {
    let mut values: Vec<f64> = values.collect();
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

/// A server in a thread of its own, and connections to it.
struct Server {
    request: Vec<u8>,
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
                let playground = Playground::new(Options::system());
                let options = playground.serve_options();
                match kind {
                    Kind::Hyper => plain(listener).await,
                    Kind::Layer => serve(listener, empty, options, pending()).await,
                    Kind::Status | Kind::Get => {
                        let handler = move |request| {
                            let playground = playground.clone();
                            async move { playground.respond(request).await }
                        };
                        serve(listener, handler, options, pending()).await;
                    }
                }
            });
        });
        let (address, thread) = told.recv().unwrap();
        let path = if let Kind::Status = kind {
            "/status/404"
        } else {
            "/get"
        };
        let request = format!(
            "GET {path} HTTP/1.1\r\nHost: {address}\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\nAccept-Encoding: gzip, deflate, br\r\n\r\n"
        );
        let dial = |_| {
            let stream = TcpStream::connect(address).unwrap();
            stream.set_nodelay(true).unwrap();
            stream
        };
        Self {
            request: request.into_bytes(),
            streams: (0..CONNECTIONS).map(dial).collect(),
            usage: PathBuf::from("/proc").join(thread).join("schedstat"),
        }
    }

    /// CPU µs of a request.
    fn rounds(&mut self, count: usize) -> f64 {
        let before = self.cpu_ns();
        for _ in 0..TURNS * count {
            for stream in &mut self.streams {
                stream.write_all(&self.request).unwrap();
            }
            self.streams.iter_mut().for_each(read);
        }
        let requests = u32::try_from(CONNECTIONS * TURNS * count).unwrap();
        (self.cpu_ns() - before) / f64::from(requests) / 1000.0
    }

    fn cpu_ns(&self) -> f64 {
        let text = std::fs::read_to_string(&self.usage).unwrap();
        text.split(' ').next().unwrap().parse().unwrap()
    }
}

/// Reads one answer.
fn read(stream: &mut TcpStream) {
    let mut buffer = [0; 4096];
    let mut read = 0;
    loop {
        read += stream.read(&mut buffer[read..]).unwrap();
        let answer = std::str::from_utf8(&buffer[..read]).unwrap();
        let Some((head, content)) = answer.split_once("\r\n\r\n") else {
            continue;
        };
        let length = head
            .lines()
            .find_map(|line| line.strip_prefix("content-length: "));
        if content.len() >= length.unwrap().parse().unwrap() {
            return;
        }
    }
}

async fn plain(listener: TcpListener) {
    loop {
        let (stream, _) = listener.accept().await.unwrap();
        stream.set_nodelay(true).unwrap();
        let mut http = Builder::new();
        http.timer(TokioTimer::new()).half_close(true);
        http.header_read_timeout(Duration::from_secs(30));
        let service = service_fn(async |request| Ok::<_, Infallible>(empty(request).await));
        tokio::spawn(http.serve_connection(TokioIo::new(stream), service));
    }
}

async fn empty<B>(request: Request<B>) -> Response<Full<Bytes>> {
    drop(request);
    Response::new(Full::default())
}
