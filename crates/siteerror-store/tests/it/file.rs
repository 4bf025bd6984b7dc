//! The file and its folder: how it is set up, and what is said when it cannot be.

use std::error::Error as _;
use std::fs;
use std::io::{Seek as _, SeekFrom, Write as _};
use std::path::Path;

use siteerror_store::{FILE_NAME, OpenError, Store};
use sqlx::{Connection as _, SqliteConnection};

use crate::scratch::{LATER, NOW, Scratch};

async fn connect(dir: &Path) -> SqliteConnection {
    let url = format!("sqlite://{}?mode=rwc", dir.join(FILE_NAME).display());
    SqliteConnection::connect(&url).await.unwrap()
}

async fn check_refused(dir: &Path, code: &str) -> OpenError {
    let error = Store::open(dir).await.unwrap_err();
    assert_eq!(error.code(), code, "{error:?}");
    let text = error.to_string();
    assert!(text.contains(&format!("{}", dir.display())), "{text}");
    assert!(error.hint().is_some());
    error
}

#[tokio::test]
async fn the_file_is_set_up_as_promised() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    let mut connection = connect(scratch.dir()).await;
    let mode: String = sqlx::query_scalar("PRAGMA journal_mode")
        .fetch_one(&mut connection)
        .await
        .unwrap();
    assert_eq!(mode, "wal");
    let schemas: Vec<(i64, String, bool)> =
        sqlx::query_as("SELECT version, description, success FROM _sqlx_migrations")
            .fetch_all(&mut connection)
            .await
            .unwrap();
    assert_eq!(schemas, [(1, "shelves".to_owned(), true)]);
    connection.close().await.unwrap();

    store.close().await;
    let mut names = Vec::new();
    for entry in fs::read_dir(scratch.dir()).unwrap() {
        names.push(entry.unwrap().file_name());
    }
    assert_eq!(names, [FILE_NAME], "a closed store is one file");
}

#[cfg(unix)]
#[tokio::test]
async fn others_on_the_machine_cannot_read_it() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    let mut files = 0;
    for entry in fs::read_dir(scratch.dir()).unwrap() {
        let mode = entry.unwrap().metadata().unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600);
        files += 1;
    }
    assert_eq!(files, 3, "the file, its log and the log's index");
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn opening_many_times_at_once_makes_one_store() {
    for _ in 0..10 {
        let scratch = Scratch::new();
        let opened: Vec<_> = (0..8)
            .map(|_| {
                let dir = scratch.dir().to_owned();
                tokio::spawn(async move { Store::open(&dir).await.unwrap() })
            })
            .collect();
        let mut stores = Vec::new();
        for store in opened {
            stores.push(store.await.unwrap());
        }
        stores[0]
            .put_shelf("bin", "a", b"", LATER, NOW)
            .await
            .unwrap();
        for store in stores {
            assert!(store.get_shelf("bin", "a", NOW).await.unwrap().is_some());
        }
    }
}

#[tokio::test]
async fn a_folder_must_be_there_and_be_one() {
    let scratch = Scratch::new();
    let error = check_refused(&scratch.dir().join("none"), "store-folder").await;
    assert!(error.source().is_some());
    let file = scratch.dir().join("file");
    fs::write(&file, "x").unwrap();
    check_refused(&file, "store-folder").await;
}

#[tokio::test]
async fn a_file_that_cannot_be_written_is_refused() {
    let scratch = Scratch::new();
    fs::create_dir(scratch.dir().join(FILE_NAME)).unwrap();
    let error = check_refused(scratch.dir(), "store-not-writable").await;
    assert!(error.source().is_some());
}

#[cfg(unix)]
#[tokio::test]
async fn a_folder_that_cannot_be_written_is_refused() {
    use std::os::unix::fs::PermissionsExt as _;

    let scratch = Scratch::new();
    let set = |mode| fs::set_permissions(scratch.dir(), fs::Permissions::from_mode(mode)).unwrap();
    set(0o555);
    if fs::write(scratch.dir().join("probe"), "").is_ok() {
        let mut err = std::io::stderr();
        writeln!(err, "not tested: root may write everywhere").unwrap();
    } else {
        check_refused(scratch.dir(), "store-not-writable").await;
    }
    set(0o755);
}

#[tokio::test]
async fn a_file_of_something_else_is_left_alone() {
    let scratch = Scratch::new();
    let path = scratch.dir().join(FILE_NAME);
    let text = "dear diary, ".repeat(1_000);
    fs::write(&path, &text).unwrap();
    let error = check_refused(scratch.dir(), "store-not-a-database").await;
    assert!(matches!(error, OpenError::NotADatabase { .. }));
    assert_eq!(fs::read_to_string(&path).unwrap(), text);
}

#[tokio::test]
async fn a_database_of_something_else_is_left_alone() {
    let scratch = Scratch::new();
    let mut connection = connect(scratch.dir()).await;
    sqlx::query("CREATE TABLE shelf (books TEXT)")
        .execute(&mut connection)
        .await
        .unwrap();
    check_refused(scratch.dir(), "store-foreign").await;
    let tables: Vec<String> = sqlx::query_scalar("SELECT name FROM sqlite_schema")
        .fetch_all(&mut connection)
        .await
        .unwrap();
    assert_eq!(tables, ["shelf"]);
}

#[tokio::test]
async fn a_file_of_a_newer_program_is_refused() {
    let scratch = Scratch::new();
    scratch.store().await.close().await;
    let mut connection = connect(scratch.dir()).await;
    sqlx::query("INSERT INTO _sqlx_migrations SELECT 7, 'what comes', installed_on, success, checksum, 0 FROM _sqlx_migrations")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    let error = check_refused(scratch.dir(), "store-newer").await;
    assert!(
        matches!(
            error,
            OpenError::Newer {
                found: 7,
                known: 1,
                ..
            }
        ),
        "{error:?}"
    );
    let file = scratch.dir().join(FILE_NAME);
    assert_eq!(
        error.to_string(),
        format!(
            "`{}` has schema 7, and this program knows those up to 1",
            file.display()
        )
    );
}

#[tokio::test]
async fn a_schema_that_differs_from_the_one_of_its_number_is_refused() {
    let scratch = Scratch::new();
    scratch.store().await.close().await;
    let mut connection = connect(scratch.dir()).await;
    sqlx::query("UPDATE _sqlx_migrations SET checksum = x'00'")
        .execute(&mut connection)
        .await
        .unwrap();
    connection.close().await.unwrap();
    check_refused(scratch.dir(), "store-foreign").await;
}

#[tokio::test]
async fn a_damaged_file_gives_errors_that_say_so() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    for id in ["a", "b", "c"] {
        store
            .put_shelf("bin", id, &vec![7; 20_000], LATER, NOW)
            .await
            .unwrap();
        for _ in 0..50 {
            store
                .add_item("bin", id, &[8; 2_000], NOW, 100)
                .await
                .unwrap();
        }
    }
    store.close().await;
    let path = scratch.dir().join(FILE_NAME);
    let whole = fs::read(&path).unwrap();

    // Each page in turn is overwritten. SQLite may not look at it, or say that it is damaged, or have rows missing; nothing else.
    let page_bytes = 4_096;
    let mut damaged = 0;
    for page in 0..20 {
        fs::write(&path, &whole).unwrap();
        let mut file = fs::OpenOptions::new().write(true).open(&path).unwrap();
        file.seek(SeekFrom::Start(page * page_bytes)).unwrap();
        // The first page begins with the file's name for itself; without it the file would be no database at all.
        let skipped = if page == 0 { 100 } else { 0 };
        file.seek(SeekFrom::Current(skipped)).unwrap();
        file.write_all(&vec![0xa5; 4_096 - usize::try_from(skipped).unwrap()])
            .unwrap();
        drop(file);
        damaged += u32::from(use_damaged(scratch.dir()).await);
    }
    assert!(damaged >= 5, "{damaged}");

    // Cut in the middle.
    fs::write(&path, &whole[..whole.len() / 2]).unwrap();
    assert!(use_damaged(scratch.dir()).await);
}

/// Does this and that with a file that may be damaged, and says whether anybody noticed.
async fn use_damaged(dir: &Path) -> bool {
    let store = match Store::open(dir).await {
        Ok(store) => store,
        Err(error) => {
            let code = error.code();
            assert!(
                matches!(code, "store-damaged" | "store-foreign"),
                "{error:?}"
            );
            return true;
        }
    };
    let mut codes = Vec::new();
    for id in ["a", "b", "c"] {
        let items = store.items("bin", id, 0, 1_000, NOW).await;
        codes.extend(items.err().map(|error| error.code()));
        let shelf = store.get_shelf("bin", id, NOW).await;
        codes.extend(shelf.err().map(|error| error.code()));
        let added = store.add_item("bin", id, b"x", NOW, 10).await;
        codes.extend(added.err().map(|error| error.code()));
    }
    codes.extend(store.sweep(LATER).await.err().map(|error| error.code()));
    store.close().await;
    for code in &codes {
        let expected = [
            "store-damaged",
            "store-no-shelf",
            "store-failed",
            "store-full",
        ];
        assert!(expected.contains(code), "{code}");
    }
    codes.contains(&"store-damaged")
}
