//! What the rules remember: items and their versions, locks, jobs, tokens.

use super::{TEXT, ask, put};
use crate::ask::{get, playground, send};

#[tokio::test]
async fn an_item_lives_and_is_remembered() {
    let playground = playground().await;
    let item = "/cause/410/try/a";
    assert_eq!(get(&playground, item).await.status, 404);
    let made = put(&playground, item, &[TEXT], "one").await;
    assert_eq!(
        (made.status, made.field("etag"), made.field("location")),
        (201, "\"1\"", item)
    );
    let again = send(&playground, &format!("POST {item}"), &[TEXT], b"two").await;
    assert_eq!(again.status, 409);
    assert!(again.text().contains("at version"), "{}", again.text());
    let replaced = put(&playground, item, &[TEXT], "three").await;
    assert_eq!((replaced.status, replaced.field("etag")), (204, "\"2\""));
    assert_eq!(get(&playground, item).await.text(), "three");
    let head = ask(&playground, &format!("HEAD {item}"), &[]).await;
    assert_eq!(
        (
            head.status,
            head.field("content-length"),
            head.text().as_str()
        ),
        (200, "5", "")
    );
    let deleted = ask(&playground, &format!("DELETE {item}"), &[]).await;
    assert_eq!((deleted.status, deleted.text().as_str()), (204, ""));
    assert_eq!(get(&playground, item).await.status, 410);
    let deleted = ask(&playground, &format!("DELETE {item}"), &[]).await;
    assert_eq!(deleted.status, 410);
    // Versions go on, so that an old tag never fits a new item.
    let back = put(&playground, item, &[TEXT], "four").await;
    assert_eq!((back.status, back.field("etag")), (201, "\"3\""));
    // The items of one rule are not those of another.
    assert_eq!(get(&playground, "/cause/404/try/a").await.status, 404);
}

#[tokio::test]
async fn if_match_is_judged_before_if_none_match() {
    let playground = playground().await;
    let item = "GET /cause/412/try/a";
    put(&playground, "/cause/412/try/a", &[TEXT], "one").await;
    for (fields, expected) in [
        // RFC 9110 §13.2.2.
        (&["If-Match: \"2\"", "If-None-Match: \"1\""][..], 412),
        (&["If-Match: \"1\"", "If-None-Match: \"1\""], 304),
        (&["If-Match: \"1\"", "If-None-Match: \"2\""], 200),
        (&["If-Match: W/\"1\""], 412),
        (&["If-None-Match: W/\"1\""], 304),
        (&["If-Match: *"], 200),
    ] {
        let answer = ask(&playground, item, fields).await;
        assert_eq!(answer.status, expected, "{fields:?}");
        // RFC 9110 §15.4.5: the ETag of the 200 belongs to the 304, too.
        assert_eq!(answer.field("etag"), "\"1\"", "{fields:?}");
    }
    let answer = put(
        &playground,
        "/cause/412/try/a",
        &[TEXT, "If-Match: \"7\""],
        "no",
    )
    .await;
    assert_eq!(
        answer.json()["detail"],
        "your If-Match was \"7\", and the item is at \"1\""
    );
    // RFC 9110 §13.1.1: `*` is false where there is nothing.
    let answer = put(
        &playground,
        "/cause/412/try/b",
        &[TEXT, "If-Match: *"],
        "no",
    )
    .await;
    assert_eq!(answer.status, 412);
    // RFC 9110 §13.2.1: what would fail anyway is not judged.
    let answer = ask(&playground, "GET /cause/412/try/b", &["If-None-Match: *"]).await;
    assert_eq!(answer.status, 404);
}

#[tokio::test]
async fn a_change_without_a_condition_is_told_which_would_do() {
    let playground = playground().await;
    let target = "/cause/428/try/a";
    let first = put(&playground, target, &[TEXT], "x").await.json();
    assert!(
        first["hint"]
            .as_str()
            .expect("a hint")
            .contains("If-None-Match: *")
    );
    put(&playground, target, &[TEXT, "If-None-Match: *"], "x").await;
    let second = put(&playground, target, &[TEXT], "y").await.json();
    assert!(
        second["hint"]
            .as_str()
            .expect("a hint")
            .contains("If-Match: \"1\"")
    );
    let delete = format!("DELETE {target}");
    assert_eq!(ask(&playground, &delete, &[]).await.status, 428);
    let stale = ask(&playground, &delete, &["If-Match: \"9\""]).await;
    assert_eq!(stale.status, 412);
    let fits = ask(&playground, &delete, &["If-Match: \"1\""]).await;
    assert_eq!(fits.status, 204);
}

#[tokio::test]
async fn ranges_are_for_get_and_for_the_same_version() {
    let playground = playground().await;
    let range = "Range: bytes=0-2";
    for (head, fields, status, content, content_range) in [
        ("GET", &[range][..], 206, "abc", "bytes 0-2/26"),
        (
            "GET",
            &[range, "If-Range: \"alphabet\""],
            206,
            "abc",
            "bytes 0-2/26",
        ),
        ("GET", &["Range: bytes=26-"], 416, "", "bytes */26"),
        ("HEAD", &[range], 200, "", ""),
    ] {
        let answer = ask(&playground, &format!("{head} /cause/206/try"), fields).await;
        assert_eq!(
            (answer.status, answer.field("content-range")),
            (status, content_range),
            "{fields:?}"
        );
        if status == 206 {
            assert_eq!(answer.text(), content);
        }
    }
    let other = ask(
        &playground,
        "GET /cause/206/try",
        &[range, "If-Range: \"other\""],
    )
    .await;
    assert_eq!((other.status, other.content.len()), (200, 26));
}

#[tokio::test]
async fn a_bucket_says_how_much_is_left_and_when_there_is_more() {
    let playground = playground().await;
    let first = get(&playground, "/cause/429/try/a").await;
    assert_eq!(first.status, 200);
    assert_eq!(first.field("ratelimit-policy"), "\"bucket\";q=5;w=10");
    assert_eq!(first.field("ratelimit"), "\"bucket\";r=4;t=2");
    let mut last = first;
    // Tokens may come back meanwhile, but not as fast as requests are sent.
    for _ in 0..50 {
        last = get(&playground, "/cause/429/try/a").await;
        if last.status == 429 {
            break;
        }
    }
    assert_eq!(last.status, 429);
    let wait: u64 = last.field("retry-after").parse().expect("seconds");
    assert!((1..=2).contains(&wait), "{wait}");
    assert_eq!(last.field("ratelimit"), format!("\"bucket\";r=0;t={wait}"));
    assert_eq!(last.field("cache-control"), "no-store");
    assert_eq!(last.json()["limit"], "bucket_requests");
    assert_eq!(get(&playground, "/cause/429/try/b").await.status, 200);
}

#[tokio::test]
async fn a_job_is_accepted_runs_and_leads_to_its_result() {
    let playground = playground().await;
    let accepted = send(&playground, "POST /cause/202/try/a", &[TEXT], b"abc").await;
    assert_eq!(
        (
            accepted.status,
            accepted.field("location"),
            accepted.field("retry-after")
        ),
        (202, "/cause/202/try/a", "1")
    );
    let done = loop {
        let answer = get(&playground, "/cause/202/try/a").await;
        if answer.status != 200 {
            break answer;
        }
        assert_eq!(answer.field("retry-after"), "1");
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
    };
    assert_eq!(
        (done.status, done.field("location")),
        (303, "/cause/202/try/a/result")
    );
    // The first example of FIPS 180-2.
    assert_eq!(
        get(&playground, "/cause/202/try/a/result").await.text(),
        "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad\n"
    );
    assert_eq!(get(&playground, "/cause/202/try/b").await.status, 404);
}

#[tokio::test]
async fn a_lock_keeps_others_out_until_it_is_undone() {
    let playground = playground().await;
    let item = "/cause/423/try/a";
    let lock = format!("LOCK {item}");
    let info = b"<lockinfo xmlns='DAV:'><lockscope><exclusive/></lockscope><locktype><write/></locktype></lockinfo>";
    let locked = send(&playground, &lock, &["Content-Type: application/xml"], info).await;
    assert_eq!(locked.status, 201);
    let key = locked.field("lock-token").to_owned();
    assert!(key.starts_with("<urn:uuid:") && key.ends_with('>'), "{key}");
    assert!(locked.text().contains(key.trim_matches(['<', '>'])));
    let second = send(&playground, &lock, &["Content-Type: application/xml"], info).await;
    assert_eq!(second.status, 423);
    assert_eq!(
        ask(&playground, &format!("DELETE {item}"), &[])
            .await
            .status,
        423
    );
    assert_eq!(get(&playground, item).await.status, 200);
    let submitted = format!("If: ({key})");
    let holder = put(&playground, item, &[TEXT, &submitted], "mine").await;
    assert_eq!(holder.status, 204);
    let unlock = format!("UNLOCK {item}");
    let wrong = ask(&playground, &unlock, &["Lock-Token: <urn:uuid:0>"]).await;
    assert_eq!(wrong.status, 409);
    let token = format!("Lock-Token: {key}");
    assert_eq!(ask(&playground, &unlock, &[&token]).await.status, 204);
    assert_eq!(put(&playground, item, &[TEXT], "all").await.status, 204);
}
