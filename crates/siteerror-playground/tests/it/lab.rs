//! The client lab: two scripted clients go through its course, and the report tells them apart.

mod client;

use std::collections::BTreeMap;

use serde_json::Value;
use siteerror_playground::{Options, spawn_with};

use crate::ask::{exchange, get, playground, send};
use client::Client;

/// Verdicts by the ids of steps and checks.
async fn verdicts(client: &Client<'_>) -> BTreeMap<String, String> {
    let target = format!("/lab/{}/report", client.lab);
    let report = get(client.playground, &target).await.json();
    let list = |name: &str| report[name].as_array().cloned().unwrap_or_default();
    let word = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    let all = list("steps").into_iter().chain(list("whole"));
    all.map(|judged| (word(&judged["id"]), word(&judged["verdict"])))
        .collect()
}

#[track_caller]
fn assert_verdicts(found: &BTreeMap<String, String>, wanted: &[(&str, &str)]) {
    for (id, verdict) in wanted {
        let word = found.get(*id).map(String::as_str);
        assert_eq!(word, Some(*verdict), "{id}");
    }
}

#[tokio::test]
async fn a_client_that_follows_and_carries_right_is_told_so() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "right-1");
    client.get("plain", &[]).await;
    let moved = client.get("redirect", &[]).await;
    assert_eq!(moved.status, 302);
    assert_eq!(moved.content.len(), 4096);
    assert_eq!(moved.field("location"), "/lab/right-1/redirect/there");
    client.get("redirect/there", &[]).await;
    for (step, status) in [("redirect-301-post", 301), ("redirect-303-post", 303)] {
        assert_eq!(client.post(step, &[], b"order").await.status, status);
        client.get(&format!("{step}/there"), &[]).await;
    }
    for (step, status) in [("redirect-307-post", 307), ("redirect-308-post", 308)] {
        assert_eq!(client.post(step, &[], b"order").await.status, status);
        client.post(&format!("{step}/there"), &[], b"order").await;
    }
    let relative = client.get("relative", &[]).await;
    assert_eq!(
        relative.field("location"),
        "relative/a/./b/../there?q=1#part"
    );
    // RFC 3986 §5.2.4, with /lab/right-1/relative as the base.
    client.get("relative/a/there?q=1", &[]).await;
    assert_eq!(
        client.get("loop", &[]).await.field("location"),
        "/lab/right-1/loop/a"
    );
    client.get("loop/a", &[]).await;
    client.get("loop/b", &[]).await;
    // echo -n lab:course | base64
    let secret = "Authorization: Basic bGFiOmNvdXJzZQ==";
    let elsewhere = client.get("other-host", &[secret]).await;
    let port = playground.address().port();
    assert_eq!(
        elsewhere.field("location"),
        format!("http://localhost:{port}/lab/right-1/other-host/there")
    );
    client.get("other-host/there", &[]).await;
    let challenge = client.get("basic", &[]).await;
    assert_eq!(challenge.status, 401);
    assert!(challenge.field("www-authenticate").starts_with("Basic "));
    assert_eq!(client.get("basic", &[secret]).await.status, 200);
    let cookie = client.get("cookie", &[]).await;
    assert!(
        cookie
            .field("set-cookie")
            .starts_with("lab=cake; Path=/lab/right-1/cookie/in;")
    );
    client
        .get("cookie/in/back", &["Cookie: other=1; lab=cake"])
        .await;
    client.get("cookie/inside", &["Cookie: other=1"]).await;
    client.get("end", &[]).await;
    let found = verdicts(&client).await;
    let good = [
        "plain",
        "redirect",
        "redirect-301-post",
        "redirect-303-post",
        "redirect-307-post",
        "redirect-308-post",
        "relative",
        "loop",
        "other-host",
        "basic",
        "cookie",
        "connections",
        "version",
        "user-agent",
        "end",
    ];
    assert_verdicts(&found, &good.map(|id| (id, "good")));
}

#[tokio::test]
async fn a_client_that_reads_and_keeps_right_is_told_so() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "right-2");
    for step in ["early-hints", "continue-unasked", "chunked"] {
        client.read_proof(step, &[]).await;
    }
    client.read_proof("gzip", &["Accept-Encoding: br"]).await;
    client.asks_first("expect", 1_500_000).await;
    client.stops("too-large", 16 * 1024 * 1024).await;
    // What it does not believe, it does not follow.
    client.get("gzip-bad-sum", &[]).await;
    for step in ["truncated", "no-head"] {
        client.lost("GET", step).await;
    }
    client.head("head").await;
    client.get("head/next", &[]).await;
    let tagged = client.get("revalidation", &[]).await;
    let tag = format!("If-None-Match: {}", tagged.field("etag"));
    assert_eq!(client.get("revalidation", &[&tag]).await.status, 304);
    client.get("max-age", &[]).await;
    client.get("max-age", &["Accept: application/lab"]).await;
    let busy = client.get("429-date", &[]).await;
    // RFC 9110 §5.6.7: IMF-fixdate.
    assert!(busy.field("retry-after").ends_with(" GMT"), "{busy:?}");
    assert_eq!(
        client.get("503-seconds", &[]).await.field("retry-after"),
        "1"
    );
    assert_eq!(client.get("421", &[]).await.status, 421);
    client.leave();
    assert_eq!(client.get("421", &[]).await.status, 200);
    client.get("idle-408", &[]).await;
    assert_eq!(client.unasked().await.status, 408);
    client.get("idle-408/again", &[]).await;
    client.get("closed-get", &[]).await;
    client.lost("GET", "closed-get/again").await;
    assert_eq!(client.get("closed-get/again", &[]).await.status, 200);
    client.get("closed-post", &[]).await;
    client.lost("POST", "closed-post/again").await;
    client.lost("GET", "reset-get").await;
    client.lost("POST", "reset-post").await;
    client.get("end", &[]).await;
    let found = verdicts(&client).await;
    let good = [
        "early-hints",
        "continue-unasked",
        "expect",
        "too-large",
        "gzip-bad-sum",
        "truncated",
        "chunked",
        "no-head",
        "head",
        "revalidation",
        "max-age",
        "421",
        "idle-408",
        "closed-get",
        "closed-post",
        "reset-get",
        "reset-post",
    ];
    assert_verdicts(&found, &good.map(|id| (id, "good")));
    // It announces another coding, and leaves retries to its caller.
    assert_verdicts(
        &found,
        &["gzip", "429-date", "503-seconds"].map(|id| (id, "open")),
    );
}

#[tokio::test]
async fn a_client_that_follows_and_carries_wrong_is_told_so() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "wrong-1");
    client.get("plain", &["Content-Length: 0"]).await;
    client.post("redirect-301-post", &[], b"order").await;
    client
        .get("redirect-301-post/there", &["Content-Type: text/plain"])
        .await;
    client.post("redirect-303-post", &[], b"order").await;
    client.post("redirect-303-post/there", &[], b"order").await;
    client.post("redirect-307-post", &[], b"order").await;
    client.get("redirect-307-post/there", &[]).await;
    client.post("redirect-308-post", &[], b"order").await;
    client.post("redirect-308-post/there", &[], b"").await;
    client.get("relative", &[]).await;
    client.get("relative/a/there?q=1#part", &[]).await;
    let mut next = "loop".to_owned();
    for hops in 0.. {
        let answer = client.get(&next, &[]).await;
        if answer.status == 200 {
            assert_eq!(hops, 101, "it gives in after 100 redirects");
            break;
        }
        next = answer
            .field("location")
            .trim_start_matches("/lab/wrong-1/")
            .to_owned();
    }
    let secret = "Authorization: Basic bGFiOmNvdXJzZQ==";
    client.get("other-host", &[secret]).await;
    client.get("other-host/there", &[secret]).await;
    client.get("basic", &[]).await;
    client.get("basic", &["Authorization: Bearer x"]).await;
    client.get("cookie", &[]).await;
    client.get("cookie/in/back", &["Cookie: lab=cake"]).await;
    client.get("cookie/inside", &["Cookie: lab=cake"]).await;
    client.get("end", &[]).await;
    let found = verdicts(&client).await;
    let bad = [
        "plain",
        "redirect-301-post",
        "redirect-303-post",
        "redirect-307-post",
        "redirect-308-post",
        "relative",
        "loop",
        "other-host",
        "basic",
        "cookie",
    ];
    assert_verdicts(&found, &bad.map(|id| (id, "bad")));
}

#[tokio::test]
async fn a_client_that_reads_and_repeats_wrong_is_told_so() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "wrong-2");
    for step in ["early-hints", "continue-unasked", "chunked"] {
        client.get(step, &[]).await;
    }
    client.get("gzip", &["Accept-Encoding: gzip"]).await;
    client.goes_on("too-large", 16 * 1024 * 1024).await;
    for step in ["truncated", "no-head"] {
        client.lost("GET", step).await;
        client.get(&format!("{step}/read"), &[]).await;
    }
    client.get("revalidation", &[]).await;
    client.get("revalidation", &["If-None-Match: lab-1"]).await;
    client.get("max-age", &[]).await;
    client.get("421", &[]).await;
    assert_eq!(client.get("421", &[]).await.status, 421);
    client.get("idle-408", &[]).await;
    assert_eq!(client.unasked().await.status, 408);
    for _ in 0..3 {
        client.get("closed-get", &[]).await;
        client.lost("GET", "closed-get/again").await;
        client.get("closed-post", &[]).await;
        client.lost("POST", "closed-post/again").await;
        client.lost("GET", "reset-get").await;
        client.lost("POST", "reset-post").await;
    }
    client.get("end", &[]).await;
    let found = verdicts(&client).await;
    let bad = [
        "early-hints",
        "continue-unasked",
        "chunked",
        "gzip",
        "too-large",
        "truncated",
        "no-head",
        "revalidation",
        "max-age",
        "421",
        "idle-408",
        "closed-get",
        "closed-post",
        "reset-get",
        "reset-post",
    ];
    assert_verdicts(&found, &bad.map(|id| (id, "bad")));
}

#[tokio::test]
async fn the_course_and_the_report_come_in_three_forms() {
    let playground = playground().await;
    let course = get(&playground, "/lab/forms").await.json();
    let steps = course["steps"].as_array().expect("a list");
    assert!(steps.len() >= 20);
    assert_eq!(
        steps[0]["fetches"][0]["url"],
        format!("http://{}/lab/forms/plain", playground.address())
    );
    assert_eq!(get(&playground, "/lab/forms/report").await.status, 404);
    get(&playground, "/lab/forms/plain").await;
    for target in ["/lab/forms", "/lab/forms/report"] {
        for (accept, media_type, part) in [
            ("text/html", "text/html; charset=utf-8", "<h1>"),
            ("text/plain", "text/plain; charset=utf-8", "forms"),
            ("application/json", "application/json", "\"steps\""),
        ] {
            let accept = format!("Accept: {accept}");
            let answer = send(&playground, &format!("GET {target}"), &[&accept], &[]).await;
            assert_eq!(answer.field("content-type"), media_type, "{target}");
            assert!(answer.text().contains(part), "{target} {accept}");
        }
    }
}

#[tokio::test]
async fn credentials_and_cookies_are_not_kept() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "discreet");
    client
        .get(
            "plain",
            &["Authorization: Bearer hidden-1", "Cookie: id=hidden-2"],
        )
        .await;
    for accept in ["Accept: */*", "Accept: text/plain", "Accept: text/html"] {
        let report = send(&playground, "GET /lab/discreet/report", &[accept], &[]).await;
        assert_eq!(report.status, 200);
        assert!(!report.text().contains("hidden"), "{}", report.text());
    }
}

#[tokio::test]
async fn a_delete_forgets_and_a_full_lab_says_so() {
    let playground = playground().await;
    let mut client = Client::new(&playground, "full");
    for _ in 0..300 {
        assert_eq!(client.get("plain", &[]).await.status, 200);
    }
    let refused = client.get("plain", &[]).await;
    assert_eq!(refused.status, 507);
    assert_eq!(refused.json()["limit"], "lab_requests");
    assert_eq!(
        send(&playground, "DELETE /lab/full", &[], &[]).await.status,
        204
    );
    assert_eq!(get(&playground, "/lab/full/report").await.status, 404);
    assert_eq!(client.get("plain", &[]).await.status, 200);
    let report = get(&playground, "/lab/full/report").await.json();
    assert_eq!(report["requests"], 1);
}

#[tokio::test]
async fn a_lab_of_ones_own_has_a_name_that_nobody_guesses() {
    let playground = playground().await;
    let one = get(&playground, "/lab").await;
    let other = get(&playground, "/lab").await;
    assert_eq!(one.status, 303);
    assert_ne!(one.field("location"), other.field("location"));
    assert_eq!(get(&playground, one.field("location")).await.status, 200);
}

#[tokio::test]
async fn wrong_names_and_steps_are_told() {
    let playground = playground().await;
    assert_eq!(get(&playground, "/lab/a%20b").await.status, 400);
    assert_eq!(get(&playground, "/lab/a/nothing").await.status, 404);
    assert_eq!(get(&playground, "/lab/a/nothing/there").await.status, 404);
    // Nothing of it was remembered.
    assert_eq!(get(&playground, "/lab/a/report").await.status, 404);
}

#[tokio::test]
async fn a_name_that_is_none_of_this_server_is_not_redirected_to() {
    let playground = playground().await;
    for host in ["example.com", "127.0.0.1:1", "localhost", "localhost:99999"] {
        let request = format!(
            "GET /lab/hosts/other-host HTTP/1.1\r\nHost: {host}\r\nConnection: close\r\n\r\n"
        );
        let answer = exchange(&playground, request.as_bytes()).await;
        assert!(answer.starts_with(b"HTTP/1.1 200 "), "{host}");
    }
}

#[tokio::test]
async fn everything_stays_below_the_prefix() {
    let mut options = Options::system();
    options.prefix = "/play".to_owned();
    let playground = spawn_with(options).await.expect("loopback has a free port");
    let course = get(&playground, "/play/lab/a").await.json();
    assert_eq!(
        course["steps"][0]["fetches"][0]["url"],
        playground.url("/lab/a/plain")
    );
    for (step, location) in [
        ("redirect", "/play/lab/a/redirect/there"),
        ("loop", "/play/lab/a/loop/a"),
        ("relative", "relative/a/./b/../there?q=1#part"),
    ] {
        let answer = get(&playground, &format!("/play/lab/a/{step}")).await;
        assert_eq!(answer.field("location"), location);
    }
    let cookie = get(&playground, "/play/lab/a/cookie").await;
    assert!(
        cookie
            .field("set-cookie")
            .contains("Path=/play/lab/a/cookie/in;")
    );
    let proof = get(&playground, "/play/lab/a/gzip").await.text();
    assert!(proof.starts_with(&playground.url("/lab/a/gzip/read\n")));
}
