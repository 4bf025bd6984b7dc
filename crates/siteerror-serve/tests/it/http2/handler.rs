//! What the server of these tests answers.

use std::pin::Pin;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};
use std::task::{Context, Poll};
use std::time::Duration;

use bytes::Bytes;
use http::header::HeaderMap;
use http::{Request, Response, StatusCode};
use http_body::Frame;
use http_body_util::BodyExt as _;
use http_body_util::combinators::UnsyncBoxBody;
use siteerror_serve::{ContentError, Ending, Incoming, InvalidInterim, Recording, Refused, Wire};

pub(super) type Content = UnsyncBoxBody<Bytes, std::io::Error>;

pub(super) fn full(content: impl Into<Bytes>) -> Content {
    http_body_util::Full::new(content.into())
        .map_err(|never| match never {})
        .boxed_unsync()
}

/// Content in pieces, with trailers; counts the pieces that were taken.
pub(super) struct Pieces {
    left: usize,
    piece: Bytes,
    trailers: Option<HeaderMap>,
    taken: Arc<AtomicUsize>,
}

impl http_body::Body for Pieces {
    type Data = Bytes;
    type Error = std::io::Error;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        _: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, std::io::Error>>> {
        if self.left > 0 {
            self.left -= 1;
            self.taken.fetch_add(self.piece.len(), Ordering::SeqCst);
            return Poll::Ready(Some(Ok(Frame::data(self.piece.clone()))));
        }
        Poll::Ready(
            self.trailers
                .take()
                .map(|trailers| Ok(Frame::trailers(trailers))),
        )
    }
}

/// What the tests and the handler share.
#[derive(Clone, Default)]
pub(super) struct Shared {
    pub(super) taken: Arc<AtomicUsize>,
    pub(super) hung_up: Arc<tokio::sync::Notify>,
    pub(super) recording: Arc<OnceLock<Option<Recording>>>,
}

/// Answers by the path of the request.
pub(super) async fn answer(request: Request<Incoming>, shared: Shared) -> Response<Content> {
    let wire = request.body().wire().clone();
    assert_eq!(wire.version(), http::Version::HTTP_2);
    let path = request.uri().path().to_owned();
    match path.as_str() {
        "/echo" | "/withheld" => {
            if path == "/withheld" {
                wire.withhold_continue();
            }
            let content = request.into_body().collect().await.expect("content");
            let trailers = content.trailers().cloned();
            pieces(1, content.to_bytes(), trailers, Arc::default())
        }
        "/slow" => {
            let read = request.into_body().collect().await;
            assert!(matches!(read, Err(ContentError::Defect(_))), "{read:?}");
            assert_eq!(
                wire.defect().map(|defect| defect.code()),
                Some("content-timeout")
            );
            let mut response = Response::new(full(""));
            *response.status_mut() = StatusCode::REQUEST_TIMEOUT;
            response
        }
        "/large" => pieces(1000, Bytes::from(vec![b'l'; 10_000]), None, shared.taken),
        "/wait" => {
            wire.hung_up().await;
            shared.hung_up.notify_one();
            Response::new(full("too late"))
        }
        "/later" => {
            tokio::time::sleep(Duration::from_millis(300)).await;
            Response::new(full("plain"))
        }
        "/bodiless" => bodiless(request.uri().query().and_then(|query| query.parse().ok())),
        "/target" => {
            let index = request.body().connection().request;
            let text = format!("{} {} {index}", request.method(), request.uri());
            Response::new(full(text))
        }
        "/recorded" => {
            shared
                .recording
                .set(wire.recording())
                .expect("one such request");
            Response::new(full("plain"))
        }
        _ => bent(&path, &wire).await,
    }
}

/// Bends the stream by the path of the request.
async fn bent(path: &str, wire: &Wire) -> Response<Content> {
    let mut content = full("plain");
    match path {
        "/interims" => {
            let links = ["</a.css>; rel=preload", "</b.js>; rel=preload"];
            for (status, fields) in [
                (102, &[][..]),
                (103, &[("Link", links[0]), ("link", links[1])]),
                (199, &[("x-step", "3")]),
            ] {
                wire.interim(status, "unsaid", fields)
                    .await
                    .expect("it is sent");
            }
        }
        "/refused" => {
            for status in [99, 101, 200] {
                let refused = wire.interim(status, "", &[]).await;
                assert_eq!(refused, Err(InvalidInterim::Status(status)));
            }
            for (name, value) in [
                ("a", "b\r\nc: d"),
                ("a b", "c"),
                ("", "c"),
                ("connection", "close"),
            ] {
                let refused = wire.interim(103, "", &[(name, value)]).await;
                assert!(
                    matches!(refused, Err(InvalidInterim::Bytes(_))),
                    "{refused:?}"
                );
            }
            assert_eq!(wire.raw(b"bytes").await, Err(Refused::Version));
        }
        "/close" => wire.close(Ending::Fin).await.expect("it is planned"),
        "/reset" => wire.close(Ending::Reset).await.expect("it is planned"),
        "/code" => wire.reset_stream(0xd).await.expect("it is planned"),
        "/truncate" => {
            wire.truncate(10_000, Ending::Fin)
                .await
                .expect("it is planned");
            content = full(vec![b't'; 200_000]);
        }
        "/truncate-nothing" => wire
            .truncate(1000, Ending::Fin)
            .await
            .expect("it is planned"),
        "/truncate-all" => wire.truncate(0, Ending::Fin).await.expect("it is planned"),
        "/throttle" => {
            let pause = Duration::from_millis(20);
            wire.throttle(10, pause).await.expect("it is planned");
            content = full(vec![b'x'; 300]);
        }
        "/go-away" => wire.go_away(0xb).await.expect("it is sent"),
        "/panic" => panic!("as asked"),
        _ => {}
    }
    Response::new(content)
}

fn pieces(
    left: usize,
    piece: Bytes,
    trailers: Option<HeaderMap>,
    taken: Arc<AtomicUsize>,
) -> Response<Content> {
    let pieces = Pieces {
        left,
        piece,
        trailers,
        taken,
    };
    Response::new(pieces.boxed_unsync())
}

/// A response with content, and with fields that are of no use on HTTP/2.
fn bodiless(status: Option<StatusCode>) -> Response<Content> {
    let mut response = Response::new(full("plain"));
    *response.status_mut() = status.expect("a status");
    for (name, value) in [
        ("connection", "close, x-hop"),
        ("x-hop", "1"),
        ("keep-alive", "5"),
        ("transfer-encoding", "chunked"),
        ("x-end", "1"),
    ] {
        let value = value.parse().expect("a value");
        response.headers_mut().insert(name, value);
    }
    response
}
