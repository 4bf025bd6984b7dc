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

/// What is wrong with what came of a page's provocation.
fn judge(page: &Value, doing: &Value, came: &[Vec<u8>]) -> Result<(), String> {
    let code = u16::try_from(page["code"].as_u64().expect("a number")).expect("a code");
    let texts: Vec<_> = came
        .iter()
        .map(|bytes| String::from_utf8_lossy(bytes))
        .collect();
    let seen: Vec<Vec<u16>> = came.iter().map(|bytes| statuses(bytes)).collect();
    let told = doing["status"].as_u64().map(|status| status as u16);
    let first = seen[0].split_last().ok_or("no answer")?;
    let is_right = match page["seen"].as_str() {
        Some("interim") => first.1.contains(&code) && Some(*first.0) == told,
        Some("inside-multistatus") => {
            seen[0] == [207]
                && told == Some(207)
                && texts[0].contains(&format!("<D:status>HTTP/1.1 {code} "))
        }
        // No interim response goes ahead of it, either.
        _ => told == Some(code) && seen.iter().any(|statuses| statuses == &[code]),
    };
    if is_right {
        Ok(())
    } else {
        Err(format!("{code}: {} gave {texts:#?}", doing["requests"]))
    }
}

/// What is wrong with what came of a page's twin.
fn judge_twin(page: &Value, came: &[Vec<u8>]) -> Result<(), String> {
    let text = String::from_utf8_lossy(&came[0]);
    let code = &page["code"];
    let seen = statuses(&came[0]);
    let last = seen.last().copied().ok_or("no answer")?;
    let is_right = Value::from(last) == page["twin"]["status"]
        && (200..300).contains(&last)
        && (page["seen"] != "interim" || seen.len() == 1)
        && !text.contains(&format!("<D:status>HTTP/1.1 {code} "));
    if is_right {
        Ok(())
    } else {
        Err(format!(
            "twin of {code}: {} gave {text}",
            page["twin"]["requests"]
        ))
    }
}

/// Walks the pages of these codes.
async fn walk(playground: &Spawned, is_wanted: impl Fn(u64) -> bool) {
    let list = get(playground, "/causes").await.json();
    let list = list["causes"].as_array().expect("a list");
    assert!(list.len() >= 62, "every registered code has a row");
    let mut wrong = Vec::new();
    for row in list {
        if !is_wanted(row["code"].as_u64().expect("a number")) {
            continue;
        }
        let path = row["cause"].as_str().expect("a path");
        let page = get(playground, path).await.json();
        if page["seen"] == "never" {
            assert!(page["provocation"].is_null() && page["twin"].is_null());
            let answer = get(playground, &format!("{path}/try")).await;
            assert_eq!(answer.status, 404, "{path}");
            continue;
        }
        let others = page["others"].as_array().cloned().unwrap_or_default();
        for doing in std::iter::once(&page["provocation"]).chain(&others) {
            let came = follow(playground, doing).await;
            wrong.extend(judge(&page, doing, &came).err());
        }
        let came = follow(playground, &page["twin"]).await;
        wrong.extend(judge_twin(&page, &came).err());
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn every_page_causes_its_code_and_its_twin_does_not() {
    // 408 waits for timers, which are shorter below.
    walk(&playground().await, |code| code != 408).await;
}

/// A playground below a prefix.
async fn prefixed() -> Spawned {
    let mut options = Options::system();
    options.prefix = "/p".to_owned();
    siteerror_playground::spawn_with(options)
        .await
        .expect("loopback has a free port")
}

#[tokio::test]
async fn a_page_comes_in_every_form_and_below_a_prefix() {
    let playground = prefixed().await;
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
