//! What a handler and the shim of its connection both know. As long as nothing is asked for, the shim reads one atomic number and no more.

use std::collections::VecDeque;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::task::Waker;

use crate::defect::Defect;
use crate::plan::Plan;
use crate::recording::Recording;

/// What the shim has to look at; none of it, and bytes pass straight through.
pub(crate) mod flag {
    /// Somebody waits until everything before has left.
    pub(crate) const BARRIER: u32 = 1;
    /// The response is changed on its way.
    pub(crate) const PLAN: u32 = 1 << 1;
    /// Somebody waits for the client to hang up.
    pub(crate) const WATCH: u32 = 1 << 2;
    /// The interim response 100 is held back.
    pub(crate) const WITHHOLD: u32 = 1 << 3;
    /// What leaves is recorded.
    pub(crate) const RECORD: u32 = 1 << 4;
    /// One of these concerns bytes that leave.
    pub(crate) const OUTWARD: u32 = BARRIER | PLAN | WATCH | WITHHOLD | RECORD;
    /// A request that was read and not begun is to be recorded.
    pub(crate) const RECORD_NEXT: u32 = 1 << 5;
    /// Whether the connection goes on with HTTP is up to a response.
    pub(crate) const UNDECIDED: u32 = 1 << 6;
    /// The connection speaks another protocol.
    pub(crate) const SWITCHED: u32 = 1 << 7;
    /// The client closed its side, or the connection broke.
    pub(crate) const HUNG_UP: u32 = 1 << 8;
    /// The connection is no more.
    pub(crate) const GONE: u32 = 1 << 9;
    /// The server stops.
    pub(crate) const STOPPING: u32 = 1 << 10;
    /// A content had a defect, so that nothing after it can be read.
    pub(crate) const FAILED: u32 = 1 << 11;
}

#[derive(Debug, Default)]
pub(crate) struct Shared {
    flags: AtomicU32,
    /// How many requests have begun.
    begun: AtomicU64,
    state: Mutex<State>,
}

#[derive(Debug, Default)]
pub(crate) struct State {
    /// Bytes to be written as they are, ahead of everything else.
    pub(crate) queue: VecDeque<u8>,
    /// Who waits until the queue is empty and written.
    pub(crate) waiting: Vec<Waker>,
    /// Whether a flush came by since somebody began to wait.
    pub(crate) flushed: bool,
    pub(crate) plan: Option<Plan>,
    /// What was wrong with the content, and of which request it was.
    pub(crate) defect: Option<(u64, Defect)>,
    /// Who waits for the client to hang up.
    pub(crate) watching: Vec<Waker>,
    /// The task that the connection runs in.
    pub(crate) task: Option<Waker>,
    /// Recordings of requests that were read and not begun, with their index.
    pub(crate) to_come: VecDeque<(u64, Recording)>,
    /// The request whose response decides about the protocol.
    pub(crate) undecided: u64,
    /// The recording of the request under way.
    pub(crate) recording: Option<Recording>,
}

impl Shared {
    /// A panic elsewhere leaves the state whole: it is only ever changed in single steps.
    pub(crate) fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn has(&self, flags: u32) -> bool {
        self.flags.load(Ordering::Acquire) & flags != 0
    }

    pub(crate) fn set(&self, flags: u32) {
        self.flags.fetch_or(flags, Ordering::AcqRel);
    }

    pub(crate) fn clear(&self, flags: u32) {
        self.flags.fetch_and(!flags, Ordering::AcqRel);
    }

    /// Counts a request in; gives its index. Only the task of the connection does.
    pub(crate) fn begin(&self) -> u64 {
        let request = self.begun.load(Ordering::Relaxed);
        self.begun.store(request + 1, Ordering::Release);
        request
    }

    /// Whether no other request has begun since this one.
    pub(crate) fn is_current(&self, request: u64) -> bool {
        self.begun.load(Ordering::Acquire) == request + 1
    }

    /// What was wrong with the content of a request.
    pub(crate) fn defect(&self, request: u64) -> Option<Defect> {
        if !self.has(flag::FAILED) {
            return None;
        }
        let state = self.lock();
        let defect = state.defect.as_ref().filter(|(of, _)| *of == request);
        defect.map(|(_, defect)| defect.clone())
    }

    /// Lets the connection look at what was asked for.
    pub(crate) fn wake(&self) {
        if let Some(task) = &self.lock().task {
            task.wake_by_ref();
        }
    }

    /// Tells who wants to know that the client has closed its side.
    pub(crate) fn hang_up(&self) {
        self.set(flag::HUNG_UP);
        wake_all(&mut self.lock().watching);
    }

    pub(crate) fn gone(&self) {
        self.set(flag::GONE | flag::HUNG_UP);
        let mut state = self.lock();
        wake_all(&mut state.waiting);
        wake_all(&mut state.watching);
    }
}

pub(crate) fn wake_all(wakers: &mut Vec<Waker>) {
    wakers.drain(..).for_each(Waker::wake);
}

/// Remembers a waker once, however often its task comes by.
pub(crate) fn remember(wakers: &mut Vec<Waker>, waker: &Waker) {
    if !wakers.iter().any(|known| known.will_wake(waker)) {
        wakers.push(waker.clone());
    }
}
