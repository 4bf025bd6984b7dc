//! The playground beside go-httpbin, on the machine at hand: `GO_HTTPBIN=PROGRAM cargo bench --bench playground`.
//!
//! Both answer the same requests in alternating rounds, each alone while it is measured; what is compared is processor time per request and peak memory.
//! It asserts nothing: figures are for people to read.

#![expect(clippy::print_stdout, reason = "a benchmark speaks on standard output")]

use std::fs;
use std::io::{BufRead as _, BufReader};
use std::net::TcpListener;
use std::process::{Child, Command, Stdio};
use std::thread::sleep;
use std::time::Duration;

const BINARY: &str = env!("CARGO_BIN_EXE_siteerror");
/// Alternating rounds.
const ROUNDS: usize = 7;
/// Ticks of `/proc/PID/stat` in a second; Linux shows processes 100.
const TICKS: f64 = 100.0;
/// What is asked for.
const PATHS: [&str; 2] = ["/status/404", "/get"];

/// A running server; it is stopped when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

impl Server {
    fn ours() -> Self {
        let mut child = Command::new(BINARY)
            .args(["playground", "--listen", "127.0.0.1:0", "--log", "off"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .expect("the playground starts");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a start line");
        let address = line.trim().rsplit("http://").next().expect("an address");
        Self {
            address: address.to_owned(),
            child,
        }
    }

    fn peer(program: &str) -> Self {
        let free = TcpListener::bind("127.0.0.1:0").and_then(|listener| listener.local_addr());
        let port = free.expect("there are free ports").port();
        let child = Command::new(program)
            .args([
                "-host",
                "127.0.0.1",
                "-port",
                &port.to_string(),
                "-log-level",
                "off",
            ])
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .expect("go-httpbin starts");
        sleep(Duration::from_secs(1));
        Self {
            child,
            address: format!("127.0.0.1:{port}"),
        }
    }

    /// Processor seconds so far.
    fn cpu(&self) -> f64 {
        let stat =
            fs::read_to_string(format!("/proc/{}/stat", self.child.id())).unwrap_or_default();
        let fields: Vec<f64> = stat
            .rsplit(')')
            .next()
            .unwrap_or_default()
            .split_whitespace()
            .map(|field| field.parse().unwrap_or_default())
            .collect();
        (fields[11] + fields[12]) / TICKS
    }

    /// The most resident memory that it ever had, in MiB.
    fn peak(&self) -> f64 {
        let status =
            fs::read_to_string(format!("/proc/{}/status", self.child.id())).unwrap_or_default();
        let kib = status
            .lines()
            .find_map(|line| line.strip_prefix("VmHWM:"))
            .and_then(|rest| rest.split_whitespace().next()?.parse::<f64>().ok());
        kib.unwrap_or_default() / 1024.0
    }

    /// Requests a second, and processor microseconds a request.
    fn load(&self, path: &str) -> (f64, f64) {
        let before = self.cpu();
        let output = Command::new("wrk")
            .args([
                "-t1",
                "-c64",
                "-d3s",
                &format!("http://{}{path}", self.address),
            ])
            .output()
            .expect("wrk runs");
        let text = String::from_utf8_lossy(&output.stdout).into_owned();
        let count = text
            .lines()
            .find_map(|line| {
                line.trim()
                    .split_once(" requests in ")?
                    .0
                    .parse::<f64>()
                    .ok()
            })
            .unwrap_or(f64::NAN);
        let rate = text
            .lines()
            .find_map(|line| {
                line.trim()
                    .strip_prefix("Requests/sec:")?
                    .trim()
                    .parse::<f64>()
                    .ok()
            })
            .unwrap_or(f64::NAN);
        (rate, (self.cpu() - before) * 1e6 / count)
    }
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    values[values.len() / 2]
}

fn main() {
    // `cargo test --benches` only asks whether it runs.
    if std::env::args().any(|arg| arg == "--test") {
        return;
    }
    let Some(program) = std::env::vars_os().find(|(name, _)| name == "GO_HTTPBIN") else {
        println!("playground: not measured, GO_HTTPBIN names no go-httpbin to measure it against");
        return;
    };
    let (ours, peer) = (Server::ours(), Server::peer(&program.1.to_string_lossy()));
    for path in PATHS {
        let (mut rates, mut costs, mut ratios) = (Vec::new(), Vec::new(), Vec::new());
        for _ in 0..ROUNDS {
            let (one, other) = (ours.load(path), peer.load(path));
            rates.push(one.0 / other.0);
            ratios.push(one.1 / other.1);
            costs.push(one.1);
        }
        println!(
            "{path}: {:.1} us of processor time a request, {:.2} times go-httpbin's; {:.2} times its requests a second; promised: at most 0.6 times",
            median(costs),
            median(ratios),
            median(rates)
        );
    }
    println!(
        "peak memory: {:.1} MiB, go-httpbin {:.1} MiB",
        ours.peak(),
        peer.peak()
    );
}
