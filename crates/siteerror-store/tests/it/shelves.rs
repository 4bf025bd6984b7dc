//! Shelves by their names.

use siteerror_store::{ID_BYTES, KIND_BYTES, Put, PutError};

use crate::scratch::{LATER, NOW, Scratch};

#[tokio::test]
async fn a_shelf_comes_out_as_it_was_put() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    for content in [
        &b""[..],
        b"{\"status\":418}",
        b"\0\xff\r\n",
        &vec![0x2a; 100_000],
    ] {
        store
            .put_shelf("mock", "teapot", content, LATER, NOW)
            .await
            .unwrap();
        let shelf = store
            .get_shelf("mock", "teapot", NOW)
            .await
            .unwrap()
            .unwrap();
        assert_eq!(shelf.content, content);
        assert_eq!(shelf.expires_at, LATER);
        assert_eq!((shelf.items, shelf.last_sequence), (0, 0));
    }
}

#[tokio::test]
async fn putting_says_whether_there_was_one_and_keeps_its_items() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let put = async |content| {
        store
            .put_shelf("bin", "a", content, LATER, NOW)
            .await
            .unwrap()
    };
    assert_eq!(put(b"one").await, Put::Created);
    store.add_item("bin", "a", b"item", NOW, 9).await.unwrap();
    assert_eq!(put(b"two").await, Put::Replaced);
    let shelf = store.get_shelf("bin", "a", NOW).await.unwrap().unwrap();
    assert_eq!((shelf.content.as_slice(), shelf.items), (&b"two"[..], 1));
}

#[tokio::test]
async fn shelves_of_different_names_know_nothing_of_each_other() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let names = [
        ("bin", "a"),
        ("bin", "A"),
        ("bin", "a "),
        ("mock", "a"),
        ("bin", "é"),
        ("bin", "e\u{301}"),
        ("bin", "%"),
        ("b", "ina"),
    ];
    for (number, (kind, id)) in names.into_iter().enumerate() {
        let content = number.to_string();
        let put = store
            .put_shelf(kind, id, content.as_bytes(), LATER, NOW)
            .await
            .unwrap();
        assert_eq!(put, Put::Created, "{kind} {id}");
    }
    assert!(store.remove_shelf("bin", "A").await.unwrap());
    for (number, (kind, id)) in names.into_iter().enumerate() {
        let found = store.get_shelf(kind, id, NOW).await.unwrap();
        let expected = (id != "A").then(|| number.to_string().into_bytes());
        assert_eq!(found.map(|shelf| shelf.content), expected, "{kind} {id}");
    }
}

#[tokio::test]
async fn what_is_removed_is_gone_with_its_items() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    store.add_item("bin", "a", b"x", NOW, 9).await.unwrap();
    assert!(store.remove_shelf("bin", "a").await.unwrap());
    assert!(!store.remove_shelf("bin", "a").await.unwrap());
    assert_eq!(store.get_shelf("bin", "a", NOW).await.unwrap(), None);
    assert_eq!(
        store.totals().await.unwrap(),
        siteerror_store::Totals::default()
    );
    store.put_shelf("bin", "a", b"", LATER, NOW).await.unwrap();
    assert_eq!(store.items("bin", "a", 0, 9, NOW).await.unwrap(), []);
}

#[tokio::test]
async fn a_kind_is_listed_page_by_page_in_the_order_of_bytes() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    for id in ["b", "é", "a", "B", "10", "9"] {
        store
            .put_shelf("bin", id, id.as_bytes(), LATER, NOW)
            .await
            .unwrap();
    }
    store
        .put_shelf("mock", "aa", b"", LATER, NOW)
        .await
        .unwrap();
    store.add_item("bin", "B", b"x", NOW, 9).await.unwrap();

    let mut seen = Vec::new();
    loop {
        let after = seen.last().map(String::as_str);
        let page = store.list_shelves("bin", NOW, 2, after).await.unwrap();
        if page.is_empty() {
            break;
        }
        assert!(page.len() <= 2);
        for listed in page {
            assert_eq!(listed.content_bytes, listed.id.len() as u64);
            assert_eq!(listed.items, u64::from(listed.id == "B"));
            assert_eq!(listed.expires_at, LATER);
            seen.push(listed.id);
        }
    }
    assert_eq!(seen, ["10", "9", "B", "a", "b", "é"]);
    assert_eq!(store.list_shelves("bin", NOW, 0, None).await.unwrap(), []);
    assert_eq!(store.list_shelves("none", NOW, 9, None).await.unwrap(), []);
}

#[tokio::test]
async fn a_name_is_text_of_a_bounded_length_without_nul() {
    let scratch = Scratch::new();
    let store = scratch.store().await;
    let kind = "k".repeat(KIND_BYTES);
    let id = "i".repeat(ID_BYTES);
    store.put_shelf(&kind, &id, b"", LATER, NOW).await.unwrap();
    for (kind, id) in [
        ("", "a"),
        ("bin", ""),
        ("bin", "a\0b"),
        ("b\0", "a"),
        (&*format!("{kind}k"), "a"),
        ("bin", &*format!("{id}i")),
    ] {
        let error = store
            .put_shelf(kind, id, b"", LATER, NOW)
            .await
            .unwrap_err();
        assert!(matches!(error, PutError::InvalidKey(_)), "{error:?}");
        // Asked for, it is a name that nothing has.
        assert_eq!(store.get_shelf(kind, id, NOW).await.unwrap(), None);
        assert!(!store.remove_shelf(kind, id).await.unwrap());
        assert_eq!(store.items(kind, id, 0, 9, NOW).await.unwrap(), []);
        assert_eq!(store.clear_items(kind, id).await.unwrap(), 0);
        let error = store.add_item(kind, id, b"", NOW, 9).await.unwrap_err();
        assert_eq!(error.code(), "store-no-shelf");
    }
}
