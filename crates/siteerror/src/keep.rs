//! Keeps the playground's bins and mocks in the database of the data folder.

use std::path::Path;
use std::time::SystemTime;

use siteerror_playground::{Keep, KeepError, KeepPlace, Kept};
use siteerror_store::{AddError, Bounds, OpenError, PutError, Store, UnixSeconds};

/// How many items are read at most at once; a bin keeps fewer.
const MOST_ITEMS: usize = 1000;

/// The database as the playground sees it.
#[derive(Debug, Clone)]
pub(crate) struct Database(Store);

impl Database {
    /// Opens the database of a folder, or makes it.
    pub(crate) async fn open(folder: &Path) -> Result<Self, OpenError> {
        let bounds = Bounds {
            shelf_bytes: siteerror_playground::BIN_BYTES,
            ..Bounds::default()
        };
        Store::open_bounded(folder, bounds).await.map(Self)
    }

    /// Frees the room of what has expired.
    pub(crate) async fn sweep(&self, now: SystemTime) {
        if let Err(error) = self.0.sweep(seconds(now)).await {
            tracing::warn!(%error, "expired bins could not be swept: {error}");
        }
    }
}

/// Whole seconds since the epoch.
fn seconds(time: SystemTime) -> UnixSeconds {
    let since = time
        .duration_since(SystemTime::UNIX_EPOCH)
        .unwrap_or_default();
    UnixSeconds(i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}

fn broken(error: &dyn std::error::Error) -> KeepError {
    KeepError::Broken(error.to_string())
}

impl Keep for Database {
    fn put<'a>(
        &'a self,
        place: KeepPlace<'a>,
        content: Vec<u8>,
        until: SystemTime,
    ) -> Kept<'a, ()> {
        Box::pin(async move {
            let put = self
                .0
                .put_shelf(
                    place.kind,
                    place.id,
                    &content,
                    seconds(until),
                    seconds(place.now),
                )
                .await;
            match put {
                Ok(_) => Ok(()),
                Err(PutError::Full(_) | PutError::TooLarge(_)) => Err(KeepError::Full),
                Err(error) => Err(broken(&error)),
            }
        })
    }

    fn get<'a>(&'a self, place: KeepPlace<'a>) -> Kept<'a, Option<Vec<u8>>> {
        Box::pin(async move {
            let found = self
                .0
                .get_shelf(place.kind, place.id, seconds(place.now))
                .await;
            Ok(found
                .map_err(|error| broken(&error))?
                .map(|shelf| shelf.content))
        })
    }

    fn remove<'a>(&'a self, place: KeepPlace<'a>) -> Kept<'a, bool> {
        Box::pin(async move {
            let removed = self.0.remove_shelf(place.kind, place.id).await;
            removed.map_err(|error| broken(&error))
        })
    }

    fn add<'a>(&'a self, place: KeepPlace<'a>, item: Vec<u8>, most: usize) -> Kept<'a, u64> {
        Box::pin(async move {
            let added = self
                .0
                .add_item(place.kind, place.id, &item, seconds(place.now), most)
                .await;
            added.map_err(|error| match error {
                AddError::Full(_) | AddError::TooLarge(_) => KeepError::Full,
                AddError::NoShelf => KeepError::Missing,
                error => broken(&error),
            })
        })
    }

    fn items<'a>(&'a self, place: KeepPlace<'a>) -> Kept<'a, Vec<(u64, Vec<u8>)>> {
        Box::pin(async move {
            let items = self
                .0
                .items(place.kind, place.id, 0, MOST_ITEMS, seconds(place.now))
                .await;
            let items = items.map_err(|error| broken(&error))?;
            Ok(items
                .into_iter()
                .map(|item| (item.sequence, item.content))
                .collect())
        })
    }
}
