//! The content of a request on a stream of HTTP/2.

use std::future::Future as _;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Bytes;
use h2::RecvStream;
use http::header::{CONTENT_LENGTH, EXPECT};
use http::{HeaderMap, Request};
use http_body::{Body, Frame, SizeHint};
use tokio::time::Sleep;

use crate::defect::Defect;
use crate::h2_stream::Stream;
use crate::h2_words::listed;
use crate::incoming::ContentError;

/// Content, read as it arrives. What was read makes room for more (RFC 9113 §5.2).
#[derive(Debug)]
pub(crate) struct Content {
    receive: RecvStream,
    stream: Stream,
    stage: Stage,
    /// Whether the client waits for 100 (Continue) before it sends content.
    is_awaiting: bool,
    deadline: Duration,
    /// Runs while nothing arrives.
    waiting: Option<Pin<Box<Sleep>>>,
    /// What Content-Length announced and did not arrive yet.
    left: Option<u64>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Data,
    Trailers,
    Over,
}

impl Content {
    /// `deadline`: how long the client may pause between two pieces.
    pub(crate) fn new(
        request: Request<RecvStream>,
        stream: Stream,
        deadline: Duration,
    ) -> Request<Self> {
        let (head, receive) = request.into_parts();
        let expects = head
            .headers
            .get_all(EXPECT)
            .iter()
            .any(|value| value.as_bytes().eq_ignore_ascii_case(b"100-continue"));
        let content = Self {
            is_awaiting: expects && !receive.is_end_stream(),
            left: length(&head.headers),
            receive,
            stream,
            stage: Stage::Data,
            deadline,
            waiting: None,
        };
        Request::from_parts(head, content)
    }

    fn poll_next(
        &mut self,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        if self.stage == Stage::Data {
            match ready!(self.receive.poll_data(context)) {
                Some(Ok(data)) => {
                    // The library refuses only more than it gave.
                    let _ = self.receive.flow_control().release_capacity(data.len());
                    if let Some(left) = &mut self.left {
                        *left = left.saturating_sub(data.len() as u64);
                    }
                    self.stream
                        .note(|| format!("received DATA: {} bytes", data.len()));
                    return Poll::Ready(Some(Ok(Frame::data(data))));
                }
                Some(Err(_)) => return Poll::Ready(Some(Err(ContentError::Lost))),
                None => self.stage = Stage::Trailers,
            }
        }
        if self.stage == Stage::Trailers {
            return match ready!(self.receive.poll_trailers(context)) {
                Ok(Some(trailers)) => {
                    self.stream
                        .note(|| format!("received HEADERS (trailers)\n{}", listed(&trailers)));
                    Poll::Ready(Some(Ok(Frame::trailers(trailers))))
                }
                Ok(None) => Poll::Ready(None),
                Err(_) => Poll::Ready(Some(Err(ContentError::Lost))),
            };
        }
        Poll::Ready(None)
    }

    fn poll_late(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let deadline = self.deadline;
        self.waiting
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(deadline)))
            .as_mut()
            .poll(context)
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        let this = &mut *self;
        if std::mem::take(&mut this.is_awaiting) {
            this.stream.say_continue();
        }
        let next = match this.poll_next(context) {
            Poll::Pending => {
                ready!(this.poll_late(context));
                Some(Err(ContentError::Defect(
                    this.stream.fail(Defect::ContentTimeout(this.deadline)),
                )))
            }
            Poll::Ready(next) => next,
        };
        match &next {
            Some(Ok(frame)) if frame.is_data() => this.waiting = None,
            _ => this.stage = Stage::Over,
        }
        Poll::Ready(next)
    }

    fn is_end_stream(&self) -> bool {
        self.stage == Stage::Over || self.receive.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        match self.left {
            _ if self.is_end_stream() => SizeHint::with_exact(0),
            Some(left) => SizeHint::with_exact(left),
            None => SizeHint::default(),
        }
    }
}

/// The library has made sure that a length is a number and that content is as long.
fn length(headers: &HeaderMap) -> Option<u64> {
    headers.get(CONTENT_LENGTH)?.to_str().ok()?.parse().ok()
}
