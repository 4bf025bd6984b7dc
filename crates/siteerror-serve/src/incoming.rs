//! The content of a request, as it arrives, whatever version of HTTP it comes in, and the connection that it arrives on.
//!
//! The connection stands here and not among the extensions of the request: those are a map that would have to be made for each request.

use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::connection::Connection;
use crate::defect::Defect;
use crate::h2_stream::Stream;
use crate::plan::Plans;
use crate::wire::Wire;
use crate::{h1_content, h2_content};

/// The content of a request. Trailer fields pass through it as a frame of their own.
#[derive(Debug)]
pub struct Incoming {
    content: Kind,
    wire: Wire,
    connection: Arc<Connection>,
    /// The index of the request on the connection.
    request: u64,
}

#[derive(Debug)]
enum Kind {
    Http1 {
        content: hyper::body::Incoming,
        /// Who wants to know whether anybody began to read.
        begun: Option<Arc<AtomicBool>>,
    },
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

impl Incoming {
    /// `begun` becomes true when somebody begins to read.
    pub(crate) fn http1(
        content: hyper::body::Incoming,
        begun: Option<Arc<AtomicBool>>,
        plans: Plans,
        connection: Arc<Connection>,
        request: u64,
    ) -> Self {
        Self {
            content: Kind::Http1 { content, begun },
            wire: plans.into(),
            connection,
            request,
        }
    }

    pub(crate) fn http2(
        content: h2_content::Content,
        stream: Stream,
        connection: Arc<Connection>,
        request: u64,
    ) -> Self {
        Self {
            content: Kind::Http2(Box::new(content)),
            wire: stream.into(),
            connection,
            request,
        }
    }

    /// What can be asked of the connection under this request.
    pub fn wire(&self) -> &Wire {
        &self.wire
    }

    /// Where this request came from.
    pub fn connection(&self) -> Connection {
        Connection {
            request: self.request,
            ..Connection::clone(&self.connection)
        }
    }
}

impl Body for Incoming {
    type Data = Bytes;
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        let Self { content, wire, .. } = &mut *self;
        match content {
            Kind::Http1 {
                content: inner,
                begun,
            } => {
                if let Some(begun) = begun.take() {
                    begun.store(true, Ordering::Release);
                }
                let frame = ready!(Pin::new(inner).poll_frame(context));
                let told = frame
                    .map(|frame| frame.map_err(|error| h1_content::error(&error, wire.defect())));
                Poll::Ready(told)
            }
            Kind::Http2(inner) => Pin::new(inner.as_mut()).poll_frame(context),
        }
    }

    fn is_end_stream(&self) -> bool {
        match &self.content {
            Kind::Http1 { content, .. } => content.is_end_stream(),
            Kind::Http2(content) => content.is_end_stream(),
        }
    }

    fn size_hint(&self) -> SizeHint {
        match &self.content {
            Kind::Http1 { content, .. } => content.size_hint(),
            Kind::Http2(content) => content.size_hint(),
        }
    }
}
