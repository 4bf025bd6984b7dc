//! What hyper sends, on its way to the client, and what a handler does with it.

use std::io::{self, IoSlice};
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::Buf as _;
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Abort, Shim};
use crate::plan::{Ending, Plan};
use crate::recording::End;
use crate::shared::{flag, wake_all};

/// Time that bytes on their way get before a reset follows them: on a real network it could overtake them.
const BEFORE_RESET: Duration = Duration::from_millis(200);

/// What the end of a head looks like.
const HEAD_END: &[u8] = b"\r\n\r\n";

/// What hyper writes when somebody begins to read content that the client asks about.
const CONTINUE: &[u8] = b"HTTP/1.1 100 Continue\r\n\r\n";

impl<T: AsyncRead + AsyncWrite + Abort + Unpin> Shim<T> {
    /// Writes some of the bytes in the way that was asked for.
    pub(super) fn poll_bent(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        self.poll_ahead(context);
        ready!(self.poll_queue(context))?;
        if self.shared.has(flag::WITHHOLD) {
            if bytes.starts_with(CONTINUE) {
                return Poll::Ready(Ok(CONTINUE.len()));
            }
            self.shared.clear(flag::WITHHOLD);
        }
        if self.shared.has(flag::PLAN) {
            self.poll_planned(context, bytes)
        } else {
            self.poll_inner_write(context, bytes)
        }
    }

    /// The same for bytes in several places: they leave in one piece, as they would if nobody recorded them, unless more than that was asked for.
    pub(super) fn poll_bent_vectored(
        &mut self,
        context: &mut Context<'_>,
        slices: &[IoSlice<'_>],
    ) -> Poll<io::Result<usize>> {
        self.poll_ahead(context);
        ready!(self.poll_queue(context))?;
        if self.shared.has(flag::WITHHOLD | flag::PLAN) {
            let first = slices.iter().find(|slice| !slice.is_empty());
            return self.poll_bent(context, first.map_or(&[], |slice| slice));
        }
        let written = Pin::new(&mut self.inner).poll_write_vectored(context, slices);
        if let Poll::Ready(Ok(written)) = written
            && self.shared.has(flag::RECORD)
            && let Some(recording) = &self.shared.lock().recording
        {
            let mut bytes = Vec::with_capacity(written);
            for slice in slices {
                let left = written - bytes.len();
                bytes.extend_from_slice(slice.get(..left).unwrap_or(slice));
            }
            recording.sent(&bytes);
        }
        self.watch(context, written)
    }

    /// Writes what handlers queued.
    pub(super) fn poll_queue(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        if self.shared.has(flag::BARRIER) {
            let mut state = self.shared.lock();
            let (front, back) = state.queue.as_slices();
            self.outgoing.extend_from_slice(front);
            self.outgoing.extend_from_slice(back);
            state.queue.clear();
        }
        self.poll_outgoing(context)
    }

    pub(super) fn poll_outgoing(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.outgoing.is_empty() {
            let bytes = self.outgoing.split();
            let written = self.poll_inner_write(context, &bytes);
            self.outgoing = bytes;
            match ready!(written)? {
                0 => return Poll::Ready(Err(io::ErrorKind::WriteZero.into())),
                written => self.outgoing.advance(written),
            }
        }
        Poll::Ready(Ok(()))
    }

    /// Tells the handler that everything before has left.
    pub(super) fn settle(&mut self) {
        if !self.shared.has(flag::BARRIER) {
            return;
        }
        let mut state = self.shared.lock();
        state.flushed = true;
        wake_all(&mut state.waiting);
        if state.queue.is_empty() {
            self.shared.clear(flag::BARRIER);
        }
    }

    fn poll_inner_write(
        &mut self,
        context: &mut Context<'_>,
        bytes: &[u8],
    ) -> Poll<io::Result<usize>> {
        let written = Pin::new(&mut self.inner).poll_write(context, bytes);
        if let Poll::Ready(Ok(written)) = written
            && self.shared.has(flag::RECORD)
            && let Some(recording) = &self.shared.lock().recording
        {
            recording.sent(&bytes[..written]);
        }
        self.watch(context, written)
    }

    fn poll_planned(&mut self, context: &mut Context<'_>, bytes: &[u8]) -> Poll<io::Result<usize>> {
        let plan = self.shared.lock().plan;
        match plan {
            None => self.poll_inner_write(context, bytes),
            Some(Plan::Close(ending)) => self.poll_end(context, ending),
            Some(Plan::Truncate { left, ending }) => {
                let (head, rest) = bytes.split_at(self.head_length(bytes));
                let may = head.len() + rest.len().min(left);
                let Some(allowed) = bytes.get(..may).filter(|allowed| !allowed.is_empty()) else {
                    return self.poll_end(context, ending);
                };
                let written = ready!(self.poll_inner_write(context, allowed))?;
                self.sent = true;
                self.pass_head(bytes, written);
                let of_content = written.saturating_sub(head.len());
                self.shared.lock().plan = Some(Plan::Truncate {
                    left: left - of_content.min(left),
                    ending,
                });
                Poll::Ready(Ok(written))
            }
            Some(Plan::Throttle { bytes: most, pause }) => {
                ready!(self.poll_pause(context));
                let written =
                    ready!(self.poll_inner_write(context, &bytes[..bytes.len().min(most)]))?;
                self.pause = Some(Box::pin(tokio::time::sleep(pause)));
                Poll::Ready(Ok(written))
            }
        }
    }

    /// Ends the wait for a client that takes nothing.
    pub(super) fn watch<R>(
        &mut self,
        context: &mut Context<'_>,
        written: Poll<io::Result<R>>,
    ) -> Poll<io::Result<R>> {
        match written {
            Poll::Ready(Ok(written)) => {
                self.stalled = None;
                Poll::Ready(Ok(written))
            }
            Poll::Ready(Err(error)) => {
                self.lose(&error);
                Poll::Ready(Err(error))
            }
            Poll::Pending => {
                let deadline = self.limits.write_deadline;
                let stalled = self
                    .stalled
                    .get_or_insert_with(|| Box::pin(tokio::time::sleep(deadline)));
                ready!(stalled.as_mut().poll(context));
                self.ends(End::Lost(format!(
                    "the client took nothing for {} s",
                    deadline.as_secs_f64()
                )));
                self.shared.hang_up();
                Poll::Ready(Err(io::ErrorKind::TimedOut.into()))
            }
        }
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
            Ending::Fin => ready!(self.poll_close(context))?,
            Ending::BareFin => {
                self.is_bare = true;
                ready!(self.poll_close(context))?;
            }
            Ending::Reset => {
                // Under TLS, what was written may not have left yet.
                ready!(Pin::new(&mut self.inner).poll_flush(context))?;
                if self.sent && self.pause.is_none() {
                    self.sent = false;
                    self.pause = Some(Box::pin(tokio::time::sleep(BEFORE_RESET)));
                }
                ready!(self.poll_pause(context));
                self.inner.abort();
                self.ends(End::ResetByServer);
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
