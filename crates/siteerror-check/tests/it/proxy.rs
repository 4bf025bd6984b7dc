//! A proxy for the person at the terminal: RFC 9112 §3.2.2 and §3.2.3.

use std::sync::{Arc, Mutex};

use siteerror_check::{Checker, Kind, Options, Phase, Settings, SetupError};
use siteerror_guard::Policy;
use tokio::io::AsyncWriteExt;

use super::support::{limits, request, serve, settings};

type Heard = Arc<Mutex<Vec<String>>>;

/// A proxy that answers everything with the same bytes, and what it heard.
async fn proxy(answer: &'static str) -> (std::net::SocketAddr, Heard) {
    let heard = Heard::default();
    let listening = Arc::clone(&heard);
    let address = serve(move |mut stream| {
        let heard = Arc::clone(&listening);
        async move {
            let said = request(&mut stream).await;
            heard.lock().expect("no panic holds it").push(said);
            let _ = stream.write_all(answer.as_bytes()).await;
            let _ = stream.shutdown().await;
            request(&mut stream).await;
        }
    })
    .await;
    (address, heard)
}

fn through(address: std::net::SocketAddr, policy: Policy) -> Result<Checker, SetupError> {
    let local = settings(Policy::Local, &limits());
    let target = local
        .guard
        .url(format!("http://me:pw@{address}/"))
        .expect("a URL");
    Checker::new(Settings {
        proxy: Some(target),
        ..settings(policy, &limits())
    })
}

#[tokio::test]
async fn a_proxy_gets_the_whole_url_and_its_own_credentials() {
    let (address, heard) =
        proxy("HTTP/1.1 200 OK\r\nContent-Length: 2\r\nConnection: close\r\n\r\nhi").await;
    let checker = through(address, Policy::Local).expect("a checker");
    // Nobody here knows the name: the proxy looks it up.
    let report = checker
        .check("http://unknown.test/a?b", &Options::default(), &mut ())
        .await;
    assert_eq!(
        (report.status(), report.failure.as_ref()),
        (Some(200), None)
    );
    let heard = heard.lock().expect("no panic holds it").concat();
    assert!(
        heard.starts_with("GET http://unknown.test/a?b HTTP/1.1\r\nHost: unknown.test\r\n"),
        "{heard}"
    );
    // RFC 7617 §2: `printf me:pw | base64`.
    assert!(heard.contains("Proxy-Authorization: Basic bWU6cHc=\r\n"));
    assert!(!report.to_json().contains("bWU6cHc="));
}

#[tokio::test]
async fn a_tunnel_that_is_refused_is_told() {
    let (address, heard) = proxy("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n").await;
    let checker = through(address, Policy::Local).expect("a checker");
    let report = checker
        .check("https://unknown.test/", &Options::default(), &mut ())
        .await;
    let failure = report.failure.expect("a failure");
    assert_eq!(
        (failure.kind, failure.phase),
        (Kind::ConnectUnreachable, Some(Phase::Connect))
    );
    assert!(failure.text.contains("403"));
    let heard = heard.lock().expect("no panic holds it").concat();
    assert!(
        heard.starts_with("CONNECT unknown.test:443 HTTP/1.1\r\nHost: unknown.test:443\r\n"),
        "{heard}"
    );
}

#[tokio::test]
async fn tls_is_spoken_through_a_tunnel() {
    use siteerror_playground::{Options as PlaygroundOptions, Playground, tls_faults};
    let playground = Playground::new(PlaygroundOptions::system());
    let any = "127.0.0.1:0".parse().expect("an address");
    let faults = tls_faults(any, &playground, std::future::pending())
        .await
        .expect("free ports");
    let good = faults
        .listeners()
        .iter()
        .find(|one| one.fault.name == "good")
        .expect("it is there")
        .address;
    let address = serve(move |mut stream| async move {
        request(&mut stream).await;
        let _ = stream
            .write_all(b"HTTP/1.1 200 Connection established\r\n\r\n")
            .await;
        let socket = tokio::net::TcpSocket::new_v4().expect("a socket");
        if let Ok(mut there) = socket.connect(good).await {
            let _ = tokio::io::copy_bidirectional(&mut stream, &mut there).await;
        }
    })
    .await;
    let checker = through(address, Policy::Local).expect("a checker");
    let options = Options {
        insecure: true,
        ..Options::default()
    };
    let report = checker
        .check(&format!("https://{good}/status/200"), &options, &mut ())
        .await;
    assert_eq!(
        (report.status(), report.failure.as_ref()),
        (Some(200), None)
    );
    assert_eq!(report.hops[0].address, Some(address));
}

#[tokio::test]
async fn strangers_have_no_proxy() {
    let address = "127.0.0.1:8080".parse().expect("an address");
    assert!(matches!(
        through(address, Policy::Public),
        Err(SetupError::ProxyForStrangers)
    ));
}
