//! What must survive a restart, in a folder of the operator: shelves with items on them, both of which are bytes to this crate.
//!
//! A shelf has a kind and an id, a content of its own and a time at which it expires; items lie on it in the order in which they came, and the oldest
//! make room for new ones. A request bin is a shelf with a request an item, a saved mock is a shelf without any. Everything is bounded: shelves of a
//! kind, bytes of a shelf, bytes altogether. This crate knows rows and never what they mean, and it never reads a clock: times are passed in.
//!
//! Rows are kept in an SQLite file, [`FILE_NAME`]. What was acknowledged is still there after the process was killed at any moment. After a power
//! loss the last transactions may be missing, since a commit is not waited for until it is on the disk (`synchronous=NORMAL` in WAL mode);
//! what is there is whole even then.

mod bounds;
mod error;
mod rows;
mod sqlite;
mod store;

pub use bounds::{
    Bound, Bounds, Full, ID_BYTES, ITEM_OVERHEAD_BYTES, InvalidKey, KIND_BYTES, KINDS, PAGE_ROWS,
    SHELF_OVERHEAD_BYTES, TooLarge,
};
pub use error::{AddError, DatabaseError, OpenError, PutError};
pub use rows::{Item, Listed, Put, Shelf, Totals, UnixSeconds};
pub use sqlite::FILE_NAME;
pub use store::Store;
