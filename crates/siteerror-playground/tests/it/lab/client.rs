//! A client that does exactly what it is told, on a connection that it keeps as long as it can.

use std::time::Duration;

use siteerror_playground::Spawned;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;

use crate::ask::{Answer, connect};

/// Far more than any step takes.
const PATIENCE: Duration = Duration::from_mins(1);

pub(super) struct Client<'a> {
    pub(super) playground: &'a Spawned,
    pub(super) lab: &'static str,
    stream: Option<TcpStream>,
    /// What came and is not taken yet.
    arrived: Vec<u8>,
}

impl<'a> Client<'a> {
    pub(super) fn new(playground: &'a Spawned, lab: &'static str) -> Self {
        Self {
            playground,
            lab,
            stream: None,
            arrived: Vec::new(),
        }
    }

    /// Gives the connection up.
    pub(super) fn leave(&mut self) {
        self.stream = None;
        self.arrived.clear();
    }

    pub(super) async fn get(&mut self, path: &str, fields: &[&str]) -> Answer {
        self.write(&self.request("GET", path, fields, b"")).await;
        self.read(true).await
    }

    pub(super) async fn post(&mut self, path: &str, fields: &[&str], content: &[u8]) -> Answer {
        let length = format!("Content-Length: {}", content.len());
        let fields = [fields, &[&length]].concat();
        self.write(&self.request("POST", path, &fields, content))
            .await;
        self.read(true).await
    }

    pub(super) async fn head(&mut self, path: &str) {
        self.write(&self.request("HEAD", path, &[], b"")).await;
        let answer = self.read(false).await;
        assert_eq!(answer.field("content-length"), "1000");
    }

    /// An answer that nobody asked for.
    pub(super) async fn unasked(&mut self) -> Answer {
        self.read(true).await
    }

    /// Fetches, and then the URL that the answer has in its first line.
    pub(super) async fn read_proof(&mut self, path: &str, fields: &[&str]) {
        let text = self.get(path, fields).await.text();
        let url = text.lines().next().expect("there is a line");
        let base = format!("http://{}/lab/{}/", self.playground.address(), self.lab);
        let path = url.strip_prefix(&base).expect("it is one of the lab");
        assert_eq!(self.get(path, &[]).await.status, 200);
    }

    /// Asks and gets no answer that it could take.
    pub(super) async fn lost(&mut self, method: &str, path: &str) {
        self.write(&self.request(method, path, &[], b"")).await;
        let stream = self.stream.as_mut().expect("it is connected");
        // A reset is an end too.
        let _ = within(stream.read_to_end(&mut Vec::new())).await;
        self.leave();
    }

    /// Sends content only once it is asked to.
    pub(super) async fn asks_first(&mut self, path: &str, bytes: usize) {
        let length = format!("Content-Length: {bytes}");
        let fields = ["Expect: 100-continue", &length];
        self.write(&self.request("POST", path, &fields, b"")).await;
        while !self.arrived.ends_with(b"\r\n\r\n") {
            self.more().await;
        }
        assert!(self.arrived.starts_with(b"HTTP/1.1 100 Continue\r\n"));
        self.arrived.clear();
        self.write(&vec![b'x'; bytes]).await;
        assert_eq!(self.read(true).await.status, 200);
    }

    /// Begins to send, sees the answer, and stops.
    pub(super) async fn stops(&mut self, path: &str, bytes: usize) {
        self.sends(path, bytes, 1000).await;
    }

    /// Sends all, whatever comes, and looks for the answer only then.
    pub(super) async fn goes_on(&mut self, path: &str, bytes: usize) {
        self.sends(path, bytes, bytes).await;
    }

    /// Announces content, sends so much of it, and then waits until the server has seen enough.
    async fn sends(&mut self, path: &str, announced: usize, sent: usize) {
        let length = format!("Content-Length: {announced}");
        let content = vec![b'x'; sent];
        self.write(&self.request("POST", path, &[&length], &content))
            .await;
        let stream = self.stream.as_mut().expect("it is connected");
        stream.shutdown().await.expect("it is open");
        let mut answer = Vec::new();
        // A reset is an end too.
        let _ = within(stream.read_to_end(&mut answer)).await;
        assert_eq!(Answer::parse(&answer).status, 413);
        self.leave();
    }

    fn request(&self, method: &str, path: &str, fields: &[&str], content: &[u8]) -> Vec<u8> {
        let mut request = format!(
            "{method} /lab/{}/{path} HTTP/1.1\r\nHost: {}\r\nUser-Agent: scripted/1\r\n",
            self.lab,
            self.playground.address()
        );
        for field in fields {
            request.push_str(field);
            request.push_str("\r\n");
        }
        request.push_str("\r\n");
        let mut request = request.into_bytes();
        request.extend_from_slice(content);
        request
    }

    async fn write(&mut self, bytes: &[u8]) {
        if self.stream.is_none() {
            self.stream = Some(connect(self.playground).await);
        }
        let stream = self.stream.as_mut().expect("it is connected");
        within(stream.write_all(bytes)).await.expect("it is taken");
    }

    /// Reads more; whether there was any.
    async fn more(&mut self) -> bool {
        let stream = self.stream.as_mut().expect("it is connected");
        let count = within(stream.read_buf(&mut self.arrived)).await;
        count.expect("the connection is not reset") > 0
    }

    /// The next final response.
    async fn read(&mut self, has_content: bool) -> Answer {
        loop {
            let end = self.arrived.windows(4).position(|end| end == b"\r\n\r\n");
            let Some(end) = end else {
                assert!(self.more().await, "an answer comes");
                continue;
            };
            if self.arrived.starts_with(b"HTTP/1.1 1") {
                self.arrived.drain(..end + 4);
                continue;
            }
            let head = String::from_utf8_lossy(&self.arrived[..end]).to_ascii_lowercase();
            let is_chunked = head.contains("\r\ntransfer-encoding: chunked");
            let closes = head.contains("\r\nconnection: close");
            let length = head.lines().find_map(|line| {
                let length = line.strip_prefix("content-length: ")?;
                length.trim().parse::<usize>().ok()
            });
            let size = if has_content { length.unwrap_or(0) } else { 0 };
            let is_whole = if is_chunked {
                // With a trailer section behind the last chunk.
                self.arrived.ends_with(b"\r\n\r\n") && self.arrived.len() > end + 4
            } else {
                self.arrived.len() >= end + 4 + size
            };
            if !is_whole {
                assert!(self.more().await, "the whole answer comes");
                continue;
            }
            let answer = if is_chunked {
                let bytes = std::mem::take(&mut self.arrived);
                Answer::parse(&without_extensions(&bytes, end + 4))
            } else {
                Answer::parse(&self.arrived.drain(..end + 4 + size).collect::<Vec<u8>>())
            };
            if closes {
                self.leave();
            }
            return answer;
        }
    }
}

/// RFC 9112 §7.1.1: what stands behind the size of a chunk is to be ignored.
fn without_extensions(bytes: &[u8], content: usize) -> Vec<u8> {
    let (head, mut rest) = bytes.split_at(content);
    let mut plain = head.to_vec();
    loop {
        let line = rest
            .windows(2)
            .position(|end| end == b"\r\n")
            .expect("a line");
        let size = rest[..line]
            .split(|byte| *byte == b';')
            .next()
            .expect("a size");
        let size = std::str::from_utf8(size).expect("hex");
        let bytes = usize::from_str_radix(size, 16).expect("hex");
        plain.extend_from_slice(size.as_bytes());
        plain.extend_from_slice(&rest[line..line + 2 + bytes + 2]);
        rest = &rest[line + 2 + bytes + 2..];
        if bytes == 0 {
            return plain;
        }
    }
}

async fn within<T>(what: impl Future<Output = T>) -> T {
    tokio::time::timeout(PATIENCE, what)
        .await
        .expect("it ends in time")
}
