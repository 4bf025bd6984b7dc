//! Thousands of operations in no particular order, against a model of a few lines.

use std::collections::{BTreeMap, VecDeque};

use siteerror_store::{
    AddError, Bounds, ITEM_OVERHEAD_BYTES, PutError, SHELF_OVERHEAD_BYTES, Store, Totals,
    UnixSeconds,
};

use crate::scratch::{NOW, Scratch};

const BOUNDS: Bounds = Bounds {
    shelves_per_kind: 3,
    shelf_bytes: SHELF_OVERHEAD_BYTES + 1_000,
    total_bytes: 4 * SHELF_OVERHEAD_BYTES + 3_000,
};

type Name = (&'static str, &'static str);

#[derive(Clone, Default)]
struct ModelShelf {
    content: usize,
    expires_at: i64,
    items: VecDeque<(u64, usize)>,
}

impl ModelShelf {
    fn bytes(&self) -> u64 {
        let items = self.items.iter();
        let items: u64 = items.map(|item| item.1 as u64 + ITEM_OVERHEAD_BYTES).sum();
        SHELF_OVERHEAD_BYTES + self.content as u64 + items
    }

    fn squeeze(&mut self, keep: usize) {
        while self.items.len() > keep.max(1) || self.bytes() > BOUNDS.shelf_bytes {
            self.items.pop_front();
        }
    }
}

#[derive(Clone, Default)]
struct Model {
    shelves: BTreeMap<Name, ModelShelf>,
    now: i64,
}

impl Model {
    fn totals(&self) -> Totals {
        Totals {
            shelves: self.shelves.len() as u64,
            bytes: self.shelves.values().map(ModelShelf::bytes).sum(),
        }
    }

    fn sweep(&mut self) -> usize {
        let before = self.shelves.len();
        self.shelves.retain(|_, shelf| shelf.expires_at > self.now);
        before - self.shelves.len()
    }

    fn of_kind(&self, kind: &str) -> u64 {
        self.shelves.keys().filter(|name| name.0 == kind).count() as u64
    }

    fn put(&mut self, name: Name, content: usize, expires_at: i64) -> Result<(), &'static str> {
        if content > 1_000 {
            return Err("store-too-large");
        }
        let before = self.clone();
        self.shelves
            .retain(|other, shelf| *other != name || shelf.expires_at > self.now);
        if !self.shelves.contains_key(&name) && self.of_kind(name.0) >= BOUNDS.shelves_per_kind {
            self.sweep();
            if self.of_kind(name.0) >= BOUNDS.shelves_per_kind {
                *self = before;
                return Err("store-full");
            }
        }
        let place = self.shelves.entry(name).or_default();
        (place.content, place.expires_at) = (content, expires_at);
        while place.bytes() > BOUNDS.shelf_bytes {
            place.items.pop_front();
        }
        self.within_total(before)
    }

    /// Adds an item under the number that the store chose.
    fn add(
        &mut self,
        name: Name,
        sequence: u64,
        content: usize,
        keep: usize,
    ) -> Result<(), &'static str> {
        let before = self.clone();
        let now = self.now;
        let found = self.shelves.get_mut(&name);
        let Some(found) = found.filter(|found| found.expires_at > now) else {
            return Err("store-no-shelf");
        };
        if found.content as u64 + content as u64 + ITEM_OVERHEAD_BYTES > 1_000 {
            return Err("store-too-large");
        }
        found.items.push_back((sequence, content));
        found.squeeze(keep);
        self.within_total(before)
    }

    fn within_total(&mut self, before: Self) -> Result<(), &'static str> {
        if self.totals().bytes > BOUNDS.total_bytes {
            self.sweep();
        }
        if self.totals().bytes > BOUNDS.total_bytes {
            *self = before;
            return Err("store-full");
        }
        Ok(())
    }
}

/// Numbers that look random and are the same every time (Knuth's MMIX).
struct Numbers(u64);

impl Numbers {
    fn below(&mut self, end: u64) -> u64 {
        self.0 = self
            .0
            .wrapping_mul(6_364_136_223_846_793_005)
            .wrapping_add(1_442_695_040_888_963_407);
        (self.0 >> 33) % end
    }

    fn size(&mut self, end: u64) -> usize {
        usize::try_from(self.below(end)).unwrap()
    }
}

async fn compare(store: &Store, model: &Model, name: Name) {
    let now = UnixSeconds(model.now);
    let expected = model.shelves.get(&name);
    let expected = expected.filter(|shelf| shelf.expires_at > model.now);
    let shelf = store.get_shelf(name.0, name.1, now).await.unwrap();
    assert_eq!(
        shelf.map(|shelf| (shelf.content.len(), shelf.expires_at.0, shelf.items)),
        expected.map(|shelf| (shelf.content, shelf.expires_at, shelf.items.len() as u64))
    );
    let items = store.items(name.0, name.1, 0, 1_000, now).await.unwrap();
    let items = items
        .into_iter()
        .map(|item| (item.sequence, item.content.len()));
    let expected = expected.map(|shelf| shelf.items.iter().copied().collect());
    let expected: Vec<_> = expected.unwrap_or_default();
    assert_eq!(items.collect::<Vec<_>>(), expected);
    assert_eq!(store.totals().await.unwrap(), model.totals());
}

#[tokio::test]
async fn any_order_of_operations_does_what_the_model_does() {
    let scratch = Scratch::new();
    let mut store = scratch.bounded(BOUNDS).await;
    let mut model = Model {
        now: NOW.0,
        ..Model::default()
    };
    let mut numbers = Numbers(404);
    let mut last: BTreeMap<Name, u64> = BTreeMap::new();
    let mut outcomes: BTreeMap<&str, u32> = BTreeMap::new();
    for _ in 0..3_000 {
        let kind = ["bin", "mock"][numbers.size(2)];
        let name = (kind, ["a", "b", "c", "d"][numbers.size(4)]);
        let now = UnixSeconds(model.now);
        let content = vec![b'x'; numbers.size(500)];
        let outcome = match numbers.below(100) {
            0..15 => {
                let content = vec![b'y'; numbers.size(1_100)];
                let expires_at = model.now + i64::try_from(numbers.below(60)).unwrap();
                let put = store
                    .put_shelf(name.0, name.1, &content, UnixSeconds(expires_at), now)
                    .await;
                let expected = model.put(name, content.len(), expires_at);
                assert_eq!(put.as_ref().err().map(PutError::code), expected.err());
                expected.err().unwrap_or("put")
            }
            15..85 => {
                let keep = numbers.size(8);
                let added = store.add_item(name.0, name.1, &content, now, keep).await;
                let sequence = added.as_ref().copied().unwrap_or(0);
                let expected = model.add(name, sequence, content.len(), keep);
                assert_eq!(added.as_ref().err().map(AddError::code), expected.err());
                if added.is_ok() {
                    assert!(last.insert(name, sequence) < Some(sequence));
                }
                expected.err().unwrap_or("added")
            }
            85..88 => {
                let removed = store.remove_shelf(name.0, name.1).await.unwrap();
                assert_eq!(removed, model.shelves.remove(&name).is_some());
                "removed"
            }
            88..92 => {
                let cleared = store.clear_items(name.0, name.1).await.unwrap();
                let shelf = model.shelves.get_mut(&name);
                let items = shelf.map(|shelf| std::mem::take(&mut shelf.items));
                assert_eq!(cleared, items.unwrap_or_default().len() as u64);
                "cleared"
            }
            92..93 => {
                assert_eq!(store.sweep(now).await.unwrap(), model.sweep());
                "swept"
            }
            93..94 => {
                store.close().await;
                store = scratch.bounded(BOUNDS).await;
                "reopened"
            }
            _ => {
                model.now += i64::try_from(numbers.below(10)).unwrap();
                "waited"
            }
        };
        *outcomes.entry(outcome).or_default() += 1;
        compare(&store, &model, name).await;
    }
    // The walk has been everywhere.
    assert_eq!(outcomes.len(), 10, "{outcomes:?}");
}
