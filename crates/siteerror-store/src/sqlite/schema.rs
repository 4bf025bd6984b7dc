//! The tables, and how those of an older file become those of today.

use std::path::Path;

use sqlx::migrate::{Migrate as _, MigrateError, Migration, MigrationType};
use sqlx::{SqlSafeStr as _, SqlitePool};

use super::{not_opened, primary_code};
use crate::error::OpenError;

/// All schemas there were, the oldest first. A file that was shipped is never changed: databases remember a digest of it.
const SCHEMAS: &[(i64, &str, &str)] = &[(
    1,
    "shelves",
    include_str!("../../migrations/sqlite/0001_shelves.sql"),
)];

/// Where a database keeps which of them it has had, under the name by which sqlx's own tools look for it.
const TABLE: &str = "_sqlx_migrations";

/// Brings the tables up to date.
pub(super) async fn bring_up_to_date(writer: &SqlitePool, path: &Path) -> Result<(), OpenError> {
    apply_missing(writer).await.map_err(|error| match error {
        MigrateError::VersionTooNew(found, known) => OpenError::Newer {
            path: path.to_owned(),
            found,
            known,
        },
        MigrateError::Execute(source) => not_opened(path, source),
        // SQLITE_ERROR (1): for example, a table of this name is already there.
        MigrateError::ExecuteMigration(source, _) if primary_code(&source) != Some(1) => {
            not_opened(path, source)
        }
        other => OpenError::Foreign {
            path: path.to_owned(),
            source: other.into(),
        },
    })
}

/// One transaction for all: whoever is killed meanwhile, or comes at the same time, finds either nothing done or everything. The
/// `Migrator` of sqlx takes no lock on SQLite, and its future cannot be sent between threads.
async fn apply_missing(writer: &SqlitePool) -> Result<(), MigrateError> {
    let mut write = writer.begin_with("BEGIN IMMEDIATE").await?;
    write.ensure_migrations_table(TABLE).await?;
    let applied = write.list_applied_migrations(TABLE).await?;
    let known = SCHEMAS.iter().map(|schema| schema.0).max().unwrap_or(0);
    let found = applied.iter().map(|schema| schema.version).max();
    if let Some(found) = found.filter(|found| *found > known) {
        return Err(MigrateError::VersionTooNew(found, known));
    }
    for &(number, name, sql) in SCHEMAS {
        let sql = sql.into_sql_str();
        let schema = Migration::new(number, name.into(), MigrationType::Simple, sql, false);
        match applied.iter().find(|applied| applied.version == number) {
            Some(applied) if applied.checksum == schema.checksum => {}
            Some(_) => return Err(MigrateError::VersionMismatch(number)),
            None => {
                write.apply(TABLE, &schema).await?;
            }
        }
    }
    write.commit().await?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::SCHEMAS;

    #[test]
    fn every_file_of_the_folder_is_in_the_list_under_its_number_and_name() {
        let folder = concat!(env!("CARGO_MANIFEST_DIR"), "/migrations/sqlite");
        let mut files: Vec<String> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        files.sort();
        let listed: Vec<String> = SCHEMAS
            .iter()
            .map(|(number, name, _)| format!("{number:04}_{name}.sql"))
            .collect();
        assert_eq!(files, listed);
    }
}
