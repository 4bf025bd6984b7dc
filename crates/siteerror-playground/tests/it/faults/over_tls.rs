//! Faults that need TLS, as a client sees them that reads TLS by the book.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use rustls::pki_types::{PrivateKeyDer, ServerName};
use siteerror_playground::{Options, Playground};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket};
use tokio_rustls::TlsConnector;

use super::rows::ok;
use super::without_dates;

/// The faults that are tested here.
pub(crate) const NAMES: [&str; 1] = ["end-without-close-notify"];

const NAME: &str = "example.test";

/// A playground with TLS, and what trusts it.
async fn secure() -> (SocketAddr, TlsConnector) {
    let issued = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
    let certificate = issued.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(issued.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a key");
    let mut trusted = rustls::RootCertStore::empty();
    trusted.add(certificate).expect("a certificate");
    let client = rustls::ClientConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .expect("versions")
        .with_root_certificates(trusted)
        .with_no_client_auth();
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let playground = Playground::new(Options::system());
    let mut options = playground.serve_options();
    options.tls = Some(Arc::new(server));
    let handler = move |request| {
        let playground = playground.clone();
        async move { playground.respond(request).await }
    };
    tokio::spawn(siteerror_serve::serve(
        listener,
        handler,
        options,
        std::future::pending(),
    ));
    (address, TlsConnector::from(Arc::new(client)))
}

#[tokio::test]
async fn tls_ends_without_its_last_word() {
    let (address, connector) = secure().await;
    let socket = TcpSocket::new_v4().expect("there are sockets");
    let stream = socket.connect(address).await.expect("it listens");
    let name = ServerName::try_from(NAME).expect("a name");
    let mut stream = connector.connect(name, stream).await.expect("a handshake");
    let request = format!("GET /fault/{} HTTP/1.1\r\nHost: {NAME}\r\n\r\n", NAMES[0]);
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut answer = Vec::new();
    let error = stream
        .read_to_end(&mut answer)
        .await
        .expect_err("nobody said that this is the end");
    // What rustls makes of a TCP connection that ends before TLS does.
    assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{error}");
    assert_eq!(
        without_dates(&answer).escape_ascii().to_string(),
        ok(NAMES[0], &[b"\r\nhello\n"])
            .expected
            .escape_ascii()
            .to_string()
    );
}
