//! Redirects: what is followed, what is not, and what crosses an origin.

use siteerror_check::{Kind, Options};

use super::support::{answering, check, checker, hex};

#[tokio::test]
async fn a_page_is_read_with_all_that_belongs_to_it() {
    let address = answering(
        "HTTP/1.1 103 Early Hints\r\nLink: </a.css>\r\n\r\nHTTP/1.1 200 Fine\r\nX-Odd: One\r\nx-odd: two\r\nContent-Length: 2\r\n\r\nhi",
    )
    .await;
    let report = check(&format!("http://a.test:{}/", address.port())).await;
    assert_eq!(report.failure, None);
    assert_eq!(report.status(), Some(200));
    let hop = &report.hops[0];
    assert_eq!(hop.address, Some(address));
    assert_eq!(hop.head().expect("a head").reason(), b"Fine");
    let received = &hop.exchange.as_ref().expect("an exchange").received;
    assert_eq!(received.interims[0].head.status(), Some(103));
    let content = hop.content.as_ref().expect("content");
    assert_eq!((content.bytes, content.decoded_bytes), (2, 2));
    // FIPS 180-4 by sha256sum: `printf hi | sha256sum`.
    let sha = hex(content.sha256.expect("a hash"));
    assert_eq!(
        sha,
        "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4"
    );
}

#[tokio::test]
async fn a_chain_ends_at_its_limit() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let options = Options {
        max_redirects: 2,
        ..Options::default()
    };
    let report = checker()
        .check(&playground.url("/redirect/3"), &options, &mut ())
        .await;
    let failure = report.failure.expect("a failure");
    assert_eq!((failure.kind, failure.hop), (Kind::TooManyRedirects, 2));
    assert_eq!(report.hops.len(), 3);
}

async fn location(status: &str, location: &str) -> siteerror_check::Report {
    let address = answering(format!(
        "HTTP/1.1 {status}\r\nLocation: {location}\r\nContent-Length: 0\r\n\r\n"
    ))
    .await;
    check(&format!("http://a.test:{}/", address.port())).await
}

#[tokio::test]
async fn what_location_cannot_lead_to_has_a_kind_of_its_own() {
    let long = format!("/{}", "a".repeat(8192));
    for (value, kind) in [
        ("mailto:a@example.com", Kind::RedirectScheme),
        ("javascript:alert(1)", Kind::RedirectScheme),
        ("http://[::1", Kind::RedirectInvalid),
        ("http://", Kind::RedirectInvalid),
        (&long, Kind::RedirectUrlTooLong),
        ("/", Kind::RedirectLoop),
    ] {
        let report = location("302 Found", value).await;
        let failure = report.failure.expect("a failure");
        assert_eq!((failure.kind, failure.hop), (kind, 0), "{value}");
        assert_eq!(report.hops.len(), 1);
    }
}

#[tokio::test]
async fn only_some_codes_are_followed() {
    for status in [
        "300 Multiple Choices",
        "304 Not Modified",
        "305 Use Proxy",
        "306 Unused",
        "201 Created",
        "399 Odd",
    ] {
        let report = location(status, "http://nobody.test/").await;
        assert_eq!(report.failure, None, "{status}");
        assert_eq!(report.hops.len(), 1, "{status}");
    }
    for value in ["", "http://nobody.test/\r\nLocation: http://nobody.test/"] {
        let report = location("302 Found", value).await;
        assert_eq!((report.failure, report.hops.len()), (None, 1));
    }
}

#[tokio::test]
async fn strangers_are_not_led_inside() {
    // The same chain, for the person at the terminal and for a stranger whose guard has opened this one port.
    use siteerror_check::Checker;
    use siteerror_guard::{Guard, Policy, Range, Rules};
    let inside = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let outside = answering(format!(
        "HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:{}/\r\nContent-Length: 0\r\n\r\n",
        inside.port()
    ))
    .await;
    let mut settings = super::support::settings(Policy::Public, &super::support::limits());
    settings.guard = Guard::new(Rules {
        ports: vec![outside.port()],
        allow: vec!["127.0.0.1/32".parse::<Range>().expect("a range")],
        ..Rules::default()
    });
    let checker = Checker::new(settings).expect("the roots are built in");
    let report = checker
        .check(&format!("http://{outside}/"), &Options::default(), &mut ())
        .await;
    let failure = report.failure.expect("a failure");
    assert_eq!(
        (failure.kind, failure.hop, failure.rule.as_deref()),
        (Kind::Blocked, 1, Some("S4"))
    );
    assert_eq!(report.hops.len(), 2);
    assert_eq!(report.hops[1].status(), None);
}

#[tokio::test]
async fn secrets_stay_with_their_origin_and_methods_change_as_the_rfc_says() {
    let there = answering("HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n").await;
    let here = answering(format!(
        "HTTP/1.1 303 See Other\r\nLocation: http://b.test:{}/x#new\r\nContent-Length: 0\r\n\r\n",
        there.port()
    ))
    .await;
    let options = Options {
        method: "POST".to_owned(),
        fields: vec![
            ("Authorization".to_owned(), "Bearer secret".to_owned()),
            ("Cookie".to_owned(), "a=b".to_owned()),
            ("X-Kept".to_owned(), "yes".to_owned()),
        ],
        ..Options::default()
    };
    let report = checker()
        .check(
            &format!("http://me:pw@a.test:{}/", here.port()),
            &options,
            &mut (),
        )
        .await;
    let sent: Vec<_> = report
        .hops
        .iter()
        .map(|hop| &hop.exchange.as_ref().expect("an exchange").request.head)
        .collect();
    assert_eq!(
        (sent[0].method(), sent[1].method()),
        (&b"POST"[..], &b"GET"[..])
    );
    assert_eq!(sent[1].target(), b"/x");
    for name in ["authorization", "cookie"] {
        assert!(sent[0].fields().contains(name));
        assert!(!sent[1].fields().contains(name));
    }
    assert!(sent[1].fields().contains("x-kept"));
    let host = sent[1]
        .fields()
        .combined("host")
        .expect("Host")
        .into_owned();
    assert_eq!(host, format!("b.test:{}", there.port()).into_bytes());
    assert!(!report.to_json().contains("pw@"));
    assert!(!report.to_json().contains("secret"));
}

#[tokio::test]
async fn a_jar_breaks_a_loop_that_cookies_end() {
    // Asked without the cookie it sets it and redirects to itself; asked with it, it answers.
    let address = super::support::serve(|mut stream| async move {
        use tokio::io::AsyncWriteExt;
        let head = super::support::request(&mut stream).await;
        let answer: &[u8] = if head.contains("Cookie: seen=1\r\n") {
            b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        } else {
            b"HTTP/1.1 302 Found\r\nSet-Cookie: seen=1; Path=/\r\nLocation: /\r\nConnection: close\r\nContent-Length: 0\r\n\r\n"
        };
        let _ = stream.write_all(answer).await;
    })
    .await;
    let url = format!("http://{address}/");
    let without = checker().check(&url, &Options::default(), &mut ()).await;
    assert_eq!(without.failure.expect("a failure").kind, Kind::RedirectLoop);
    let options = Options {
        cookies: true,
        ..Options::default()
    };
    let with = checker().check(&url, &options, &mut ()).await;
    assert_eq!(
        (with.failure.as_ref(), with.status(), with.requests),
        (None, Some(200), 2)
    );
}

#[tokio::test]
async fn everything_can_be_watched() {
    use siteerror_check::{Progress, Watch};
    let address =
        answering("HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n")
            .await;
    let mut seen = Vec::new();
    let mut watch = Watch(|progress: Progress<'_>| {
        seen.push(match progress {
            Progress::HopStarted { .. } => "started",
            Progress::Resolved { .. } => "resolved",
            Progress::Connected { .. } => "connected",
            Progress::Interim { .. } => "interim",
            Progress::Head { .. } => "head",
            Progress::HopDone { .. } => "done",
            _ => "other",
        });
    });
    checker()
        .check(
            &format!("http://{address}/"),
            &Options::default(),
            &mut watch,
        )
        .await;
    assert_eq!(
        seen,
        [
            "started",
            "resolved",
            "connected",
            "interim",
            "head",
            "done"
        ]
    );
}
