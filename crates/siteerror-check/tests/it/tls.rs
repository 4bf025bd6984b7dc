//! TLS that goes wrong: every fault of the playground, and what comes of a certificate that does not hold.

use std::net::{IpAddr, Ipv4Addr, SocketAddr};
use std::time::{SystemTime, UNIX_EPOCH};

use siteerror_check::check::Clock;
use siteerror_check::{Checker, Kind, Options, Phase, Report, Roots, Settings};
use siteerror_guard::Policy;
use siteerror_playground::{Options as PlaygroundOptions, Playground, TlsFaults, tls_faults};

use super::support::{limits, settings};

const LOOPBACK: SocketAddr = SocketAddr::new(IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn listeners() -> TlsFaults {
    let playground = Playground::new(PlaygroundOptions::system());
    tls_faults(LOOPBACK, &playground, std::future::pending())
        .await
        .expect("there are free ports")
}

/// The playground makes its certificates for today.
#[expect(
    clippy::disallowed_methods,
    reason = "the certificates of the playground are made by the clock"
)]
fn today() -> Clock {
    let now = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .expect("after 1970")
        .as_secs();
    Clock::fixed(i64::try_from(now).expect("a time in reach"))
}

fn checker(faults: &TlsFaults) -> Checker {
    Checker::new(Settings {
        roots: Roots::EmbeddedAnd(faults.authority_pem().as_bytes().to_vec()),
        clock: today(),
        ..settings(Policy::Local, &limits())
    })
    .expect("the authority is a certificate")
}

async fn check(checker: &Checker, faults: &TlsFaults, name: &str, options: &Options) -> Report {
    let listener = faults
        .listeners()
        .iter()
        .find(|listener| listener.fault.name == name)
        .expect("such a fault");
    checker
        .check(
            &format!("https://{}/status/200", listener.address),
            options,
            &mut (),
        )
        .await
}

/// What the vocabulary of failures says about each fault; none is fine.
fn expected(name: &str) -> Option<(Kind, Phase)> {
    use Kind as K;
    use Phase as P;
    match name {
        "good" | "tls12-only" | "tls13-only" | "huge-chain" | "client-certificate-optional" | "client-certificate-as-nginx" => {
            None
        }
        "expired" => Some((K::TlsExpired, P::Tls)),
        "not-yet-valid" => Some((K::TlsNotYetValid, P::Tls)),
        "wrong-host" | "name-without-address" => Some((K::TlsNameMismatch, P::Tls)),
        "self-signed" => Some((K::TlsSelfSigned, P::Tls)),
        "untrusted-root" | "incomplete-chain" => Some((K::TlsUntrusted, P::Tls)),
        "tls10" | "tls11" | "closes-after-client-hello" | "alert-handshake-failure" | "plain-http" | "client-certificate-required"
        // The last one is what rustls calls a misbehaving peer.
        | "alpn-no-overlap" | "alpn-not-offered" => Some((K::TlsHandshake, P::Tls)),
        "handshake-stalls" => Some((K::Timeout, P::Tls)),
        "no-close-notify" => Some((K::BodyTruncated, P::Body)),
        "alpn-h2-speaks-http1" => Some((K::H2Protocol, P::FirstByte)),
        other => panic!("`{other}` is not in the table"),
    }
}

#[tokio::test]
async fn every_fault_of_tls_has_its_kind_and_phase() {
    let faults = listeners().await;
    let checker = checker(&faults);
    let mut wrong = Vec::new();
    for listener in faults.listeners() {
        let name = listener.fault.name;
        let expected = expected(name);
        let report = check(&checker, &faults, name, &Options::default()).await;
        let found = report
            .failure
            .as_ref()
            .map(|failure| (failure.kind, failure.phase.expect("a phase")));
        if found != expected {
            wrong.push(format!(
                "{name}: expected {expected:?}, found {:?}",
                report.failure
            ));
        }
    }
    assert_eq!(wrong, Vec::<String>::new());
}

#[tokio::test]
async fn a_bad_certificate_is_described_and_nothing_is_sent() {
    let faults = listeners().await;
    let report = check(&checker(&faults), &faults, "expired", &Options::default()).await;
    assert_eq!(report.status(), None);
    assert_eq!(report.requests, 0);
    let tls = report.hops[0].tls.as_ref().expect("what TLS said");
    assert_eq!(tls.version, "1.3");
    assert!(tls.cipher.starts_with("TLS_"), "{}", tls.cipher);
    let certificate = tls.certificate.as_ref().expect("a certificate");
    assert!(certificate.names.iter().any(|name| name == "localhost"));
    assert!(certificate.names.iter().any(|name| name == "127.0.0.1"));
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["error"]["kind"], "tls-expired");
    assert!(
        json["hops"][0]["tls"]["certificate"]["days_left"]
            .as_i64()
            .expect("a number")
            < 0
    );
}

#[tokio::test]
async fn who_insists_goes_on_without_secrets() {
    let faults = listeners().await;
    let checker = checker(&faults);
    let options = Options {
        insecure: true,
        fields: vec![("Authorization".to_owned(), "Bearer secret".to_owned())],
        ..Options::default()
    };
    let report = check(&checker, &faults, "self-signed", &options).await;
    assert_eq!((report.status(), report.failure), (Some(200), None));
    let request = &report.hops[0]
        .exchange
        .as_ref()
        .expect("an exchange")
        .request
        .head;
    assert!(!request.fields().contains("authorization"));
    // Behind a certificate that holds it is sent.
    let report = check(&checker, &faults, "good", &options).await;
    let request = &report.hops[0]
        .exchange
        .as_ref()
        .expect("an exchange")
        .request
        .head;
    assert!(request.fields().contains("authorization"));
}

#[tokio::test]
async fn http2_is_spoken_where_the_server_agrees() {
    let faults = listeners().await;
    let report = check(&checker(&faults), &faults, "good", &Options::default()).await;
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["hops"][0]["version"], "2");
    assert_eq!(json["hops"][0]["tls"]["alpn"], "h2");
    let options = Options {
        version: siteerror_check::HttpVersion::Http1,
        ..Options::default()
    };
    let report = check(&checker(&faults), &faults, "good", &options).await;
    let json: serde_json::Value = serde_json::from_str(&report.to_json()).expect("JSON");
    assert_eq!(json["hops"][0]["version"], "1.1");
}
