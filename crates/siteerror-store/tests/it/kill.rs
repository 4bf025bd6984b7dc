//! A process that is killed while it writes. It is this very binary, started again to run one test that otherwise has nothing to do.

use std::io::{BufRead as _, BufReader, Write as _};
use std::path::Path;
use std::process::{Command, Stdio};

use siteerror_store::Store;
use sqlx::{Connection as _, SqliteConnection};

use crate::scratch::{LATER, NOW, Scratch, contents};

/// How the child learns where to write. Nobody sets it otherwise.
const DIR: &str = "SITEERROR_STORE_TEST_DIR";

/// What a line that acknowledges an item begins with; the test harness prints lines of its own.
const ACKNOWLEDGED: &str = "acknowledged ";

fn content(sequence: u64) -> Vec<u8> {
    format!("item {sequence} ").repeat(200).into_bytes()
}

#[tokio::test]
async fn writer() {
    let Some(dir) = std::env::var_os(DIR) else {
        return;
    };
    let store = Store::open(Path::new(&dir)).await.unwrap();
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    let mut out = std::io::stdout();
    for expected in shelf.last_sequence + 1.. {
        let sequence = store
            .add_item("bin", "a", &content(expected), NOW, usize::MAX)
            .await
            .unwrap();
        writeln!(out, "{ACKNOWLEDGED}{sequence}").unwrap();
        out.flush().unwrap();
    }
}

/// Starts a writer, kills it after so many acknowledgements, and gives the last one that it got out.
fn kill_after(dir: &Path, acknowledgements: usize) -> u64 {
    let mut child = Command::new(std::env::current_exe().unwrap())
        .args(["kill::writer", "--exact", "--nocapture"])
        .env(DIR, dir)
        .stdout(Stdio::piped())
        .spawn()
        .unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap())
        .lines()
        .map_while(Result::ok)
        .filter_map(|line| line.strip_prefix(ACKNOWLEDGED)?.parse::<u64>().ok());
    let at_kill = lines.by_ref().take(acknowledgements).last();
    // SIGKILL on Unix, TerminateProcess on Windows: the child gets no chance to tidy up.
    child.kill().unwrap();
    let after = lines.last();
    child.wait().unwrap();
    after
        .or(at_kill)
        .expect("the writer acknowledged something")
}

#[tokio::test]
async fn nothing_that_was_acknowledged_is_lost_to_a_kill() {
    let scratch = Scratch::new();
    let mut before = 0;
    for acknowledgements in [1, 2, 3, 40, 150] {
        let acknowledged = kill_after(scratch.dir(), acknowledgements);
        assert!(acknowledged >= before + acknowledgements as u64);

        let store = scratch.store().await;
        let kept = contents(&store, "bin", "a").await;
        // One item may have been written and not acknowledged any more.
        let found = kept.len() as u64;
        assert!(
            found == acknowledged || found == acknowledged + 1,
            "{found} of {acknowledged}"
        );
        for ((sequence, found), expected) in kept.into_iter().zip(1..) {
            assert_eq!(sequence, expected);
            assert_eq!(found, content(sequence));
        }
        before = found;
        drop(store);

        let file = scratch.dir().join(siteerror_store::FILE_NAME);
        let url = format!("sqlite://{}", file.display());
        let mut connection = SqliteConnection::connect(&url).await.unwrap();
        let verdict: String = sqlx::query_scalar("PRAGMA integrity_check")
            .fetch_one(&mut connection)
            .await
            .unwrap();
        assert_eq!(verdict, "ok");
    }
}
