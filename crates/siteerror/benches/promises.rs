//! Measures what the project promises, on the machine at hand: `cargo bench --bench promises`.
//!
//! Prints minimum, median and maximum, and ratios to a named peer of the same run. It asserts nothing: figures are for people to read.

#![expect(clippy::print_stdout, reason = "a benchmark speaks on standard output")]

use std::fs;
use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::{Duration, Instant};

const BINARY: &str = env!("CARGO_BIN_EXE_siteerror");
/// Runs of a command.
const RUNS: usize = 60;
/// Starts of the server.
const STARTS: usize = 20;
/// Rounds against nginx, alternating.
const ROUNDS: usize = 5;
/// Ticks of `/proc/PID/stat` in a second; Linux shows processes 100.
const TICKS: f64 = 100.0;

fn main() {
    // `cargo test --benches` only asks whether it runs.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    println!(
        "binary: {} bytes",
        fs::metadata(BINARY)
            .map(|file| file.len())
            .unwrap_or_default()
    );
    command();
    start();
    memory_and_weight();
    against_nginx();
}

/// Minimum, median, maximum.
fn spread(mut values: Vec<f64>) -> (f64, f64, f64) {
    values.sort_by(f64::total_cmp);
    (
        values[0],
        values[values.len() / 2],
        values[values.len() - 1],
    )
}

fn wall(program: &str, args: &[&str]) -> f64 {
    let started = Instant::now();
    let status = Command::new(program)
        .args(args)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status()
        .expect("it runs");
    assert!(status.success(), "{program} {args:?}");
    started.elapsed().as_secs_f64() * 1e3
}

fn command() {
    let (mut ours, mut peer) = (Vec::new(), Vec::new());
    for _ in 0..RUNS {
        ours.push(wall(BINARY, &["404"]));
        peer.push(wall("true", &[]));
    }
    let (low, median, high) = spread(ours);
    let (_, other, _) = spread(peer);
    println!(
        "siteerror 404: {low:.2} / {median:.2} / {high:.2} ms wall, {:.2} times an empty process (`true`, {other:.2} ms); promised: under 10 ms",
        median / other
    );
}

/// A running server.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start() -> Self {
        let mut child = Command::new(BINARY)
            .args(["serve", "--listen", "127.0.0.1:0", "--log", "off"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the server starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a start line");
        let address = line
            .trim()
            .rsplit("http://")
            .next()
            .expect("an address")
            .to_owned();
        Self { child, address }
    }

    fn get(&self, path: &str, fields: &str) -> Vec<u8> {
        #[expect(clippy::disallowed_methods, reason = "our own server on loopback")]
        let mut stream = TcpStream::connect(&self.address).expect("it listens");
        write!(
            stream,
            "GET {path} HTTP/1.1\r\nHost: bench\r\nConnection: close\r\n{fields}\r\n"
        )
        .expect("it takes the request");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("it answers");
        answer
    }

    /// Resident memory in MiB.
    fn resident(&self) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmRSS:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

fn content(answer: &[u8]) -> &[u8] {
    let end = answer
        .windows(4)
        .position(|window| window == b"\r\n\r\n")
        .expect("a head");
    &answer[end + 4..]
}

fn start() {
    let times = (0..STARTS)
        .map(|_| {
            let started = Instant::now();
            let server = Server::start();
            let answer = server.get("/404", "Accept: text/html\r\nAccept-Encoding: br\r\n");
            let elapsed = started.elapsed().as_secs_f64() * 1e3;
            assert!(
                answer.starts_with(b"HTTP/1.1 200"),
                "the first answer is a page"
            );
            elapsed
        })
        .collect();
    let (low, median, high) = spread(times);
    println!("start to first page: {low:.1} / {median:.1} / {high:.1} ms; promised: under 150 ms");
}

fn memory_and_weight() {
    let server = Server::start();
    println!("resident after the start: {:.1} MiB", server.resident());
    let list = server.get("/api/v1/codes", "");
    let list = String::from_utf8_lossy(&list);
    let mut paths: Vec<String> = list
        .split("\"url\": \"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next().map(str::to_owned))
        .collect();
    assert!(paths.len() >= 64, "the list has all codes");
    paths.extend(
        [
            "/index",
            "/codes",
            "/1xx",
            "/2xx",
            "/3xx",
            "/4xx",
            "/5xx",
            "/problems",
        ]
        .map(str::to_owned),
    );
    for path in &paths {
        for suffix in [".html", ".json", ".md", ".txt"] {
            for coding in ["identity", "gzip", "br"] {
                server.get(
                    &format!("{path}{suffix}"),
                    &format!("Accept-Encoding: {coding}\r\n"),
                );
            }
        }
    }
    println!(
        "resident after every page was read in every form: {:.1} MiB",
        server.resident()
    );
    wait_until_compressed(&server);
    println!(
        "resident after all pages were compressed at their best: {:.1} MiB; promised: under 60 MB",
        server.resident()
    );
    let weigh = |path: &str| {
        content(&server.get(path, "Accept: text/html\r\nAccept-Encoding: br\r\n")).len()
    };
    let page = server.get("/404", "Accept: text/html\r\n");
    let page = String::from_utf8_lossy(&page);
    let parts: Vec<&str> = page
        .split('"')
        .filter(|part| part.starts_with("/assets/"))
        .collect();
    let css = parts
        .iter()
        .find(|path| path.contains("/site-"))
        .expect("a style sheet");
    let css_bytes = weigh(css);
    let rest: usize = parts
        .iter()
        .filter(|path| *path != css)
        .map(|path| weigh(path))
        .sum();
    let mut pages: Vec<(usize, &String)> = paths
        .iter()
        .filter(|path| path.len() == 4 && !path.ends_with("xx"))
        .map(|path| (weigh(path), path))
        .collect();
    pages.sort();
    let (bytes, path) = pages[pages.len() - 1];
    println!(
        "code pages, HTML and CSS ({css_bytes}) in brotli: lightest {} ({}), median {}, heaviest {} ({path}) bytes; promised: at most 14,336",
        pages[0].0 + css_bytes,
        pages[0].1,
        pages[pages.len() / 2].0 + css_bytes,
        bytes + css_bytes
    );
    println!(
        "the heaviest with scripts and icon: {} bytes; promised: at most 51,200",
        bytes + css_bytes + rest
    );
}

/// The background thread is done when the last page of the last form is smaller than its quick form; CPU time that stands still says so too.
fn wait_until_compressed(server: &Server) {
    let mut before = cpu(server.child.id());
    for _ in 0..120 {
        sleep(Duration::from_millis(700));
        let now = cpu(server.child.id());
        if (now - before).abs() < 0.02 {
            return;
        }
        before = now;
    }
}

/// Processor seconds of a process so far.
fn cpu(id: u32) -> f64 {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).unwrap_or_default();
    let fields: Vec<&str> = stat
        .rsplit(')')
        .next()
        .unwrap_or_default()
        .split_whitespace()
        .collect();
    let ticks = |index: usize| {
        fields
            .get(index)
            .and_then(|field| field.parse::<f64>().ok())
            .unwrap_or_default()
    };
    (ticks(11) + ticks(12)) / TICKS
}

/// The same page from nginx: one worker each, 64 connections kept open, alternating rounds.
fn against_nginx() {
    let present = |program: &str| {
        Command::new(program)
            .arg("-v")
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .status()
            .is_ok()
    };
    if !present("nginx") || !present("wrk") {
        println!("against nginx: not measured, nginx or wrk is not installed");
        return;
    }
    let server = Server::start();
    wait_until_compressed(&server);
    let folder = std::env::temp_dir().join(format!("siteerror-bench-{}", std::process::id()));
    fs::create_dir_all(&folder).expect("a temporary folder");
    let page = server.get("/404", "Accept: text/html\r\n");
    fs::write(folder.join("404.html"), content(&page)).expect("a file");
    let port = free_port();
    let conf = format!(
        "worker_processes 2; daemon off; master_process on; pid {0}/pid; error_log {0}/error.log;\nevents {{ worker_connections 256; }}\n\
         http {{ access_log off; sendfile on; keepalive_requests 1000000; default_type text/html; client_body_temp_path {0}/b; proxy_temp_path {0}/p; \
         fastcgi_temp_path {0}/f; uwsgi_temp_path {0}/u; scgi_temp_path {0}/s; server {{ listen 127.0.0.1:{port}; root {0}; }} }}\n",
        folder.display()
    );
    fs::write(folder.join("nginx.conf"), conf).expect("a file");
    let conf = folder.join("nginx.conf");
    let mut nginx = Command::new("nginx")
        .args([
            "-p",
            &folder.display().to_string(),
            "-c",
            &conf.display().to_string(),
        ])
        .stderr(Stdio::null())
        .spawn()
        .expect("nginx runs");
    sleep(Duration::from_millis(500));
    let (mut ours, mut theirs) = (Vec::new(), Vec::new());
    for _ in 0..ROUNDS {
        ours.push(load(
            &format!("http://{}/404", server.address),
            &[server.child.id()],
        ));
        theirs.push(load(
            &format!("http://127.0.0.1:{port}/404.html"),
            &children(nginx.id()),
        ));
    }
    let _ = Command::new("kill")
        .args(["-QUIT", &nginx.id().to_string()])
        .status();
    let _ = nginx.wait();
    let _ = fs::remove_dir_all(Path::new(&folder));
    let of = |rounds: &[(f64, f64)], pick: fn(&(f64, f64)) -> f64| {
        spread(rounds.iter().map(pick).collect()).1
    };
    let (rate, cost) = (of(&ours, |round| round.0), of(&ours, |round| round.1));
    let (other_rate, other_cost) = (of(&theirs, |round| round.0), of(&theirs, |round| round.1));
    println!(
        "the page of 404 ({} bytes, identity) against nginx as installed: {rate:.0} against {other_rate:.0} requests/s ({:.2} times), \
         {cost:.1} against {other_cost:.1} µs of processor a request ({:.2} times)",
        content(&page).len(),
        rate / other_rate,
        cost / other_cost
    );
}

/// Requests a second, and processor microseconds a request of the processes that answer.
fn load(url: &str, processes: &[u32]) -> (f64, f64) {
    let before: f64 = processes.iter().map(|id| cpu(*id)).sum();
    let output = Command::new("wrk")
        .args(["-t1", "-c64", "-d2s", "-H", "Accept: text/html", url])
        .output()
        .expect("wrk runs");
    let used: f64 = processes.iter().map(|id| cpu(*id)).sum::<f64>() - before;
    let text = String::from_utf8_lossy(&output.stdout);
    let number = |marker: &str| -> f64 {
        let line = text
            .lines()
            .find(|line| line.contains(marker))
            .unwrap_or_default();
        line.split_whitespace()
            .find_map(|word| word.parse().ok())
            .unwrap_or_default()
    };
    let (requests, rate) = (number("requests in"), number("Requests/sec:"));
    (rate, used * 1e6 / requests.max(1.0))
}

fn children(id: u32) -> Vec<u32> {
    let output = Command::new("pgrep")
        .args(["-P", &id.to_string()])
        .output()
        .expect("pgrep runs");
    String::from_utf8_lossy(&output.stdout)
        .lines()
        .filter_map(|line| line.parse().ok())
        .collect()
}

fn free_port() -> u16 {
    std::net::TcpListener::bind("127.0.0.1:0")
        .and_then(|listener| listener.local_addr())
        .expect("a free port")
        .port()
}
