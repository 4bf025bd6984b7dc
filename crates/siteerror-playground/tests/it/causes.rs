//! Every page of a cause: what it says is sent as it stands there, over raw sockets, and what it promises has to come.

mod items;
mod rules;

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use serde_json::Value;
use siteerror_playground::{Options, Playground, Spawned, spawn_with};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};

use crate::ask::{Answer, get, playground, send};

/// Far more than any answer here takes.
const PATIENCE: Duration = Duration::from_mins(1);

const TEXT: &str = "Content-Type: text/plain";
const JSON: &str = "Content-Type: application/json";

async fn put(playground: &Spawned, target: &str, fields: &[&str], content: &str) -> Answer {
    send(
        playground,
        &format!("PUT {target}"),
        fields,
        content.as_bytes(),
    )
    .await
}

/// Sends a request without content.
async fn ask(playground: &Spawned, head: &str, fields: &[&str]) -> Answer {
    send(playground, head, fields, &[]).await
}

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
async fn perform(address: SocketAddr, request: &str) -> Vec<u8> {
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
async fn follow(address: SocketAddr, doing: &Value) -> Vec<Vec<u8>> {
    let requests: Vec<&str> = doing["requests"]
        .as_array()
        .expect("a list")
        .iter()
        .map(|request| request.as_str().expect("a text"))
        .collect();
    if doing["together"] == true {
        let all = requests.iter().map(|request| perform(address, request));
        return futures_util::future::join_all(all).await;
    }
    let mut last = Vec::new();
    for request in requests {
        last = perform(address, request).await;
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
    let told = doing["status"]
        .as_u64()
        .and_then(|status| u16::try_from(status).ok());
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
    let is_right = page["twin"]["status"] == last
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

/// A page as JSON.
async fn page(address: SocketAddr, path: &str) -> Value {
    let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\nConnection: close\r\n\r\n");
    Answer::parse(&perform(address, &request).await).json()
}

/// Does everything that the page of a code says; gives what is wrong with what came.
async fn walk(address: SocketAddr, path: &str) -> Vec<String> {
    let page = page(address, path).await;
    if page["seen"] == "never" {
        assert!(page["provocation"].is_null() && page["twin"].is_null());
        assert!(page["try"].is_null());
        return Vec::new();
    }
    let mut wrong = Vec::new();
    let others = page["others"].as_array().cloned().unwrap_or_default();
    for doing in std::iter::once(&page["provocation"]).chain(&others) {
        let came = follow(address, doing).await;
        wrong.extend(judge(&page, doing, &came).err());
    }
    let came = follow(address, &page["twin"]).await;
    wrong.extend(judge_twin(&page, &came).err());
    wrong
}

#[tokio::test]
async fn every_page_causes_its_code_and_its_twin_does_not() {
    let playground = playground().await;
    let list = get(&playground, "/causes").await.json();
    let list = list["causes"].as_array().expect("a list");
    let codes: Vec<u64> = list.iter().filter_map(|row| row["code"].as_u64()).collect();
    let registered: Vec<u64> = (100..600)
        .filter(|code| {
            siteerror_catalog::catalog()
                .number(u16::try_from(*code).expect("three digits"))
                .is_some()
        })
        .collect();
    assert_eq!(codes, registered);
    let walks = list
        .iter()
        // Its timers are shorter below.
        .filter(|row| row["code"] != 408)
        .map(|row| walk(playground.address(), row["cause"].as_str().expect("a path")));
    let wrong = futures_util::future::join_all(walks).await.concat();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[tokio::test]
async fn a_request_that_stops_is_told_so() {
    let playground = Playground::new(Options::system());
    let mut options = playground.serve_options();
    options.limits.head_deadline = Duration::from_secs(1);
    options.limits.content_deadline = Duration::from_secs(1);
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("loopback has a free port");
    let address = listener.local_addr().expect("it has one");
    let handler = move |request| {
        let playground = playground.clone();
        async move { playground.respond(request).await }
    };
    let server = siteerror_serve::serve(listener, handler, options, std::future::pending());
    let server = tokio::spawn(server);
    assert_eq!(walk(address, "/cause/408").await, Vec::<String>::new());
    server.abort();
}

#[tokio::test]
async fn a_page_comes_in_every_form_and_below_a_prefix() {
    let mut options = Options::system();
    options.prefix = "/p".to_owned();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    for (accept, media_type, part) in [
        (
            "text/html",
            "text/html; charset=utf-8",
            "<h1>428 Precondition Required</h1>",
        ),
        ("text/plain", "text/plain; charset=utf-8", "curl -i -X PUT"),
        ("application/json", "application/json", "\"code\": 428"),
    ] {
        let accept = format!("Accept: {accept}");
        for path in ["/p/cause/428?id=mine", "/p/causes"] {
            let answer = send(&playground, &format!("GET {path}"), &[&accept], &[]).await;
            assert_eq!(answer.status, 200);
            assert_eq!(answer.field("content-type"), media_type);
            if path.contains("428") {
                assert!(answer.text().contains(part), "{}", answer.text());
            }
        }
    }
    for code in [
        101, 103, 201, 202, 205, 300, 307, 402, 431, 451, 506, 510, 511,
    ] {
        let path = format!("/p/cause/{code}");
        let wrong = walk(playground.address(), &path).await;
        assert!(wrong.is_empty(), "{}", wrong.join("\n"));
    }
    let page = get(&playground, "/p/cause/508").await.json();
    let note = page["note"].as_str().expect("a text");
    assert!(note.contains("207 of /p/cause/208."), "{note}");
    let page = get(&playground, "/p/cause/201?id=mine").await.json();
    assert_eq!(page["try"], "/p/cause/201/try");
    assert_eq!(
        page["provocation"]["command"],
        format!(
            "curl -i -X PUT -H 'Content-Type: text/plain' --data-raw 'first' 'http://{}/p/cause/201/try/mine'",
            playground.address()
        )
    );
}

#[tokio::test]
async fn no_name_that_a_client_gives_the_server_gets_into_a_command() {
    let playground = playground().await;
    let request = "GET /cause/405 HTTP/1.1\r\nHost: a';id;'\r\nConnection: close\r\n\r\n";
    let page = Answer::parse(&perform(playground.address(), request).await).json();
    let command = page["provocation"]["command"].as_str().expect("a text");
    assert_eq!(
        command,
        format!(
            "curl -i -X DELETE 'http://{}/cause/405/try'",
            playground.address()
        )
    );
    assert_eq!(get(&playground, "/cause/405?id=a%27b").await.status, 400);
}
