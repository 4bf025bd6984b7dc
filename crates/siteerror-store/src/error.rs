//! What can go wrong, by operation.

use std::error::Error;
use std::io;
use std::path::PathBuf;

use crate::bounds::{Full, InvalidKey, TooLarge};

/// What lies beneath, without a promise about its type.
type Source = Box<dyn Error + Send + Sync>;

/// The store cannot be opened.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum OpenError {
    /// The folder is missing, is none, or cannot be entered.
    #[error("cannot use the folder `{}`", path.display())]
    Folder {
        /// The folder as given.
        path: PathBuf,
        /// What the system says.
        source: io::Error,
    },
    /// The file cannot be created or written.
    #[error("cannot write `{}`", path.display())]
    NotWritable {
        /// The file.
        path: PathBuf,
        /// What the system or the database says.
        source: Source,
    },
    /// There is a file of this name, but it is something else.
    #[error("`{}` is no SQLite database", path.display())]
    NotADatabase {
        /// The file.
        path: PathBuf,
    },
    /// The file is a database, but parts of it make no sense.
    #[error("`{}` is damaged", path.display())]
    Damaged {
        /// The file.
        path: PathBuf,
        /// What the database says.
        source: Source,
    },
    /// The file was written by a later version of the program.
    #[error("`{}` has schema {found}, and this program knows those up to {known}", path.display())]
    Newer {
        /// The file.
        path: PathBuf,
        /// The latest schema the file has had.
        found: i64,
        /// The latest schema this program knows.
        known: i64,
    },
    /// The file's tables are not those that this program would have made.
    #[error("`{}` has tables that are not ours", path.display())]
    Foreign {
        /// The file.
        path: PathBuf,
        /// What does not agree.
        source: Source,
    },
    /// The database failed otherwise.
    #[error("cannot open `{}`", path.display())]
    Database {
        /// The file.
        path: PathBuf,
        /// How.
        source: DatabaseError,
    },
}

impl OpenError {
    /// A name that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Folder { .. } => "store-folder",
            Self::NotWritable { .. } => "store-not-writable",
            Self::NotADatabase { .. } => "store-not-a-database",
            Self::Damaged { .. } => "store-damaged",
            Self::Newer { .. } => "store-newer",
            Self::Foreign { .. } => "store-foreign",
            Self::Database { source, .. } => source.code(),
        }
    }

    /// What to do about it, where that can be said.
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Folder { .. } => {
                Some("create the folder first, and let the server's user enter it")
            }
            Self::NotWritable { .. } => {
                Some("the server's user must be able to write the folder and the files in it")
            }
            Self::NotADatabase { .. } | Self::Foreign { .. } => {
                Some("give a folder that nothing else keeps its data in")
            }
            Self::Damaged { .. } => {
                Some("put back a copy, or move the file away to start with an empty store")
            }
            Self::Newer { .. } => Some("start the newer program, or give another folder"),
            Self::Database { .. } => None,
        }
    }
}

/// The database failed. None of this depends on what was asked.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum DatabaseError {
    /// Others had the database for longer than one waits.
    #[error("the database is busy")]
    Busy(#[source] Source),
    /// Parts of the file make no sense.
    #[error("the database is damaged")]
    Damaged(#[source] Source),
    /// There is no room left on the disk.
    #[error("the disk is full")]
    DiskFull(#[source] Source),
    /// Anything else.
    #[error("the database failed")]
    Other(#[source] Source),
}

impl DatabaseError {
    /// A name that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Busy(_) => "store-busy",
            Self::Damaged(_) => "store-damaged",
            Self::DiskFull(_) => "store-disk-full",
            Self::Other(_) => "store-failed",
        }
    }
}

/// A shelf cannot be put up.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum PutError {
    /// The kind or the id is none.
    #[error(transparent)]
    InvalidKey(#[from] InvalidKey),
    /// The content is larger than a shelf may be.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The store has come to a bound.
    #[error(transparent)]
    Full(#[from] Full),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl PutError {
    /// A name that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::InvalidKey(_) => "store-invalid-key",
            Self::TooLarge(_) => "store-too-large",
            Self::Full(_) => "store-full",
            Self::Database(error) => error.code(),
        }
    }
}

/// An item cannot be added.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum AddError {
    /// There is no such shelf, or it has expired.
    #[error("there is no such shelf")]
    NoShelf,
    /// The content is larger than what the shelf's own content leaves.
    #[error(transparent)]
    TooLarge(#[from] TooLarge),
    /// The store has come to a bound.
    #[error(transparent)]
    Full(#[from] Full),
    /// The database failed.
    #[error(transparent)]
    Database(#[from] DatabaseError),
}

impl AddError {
    /// A name that never changes.
    pub fn code(&self) -> &'static str {
        match self {
            Self::NoShelf => "store-no-shelf",
            Self::TooLarge(_) => "store-too-large",
            Self::Full(_) => "store-full",
            Self::Database(error) => error.code(),
        }
    }
}
