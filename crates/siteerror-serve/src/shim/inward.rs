//! What the client sends, on its way to hyper.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Duration;

use bytes::{Buf as _, Bytes, BytesMut};
use tokio::io::{AsyncRead, AsyncWrite, ReadBuf};
use tokio::time::Instant;

use super::timer::Timed;
use super::{Abort, Shim};
use crate::defect::Defect;
use crate::gate::{Found, Keeper, Phase};
use crate::options::Refusal;
use crate::recording::End;
use crate::shared::flag;

/// Bytes that are read ahead while somebody waits for the client to hang up.
const AHEAD_BYTES: usize = 64 * 1024;
/// Bytes of one such read.
const AHEAD_STEP: usize = 4096;

/// What has arrived and has not reached hyper.
#[derive(Debug, Default)]
pub(super) struct Inward {
    /// Bytes held back: those that passed the gate first, then those that did not yet.
    stash: BytesMut,
    /// How many of them may go to hyper.
    passed: usize,
    /// The client has closed its side, or the connection broke in this way.
    pub(super) ended: Option<Ended>,
    halt: Halt,
    /// Bytes that arrived after a halt and were let go.
    lost: usize,
}

/// Why hyper gets nothing more.
#[derive(Debug, Default)]
enum Halt {
    #[default]
    No,
    /// Nothing follows that anybody has to know about.
    Over,
    /// The connection was idle for too long.
    Idle,
    Refused(Box<Refusal>),
    /// The same, and hyper has come so far that all earlier responses have left.
    Told(Box<Refusal>),
    Failed,
}

/// How the side of the client ended.
#[derive(Debug, Clone, Copy)]
pub(super) enum Ended {
    Closed,
    Broken(io::ErrorKind),
}

impl Inward {
    /// The refusal that is to be sent, if hyper has come so far.
    pub(super) fn refusal(&mut self) -> Option<Box<Refusal>> {
        match std::mem::take(&mut self.halt) {
            Halt::Told(refusal) => {
                self.halt = Halt::Over;
                Some(refusal)
            }
            other => {
                self.halt = other;
                None
            }
        }
    }

    /// Whether nothing has begun that hyper does not know of.
    pub(super) fn is_quiet(&self, keeper: Option<&Keeper>) -> bool {
        let between =
            keeper.is_none_or(|keeper| matches!(keeper.phase(), Phase::Head | Phase::Over));
        between && self.stash.is_empty() && matches!(self.halt, Halt::No | Halt::Idle)
    }

    pub(super) fn was_idle(&self) -> bool {
        matches!(self.halt, Halt::Idle)
    }
}

impl<T: AsyncRead + AsyncWrite + Abort + Unpin> Shim<T> {
    pub(super) fn poll_inward(
        &mut self,
        context: &mut Context<'_>,
        buffer: &mut ReadBuf<'_>,
    ) -> Poll<io::Result<()>> {
        loop {
            if self.inward.passed > 0 {
                let length = self.inward.passed.min(buffer.remaining());
                buffer.put_slice(&self.inward.stash[..length]);
                self.inward.stash.advance(length);
                self.inward.passed -= length;
                return Poll::Ready(Ok(()));
            }
            if !matches!(self.inward.halt, Halt::No) {
                return Poll::Ready(self.halted());
            }
            if let Some(keeper) = &mut self.keeper
                && let Phase::Undecided = keeper.phase()
            {
                // The response that decides comes from the task that reads here, and reading goes on after it.
                if !keeper.decide() {
                    return Poll::Pending;
                }
                self.judge_stash();
                continue;
            }
            if let Some(how) = self.inward.ended {
                if let Ended::Broken(kind) = how {
                    return Poll::Ready(Err(kind.into()));
                }
                self.check_the_end();
                if matches!(self.inward.halt, Halt::No) {
                    return Poll::Ready(Ok(()));
                }
                continue;
            }
            let before = buffer.filled().len();
            match Pin::new(&mut self.inner).poll_read(context, buffer) {
                Poll::Pending => {
                    ready!(self.poll_deadline(context));
                    continue;
                }
                Poll::Ready(Err(error)) => {
                    self.lose(&error);
                    self.inward.ended = Some(Ended::Broken(error.kind()));
                    return Poll::Ready(Err(error));
                }
                Poll::Ready(Ok(())) => {}
            }
            if buffer.filled().len() == before {
                self.hear_the_end();
                continue;
            }
            if self.timer.timed != Timed::Head {
                self.timer.timed = Timed::Nothing;
            }
            if self.pass(buffer, before) {
                return Poll::Ready(Ok(()));
            }
        }
    }

    /// Lets bytes that have just arrived pass as far as they may; tells whether hyper gets any.
    fn pass(&mut self, buffer: &mut ReadBuf<'_>, before: usize) -> bool {
        let Some(keeper) = &mut self.keeper else {
            let state = self.shared.has(flag::RECORD).then(|| self.shared.lock());
            if let Some(recording) = state.as_ref().and_then(|state| state.recording.as_ref()) {
                recording.received(&buffer.filled()[before..]);
            }
            return true;
        };
        if self.inward.stash.is_empty() {
            let (passed, found) = keeper.judge(&mut buffer.filled_mut()[before..]);
            if found == Found::Nothing {
                self.timer.timed = Timed::Nothing;
                return true;
            }
            let rest = &buffer.filled()[before + passed..];
            self.inward.stash.extend_from_slice(rest);
            buffer.set_filled(before + passed);
            self.find(found);
            passed > 0
        } else {
            self.inward
                .stash
                .extend_from_slice(&buffer.filled()[before..]);
            buffer.set_filled(before);
            self.judge_stash();
            false
        }
    }

    /// Looks at what was held back, now that there is more of it.
    fn judge_stash(&mut self) {
        let Some(keeper) = &mut self.keeper else {
            self.inward.passed = self.inward.stash.len();
            return;
        };
        let (passed, found) = keeper.judge(&mut self.inward.stash[self.inward.passed..]);
        if passed > 0 {
            self.inward.passed += passed;
            self.timer.timed = Timed::Nothing;
        }
        self.find(found);
    }

    /// Draws the consequence of what was found in the stash behind what may pass.
    fn find(&mut self, found: Found) {
        match found {
            Found::Nothing => {}
            Found::Rest => {
                if let Some(keeper) = &mut self.keeper {
                    keeper.piece(self.inward.stash.len() - self.inward.passed);
                }
            }
            Found::Over => self.halt(Halt::Over),
            Found::Refused(defect) => self.refuse(defect),
            Found::Failed(defect) => self.fail(defect),
        }
    }

    fn refuse(&mut self, defect: Defect) {
        let most = self.limits.target_bytes + self.limits.fields_bytes;
        let head = &self.inward.stash[self.inward.passed..];
        let head = Bytes::copy_from_slice(head.get(..most).unwrap_or(head));
        self.halt(Halt::Refused(Box::new(Refusal { defect, head })));
    }

    fn fail(&mut self, defect: Defect) {
        if let Some(keeper) = &self.keeper {
            self.shared.lock().defect = Some((keeper.last(), defect));
            self.shared.set(flag::FAILED);
        }
        self.halt(Halt::Failed);
    }

    fn halt(&mut self, halt: Halt) {
        self.inward.stash.truncate(self.inward.passed);
        self.inward.halt = halt;
    }

    /// What hyper is told once nothing follows.
    fn halted(&mut self) -> io::Result<()> {
        match std::mem::take(&mut self.inward.halt) {
            Halt::Refused(refusal) | Halt::Told(refusal) => {
                self.inward.halt = Halt::Told(refusal);
                Ok(())
            }
            Halt::Failed => {
                self.inward.halt = Halt::Over;
                Err(io::ErrorKind::InvalidData.into())
            }
            other => {
                self.inward.halt = other;
                Ok(())
            }
        }
    }

    /// The client has closed its side.
    fn hear_the_end(&mut self) {
        self.ends(End::ClosedByClient);
        self.inward.ended = Some(Ended::Closed);
        self.shared.hang_up();
    }

    pub(super) fn lose(&mut self, error: &io::Error) {
        self.ends(End::Lost(error.to_string()));
        self.shared.hang_up();
    }

    /// Hyper has everything that arrived before the end: whether that was a whole message.
    fn check_the_end(&mut self) {
        match self.keeper.as_ref().map(Keeper::phase) {
            // A lone CR may have been half of an empty line.
            Some(Phase::Head) if !matches!(self.inward.stash[..], [] | [b'\r']) => {
                self.refuse(Defect::HeadIncomplete);
            }
            Some(Phase::Sized(_) | Phase::Chunked(_)) => self.fail(Defect::ContentIncomplete),
            _ => {}
        }
    }

    /// Runs the timer for the next bytes; ready when it has run out and its consequence is drawn.
    fn poll_deadline(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let (timed, time) = match self.keeper.as_ref().map(Keeper::phase) {
            _ if self.shared.has(flag::SWITCHED) => return self.poll_stop(context),
            // Without a gate, hyper looks at the clock.
            None | Some(Phase::Undecided | Phase::Aside | Phase::Over) => return Poll::Pending,
            Some(Phase::Head) if self.inward.stash.is_empty() => {
                (Timed::Idle, self.limits.head_deadline)
            }
            Some(Phase::Head) => (Timed::Head, self.limits.head_deadline),
            Some(Phase::Sized(_) | Phase::Chunked(_)) => {
                (Timed::Content, self.limits.content_deadline)
            }
        };
        ready!(self.poll_timer(context, timed, time));
        match timed {
            Timed::Head => self.refuse(Defect::HeadTimeout(time)),
            Timed::Content => self.fail(Defect::ContentTimeout(time)),
            Timed::Idle | Timed::Nothing => self.halt(Halt::Idle),
        }
        Poll::Ready(())
    }

    fn poll_timer(&mut self, context: &mut Context<'_>, timed: Timed, time: Duration) -> Poll<()> {
        let alarm = &mut self.timer;
        if alarm.timed != timed {
            alarm.timed = timed;
            alarm.due = Instant::now() + time;
        }
        alarm.poll(context)
    }

    /// An upgraded connection reads its end when the server stops.
    fn poll_stop(&mut self, context: &mut Context<'_>) -> Poll<()> {
        let Some(stop) = &mut self.stop else {
            return Poll::Pending;
        };
        ready!(stop.as_mut().poll(context));
        self.stop = None;
        self.halt(Halt::Over);
        Poll::Ready(())
    }

    /// Reads ahead as long as somebody waits for the client to hang up.
    pub(super) fn poll_ahead(&mut self, context: &mut Context<'_>) {
        if !self.shared.has(flag::WATCH) {
            return;
        }
        while self.inward.ended.is_none()
            && self.inward.stash.len() < AHEAD_BYTES
            && self.inward.lost < AHEAD_BYTES
        {
            let mut step = [0; AHEAD_STEP];
            let mut step = ReadBuf::new(&mut step);
            match Pin::new(&mut self.inner).poll_read(context, &mut step) {
                Poll::Pending => return,
                Poll::Ready(Err(error)) => {
                    self.lose(&error);
                    self.inward.ended = Some(Ended::Broken(error.kind()));
                }
                Poll::Ready(Ok(())) if step.filled().is_empty() => self.hear_the_end(),
                Poll::Ready(Ok(())) if matches!(self.inward.halt, Halt::No) => {
                    self.inward.stash.extend_from_slice(step.filled());
                    self.judge_stash();
                }
                Poll::Ready(Ok(())) => self.inward.lost += step.filled().len(),
            }
        }
    }
}
