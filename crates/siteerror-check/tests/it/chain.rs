//! Redirects: what is followed, what is not, and what crosses an origin.

use siteerror_check::{Kind, Options};

use super::support::{answering, check, checker};

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
    let sha: String = content.sha256.expect("a hash").iter().map(|byte| format!("{byte:02x}")).collect();
    assert_eq!(sha, "8f434346648f6b96df89dda901c5176b10a6d83961dd3c1ac88b59b2dc327aa4");
}

#[tokio::test]
async fn a_chain_ends_at_its_limit() {
    let playground = siteerror_playground::spawn().await.expect("a port");
    let options = Options {
        max_redirects: 2,
        ..Options::default()
    };
    let report = checker().check(&playground.url("/redirect/3"), &options, &mut ()).await;
    let failure = report.failure.expect("a failure");
    assert_eq!((failure.kind, failure.hop), (Kind::TooManyRedirects, 2));
    assert_eq!(report.hops.len(), 3);
}
