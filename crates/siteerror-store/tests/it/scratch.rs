//! A place for one test.

use std::fs;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};

use siteerror_store::{Bounds, Store, UnixSeconds};

/// The time at which tests play.
pub(crate) const NOW: UnixSeconds = UnixSeconds(1_800_000_000);

/// A time that does not come in tests that are not about it.
pub(crate) const LATER: UnixSeconds = UnixSeconds(1_900_000_000);

/// A folder that is empty at first and gone afterwards.
#[derive(Debug)]
pub(crate) struct Scratch {
    dir: PathBuf,
}

impl Scratch {
    pub(crate) fn new() -> Self {
        static COUNT: AtomicU32 = AtomicU32::new(0);
        let name = format!(
            "store-{}-{}",
            std::process::id(),
            COUNT.fetch_add(1, Ordering::Relaxed)
        );
        let dir = Path::new(env!("CARGO_TARGET_TMPDIR")).join(name);
        fs::create_dir_all(&dir).unwrap();
        Self { dir }
    }

    pub(crate) fn dir(&self) -> &Path {
        &self.dir
    }

    pub(crate) async fn store(&self) -> Store {
        self.bounded(Bounds::default()).await
    }

    pub(crate) async fn bounded(&self, bounds: Bounds) -> Store {
        Store::open_bounded(&self.dir, bounds).await.unwrap()
    }
}

impl Drop for Scratch {
    fn drop(&mut self) {
        // What is left behind by a failure to remove is under `target`.
        let _ = fs::remove_dir_all(&self.dir);
    }
}

/// All items of a shelf, by number and content.
pub(crate) async fn contents(store: &Store, kind: &str, id: &str) -> Vec<(u64, Vec<u8>)> {
    let mut all = Vec::new();
    loop {
        let after = all.last().map_or(0, |(sequence, _)| *sequence);
        let page = store.items(kind, id, after, 1_000, NOW).await.unwrap();
        if page.is_empty() {
            return all;
        }
        all.extend(page.into_iter().map(|item| (item.sequence, item.content)));
    }
}
