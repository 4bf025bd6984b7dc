//! Things remembered for a while, under names that clients choose: so many at most, of so many bytes together, each for so long after its last use.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use crate::limits::{self, Limit};

/// What an entry takes of the memory, where clients decide how much that is.
pub(crate) trait Weigh {
    /// Bytes, roughly; 0 where an entry is so small that its number is bound enough.
    fn bytes(&self) -> usize {
        0
    }
}

/// A bounded shelf. The entry that was not used for the longest time goes first.
#[derive(Debug)]
pub(crate) struct Remembered<T> {
    entries: Mutex<Entries<T>>,
    keep: Duration,
    most_bytes: usize,
}

#[derive(Debug)]
struct Entries<T> {
    by_name: LruCache<String, Entry<T>>,
    /// What all entries weighed when they were last used.
    bytes: usize,
}

#[derive(Debug)]
struct Entry<T> {
    used: Instant,
    /// What it weighed when it was last used.
    bytes: usize,
    value: T,
}

impl<T: Weigh> Remembered<T> {
    /// Of at most so many entries.
    pub(crate) fn new(most: Limit) -> Self {
        let count = |limit: Limit| usize::try_from(limit.max).unwrap_or(usize::MAX);
        let most = NonZeroUsize::new(count(most)).unwrap_or(NonZeroUsize::MIN);
        Self {
            entries: Mutex::new(Entries {
                by_name: LruCache::new(most),
                bytes: 0,
            }),
            keep: Duration::from_secs(limits::KEPT.max),
            most_bytes: count(limits::REMEMBERED),
        }
    }

    /// Looks at an entry or changes it; `None` where there is none, or its time is over.
    pub(crate) fn with<R>(
        &self,
        name: &str,
        now: Instant,
        look: impl FnOnce(Option<&mut T>) -> R,
    ) -> R {
        let mut entries = self.fresh(name, now);
        let Some(entry) = entries.by_name.get_mut(name) else {
            return look(None);
        };
        entry.used = now;
        let seen = look(Some(&mut entry.value));
        entries.settle(name, self.most_bytes);
        seen
    }

    /// The same, but an entry that is not there is made.
    pub(crate) fn with_or<R>(
        &self,
        name: &str,
        now: Instant,
        make: impl FnOnce() -> T,
        look: impl FnOnce(&mut T) -> R,
    ) -> R {
        let mut entries = self.fresh(name, now);
        if !entries.by_name.contains(name) {
            let entry = Entry {
                used: now,
                bytes: 0,
                value: make(),
            };
            if let Some((_, gone)) = entries.by_name.push(name.to_owned(), entry) {
                entries.bytes -= gone.bytes;
            }
        }
        let entry = entries
            .by_name
            .get_mut(name)
            .expect("it was there or was made");
        entry.used = now;
        let seen = look(&mut entry.value);
        entries.settle(name, self.most_bytes);
        seen
    }

    /// Forgets an entry; whether there was one.
    pub(crate) fn forget(&self, name: &str) -> bool {
        self.lock().pop(name)
    }

    /// All entries, without the named one if its time is over.
    fn fresh(&self, name: &str, now: Instant) -> MutexGuard<'_, Entries<T>> {
        let mut entries = self.lock();
        let is_over = entries
            .by_name
            .peek(name)
            .is_some_and(|entry| now.saturating_duration_since(entry.used) > self.keep);
        if is_over {
            entries.pop(name);
        }
        entries
    }

    /// A panic while an entry was changed leaves a whole entry: changes are single steps.
    fn lock(&self) -> MutexGuard<'_, Entries<T>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl<T: Weigh> Entries<T> {
    fn pop(&mut self, name: &str) -> bool {
        let gone = self.by_name.pop(name);
        self.bytes -= gone.as_ref().map_or(0, |entry| entry.bytes);
        gone.is_some()
    }

    /// Weighs an entry that was used, and lets others go until all of them are light enough. It stays itself, however much it weighs.
    fn settle(&mut self, name: &str, most: usize) {
        if let Some(entry) = self.by_name.peek_mut(name) {
            let bytes = entry.value.bytes();
            self.bytes = self.bytes - entry.bytes + bytes;
            entry.bytes = bytes;
        }
        if self.bytes <= most {
            return;
        }
        // Some may have become lighter since: a trace counts as full until it is complete.
        self.bytes = 0;
        for (_, entry) in &mut self.by_name {
            entry.bytes = entry.value.bytes();
            self.bytes += entry.bytes;
        }
        while self.bytes > most && self.by_name.len() > 1 {
            let Some((_, gone)) = self.by_name.pop_lru() else {
                return;
            };
            self.bytes -= gone.bytes;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    impl Weigh for u32 {
        fn bytes(&self) -> usize {
            usize::try_from(*self).expect("a test has no more")
        }
    }

    fn shelf(most: u64) -> Remembered<u32> {
        Remembered::new(Limit {
            name: "entries",
            max: most,
            status: None,
            about: "Entries",
        })
    }

    #[test]
    fn the_longest_unused_entry_goes_first() {
        let (shelf, now) = (shelf(2), Instant::now());
        shelf.with_or("a", now, || 1, |_| ());
        shelf.with_or("b", now, || 2, |_| ());
        shelf.with("a", now, |entry| assert_eq!(entry.copied(), Some(1)));
        shelf.with_or("c", now, || 3, |_| ());
        shelf.with("b", now, |entry| assert_eq!(entry, None));
        shelf.with("a", now, |entry| assert_eq!(entry.copied(), Some(1)));
    }

    #[test]
    fn an_entry_lives_as_long_as_it_is_used() {
        let (shelf, now) = (shelf(2), Instant::now());
        let hour = Duration::from_secs(limits::KEPT.max);
        shelf.with_or("a", now, || 1, |_| ());
        shelf.with("a", now + hour, |entry| assert!(entry.is_some()));
        shelf.with("a", now + hour + hour, |entry| assert!(entry.is_some()));
        let over = now + hour + hour + hour + Duration::from_secs(1);
        shelf.with("a", over, |entry| assert_eq!(entry, None));
        shelf.with_or("a", over, || 7, |entry| assert_eq!(*entry, 7));
        assert!(shelf.forget("a"));
        assert!(!shelf.forget("a"));
    }

    #[test]
    fn the_longest_unused_entries_make_room_for_heavy_ones() {
        let (shelf, now) = (shelf(100), Instant::now());
        let most = u32::try_from(limits::REMEMBERED.max).expect("it fits");
        let is_there = |name| shelf.with(name, now, |entry| entry.is_some());
        for name in ["a", "b", "c", "d"] {
            shelf.with_or(name, now, || most / 4, |_| ());
        }
        assert!(["a", "b", "c", "d"].into_iter().all(is_there));
        shelf.with("a", now, |entry| *entry.expect("it is there") += most / 4);
        assert!(!is_there("b"));
        assert!(["a", "c", "d"].into_iter().all(is_there));
        // What became lighter makes room without anybody going.
        shelf.with("a", now, |entry| *entry.expect("it is there") = 1);
        shelf.with_or("e", now, || most / 4, |_| ());
        assert!(["a", "c", "d", "e"].into_iter().all(is_there));
        // One alone is there whatever it weighs, and nothing of it is left behind in the sum.
        shelf.with_or("f", now, || most * 2, |_| ());
        assert!(is_there("f") && !is_there("e"));
        assert!(shelf.forget("f"));
        shelf.with_or("g", now, || most, |_| ());
        assert!(is_there("g"));
    }
}
