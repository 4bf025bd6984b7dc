//! Cookies there and back.

use serde_json::json;
use siteerror_playground::{Options, spawn_with};

use crate::ask::{Answer, get, playground, send};

fn set_cookies(answer: &Answer) -> Vec<&str> {
    answer
        .fields
        .iter()
        .filter(|(name, _)| name == "set-cookie")
        .map(|(_, value)| value.as_str())
        .collect()
}

#[tokio::test]
async fn cookies_are_listed_by_name() {
    let playground = playground().await;
    let answer = send(
        &playground,
        "GET /cookies",
        &["Cookie: b=2; a=\"1\"; b=3; =x; y; c=d=e", "Cookie: z=9"],
        &[],
    )
    .await;
    assert_eq!(
        answer.json(),
        json!({"cookies": {"a": "1", "b": "2", "c": "d=e", "z": "9"}})
    );
    assert_eq!(
        get(&playground, "/cookies").await.json(),
        json!({"cookies": {}})
    );
}

#[tokio::test]
async fn cookies_are_set_in_the_order_of_the_query() {
    let playground = playground().await;
    for (target, expected) in [
        (
            "/cookies/set?b=2&a=1&b=3",
            vec!["b=2; Path=/", "a=1; Path=/"],
        ),
        ("/cookies/set/n/v%20w?x=y", vec!["n=\"v w\"; Path=/"]),
        ("/cookies/set?a=", vec!["a=; Path=/"]),
        ("/cookies/set?a=%22q%22", vec!["a=\"q\"; Path=/"]),
        ("/cookies/set", vec![]),
        (
            "/cookies/set?a=1&attr[Domain]=example.com&attr[path]=/x&ATTR=2&attr[SAMESITE]=strict&attr[Secure]=1&attr[HttpOnly]=true&attr[Max-Age]=60",
            vec![
                "a=1; Max-Age=60; Domain=example.com; Path=/x; SameSite=Strict; Secure; HttpOnly",
                "ATTR=2; Max-Age=60; Domain=example.com; Path=/x; SameSite=Strict; Secure; HttpOnly",
            ],
        ),
        (
            "/cookies/set?a=1&attr[Secure]=0&attr[HttpOnly]=maybe&attr[Expires]=Sun,%2006%20Nov%201994%2008:49:37%20GMT",
            vec!["a=1; Expires=Sun, 06 Nov 1994 08:49:37 GMT; Path=/"],
        ),
        (
            "/cookies/delete?a&b=7&attr[Path]=/x",
            vec![
                "a=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/x",
                "b=; Expires=Thu, 01 Jan 1970 00:00:00 GMT; Max-Age=0; Path=/x",
            ],
        ),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (302, "/cookies"),
            "{target}"
        );
        assert_eq!(set_cookies(&answer), expected, "{target}");
    }
}

#[tokio::test]
async fn no_value_becomes_an_attribute_or_a_line() {
    let playground = playground().await;
    for query in [
        "a=b;%20Domain=example.com",
        "a=b%0d%0aX:%20y",
        "a=b%00",
        "a=b%7f",
        "a=%22;b%22",
        "a=b%22c",
        "a=b%5Cc",
        "a%20b=1",
        "a%0d=1",
        "%C3%A9=1",
        "=1",
        "a=1&attr[Path]=/;Domain=example.com",
        "a=1&attr[Path]=/%0d%0a",
        "a=1&attr[Domain]=a;b",
        "a=1&attr[SameSite]=odd",
        "a=1&attr[Max-Age]=soon",
        "a=1&attr[Expires]=soon",
        "a=1&attr[Priority]=High",
    ] {
        for target in ["/cookies/set?", "/cookies/delete?"] {
            // A value is not sent when its cookie is deleted, so nothing in it can do harm.
            if target.contains("delete") && query.starts_with("a=") && !query.contains("attr[") {
                continue;
            }
            let answer = get(&playground, &format!("{target}{query}")).await;
            assert_eq!(answer.status, 400, "{target}{query}");
            assert_eq!(set_cookies(&answer), Vec::<&str>::new(), "{query}");
        }
    }
    let many = "a=1&".repeat(51);
    let answer = get(&playground, &format!("/cookies/set?{many}")).await;
    assert_eq!(
        (answer.status, answer.json()["limit"].as_str()),
        (400, Some("fields_asked"))
    );
}

#[tokio::test]
async fn below_a_prefix_cookies_stay_below_it() {
    let mut options = Options::system();
    options.prefix = "/play".to_owned();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    let answer = get(&playground, "/play/cookies/set?a=1").await;
    assert_eq!(answer.field("location"), "/play/cookies");
    assert_eq!(set_cookies(&answer), ["a=1; Path=/play"]);
}
