//! Checking URLs for strangers: what they are shown, what they are refused, and how often they may ask.

use std::collections::HashMap;
use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};

use http::uri::Scheme;
use http::{Request, Response};
use http_body_util::{BodyExt as _, Full};
use siteerror_check::check::Clock;
use siteerror_check::{Checker, Fixed, Limits, Resolver, Roots, Settings as Checking};
use siteerror_guard::{Guard, Policy, Range, Rules};
use siteerror_web::{Body, Checks, Client, Settings, Site};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use crate::ask::{Answer, BROWSER, CURL, started};

const LOOPBACK: IpAddr = IpAddr::V4(Ipv4Addr::LOCALHOST);
/// An address of a private network (RFC 1918 §3), which no answer may show.
const PRIVATE: [u8; 4] = [10, 87, 65, 43];
const FORMATS: [&str; 4] = [
    "text/html",
    "application/json",
    "text/markdown",
    "text/plain",
];

/// A site for strangers, whose operator opened loopback and one port for this test.
fn site(port: u16) -> Site {
    let checks = Some(checks(port));
    Site::with_checks(Settings::default(), started(), None, checks)
}

pub(crate) fn checks(port: u16) -> Checks {
    let mut names: HashMap<String, Vec<IpAddr>> = (0..20)
        .map(|number| (format!("n{number}.shop.dev"), vec![LOOPBACK]))
        .collect();
    names.insert("shop.dev".to_owned(), vec![LOOPBACK]);
    names.insert("inside.shop.dev".to_owned(), vec![PRIVATE.into()]);
    names.insert("both.shop.dev".to_owned(), vec![LOOPBACK, PRIVATE.into()]);
    let limits = Limits::default();
    let checker = Checker::new(Checking {
        guard: Guard::new(Rules {
            policy: Policy::Public,
            ports: vec![port],
            allow: vec![Range::new(Ipv4Addr::new(127, 0, 0, 0).into(), 8)],
            ..Rules::default()
        }),
        resolver: Resolver::new(Arc::new(Fixed(names)), limits.names),
        limits,
        roots: Roots::Embedded,
        proxy: None,
        clock: Clock::fixed(1_795_507_200),
    })
    .expect("the roots are built in");
    Checks::new(checker, Some("https://status.example.com/check"))
}

async fn send(site: &Site, request: Request<Full<bytes::Bytes>>) -> Answer {
    let (parts, body) = site.respond(request, Scheme::HTTP).await.into_parts();
    let content = body.collect().await.expect("it cannot fail").to_bytes();
    Answer {
        status: parts.status,
        headers: parts.headers,
        content: content.to_vec(),
    }
}

fn asking(method: &str, target: &str, fields: &[(&str, &str)]) -> Request<Full<bytes::Bytes>> {
    let mut builder = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "localhost");
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    builder.body(Full::default()).expect("a request")
}

async fn get(site: &Site, target: &str, fields: &[(&str, &str)]) -> Answer {
    send(site, asking("GET", target, fields)).await
}

/// A server that answers everything with the same bytes, and counts.
async fn answering(bytes: &'static [u8]) -> (SocketAddr, Arc<AtomicUsize>) {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    let count = Arc::new(AtomicUsize::new(0));
    let counting = Arc::clone(&count);
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            counting.fetch_add(1, Ordering::SeqCst);
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let _ = stream.write_all(bytes).await;
            let _ = stream.shutdown().await;
        }
    });
    (address, count)
}

const SIMPLE: &[u8] = b"HTTP/1.1 200 OK\r\nDate: Tue, 24 Nov 2026 08:00:00 GMT\r\nContent-Type: text/html; charset=utf-8\r\nCache-Control: private, max-age=10800\r\n\
    Content-Length: 46\r\nConnection: close\r\n\r\n<!doctype html><title>Shoes</title><p>Secret p";

/// Pages with everything that a check can show.
pub(crate) fn pages() -> Vec<String> {
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_all()
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let options = siteerror_playground::Options::new(started, [7; 32]);
        let playground = siteerror_playground::Playground::new(options);
        let tls = siteerror_playground::tls_faults(
            (Ipv4Addr::LOCALHOST, 0).into(),
            &playground,
            std::future::pending(),
        )
        .await
        .expect("ports");
        let expired = tls
            .listeners()
            .iter()
            .find(|one| one.fault.name == "expired");
        let expired = expired.expect("there is one").address;
        let spawned = siteerror_playground::spawn().await.expect("a port");
        let plain = port_of(&spawned.url("/"));
        let mut pages = Vec::new();
        for (port, path) in [
            (
                plain,
                format!("http://shop.dev:{plain}/redirect/2&probes=on&also_method=HEAD"),
            ),
            (plain, format!("http://n1.shop.dev:{plain}/interim/103/404")),
            (
                plain,
                format!("http://n2.shop.dev:{plain}/fault/length-too-long"),
            ),
            (
                expired.port(),
                format!("https://shop.dev:{}/", expired.port()),
            ),
        ] {
            let target = format!("/check?url={path}");
            let page = get(&site(port), &target, BROWSER).await;
            assert_eq!(page.status, 200, "{target}");
            pages.push(page.text().to_owned());
        }
        pages
    })
}

fn port_of(url: &str) -> u16 {
    let rest = url
        .rsplit(':')
        .next()
        .and_then(|rest| rest.split('/').next());
    rest.expect("a port").parse().expect("a number")
}

#[test]
fn headings_are_in_order_and_ids_are_of_one_thing() {
    for page in pages() {
        let html = scraper::Html::parse_document(&page);
        let headings = scraper::Selector::parse("main :is(h1, h2, h3, h4)").expect("a selector");
        let mut level = 0;
        for heading in html.select(&headings) {
            let now = heading.value().name().as_bytes()[1] - b'0';
            assert!(now <= level + 1, "h{now} after h{level}");
            level = now;
        }
        let ids = scraper::Selector::parse("[id]").expect("a selector");
        let mut known = std::collections::BTreeSet::new();
        for one in html.select(&ids) {
            let id = one.value().id().expect("it has one");
            assert!(known.insert(id.to_owned()), "#{id} is there twice");
        }
    }
}

#[tokio::test]
async fn the_form_works_without_scripts_and_head_is_like_get() {
    let site = site(1);
    let page = get(&site, "/check", BROWSER).await;
    assert_eq!(page.status, 200);
    let html = scraper::Html::parse_document(page.text());
    let select = |selector: &str| {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        html.select(&selector).count()
    };
    assert_eq!(select("form[action='/check'] input[name=url]"), 1);
    for name in ["method", "agent", "version", "also_method", "also_agent"] {
        assert_eq!(
            select(&format!("form[action='/check'] select[name={name}]")),
            1,
            "{name}"
        );
    }
    for name in ["probes", "cookies", "own_agent"] {
        assert_eq!(
            select(&format!("form[action='/check'] input[name={name}]")),
            1,
            "{name}"
        );
    }
    let head = send(&site, asking("HEAD", "/check", BROWSER)).await;
    assert!(head.content.is_empty());
    assert_eq!(head.headers, page.headers);
    // A program has to say what it wants.
    let answer = get(&site, "/api/v1/check", &[]).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["code"]),
        (400, &"invalid-query".into())
    );
}

#[tokio::test]
async fn a_check_is_told_in_every_format_without_its_body() {
    let (address, _) = answering(SIMPLE).await;
    let site = site(address.port());
    let url = format!("http://shop.dev:{}/", address.port());
    for format in FORMATS {
        let answer = get(&site, &format!("/check?url={url}"), &[("accept", format)]).await;
        assert_eq!(answer.status, 200, "{format}");
        assert_eq!(answer.field("cache-control"), "no-store", "{format}");
        assert!(answer.text().contains("200"), "{format}");
        assert!(!answer.text().contains("Secret"), "{format} shows the body");
    }
    let page = get(&site, &format!("/check?url={url}"), BROWSER).await;
    // RFC 9111 §5.2.2.7 and §5.2.2.1: three hours for one, nothing for many.
    assert!(page.text().contains("A browser may reuse it for 3 hours (max-age); a shared cache must not reuse it (private)."), "{}", page.text());
    assert!(page.text().contains("Shoes"), "the title is shown");
    assert!(
        page.text().contains("href=\"/200\""),
        "the status is explained"
    );
    let json = get(&site, &format!("/api/v1/check?url={url}"), &[])
        .await
        .json();
    assert_eq!(json["status"], 200);
    assert_eq!(json["ok"], true);
    assert_eq!(json["hops"][0]["headers"][1][0], "Content-Type");
    assert_eq!(json["hops"][0]["body"]["bytes"], 46);
    assert_eq!(json["error"], serde_json::Value::Null);
    // The address that the page gives for it.
    let link = get(&site, &format!("/check.json?url={url}"), BROWSER).await;
    assert_eq!(link.field("content-type"), "application/json");
}

#[tokio::test]
async fn a_chain_is_a_story() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let url = playground.url("/redirect/3");
    let port = port_of(&url);
    let site = site(port);
    let page = get(&site, &format!("/check?url={url}&probes=on"), BROWSER).await;
    let html = scraper::Html::parse_document(page.text());
    let select = |selector: &str| {
        let selector = scraper::Selector::parse(selector).expect("a selector");
        html.select(&selector)
            .map(|found| found.text().collect::<String>())
            .collect::<Vec<_>>()
    };
    assert_eq!(select(".hop").len(), 4);
    assert_eq!(select(".hop svg.fall[role=img]").len(), 4);
    assert_eq!(select(".hop .badge"), ["302", "302", "302", "200"]);
    assert!(
        select("h1")[0].starts_with("Three redirects lead to 200 OK"),
        "{:?}",
        select("h1")
    );
    assert_eq!(
        select(".hop__url a[rel='nofollow noopener noreferrer ugc']").len(),
        4
    );
    // Every finding leads to its rule, and to the head that shows it.
    assert!(!select(".find-one").is_empty());
    assert_eq!(
        select(".find-one a[href^='/rules/']").len(),
        select(".find-one").len()
    );
    assert!(
        !select(".wire mark").is_empty(),
        "the line that breaks a rule is marked"
    );
    assert_eq!(select("style, [style], script:not([src])").len(), 0);
}

#[tokio::test]
async fn what_a_stranger_must_not_reach_is_a_report_that_says_so() {
    let (address, count) = answering(SIMPLE).await;
    let port = address.port();
    let site = site(port);
    for (url, kind, rule) in [
        ("http://10.87.65.43/", "blocked", "S7"),
        ("http://[fd00::1]/", "blocked", "S7"),
        ("http://169.254.169.254/latest/meta-data/", "blocked", "S7"),
        ("http://inside.shop.dev/", "blocked", "S7"),
        ("http://both.shop.dev/", "blocked", "S7"),
        ("http://shop.dev:22/", "blocked", "S4"),
        ("ftp://shop.dev/", "blocked", "S2"),
        ("file:///etc/passwd", "blocked", "S2"),
        ("http://me:hunter2@shop.dev/", "blocked", "S3"),
        ("http://localhost/", "blocked", "S5"),
        ("http://intranet.corp/", "blocked", "S5"),
        ("shop.dev", "invalid-url", "S1"),
        ("http://", "invalid-url", "S1"),
    ] {
        let target = format!("/api/v1/check?url={url}");
        let answer = get(&site, &target, &[]).await;
        assert_eq!(answer.status, 200, "{url}");
        let json = answer.json();
        assert_eq!(json["error"]["kind"], kind, "{url}: {json}");
        assert_eq!(json["error"]["rule"], rule, "{url}: {json}");
        assert_eq!(
            (&json["status"], &json["requests"]),
            (&serde_json::Value::Null, &0.into()),
            "{url}"
        );
        for format in FORMATS {
            let answer = get(&site, &format!("/check?url={url}"), &[("accept", format)]).await;
            assert_eq!(answer.status, 200, "{url} {format}");
            let text = answer.text();
            assert!(!text.contains("hunter2"), "{url} {format} shows a password");
            // Unless the asker named it, nobody learns where a name leads.
            assert!(
                url.contains("10.87") || !text.contains("10.87.65.43"),
                "{url} {format} shows an address"
            );
        }
    }
    assert_eq!(count.load(Ordering::SeqCst), 0, "nothing was connected to");
}

#[tokio::test]
async fn a_redirect_into_a_private_network_ends_there() {
    let (address, _) = answering(b"HTTP/1.1 302 Found\r\nLocation: http://inside.shop.dev/admin\r\nContent-Length: 0\r\nConnection: close\r\n\r\n").await;
    let site = site(address.port());
    let url = format!("http://shop.dev:{}/", address.port());
    let json = get(&site, &format!("/api/v1/check?url={url}"), &[])
        .await
        .json();
    assert_eq!(json["error"]["kind"], "blocked");
    assert_eq!(json["error"]["hop"], 1);
    assert_eq!(json["hops"][0]["status"], 302);
    assert_eq!(json["hops"][1]["address"], serde_json::Value::Null);
    assert!(!json.to_string().contains("10.87.65.43"));
}

#[tokio::test]
async fn clients_hosts_and_the_same_question_have_limits() {
    let (address, count) = answering(SIMPLE).await;
    let port = address.port();
    let site = site(port);
    let asked = |url: String, client: [u8; 4]| {
        let mut request = asking("GET", &format!("/api/v1/check?url={url}"), &[]);
        request.extensions_mut().insert(Client(Some(client.into())));
        send(&site, request)
    };
    for number in 0..10 {
        let answer = asked(format!("http://n{number}.shop.dev:{port}/"), [192, 0, 2, 1]).await;
        assert_eq!(answer.status, 200, "{number}");
    }
    let answer = asked(format!("http://n10.shop.dev:{port}/"), [192, 0, 2, 1]).await;
    assert_eq!(answer.status, 429);
    assert_eq!(answer.json()["code"], "too-many-checks");
    let wait: u64 = answer.field("retry-after").parse().expect("seconds");
    assert!((1..=3).contains(&wait), "{wait}");
    // What is known already is for everybody, and costs nothing.
    let before = count.load(Ordering::SeqCst);
    assert_eq!(
        asked(format!("http://n3.shop.dev:{port}/"), [192, 0, 2, 1])
            .await
            .status,
        200
    );
    assert_eq!(count.load(Ordering::SeqCst), before);
    // Another client, another bucket.
    assert_eq!(
        asked(format!("http://n11.shop.dev:{port}/"), [192, 0, 2, 2])
            .await
            .status,
        200
    );
}

#[tokio::test]
async fn a_host_is_not_asked_more_because_many_ask() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let url = playground.url("/redirect/7");
    let port = port_of(&url);
    let site = site(port);
    // Eight requests are paid for by eight seconds.
    assert_eq!(
        get(&site, &format!("/api/v1/check?url={url}"), &[])
            .await
            .status,
        200
    );
    let again = get(
        &site,
        &format!("/api/v1/check?url={}", playground.url("/get")),
        &[],
    )
    .await;
    assert_eq!(again.status, 429);
    assert!(again.headers.contains_key("retry-after"));
    // By another name the same limit would not help, and here it is another host.
    let other = get(
        &site,
        &format!("/api/v1/check?url=http://shop.dev:{port}/get"),
        &[],
    )
    .await;
    assert_eq!(other.status, 200);
}

#[tokio::test]
async fn hostile_bytes_are_data_in_every_format() {
    let (address, _) = answering(
        b"HTTP/1.1 200 <script>alert(1)</script>\r\nX-Evil: <script>alert(2)</script>\x1b[31m\xff\r\nSet-Cookie: sid=s3cr3t; HttpOnly\r\n\
          Location: javascript:alert(3)\r\nContent-Type: text/html\r\nConnection: close\r\n\r\n<title><script>alert(4)</script>\x1b[0m</title>",
    )
    .await;
    let site = site(address.port());
    let target = format!(
        "/check?url=http://shop.dev:{}/%3Cscript%3Ealert(5)",
        address.port()
    );
    for format in FORMATS {
        let answer = get(&site, &target, &[("accept", format)]).await;
        assert_eq!(answer.status, 200, "{format}");
        let text = answer.text();
        assert!(!text.contains('\u{1b}'), "{format} has an escape sequence");
        assert!(!text.contains("s3cr3t"), "{format} shows a cookie");
        assert!(
            format != "text/html" || !text.contains("<script>alert"),
            "{text}"
        );
        assert!(!text.contains("href=\"javascript:"), "{format}");
    }
    let json = get(&site, &target.replace("/check", "/api/v1/check"), &[])
        .await
        .json();
    let evil = json["hops"][0]["headers"][0][1].as_str().expect("a value");
    assert!(evil.ends_with("\\xFF"), "{evil}");
}

#[tokio::test]
async fn events_come_in_order_and_end_with_the_report() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let url = playground.url("/interim/103/200");
    let port = port_of(&url);
    let site = site(port);
    let target = format!("/api/v1/check/events?url=http://shop.dev:{port}/interim/103/200");
    let response: Response<Body> = site
        .respond(asking("GET", &target, &[]), Scheme::HTTP)
        .await;
    assert_eq!(response.headers()["content-type"], "text/event-stream");
    assert!(!response.headers().contains_key("content-length"));
    assert!(matches!(response.body(), Body::Stream(_)));
    let content = response
        .into_body()
        .collect()
        .await
        .expect("a stream")
        .to_bytes();
    let text = std::str::from_utf8(&content).expect("UTF-8");
    let names: Vec<&str> = text
        .lines()
        .filter_map(|line| line.strip_prefix("event: "))
        .collect();
    assert_eq!(
        names,
        ["hop", "dns", "connected", "interim", "head", "done"]
    );
    let last = text
        .lines()
        .rev()
        .find_map(|line| line.strip_prefix("data: "))
        .expect("data");
    let report: serde_json::Value = serde_json::from_str(last).expect("JSON");
    assert_eq!(report["status"], 200);
    // Two line ends after each, as the standard has it.
    assert!(text.ends_with("\n\n"));
    // Without a URL there is nothing to watch.
    assert_eq!(get(&site, "/api/v1/check/events", &[]).await.status, 400);
    let head = send(&site, asking("HEAD", &target, &[])).await;
    assert!(head.content.is_empty());
}

#[tokio::test]
async fn json_can_be_posted() {
    let (address, _) = answering(SIMPLE).await;
    let port = address.port();
    let site = site(port);
    let sent = |content: String| {
        let mut request = asking(
            "POST",
            "/api/v1/check",
            &[("content-type", "application/json")],
        );
        *request.body_mut() = Full::new(content.into());
        send(&site, request)
    };
    let right = format!(
        r#"{{"url": "http://shop.dev:{port}/", "method": "GET", "headers": [["Accept-Language", "de"]], "cookies": true}}"#
    );
    let answer = sent(right).await;
    assert_eq!(
        (answer.status.as_u16(), &answer.json()["status"]),
        (200, &200.into())
    );
    for wrong in [
        "",
        "{}",
        "[]",
        r#"{"url": 1}"#,
        r#"{"url": "http://shop.dev/", "methud": "GET"}"#,
        r#"{"url": "http://shop.dev/", "method": "DELETE"}"#,
    ] {
        let answer = sent(wrong.to_owned()).await;
        assert_eq!(answer.status, 400, "{wrong}");
        assert_eq!(answer.json()["code"], "invalid-content", "{wrong}");
    }
    assert_eq!(sent("x".repeat(70_000)).await.status, 413);
    // S10: a stranger does not speak for a proxy, nor for somebody else.
    for field in ["Host", "X-Forwarded-For", "Authorization", "Cookie"] {
        let content =
            format!(r#"{{"url": "http://shop.dev:{port}/x", "headers": [["{field}", "a"]]}}"#);
        let json = sent(content).await.json();
        assert_eq!(
            (&json["error"]["kind"], &json["error"]["rule"]),
            (&"blocked".into(), &"S10".into()),
            "{field}"
        );
    }
    let options = send(&site, asking("OPTIONS", "/api/v1/check", &[])).await;
    assert_eq!(options.field("allow"), "GET, HEAD, POST, OPTIONS");
    assert_eq!(options.field("accept-post"), "application/json");
    let put = send(&site, asking("PUT", "/api/v1/check", &[])).await;
    assert_eq!(
        (put.status.as_u16(), put.field("allow")),
        (405, "GET, HEAD, POST, OPTIONS")
    );
    assert_eq!(send(&site, asking("POST", "/check", &[])).await.status, 405);
}

#[tokio::test]
async fn two_checks_stand_side_by_side() {
    let (address, count) = answering(SIMPLE).await;
    let site = site(address.port());
    let target = format!(
        "/check?url=http://shop.dev:{}/&also_agent=googlebot",
        address.port()
    );
    let page = get(&site, &target, BROWSER).await;
    assert_eq!(page.text().matches("<article class=\"story").count(), 2);
    assert!(page.text().contains("GET as Googlebot"));
    assert_eq!(count.load(Ordering::SeqCst), 2);
    let json = get(&site, &target.replace("/check?", "/check.json?"), CURL)
        .await
        .json();
    assert_eq!(
        (&json["status"], &json["also"]["status"]),
        (&200.into(), &200.into())
    );
}

#[tokio::test]
async fn wrong_choices_are_problems() {
    let site = site(1);
    for query in [
        "method=DELETE",
        "agent=nobody",
        "version=3",
        "probes=perhaps",
        "also_method=POST",
    ] {
        let answer = get(
            &site,
            &format!("/api/v1/check?url=http://shop.dev/&{query}"),
            &[],
        )
        .await;
        assert_eq!(
            (answer.status.as_u16(), &answer.json()["code"]),
            (400, &"invalid-query".into()),
            "{query}"
        );
    }
    let own = format!(
        "/api/v1/check?url=http://shop.dev/&agent=own&own_agent={}",
        "x".repeat(257)
    );
    assert_eq!(get(&site, &own, &[]).await.json()["error"]["rule"], "S10");
}

#[tokio::test]
async fn a_site_without_checks_says_so() {
    let site = Site::new(Settings::default(), started(), None);
    for path in [
        "/check",
        "/api/v1/check?url=http://shop.dev/",
        "/api/v1/check/events?url=x",
    ] {
        assert_eq!(get(&site, path, BROWSER).await.status, 404, "{path}");
    }
    assert!(
        !get(&site, "/", BROWSER)
            .await
            .text()
            .contains("href=\"/check\"")
    );
}

/// Sends back the head of a request as plain text.
async fn echoing() -> SocketAddr {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))
        .await
        .expect("a port");
    let address = listener.local_addr().expect("an address");
    tokio::spawn(async move {
        while let Ok((mut stream, _)) = listener.accept().await {
            let mut head = Vec::new();
            while !head.ends_with(b"\r\n\r\n") {
                match stream.read_u8().await {
                    Ok(byte) => head.push(byte),
                    Err(_) => break,
                }
            }
            let is_explained = String::from_utf8_lossy(&head).contains(
                "\r\nUser-Agent: siteerror/0.1.0 (+https://status.example.com/check)\r\n",
            );
            let status = if is_explained {
                "204 No Content"
            } else {
                "410 Gone\r\nContent-Length: 0"
            };
            let answer = format!("HTTP/1.1 {status}\r\nConnection: close\r\n\r\n");
            let _ = stream.write_all(answer.as_bytes()).await;
        }
    });
    address
}

#[tokio::test(start_paused = true)]
async fn our_user_agent_names_the_page_that_explains_it() {
    let server = echoing().await;
    let site = site(server.port());
    let target = format!("/api/v1/check?url=http://n1.shop.dev:{}/", server.port());
    let answer = get(&site, &target, &[]).await;
    assert_eq!(answer.json()["status"], 204, "{}", answer.text());
    // Whoever chooses another one sends that.
    let answer = get(&site, &format!("{target}&agent=curl"), &[]).await;
    assert_eq!(answer.json()["status"], 410, "{}", answer.text());
    let page = get(
        &site,
        &target.replace("/api/v1", ""),
        &[("accept", "text/html")],
    )
    .await;
    assert!(
        page.text()
            .contains("siteerror/0.1.0 (+https://status.example.com/check)"),
        "the command for curl sends the same"
    );
}
