//! Items: added, read, cleared.

use super::{Sqlite, Write, column, number, sum};
use crate::bounds::{ITEM_OVERHEAD_BYTES, Key, SHELF_OVERHEAD_BYTES, TooLarge, size};
use crate::error::{AddError, DatabaseError};
use crate::rows::{Item, UnixSeconds};

impl Sqlite {
    pub(crate) async fn add(
        &self,
        key: Key<'_>,
        content: &[u8],
        now: UnixSeconds,
        keep: usize,
    ) -> Result<u64, AddError> {
        let mut write = self.write().await?;
        let found: Option<(i64, i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT shelf, items, bytes, last_sequence, length(content) FROM shelf JOIN shelf_content USING (shelf) \
             WHERE kind = ? AND id = ? AND expires_at > ?",
        )
        .bind(key.kind)
        .bind(key.id)
        .bind(now.0)
        .fetch_optional(&mut *write)
        .await
        .map_err(DatabaseError::from)?;
        let Some((row, old_items, old_bytes, last_sequence, shelf_content)) = found else {
            return Err(AddError::NoShelf);
        };
        let used = number(shelf_content) + SHELF_OVERHEAD_BYTES + ITEM_OVERHEAD_BYTES;
        let bytes = size(content);
        if bytes.saturating_add(used) > self.bounds.shelf_bytes {
            let max = self.bounds.shelf_bytes.saturating_sub(used);
            return Err(TooLarge { bytes, max }.into());
        }

        let keep = i64::try_from(keep.max(1)).unwrap_or(i64::MAX);
        let mut items = old_items.saturating_add(1);
        let mut bytes = old_bytes.saturating_add(sum::bytes(bytes, ITEM_OVERHEAD_BYTES));
        while items > keep || number(bytes) > self.bounds.shelf_bytes {
            let Some(freed) = drop_oldest(&mut write, row).await? else {
                break;
            };
            items -= 1;
            bytes -= freed;
        }
        let sequence = last_sequence.saturating_add(1);
        insert(&mut write, row, sequence, now, content).await?;
        update(&mut write, row, items, bytes, sequence).await?;
        sum::add(&mut write, key.kind, 0, bytes - old_bytes).await?;
        if bytes > old_bytes {
            self.within_total(&mut write, now).await??;
        }
        write.commit().await.map_err(DatabaseError::from)?;
        Ok(number(sequence))
    }

    pub(crate) async fn items(
        &self,
        key: Key<'_>,
        after: u64,
        limit: usize,
        now: UnixSeconds,
    ) -> Result<Vec<Item>, DatabaseError> {
        let rows: Vec<(i64, i64, Vec<u8>)> = sqlx::query_as(
            "SELECT sequence, added_at, content FROM shelf JOIN item USING (shelf) \
             WHERE kind = ? AND id = ? AND expires_at > ? AND sequence > ? ORDER BY sequence LIMIT ?",
        )
        .bind(key.kind)
        .bind(key.id)
        .bind(now.0)
        .bind(column(after))
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let item = |(sequence, added_at, content)| Item {
            sequence: number(sequence),
            added_at: UnixSeconds(added_at),
            content,
        };
        Ok(rows.into_iter().map(item).collect())
    }

    pub(crate) async fn clear(&self, key: Key<'_>) -> Result<u64, DatabaseError> {
        let mut write = self.write().await?;
        let found: Option<(i64, i64, i64, i64)> = sqlx::query_as(
            "SELECT shelf, items, bytes, last_sequence FROM shelf WHERE kind = ? AND id = ?",
        )
        .bind(key.kind)
        .bind(key.id)
        .fetch_optional(&mut *write)
        .await?;
        let Some((row, items, old_bytes, last_sequence)) = found else {
            return Ok(0);
        };
        let freed: i64 = sqlx::query_scalar(
            "SELECT coalesce(sum(length(content) + ?2), 0) FROM item WHERE shelf = ?1",
        )
        .bind(row)
        .bind(column(ITEM_OVERHEAD_BYTES))
        .fetch_one(&mut *write)
        .await?;
        sqlx::query("DELETE FROM item WHERE shelf = ?")
            .bind(row)
            .execute(&mut *write)
            .await?;
        update(&mut write, row, 0, old_bytes - freed, last_sequence).await?;
        sum::add(&mut write, key.kind, 0, -freed).await?;
        write.commit().await?;
        Ok(number(items))
    }
}

/// Takes the oldest item from a shelf and says how many bytes that freed; the shelf's own sums are the caller's.
pub(super) async fn drop_oldest(
    write: &mut Write,
    shelf: i64,
) -> Result<Option<i64>, DatabaseError> {
    let freed = sqlx::query_scalar(
        "DELETE FROM item WHERE item = (SELECT item FROM item WHERE shelf = ?1 ORDER BY sequence LIMIT 1) RETURNING length(content) + ?2",
    )
    .bind(shelf)
    .bind(column(ITEM_OVERHEAD_BYTES))
    .fetch_optional(&mut **write)
    .await?;
    Ok(freed)
}

async fn insert(
    write: &mut Write,
    shelf: i64,
    sequence: i64,
    now: UnixSeconds,
    content: &[u8],
) -> Result<(), DatabaseError> {
    sqlx::query("INSERT INTO item (shelf, sequence, added_at, content) VALUES (?, ?, ?, ?)")
        .bind(shelf)
        .bind(sequence)
        .bind(now.0)
        .bind(content)
        .execute(&mut **write)
        .await?;
    Ok(())
}

async fn update(
    write: &mut Write,
    shelf: i64,
    items: i64,
    bytes: i64,
    last_sequence: i64,
) -> Result<(), DatabaseError> {
    sqlx::query("UPDATE shelf SET items = ?2, bytes = ?3, last_sequence = ?4 WHERE shelf = ?1")
        .bind(shelf)
        .bind(items)
        .bind(bytes)
        .bind(last_sequence)
        .execute(&mut **write)
        .await?;
    Ok(())
}
