//! How much may be kept, and what is said when it would be more.

/// How many kinds there can be. Kinds are words of the program and not of visitors, so this is far away from what is needed.
pub const KINDS: u64 = 64;

/// How many bytes the name of a kind may have.
pub const KIND_BYTES: usize = 64;

/// How many bytes the id of a shelf may have.
pub const ID_BYTES: usize = 256;

/// How many rows one answer has at most, whatever the `limit` that was asked for.
pub const PAGE_ROWS: usize = 1_000;

/// What a shelf counts besides its content, in bytes: its names, once in a table and once in an index, and its numbers.
pub const SHELF_OVERHEAD_BYTES: u64 = 1_024;

/// What an item counts besides its content, in bytes. It bounds the number of empty items as well.
pub const ITEM_OVERHEAD_BYTES: u64 = 64;

/// How much may be kept.
///
/// Bytes are those of contents, and for each row what it costs beyond that ([`SHELF_OVERHEAD_BYTES`], [`ITEM_OVERHEAD_BYTES`]).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Bounds {
    /// Shelves that one kind may have.
    pub shelves_per_kind: u64,
    /// Bytes of one shelf with its items.
    pub shelf_bytes: u64,
    /// Bytes of everything. The file is somewhat larger, and it does not shrink: room that was freed is used again.
    pub total_bytes: u64,
}

impl Default for Bounds {
    /// 10,000 shelves of a kind, 4 MiB a shelf, 1 GiB altogether: a small server's disk does not notice, and a bin holds some hundred requests.
    fn default() -> Self {
        Self {
            shelves_per_kind: 10_000,
            shelf_bytes: 4 << 20,
            total_bytes: 1 << 30,
        }
    }
}

/// Which bound the whole store has come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum Bound {
    /// [`KINDS`].
    Kinds,
    /// [`Bounds::shelves_per_kind`].
    ShelvesPerKind,
    /// [`Bounds::total_bytes`].
    TotalBytes,
}

impl Bound {
    /// The bound's name, which never changes.
    pub fn name(self) -> &'static str {
        match self {
            Self::Kinds => "kinds",
            Self::ShelvesPerKind => "shelves_per_kind",
            Self::TotalBytes => "total_bytes",
        }
    }
}

/// Nothing more can be kept until something expires or is removed. What has expired no longer counts.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the store is full: `{}` is at most {max}", bound.name())]
pub struct Full {
    /// Which bound.
    pub bound: Bound,
    /// Its value.
    pub max: u64,
}

/// A content that could not be kept even if the shelf had nothing else on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a content of {bytes} bytes is too large: there is room for {max}")]
pub struct TooLarge {
    /// The size of the content.
    pub bytes: u64,
    /// The largest content that would have fitted.
    pub max: u64,
}

/// A kind or an id that no shelf can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("a kind has 1 to {KIND_BYTES} bytes, an id 1 to {ID_BYTES}, and neither has a NUL")]
pub struct InvalidKey;

/// What a shelf is called, checked.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Key<'a> {
    pub(crate) kind: &'a str,
    pub(crate) id: &'a str,
}

impl<'a> Key<'a> {
    pub(crate) fn new(kind: &'a str, id: &'a str) -> Result<Self, InvalidKey> {
        // PostgreSQL keeps no NUL in a text; SQLite does, but its own functions end there.
        let fits = |text: &str, max: usize| (1..=max).contains(&text.len()) && !text.contains('\0');
        if fits(kind, KIND_BYTES) && fits(id, ID_BYTES) {
            Ok(Self { kind, id })
        } else {
            Err(InvalidKey)
        }
    }
}

/// How many bytes a content is.
pub(crate) fn size(content: &[u8]) -> u64 {
    u64::try_from(content.len()).unwrap_or(u64::MAX)
}
