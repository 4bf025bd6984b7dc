//! The first bytes of a connection, which tell what the client speaks.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll};

use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, ReadBuf};

use crate::shim::Abort;

/// RFC 9113 §3.4: what every HTTP/2 client sends first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bytes that are kept at most.
const KEPT: usize = 24;

/// A stream whose first bytes were looked at and will be read again.
#[derive(Debug)]
pub(crate) struct Rewound<T> {
    inner: T,
    first: [u8; KEPT],
    /// How many of them there are, and how many were read again.
    seen: usize,
    read: usize,
}

impl<T: AsyncRead + Unpin> Rewound<T> {
    pub(crate) fn new(inner: T) -> Self {
        Self {
            inner,
            first: [0; KEPT],
            seen: 0,
            read: 0,
        }
    }

    /// Whether the client begins with the preface of HTTP/2. Reads no more than it takes to know.
    pub(crate) async fn is_http2(&mut self) -> io::Result<bool> {
        loop {
            let first = &self.first[..self.seen];
            if !PREFACE.starts_with(first) {
                return Ok(false);
            }
            if self.seen == PREFACE.len() {
                return Ok(true);
            }
            if self.more().await? == 0 {
                return Ok(false);
            }
        }
    }

    /// The first byte, if there is one.
    pub(crate) async fn first(&mut self) -> io::Result<Option<u8>> {
        if self.seen == 0 {
            self.more().await?;
        }
        Ok(self.first[..self.seen].first().copied())
    }

    async fn more(&mut self) -> io::Result<usize> {
        let read = self.inner.read(&mut self.first[self.seen..]).await?;
        self.seen += read;
        Ok(read)
    }
}

impl<T: Abort> Abort for Rewound<T> {
    fn abort(&self) {
        self.inner.abort();
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Rewound<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        let rewound = &mut *self;
        if rewound.read < rewound.seen {
            let again = &rewound.first[rewound.read..rewound.seen];
            let again = &again[..again.len().min(buffer.remaining())];
            buffer.put_slice(again);
            rewound.read += again.len();
            return Poll::Ready(Ok(()));
        }
        Pin::new(&mut rewound.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Unpin> AsyncWrite for Rewound<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write(context, bytes)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        Pin::new(&mut self.inner).poll_write_vectored(context, slices)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_flush(context)
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}
