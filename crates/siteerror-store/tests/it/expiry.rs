//! What has expired is gone at its second, swept or not.

use siteerror_store::{Put, Totals, UnixSeconds};

use crate::scratch::{NOW, Scratch};

const BEFORE: UnixSeconds = UnixSeconds(NOW.0 + 9);
const THEN: UnixSeconds = UnixSeconds(NOW.0 + 10);
const LONG_AFTER: UnixSeconds = UnixSeconds(NOW.0 + 99);

#[tokio::test]
async fn an_expired_shelf_is_gone_for_every_question() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"x", THEN, NOW).await.unwrap();
    store.add_item("bin", "a", b"1", BEFORE, 9).await.unwrap();
    for (now, there) in [(BEFORE, true), (THEN, false), (LONG_AFTER, false)] {
        let shelf = store.get_shelf("bin", "a", now).await.unwrap();
        assert_eq!(shelf.is_some(), there, "{now:?}");
        let items = store.items("bin", "a", 0, 9, now).await.unwrap();
        assert_eq!(!items.is_empty(), there, "{now:?}");
        let listed = store.list_shelves("bin", now, 9, None).await.unwrap();
        assert_eq!(!listed.is_empty(), there, "{now:?}");
    }
    let error = store.add_item("bin", "a", b"2", THEN, 9).await.unwrap_err();
    assert_eq!(error.code(), "store-no-shelf");
}

#[tokio::test]
async fn one_put_up_in_the_place_of_an_expired_one_is_new_but_for_its_numbers() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"x", THEN, NOW).await.unwrap();
    let old = store.add_item("bin", "a", b"1", NOW, 9).await.unwrap();
    let put = store
        .put_shelf("bin", "a", b"y", LONG_AFTER, THEN)
        .await
        .unwrap();
    assert_eq!(put, Put::Created);
    assert_eq!(store.items("bin", "a", 0, 9, THEN).await.unwrap(), []);
    let new = store.add_item("bin", "a", b"2", THEN, 9).await.unwrap();
    assert!(new > old);
    assert_eq!(store.totals().await.unwrap().shelves, 1);
}

#[tokio::test]
async fn a_new_time_keeps_a_shelf_longer() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"x", THEN, NOW).await.unwrap();
    let put = store
        .put_shelf("bin", "a", b"x", LONG_AFTER, BEFORE)
        .await
        .unwrap();
    assert_eq!(put, Put::Replaced);
    assert_eq!(store.sweep(THEN).await.unwrap(), 0);
    assert!(store.get_shelf("bin", "a", THEN).await.unwrap().is_some());
}

#[tokio::test]
async fn sweeping_takes_all_that_has_expired_and_nothing_else() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    // More than is swept in one go.
    for number in 0..250 {
        let kind = if number % 2 == 0 { "bin" } else { "mock" };
        let id = number.to_string();
        store.put_shelf(kind, &id, b"x", THEN, NOW).await.unwrap();
    }
    let last = store.add_item("bin", "0", b"1", NOW, 9).await.unwrap();
    store
        .put_shelf("bin", "stays", b"x", LONG_AFTER, NOW)
        .await
        .unwrap();
    assert_eq!(store.sweep(BEFORE).await.unwrap(), 0);
    assert_eq!(store.totals().await.unwrap().shelves, 251);
    assert_eq!(store.sweep(THEN).await.unwrap(), 250);
    assert_eq!(store.sweep(THEN).await.unwrap(), 0);
    assert_eq!(store.totals().await.unwrap().shelves, 1);
    assert!(
        store
            .get_shelf("bin", "stays", THEN)
            .await
            .unwrap()
            .is_some()
    );

    // Even by a clock that goes backwards nothing comes back, and numbers go on.
    assert_eq!(store.get_shelf("bin", "0", NOW).await.unwrap(), None);
    store.put_shelf("bin", "0", b"x", THEN, NOW).await.unwrap();
    assert!(store.add_item("bin", "0", b"2", NOW, 9).await.unwrap() > last);

    assert_eq!(store.sweep(UnixSeconds(i64::MAX)).await.unwrap(), 2);
    assert_eq!(store.totals().await.unwrap(), Totals::default());
}
