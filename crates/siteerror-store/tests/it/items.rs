//! Items and their numbers.

use std::collections::BTreeSet;

use siteerror_store::{AddError, ITEM_OVERHEAD_BYTES, Item, PAGE_ROWS, UnixSeconds};

use crate::scratch::{LATER, NOW, Scratch, contents};

#[tokio::test]
async fn items_come_out_in_their_order_with_time_and_content() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    let mut expected = Vec::new();
    for (content, second) in [(&b"one"[..], 5), (b"", 5), (b"\0\xff", 4)] {
        let added_at = UnixSeconds(NOW.0 + second);
        let sequence = store
            .add_item("bin", "a", content, added_at, 9)
            .await
            .unwrap();
        let content = content.to_vec();
        expected.push(Item {
            sequence,
            added_at,
            content,
        });
    }
    assert!(expected.is_sorted_by(|one, other| one.sequence < other.sequence));
    assert_eq!(expected[0].sequence, 1);
    let items = async |after, limit| store.items("bin", "a", after, limit, NOW).await.unwrap();
    assert_eq!(items(0, 9).await, expected);
    assert_eq!(items(0, 2).await, expected[..2]);
    assert_eq!(items(expected[0].sequence, 9).await, expected[1..]);
    assert_eq!(items(expected[2].sequence, 9).await, []);
    assert_eq!(items(u64::MAX, usize::MAX).await, []);
    assert_eq!(items(0, 0).await, []);
}

#[tokio::test]
async fn the_oldest_make_room_for_the_newest() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    for number in 1..=5_u8 {
        store.add_item("bin", "a", &[number], NOW, 3).await.unwrap();
    }
    assert_eq!(
        contents(&store, "bin", "a").await,
        [(3, vec![3]), (4, vec![4]), (5, vec![5])]
    );

    // A lower number counts from then on, and the new one always stays.
    store.add_item("bin", "a", b"6", NOW, 0).await.unwrap();
    assert_eq!(contents(&store, "bin", "a").await, [(6, b"6".to_vec())]);
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    assert_eq!((shelf.items, shelf.last_sequence), (1, 6));
}

#[tokio::test]
async fn a_page_is_bounded_whatever_was_asked_for() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    for _ in 0..=PAGE_ROWS {
        store
            .add_item("bin", "a", b"", NOW, usize::MAX)
            .await
            .unwrap();
    }
    let page = store.items("bin", "a", 0, usize::MAX, NOW).await.unwrap();
    assert_eq!(page.len(), PAGE_ROWS);
    assert_eq!(contents(&store, "bin", "a").await.len(), PAGE_ROWS + 1);
}

#[tokio::test]
async fn clearing_keeps_the_shelf_and_its_numbers() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store
        .put_shelf("bin", "a", b"rules", LATER, NOW)
        .await
        .unwrap();
    let empty = store.totals().await.unwrap();
    for content in [&b"x"[..], b"", b"long"] {
        store.add_item("bin", "a", content, NOW, 9).await.unwrap();
    }
    assert_eq!(store.clear_items("bin", "a").await.unwrap(), 3);
    assert_eq!(store.clear_items("bin", "a").await.unwrap(), 0);
    assert_eq!(store.clear_items("bin", "none").await.unwrap(), 0);
    assert_eq!(store.totals().await.unwrap(), empty);
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    assert_eq!(
        (shelf.content.as_slice(), shelf.items, shelf.last_sequence),
        (&b"rules"[..], 0, 3)
    );
    assert_eq!(store.add_item("bin", "a", b"x", NOW, 9).await.unwrap(), 4);
}

#[tokio::test]
async fn numbers_go_on_after_a_shelf_was_removed_and_put_up_again() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let mut last = 0;
    for _ in 0..3 {
        store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
        for _ in 0..2 {
            let sequence = store.add_item("bin", "a", b"x", NOW, 9).await.unwrap();
            assert!(sequence > last, "{sequence} after {last}");
            last = sequence;
        }
        store.remove_shelf("bin", "a").await.unwrap();
    }
}

#[tokio::test]
async fn nothing_is_added_to_a_shelf_that_is_not_there() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    for (kind, id) in [("bin", "b"), ("mock", "a")] {
        let error = store.add_item(kind, id, b"x", NOW, 9).await.unwrap_err();
        assert!(matches!(error, AddError::NoShelf), "{error:?}");
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn writers_at_the_same_time_each_get_numbers_of_their_own() {
    const WRITERS: u64 = 16;
    const EACH: u64 = 25;
    let scratch = Scratch::new();
    // Two stores on one folder, as when one server takes over from another.
    let stores = [scratch.store().await, scratch.store().await];
    stores[0]
        .put_shelf("bin", "a", b"", LATER, NOW)
        .await
        .unwrap();
    let writers: Vec<_> = (0..WRITERS)
        .zip(stores.iter().cycle().cloned())
        .map(|(writer, store)| {
            tokio::spawn(async move {
                let mut given = Vec::new();
                for number in 0..EACH {
                    let content = format!("{writer}/{number}").into_bytes();
                    let sequence = store
                        .add_item("bin", "a", &content, NOW, usize::MAX)
                        .await
                        .unwrap();
                    // It can be read as soon as it is acknowledged.
                    let read = store.items("bin", "a", sequence - 1, 1, NOW).await.unwrap();
                    assert_eq!(read[0].content, content);
                    given.push((sequence, content));
                }
                assert!(given.is_sorted());
                given
            })
        })
        .collect();
    let mut given = BTreeSet::new();
    for writer in writers {
        given.extend(writer.await.unwrap());
    }
    let kept = contents(&stores[1], "bin", "a").await;
    assert_eq!(kept.len() as u64, WRITERS * EACH);
    assert_eq!(given.into_iter().collect::<Vec<_>>(), kept);
    assert!(
        kept.iter()
            .map(|(sequence, _)| *sequence)
            .eq(1..=WRITERS * EACH)
    );
}

#[tokio::test]
async fn an_operation_given_up_halfway_happened_or_did_not() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    let empty = store.totals().await.unwrap().bytes;
    let (mut acknowledged, mut given_up) = (Vec::new(), 0);
    for polls in 0..400 {
        // As when a visitor hangs up: the future is dropped wherever it stands.
        tokio::select! {
            biased;
            sequence = store.add_item("bin", "a", b"x", NOW, 1_000) => acknowledged.push(sequence.unwrap()),
            () = yields(polls % 80) => given_up += 1,
        }
    }
    assert!(given_up > 0);
    for _ in 0..2 {
        let added = store.add_item("bin", "a", b"x", NOW, 1_000).await;
        acknowledged.push(added.unwrap());
    }
    let kept = contents(&store, "bin", "a").await;
    for sequence in &acknowledged {
        assert!(kept.iter().any(|item| item.0 == *sequence), "{sequence}");
    }
    let count = kept.len() as u64;
    assert!(kept.iter().map(|item| item.0).eq(1..=count));
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    assert_eq!((shelf.items, shelf.last_sequence), (count, count));
    let bytes = empty + count * (ITEM_OVERHEAD_BYTES + 1);
    assert_eq!(store.totals().await.unwrap().bytes, bytes);
}

async fn yields(count: u32) {
    for _ in 0..count {
        tokio::task::yield_now().await;
    }
}
