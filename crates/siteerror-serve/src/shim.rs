//! The layer between hyper and the socket: lets bytes through, looks at requests if there is a gate, and carries out what a handler asked for.

mod closing;
mod inward;
mod outward;
#[cfg(test)]
mod tests;
mod timer;

use std::fmt;
use std::io::{self, IoSlice};
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::BytesMut;
use tokio::io::{AsyncRead, AsyncWrite, DuplexStream, ReadBuf};
use tokio::net::TcpStream;
use tokio::sync::{OwnedSemaphorePermit, watch};
use tokio::time::{Instant, Sleep};

use crate::gate::Keeper;
use crate::options::{Limits, Options};
use crate::recording::End;
use crate::shared::{Shared, flag};
use closing::Closing;
use inward::Inward;
use timer::{Timed, Timer};

/// A stream that can end in another way than in order.
pub trait Abort {
    /// From now on, closing resets the connection.
    fn abort(&self);

    /// Ends our side of the connection without a word of TLS about it; once this is asked for, everything written before has been flushed.
    ///
    /// # Errors
    ///
    /// As [`AsyncWrite::poll_shutdown`], which is all that there is to do where there is no TLS.
    fn poll_bare_end(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>>
    where
        Self: AsyncWrite,
    {
        self.poll_shutdown(context)
    }
}

impl Abort for TcpStream {
    fn abort(&self) {
        // A socket that is gone already needs no reset.
        let _ = self.set_zero_linger();
    }
}

/// A stream in memory knows no reset: the other side reads the end.
impl Abort for DuplexStream {
    fn abort(&self) {}
}

/// A stream under hyper.
pub(crate) struct Shim<T> {
    inner: T,
    shared: Arc<Shared>,
    limits: Limits,
    keeper: Option<Keeper>,
    inward: Inward,
    /// One timer for whatever the next bytes of the client are.
    timer: Timer,
    /// Bytes of ours that leave before those of hyper.
    outgoing: BytesMut,
    /// How much of the end of a head was just seen; all of it once the head has left.
    head: usize,
    /// The pause that is being made.
    pause: Option<Pin<Box<Sleep>>>,
    /// Whether anything has left under the plan in force.
    sent: bool,
    /// Runs while the other side takes nothing.
    stalled: Option<Pin<Box<Sleep>>>,
    closing: Closing,
    /// Whether TLS is to end without its last word.
    is_bare: bool,
    /// How the connection ends, once that is known.
    fate: Option<End>,
    /// Tells an upgraded connection that the server stops.
    stop: Option<Stop>,
    /// The place of the connection among all, until it is gone; an upgraded one too.
    place: Option<OwnedSemaphorePermit>,
}

/// Ready when the server stops.
type Stop = Pin<Box<dyn Future<Output = ()> + Send>>;

impl<T> fmt::Debug for Shim<T> {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Shim").finish_non_exhaustive()
    }
}

impl<T> Shim<T> {
    pub(crate) fn new(
        inner: T,
        shared: Arc<Shared>,
        options: &Options,
        head_deadline: Duration,
    ) -> Self {
        let limits = Limits {
            head_deadline,
            ..options.limits
        };
        let keeper = options
            .gate
            .clone()
            .map(|gate| Keeper::new(gate, limits, Arc::clone(&shared)));
        Self {
            inner,
            shared,
            limits,
            keeper,
            inward: Inward::default(),
            timer: Timer::new(),
            outgoing: BytesMut::new(),
            head: 0,
            pause: None,
            sent: false,
            stalled: None,
            closing: Closing::Open,
            is_bare: false,
            fate: None,
            stop: None,
            place: None,
        }
    }

    /// Keeps the place of the connection until it is gone, and listens for the end of the server.
    pub(crate) fn within(
        mut self,
        place: Option<OwnedSemaphorePermit>,
        stop: Option<watch::Receiver<()>>,
    ) -> Self {
        self.place = place;
        self.stop = stop.map(|mut stop| -> Stop {
            Box::pin(async move {
                // An error means that nobody is left to stop us, which is a stop too.
                let _ = stop.changed().await;
            })
        });
        self
    }

    /// Knows when the first bytes of the first head arrived, if somebody has looked at them before: its time runs since then.
    pub(crate) fn after(mut self, pieces: Vec<(Instant, usize)>) -> Self {
        if let Some((began, _)) = pieces.first() {
            self.timer.timed = Timed::Head;
            self.timer.due = *began + self.limits.head_deadline;
        }
        if let Some(keeper) = &mut self.keeper {
            keeper.after(pieces);
        }
        self
    }

    /// Notes how the connection ends; the first reason is the reason.
    fn ends(&mut self, end: End) {
        self.fate.get_or_insert(end);
    }

    fn end_recordings(&mut self) {
        let end = self.fate.clone().unwrap_or(End::ClosedByServer);
        let mut state = self.shared.lock();
        if let Some(recording) = state.recording.take() {
            recording.end(end.clone());
        }
        for (_, recording) in state.to_come.drain(..) {
            recording.end(end.clone());
        }
    }
}

impl<T> Drop for Shim<T> {
    fn drop(&mut self) {
        self.end_recordings();
        self.shared.gone();
        drop(self.place.take());
    }
}

impl<T: AsyncRead + AsyncWrite + Abort + Unpin> AsyncRead for Shim<T> {
    fn poll_read(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        self.poll_inward(context, buffer)
    }
}

impl<T: AsyncRead + AsyncWrite + Abort + Unpin> AsyncWrite for Shim<T> {
    fn poll_write(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        if self.shared.has(flag::OUTWARD) {
            return self.poll_bent(context, bytes);
        }
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        self.watch(context, written)
    }

    fn poll_write_vectored(
        mut self: Pin<&mut Self>,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        if self.shared.has(flag::OUTWARD) {
            return self.poll_bent_vectored(context, slices);
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        self.watch(context, written)
    }

    fn is_write_vectored(&self) -> bool {
        self.inner.is_write_vectored()
    }

    fn poll_flush(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.shared.has(flag::OUTWARD) {
            self.poll_ahead(context);
            ready!(self.poll_queue(context))?;
            ready!(Pin::new(&mut self.inner).poll_flush(context))?;
            self.settle();
            Poll::Ready(Ok(()))
        } else {
            Pin::new(&mut self.inner).poll_flush(context)
        }
    }

    fn poll_shutdown(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        self.poll_close(context)
    }
}
