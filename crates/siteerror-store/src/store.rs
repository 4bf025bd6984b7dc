//! What can be kept and asked, whichever database keeps it.

use std::path::Path;

use crate::bounds::{Bounds, Key, PAGE_ROWS};
use crate::error::{AddError, DatabaseError, OpenError, PutError};
use crate::rows::{Item, Listed, Put, Shelf, Totals, UnixSeconds};
use crate::sqlite::Sqlite;

/// Shelves that survive a restart. A clone is the same store.
///
/// A shelf whose time has come is gone for every question at once; [`sweep`](Self::sweep) gives back its room. Each operation is whole or did not
/// happen, and one that was acknowledged is seen by every question asked afterwards.
///
/// ```
/// use siteerror_store::{Store, UnixSeconds};
///
/// # async fn example(dir: &std::path::Path) -> Result<(), Box<dyn std::error::Error>> {
/// let store = Store::open(dir).await?;
/// let (now, in_an_hour) = (UnixSeconds(1_800_000_000), UnixSeconds(1_800_003_600));
/// store.put_shelf("bin", "kittens", b"", in_an_hour, now).await?;
/// let sequence = store.add_item("bin", "kittens", b"GET / HTTP/1.1", now, 100).await?;
/// assert_eq!(store.items("bin", "kittens", 0, 10, now).await?[0].sequence, sequence);
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Debug)]
pub struct Store {
    database: Sqlite,
}

impl Store {
    /// Opens the store in a folder, which must be there, with the usual bounds. The first time, its file is created, readable by its owner alone.
    ///
    /// # Errors
    ///
    /// When the folder or the file cannot be used, or the file was written by a newer program.
    pub async fn open(dir: &Path) -> Result<Self, OpenError> {
        Self::open_bounded(dir, Bounds::default()).await
    }

    /// Opens the store in a folder with bounds of one's own. Nothing is thrown away when they are lower than what is kept: only more is refused.
    ///
    /// # Errors
    ///
    /// As [`open`](Self::open).
    pub async fn open_bounded(dir: &Path, bounds: Bounds) -> Result<Self, OpenError> {
        let database = Sqlite::open(dir, bounds).await?;
        Ok(Self { database })
    }

    /// Puts up a shelf, or gives the one of this name a new content and time; its items stay, the oldest excepted when the new content needs their room.
    ///
    /// # Errors
    ///
    /// When the name is none, the content is too large, or a bound of the store is reached even after everything that has expired was swept.
    pub async fn put_shelf(
        &self,
        kind: &str,
        id: &str,
        content: &[u8],
        expires_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Put, PutError> {
        let key = Key::new(kind, id)?;
        self.database.put(key, content, expires_at, now).await
    }

    /// The shelf of this name, unless it has expired.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn get_shelf(
        &self,
        kind: &str,
        id: &str,
        now: UnixSeconds,
    ) -> Result<Option<Shelf>, DatabaseError> {
        match Key::new(kind, id) {
            Ok(key) => self.database.get(key, now).await,
            Err(_) => Ok(None),
        }
    }

    /// Takes a shelf away with all that is on it. Says whether there was one.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn remove_shelf(&self, kind: &str, id: &str) -> Result<bool, DatabaseError> {
        match Key::new(kind, id) {
            Ok(key) => self.database.remove(key).await,
            Err(_) => Ok(false),
        }
    }

    /// The shelves of a kind that have not expired, in the order of their ids by bytes, those behind `after`; at most `limit`, and never more
    /// than [`PAGE_ROWS`].
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn list_shelves(
        &self,
        kind: &str,
        now: UnixSeconds,
        limit: usize,
        after: Option<&str>,
    ) -> Result<Vec<Listed>, DatabaseError> {
        self.database
            .list(kind, now, limit.min(PAGE_ROWS), after.unwrap_or(""))
            .await
    }

    /// Adds an item to a shelf and gives its number. The oldest go until `keep` are left with the new one, which always stays, and until the shelf
    /// is within its bound of bytes.
    ///
    /// # Errors
    ///
    /// When there is no such shelf, the content is too large for it, or the store is full even after everything that has expired was swept.
    pub async fn add_item(
        &self,
        kind: &str,
        id: &str,
        content: &[u8],
        now: UnixSeconds,
        keep: usize,
    ) -> Result<u64, AddError> {
        let key = Key::new(kind, id).map_err(|_| AddError::NoShelf)?;
        self.database.add(key, content, now, keep).await
    }

    /// Items of a shelf whose number is above `after`, the oldest first; at most `limit`, and never more than [`PAGE_ROWS`]. None when there is
    /// no such shelf.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn items(
        &self,
        kind: &str,
        id: &str,
        after: u64,
        limit: usize,
        now: UnixSeconds,
    ) -> Result<Vec<Item>, DatabaseError> {
        match Key::new(kind, id) {
            Ok(key) => {
                self.database
                    .items(key, after, limit.min(PAGE_ROWS), now)
                    .await
            }
            Err(_) => Ok(Vec::new()),
        }
    }

    /// Takes all items from a shelf, which stays. Gives how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn clear_items(&self, kind: &str, id: &str) -> Result<u64, DatabaseError> {
        match Key::new(kind, id) {
            Ok(key) => self.database.clear(key).await,
            Err(_) => Ok(0),
        }
    }

    /// Takes away all shelves that have expired, some at a time so that others get their turn, and gives how many there were.
    ///
    /// # Errors
    ///
    /// When the database fails. What was swept until then stays swept.
    pub async fn sweep(&self, now: UnixSeconds) -> Result<usize, DatabaseError> {
        self.database.sweep(now).await
    }

    /// What is kept.
    ///
    /// # Errors
    ///
    /// When the database fails.
    pub async fn totals(&self) -> Result<Totals, DatabaseError> {
        self.database.totals().await
    }

    /// Waits for what is under way and closes the file, which leaves it as one without a log beside it. Dropping the store is as safe, but does not wait.
    pub async fn close(&self) {
        self.database.close().await;
    }
}
