//! What is put in and what comes out.

/// A time, in seconds since the beginning of 1970 UTC.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct UnixSeconds(pub i64);

/// A shelf without its items.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Shelf {
    /// Its own content.
    pub content: Vec<u8>,
    /// From this second on it is gone.
    pub expires_at: UnixSeconds,
    /// How many items are on it.
    pub items: u64,
    /// The number of the item that came last, whether it is still there or not. A shelf on which nothing was ever put may have one
    /// above 0: numbers go on where shelves that are gone had come to.
    pub last_sequence: u64,
}

/// A shelf in a list, which does not carry contents.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listed {
    /// Its id.
    pub id: String,
    /// How long its own content is.
    pub content_bytes: u64,
    /// From this second on it is gone.
    pub expires_at: UnixSeconds,
    /// How many items are on it.
    pub items: u64,
}

/// An item on a shelf.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Item {
    /// Its number. Later items of a shelf have higher numbers, and no number of a shelf is given out twice, not even after the
    /// shelf was removed and put up again.
    pub sequence: u64,
    /// When it came.
    pub added_at: UnixSeconds,
    /// Its content.
    pub content: Vec<u8>,
}

/// What putting up a shelf did.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Put {
    /// There was none of this name.
    Created,
    /// There was one; it has a new content and a new time to expire, and kept its items.
    Replaced,
}

/// What is kept, with what has expired and is not swept yet.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Totals {
    /// Shelves of all kinds.
    pub shelves: u64,
    /// Bytes as [`Bounds`](crate::Bounds) count them.
    pub bytes: u64,
}
