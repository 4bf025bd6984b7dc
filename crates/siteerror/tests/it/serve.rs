//! The server on a real socket.

use std::io::{BufRead as _, BufReader, Read as _, Write as _};
use std::net::TcpStream;
use std::process::{Child, Command, Stdio};
use std::time::Duration;

use crate::command::{siteerror, transcript};

/// A running server; it is stopped when dropped.
struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(args: &[&str]) -> Self {
        Self::run("serve", args)
    }

    fn run(command: &str, args: &[&str]) -> Self {
        let all: Vec<&str> = [command, "--listen", "127.0.0.1:0"]
            .into_iter()
            .chain(args.iter().copied())
            .collect();
        let mut child = siteerror(&all)
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .expect("the program runs");
        let mut line = String::new();
        BufReader::new(child.stdout.take().expect("piped"))
            .read_line(&mut line)
            .expect("a start line");
        let address = line
            .trim()
            .rsplit("http://")
            .next()
            .and_then(|address| address.split('/').next())
            .expect("the start line names the address")
            .to_owned();
        Self { child, address }
    }

    fn connect(&self) -> TcpStream {
        #[expect(clippy::disallowed_methods, reason = "a test's own server on loopback")]
        let stream = TcpStream::connect(&self.address).expect("the server listens");
        stream
            .set_read_timeout(Some(Duration::from_secs(20)))
            .expect("a deadline");
        stream
    }

    /// Sends bytes and reads until the server closes.
    fn send(&self, bytes: &[u8]) -> String {
        let mut stream = self.connect();
        stream.write_all(bytes).expect("it is taken");
        let mut answer = Vec::new();
        stream.read_to_end(&mut answer).expect("an answer");
        String::from_utf8_lossy(&answer).into_owned()
    }

    /// Tells it to stop, and returns how it ended.
    fn stop(mut self) -> (Option<i32>, String) {
        let id = self.child.id().to_string();
        assert!(
            Command::new("kill")
                .args(["-TERM", &id])
                .status()
                .expect("kill runs")
                .success()
        );
        let mut log = String::new();
        self.child
            .stderr
            .take()
            .expect("piped")
            .read_to_string(&mut log)
            .expect("a log");
        (self.child.wait().expect("it ends").code(), log)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}

#[test]
fn it_serves_and_stops() {
    let server = Server::start(&[]);
    let answer = server.send(b"GET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n");
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("\r\n\r\nok\n"),
        "{answer}"
    );
    let answer = server.send(b"GET /404 HTTP/1.1\r\nHost: x\r\nUser-Agent: curl/8\r\nAccept: */*\r\nConnection: close\r\n\r\n");
    assert!(
        answer.contains("404 Not Found") && answer.contains("\r\ndate: "),
        "{answer}"
    );
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(
        log.contains("GET /404 200") && log.contains("stopping"),
        "{log}"
    );
}

/// A request without content, on a connection of its own.
fn ask(server: &Server, line: &str) -> String {
    server.send(
        format!(
            "{line} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n\r\n",
            server.address
        )
        .as_bytes(),
    )
}

#[test]
fn the_playground_stands_under_play_beside_the_site() {
    let server = Server::start(&[]);
    let answer = ask(&server, "GET /play/status/503");
    assert!(
        answer.starts_with("HTTP/1.1 503 Service Unavailable\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("link: </503>; rel=\"describedby\"\r\n"),
        "{answer}"
    );
    assert!(ask(&server, "GET /503.txt").contains("503"));
    // The gate in front of both explains what no handler sees.
    let request = format!("GET /404?{} HTTP/1.1\r\nHost: a\r\n\r\n", "a".repeat(9000));
    let answer = server.send(request.as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 414 URI Too Long\r\n"),
        "{answer}"
    );
    assert!(answer.contains("application/problem+json"), "{answer}");
    let (_, log) = server.stop();
    assert!(
        log.contains("GET /play/status/503 503") && !log.contains("ERROR"),
        "{log}"
    );
    let without = Server::start(&["--playground", "off"]);
    assert!(ask(&without, "GET /play/status/503").starts_with("HTTP/1.1 404 "));
}

#[test]
fn the_playground_stands_alone_at_a_prefix() {
    let server = Server::run("playground", &["--prefix", "/httpbin"]);
    let answer = ask(&server, "GET /httpbin/status/302");
    assert!(
        answer.contains("\r\nlocation: /httpbin/redirect/1\r\n"),
        "{answer}"
    );
    assert!(
        answer.contains("link: </httpbin/explain/302>; rel=\"describedby\""),
        "{answer}"
    );
    assert!(ask(&server, "GET /404").starts_with("HTTP/1.1 404 "));
}

#[test]
fn tls_that_is_wrong_stands_on_ports_of_its_own() {
    let server = Server::run("playground", &["--tls-faults"]);
    let list = ask(&server, "GET /tls");
    for name in ["expired", "self-signed", "wrong-host"] {
        assert!(list.contains(name), "{list}");
    }
    let without = Server::run("playground", &[]);
    assert!(ask(&without, "GET /tls").contains("--tls-faults"));
}

#[test]
fn bins_survive_a_kill_in_the_data_folder() {
    let folder = tempfile::tempdir().expect("a folder");
    let data = folder.path().to_str().expect("its name is plain");
    {
        let server = Server::run("playground", &["--data", data]);
        assert!(ask(&server, "PUT /bins/hook").starts_with("HTTP/1.1 201 "));
        assert!(ask(&server, "GET /bin/hook?n=1").contains("\"kept\": 1"));
        assert!(ask(&server, "PUT /bins/hook").starts_with("HTTP/1.1 200 "));
        // Dropping it is a kill.
    }
    let server = Server::run("playground", &["--data", data]);
    let bin = ask(&server, "GET /bins/hook");
    assert!(bin.contains("/bin/hook?n=1"), "{bin}");
    assert!(ask(&server, "DELETE /bins/hook").starts_with("HTTP/1.1 204 "));
    assert!(ask(&server, "GET /bins/hook").starts_with("HTTP/1.1 404 "));
}

#[test]
fn a_second_signal_ends_it_at_once() {
    let server = Server::start(&[]);
    let mut stream = server.connect();
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost:")
        .expect("half a request is taken");
    let id = server.child.id().to_string();
    std::thread::spawn(move || {
        // After the first signal, which `stop` sends, the server waits for the other half.
        std::thread::sleep(Duration::from_millis(500));
        let _ = Command::new("kill").args(["-INT", &id]).status();
    });
    let (code, log) = server.stop();
    assert_eq!(code, Some(0), "{log}");
    assert!(!log.contains("were not finished"), "{log}");
}

#[test]
fn answers_without_content_leave_the_connection_usable() {
    let server = Server::start(&[]);
    let answer = server.send(
        b"HEAD /404 HTTP/1.1\r\nHost: x\r\n\r\nGET /404.json HTTP/1.1\r\nHost: x\r\nIf-None-Match: *\r\n\r\nOPTIONS * HTTP/1.1\r\nHost: x\r\n\r\n\
          POST /404 HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /healthz HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
    );
    let heads: Vec<&str> = answer
        .split("HTTP/1.1 ")
        .skip(1)
        .map(|part| &part[..3])
        .collect();
    assert_eq!(heads, ["200", "304", "204", "405", "200"], "{answer}");
    let head = answer.split("HTTP/1.1 ").nth(1).expect("the HEAD");
    assert!(head.ends_with("\r\n\r\n"), "a HEAD has no content: {head}");
    assert!(
        !head.contains("content-length: 0"),
        "a HEAD tells the length of a GET: {head}"
    );
    let not_modified = answer.split("HTTP/1.1 ").nth(2).expect("the 304");
    assert!(!not_modified.contains("content-length"), "{not_modified}");
}

#[test]
fn what_is_no_http_is_refused_and_the_server_lives() {
    let server = Server::start(&[]);
    for (bytes, status) in [
        (&b"nonsense\r\n\r\n"[..], 400),
        // RFC 9110 §15.6.6.
        (b"GET / HTTP/9.9\r\n\r\n", 505),
        (b"\x16\x03\x01\x00\x05hello", 400),
        (b"GET /\x00 HTTP/1.1\r\nHost: x\r\n\r\n", 400),
    ] {
        let answer = server.send(bytes);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status} ")),
            "{answer}"
        );
    }
    for bytes in [
        &b"GET / HTTP/1.1\r\nAccept: application/json\r\n\r\n"[..],
        b"GET / HTTP/1.1\r\nAccept: application/json\r\nHost: a\r\nHost: b\r\n\r\n",
    ] {
        // RFC 9112 §3.2.
        let answer = server.send(bytes);
        assert!(
            answer.starts_with("HTTP/1.1 400") && answer.contains("\"invalid-request\""),
            "{answer}"
        );
    }
    let many = format!(
        "GET / HTTP/1.1\r\nHost: x\r\n{}\r\n",
        "X-A: b\r\n".repeat(300)
    );
    assert!(server.send(many.as_bytes()).starts_with("HTTP/1.1 431"));
    let long = format!(
        "GET /{} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n",
        "a".repeat(60_000)
    );
    let answer = server.send(long.as_bytes());
    assert!(
        answer.starts_with("HTTP/1.1 404") || answer.starts_with("HTTP/1.1 414"),
        "{answer:.100}"
    );
    assert!(
        server
            .send(b"GET /healthz HTTP/1.0\r\n\r\n")
            .starts_with("HTTP/1.0 200")
    );
}

#[test]
fn a_log_that_nobody_reads_holds_nobody_up() {
    // A pipe takes 64 KiB; the lines about these requests are more.
    const REQUESTS: usize = 800;
    let server = Server::start(&[]);
    let mut stream = server.connect();
    let mut reader = BufReader::new(stream.try_clone().expect("a second handle"));
    let reading = std::thread::spawn(move || {
        let mut answers = String::new();
        reader.read_to_string(&mut answers).expect("answers");
        answers.matches("HTTP/1.1 404").count()
    });
    let request = |field: &str| {
        format!(
            "GET /{} HTTP/1.1\r\nHost: x\r\n{field}\r\n",
            "a".repeat(190)
        )
    };
    for _ in 1..REQUESTS {
        stream
            .write_all(request("").as_bytes())
            .expect("it is taken");
    }
    let last = request("Connection: close\r\n");
    stream.write_all(last.as_bytes()).expect("it is taken");
    assert_eq!(reading.join().expect("the reader ends"), REQUESTS);
}

#[test]
fn settings_reach_the_pages() {
    let server = Server::start(&[
        "--site-name",
        "Kodex & Co",
        "--base-url",
        "https://codes.example.com/",
    ]);
    let answer = server
        .send(b"GET /404 HTTP/1.1\r\nHost: x\r\nAccept: text/html\r\nConnection: close\r\n\r\n");
    assert!(answer.contains("| Kodex &#38; Co</title>"), "{answer}");
    assert!(
        answer.contains("<link rel=\"canonical\" href=\"https://codes.example.com/404\">"),
        "{answer}"
    );
}

#[test]
fn a_port_in_use_names_the_setting() {
    let server = Server::start(&[]);
    let output = siteerror(&["serve", "--listen", &server.address])
        .output()
        .expect("it ends");
    let text = transcript(&output);
    assert!(
        text.starts_with("exit 2\nerror: cannot listen on "),
        "{text}"
    );
    assert!(
        text.contains("setting `listen`, from --listen")
            && text.contains("port 0 picks a free one"),
        "{text}"
    );
    assert_eq!(text.lines().count(), 2, "{text}");
}
