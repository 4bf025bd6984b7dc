//! What was there before a restart is there afterwards.

use siteerror_store::{Bounds, Totals};

use crate::scratch::{LATER, NOW, Scratch, contents};

/// Whether the store is closed or dropped makes no difference.
async fn check(end: impl AsyncFn(siteerror_store::Store)) {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store
        .put_shelf("bin", "a", b"rules", LATER, NOW)
        .await
        .unwrap();
    for number in 1..=4_u8 {
        store.add_item("bin", "a", &[number], NOW, 3).await.unwrap();
    }
    store.put_shelf("bin", "b", b"", LATER, NOW).await.unwrap();
    for _ in 0..9 {
        store.add_item("bin", "b", b"", NOW, 3).await.unwrap();
    }
    store.remove_shelf("bin", "b").await.unwrap();
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap();
    let totals = store.totals().await.unwrap();
    end(store).await;

    let store = scratch.store().await;
    assert_eq!(store.get_shelf("bin", "a", NOW).await.unwrap(), shelf);
    assert_eq!(store.totals().await.unwrap(), totals);
    assert_eq!(
        contents(&store, "bin", "a").await,
        [(2, vec![2]), (3, vec![3]), (4, vec![4])]
    );
    assert_eq!(store.add_item("bin", "a", b"x", NOW, 3).await.unwrap(), 5);
    // Neither removal nor restart sets numbers back.
    store.put_shelf("bin", "b", b"", LATER, NOW).await.unwrap();
    assert_eq!(store.add_item("bin", "b", b"", NOW, 3).await.unwrap(), 10);
}

#[tokio::test]
async fn all_is_there_after_closing() {
    check(async |store| store.close().await).await;
}

#[tokio::test]
async fn all_is_there_after_dropping() {
    check(async |store| drop(store)).await;
}

#[tokio::test]
async fn lower_bounds_refuse_more_and_take_nothing_away() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store
        .put_shelf("bin", "a", &[1; 1_000], LATER, NOW)
        .await
        .unwrap();
    store
        .add_item("bin", "a", &[2; 1_000], NOW, 9)
        .await
        .unwrap();
    let totals = store.totals().await.unwrap();
    store.close().await;

    let lower = Bounds {
        shelves_per_kind: 0,
        shelf_bytes: 0,
        total_bytes: 0,
    };
    let store = scratch.bounded(lower).await;
    assert_eq!(store.totals().await.unwrap(), totals);
    for content in [&b""[..], b"x"] {
        let put = store.put_shelf("bin", "a", content, LATER, NOW).await;
        assert_eq!(put.unwrap_err().code(), "store-too-large");
        let add = store.add_item("bin", "a", content, NOW, 9).await;
        assert_eq!(add.unwrap_err().code(), "store-too-large");
    }
    assert_eq!(store.totals().await.unwrap(), totals);
    assert!(store.remove_shelf("bin", "a").await.unwrap());
    assert_eq!(store.totals().await.unwrap(), Totals::default());
}
