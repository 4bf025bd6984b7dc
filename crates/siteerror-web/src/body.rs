//! The body of an answer: a page in memory, which needs no box, or a stream that grows while it is sent.

use std::convert::Infallible;
use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Frame, SizeHint};
use http_body_util::combinators::UnsyncBoxBody;
use http_body_util::{Either, Full};

/// The body of every answer.
#[derive(Debug)]
pub enum Body {
    /// All of it is there.
    Whole(Full<Bytes>),
    /// It comes as it is made.
    Stream(UnsyncBoxBody<Bytes, Infallible>),
}

impl Body {
    pub(crate) fn new(content: Bytes) -> Self {
        Self::Whole(Full::new(content))
    }
}

impl Default for Body {
    fn default() -> Self {
        Self::Whole(Full::default())
    }
}

impl From<String> for Body {
    fn from(content: String) -> Self {
        Self::new(content.into())
    }
}

impl From<Body> for siteerror_playground::Body {
    fn from(body: Body) -> Self {
        match body {
            Body::Whole(content) => Either::Left(content),
            Body::Stream(stream) => Either::Right(stream),
        }
    }
}

impl http_body::Body for Body {
    type Data = Bytes;
    type Error = Infallible;

    fn poll_frame(
        self: Pin<&mut Self>,
        cx: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, Infallible>>> {
        match self.get_mut() {
            Self::Whole(content) => Pin::new(content).poll_frame(cx),
            Self::Stream(stream) => Pin::new(stream).poll_frame(cx),
        }
    }

    fn is_end_stream(&self) -> bool {
        match self {
            Self::Whole(content) => content.is_end_stream(),
            Self::Stream(stream) => stream.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match self {
            Self::Whole(content) => content.size_hint(),
            Self::Stream(stream) => stream.size_hint(),
        }
    }
}
