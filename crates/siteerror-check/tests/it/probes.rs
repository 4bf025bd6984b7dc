//! Requests besides the chain: how many, which, and that they never turn into failures.

use siteerror_check::{Options, PROBES, Probe};

use super::support::{answering, checker};

fn options() -> Options {
    Options {
        probes: true,
        ..Options::default()
    }
}

#[tokio::test]
async fn their_number_is_fixed_and_each_asks_its_question() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let report = checker()
        .check(&playground.url("/etag/abc"), &options(), &mut ())
        .await;
    assert_eq!(report.failure, None);
    let made: Vec<Probe> = report.probes.iter().map(|probed| probed.probe).collect();
    assert_eq!(made, PROBES);
    assert_eq!(report.requests, 9);
    let of = |probe| {
        let found = report.probes.iter().find(|probed| probed.probe == probe);
        &found.expect("it was made").hop
    };
    // RFC 9110 §13.2.2: a GET whose If-None-Match matches is answered with 304.
    assert_eq!(of(Probe::Conditional).status(), Some(304));
    let sent = |probe, name: &str| {
        let exchange = of(probe).exchange.as_ref().expect("an exchange");
        let value = exchange.request.head.fields().combined(name);
        value.map(|value| String::from_utf8(value.into_owned()).expect("text"))
    };
    assert_eq!(sent(Probe::Range, "range").as_deref(), Some("bytes=0-99"));
    assert_eq!(
        sent(Probe::Identity, "accept-encoding").as_deref(),
        Some("identity")
    );
    assert_eq!(of(Probe::Head).method, "HEAD");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["probes"][2]["probe"], "conditional");
    assert_eq!(json["probes"][2]["status"], 304);
}

#[tokio::test]
async fn where_nothing_good_came_nothing_more_is_asked() {
    let address =
        answering("HTTP/1.1 500 Internal Server Error\r\nContent-Length: 0\r\n\r\n").await;
    let report = checker()
        .check(&format!("http://{address}/"), &options(), &mut ())
        .await;
    assert_eq!((report.probes.len(), report.requests), (0, 1));
}

#[tokio::test]
async fn a_probe_that_fails_is_no_failure_of_the_check() {
    let address = super::support::serve(|mut stream| async move {
        use tokio::io::AsyncWriteExt;
        if super::support::request(&mut stream)
            .await
            .starts_with("GET / HTTP/1.1\r\nHost")
        {
            let answer = b"HTTP/1.1 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n";
            let _ = stream.write_all(answer).await;
        }
    })
    .await;
    let report = checker()
        .check(&format!("http://{address}/"), &options(), &mut ())
        .await;
    assert_eq!(report.failure, None);
    let head = report.probes.first().expect("HEAD");
    assert!(head.failure.is_some());
    // Without a validator there is no condition to send.
    assert!(
        report
            .probes
            .iter()
            .all(|probed| probed.probe != Probe::Conditional)
    );
}
