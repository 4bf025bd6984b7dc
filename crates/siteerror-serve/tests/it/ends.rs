//! How connections end and change: hang-ups, lingering, upgrades, the stop of the server, and interims that are held back.

use std::future::Future;
use std::time::Duration;

use bytes::Bytes;
use http::header::{CONNECTION, UPGRADE};
use http::{Method, Request, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use hyper_util::rt::TokioIo;
use siteerror_serve::{Incoming, Options, Refused, Wire, serve, serve_stream};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;
use tokio::sync::{mpsc, oneshot};

use crate::{connect, exchange, gated, rest, start};

fn wire(request: &Request<Incoming>) -> Wire {
    request.body().wire().clone()
}

fn options() -> [Options; 2] {
    [Options::default(), gated()]
}

fn empty() -> Response<Full<Bytes>> {
    Response::new(Full::new(Bytes::new()))
}

async fn soon<F: Future>(future: F) -> F::Output {
    tokio::time::timeout(Duration::from_secs(20), future)
        .await
        .expect("it happens")
}

#[tokio::test]
async fn a_handler_hears_that_the_client_hung_up() {
    for options in options() {
        for elsewhere in [false, true] {
            let (tell, mut told) = mpsc::unbounded_channel();
            let handler = move |request: Request<Incoming>| {
                let (wire, tell) = (wire(&request), tell.clone());
                async move {
                    tell.send("asked").expect("the test listens");
                    let watching = async move {
                        wire.hung_up().await;
                        tell.send("hung up").expect("the test listens");
                    };
                    if elsewhere {
                        // Who waits may be another task, while the handler waits for something else.
                        tokio::spawn(watching);
                        std::future::pending::<()>().await;
                    } else {
                        watching.await;
                    }
                    empty()
                }
            };
            let address = start(handler, options.clone()).await;
            let mut stream = connect(address, None).await;
            stream
                .write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\nGET /next HTT")
                .await
                .expect("it is taken");
            assert_eq!(soon(told.recv()).await, Some("asked"));
            drop(stream);
            assert_eq!(soon(told.recv()).await, Some("hung up"));
        }
    }
}

#[tokio::test]
async fn what_was_read_ahead_is_not_lost() {
    for options in options() {
        let handler = |request: Request<Incoming>| async move {
            let wire = wire(&request);
            let path = request.uri().path().to_owned();
            let hung_up = async {
                tokio::time::timeout(Duration::from_millis(50), wire.hung_up())
                    .await
                    .is_ok()
            };
            let hung_up = path == "/first" && hung_up.await;
            let content = request
                .into_body()
                .collect()
                .await
                .expect("content")
                .to_bytes();
            Response::new(Full::from(format!(
                "{path} {hung_up} {}",
                content.escape_ascii()
            )))
        };
        let requests = "POST /first HTTP/1.1\r\nHost: x\r\nContent-Length: 3\r\n\r\nabcGET /last HTTP/1.0\r\n\r\n";
        let address = start(handler, options).await;
        for cut in 50..requests.len() {
            let mut stream = connect(address, None).await;
            let (first, second) = requests.split_at(cut);
            stream
                .write_all(first.as_bytes())
                .await
                .expect("it is taken");
            tokio::time::sleep(Duration::from_millis(1)).await;
            stream
                .write_all(second.as_bytes())
                .await
                .expect("it is taken");
            let (answer, _) = rest(&mut stream).await;
            assert!(
                answer.contains("/first false abc") && answer.ends_with("/last false "),
                "cut at {cut}: {answer}"
            );
        }
    }
}

#[tokio::test]
async fn an_answer_reaches_who_is_still_sending() {
    for options in options() {
        let handler = |_| async { Response::new(Full::from("enough")) };
        let address = start(handler, options).await;
        let mut stream = connect(address, None).await;
        let head = "POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 900000\r\n\r\n";
        stream
            .write_all(head.as_bytes())
            .await
            .expect("it is taken");
        let (mut reader, mut writer) = stream.split();
        let sending = writer.write_all(&[b'x'; 9000]);
        sending.await.expect("it is taken");
        tokio::time::sleep(Duration::from_millis(50)).await;
        for _ in 0..50 {
            // A reset would show here, or take the answer away below.
            writer.write_all(&[b'x'; 9000]).await.expect("it is taken");
        }
        let mut answer = String::new();
        reader.read_to_string(&mut answer).await.expect("no reset");
        assert!(answer.ends_with("enough"), "{answer}");
    }
}

#[tokio::test]
async fn the_refusal_of_a_flood_is_read() {
    let address = start(async |_| empty(), gated()).await;
    let flood = format!("GET / HTTP/1.1\r\nA: {}", "a".repeat(900_000));
    let (answer, error) = exchange(address, &flood).await;
    assert!(answer.starts_with("HTTP/1.1 431 "), "{answer}");
    assert_eq!(error, None);
}

#[tokio::test]
async fn a_continue_is_sent_when_content_is_read_and_kept_when_not() {
    let handler = |request: Request<Incoming>| async move {
        let wire = wire(&request);
        match request.uri().path() {
            "/withheld" => wire.withhold_continue(),
            "/late" => {
                wire.withhold_continue();
                wire.interim(102, "Processing", &[])
                    .await
                    .expect("the client is there");
                wire.interim(100, "Continue", &[])
                    .await
                    .expect("the client is there");
            }
            "/refused" => return Response::new(Full::from("refused")),
            _ => {}
        }
        let content = request.into_body().collect().await.expect("content");
        Response::new(Full::from(content.to_bytes()))
    };
    for options in options() {
        let address = start(handler, options).await;
        for (path, before) in [
            ("/usual", "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
            ("/withheld", "HTTP/1.1 200 OK\r\n"),
            (
                "/late",
                "HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n",
            ),
            ("/refused", "HTTP/1.1 200 OK\r\n"),
        ] {
            let head = format!(
                "POST {path} HTTP/1.1\r\nHost: x\r\nExpect: 100-continue\r\nConnection: close\r\nContent-Length: 3\r\n\r\n"
            );
            // With the content at once, and after a while.
            for pause in [0, 20] {
                let mut stream = connect(address, None).await;
                stream
                    .write_all(head.as_bytes())
                    .await
                    .expect("it is taken");
                tokio::time::sleep(Duration::from_millis(pause)).await;
                stream.write_all(b"abc").await.expect("it is taken");
                let (answer, _) = rest(&mut stream).await;
                assert!(answer.starts_with(before), "{path}: {answer}");
                let content = if path == "/refused" {
                    "\r\n\r\nrefused"
                } else {
                    "\r\n\r\nabc"
                };
                assert!(answer.ends_with(content), "{path}: {answer}");
            }
        }
    }
}

/// Takes an upgrade to an echo, and a tunnel; sends everybody else away.
async fn upgrade(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let mut response = empty();
    let is_tunnel = request.method() == Method::CONNECT;
    if !is_tunnel
        && request
            .headers()
            .get(UPGRADE)
            .is_none_or(|protocol| protocol != "echo")
    {
        return Response::new(Full::from("no"));
    }
    tokio::spawn(async move {
        let upgraded = hyper::upgrade::on(request).await.expect("an upgrade");
        let (mut reader, mut writer) = tokio::io::split(TokioIo::new(upgraded));
        tokio::io::copy(&mut reader, &mut writer)
            .await
            .expect("an echo");
        writer.write_all(b"bye").await.expect("the client is there");
        writer.shutdown().await.expect("the client is there");
    });
    if !is_tunnel {
        *response.status_mut() = StatusCode::SWITCHING_PROTOCOLS;
        let headers = response.headers_mut();
        headers.insert(CONNECTION, "upgrade".parse().expect("a value"));
        headers.insert(UPGRADE, "echo".parse().expect("a value"));
    }
    response
}

const SWITCH: &str = "GET / HTTP/1.1\r\nHost: x\r\nConnection: upgrade\r\nUpgrade: ";

#[tokio::test]
async fn another_protocol_takes_over() {
    for options in options() {
        let address = start(upgrade, options).await;
        let tunnel = "CONNECT x:1 HTTP/1.1\r\nHost: x:1\r\n\r\n".to_owned();
        for request in [format!("{SWITCH}echo\r\n\r\n"), tunnel] {
            let mut stream = connect(address, None).await;
            // Bytes of the other protocol may come with the request, and are no request.
            let all = format!("{request}not \r HTTP\0");
            stream.write_all(all.as_bytes()).await.expect("it is taken");
            tokio::time::sleep(Duration::from_millis(20)).await;
            stream.write_all(b" at all").await.expect("it is taken");
            stream.shutdown().await.expect("half of it is closed");
            let (answer, error) = rest(&mut stream).await;
            assert!(
                answer.ends_with("\r\n\r\nnot \r HTTP\0 at allbye"),
                "{answer}"
            );
            assert_eq!(error, None);
        }
    }
}

#[tokio::test]
async fn a_refused_upgrade_leaves_http() {
    for options in options() {
        let address = start(upgrade, options).await;
        let request = format!("{SWITCH}other\r\n\r\n");
        let (answer, _) = exchange(
            address,
            &format!("{request}{request}GET / HTTP/1.0\r\n\r\n"),
        )
        .await;
        assert_eq!(answer.matches("\r\n\r\nno").count(), 3, "{answer}");
    }
}

#[tokio::test]
async fn an_upgraded_connection_hears_of_the_stop() {
    for options in options() {
        let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
        let address = listener.local_addr().expect("an address");
        let (stop, stopped) = oneshot::channel::<()>();
        let server = tokio::spawn(serve(listener, upgrade, options, async {
            let _ = stopped.await;
        }));
        let mut idle = connect(address, None).await;
        idle.write_all(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
            .await
            .expect("it is taken");
        let mut stream = connect(address, None).await;
        stream
            .write_all(format!("{SWITCH}echo\r\n\r\nhi").as_bytes())
            .await
            .expect("it is taken");
        let mut answer = Vec::new();
        while !answer.ends_with(b"hi") {
            assert_ne!(
                soon(stream.read_buf(&mut answer)).await.expect("an echo"),
                0
            );
        }
        stop.send(()).expect("the server waits for it");
        let (bye, error) = rest(&mut stream).await;
        assert_eq!((bye.as_str(), error), ("bye", None));
        let (answer, error) = rest(&mut idle).await;
        assert!(answer.ends_with("no"), "{answer}");
        assert_eq!(error, None);
        soon(server).await.expect("the server ends");
    }
}

#[tokio::test]
async fn a_stream_in_memory_is_served() {
    for options in options() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 10);
        let handler = |request: Request<Incoming>| async move {
            let wire = wire(&request);
            assert_eq!(wire.version(), http::Version::HTTP_10);
            assert_eq!(wire.reset_stream(0).await, Err(Refused::Version));
            // RFC 9110 §15.2: HTTP/1.0 has no interim responses.
            wire.interim(103, "Early Hints", &[])
                .await
                .expect_err("nobody would understand it");
            Response::new(Full::from("here"))
        };
        theirs
            .write_all(b"GET / HTTP/1.0\r\n\r\n")
            .await
            .expect("it is taken");
        theirs.shutdown().await.expect("half of it is closed");
        let mut answer = String::new();
        let ((), read) = tokio::join!(
            serve_stream(ours, handler, &options),
            theirs.read_to_string(&mut answer)
        );
        read.expect("text");
        assert!(answer.ends_with("here"), "{answer}");
    }
}
