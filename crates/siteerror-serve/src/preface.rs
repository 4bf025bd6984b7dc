//! What lies right on the socket, under TLS if there is TLS: a look at the first bytes, which tell what the client speaks, and a clock for clients that
//! take nothing.

use std::future::{Future as _, poll_fn};
use std::io;
use std::mem::MaybeUninit;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::{Instant, Sleep};

use crate::shim::Abort;

/// RFC 9113 §3.4: what every HTTP/2 client sends first.
const PREFACE: &[u8] = b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n";

/// Bytes of a read: as many as hyper reads first, so that looking ahead cuts nothing apart that arrived in one piece.
const READ: usize = 8192;

/// A stream whose first bytes were looked at and will be read again.
#[derive(Debug)]
pub(crate) struct Rewound<T> {
    inner: T,
    /// What was looked at and is still to be read again.
    first: BytesMut,
    /// When bytes arrived that were too few to tell, and how many there were then.
    pieces: Vec<(Instant, usize)>,
    /// Time in which the client must take at least a byte of what waits for it.
    write_deadline: Duration,
    /// Runs while it takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T: AsyncRead + Unpin> Rewound<T> {
    pub(crate) fn new(inner: T, write_deadline: Duration) -> Self {
        Self {
            inner,
            first: BytesMut::new(),
            pieces: Vec::new(),
            write_deadline,
            stalled: None,
        }
    }

    /// Whether the client begins with the preface of HTTP/2. Reads no more often than it takes to know.
    pub(crate) async fn is_http2(&mut self) -> io::Result<bool> {
        loop {
            if self.first.starts_with(PREFACE) {
                return Ok(true);
            }
            if !PREFACE.starts_with(&self.first) {
                return Ok(false);
            }
            if !self.first.is_empty() {
                self.pieces.push((Instant::now(), self.first.len()));
            }
            if self.more().await? == 0 {
                return Ok(false);
            }
        }
    }

    /// When the first bytes arrived that were too few to tell what the client speaks, and how many there were each time; nothing mostly.
    pub(crate) fn pieces(&mut self) -> Vec<(Instant, usize)> {
        std::mem::take(&mut self.pieces)
    }

    /// Whether the client has said anything.
    pub(crate) fn has_begun(&self) -> bool {
        !self.first.is_empty()
    }

    /// The first byte, if there is one.
    pub(crate) async fn first(&mut self) -> io::Result<Option<u8>> {
        if self.first.is_empty() {
            self.more().await?;
        }
        Ok(self.first.first().copied())
    }

    /// Reads once. Connections that are silent need no buffer for it.
    async fn more(&mut self) -> io::Result<usize> {
        poll_fn(|context| {
            let mut room = [MaybeUninit::uninit(); READ];
            let mut room = ReadBuf::uninit(&mut room);
            ready!(Pin::new(&mut self.inner).poll_read(context, &mut room))?;
            self.first.extend_from_slice(room.filled());
            Poll::Ready(Ok(room.filled().len()))
        })
        .await
    }
}

impl<T> Rewound<T> {
    /// Ends the wait for a client that takes nothing. TLS would hide it from the layers above: there, bytes count as written once they are encrypted.
    #[inline]
    fn watch(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<usize>>,
    ) -> Poll<io::Result<usize>> {
        match written {
            Poll::Ready(_) if self.stalled.is_none() => written,
            Poll::Ready(_) => {
                self.stalled = None;
                written
            }
            Poll::Pending => self.wait(context),
        }
    }

    #[cold]
    fn wait(&mut self, context: &mut Context<'_>) -> Poll<io::Result<usize>> {
        let deadline = self.write_deadline;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(deadline)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
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
        if !rewound.first.is_empty() {
            let length = rewound.first.len().min(buffer.remaining());
            buffer.put_slice(&rewound.first[..length]);
            rewound.first.advance(length);
            if rewound.first.is_empty() {
                rewound.first = BytesMut::new();
            }
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
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[io::IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(context, written)
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

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_let_go() {
        let (stream, _peer) = tokio::io::duplex(16);
        let mut stream = Rewound::new(stream, Duration::from_secs(30));
        let started = tokio::time::Instant::now();
        let error = stream.write_all(&[0; 300]).await.expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(started.elapsed().as_secs(), 30);
    }

    #[tokio::test]
    async fn what_was_looked_at_is_read_again() {
        for (first, is_http2) in [
            (&b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n and more"[..], true),
            (b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r", false),
            (b"PRI * HTTP/1.1\r\n", false),
            (b"GET / HTTP/1.1\r\n", false),
            (b"P", false),
            (b"", false),
        ] {
            let (stream, mut peer) = tokio::io::duplex(64);
            peer.write_all(first).await.expect("it is taken");
            drop(peer);
            let mut stream = Rewound::new(stream, Duration::from_secs(30));
            assert_eq!(stream.is_http2().await.expect("bytes"), is_http2);
            let mut piece = [0; 64];
            let piece_bytes = stream.read(&mut piece).await.expect("bytes");
            assert_eq!(&piece[..piece_bytes], first, "in one piece, as they came");
            let mut again = piece[..piece_bytes].to_vec();
            stream.read_to_end(&mut again).await.expect("bytes");
            assert_eq!(again, first);
        }
    }
}
