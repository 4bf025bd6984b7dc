//! Requests and responses on HTTP/2.

use std::future::poll_fn;
use std::pin::Pin;
use std::task::Poll;

use h2::Reason;
use http::StatusCode;
use http::header::HeaderMap;
use siteerror_serve::{End, EventKind};

use super::client::{Client, read, request, text};
use super::handler::Shared;
use super::start;

#[tokio::test]
async fn a_request_is_answered() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let response = client.get("/target").await.await.expect("a response");
    assert_eq!(response.status(), StatusCode::OK);
    let fields = response.headers();
    assert!(fields.contains_key("date"), "{fields:?}");
    let (content, _) = read(response.into_body()).await;
    assert_eq!(content, b"GET http://example.test/target 0");
    let second = client.get("/target").await;
    assert_eq!(text(second).await.1, "GET http://example.test/target 1");
}

#[tokio::test]
async fn interim_responses_arrive_in_order_with_their_fields() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let mut response = client.get("/interims").await;
    let mut seen = Vec::new();
    while let Some(interim) = poll_fn(|context| response.poll_informational(context)).await {
        let interim = interim.expect("an interim response");
        let fields: Vec<_> = interim
            .headers()
            .iter()
            .map(|(name, value)| format!("{name}: {}", value.to_str().expect("text")))
            .collect();
        seen.push((interim.status().as_u16(), fields.join("; ")));
        if seen.len() == 3 {
            break;
        }
    }
    assert_eq!(
        seen,
        [
            (102, String::new()),
            (
                103,
                "link: </a.css>; rel=preload; link: </b.js>; rel=preload".to_owned()
            ),
            (199, "x-step: 3".to_owned()),
        ]
    );
    assert_eq!(text(response).await, (200, "plain".to_owned()));
}

#[tokio::test]
async fn trailers_go_both_ways() {
    let mut client = Client::new(start(Shared::default()).await).await;
    let (response, mut sending) = client.send(request("POST", "/echo"), false).await;
    sending
        .send_data("content".into(), false)
        .expect("it is sent");
    let mut trailers = HeaderMap::new();
    trailers.insert("x-sum", "42".parse().expect("a value"));
    sending.send_trailers(trailers.clone()).expect("it is sent");
    let mut content = response.await.expect("a response").into_body();
    let data = content.data().await.expect("content").expect("content");
    assert_eq!(data, "content");
    assert!(content.data().await.is_none());
    assert_eq!(content.trailers().await.expect("trailers"), Some(trailers));
}

#[tokio::test]
async fn continue_is_said_when_content_is_read() {
    let mut client = Client::new(start(Shared::default()).await).await;
    for (path, is_said) in [("/echo", true), ("/withheld", false), ("/unread", false)] {
        let mut request = request("POST", path);
        request
            .headers_mut()
            .insert("expect", "100-continue".parse().expect("a value"));
        let (mut response, mut sending) = client.send(request, false).await;
        if is_said {
            let interim = poll_fn(|context| response.poll_informational(context)).await;
            let interim = interim
                .expect("an interim response")
                .expect("an interim response");
            assert_eq!(interim.status(), StatusCode::CONTINUE);
        }
        if path != "/unread" {
            sending
                .send_data("content".into(), true)
                .expect("it is sent");
        }
        let first = poll_fn(|context| match response.poll_informational(context) {
            Poll::Ready(Some(interim)) => Poll::Ready(Some(interim)),
            _ => Pin::new(&mut response).poll(context).map(|_| None),
        });
        assert!(first.await.is_none(), "an interim response for {path}");
    }
}

#[tokio::test]
async fn content_stays_away_where_it_may_not_be() {
    let mut client = Client::new(start(Shared::default()).await).await;
    for (method, status, length) in [
        ("HEAD", 200, Some("5")),
        ("GET", 204, None),
        ("GET", 304, None),
        ("GET", 200, Some("5")),
    ] {
        let path = format!("/bodiless?{status}");
        let (response, _) = client.send(request(method, &path), true).await;
        let response = response.await.expect("a response");
        assert_eq!(response.status().as_u16(), status);
        let fields = response.headers();
        let seen = fields
            .get("content-length")
            .map(|value| value.to_str().expect("text"));
        assert_eq!(seen, length, "{method} {status}");
        // RFC 9113 §8.2.2, RFC 9110 §7.6.1.
        for name in ["connection", "x-hop", "keep-alive", "transfer-encoding"] {
            assert!(!fields.contains_key(name), "{name}");
        }
        assert!(fields.contains_key("x-end"));
        let (content, _) = read(response.into_body()).await;
        let is_full = method == "GET" && status == 200;
        assert_eq!(content, if is_full { &b"plain"[..] } else { b"" });
    }
}

#[tokio::test]
async fn a_handler_hears_that_its_client_hung_up() {
    let shared = Shared::default();
    let mut client = Client::new(start(shared.clone()).await).await;
    let (response, mut sending) = client.send(request("POST", "/wait"), false).await;
    let second = client.get("/").await;
    assert_eq!(text(second).await.0, 200);
    sending.send_reset(Reason::CANCEL);
    shared.hung_up.notified().await;
    assert!(response.await.is_err());
    // The same when the whole connection goes.
    let waiting = client.get("/wait").await;
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
    client.connection.abort();
    shared.hung_up.notified().await;
    drop(waiting);
}

#[tokio::test]
async fn a_recording_tells_what_passed() {
    let shared = Shared::default();
    let mut client = Client::new(start(shared.clone()).await).await;
    let response = client.get("/recorded").await;
    assert_eq!(text(response).await.0, 200);
    let response = client.get("/").await;
    assert_eq!(text(response).await.0, 200);
    let recording = shared.recording.get().expect("it was served").clone();
    let recording = recording.expect("it was to be recorded");
    assert!(recording.is_complete());
    let kinds: Vec<_> = recording
        .events()
        .into_iter()
        .map(|event| event.kind)
        .collect();
    let [EventKind::Note(received), EventKind::Note(head), data, end] = &kinds[..] else {
        panic!("{kinds:?}");
    };
    assert_eq!(
        received,
        "received HEADERS\n:method: GET\n:scheme: http\n:authority: example.test\n:path: /recorded\n"
    );
    let lines: Vec<_> = head.lines().collect();
    assert_eq!(lines[..2], ["sent HEADERS", ":status: 200"]);
    assert!(lines.contains(&"content-length: 5"), "{head}");
    assert_eq!(*data, EventKind::Note("sent DATA: 5 bytes".to_owned()));
    assert_eq!(*end, EventKind::Ended(End::NextRequest));
}
