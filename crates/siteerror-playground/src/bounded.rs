//! Things remembered for a while, under names that clients choose: so many at most, each for so long after its last use.

use std::num::NonZeroUsize;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

use lru::LruCache;

use crate::limits::{self, Limit};

/// A bounded shelf. The entry that was not used for the longest time goes first.
#[derive(Debug)]
pub(crate) struct Remembered<T> {
    entries: Mutex<LruCache<String, (Instant, T)>>,
    keep: Duration,
}

impl<T> Remembered<T> {
    /// Of at most so many entries.
    pub(crate) fn new(most: Limit) -> Self {
        let most = usize::try_from(most.max).unwrap_or(usize::MAX);
        Self {
            entries: Mutex::new(LruCache::new(
                NonZeroUsize::new(most).unwrap_or(NonZeroUsize::MIN),
            )),
            keep: Duration::from_secs(limits::KEPT.max),
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
        look(entries.get_mut(name).map(|(used, entry)| {
            *used = now;
            entry
        }))
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
        let (used, entry) = entries.get_or_insert_mut(name.to_owned(), || (now, make()));
        *used = now;
        look(entry)
    }

    /// Forgets an entry; whether there was one.
    pub(crate) fn forget(&self, name: &str) -> bool {
        self.lock().pop(name).is_some()
    }

    /// All entries, without the named one if its time is over.
    fn fresh(&self, name: &str, now: Instant) -> MutexGuard<'_, LruCache<String, (Instant, T)>> {
        let mut entries = self.lock();
        let is_over = entries
            .peek(name)
            .is_some_and(|(used, _)| now.saturating_duration_since(*used) > self.keep);
        if is_over {
            entries.pop(name);
        }
        entries
    }

    /// A panic while an entry was changed leaves a whole entry: changes are single steps.
    fn lock(&self) -> MutexGuard<'_, LruCache<String, (Instant, T)>> {
        self.entries.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

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
}
