//! Faults, interim responses and expectations over HTTP/2, seen by the client of the h2 library.

use std::future::poll_fn;

use bytes::Bytes;
use h2::client::{ResponseFuture, SendRequest};
use h2::{Reason, RecvStream, SendStream};
use http::{HeaderMap, Request};
use siteerror_playground::{Spawned, Versions, faults};
use tokio::task::JoinHandle;

use crate::ask::{connect, playground};

struct Client {
    send: SendRequest<Bytes>,
    connection: JoinHandle<Result<(), h2::Error>>,
}

/// What came of a request.
struct Got {
    interims: Vec<(u16, HeaderMap)>,
    status: u16,
    fields: HeaderMap,
    content: Vec<u8>,
    /// Why the content broke off, if it did.
    broke: Option<Reason>,
}

impl Client {
    async fn new(playground: &Spawned) -> Self {
        let stream = connect(playground).await;
        let (send, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
        let connection = tokio::spawn(connection);
        Self { send, connection }
    }

    async fn begin(
        &mut self,
        method: &str,
        target: &str,
        expects: bool,
    ) -> (ResponseFuture, SendStream<Bytes>) {
        poll_fn(|context| self.send.poll_ready(context))
            .await
            .expect("a place for a stream");
        let mut request = Request::builder()
            .method(method)
            .uri(format!("http://example.test{target}"));
        if expects {
            request = request.header("expect", "100-continue");
        }
        let request = request.body(()).expect("a request");
        self.send
            .send_request(request, method == "GET")
            .expect("it is sent")
    }

    async fn get(&mut self, target: &str) -> Result<Got, h2::Error> {
        let (response, _) = self.begin("GET", target, false).await;
        answer(response).await
    }
}

/// An interim response, or none once the final one is there.
async fn interim(response: &mut ResponseFuture) -> Option<(u16, HeaderMap)> {
    let interim = poll_fn(|context| response.poll_informational(context)).await?;
    let interim = interim.ok()?;
    Some((interim.status().as_u16(), interim.headers().clone()))
}

async fn answer(mut response: ResponseFuture) -> Result<Got, h2::Error> {
    let mut interims = Vec::new();
    while let Some(interim) = interim(&mut response).await {
        interims.push(interim);
    }
    let (parts, mut stream) = response.await?.into_parts();
    let (content, broke) = read(&mut stream).await;
    Ok(Got {
        interims,
        status: parts.status.as_u16(),
        fields: parts.headers,
        content,
        broke,
    })
}

async fn read(stream: &mut RecvStream) -> (Vec<u8>, Option<Reason>) {
    let mut content = Vec::new();
    while let Some(data) = stream.data().await {
        match data {
            Ok(data) => {
                let _ = stream.flow_control().release_capacity(data.len());
                content.extend_from_slice(&data);
            }
            Err(error) => return (content, error.reason()),
        }
    }
    (content, None)
}

#[tokio::test]
async fn a_stream_is_reset_with_the_code_that_was_asked_for() {
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    // RFC 9113 §7.
    for (target, reason) in [
        ("/fault/h2-reset", Reason::INTERNAL_ERROR),
        ("/fault/h2-reset?code=0", Reason::NO_ERROR),
        ("/fault/h2-reset?code=8", Reason::CANCEL),
        ("/fault/h2-reset?code=13", Reason::HTTP_1_1_REQUIRED),
        ("/fault/h2-reset?code=4294967295", Reason::from(u32::MAX)),
        ("/fault/h2-refused-stream", Reason::REFUSED_STREAM),
    ] {
        let error = client
            .get(target)
            .await
            .err()
            .expect("there is no response");
        assert!(error.is_reset() && error.is_remote(), "{target}: {error}");
        assert_eq!(error.reason(), Some(reason), "{target}");
    }
    let after = client
        .get("/status/200?body=after")
        .await
        .expect("it is answered");
    assert_eq!(after.content, b"after");
}

#[tokio::test]
async fn go_away_lets_the_streams_that_there_are_finish() {
    for (query, reason) in [
        ("", Reason::ENHANCE_YOUR_CALM),
        ("?code=0", Reason::NO_ERROR),
    ] {
        let playground = playground().await;
        let mut client = Client::new(&playground).await;
        let (other, _) = client
            .begin("GET", "/status/200?body=other&delay=50ms", false)
            .await;
        let got = client
            .get(&format!("/fault/h2-go-away{query}"))
            .await
            .expect("it is answered");
        assert_eq!((got.status, got.broke), (200, None));
        assert_eq!(answer(other).await.expect("it finishes").content, b"other");
        drop(client.send);
        let end = client.connection.await.expect("no panic");
        match reason {
            Reason::NO_ERROR => assert!(end.is_ok(), "{end:?}"),
            _ => assert_eq!(end.expect_err("it has gone away").reason(), Some(reason)),
        }
    }
}

#[tokio::test]
async fn a_length_that_is_not_that_of_the_data_is_malformed() {
    // RFC 9113 §8.1.1: a stream error of type PROTOCOL_ERROR, found here by the client.
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    for (name, length) in [
        ("h2-length-too-long", "100"),
        ("h2-length-too-short", "6"),
        ("h2-length-without-data", "12"),
    ] {
        let reason = match client.get(&format!("/fault/{name}")).await {
            Ok(got) => {
                assert_eq!(got.status, 200, "{name}");
                assert_eq!(got.fields["content-length"], length, "{name}");
                got.broke
            }
            Err(error) => error.reason(),
        };
        assert_eq!(reason, Some(Reason::PROTOCOL_ERROR), "{name}");
    }
    assert_eq!(
        client.get("/status/204").await.expect("it goes on").status,
        204
    );
}

#[tokio::test]
async fn content_is_cut_by_a_reset_of_the_stream_alone() {
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    for (query, after) in [("", 512), ("?after=0", 0), ("?after=100000", 100_000)] {
        let got = client
            .get(&format!("/fault/reset-in-content{query}"))
            .await
            .expect("there is a head");
        assert_eq!(got.fields["content-length"], (after + 1024).to_string());
        assert_eq!(
            (got.content.len(), got.broke),
            (after, Some(Reason::INTERNAL_ERROR))
        );
    }
}

#[tokio::test]
async fn what_can_be_played_over_both_is_the_same_and_the_rest_is_refused() {
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    for fault in faults() {
        if matches!(fault.versions, Versions::Two) || fault.name == "reset-in-content" {
            continue;
        }
        let target = format!("/fault/{}", fault.name);
        let got = client.get(&target).await.expect("it is answered");
        match fault.versions {
            Versions::One | Versions::OneWithTls => {
                assert_eq!(got.status, 400, "{}", fault.name);
                let problem = String::from_utf8(got.content).expect("it is text");
                assert!(problem.contains("version-not-possible"), "{problem}");
            }
            _ => {
                let plain = crate::ask::get(&playground, &target).await;
                assert_eq!(got.status, 200, "{}", fault.name);
                if plain.status == 200 {
                    assert_eq!(got.content, plain.content, "{}", fault.name);
                }
            }
        }
    }
}

#[tokio::test]
async fn interim_responses_come_in_their_order_with_their_fields() {
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    let got = client
        .get("/interim/103@0,102@20,199@40/404?link=%3C/a.css%3E&field.2=X-Third:only")
        .await
        .expect("it is answered");
    let statuses: Vec<u16> = got.interims.iter().map(|(status, _)| *status).collect();
    assert_eq!((statuses, got.status), (vec![103, 102, 199], 404));
    for (status, fields) in &got.interims {
        assert_eq!(fields["link"], "</a.css>");
        assert_eq!(fields.contains_key("x-third"), *status == 199);
    }
    let got = client
        .get("/fault/interims-100")
        .await
        .expect("it is answered");
    assert_eq!((got.interims.len(), got.status), (100, 200));
    let got = client
        .get("/fault/continue-unasked")
        .await
        .expect("it is answered");
    assert_eq!((got.interims[0].0, got.interims.len()), (100, 1));
}

#[tokio::test]
async fn expectations_are_answered_as_over_http_1() {
    let playground = playground().await;
    let mut client = Client::new(&playground).await;
    for (mode, continued) in [
        ("at-once", true),
        ("late?after=20ms", true),
        ("never", false),
    ] {
        let (mut response, mut content) =
            client.begin("POST", &format!("/expect/{mode}"), true).await;
        if continued {
            let (status, _) = interim(&mut response).await.expect("a 100 comes");
            assert_eq!(status, 100, "{mode}");
        }
        content
            .send_data(Bytes::from_static(b"hello"), true)
            .expect("it is sent");
        let got = answer(response).await.expect("it is answered");
        let report: serde_json::Value = serde_json::from_slice(&got.content).expect("it is JSON");
        assert_eq!(got.interims.len(), 0, "{mode}");
        assert_eq!(report["continue_sent"], continued, "{mode}");
        assert_eq!(report["content_bytes"], 5, "{mode}");
    }
    for (mode, status) in [("refused", 417), ("final", 403)] {
        let (response, _content) = client.begin("POST", &format!("/expect/{mode}"), true).await;
        let got = answer(response).await.expect("it is answered");
        assert_eq!((got.status, got.interims.len()), (status, 0), "{mode}");
    }
}
