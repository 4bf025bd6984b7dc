//! Where bins and mocks are kept: in memory, or wherever whoever runs the playground says.

use std::collections::{BTreeMap, VecDeque};
use std::fmt::Debug;
use std::future::Future;
use std::pin::Pin;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::SystemTime;

use crate::limits;

/// What a [`Keep`] answers, in its own time.
pub type Kept<'a, T> = Pin<Box<dyn Future<Output = Result<T, KeepError>> + Send + 'a>>;

/// A place for things that should survive: shelves by kind and id, each with items in order. Everything on a shelf goes with it when its time is over.
pub trait Keep: Debug + Send + Sync {
    /// Puts a shelf there, or changes what it says; its items stay.
    fn put<'a>(&'a self, place: Place<'a>, content: Vec<u8>, until: SystemTime) -> Kept<'a, ()>;
    /// What a shelf says, if it is there.
    fn get<'a>(&'a self, place: Place<'a>) -> Kept<'a, Option<Vec<u8>>>;
    /// Takes a shelf away with its items; whether it was there.
    fn remove<'a>(&'a self, place: Place<'a>) -> Kept<'a, bool>;
    /// Adds an item to a shelf that is there, and gives its number, which never comes again; beyond `most` items, or the limit `bin_bytes`, the oldest goes.
    fn add<'a>(&'a self, place: Place<'a>, item: Vec<u8>, most: usize) -> Kept<'a, u64>;
    /// The items of a shelf with their numbers, the oldest first.
    fn items<'a>(&'a self, place: Place<'a>) -> Kept<'a, Vec<(u64, Vec<u8>)>>;
}

/// Which shelf, and at what time it is asked for.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// A word for all shelves of a kind.
    pub kind: &'static str,
    /// How many of the kind there may be.
    pub most: usize,
    /// The name of this one.
    pub id: &'a str,
    /// The time of day.
    pub now: SystemTime,
}

/// Why something is not kept.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum KeepError {
    /// There are as many as there may be, or their bytes are.
    #[error("there is no place for another one")]
    Full,
    /// The shelf of an item is not there.
    #[error("there is no such shelf")]
    Missing,
    /// The place itself does not work.
    #[error("it cannot be kept: {0}")]
    Broken(String),
}

/// Bytes of a bin with what it keeps: it is shown as a whole, so it may not be larger than what one answer may take of the memory.
pub const BIN_BYTES: u64 = limits::BIN_BYTES.max;

/// Bytes that the memory keeps in all, content and items together.
const MOST_BYTES: usize = 64 * 1024 * 1024;

/// Keeps things as long as the program runs.
#[derive(Debug, Default)]
pub(crate) struct Memory {
    shelves: Mutex<BTreeMap<(&'static str, String), Shelf>>,
}

#[derive(Debug)]
struct Shelf {
    content: Vec<u8>,
    until: SystemTime,
    items: VecDeque<(u64, Vec<u8>)>,
    last: u64,
}

impl Shelf {
    fn bytes(&self) -> usize {
        self.content.len() + self.items.iter().map(|(_, item)| item.len()).sum::<usize>()
    }
}

type Shelves<'a> = MutexGuard<'a, BTreeMap<(&'static str, String), Shelf>>;

impl Memory {
    /// All shelves whose time is not over. A panic elsewhere leaves them whole: they change in single steps.
    fn shelves(&self, now: SystemTime) -> Shelves<'_> {
        let mut shelves = self.shelves.lock().unwrap_or_else(PoisonError::into_inner);
        shelves.retain(|_, shelf| shelf.until > now);
        shelves
    }
}

fn has_room(shelves: &Shelves<'_>, more: usize) -> bool {
    shelves.values().map(Shelf::bytes).sum::<usize>() + more <= MOST_BYTES
}

fn key(place: Place<'_>) -> (&'static str, String) {
    (place.kind, place.id.to_owned())
}

fn ready<'a, T: Send + 'a>(result: Result<T, KeepError>) -> Kept<'a, T> {
    Box::pin(std::future::ready(result))
}

impl Keep for Memory {
    fn put<'a>(&'a self, place: Place<'a>, content: Vec<u8>, until: SystemTime) -> Kept<'a, ()> {
        let mut shelves = self.shelves(place.now);
        let key = key(place);
        let count = shelves
            .keys()
            .filter(|(kind, _)| *kind == place.kind)
            .count();
        if !has_room(&shelves, content.len())
            || (count >= place.most && !shelves.contains_key(&key))
        {
            return ready(Err(KeepError::Full));
        }
        let found = shelves.entry(key).or_insert_with(|| Shelf {
            content: Vec::new(),
            until,
            items: VecDeque::new(),
            last: 0,
        });
        found.content = content;
        found.until = until;
        ready(Ok(()))
    }

    fn get<'a>(&'a self, place: Place<'a>) -> Kept<'a, Option<Vec<u8>>> {
        let shelves = self.shelves(place.now);
        ready(Ok(shelves
            .get(&key(place))
            .map(|shelf| shelf.content.clone())))
    }

    fn remove<'a>(&'a self, place: Place<'a>) -> Kept<'a, bool> {
        ready(Ok(self.shelves(place.now).remove(&key(place)).is_some()))
    }

    fn add<'a>(&'a self, place: Place<'a>, item: Vec<u8>, most: usize) -> Kept<'a, u64> {
        let mut shelves = self.shelves(place.now);
        if !has_room(&shelves, item.len()) {
            return ready(Err(KeepError::Full));
        }
        let Some(found) = shelves.get_mut(&key(place)) else {
            return ready(Err(KeepError::Missing));
        };
        let bytes = usize::try_from(BIN_BYTES).unwrap_or(usize::MAX);
        while found.items.len() >= most.max(1)
            || (found.bytes() + item.len() > bytes && !found.items.is_empty())
        {
            found.items.pop_front();
        }
        found.last = found.last.saturating_add(1);
        found.items.push_back((found.last, item));
        ready(Ok(found.last))
    }

    fn items<'a>(&'a self, place: Place<'a>) -> Kept<'a, Vec<(u64, Vec<u8>)>> {
        let shelves = self.shelves(place.now);
        ready(Ok(shelves
            .get(&key(place))
            .map(|shelf| shelf.items.iter().cloned().collect())
            .unwrap_or_default()))
    }
}
