//! The content of a request, as it arrives, whatever version of HTTP it comes in.

use std::pin::Pin;
use std::task::{Context, Poll};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::defect::Defect;
use crate::{h1_content, h2_content};

/// The content of a request. Trailer fields pass through it as a frame of their own.
#[derive(Debug)]
pub struct Incoming(Kind);

#[derive(Debug)]
enum Kind {
    Http1(h1_content::Content),
    /// In a box, so that requests of HTTP/1.1 need not carry its room about.
    Http2(Box<h2_content::Content>),
}

/// Why the rest of a content cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum ContentError {
    /// It is not what was announced, or it does not come; who sent it can still be told so.
    #[error("{0}")]
    Defect(Defect),
    /// The connection is gone, or the stream was reset.
    #[error("the connection was lost")]
    Lost,
}

impl From<h1_content::Content> for Incoming {
    fn from(content: h1_content::Content) -> Self {
        Self(Kind::Http1(content))
    }
}

impl From<h2_content::Content> for Incoming {
    fn from(content: h2_content::Content) -> Self {
        Self(Kind::Http2(Box::new(content)))
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        match &mut self.0 {
            Kind::Http1(inner) => Pin::new(inner).poll_frame(context),
            Kind::Http2(inner) => Pin::new(inner.as_mut()).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.0 {
            Kind::Http1(content) => content.is_end_stream(),
            Kind::Http2(content) => content.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.0 {
            Kind::Http1(content) => content.size_hint(),
            Kind::Http2(content) => content.size_hint(),
        }
    }
}
