//! What a handler may ask of its connection.

use std::collections::VecDeque;
use std::fmt::Write as _;
use std::future::poll_fn;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::task::{Poll, Waker};
use std::time::Duration;

/// How a connection ends before its time.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Ending {
    /// In order: the other side reads what was sent, and then the end.
    Fin,
    /// By a reset. What was sent may be lost with it.
    Reset,
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

/// The connection is gone, so that nothing can be asked of it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("the connection is closed")]
#[non_exhaustive]
pub struct Gone;

/// An interim response that no client could read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum InvalidInterim {
    /// The status is not of the class 1xx.
    #[error("`{0}` is no status of an interim response: it is 100 to 199")]
    Status(u16),
    /// A reason phrase or field has bytes that would end its line, or a name is no token.
    #[error("`{0}` cannot stand in a message")]
    Bytes(String),
    /// There is nobody to send it to.
    #[error(transparent)]
    Gone(#[from] Gone),
}

/// The connection under a request, in the extensions of the request.
///
/// Everything asked for begins once all earlier responses of the connection have left, so that none of them is touched; and where it is more than an
/// interim response, the connection ends with this one, so that no later one is.
#[derive(Debug, Clone, Default)]
pub struct Wire(Arc<Shared>);

#[derive(Debug, Default)]
pub(crate) struct Shared {
    /// Whether the shim has to look at all: without it, bytes pass straight through.
    armed: AtomicBool,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Bytes to be written as they are, ahead of everything else.
    pub(crate) queue: VecDeque<u8>,
    /// Who waits until the queue is empty and written.
    pub(crate) waiting: Option<Waker>,
    /// Whether a flush came by since somebody began to wait.
    pub(crate) flushed: bool,
    pub(crate) plan: Option<Plan>,
    pub(crate) gone: bool,
}

impl Wire {
    /// Sends an interim response and waits until it has left.
    ///
    /// # Errors
    ///
    /// If the status is not from 100 to 199, if a text cannot stand in a message, or if the connection is gone.
    pub async fn interim(
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
            if !is_token(name) || !is_text(value) {
                return Err(InvalidInterim::Bytes(format!("{name}: {value}")));
            }
            let _ = write!(head, "{name}: {value}\r\n");
        }
        head.push_str("\r\n");
        Ok(self.raw(head.as_bytes()).await?)
    }

    /// Sends bytes as they are, and waits until they have left.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn raw(&self, bytes: &[u8]) -> Result<(), Gone> {
        self.barrier().await?;
        self.0.lock().queue.extend(bytes);
        self.barrier().await
    }

    /// Ends the connection in place of the response.
    ///
    /// # Errors
    ///
    /// If the connection is gone already.
    pub async fn close(&self, ending: Ending) -> Result<(), Gone> {
        self.plan(Plan::Close(ending)).await
    }

    /// Lets the head and `content_bytes` of what follows it out, then ends the connection.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn truncate(&self, content_bytes: usize, ending: Ending) -> Result<(), Gone> {
        self.plan(Plan::Truncate {
            left: content_bytes,
            ending,
        })
        .await
    }

    /// Lets at most `bytes` out at a time, with a pause after each.
    ///
    /// # Errors
    ///
    /// If the connection is gone.
    pub async fn throttle(&self, bytes: usize, pause: Duration) -> Result<(), Gone> {
        self.plan(Plan::Throttle {
            bytes: bytes.max(1),
            pause,
        })
        .await
    }

    async fn plan(&self, plan: Plan) -> Result<(), Gone> {
        self.barrier().await?;
        self.0.lock().plan = Some(plan);
        self.0.armed.store(true, Ordering::Release);
        Ok(())
    }

    /// Waits until hyper has nothing left to write and the queue is empty. Hyper flushes whenever a handler waits, and only with an empty buffer.
    async fn barrier(&self) -> Result<(), Gone> {
        {
            let mut state = self.0.lock();
            if state.gone {
                return Err(Gone);
            }
            state.flushed = false;
        }
        self.0.armed.store(true, Ordering::Release);
        poll_fn(|context| {
            let mut state = self.0.lock();
            if state.gone {
                Poll::Ready(Err(Gone))
            } else if state.flushed && state.queue.is_empty() {
                Poll::Ready(Ok(()))
            } else {
                state.waiting = Some(context.waker().clone());
                Poll::Pending
            }
        })
        .await
    }

    pub(crate) fn is_planned(&self) -> bool {
        self.0.is_armed() && self.0.lock().plan.is_some()
    }

    pub(crate) fn shared(&self) -> &Shared {
        &self.0
    }
}

impl Shared {
    /// A panic elsewhere leaves the state whole: it is only ever changed in single steps.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn is_armed(&self) -> bool {
        self.armed.load(Ordering::Acquire)
    }

    pub(crate) fn disarm(&self) {
        self.armed.store(false, Ordering::Release);
    }
}

/// RFC 9110 §5.6.2.
fn is_token(text: &str) -> bool {
    !text.is_empty()
        && text
            .bytes()
            .all(|byte| byte.is_ascii_alphanumeric() || b"!#$%&'*+-.^_`|~".contains(&byte))
}

/// RFC 9110 §5.5: no control characters but the tab.
fn is_text(text: &str) -> bool {
    text.bytes()
        .all(|byte| byte == b'\t' || (byte >= b' ' && byte != 0x7f))
}
