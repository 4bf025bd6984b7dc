//! Shelves: put up, asked for, listed, taken away.

use super::{Sqlite, Write, item, number, sum};
use crate::bounds::{Key, SHELF_OVERHEAD_BYTES, TooLarge, size};
use crate::error::{DatabaseError, PutError};
use crate::rows::{Listed, Put, Shelf, UnixSeconds};

impl Sqlite {
    pub(crate) async fn put(
        &self,
        key: Key<'_>,
        content: &[u8],
        expires_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<Put, PutError> {
        let bytes = size(content);
        if bytes.saturating_add(SHELF_OVERHEAD_BYTES) > self.bounds.shelf_bytes {
            let max = self.bounds.shelf_bytes.saturating_sub(SHELF_OVERHEAD_BYTES);
            return Err(TooLarge { bytes, max }.into());
        }
        let mut write = self.write().await?;
        let put = if self
            .replace(&mut write, key, content, expires_at, now)
            .await?
        {
            Put::Replaced
        } else {
            remove(&mut write, key).await?;
            self.room_for_shelf(&mut write, key.kind, now).await??;
            create(&mut write, key, content, expires_at).await?;
            Put::Created
        };
        self.within_total(&mut write, now).await??;
        write.commit().await.map_err(DatabaseError::from)?;
        Ok(put)
    }

    /// Gives a shelf that is there, and has not expired, another content. Says whether there was one.
    async fn replace(
        &self,
        write: &mut Write,
        key: Key<'_>,
        content: &[u8],
        expires_at: UnixSeconds,
        now: UnixSeconds,
    ) -> Result<bool, DatabaseError> {
        let found: Option<(i64, i64, i64)> = sqlx::query_as(
            "SELECT shelf, bytes, length(content) FROM shelf JOIN shelf_content USING (shelf) WHERE kind = ? AND id = ? AND expires_at > ?",
        )
        .bind(key.kind)
        .bind(key.id)
        .bind(now.0)
        .fetch_optional(&mut **write)
        .await?;
        let Some((row, old_bytes, old_content)) = found else {
            return Ok(false);
        };
        // Most often the content is the same and lives on: then its bytes are not written again.
        sqlx::query("UPDATE shelf_content SET content = ?2 WHERE shelf = ?1 AND content IS NOT ?2")
            .bind(row)
            .bind(content)
            .execute(&mut **write)
            .await?;

        let mut bytes = old_bytes - old_content + sum::bytes(size(content), 0);
        let mut dropped = 0;
        while number(bytes) > self.bounds.shelf_bytes {
            let Some(freed) = item::drop_oldest(write, row).await? else {
                break;
            };
            bytes -= freed;
            dropped += 1;
        }
        sqlx::query(
            "UPDATE shelf SET expires_at = ?2, bytes = ?3, items = items - ?4 WHERE shelf = ?1",
        )
        .bind(row)
        .bind(expires_at.0)
        .bind(bytes)
        .bind(dropped)
        .execute(&mut **write)
        .await?;
        sum::add(write, key.kind, 0, bytes - old_bytes).await?;
        Ok(true)
    }

    pub(crate) async fn get(
        &self,
        key: Key<'_>,
        now: UnixSeconds,
    ) -> Result<Option<Shelf>, DatabaseError> {
        let found: Option<(Vec<u8>, i64, i64, i64)> = sqlx::query_as(
            "SELECT content, expires_at, items, last_sequence FROM shelf JOIN shelf_content USING (shelf) \
             WHERE kind = ? AND id = ? AND expires_at > ?",
        )
        .bind(key.kind)
        .bind(key.id)
        .bind(now.0)
        .fetch_optional(&self.readers)
        .await?;
        Ok(
            found.map(|(content, expires_at, items, last_sequence)| Shelf {
                content,
                expires_at: UnixSeconds(expires_at),
                items: number(items),
                last_sequence: number(last_sequence),
            }),
        )
    }

    pub(crate) async fn list(
        &self,
        kind: &str,
        now: UnixSeconds,
        limit: usize,
        after: &str,
    ) -> Result<Vec<Listed>, DatabaseError> {
        let rows: Vec<(String, i64, i64, i64)> = sqlx::query_as(
            "SELECT id, length(content), expires_at, items FROM shelf JOIN shelf_content USING (shelf) \
             WHERE kind = ? AND id > ? AND expires_at > ? ORDER BY id LIMIT ?",
        )
        .bind(kind)
        .bind(after)
        .bind(now.0)
        .bind(i64::try_from(limit).unwrap_or(i64::MAX))
        .fetch_all(&self.readers)
        .await?;
        let listed = |(id, content_bytes, expires_at, items)| Listed {
            id,
            content_bytes: number(content_bytes),
            expires_at: UnixSeconds(expires_at),
            items: number(items),
        };
        Ok(rows.into_iter().map(listed).collect())
    }

    pub(crate) async fn remove(&self, key: Key<'_>) -> Result<bool, DatabaseError> {
        let mut write = self.write().await?;
        let removed = remove(&mut write, key).await?;
        write.commit().await?;
        Ok(removed)
    }
}

/// Puts up a shelf where there is none. Its kind has a row.
async fn create(
    write: &mut Write,
    key: Key<'_>,
    content: &[u8],
    expires_at: UnixSeconds,
) -> Result<(), DatabaseError> {
    let bytes = sum::bytes(size(content), SHELF_OVERHEAD_BYTES);
    let shelf = sqlx::query(
        "INSERT INTO shelf (kind, id, expires_at, bytes, last_sequence) SELECT kind, ?2, ?3, ?4, highest_sequence FROM kind WHERE kind = ?1",
    )
    .bind(key.kind)
    .bind(key.id)
    .bind(expires_at.0)
    .bind(bytes)
    .execute(&mut **write)
    .await?
    .last_insert_rowid();
    sqlx::query("INSERT INTO shelf_content (shelf, content) VALUES (?, ?)")
        .bind(shelf)
        .bind(content)
        .execute(&mut **write)
        .await?;
    sum::add(write, key.kind, 1, bytes).await
}

/// Takes a shelf away, expired or not; its content and items go with it.
async fn remove(write: &mut Write, key: Key<'_>) -> Result<bool, DatabaseError> {
    let gone: Option<(i64, i64)> = sqlx::query_as(
        "DELETE FROM shelf WHERE kind = ? AND id = ? RETURNING bytes, last_sequence",
    )
    .bind(key.kind)
    .bind(key.id)
    .fetch_optional(&mut **write)
    .await?;
    let Some((bytes, last_sequence)) = gone else {
        return Ok(false);
    };
    sum::subtract_shelf(write, key.kind, bytes, last_sequence).await?;
    Ok(true)
}
