//! Asking over a raw socket, so that nothing is hidden.

use std::time::Duration;

use siteerror_playground::{Spawned, spawn};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};

/// Far more than any answer takes that is not held back on purpose.
const PATIENCE: Duration = Duration::from_mins(1);

/// A playground of the test's own.
pub(crate) async fn playground() -> Spawned {
    spawn().await.expect("loopback has a free port")
}

pub(crate) async fn connect(playground: &Spawned) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("there are sockets");
    socket
        .connect(playground.address())
        .await
        .expect("it listens")
}

/// Sends bytes and reads until the server closes; a reset ends it too.
pub(crate) async fn exchange(playground: &Spawned, request: &[u8]) -> Vec<u8> {
    let mut stream = connect(playground).await;
    stream.write_all(request).await.expect("it is taken");
    let mut answer = Vec::new();
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut answer))
        .await
        .expect("the connection ends")
        .ok();
    answer
}

/// A response, taken apart just as far as tests need.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: u16,
    pub(crate) reason: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) content: Vec<u8>,
}

impl Answer {
    /// Of the bytes of one response; chunked content is put together.
    pub(crate) fn parse(bytes: &[u8]) -> Self {
        let end = bytes
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .unwrap_or_else(|| panic!("no head in {:?}", String::from_utf8_lossy(bytes)));
        let head = String::from_utf8_lossy(&bytes[..end]).into_owned();
        let mut lines = head.split("\r\n");
        let line = lines.next().expect("there is a first line");
        let mut parts = line.splitn(3, ' ');
        assert_eq!(parts.next(), Some("HTTP/1.1"), "{line}");
        let status = parts
            .next()
            .and_then(|status| status.parse().ok())
            .expect("a status");
        let reason = parts.next().unwrap_or_default().to_owned();
        let fields: Vec<(String, String)> = lines
            .map(|line| line.split_once(": ").unwrap_or((line, "")))
            .map(|(name, value)| (name.to_ascii_lowercase(), value.to_owned()))
            .collect();
        let mut content = bytes[end + 4..].to_vec();
        if fields.contains(&("transfer-encoding".to_owned(), "chunked".to_owned())) {
            content = unchunked(&content);
        }
        Self {
            status,
            reason,
            fields,
            content,
        }
    }

    /// The value of a field; empty if it is missing.
    pub(crate) fn field(&self, name: &str) -> &str {
        self.fields
            .iter()
            .find(|(known, _)| known == name)
            .map_or("", |(_, value)| value)
    }

    pub(crate) fn text(&self) -> String {
        String::from_utf8_lossy(&self.content).into_owned()
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.content)
            .unwrap_or_else(|error| panic!("{error} in {}", self.text()))
    }
}

fn unchunked(mut rest: &[u8]) -> Vec<u8> {
    let mut content = Vec::new();
    loop {
        let end = rest
            .windows(2)
            .position(|window| window == b"\r\n")
            .expect("a chunk has a size line");
        let size = std::str::from_utf8(&rest[..end]).expect("hex");
        let size = usize::from_str_radix(size, 16).expect("hex");
        if size == 0 {
            return content;
        }
        content.extend_from_slice(&rest[end + 2..end + 2 + size]);
        rest = &rest[end + 2 + size + 2..];
    }
}

/// A request with fields and content, on a connection of its own. `head` is such as `GET /get` or `POST /post`.
pub(crate) async fn send(
    playground: &Spawned,
    head: &str,
    fields: &[&str],
    content: &[u8],
) -> Answer {
    let mut request = format!(
        "{head} HTTP/1.1\r\nHost: {}\r\nConnection: close\r\n",
        playground.address()
    );
    for field in fields {
        request.push_str(field);
        request.push_str("\r\n");
    }
    if !content.is_empty() {
        request.push_str("Content-Length: ");
        request.push_str(&content.len().to_string());
        request.push_str("\r\n");
    }
    request.push_str("\r\n");
    let mut request = request.into_bytes();
    request.extend_from_slice(content);
    Answer::parse(&exchange(playground, &request).await)
}

/// A GET without anything special.
pub(crate) async fn get(playground: &Spawned, target: &str) -> Answer {
    send(playground, &format!("GET {target}"), &[], &[]).await
}
