//! What is kept altogether, per kind: sums that every change keeps right, so that a bound costs a look and not a count.

use super::{Sqlite, Write, column, number};
use crate::bounds::{Bound, Full, KINDS};
use crate::error::DatabaseError;
use crate::rows::{Totals, UnixSeconds};

/// How many shelves are swept in one transaction, at most.
const BATCH_SHELVES: usize = 100;

/// After how many bytes a transaction that sweeps ends. What is deleted is overwritten, so this is what others wait for.
const BATCH_BYTES: i64 = 8 << 20;

impl Sqlite {
    pub(crate) async fn totals(&self) -> Result<Totals, DatabaseError> {
        let (shelves, bytes) = sqlx::query_as::<_, (i64, i64)>(
            "SELECT coalesce(sum(shelves), 0), coalesce(sum(bytes), 0) FROM kind",
        )
        .fetch_one(&self.readers)
        .await?;
        Ok(Totals {
            shelves: number(shelves),
            bytes: number(bytes),
        })
    }

    pub(crate) async fn sweep(&self, now: UnixSeconds) -> Result<usize, DatabaseError> {
        let mut swept = 0;
        loop {
            let mut write = self.write().await?;
            let batch = sweep_some(&mut write, now).await?;
            if batch == 0 {
                return Ok(swept);
            }
            write.commit().await?;
            swept += batch;
        }
    }

    /// Sees to it that a kind has a row, and there is room for one more shelf in it. Sweeps if need be.
    pub(super) async fn room_for_shelf(
        &self,
        write: &mut Write,
        kind: &str,
        now: UnixSeconds,
    ) -> Result<Result<(), Full>, DatabaseError> {
        let max = self.bounds.shelves_per_kind;
        loop {
            let shelves: Option<i64> =
                sqlx::query_scalar("SELECT shelves FROM kind WHERE kind = ?")
                    .bind(kind)
                    .fetch_optional(&mut **write)
                    .await?;
            match shelves {
                None => {
                    let kinds: i64 = sqlx::query_scalar("SELECT count(*) FROM kind")
                        .fetch_one(&mut **write)
                        .await?;
                    if number(kinds) >= KINDS {
                        let bound = Bound::Kinds;
                        return Ok(Err(Full { bound, max: KINDS }));
                    }
                    sqlx::query("INSERT INTO kind (kind) VALUES (?)")
                        .bind(kind)
                        .execute(&mut **write)
                        .await?;
                }
                Some(shelves) if number(shelves) < max => return Ok(Ok(())),
                Some(_) => {
                    if sweep_some(write, now).await? == 0 {
                        let bound = Bound::ShelvesPerKind;
                        return Ok(Err(Full { bound, max }));
                    }
                }
            }
        }
    }

    /// Sees to it that everything, which the change in `write` is already part of, is within the bound of bytes. Sweeps if need be.
    pub(super) async fn within_total(
        &self,
        write: &mut Write,
        now: UnixSeconds,
    ) -> Result<Result<(), Full>, DatabaseError> {
        let max = self.bounds.total_bytes;
        loop {
            let bytes: i64 = sqlx::query_scalar("SELECT coalesce(sum(bytes), 0) FROM kind")
                .fetch_one(&mut **write)
                .await?;
            if number(bytes) <= max {
                return Ok(Ok(()));
            }
            if sweep_some(write, now).await? == 0 {
                let bound = Bound::TotalBytes;
                return Ok(Err(Full { bound, max }));
            }
        }
    }
}

/// Adds to the sums of a kind.
pub(super) async fn add(
    write: &mut Write,
    kind: &str,
    shelves: i64,
    bytes: i64,
) -> Result<(), DatabaseError> {
    sqlx::query("UPDATE kind SET shelves = shelves + ?2, bytes = bytes + ?3 WHERE kind = ?1")
        .bind(kind)
        .bind(shelves)
        .bind(bytes)
        .execute(&mut **write)
        .await?;
    Ok(())
}

/// Notes that a shelf is gone: its room is free, its numbers are not.
pub(super) async fn subtract_shelf(
    write: &mut Write,
    kind: &str,
    bytes: i64,
    last_sequence: i64,
) -> Result<(), DatabaseError> {
    sqlx::query(
        "UPDATE kind SET shelves = shelves - 1, bytes = bytes - ?2, highest_sequence = max(highest_sequence, ?3) WHERE kind = ?1",
    )
    .bind(kind)
    .bind(bytes)
    .bind(last_sequence)
    .execute(&mut **write)
    .await?;
    Ok(())
}

/// Takes away some shelves that have expired, those longest ago first.
async fn sweep_some(write: &mut Write, now: UnixSeconds) -> Result<usize, DatabaseError> {
    let mut swept = 0;
    let mut freed = 0;
    while swept < BATCH_SHELVES && freed < BATCH_BYTES {
        let gone: Option<(String, i64, i64)> = sqlx::query_as(
            "DELETE FROM shelf WHERE shelf = (SELECT shelf FROM shelf WHERE expires_at <= ? ORDER BY expires_at LIMIT 1) \
             RETURNING kind, bytes, last_sequence",
        )
        .bind(now.0)
        .fetch_optional(&mut **write)
        .await?;
        let Some((kind, bytes, last_sequence)) = gone else {
            break;
        };
        subtract_shelf(write, &kind, bytes, last_sequence).await?;
        swept += 1;
        freed += bytes;
    }
    Ok(swept)
}

/// The bytes of a shelf or an item, as columns keep them.
pub(super) fn bytes(content: u64, overhead: u64) -> i64 {
    column(content.saturating_add(overhead))
}
