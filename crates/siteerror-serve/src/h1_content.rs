//! The content of a request on HTTP/1.1, as hyper reads it.

use std::error::Error as _;
use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use http_body::{Body, Frame, SizeHint};

use crate::defect::Defect;
use crate::incoming::ContentError;
use crate::shared::Shared;

/// What hyper reads, and what the gate found wrong with it.
#[derive(Debug)]
pub(crate) struct Content {
    inner: hyper::body::Incoming,
    /// Who knows what was wrong with it, and for which request; nothing can be wrong with content that is empty.
    source: Option<(Arc<Shared>, u64)>,
    /// Who wants to know whether anybody began to read.
    begun: Option<Arc<AtomicBool>>,
}

impl Content {
    pub(crate) fn new(inner: hyper::body::Incoming, shared: &Arc<Shared>, request: u64) -> Self {
        let source = (!inner.is_end_stream()).then(|| (Arc::clone(shared), request));
        Self {
            inner,
            source,
            begun: None,
        }
    }

    /// The same, telling when somebody begins to read.
    pub(crate) fn telling(mut self, begun: Arc<AtomicBool>) -> Self {
        self.begun = Some(begun);
        self
    }

    fn error(&self, error: &hyper::Error) -> ContentError {
        let defect = self
            .source
            .as_ref()
            .and_then(|(shared, request)| shared.defect(*request));
        if let Some(defect) = defect {
            return ContentError::Defect(defect);
        }
        // Without a gate it is hyper that reads the framing, and tells less about it.
        let mut source = error.source();
        while let Some(cause) = source {
            if let Some(cause) = cause.downcast_ref::<io::Error>() {
                return match cause.kind() {
                    io::ErrorKind::InvalidInput | io::ErrorKind::InvalidData => {
                        ContentError::Defect(Defect::ChunkEnd)
                    }
                    io::ErrorKind::UnexpectedEof => ContentError::Defect(Defect::ContentIncomplete),
                    _ => ContentError::Lost,
                };
            }
            source = cause.source();
        }
        ContentError::Lost
    }
}

impl Body for Content {
    type Data = Bytes;
    type Error = ContentError;

    fn poll_frame(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
    ) -> Poll<Option<Result<Frame<Bytes>, ContentError>>> {
        if let Some(begun) = self.begun.take() {
            begun.store(true, Ordering::Release);
        }
        let frame = ready!(Pin::new(&mut self.inner).poll_frame(context));
        Poll::Ready(frame.map(|frame| frame.map_err(|error| self.error(&error))))
    }

    fn is_end_stream(&self) -> bool {
        self.inner.is_end_stream()
    }

    fn size_hint(&self) -> SizeHint {
        self.inner.size_hint()
    }
}
