//! Rows in an SQLite file: how it is opened, who may write, what its errors mean.
//!
//! One connection writes, a few read; in WAL mode neither waits for the other. A second process may have the file open too: writers of both
//! take turns, as each transaction takes the right to write when it begins.

mod item;
mod schema;
mod shelf;
mod sum;

use std::fs::{self, OpenOptions};
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Mutex, PoisonError};
use std::time::{Duration, Instant};

use sqlx::sqlite::{SqliteConnectOptions, SqliteJournalMode, SqlitePoolOptions, SqliteSynchronous};
use sqlx::{ConnectOptions as _, SqlitePool, Transaction};
use tokio::time::sleep;

use crate::bounds::Bounds;
use crate::error::{DatabaseError, OpenError};

/// What the file in the folder is called. While it is open, `-wal` and `-shm` stand beside it and belong to it.
pub const FILE_NAME: &str = "siteerror.db";

/// How long one waits for another process, and for a connection of ours.
const PATIENCE: Duration = Duration::from_secs(5);

/// How many questions are answered at the same time; each connection is a thread.
const READERS: u32 = 4;

/// The log is cut back to this after it had to grow, as when much was swept at once.
const LOG_BYTES: &str = "16777216";

/// Between two attempts to open a file that others open too.
const PAUSE: Duration = Duration::from_millis(10);

/// A transaction that has the right to write.
type Write = Transaction<'static, sqlx::Sqlite>;

/// An open file.
#[derive(Clone, Debug)]
pub(crate) struct Sqlite {
    writer: SqlitePool,
    readers: SqlitePool,
    bounds: Bounds,
}

impl Sqlite {
    pub(crate) async fn open(dir: &Path, bounds: Bounds) -> Result<Self, OpenError> {
        let path = folder(dir)
            .map_err(|source| OpenError::Folder {
                path: dir.to_owned(),
                source,
            })?
            .join(FILE_NAME);
        create(&path).map_err(|source| OpenError::NotWritable {
            path: path.clone(),
            source: source.into(),
        })?;

        let options = SqliteConnectOptions::new()
            .filename(&path)
            .busy_timeout(PATIENCE)
            .foreign_keys(true)
            .disable_statement_logging();
        let writing = options
            .clone()
            .journal_mode(SqliteJournalMode::Wal)
            .synchronous(SqliteSynchronous::Normal)
            .pragma("journal_size_limit", LOG_BYTES)
            // What people threw away should not be found in the file afterwards.
            .pragma("secure_delete", "ON");
        let began = Instant::now();
        let writer = loop {
            match writer(&writing, &path).await {
                // SQLite does not wait for whoever else changes the journal mode at the same moment.
                Err(OpenError::Database {
                    source: DatabaseError::Busy(_),
                    ..
                }) if began.elapsed() < PATIENCE => {
                    sleep(PAUSE).await;
                }
                opened => break opened?,
            }
        };
        let readers = pool(READERS).connect_lazy_with(options.read_only(true));
        Ok(Self {
            writer,
            readers,
            bounds,
        })
    }

    /// Begins a transaction that may write. Others that want to wait until it ends; dropped, it did not happen.
    async fn write(&self) -> Result<Write, DatabaseError> {
        Ok(self.writer.begin_with("BEGIN IMMEDIATE").await?)
    }

    pub(crate) async fn close(&self) {
        self.readers.close().await;
        // Last, so that it finds nobody else and folds the log into the file.
        self.writer.close().await;
    }
}

async fn writer(options: &SqliteConnectOptions, path: &Path) -> Result<SqlitePool, OpenError> {
    let writer = pool(1)
        .connect_with(options.clone())
        .await
        .map_err(|error| not_opened(path, error))?;
    schema::bring_up_to_date(&writer, path).await?;
    Ok(writer)
}

fn pool(connections: u32) -> SqlitePoolOptions {
    SqlitePoolOptions::new()
        .max_connections(connections)
        .acquire_timeout(PATIENCE)
        .idle_timeout(None)
        .max_lifetime(None)
        // It was tested when it was given back, and a file does not hang up meanwhile.
        .test_before_acquire(false)
}

/// The folder, absolute: SQLite would take a name that begins with `file:` for a URI.
fn folder(dir: &Path) -> io::Result<PathBuf> {
    let dir = fs::canonicalize(dir)?;
    if fs::metadata(&dir)?.is_dir() {
        Ok(dir)
    } else {
        Err(io::ErrorKind::NotADirectory.into())
    }
}

/// Creates the file if there is none. What visitors sent to a bin is nobody's business on a shared machine, and SQLite gives the files
/// beside it the same mode.
fn create(path: &Path) -> io::Result<()> {
    // When a process closes any descriptor of a file, it loses its POSIX locks on it, those of SQLite included
    // (<https://www.sqlite.org/howtocorrupt.html> §2.2). So only a file that nobody can have open yet is opened here, and one at a time.
    static ONE_AT_A_TIME: Mutex<()> = Mutex::new(());
    let _turn = ONE_AT_A_TIME.lock().unwrap_or_else(PoisonError::into_inner);

    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Err(error) if error.kind() != io::ErrorKind::AlreadyExists => Err(error),
        _ => Ok(()),
    }
}

/// What an error of the database means while opening.
fn not_opened(path: &Path, error: sqlx::Error) -> OpenError {
    let path = path.to_owned();
    // <https://www.sqlite.org/rescode.html>
    match primary_code(&error) {
        // SQLITE_PERM, SQLITE_READONLY, SQLITE_CANTOPEN
        Some(3 | 8 | 14) => OpenError::NotWritable {
            path,
            source: error.into(),
        },
        // SQLITE_NOTADB
        Some(26) => OpenError::NotADatabase { path },
        _ => match DatabaseError::from(error) {
            DatabaseError::Damaged(source) => OpenError::Damaged { path, source },
            source => OpenError::Database { path, source },
        },
    }
}

/// The result code of SQLite, without what it says in detail in the bits above (<https://www.sqlite.org/rescode.html> §2).
fn primary_code(error: &sqlx::Error) -> Option<u32> {
    let code: u32 = error.as_database_error()?.code()?.parse().ok()?;
    Some(code & 0xff)
}

impl From<sqlx::Error> for DatabaseError {
    fn from(error: sqlx::Error) -> Self {
        match error {
            sqlx::Error::PoolTimedOut => return Self::Busy(error.into()),
            // Tables are strict: only a file that was tampered with holds anything that does not read as what was written.
            sqlx::Error::ColumnDecode { .. } => return Self::Damaged(error.into()),
            _ => {}
        }
        match primary_code(&error) {
            // SQLITE_BUSY, SQLITE_LOCKED
            Some(5 | 6) => Self::Busy(error.into()),
            // SQLITE_CORRUPT, SQLITE_NOTADB
            Some(11 | 26) => Self::Damaged(error.into()),
            // SQLITE_FULL
            Some(13) => Self::DiskFull(error.into()),
            _ => Self::Other(error.into()),
        }
    }
}

/// A number as a column keeps it. What is too large for one is larger than anything that is kept.
fn column(number: u64) -> i64 {
    i64::try_from(number).unwrap_or(i64::MAX)
}

/// A number out of a column, none of which is below 0.
fn number(column: i64) -> u64 {
    u64::try_from(column).unwrap_or(0)
}
