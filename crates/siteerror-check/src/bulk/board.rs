//! What waits to be done, by host: how many checks of a host run, when its next one may begin, and whose turn it is. Plain data behind a lock that is never
//! held for longer than it takes to move a task.

use std::cmp::Reverse;
use std::collections::{BinaryHeap, HashMap, VecDeque};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foldhash::fast::RandomState;
use siteerror_guard::{Refusal, Target};
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use super::Manners;

/// A URL to check.
#[derive(Debug)]
pub(super) struct Task {
    pub(super) index: u64,
    pub(super) url: String,
    pub(super) target: Result<Target, Refusal>,
    /// Attempts made so far.
    pub(super) attempts: u32,
}

impl Task {
    /// The host whose manners apply, whatever the scheme and port; empty for what is refused and visits nobody.
    fn host(&self) -> &str {
        self.target.as_ref().map_or("", Target::host_text)
    }
}

/// The board that tasks hang on.
#[derive(Debug)]
pub(super) struct Board {
    manners: Manners,
    state: Mutex<State>,
    changed: Notify,
}

#[derive(Debug, Default)]
struct State {
    hosts: HashMap<Arc<str>, Host, RandomState>,
    /// Hosts that may have a task taken at once.
    ready: VecDeque<Arc<str>>,
    /// Hosts whose next task may be taken at a time.
    later: BinaryHeap<Reverse<(Instant, Arc<str>)>>,
    queued: usize,
    running: usize,
    idle: usize,
    closed: bool,
}

#[derive(Debug)]
struct Host {
    queue: VecDeque<Task>,
    running: usize,
    next_at: Instant,
    /// Whether it stands in one of the lists.
    listed: bool,
}

impl Board {
    pub(super) fn new(manners: Manners) -> Self {
        Self {
            manners,
            state: Mutex::default(),
            changed: Notify::new(),
        }
    }

    /// How many tasks wait.
    pub(super) fn queued(&self) -> usize {
        self.lock().queued
    }

    /// Whether another worker would have something to do.
    pub(super) fn wants_worker(&self) -> bool {
        let state = self.lock();
        state.idle == 0 && state.queued > 0
    }

    /// Hangs a task on the board.
    pub(super) fn put(&self, task: Task) {
        let mut state = self.lock();
        state.queued = state.queued.saturating_add(1);
        let host = match state.hosts.get_key_value(task.host()) {
            Some((host, _)) => Arc::clone(host),
            None => Arc::from(task.host()),
        };
        let now = Instant::now();
        let entry = state
            .hosts
            .entry(Arc::clone(&host))
            .or_insert_with(|| Host {
                queue: VecDeque::new(),
                running: 0,
                next_at: now,
                listed: false,
            });
        entry.queue.push_back(task);
        state.list(&host, &self.manners);
        self.wake(&state);
    }

    /// No more tasks will be put.
    pub(super) fn close(&self) {
        self.lock().closed = true;
        self.changed.notify_waiters();
    }

    /// The next task; none once the board is closed and empty, and nothing runs that could come back.
    pub(super) async fn next(&self) -> Option<Task> {
        loop {
            let changed = self.changed.notified();
            let until = {
                let mut state = self.lock();
                if let Some(task) = state.take(&self.manners) {
                    // There may be more for somebody else.
                    if !state.ready.is_empty() {
                        self.wake(&state);
                    }
                    return Some(task);
                }
                if state.closed && state.queued == 0 && state.running == 0 {
                    self.changed.notify_waiters();
                    return None;
                }
                state.idle = state.idle.saturating_add(1);
                state.later.peek().map(|Reverse((at, _))| *at)
            };
            match until {
                Some(at) => {
                    let _ = timeout_at(at, changed).await;
                }
                None => changed.await,
            }
            let mut state = self.lock();
            state.idle = state.idle.saturating_sub(1);
        }
    }

    /// A task is done. The host may want to be left alone for a while.
    pub(super) fn done(&self, task: &Task, pause: Option<Duration>) {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
        state.release(task.host(), pause, &self.manners);
        if state.closed && state.queued == 0 && state.running == 0 {
            self.changed.notify_waiters();
        } else {
            self.wake(&state);
        }
    }

    /// A task wants to be tried again after a pause: it is the host's next one.
    pub(super) fn again(&self, task: Task, pause: Duration) {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
        state.queued = state.queued.saturating_add(1);
        let host = task.host().to_owned();
        if let Some(entry) = state.hosts.get_mut(host.as_str()) {
            entry.queue.push_front(task);
        }
        state.release(&host, Some(pause), &self.manners);
        self.wake(&state);
    }

    fn wake(&self, state: &State) {
        if state.idle > 0 {
            self.changed.notify_one();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl State {
    /// A task whose host may have one started now.
    fn take(&mut self, manners: &Manners) -> Option<Task> {
        if !self.later.is_empty() {
            self.promote();
        }
        while let Some(host) = self.ready.pop_front() {
            let Some(entry) = self.hosts.get_mut(&host) else {
                continue;
            };
            entry.listed = false;
            if entry.running >= manners.per_host
                || (paced(manners) && entry.next_at > Instant::now())
            {
                self.list(&host, manners);
                continue;
            }
            let Some(task) = entry.queue.pop_front() else {
                continue;
            };
            entry.running = entry.running.saturating_add(1);
            if let Some(rate) = manners.per_host_a_second.filter(|rate| *rate > 0.0) {
                entry.next_at = entry.next_at.max(Instant::now())
                    + Duration::from_secs_f64(1.0 / rate.max(0.001));
            }
            self.queued = self.queued.saturating_sub(1);
            self.running = self.running.saturating_add(1);
            self.list(&host, manners);
            return Some(task);
        }
        None
    }

    /// Hosts whose time has come.
    fn promote(&mut self) {
        let now = Instant::now();
        while let Some(Reverse((at, _))) = self.later.peek()
            && *at <= now
        {
            if let Some(Reverse((_, host))) = self.later.pop() {
                self.ready.push_back(host);
            }
        }
    }

    /// Puts a host where its next task can be found, if it has one that may start.
    fn list(&mut self, host: &Arc<str>, manners: &Manners) {
        let Some(entry) = self.hosts.get_mut(host) else {
            return;
        };
        if entry.listed || entry.queue.is_empty() || entry.running >= manners.per_host {
            return;
        }
        entry.listed = true;
        if entry.next_at > Instant::now() {
            self.later.push(Reverse((entry.next_at, Arc::clone(host))));
        } else {
            self.ready.push_back(Arc::clone(host));
        }
    }

    fn release(&mut self, host: &str, pause: Option<Duration>, manners: &Manners) {
        let Some((key, entry)) = self.hosts.get_key_value(host) else {
            return;
        };
        let key = Arc::clone(key);
        let now = Instant::now();
        let over =
            entry.queue.is_empty() && entry.running <= 1 && entry.next_at <= now && pause.is_none();
        if over {
            // Nothing is known of it that would matter to the next one.
            self.hosts.remove(host);
            return;
        }
        if let Some(entry) = self.hosts.get_mut(host) {
            entry.running = entry.running.saturating_sub(1);
            if let Some(pause) = pause {
                entry.next_at = entry.next_at.max(now + pause);
            }
        }
        self.list(&key, manners);
        // Hosts that nobody asks for any more, kept for their pace alone.
        if self.hosts.len() > 4 * super::WINDOW {
            self.hosts.retain(|_, entry| {
                !entry.queue.is_empty() || entry.running > 0 || entry.next_at > now
            });
        }
    }
}

/// Whether the pace of hosts matters at all.
fn paced(manners: &Manners) -> bool {
    manners.per_host_a_second.is_some()
}
