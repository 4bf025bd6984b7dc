//! What a handler asks of its connection, seen from a raw socket.

use std::net::SocketAddr;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};
use http_body_util::Full;
use siteerror_serve::{Ending, Incoming, InvalidInterim, Options};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

use crate::{connect, exchange};

const PAGE_BYTES: usize = 12_000;

/// Answers by the path of the request.
async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let wire = request.body().wire().clone();
    let content = match request.uri().path() {
        "/page" => Bytes::from(vec![b'p'; PAGE_BYTES]),
        "/interims" => {
            for (status, reason, fields) in [
                (100, "Continue", &[][..]),
                (102, "Processing", &[]),
                (
                    103,
                    "Early Hints",
                    &[
                        ("Link", "</a.css>; rel=preload"),
                        ("Link", "</b.js>; rel=preload"),
                    ],
                ),
                (199, "Nearly", &[]),
            ] {
                wire.interim(status, reason, fields)
                    .await
                    .expect("the client is there");
            }
            Bytes::from_static(b"done")
        }
        "/refused" => {
            assert_eq!(
                wire.interim(200, "OK", &[]).await,
                Err(InvalidInterim::Status(200))
            );
            for (name, value) in [("A", "b\r\nC: d"), ("A b", "c"), ("", "c"), ("A", "\0")] {
                assert!(matches!(
                    wire.interim(103, "x", &[(name, value)]).await,
                    Err(InvalidInterim::Bytes(_))
                ));
            }
            assert!(wire.interim(103, "a\nb", &[]).await.is_err());
            Bytes::from_static(b"none of it was sent")
        }
        "/close" => {
            wire.close(Ending::Fin).await.expect("the client is there");
            Bytes::from_static(b"never seen")
        }
        "/reset" => {
            wire.close(Ending::Reset)
                .await
                .expect("the client is there");
            Bytes::from_static(b"never seen")
        }
        "/truncate" => {
            wire.truncate(10, Ending::Fin)
                .await
                .expect("the client is there");
            Bytes::from_static(b"0123456789abcdefghijklmnopqrstuvwxyz")
        }
        "/truncate-nothing" => {
            wire.truncate(1000, Ending::Fin)
                .await
                .expect("the client is there");
            Bytes::from_static(b"shorter than the cut")
        }
        "/raw" => {
            wire.raw(b"HTTP/1.1 42 Answer\nno such thing\r\n\r\n")
                .await
                .expect("the client is there");
            wire.close(Ending::Fin).await.expect("the client is there");
            Bytes::new()
        }
        _ => Bytes::from_static(b"plain"),
    };
    Response::new(Full::new(content))
}

async fn start() -> SocketAddr {
    crate::start(answer, Options::default()).await
}

fn get(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\n\r\n")
}

fn last(path: &str) -> String {
    format!("GET {path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n")
}

#[tokio::test]
async fn interim_responses_arrive_in_order_and_to_the_byte() {
    let (answer, _) = exchange(start().await, &last("/interims")).await;
    let interims = "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Early Hints\r\nLink: </a.css>; rel=preload\r\n\
                    Link: </b.js>; rel=preload\r\n\r\nHTTP/1.1 199 Nearly\r\n\r\nHTTP/1.1 200 OK\r\n";
    assert!(answer.starts_with(interims), "{answer}");
    assert!(answer.ends_with("\r\n\r\ndone"), "{answer}");
}

#[tokio::test]
async fn pipelined_responses_stay_whole_around_interims() {
    let address = start().await;
    let mut stream = connect(address, Some(4096)).await;
    let (mut reader, mut writer) = stream.split();
    let mut requests = get("/page").repeat(300);
    requests.push_str(&get("/interims"));
    requests.push_str(&last("/plain"));
    let mut answer = Vec::new();
    let (sent, read) = tokio::join!(
        writer.write_all(requests.as_bytes()),
        reader.read_to_end(&mut answer)
    );
    sent.expect("it is taken");
    read.expect("an answer");
    let answer = String::from_utf8(answer).expect("text");
    let parts: Vec<&str> = answer.split("HTTP/1.1 ").skip(1).collect();
    let codes: Vec<&str> = parts.iter().map(|part| &part[..3]).collect();
    assert_eq!(codes[..300], ["200"; 300]);
    assert_eq!(codes[300..], ["100", "102", "103", "199", "200", "200"]);
    let page = "p".repeat(PAGE_BYTES);
    assert!(
        parts[..300]
            .iter()
            .all(|part| part.ends_with(&format!("\r\n\r\n{page}")))
    );
}

#[tokio::test]
async fn who_has_no_more_to_say_still_hears_the_answer() {
    let mut stream = connect(start().await, None).await;
    stream
        .write_all(get("/plain").as_bytes())
        .await
        .expect("it is taken");
    stream.shutdown().await.expect("half of it is closed");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.ends_with("plain"), "{answer}");
}

#[tokio::test]
async fn a_head_without_end_is_refused() {
    let head = format!(
        "GET / HTTP/1.1\r\nHost: x\r\nA: {}\r\n\r\n",
        "a".repeat(300 * 1024)
    );
    let (answer, _) = exchange(start().await, &head).await;
    assert!(
        answer.is_empty() || answer.starts_with("HTTP/1.1 431 "),
        "{answer}"
    );
}

#[tokio::test]
async fn what_no_client_could_read_is_refused() {
    let (answer, _) = exchange(start().await, &last("/refused")).await;
    assert!(
        answer.starts_with("HTTP/1.1 200 OK\r\n") && answer.ends_with("none of it was sent"),
        "{answer}"
    );
}

#[tokio::test]
async fn a_closed_connection_ends_without_a_byte() {
    assert_eq!(
        exchange(start().await, &get("/close")).await,
        (String::new(), None)
    );
}

#[tokio::test]
async fn a_reset_is_a_reset() {
    let (answer, error) = exchange(start().await, &get("/reset")).await;
    assert_eq!(
        (answer.as_str(), error),
        ("", Some(std::io::ErrorKind::ConnectionReset))
    );
}

#[tokio::test]
async fn a_truncated_response_ends_where_it_was_told() {
    let (answer, error) = exchange(start().await, &get("/truncate")).await;
    assert!(answer.contains("content-length: 36\r\n"), "{answer}");
    assert!(answer.ends_with("\r\n\r\n0123456789"), "{answer}");
    assert_eq!(error, None);
}

#[tokio::test]
async fn bytes_leave_as_they_are() {
    let (answer, _) = exchange(start().await, &get("/raw")).await;
    assert_eq!(answer, "HTTP/1.1 42 Answer\nno such thing\r\n\r\n");
}

#[tokio::test]
async fn faults_touch_no_other_response() {
    // More than the buffers between the two sides hold, so that earlier responses are still waiting when the fault is asked for.
    const PAGES: usize = 300;
    let address = start().await;
    let mut bystander = connect(address, None).await;
    for path in ["/close", "/truncate", "/raw", "/truncate-nothing"] {
        let mut stream = connect(address, Some(4096)).await;
        let (mut reader, mut writer) = stream.split();
        let requests = format!(
            "{}{}{}",
            get("/page").repeat(PAGES),
            get(path),
            get("/plain")
        );
        let mut answer = Vec::new();
        let reading = async {
            // Let the server run into a full buffer first.
            tokio::time::sleep(Duration::from_millis(300)).await;
            reader.read_to_end(&mut answer).await
        };
        let (_, read) = tokio::join!(writer.write_all(requests.as_bytes()), reading);
        // The client's last requests may meet a closed socket; what was answered has arrived all the same.
        drop(read);
        let answer = String::from_utf8(answer).expect("text");
        // Before the fault every response is whole; after it there is none.
        let page = format!("\r\n\r\n{}", "p".repeat(PAGE_BYTES));
        assert_eq!(answer.matches(&page).count(), PAGES, "{path}");
        assert!(!answer.ends_with("plain"), "{path}");
    }
    bystander
        .write_all(last("/plain").as_bytes())
        .await
        .expect("it is still open");
    let mut answer = String::new();
    bystander
        .read_to_string(&mut answer)
        .await
        .expect("an answer");
    assert!(answer.ends_with("plain"), "{answer}");
}
