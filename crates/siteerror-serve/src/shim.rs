//! The layer between hyper and the socket: lets bytes through, and carries out what a handler asked for.

use std::future::Future as _;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::net::TcpStream;
use tokio::time::Sleep;

use crate::plan::{Ending, Plan, Wire};

/// Time that bytes on their way get before a reset follows them: on a real network it could overtake them.
const BEFORE_RESET: Duration = Duration::from_millis(200);

/// What the end of a head looks like.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// A stream that can end by a reset.
pub(crate) trait Abort {
    /// From now on, closing resets the connection.
    fn abort(&self);
}

impl Abort for TcpStream {
    fn abort(&self) {
        // A socket that is gone already needs no reset.
        let _ = self.set_zero_linger();
    }
}

/// A stream under hyper.
#[derive(Debug)]
pub(crate) struct Shim<T> {
    inner: T,
    wire: Wire,
    /// How much of `HEAD_END` was just seen; all of it once the head has left.
    head: usize,
    /// The pause that is being made.
    pause: Option<Pin<Box<Sleep>>>,
    /// Whether anything has left under the plan in force.
    sent: bool,
    write_deadline: Duration,
    /// Runs while the other side takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
}

impl<T> Shim<T> {
    pub(crate) fn new(inner: T, wire: Wire, write_deadline: Duration) -> Self {
        Self {
            inner,
            wire,
            head: 0,
            pause: None,
            sent: false,
            write_deadline,
            stalled: None,
        }
    }
}

impl<T> Drop for Shim<T> {
    fn drop(&mut self) {
        let mut state = self.wire.shared().lock();
        state.gone = true;
        if let Some(waiting) = state.waiting.take() {
            waiting.wake();
        }
    }
}

impl<T: AsyncWrite + Abort + Unpin> Shim<T> {
    /// Writes what handlers queued.
    fn poll_queue(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            let mut state = self.wire.shared().lock();
            let (front, _) = state.queue.as_slices();
            if front.is_empty() {
                return Poll::Ready(Ok(()));
            }
            let written = ready!(Pin::new(&mut self.inner).poll_write(context, front))?;
            if written == 0 {
                return Poll::Ready(Err(io::ErrorKind::WriteZero.into()));
            }
            state.queue.drain(..written);
        }
    }

    /// Tells the handler that everything before has left.
    fn settle(&self) {
        let mut state = self.wire.shared().lock();
        state.flushed = true;
        if let Some(waiting) = state.waiting.take() {
            waiting.wake();
        }
        if state.plan.is_none() {
            drop(state);
            self.wire.shared().disarm();
        }
    }

    fn poll_planned(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        ready!(self.poll_queue(context))?;
        let plan = self.wire.shared().lock().plan;
        match plan {
            None => Pin::new(&mut self.inner).poll_write(context, bytes),
            Some(Plan::Close(ending)) => self.poll_end(context, ending),
            Some(Plan::Truncate { left, ending }) => {
                let (head, rest) = bytes.split_at(self.head_length(bytes));
                let may = head.len() + rest.len().min(left);
                let Some(allowed) = bytes.get(..may).filter(|allowed| !allowed.is_empty()) else {
                    return self.poll_end(context, ending);
                };
                let written = ready!(Pin::new(&mut self.inner).poll_write(context, allowed))?;
                self.sent = true;
                self.pass_head(bytes, written);
                let of_content = written.saturating_sub(head.len());
                self.wire.shared().lock().plan = Some(Plan::Truncate {
                    left: left - of_content.min(left),
                    ending,
                });
                Poll::Ready(Ok(written))
            }
            Some(Plan::Throttle { bytes: most, pause }) => {
                ready!(self.poll_pause(context));
                let written = ready!(
                    Pin::new(&mut self.inner).poll_write(context, &bytes[..bytes.len().min(most)])
                )?;
                self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                Poll::Ready(Ok(written))
            }
        }
    }

    /// Ends the wait for a client that takes nothing.
    fn watch<R>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        if written.is_ready() {
            self.stalled = None;
            return written;
        }
        let deadline = self.write_deadline;
        let stalled = self
            .stalled
            .get_or_insert_with(|| Box::pin(tokio::time::sleep(deadline)));
        ready!(stalled.as_mut().poll(context));
        Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
    }

    fn poll_pause(&mut self, context: &mut Context<'_>) -> Poll<()> {
        if let Some(pause) = &mut self.pause {
            ready!(pause.as_mut().poll(context));
            self.pause = None;
        }
        Poll::Ready(())
    }

    /// How many of these bytes still belong to the head.
    fn head_length(&self, bytes: &[u8]) -> usize {
        let mut seen = self.head;
        for (index, byte) in bytes.iter().enumerate() {
            if seen == HEAD_END.len() {
                return index;
            }
            seen = next_seen(seen, *byte);
        }
        bytes.len()
    }

    /// Remembers how far the head has left.
    fn pass_head(&mut self, bytes: &[u8], written: usize) {
        for byte in bytes.iter().take(written) {
            if self.head == HEAD_END.len() {
                return;
            }
            self.head = next_seen(self.head, *byte);
        }
    }

    /// Ends the connection; hyper hears of it as an error and lets go.
    fn poll_end(&mut self, context: &mut Context<'_>, ending: Ending) -> Poll<io::Result<usize>> {
        match ending {
            Ending::Fin => ready!(Pin::new(&mut self.inner).poll_shutdown(context))?,
            Ending::Reset => {
                if self.sent && self.pause.is_none() {
                    self.sent = false;
                    self.pause = Some(Box::pin(tokio::time::sleep(BEFORE_RESET)));
                }
                ready!(self.poll_pause(context));
                self.inner.abort();
            }
        }
        Poll::Ready(Err(io::Error::new(
            io::ErrorKind::ConnectionAborted,
            "ended as planned",
        )))
    }
}

/// One more byte towards the end of a head.
fn next_seen(seen: usize, byte: u8) -> usize {
    if HEAD_END.get(seen) == Some(&byte) {
        seen + 1
    } else {
        usize::from(byte == b'\r')
    }
}

impl<T: AsyncRead + Unpin> AsyncRead for Shim<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_read(context, buffer)
    }
}

impl<T: AsyncWrite + Abort + Unpin> AsyncWrite for Shim<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.wire.shared().is_armed() {
            // Plans have pauses of their own.
            return self.poll_planned(context, bytes);
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.wire.shared().is_armed() {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_planned(context, first.map_or(&[], |slice| slice));
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.wire.shared().is_armed() {
            ready!(self.poll_queue(context))?;
            ready!(Pin::new(&mut self.inner).poll_flush(context))?;
            self.settle();
            Poll::Ready(Ok(()))
        } else {
            Pin::new(&mut self.inner).poll_flush(context)
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.inner).poll_shutdown(context)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};
    use tokio::time::Instant;

    impl Abort for DuplexStream {
        fn abort(&self) {}
    }

    #[tokio::test(start_paused = true)]
    async fn a_throttled_response_takes_its_time() {
        let (ours, mut theirs) = tokio::io::duplex(1 << 16);
        let wire = Wire::default();
        let mut shim = Shim::new(ours, wire.clone(), Duration::from_secs(30));
        let (planned, flushed) =
            tokio::join!(wire.throttle(10, Duration::from_millis(20)), shim.flush());
        planned.expect("the connection is there");
        flushed.expect("the connection is there");
        let started = Instant::now();
        shim.write_all(&[b'x'; 300]).await.expect("it is taken");
        // Thirty pieces, twenty-nine pauses between them.
        assert_eq!(started.elapsed().as_millis(), 29 * 20);
        drop(shim);
        let mut read = Vec::new();
        theirs.read_to_end(&mut read).await.expect("it arrives");
        assert_eq!(read, [b'x'; 300]);
    }

    #[tokio::test(start_paused = true)]
    async fn a_client_that_takes_nothing_is_let_go() {
        let (ours, theirs) = tokio::io::duplex(16);
        let mut shim = Shim::new(ours, Wire::default(), Duration::from_secs(30));
        let started = Instant::now();
        let error = shim
            .write_all(&[b'x'; 300])
            .await
            .expect_err("nobody reads");
        assert_eq!(error.kind(), io::ErrorKind::TimedOut);
        assert_eq!(started.elapsed().as_secs(), 30);
        drop(theirs);
    }

    #[tokio::test]
    async fn the_end_of_a_head_is_found_however_it_is_cut() {
        let message = b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n0123456789";
        for cut in 1..message.len() {
            let (ours, mut theirs) = tokio::io::duplex(1 << 10);
            let wire = Wire::default();
            let mut shim = Shim::new(ours, wire.clone(), Duration::from_secs(30));
            let (planned, _) = tokio::join!(wire.truncate(3, Ending::Fin), shim.flush());
            planned.expect("the connection is there");
            let (first, second) = message.split_at(cut);
            let all = async {
                shim.write_all(first).await?;
                shim.write_all(second).await
            };
            assert_eq!(
                all.await.expect_err("it is cut").kind(),
                io::ErrorKind::ConnectionAborted
            );
            drop(shim);
            let mut read = Vec::new();
            theirs.read_to_end(&mut read).await.expect("it arrives");
            assert_eq!(read, b"HTTP/1.1 200 OK\r\nA: b\r\n\r\n012", "cut at {cut}");
        }
    }
}
