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

use super::{Manners, WINDOW};

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
    pub(super) fn host(&self) -> &str {
        self.target.as_ref().map_or("", Target::host_text)
    }
}

/// For each check under way, so many URLs wait.
const AHEAD: usize = 2;

/// The board that tasks hang on.
#[derive(Debug)]
pub(super) struct Board {
    manners: Manners,
    state: Mutex<State>,
    /// There may be a task to take.
    changed: Notify,
    /// A host may have room for a check that comes from another.
    room: Notify,
    /// A worker found nothing to do.
    hungry: Notify,
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
    /// Checks that wait for room at a host.
    visitors: usize,
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
            room: Notify::new(),
            hungry: Notify::new(),
        }
    }

    /// Whether more tasks should be put. While all workers have something to do, a few that wait are enough, and what is near is at hand; otherwise the ones that
    /// wait are those of busy hosts, and somebody else's may be further down.
    pub(super) fn has_room(&self) -> bool {
        let state = self.lock();
        let busy = state.running >= self.manners.concurrency;
        let most = if busy {
            self.manners.concurrency.saturating_mul(AHEAD).min(WINDOW)
        } else {
            WINDOW
        };
        state.queued < most
    }

    /// Whether another worker would have something to do.
    pub(super) fn wants_worker(&self) -> bool {
        let state = self.lock();
        state.idle == 0 && state.queued > 0
    }

    /// Is ready when a worker has nothing to do.
    pub(super) async fn hungry(&self) {
        self.hungry.notified().await;
    }

    /// Hangs a task on the board.
    pub(super) fn put(&self, task: Task) {
        let mut state = self.lock();
        state.queued = state.queued.saturating_add(1);
        let host = state.host(task.host(), Instant::now());
        if let Some(entry) = state.hosts.get_mut(&host) {
            entry.queue.push_back(task);
        }
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
                self.hungry.notify_one();
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

    /// A check goes on to another host: it leaves the one, and waits for room at the other. Who waits holds nothing, so nobody waits for each other.
    pub(super) async fn cross(&self, from: &str, to: &str) {
        {
            let mut state = self.lock();
            state.release(from, None, &self.manners);
            self.wake(&state);
        }
        loop {
            let room = self.room.notified();
            let until = {
                let mut state = self.lock();
                let now = Instant::now();
                let host = state.host(to, now);
                let entry = state.hosts.get_mut(&host);
                let free = entry
                    .filter(|entry| entry.running < self.manners.per_host && entry.next_at <= now);
                if let Some(entry) = free {
                    entry.running = entry.running.saturating_add(1);
                    pace(entry, now, &self.manners);
                    return;
                }
                state.visitors = state.visitors.saturating_add(1);
                state
                    .hosts
                    .get(&host)
                    .map(|entry| entry.next_at)
                    .filter(|at| *at > now)
            };
            let _visitor = Visitor(self);
            match until {
                Some(at) => {
                    let _ = timeout_at(at, room).await;
                }
                None => room.await,
            }
        }
    }

    /// A task is done, at the host where it was last. That one may want to be left alone for a while.
    pub(super) fn done(&self, host: Option<&str>, pause: Option<Duration>) {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
        if let Some(host) = host {
            state.release(host, pause, &self.manners);
        }
        if state.closed && state.queued == 0 && state.running == 0 {
            self.changed.notify_waiters();
        } else {
            self.wake(&state);
        }
    }

    /// A task wants to be tried again after a pause: it is its host's next one. `host` is where it was last, and who wants the pause.
    pub(super) fn again(&self, task: Task, host: Option<&str>, pause: Duration) {
        let mut state = self.lock();
        state.running = state.running.saturating_sub(1);
        state.queued = state.queued.saturating_add(1);
        let now = Instant::now();
        let first = state.host(task.host(), now);
        if let Some(entry) = state.hosts.get_mut(&first) {
            entry.queue.push_front(task);
            entry.next_at = entry.next_at.max(now + pause);
        }
        if let Some(host) = host {
            state.release(host, Some(pause), &self.manners);
        }
        state.list(&first, &self.manners);
        self.wake(&state);
    }

    fn wake(&self, state: &State) {
        if state.idle > 0 {
            self.changed.notify_one();
        }
        if state.visitors > 0 {
            self.room.notify_waiters();
        }
    }

    fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Counts a check that waits for room, until it has it or is given up.
struct Visitor<'a>(&'a Board);

impl Drop for Visitor<'_> {
    fn drop(&mut self) {
        let mut state = self.0.lock();
        state.visitors = state.visitors.saturating_sub(1);
    }
}

impl State {
    /// The key of a host, which is there from then on.
    fn host(&mut self, name: &str, now: Instant) -> Arc<str> {
        if let Some((host, _)) = self.hosts.get_key_value(name) {
            return Arc::clone(host);
        }
        let host: Arc<str> = Arc::from(name);
        self.hosts.insert(
            Arc::clone(&host),
            Host {
                queue: VecDeque::new(),
                running: 0,
                next_at: now,
                listed: false,
            },
        );
        host
    }

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
            // It may have been listed before somebody asked for a pause.
            let now = Instant::now();
            if !is_nobody(&host) && (entry.running >= manners.per_host || entry.next_at > now) {
                self.list(&host, manners);
                continue;
            }
            let Some(task) = entry.queue.pop_front() else {
                continue;
            };
            entry.running = entry.running.saturating_add(1);
            if !is_nobody(&host) {
                pace(entry, now, manners);
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
        let is_full = entry.running >= manners.per_host && !is_nobody(host);
        if entry.listed || entry.queue.is_empty() || is_full {
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
        if self.hosts.len() > 4 * WINDOW {
            self.hosts.retain(|_, entry| {
                !entry.queue.is_empty() || entry.running > 0 || entry.next_at > now
            });
        }
    }
}

/// The host of what is refused, which nobody has to be treated well for.
fn is_nobody(host: &str) -> bool {
    host.is_empty()
}

/// When a host's next check may begin, after one that begins now.
fn pace(entry: &mut Host, now: Instant, manners: &Manners) {
    if let Some(rate) = manners.per_host_a_second.filter(|rate| *rate > 0.0) {
        let gap = Duration::from_secs_f64(1.0 / rate.max(0.001));
        entry.next_at = entry.next_at.max(now) + gap;
    }
}
