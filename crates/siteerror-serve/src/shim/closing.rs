//! The end of a connection: the last words, then the end of our side, then patience.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Sleep;

use super::{Abort, Shim};
use crate::recording::End;
use crate::refusal;
use crate::shared::flag;

/// Time in which a client that is still sending gets to read the answer. RFC 9112 §9.6: a socket that is closed with bytes unread resets the
/// connection, and the reset can take the answer with it.
const LINGER: Duration = Duration::from_secs(2);
/// Bytes that are read and dropped in that time.
const LINGER_BYTES: usize = 1024 * 1024;
/// Bytes of one such read.
const STEP: usize = 8192;

/// How far the end has come.
#[derive(Debug)]
pub(super) enum Closing {
    Open,
    /// Our last bytes are leaving.
    Sending,
    /// Our side is being closed.
    Shutting,
    /// Our side is closed; the other is not.
    Lingering {
        until: Pin<Box<Sleep>>,
        dropped: usize,
    },
    Done,
}

impl<T: AsyncRead + AsyncWrite + Abort + Unpin> Shim<T> {
    pub(super) fn poll_close(&mut self, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        loop {
            match &mut self.closing {
                Closing::Open => {
                    if let (Some(refused), Some(keeper)) = (self.inward.refusal(), &self.keeper) {
                        refusal::write(&refused, keeper.gate(), &mut self.outgoing);
                    }
                    self.closing = Closing::Sending;
                }
                Closing::Sending => {
                    ready!(self.poll_outgoing(context))?;
                    let flushed = Pin::new(&mut self.inner).poll_flush(context);
                    ready!(self.watch(context, flushed))?;
                    self.closing = Closing::Shutting;
                }
                Closing::Shutting => {
                    let inner = Pin::new(&mut self.inner);
                    let shut = if self.is_bare {
                        inner.poll_bare_end(context)
                    } else {
                        inner.poll_shutdown(context)
                    };
                    ready!(self.watch(context, shut))?;
                    self.ends(End::ClosedByServer);
                    self.end_recordings();
                    self.closing = if self.may_go(context) {
                        Closing::Done
                    } else {
                        Closing::Lingering {
                            until: Box::pin(tokio::time::sleep(LINGER)),
                            dropped: 0,
                        }
                    };
                }
                Closing::Lingering { until, dropped } => {
                    let mut step = [0; STEP];
                    let mut step = ReadBuf::new(&mut step);
                    match Pin::new(&mut self.inner).poll_read(context, &mut step) {
                        Poll::Pending => ready!(until.as_mut().poll(context)),
                        Poll::Ready(Ok(()))
                            if !step.filled().is_empty() && *dropped < LINGER_BYTES =>
                        {
                            *dropped += step.filled().len();
                            continue;
                        }
                        Poll::Ready(_) => {}
                    }
                    self.closing = Closing::Done;
                }
                Closing::Done => return Poll::Ready(Ok(())),
            }
        }
    }

    /// Whether nobody can be still sending, or it is not for us to wait for them.
    fn may_go(&mut self, context: &mut Context<'_>) -> bool {
        if self.inward.ended.is_some() || self.shared.has(flag::SWITCHED) {
            return true;
        }
        let is_leaving = self.inward.was_idle() || self.shared.has(flag::STOPPING);
        if !(is_leaving && self.inward.is_quiet(self.keeper.as_ref())) {
            return false;
        }
        let mut step = [0; 1];
        Pin::new(&mut self.inner)
            .poll_read(context, &mut ReadBuf::new(&mut step))
            .is_pending()
    }
}
