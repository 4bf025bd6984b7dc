//! What the layer under hyper costs: CPU time of a small request with it, against hyper right on the socket.
//!
//! Run it with `cargo bench -p siteerror-serve --bench wire`. Many short rounds of each kind take turns, so that a busy machine disturbs all of them
//! alike; the median of the ratios is what counts. The clock is the CPU time of the one thread that serves, the kernel's part included. `hyper` stands on
//! the socket with the deadlines that a server needs, `bare` without any; `shim` and `gate` are this crate without and with a gate.
//!
//! Where valgrind is installed, it also counts the instructions of a request outside of the kernel, which no other load on the machine changes.
//! With `-- changing`, each request has a field that the one before it had not: the gate cannot know it again.
//! `-- gate 3` makes three rounds of one kind alone.
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
use std::process::{Command, Stdio};
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

const ROUNDS: usize = 400;
const CONNECTIONS: usize = 8;
const TURNS: usize = 50;
const REQUEST: &str = "GET /status/200?a=b HTTP/1.1\r\nHost: localhost:8080\r\nUser-Agent: curl/8.14.1\r\nAccept: */*\r\n\
                       Accept-Encoding: gzip, deflate, br\r\n";
/// With its head, the response has some 300 bytes.
const CONTENT: &[u8] = &[b'x'; 200];

const KINDS: [&str; 4] = ["bare", "hyper", "shim", "gate"];

#[derive(Clone, Copy)]
enum Kind {
    Bare,
    Hyper,
    Open,
    Gated,
}

fn main() {
    let words: Vec<String> = std::env::args().skip(1).collect();
    let is_changing = words.iter().any(|word| word == "changing");
    let kinds = [Kind::Bare, Kind::Hyper, Kind::Open, Kind::Gated];
    let alone = KINDS
        .iter()
        .position(|kind| words.iter().any(|word| word == kind));
    if let Some(kind) = alone {
        let rounds = words.iter().find_map(|word| word.parse().ok());
        let cost = Server::start(kinds[kind], is_changing).rounds(rounds.unwrap_or(8));
        println!("{cost:.2} µs");
        return;
    }
    let mut servers = kinds.map(|kind| Server::start(kind, is_changing));
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
    for kind in KINDS {
        match instructions(kind, is_changing) {
            Some(count) => println!("instructions per request: {kind} {count}"),
            None => return println!("instructions: not counted, that needs valgrind"),
        }
    }
}

/// Instructions of a request in the thread that serves, by the difference between two lengths.
fn instructions(kind: &str, is_changing: bool) -> Option<usize> {
    let count = |rounds: usize| {
        let place = std::env::temp_dir().join(format!("wire-{}-{kind}", std::process::id()));
        let mut valgrind = Command::new("valgrind");
        valgrind.args(["--tool=callgrind", "--separate-threads=yes"]);
        valgrind.arg(format!("--callgrind-out-file={}", place.display()));
        valgrind.arg(std::env::current_exe().ok()?);
        valgrind.args([kind, &rounds.to_string()]);
        valgrind.args(is_changing.then_some("changing"));
        valgrind.stderr(Stdio::null()).stdout(Stdio::null());
        let is_fine = valgrind.status().ok()?.success();
        let thread = |number: &str| PathBuf::from(format!("{}{number}", place.display()));
        let counted = std::fs::read_to_string(thread("-02")).ok();
        for number in ["", "-01", "-02"] {
            // There is one file for each thread, and one that is empty.
            let _ = std::fs::remove_file(thread(number));
        }
        let counted = counted.filter(|_| is_fine)?;
        let total = counted.lines().find_map(|line| {
            line.strip_prefix("totals: ")
                .or_else(|| line.strip_prefix("summary: "))
        });
        total?.trim().parse::<usize>().ok()
    };
    let (short, long) = (count(2)?, count(10)?);
    Some((long - short) / (8 * CONNECTIONS * TURNS))
}

/// A server in a thread of its own, and connections to it.
struct Server {
    streams: Vec<TcpStream>,
    /// Whether no request is like the one before it.
    is_changing: bool,
    /// Requests so far.
    sent: usize,
    /// Where the kernel tells what its thread has used.
    usage: PathBuf,
}

impl Server {
    fn start(kind: Kind, is_changing: bool) -> Self {
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
            is_changing,
            sent: 0,
            usage,
        }
    }

    /// CPU µs of a request.
    fn rounds(&mut self, count: usize) -> f64 {
        let before = self.cpu_ns();
        self.load(TURNS * count);
        let requests = u32::try_from(CONNECTIONS * TURNS * count).unwrap();
        (self.cpu_ns() - before) / f64::from(requests) / 1000.0
    }

    /// One request at a time on each connection.
    fn load(&mut self, turns: usize) {
        let mut buffer = [0; 1024];
        for _ in 0..turns {
            if self.is_changing {
                self.sent += 1;
            }
            let request = format!("{REQUEST}X-Request-Id: {:08}\r\n\r\n", self.sent);
            for stream in &mut self.streams {
                stream.write_all(request.as_bytes()).unwrap();
            }
            for stream in &mut self.streams {
                let mut read = 0;
                while !buffer[..read].ends_with(CONTENT) {
                    read += stream.read(&mut buffer[read..]).unwrap();
                }
            }
        }
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
