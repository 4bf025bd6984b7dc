//! No more than was agreed.

use siteerror_store::{
    AddError, Bound, Bounds, Full, ITEM_OVERHEAD_BYTES, KINDS, PutError, SHELF_OVERHEAD_BYTES,
    TooLarge, UnixSeconds,
};

use crate::scratch::{LATER, NOW, Scratch, contents};

const SOON: UnixSeconds = UnixSeconds(NOW.0 + 10);

fn full(error: &PutError) -> Full {
    match error {
        PutError::Full(full) => *full,
        other => panic!("{other:?}"),
    }
}

#[tokio::test]
async fn a_kind_has_a_bounded_number_of_shelves() {
    let scratch = Scratch::new();
    let bounds = Bounds {
        shelves_per_kind: 2,
        ..Bounds::default()
    };
    let store = scratch.bounded(bounds).await;
    let put = async |kind, id, now| store.put_shelf(kind, id, b"", SOON, now).await;
    put("bin", "a", NOW).await.unwrap();
    put("bin", "b", NOW).await.unwrap();
    let error = put("bin", "c", NOW).await.unwrap_err();
    let bound = Bound::ShelvesPerKind;
    assert_eq!(full(&error), Full { bound, max: 2 });
    assert_eq!(error.code(), "store-full");
    assert_eq!(
        error.to_string(),
        "the store is full: `shelves_per_kind` is at most 2"
    );

    // Another kind has its own, and one that is there can be replaced.
    put("mock", "c", NOW).await.unwrap();
    put("bin", "b", NOW).await.unwrap();
    // A place is free when one is removed, or when one has expired and nobody has swept yet.
    store.remove_shelf("bin", "a").await.unwrap();
    put("bin", "c", NOW).await.unwrap();
    assert!(put("bin", "d", NOW).await.is_err());
    store.put_shelf("bin", "d", b"", LATER, SOON).await.unwrap();
    let kept = store.list_shelves("bin", SOON, 9, None).await.unwrap();
    assert_eq!(kept.len(), 1);
}

#[tokio::test]
async fn a_shelf_has_a_bounded_number_of_bytes() {
    let scratch = Scratch::new();
    let bounds = Bounds {
        shelf_bytes: SHELF_OVERHEAD_BYTES + 1_000,
        ..Bounds::default()
    };
    let store = scratch.bounded(bounds).await;
    let put = async |size| {
        store
            .put_shelf("bin", "a", &vec![b'c'; size], LATER, NOW)
            .await
    };
    let error = put(1_001).await.unwrap_err();
    let large = TooLarge {
        bytes: 1_001,
        max: 1_000,
    };
    assert!(matches!(error, PutError::TooLarge(found) if found == large));
    put(1_000).await.unwrap();
    put(100).await.unwrap();

    // Items of 300 bytes, overhead included: there is room for three.
    let overhead = usize::try_from(ITEM_OVERHEAD_BYTES).unwrap();
    let add = async |size: usize| {
        store
            .add_item("bin", "a", &vec![b'i'; size - overhead], NOW, 100)
            .await
    };
    for _ in 0..3 {
        add(300).await.unwrap();
    }
    assert_eq!(contents(&store, "bin", "a").await.len(), 3);
    assert_eq!(add(300).await.unwrap(), 4);
    let numbers = async || -> Vec<u64> {
        let kept = contents(&store, "bin", "a").await;
        kept.into_iter().map(|(sequence, _)| sequence).collect()
    };
    assert_eq!(numbers().await, [2, 3, 4]);
    // One that needs the room of two.
    assert_eq!(add(301).await.unwrap(), 5);
    assert_eq!(numbers().await, [4, 5]);
    // One that needs all, and one that is too large and therefore leaves the others alone.
    assert_eq!(add(900).await.unwrap(), 6);
    let error = add(901).await.unwrap_err();
    assert!(
        matches!(
            error,
            AddError::TooLarge(TooLarge {
                bytes: 837,
                max: 836
            })
        ),
        "{error:?}"
    );
    assert_eq!(numbers().await, [6]);
    // A larger content of the shelf pushes items out, too.
    put(101).await.unwrap();
    assert_eq!(numbers().await, []);
    assert_eq!(
        store.totals().await.unwrap().bytes,
        SHELF_OVERHEAD_BYTES + 101
    );
}

#[tokio::test]
async fn everything_together_has_a_bounded_number_of_bytes() {
    let scratch = Scratch::new();
    let shelf = SHELF_OVERHEAD_BYTES + 100;
    let item = ITEM_OVERHEAD_BYTES + 100;
    let total_bytes = 2 * shelf + 2 * item;
    let bounds = Bounds {
        total_bytes,
        ..Bounds::default()
    };
    let store = scratch.bounded(bounds).await;
    let put = async |id, now| store.put_shelf("bin", id, &[1; 100], SOON, now).await;
    let add = async |id, now, keep| store.add_item("bin", id, &[2; 100], now, keep).await;
    put("a", NOW).await.unwrap();
    store
        .put_shelf("mock", "b", &[1; 100], LATER, NOW)
        .await
        .unwrap();
    add("a", NOW, 9).await.unwrap();
    add("a", NOW, 9).await.unwrap();
    assert_eq!(store.totals().await.unwrap().bytes, total_bytes);

    let expected = Full {
        bound: Bound::TotalBytes,
        max: total_bytes,
    };
    let error = add("a", NOW, 9).await.unwrap_err();
    assert!(matches!(error, AddError::Full(found) if found == expected));
    assert_eq!(full(&put("c", NOW).await.unwrap_err()), expected);
    let larger = store.put_shelf("bin", "a", &[1; 101], SOON, NOW).await;
    assert_eq!(full(&larger.unwrap_err()), expected);
    // What was refused left no trace.
    assert_eq!(store.get_shelf("bin", "c", NOW).await.unwrap(), None);
    assert_eq!(contents(&store, "bin", "a").await.len(), 2);
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    assert_eq!((shelf.content.len(), shelf.last_sequence), (100, 2));

    // What takes no more room than it frees is welcome, and so is all when others have expired.
    assert_eq!(add("a", NOW, 2).await.unwrap(), 3);
    for _ in 0..3 {
        store
            .add_item("mock", "b", &[2; 100], SOON, 9)
            .await
            .unwrap();
    }
    assert_eq!(store.totals().await.unwrap().shelves, 1);
}

#[tokio::test]
async fn there_is_a_bounded_number_of_kinds() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    for number in 0..KINDS {
        let kind = format!("kind-{number}");
        store.put_shelf(&kind, "a", b"", LATER, NOW).await.unwrap();
    }
    let error = store
        .put_shelf("one-more", "a", b"", LATER, NOW)
        .await
        .unwrap_err();
    let bound = Bound::Kinds;
    assert_eq!(full(&error), Full { bound, max: KINDS });
}
