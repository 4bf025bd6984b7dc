//! What the linter makes of what came: that everything it needs gets to it. Which rules there are, and when they speak, is tested there.

use siteerror_check::{Options, Report};

use super::support::{answering, check, checker, serve};

/// Rules that were hit, with their hops.
fn hits(report: &Report) -> Vec<(&'static str, usize)> {
    report
        .findings
        .iter()
        .map(|finding| (finding.rule.id, finding.hop))
        .collect()
}

#[tokio::test]
async fn a_finding_is_no_failure_and_stands_at_its_hop() {
    let there = answering("HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n").await;
    let here = answering(format!(
        "HTTP/1.1 302 Found\r\nLocation: http://me@{there}/\r\nContent-Length: 0\r\n\r\n"
    ))
    .await;
    let report = check(&format!("http://{here}/")).await;
    assert_eq!(
        (report.status(), report.failure.as_ref()),
        (Some(405), None)
    );
    let hits = hits(&report);
    // RFC 9110 §15.5.6: "The origin server MUST generate an Allow header field in a 405 response".
    assert!(hits.contains(&("405-without-allow", 1)), "{hits:?}");
    assert!(hits.contains(&("redirect-userinfo", 0)), "{hits:?}");
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    let findings = json["findings"].as_array().expect("a list");
    let allow = findings
        .iter()
        .find(|finding| finding["rule"] == "405-without-allow")
        .expect("it is there");
    assert_eq!(
        (&allow["severity"], &allow["hop"], &allow["field"]),
        (&"error".into(), &1.into(), &"allow".into())
    );
}

#[tokio::test]
async fn the_linter_sees_bytes_that_the_failure_is_about() {
    let address =
        answering("HTTP/1.1 200 OK\r\nContent-Length: 5\r\nContent-Length: 7\r\n\r\nhello").await;
    let report = check(&format!("http://{address}/")).await;
    assert_eq!(
        report.failure.as_ref().map(|failure| failure.kind.name()),
        Some("bad-framing")
    );
    assert!(
        hits(&report).contains(&("content-length-multiple", 0)),
        "{:?}",
        hits(&report)
    );
}

#[tokio::test]
async fn a_long_chain_and_a_loop_that_sets_cookies_are_seen_as_a_whole() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let report = check(&playground.url("/redirect/5")).await;
    assert!(
        hits(&report)
            .iter()
            .any(|(rule, _)| *rule == "redirect-chain-long"),
        "{:?}",
        hits(&report)
    );
    let address = answering(
        "HTTP/1.1 302 Found\r\nSet-Cookie: a=b\r\nLocation: /\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let report = check(&format!("http://{address}/")).await;
    assert!(
        hits(&report)
            .iter()
            .any(|(rule, _)| *rule == "redirect-sets-cookie"),
        "{:?}",
        hits(&report)
    );
}

#[tokio::test]
async fn answers_to_probes_are_judged_together() {
    use tokio::io::AsyncWriteExt;
    // It shows an entity tag and minds no condition: RFC 9110 §13.1.2.
    let address = serve(|mut stream| async move {
        super::support::request(&mut stream).await;
        let answer =
            b"HTTP/1.1 200 OK\r\nETag: \"1\"\r\nConnection: close\r\nContent-Length: 2\r\n\r\nhi";
        let _ = stream.write_all(answer).await;
    })
    .await;
    let options = Options {
        probes: true,
        ..Options::default()
    };
    let report = checker()
        .check(&format!("http://{address}/"), &options, &mut ())
        .await;
    let rules: Vec<&str> = hits(&report).iter().map(|(rule, _)| *rule).collect();
    assert!(rules.contains(&"validator-ignored"), "{rules:?}");
}

#[tokio::test]
async fn no_finding_tells_a_secret() {
    let address = answering(
        "HTTP/1.1 302 Found\r\nLocation: http://me:pass4711@b.test:1/?token=sec4712\r\nSet-Cookie: __Host-id=coo4713; Domain=x; Max-Age=z\r\nContent-Length: 0\r\n\r\n",
    )
    .await;
    let report = check(&format!("http://{address}/?password=url4714")).await;
    let json = report.to_json();
    for secret in ["4711", "4712", "4713", "4714"] {
        assert!(!json.contains(secret), "{secret}: {json}");
    }
}
