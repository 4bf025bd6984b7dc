//! Redirects, and where they never lead.

use siteerror_playground::{Options, Spawned, spawn_with};

use crate::ask::{Answer, exchange, get, playground, send};

/// Everything but letters and digits as `%xx`, so that a value arrives as it is written.
fn encoded(value: &str) -> String {
    value
        .bytes()
        .map(|byte| match byte {
            b'0'..=b'9' | b'a'..=b'z' | b'A'..=b'Z' => char::from(byte).to_string(),
            _ => format!("%{byte:02x}"),
        })
        .collect()
}

/// `HERE` in a target stands for the address of the playground.
async fn led_to(playground: &Spawned, target: &str) -> Answer {
    let target = target.replace("HERE", &playground.address().to_string());
    get(
        playground,
        &format!("/redirect-to?url={}", encoded(&target)),
    )
    .await
}

async fn prefixed(origins: &[&str]) -> Spawned {
    let mut options = Options::system();
    options.prefix = "/play".into();
    options
        .redirect_origins
        .extend(origins.iter().map(|&origin| origin.to_owned()));
    spawn_with(options).await.expect("loopback has a free port")
}

#[tokio::test]
async fn chains_come_nearer_to_their_end() {
    let playground = playground().await;
    let here = format!("http://{}", playground.address());
    for (target, location) in [
        ("/redirect/3", "/relative-redirect/2".to_owned()),
        ("/redirect/1", "/get".to_owned()),
        ("/redirect/100", "/relative-redirect/99".to_owned()),
        (
            "/redirect/3?absolute=true",
            format!("{here}/absolute-redirect/2"),
        ),
        ("/redirect/1?absolute=TRUE", format!("{here}/get")),
        (
            "/redirect/2?absolute=false",
            "/relative-redirect/1".to_owned(),
        ),
        ("/relative-redirect/2", "/relative-redirect/1".to_owned()),
        ("/relative-redirect/1", "/get".to_owned()),
        (
            "/absolute-redirect/2",
            format!("{here}/absolute-redirect/1"),
        ),
        ("/absolute-redirect/1", format!("{here}/get")),
    ] {
        let answer = get(&playground, target).await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (302, location.as_str()),
            "{target}"
        );
        assert_eq!(answer.field("content-length"), "0", "{target}");
    }
}

#[tokio::test]
async fn chains_of_no_length_or_too_long_are_refused() {
    let playground = playground().await;
    for path in ["redirect", "relative-redirect", "absolute-redirect"] {
        for n in ["0", "-1", "abc", "1.5", "99999999999999999999"] {
            let answer = get(&playground, &format!("/{path}/{n}")).await;
            assert_eq!(answer.status, 400, "{path}/{n}");
        }
        let answer = get(&playground, &format!("/{path}/101")).await;
        assert_eq!(answer.status, 400, "{path}");
        assert_eq!(answer.json()["limit"], "redirects", "{path}");
    }
}

#[tokio::test]
async fn every_registered_method_is_redirected() {
    let playground = playground().await;
    for method in [
        "HEAD", "POST", "PUT", "DELETE", "PATCH", "TRACE", "PROPFIND",
    ] {
        let answer = send(&playground, &format!("{method} /redirect/2"), &[], &[]).await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (302, "/relative-redirect/1"),
            "{method}"
        );
    }
    assert_eq!(
        send(&playground, "BREW /redirect/2", &[], &[]).await.status,
        501
    );
}

#[tokio::test]
async fn the_status_is_for_choosing() {
    let playground = playground().await;
    for (status, expected) in [
        ("300", 300),
        ("301", 301),
        ("303", 303),
        ("307", 307),
        ("308", 308),
        ("399", 399),
    ] {
        let head = format!("POST /redirect-to?url=/post&status_code={status}");
        let answer = send(&playground, &head, &[], b"kept").await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (expected, "/post")
        );
    }
    assert_eq!(get(&playground, "/redirect-to?url=/get").await.status, 302);
    for wrong in ["200", "299", "400", "abc", "3.7", "-302"] {
        let answer = get(
            &playground,
            &format!("/redirect-to?url=/get&status_code={wrong}"),
        )
        .await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (400, ""),
            "{wrong}"
        );
    }
    for missing in ["/redirect-to", "/redirect-to?url=", "/redirect-to?URL=/get"] {
        let answer = get(&playground, missing).await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (400, ""),
            "{missing}"
        );
    }
}

#[tokio::test]
async fn targets_on_this_server_are_sent() {
    let playground = playground().await;
    for (target, location) in [
        ("/get", "/get"),
        (
            "/get?a=b&c=//evil.example#part",
            "/get?a=b&c=//evil.example#part",
        ),
        ("get", "get"),
        ("?a=b", "?a=b"),
        ("/a:b", "/a:b"),
        ("/é", "/%C3%A9"),
        ("/a b", "/a%20b"),
        ("/%C3%A9", "/%C3%A9"),
        ("/\"<>", "/%22%3C%3E"),
        ("/get?slash=\\", "/get?slash=%5C"),
        ("http://HERE/get", "http://HERE/get"),
        ("HTTP://HERE/get", "HTTP://HERE/get"),
        ("//HERE/get", "//HERE/get"),
    ] {
        let answer = led_to(&playground, target).await;
        let location = location.replace("HERE", &playground.address().to_string());
        assert_eq!(
            (answer.status, answer.field("location")),
            (302, location.as_str()),
            "{target}"
        );
    }
}

/// What browsers read as another server, and what RFC 3986 does.
const ELSEWHERE: &[&str] = &[
    "http://evil.example",
    "https://evil.example/",
    "HTTPS://EVIL.EXAMPLE/",
    "//evil.example",
    "///evil.example",
    "////evil.example",
    "/\\evil.example",
    "\\\\evil.example",
    "\\/evil.example",
    "http:evil.example",
    "http:/evil.example",
    "https:evil.example",
    "http:///evil.example",
    "http:\\\\evil.example",
    "http://HERE@evil.example/",
    "http://evil.example@HERE/",
    "http://HERE:x@evil.example/",
    "http://evil.example\\@HERE/",
    "http://evil.example#@HERE/",
    "http://evil.example?@HERE/",
    "http://127.0.0.1:1/",
    "https://HERE/",
    "ftp://HERE/",
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    "data:text/html,hi",
    "file:///etc/passwd",
    "mailto:a@evil.example",
    "blob:http://HERE/1",
    " //evil.example",
    "\u{a0}//evil.example",
    " http://evil.example",
    "//ｅｖｉｌ.example",
    "http://evil。example/",
    "http://%65vil.example/",
    "//evil.example:80",
    "//[::1]/",
    "http://",
    "//",
    "http://HERE.evil.example/",
    "http://HERE%2eevil.example/",
    "/.//evil.example",
    "/..//evil.example",
    "/a/..//evil.example",
    "/%2e%2e//evil.example",
];

#[tokio::test]
async fn no_spelling_leads_to_another_server() {
    for playground in [playground().await, prefixed(&[]).await] {
        for &target in ELSEWHERE {
            let target = target.replace("HERE", &playground.address().to_string());
            for path in [
                format!("/redirect-to?url={}", encoded(&target)),
                format!("/response-headers?Location={}", encoded(&target)),
                format!(
                    "/response-headers?Refresh={}",
                    encoded(&format!("0; url={target}"))
                ),
                format!(
                    "/response-headers?Refresh={}",
                    encoded(&format!("0;URL={target}"))
                ),
                format!(
                    "/status/302?header={}",
                    encoded(&format!("Location:{target}"))
                ),
                format!(
                    "/status/200?header={}",
                    encoded(&format!("Refresh: 0; url={target}"))
                ),
            ] {
                let under = playground.url(&path);
                let (_, under) = under
                    .split_once(&playground.address().to_string())
                    .expect("it is inside");
                let answer = get(&playground, under).await;
                assert!(
                    matches!(answer.status, 400 | 403),
                    "{target} in {path} gave {} {}",
                    answer.status,
                    answer.field("location")
                );
                assert_eq!(answer.field("location"), "", "{target}");
                assert_eq!(answer.field("refresh"), "", "{target}");
            }
        }
    }
}

#[tokio::test]
async fn control_characters_are_told() {
    let playground = playground().await;
    for target in [
        "/a\r\nSet-Cookie: b=c",
        "/a\nb",
        "/a\rb",
        "/a\0b",
        "\t//evil.example",
        "/\t/evil.example",
        "\u{1}//evil.example",
        "//evil\u{85}.example",
        "/a\u{7f}",
    ] {
        let answer = led_to(&playground, target).await;
        assert_eq!(
            (answer.status, answer.field("location")),
            (400, ""),
            "{target:?}"
        );
        assert_eq!(answer.field("set-cookie"), "", "{target:?}");
    }
}

#[tokio::test]
async fn refresh_is_followed_by_browsers_too() {
    let playground = playground().await;
    for (value, status) in [
        ("5", 200),
        ("5; url=/get", 200),
        ("5;url=/get", 200),
        ("5, url=//evil.example", 400),
        ("5 //evil.example", 400),
        ("5; //evil.example", 400),
        ("5; url='//evil.example'", 400),
        ("5; url = //evil.example", 400),
        ("//evil.example", 400),
        ("0; url=javascript:alert(1)", 403),
    ] {
        let answer = get(
            &playground,
            &format!("/response-headers?Refresh={}", encoded(value)),
        )
        .await;
        assert_eq!(answer.status, status, "{value}");
    }
}

#[tokio::test]
async fn origins_on_the_list_are_reached_and_no_others() {
    let playground = prefixed(&["https://good.example", "http://other.example:8080"]).await;
    for (target, status) in [
        ("https://good.example", 302),
        ("https://good.example/a?b#c", 302),
        ("https://GOOD.example/", 302),
        ("https://good.example:443/", 302),
        ("http://other.example:8080/a", 302),
        ("http://good.example/", 403),
        ("https://good.example:444/", 403),
        ("https://good.example.evil.example/", 403),
        ("https://evil.example/https://good.example", 403),
        ("https://good.example@evil.example/", 403),
        ("javascript:https://good.example", 403),
        ("http://other.example/", 403),
    ] {
        let target_path = format!("/play/redirect-to?url={}", encoded(target));
        let answer = get(&playground, &target_path).await;
        assert_eq!(answer.status, status, "{target}");
        let location = if status == 302 { target } else { "" };
        assert_eq!(answer.field("location"), location);
    }
}

#[tokio::test]
async fn the_prefix_is_kept() {
    let playground = prefixed(&[]).await;
    let here = format!("http://{}/play", playground.address());
    for (target, location) in [
        ("/play/redirect/2", "/play/relative-redirect/1".to_owned()),
        ("/play/redirect/1", "/play/get".to_owned()),
        (
            "/play/absolute-redirect/2",
            format!("{here}/absolute-redirect/1"),
        ),
        ("/play/absolute-redirect/1", format!("{here}/get")),
        ("/play/redirect-to?url=/get", "/play/get".to_owned()),
        ("/play/redirect-to?url=/%C3%A9", "/play/%C3%A9".to_owned()),
        ("/play/redirect-to?url=get", "get".to_owned()),
    ] {
        assert_eq!(
            get(&playground, target).await.field("location"),
            location,
            "{target}"
        );
    }
}

#[tokio::test]
async fn without_a_host_a_path_is_all_that_there_is() {
    let playground = playground().await;
    for (target, status, location) in [
        ("/absolute-redirect/2", 302, "/absolute-redirect/1"),
        ("/redirect-to?url=http://redirect-to/", 403, ""),
    ] {
        let request = format!("GET {target} HTTP/1.0\r\n\r\n");
        let bytes = exchange(&playground, request.as_bytes()).await;
        let text = String::from_utf8_lossy(&bytes).replacen("HTTP/1.0", "HTTP/1.1", 1);
        let answer = Answer::parse(text.as_bytes());
        assert_eq!(
            (answer.status, answer.field("location")),
            (status, location),
            "{target}"
        );
    }
}
