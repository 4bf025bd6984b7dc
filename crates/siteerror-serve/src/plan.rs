//! What a handler may ask of a connection that speaks HTTP/1.1, for the shim to carry out.

use std::fmt::Write as _;
use std::future::poll_fn;
use std::sync::Arc;
use std::task::Poll;
use std::time::Duration;

use http::Version;

use crate::defect::Defect;
use crate::field::is_token;
use crate::recording::Recording;
use crate::shared::Shared;
use crate::shared::{flag, remember};

/// How a connection ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In order: the other side reads what was sent, and then the end.
    Fin,
    /// By a reset. What was sent may be lost with it.
    Reset,
    /// By the end of TCP alone: what was sent arrives, and TLS ends without the alert `close_notify` that announces it (RFC 8446 §6.1). Without TLS it
    /// is [`Ending::Fin`].
    BareFin,
}

/// What the shim does with the bytes of the response.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Plan {
    /// Nothing of it leaves.
    Close(Ending),
    /// The head and so many bytes of what follows it leave.
    Truncate { left: usize, ending: Ending },
    /// At most so many bytes leave at a time, with a pause after each.
    Throttle { bytes: usize, pause: Duration },
}

/// Something that the connection cannot do.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum Refused {
    /// There is nobody on the other side any more, or the connection is at another request.
    #[error("the connection is closed, or at another request")]
    Gone,
    /// The version of HTTP that this connection speaks has no such thing.
    #[error("this version of HTTP has no such thing")]
    Version,
}

/// An interim response that no client could read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidInterim {
    /// The status is not of the class 1xx.
    #[error("`{0}` is no status of an interim response: it is 100 to 199, and on HTTP/2 not 101")]
    Status(u16),
    /// A reason phrase or field has bytes that would end its line, or a name is no token.
    #[error("`{0}` cannot stand in a message")]
    Bytes(String),
    /// There is nobody to send it to, or nobody who would understand it.
    #[error(transparent)]
    Refused(#[from] Refused),
}

/// A handler's side of the shim: what `Wire` promises, for one request of HTTP/1.1.
#[derive(Debug, Clone)]
pub(crate) struct Plans {
    shared: Arc<Shared>,
    request: u64,
    version: Version,
    recording: Option<Recording>,
}

impl Plans {
    pub(crate) fn new(
        shared: Arc<Shared>,
        request: u64,
        version: Version,
        recording: Option<Recording>,
    ) -> Self {
        Self {
            shared,
            request,
            version,
            recording,
        }
    }

    pub(crate) fn version(&self) -> Version {
        self.version
    }

    pub(crate) async fn interim(
        &self,
        status: u16,
        reason: &str,
        fields: &[(&str, &str)],
    ) -> Result<(), InvalidInterim> {
        if !(100..200).contains(&status) {
            return Err(InvalidInterim::Status(status));
        }
        if !is_text(reason) {
            return Err(InvalidInterim::Bytes(reason.to_owned()));
        }
        let mut head = format!("HTTP/1.1 {status} {reason}\r\n");
        for (name, value) in fields {
            if name.is_empty() || !name.bytes().all(is_token) || !is_text(value) {
                return Err(InvalidInterim::Bytes(format!("{name}: {value}")));
            }
            let _ = write!(head, "{name}: {value}\r\n");
        }
        if self.version < Version::HTTP_11 {
            return Err(Refused::Version.into());
        }
        head.push_str("\r\n");
        Ok(self.raw(head.as_bytes()).await?)
    }

    pub(crate) async fn raw(&self, bytes: &[u8]) -> Result<(), Refused> {
        self.barrier().await?;
        self.shared.lock().queue.extend(bytes);
        self.barrier().await
    }

    pub(crate) async fn close(&self, ending: Ending) -> Result<(), Refused> {
        self.plan(Plan::Close(ending)).await
    }

    pub(crate) async fn truncate(
        &self,
        content_bytes: usize,
        ending: Ending,
    ) -> Result<(), Refused> {
        self.plan(Plan::Truncate {
            left: content_bytes,
            ending,
        })
        .await
    }

    pub(crate) async fn throttle(&self, bytes: usize, pause: Duration) -> Result<(), Refused> {
        self.plan(Plan::Throttle {
            bytes: bytes.max(1),
            pause,
        })
        .await
    }

    pub(crate) fn withhold_continue(&self) {
        if self.shared.is_current(self.request) {
            self.shared.set(flag::WITHHOLD);
        }
    }

    pub(crate) async fn hung_up(&self) {
        self.shared.set(flag::WATCH);
        self.shared.wake();
        poll_fn(|context| {
            let mut state = self.shared.lock();
            if self.shared.has(flag::HUNG_UP) || !self.shared.is_current(self.request) {
                return Poll::Ready(());
            }
            remember(&mut state.watching, context.waker());
            Poll::Pending
        })
        .await;
    }

    pub(crate) fn defect(&self) -> Option<Defect> {
        self.shared.defect(self.request)
    }

    pub(crate) fn recording(&self) -> Option<Recording> {
        self.recording.clone()
    }

    async fn plan(&self, plan: Plan) -> Result<(), Refused> {
        self.barrier().await?;
        self.shared.lock().plan = Some(plan);
        self.shared.set(flag::PLAN);
        Ok(())
    }

    /// Waits until hyper has nothing left to write and the queue is empty. Hyper flushes whenever a handler waits, and only with an empty buffer.
    pub(crate) async fn barrier(&self) -> Result<(), Refused> {
        self.shared.lock().flushed = false;
        self.shared.set(flag::BARRIER);
        self.shared.wake();
        poll_fn(|context| {
            let mut state = self.shared.lock();
            if self.shared.has(flag::GONE) || !self.shared.is_current(self.request) {
                Poll::Ready(Err(Refused::Gone))
            } else if state.flushed && state.queue.is_empty() {
                Poll::Ready(Ok(()))
            } else {
                remember(&mut state.waiting, context.waker());
                Poll::Pending
            }
        })
        .await
    }
}

/// RFC 9110 §5.5: no control characters but the tab.
fn is_text(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}
