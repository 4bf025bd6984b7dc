//! Manners towards hosts that hold for everybody who asks: how many checks are at a host at a time, and how often one begins there. A page that strangers use
//! has one of these for all of them, so that a thousand of them together are no more to a host than two.

use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use foldhash::fast::RandomState;
use siteerror_guard::Target;
use tokio::sync::Notify;
use tokio::time::{Instant, timeout_at};

use crate::bulk::Crowd;
use crate::hop::Scratch;

/// Hosts that are known at a time. What nobody is at and nothing is owed to is forgotten first.
const KEPT: usize = 4096;

/// Who is where, and when the next one may come.
///
/// A check waits at the door of each host that it comes to. What it asks there besides its first request goes at once and is charged: the next check waits the
/// longer for it, so that on average a host gets no more than one request for each `gap`.
#[derive(Debug)]
pub struct Hosts {
    at_a_time: usize,
    gap: Duration,
    known: Mutex<HashMap<Box<str>, Host, RandomState>>,
    /// Somebody left.
    room: Notify,
}

#[derive(Debug)]
struct Host {
    guests: usize,
    next_at: Instant,
}

impl Hosts {
    /// So many checks at a host at a time, and so much time for each request.
    pub fn new(at_a_time: usize, gap: Duration) -> Self {
        Self {
            at_a_time: at_a_time.max(1),
            gap,
            known: Mutex::default(),
            room: Notify::new(),
        }
    }

    /// How long until the pace of a host lets the next check begin.
    pub fn wait(&self, host: &str) -> Duration {
        let known = self.lock();
        let next = known.get(host).map(|host| host.next_at);
        next.map_or(Duration::ZERO, |at| {
            at.saturating_duration_since(Instant::now())
        })
    }

    /// Leaves a host alone for a while, as it asked by Retry-After.
    pub fn pause(&self, host: &str, pause: Duration) {
        let mut known = self.lock();
        let now = Instant::now();
        if let Some(host) = entry(&mut known, host, now) {
            host.next_at = host.next_at.max(now + pause);
        }
    }

    /// A place at a host, as soon as there is one.
    async fn enter(&self, host: &str) {
        loop {
            let room = self.room.notified();
            let until = {
                let mut known = self.lock();
                let now = Instant::now();
                match entry(&mut known, host, now) {
                    Some(host) if host.guests < self.at_a_time && host.next_at <= now => {
                        host.guests = host.guests.saturating_add(1);
                        host.next_at = now + self.gap;
                        return;
                    }
                    Some(host) if host.next_at > now => host.next_at,
                    // Full, or too many hosts at a time: somebody will leave, or a pace run out.
                    _ => now + self.gap,
                }
            };
            let _ = timeout_at(until, room).await;
        }
    }

    fn leave(&self, host: &str) {
        if let Some(host) = self.lock().get_mut(host) {
            host.guests = host.guests.saturating_sub(1);
        }
        self.room.notify_waiters();
    }

    fn charge(&self, host: &str) {
        if let Some(host) = self.lock().get_mut(host) {
            host.next_at = host.next_at.max(Instant::now()) + self.gap;
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<Box<str>, Host, RandomState>> {
        self.known.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The entry of a host; none if there is no room for another.
fn entry<'a>(
    known: &'a mut HashMap<Box<str>, Host, RandomState>,
    name: &str,
    now: Instant,
) -> Option<&'a mut Host> {
    if !known.contains_key(name) {
        if known.len() >= KEPT {
            known.retain(|_, host| host.guests > 0 || host.next_at > now);
        }
        if known.len() >= KEPT {
            return None;
        }
        let host = Host {
            guests: 0,
            next_at: now,
        };
        known.insert(name.into(), host);
    }
    known.get_mut(name)
}

/// A check that is at one host at a time. Dropping it leaves.
#[derive(Debug)]
pub(crate) struct Guest<'a> {
    hosts: &'a Hosts,
    at: Mutex<Option<Box<str>>>,
}

impl<'a> Guest<'a> {
    pub(crate) fn new(hosts: &'a Hosts) -> Self {
        Self {
            hosts,
            at: Mutex::default(),
        }
    }

    /// Leaves where it is, and waits for a place at another host.
    pub(crate) async fn go(&self, host: &str) {
        self.leave();
        self.hosts.enter(host).await;
        *self.lock() = Some(host.into());
    }

    fn leave(&self) {
        let left = self.lock().take();
        if let Some(host) = left {
            self.hosts.leave(&host);
        }
    }

    fn charge(&self) {
        if let Some(host) = self.lock().as_deref() {
            self.hosts.charge(host);
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<Box<str>>> {
        self.at.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Drop for Guest<'_> {
    fn drop(&mut self) {
        self.leave();
    }
}

/// Whose manners a check has.
#[derive(Clone, Copy)]
pub(crate) enum House<'a> {
    /// Those of a job of many URLs.
    Crowd(Crowd<'a>),
    /// Those of one among strangers.
    Guest(&'a Guest<'a>),
}

impl House<'_> {
    /// Leaves a host, and waits until there is room at another.
    pub(crate) async fn cross(self, from: &str, to: &str) {
        match self {
            Self::Crowd(crowd) => crowd.cross(from, to).await,
            Self::Guest(guest) => guest.go(to).await,
        }
    }

    /// Another request to the host where the check is.
    pub(crate) fn again(self) {
        if let Self::Guest(guest) = self {
            guest.charge();
        }
    }

    /// Whether robots.txt lets a target be asked for, if that matters.
    pub(crate) async fn allows(self, target: &Target, end: Instant, scratch: &mut Scratch) -> bool {
        match self {
            Self::Crowd(crowd) => crowd.allows(target, end, scratch).await,
            // A person asked for this one URL, which is no crawling: RFC 9309 is about "automatic clients".
            Self::Guest(_) => true,
        }
    }

    /// Whether there is no time to wait for bytes that should not come.
    pub(crate) const fn hurries(self) -> bool {
        matches!(self, Self::Crowd(_))
    }
}

#[cfg(test)]
mod tests {
    use std::sync::Arc;

    use super::*;

    const GAP: Duration = Duration::from_secs(1);

    #[tokio::test(start_paused = true)]
    async fn a_host_gets_one_request_a_second_whoever_asks() {
        let hosts = Hosts::new(2, GAP);
        let began = Instant::now();
        for guest in 0..5 {
            let here = Guest::new(&hosts);
            here.go("a.example").await;
            assert_eq!(began.elapsed().as_secs(), guest);
            // Elsewhere there is no wait.
            assert_eq!(hosts.wait("b.example"), Duration::ZERO);
        }
    }

    #[tokio::test(start_paused = true)]
    async fn what_a_check_asks_besides_is_charged_to_the_next() {
        let hosts = Hosts::new(2, GAP);
        let first = Guest::new(&hosts);
        first.go("a.example").await;
        for _ in 0..3 {
            House::Guest(&first).again();
        }
        assert_eq!(hosts.wait("a.example"), 4 * GAP);
        hosts.pause("a.example", 60 * GAP);
        assert_eq!(hosts.wait("a.example"), 60 * GAP);
    }

    #[tokio::test(start_paused = true)]
    async fn two_at_a_time_and_a_place_is_given_back_when_a_check_is_dropped() {
        let hosts = Arc::new(Hosts::new(2, GAP));
        let first = Guest::new(&hosts);
        first.go("a.example").await;
        let second = Guest::new(&hosts);
        second.go("a.example").await;
        let third = Guest::new(&hosts);
        let waited = tokio::time::timeout(60 * GAP, third.go("a.example")).await;
        assert!(waited.is_err(), "there are two already");
        drop(first);
        third.go("a.example").await;
        // On its way to another host it leaves this one.
        third.go("b.example").await;
        let fourth = Guest::new(&hosts);
        fourth.go("a.example").await;
    }
}
