//! Every page of a cause: what it says is sent as it stands there, over raw sockets, and what it promises has to come.

use std::time::Duration;

use serde_json::Value;
use siteerror_playground::{Options, Playground, Spawned};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::ask::{Answer, exchange, get, playground, send};

/// Far more than any answer here takes.
const PATIENCE: Duration = Duration::from_secs(60);

fn head_end(bytes: &[u8]) -> Option<usize> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    Some(end + 4)
}

/// The statuses of all responses in what came over a connection: heads are found by their status lines at the beginning of what is left.
fn statuses(mut bytes: &[u8]) -> Vec<u16> {
    let mut statuses = Vec::new();
    while let Some(end) = head_end(bytes).filter(|_| bytes.starts_with(b"HTTP/1.1 ")) {
        let status: u16 = String::from_utf8_lossy(&bytes[9..12])
            .parse()
            .expect("a status");
        statuses.push(status);
        if status >= 200 || status == 101 {
            break;
        }
        bytes = &bytes[end..];
    }
    statuses
}

/// Reads until a head is whole.
async fn read_head(stream: &mut TcpStream, bytes: &mut Vec<u8>) {
    while head_end(bytes).is_none() {
        let count = tokio::time::timeout(PATIENCE, stream.read_buf(bytes))
            .await
            .expect("a head comes");
        if count.unwrap_or(0) == 0 {
            return;
        }
    }
}

/// Sends a request as a careful client does: announced content waits for the 100, and a switch of protocols ends it.
async fn perform(address: std::net::SocketAddr, request: &str) -> Vec<u8> {
    let socket = TcpSocket::new_v4().expect("there are sockets");
    let mut stream = socket.connect(address).await.expect("it listens");
    let mut bytes = Vec::new();
    let head = head_end(request.as_bytes()).unwrap_or(request.len());
    let (head, content) = request.split_at(head);
    stream
        .write_all(head.as_bytes())
        .await
        .expect("it is taken");
    if head.contains("Expect:") {
        read_head(&mut stream, &mut bytes).await;
        if statuses(&bytes) == [100] {
            stream
                .write_all(content.as_bytes())
                .await
                .expect("it is taken");
        }
    } else if !content.is_empty() {
        // The refusal of what was sent before may be here already.
        let _ = stream.write_all(content.as_bytes()).await;
    }
    read_head(&mut stream, &mut bytes).await;
    if statuses(&bytes).first() == Some(&101) {
        return bytes;
    }
    tokio::time::timeout(PATIENCE, stream.read_to_end(&mut bytes))
        .await
        .expect("the connection ends")
        .ok();
    bytes
}

/// Does what a page says; gives what came for the last request, or for all if they were sent together.
async fn follow(playground: &Spawned, doing: &Value) -> Vec<Vec<u8>> {
    let requests: Vec<&str> = doing["requests"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|request| request.as_str().expect("a text"))
        .collect();
    if doing["together"] == true {
        let all = requests
            .iter()
            .map(|request| perform(playground.address(), request));
        return futures_util::future::join_all(all).await;
    }
    let mut last = Vec::new();
    for request in requests {
        last = perform(playground.address(), request).await;
    }
    vec![last]
}

#[tokio::test]
async fn every_page_causes_its_code_and_its_twin_does_not() {
    let playground = playground().await;
    let list = get(&playground, "/causes").await.json();
    let list = list["causes"].as_array().expect("a list");
    assert!(list.len() >= 62, "every registered code has a row");
    for row in list {
        let code = u16::try_from(row["code"].as_u64().expect("a number")).expect("a code");
        // Its timers are looked at below, with shorter ones.
        if code == 408 {
            continue;
        }
        let page = get(&playground, row["cause"].as_str().expect("a path"))
            .await
            .json();
        if page["seen"] == "never" {
            assert_eq!(
                (&page["provocation"], &page["twin"]),
                (&Value::Null, &Value::Null)
            );
            let answer = get(&playground, &format!("/cause/{code}/try")).await;
            assert_eq!(answer.status, 404, "{code}");
            continue;
        }
        let others = page["others"].as_array().cloned().unwrap_or_default();
        for doing in std::iter::once(&page["provocation"]).chain(&others) {
            let came = follow(&playground, doing).await;
            let text: Vec<_> = came
                .iter()
                .map(|bytes| String::from_utf8_lossy(bytes))
                .collect();
            let seen: Vec<Vec<u16>> = came.iter().map(|bytes| statuses(bytes)).collect();
            let told = u16::try_from(doing["status"].as_u64().expect("a number")).expect("a code");
            match page["seen"].as_str() {
                Some("interim") => {
                    assert!(
                        seen[0].len() > 1 && seen[0][..seen[0].len() - 1].contains(&code),
                        "{code}: {text:?}"
                    );
                    assert_eq!(seen[0].last(), Some(&told), "{code}: {text:?}");
                }
                Some("inside-multistatus") => {
                    assert_eq!(seen[0], [207], "{code}: {text:?}");
                    assert!(
                        text[0].contains(&format!("<D:status>HTTP/1.1 {code} ")),
                        "{text:?}"
                    );
                }
                _ => {
                    assert_eq!(told, code);
                    assert!(
                        seen.iter().any(|statuses| statuses == &[code]),
                        "{code}: {doing} gave {text:?}"
                    );
                }
            }
        }
        let twin = &page["twin"];
        let came = follow(&playground, twin).await;
        let text = String::from_utf8_lossy(&came[0]);
        let last = *statuses(&came[0]).last().expect("an answer");
        assert_eq!(
            Value::from(last),
            twin["status"],
            "{code}: {twin} gave {text}"
        );
        assert!((200..300).contains(&last), "{code}: {text}");
        if page["seen"] == "inside-multistatus" {
            assert!(!text.contains(&format!("HTTP/1.1 {code} ")), "{text}");
        }
    }
}

/// A playground whose timers are short.
async fn impatient() -> Spawned {
    let mut options = Options::system();
    options.prefix = "/p".to_owned();
    siteerror_playground::spawn_with(options)
        .await
        .expect("loopback has a free port")
}

#[tokio::test]
async fn a_page_comes_in_every_form_and_below_a_prefix() {
    let playground = impatient().await;
    for (accept, media_type, part) in [
        (
            "text/html",
            "text/html; charset=utf-8",
            "How to cause 428 Precondition Required",
        ),
        ("text/plain", "text/plain; charset=utf-8", "curl -i -X PUT"),
        ("application/json", "application/json", "\"code\": 428"),
    ] {
        for path in ["/p/cause/428?id=mine", "/p/causes"] {
            let accept = format!("Accept: {accept}");
            let answer = send(&playground, &format!("GET {path}"), &[&accept], &[]).await;
            assert_eq!(
                (answer.status, answer.field("content-type")),
                (200, media_type)
            );
            if path.contains("428") {
                assert!(answer.text().contains(part), "{}", answer.text());
            }
        }
    }
    let page = get(&playground, "/p/cause/201?id=mine").await.json();
    assert_eq!(page["try"], "/p/cause/201/try");
    let answer = send(
        &playground,
        "PUT /p/cause/201/try/mine",
        &["Content-Type: text/plain"],
        b"a",
    )
    .await;
    assert_eq!(
        (answer.status, answer.field("location")),
        (201, "/p/cause/201/try/mine")
    );
}
