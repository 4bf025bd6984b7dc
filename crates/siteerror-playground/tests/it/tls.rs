//! Faults of TLS: each gives a careful client the error that the rule calls for. The client is rustls, or bytes by hand.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;

use rustls::pki_types::pem::PemObject as _;
use rustls::pki_types::{CertificateDer, PrivateKeyDer, ServerName};
use rustls::{
    AlertDescription, CertificateError, ClientConfig, Error, PeerMisbehaved, ProtocolVersion,
    RootCertStore, SupportedProtocolVersion,
};
use siteerror_playground::{Options, Playground, Right, TLS_FAULTS, TlsFaults, tls_faults};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

const LOOPBACK: SocketAddr = SocketAddr::new(std::net::IpAddr::V4(Ipv4Addr::LOCALHOST), 0);

async fn listeners() -> TlsFaults {
    let playground = Playground::new(Options::system());
    tls_faults(LOOPBACK, &playground, std::future::pending())
        .await
        .expect("there are free ports")
}

fn address(faults: &TlsFaults, name: &str) -> SocketAddr {
    let listener = faults
        .listeners()
        .iter()
        .find(|listener| listener.fault.name == name);
    listener
        .unwrap_or_else(|| panic!("there is no `{name}`"))
        .address
}

async fn dial(address: SocketAddr) -> TcpStream {
    TcpSocket::new_v4()
        .expect("there are sockets")
        .connect(address)
        .await
        .expect("it listens")
}

/// A client that trusts the playground's authority.
struct Client<'a> {
    versions: &'a [&'static SupportedProtocolVersion],
    alpn: &'a [&'a [u8]],
    name: &'a str,
    /// Certificate and key as PEM.
    shows: Option<&'a str>,
}

const CLIENT: Client<'static> = Client {
    versions: rustls::ALL_VERSIONS,
    alpn: &[],
    name: "127.0.0.1",
    shows: None,
};

impl Client<'_> {
    async fn connect(&self, faults: &TlsFaults, name: &str) -> io::Result<TlsStream<TcpStream>> {
        let mut roots = RootCertStore::empty();
        roots
            .add(
                CertificateDer::from_pem_slice(faults.authority_pem().as_bytes())
                    .expect("it is PEM"),
            )
            .expect("it is a root");
        let builder =
            ClientConfig::builder_with_provider(Arc::new(rustls::crypto::ring::default_provider()))
                .with_protocol_versions(self.versions)
                .expect("the versions exist")
                .with_root_certificates(roots);
        let mut config = match self.shows {
            None => builder.with_no_client_auth(),
            Some(pem) => {
                let certificate =
                    CertificateDer::from_pem_slice(pem.as_bytes()).expect("it is PEM");
                let key = PrivateKeyDer::from_pem_slice(pem.as_bytes()).expect("it is PEM");
                builder
                    .with_client_auth_cert(vec![certificate], key)
                    .expect("they belong together")
            }
        };
        config.alpn_protocols = self.alpn.iter().map(|name| name.to_vec()).collect();
        let stream = dial(address(faults, name)).await;
        let name = ServerName::try_from(self.name.to_owned()).expect("it is a name");
        TlsConnector::from(Arc::new(config))
            .connect(name, stream)
            .await
    }

    /// What TLS says is wrong.
    async fn error(&self, faults: &TlsFaults, name: &str) -> Error {
        let error = self.connect(faults, name).await.expect_err(name);
        rustls_error(&error).unwrap_or_else(|| panic!("`{name}`: {error:?}"))
    }

    /// A request and all that comes back.
    async fn get(&self, faults: &TlsFaults, name: &str, path: &str) -> io::Result<String> {
        let mut stream = self.connect(faults, name).await?;
        let request =
            format!("GET {path} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n");
        stream.write_all(request.as_bytes()).await?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await?;
        Ok(answer)
    }
}

fn rustls_error(error: &io::Error) -> Option<Error> {
    error.get_ref()?.downcast_ref::<Error>().cloned()
}

#[tokio::test]
async fn what_is_right_connects() {
    let faults = listeners().await;
    for name in [
        "good",
        "tls12-only",
        "tls13-only",
        "huge-chain",
        "client-certificate-optional",
        "alpn-no-overlap",
    ] {
        let answer = CLIENT
            .get(&faults, name, "/status/204")
            .await
            .unwrap_or_else(|error| panic!("`{name}`: {error}"));
        assert!(answer.starts_with("HTTP/1.1 20"), "`{name}`: {answer}");
    }
    let by_name = Client {
        name: "localhost",
        ..CLIENT
    };
    for name in ["good", "name-without-address"] {
        assert!(by_name.connect(&faults, name).await.is_ok(), "{name}");
    }
}

#[tokio::test]
async fn versions_and_protocols_are_agreed_on() {
    let faults = listeners().await;
    for (name, version) in [
        ("good", ProtocolVersion::TLSv1_3),
        ("tls12-only", ProtocolVersion::TLSv1_2),
        ("tls13-only", ProtocolVersion::TLSv1_3),
    ] {
        let client = Client {
            alpn: &[b"h2", b"http/1.1"],
            ..CLIENT
        };
        let stream = client.connect(&faults, name).await.expect(name);
        let (_, connection) = stream.get_ref();
        assert_eq!(connection.protocol_version(), Some(version), "{name}");
        assert_eq!(connection.alpn_protocol(), Some(b"h2".as_slice()), "{name}");
    }
    let old = Client {
        versions: &[&rustls::version::TLS12],
        ..CLIENT
    };
    assert!(old.connect(&faults, "good").await.is_ok());
    let error = old.error(&faults, "tls13-only").await;
    assert_eq!(
        error,
        Error::AlertReceived(AlertDescription::ProtocolVersion)
    );
}

#[tokio::test]
async fn certificates_are_refused_for_what_is_wrong_with_them() {
    type Expected = fn(&CertificateError) -> bool;
    let faults = listeners().await;
    let expired: Expected = |error| matches!(error, CertificateError::ExpiredContext { .. });
    let early: Expected = |error| matches!(error, CertificateError::NotValidYetContext { .. });
    let name: Expected = |error| matches!(error, CertificateError::NotValidForNameContext { .. });
    let issuer: Expected = |error| matches!(error, CertificateError::UnknownIssuer);
    for (fault, expected) in [
        ("expired", expired),
        ("not-yet-valid", early),
        ("wrong-host", name),
        ("name-without-address", name),
        ("self-signed", issuer),
        ("untrusted-root", issuer),
        ("incomplete-chain", issuer),
    ] {
        let error = CLIENT.error(&faults, fault).await;
        assert!(
            matches!(&error, Error::InvalidCertificate(error) if expected(error)),
            "`{fault}`: {error:?}"
        );
    }
}

#[tokio::test]
async fn handshakes_break_as_they_are_said_to() {
    let faults = listeners().await;
    let alert = CLIENT.error(&faults, "alert-handshake-failure").await;
    assert_eq!(
        alert,
        Error::AlertReceived(AlertDescription::HandshakeFailure)
    );
    assert!(matches!(
        CLIENT.error(&faults, "plain-http").await,
        Error::InvalidMessage(_)
    ));
    let closed = CLIENT
        .connect(&faults, "closes-after-client-hello")
        .await
        .expect_err("it closes");
    assert_eq!(closed.kind(), io::ErrorKind::UnexpectedEof);
    for name in ["tls10", "tls11"] {
        assert!(
            matches!(
                CLIENT.error(&faults, name).await,
                Error::PeerIncompatible(_)
            ),
            "{name}"
        );
    }
    let both = Client {
        alpn: &[b"h2", b"http/1.1"],
        ..CLIENT
    };
    let alert = both.error(&faults, "alpn-no-overlap").await;
    assert_eq!(
        alert,
        Error::AlertReceived(AlertDescription::NoApplicationProtocol)
    );
    let misbehaved = both.error(&faults, "alpn-not-offered").await;
    assert_eq!(
        misbehaved,
        Error::PeerMisbehaved(PeerMisbehaved::SelectedUnofferedApplicationProtocol)
    );
}

/// The clock jumps to the next deadline when nothing happens, so this does not wait for it.
#[tokio::test(start_paused = true)]
async fn a_stalled_handshake_has_no_byte() {
    let faults = listeners().await;
    let mut stream = dial(address(&faults, "handshake-stalls")).await;
    stream
        .write_all(&client_hello())
        .await
        .expect("it is taken");
    let mut came = Vec::new();
    // The end may be a reset if the deadline jumps in before the ClientHello is read.
    stream.read_to_end(&mut came).await.ok();
    assert_eq!(came, b"");
}

/// A `ClientHello` of TLS 1.0 without extensions (RFC 5246 §7.4.1.2), with two suites.
fn client_hello() -> Vec<u8> {
    let mut record = vec![22, 3, 1, 0, 47, 1, 0, 0, 43, 3, 1];
    record.extend_from_slice(&[7; 32]);
    record.extend_from_slice(&[0, 0, 4, 0xc0, 0x13, 0x00, 0x2f, 1, 0]);
    record
}

#[tokio::test]
async fn a_client_that_goes_along_with_an_old_version_gets_an_alert() {
    let faults = listeners().await;
    for (name, minor) in [("tls10", 1), ("tls11", 2)] {
        let mut stream = dial(address(&faults, name)).await;
        stream
            .write_all(&client_hello())
            .await
            .expect("it is taken");
        let mut head = [0; 11];
        stream.read_exact(&mut head).await.expect("a ServerHello");
        // A handshake record with a ServerHello (RFC 5246 §7.4), both of the old version.
        assert_eq!((head[0], head[5]), (22, 2), "{name}");
        assert_eq!(
            (&head[1..3], &head[9..11]),
            ([3, minor].as_slice(), [3, minor].as_slice()),
            "{name}"
        );
        let mut rest = Vec::new();
        stream
            .read_to_end(&mut rest)
            .await
            .expect("it ends in order");
        // A fatal alert, internal_error (RFC 5246 §7.2).
        assert!(
            rest.ends_with(&[21, 3, minor, 0, 2, 2, 80]),
            "{name}: {rest:?}"
        );
    }
}

#[tokio::test]
async fn client_certificates_are_asked_for_and_shown_back() {
    let playground = siteerror_playground::Playground::new(Options::system());
    let faults = tls_faults(LOOPBACK, &playground, std::future::pending())
        .await
        .expect("there are free ports");
    let good = CLIENT
        .get(&faults, "good", "/tls/client.pem")
        .await
        .expect("it connects");
    let (_, pem) = good.split_once("\r\n\r\n").expect("it has content");
    let right = Client {
        shows: Some(pem),
        ..CLIENT
    };
    let foreign = rcgen::generate_simple_self_signed(vec!["me.example".to_owned()]).expect("a key");
    let foreign_pem = foreign.cert.pem() + &foreign.signing_key.serialize_pem();
    let wrong = Client {
        shows: Some(&foreign_pem),
        ..CLIENT
    };
    for (client, name, status, part) in [
        (
            &CLIENT,
            "client-certificate-optional",
            "200",
            "\"verified\": false",
        ),
        (
            &right,
            "client-certificate-optional",
            "200",
            "\"verified\": true",
        ),
        (
            &wrong,
            "client-certificate-optional",
            "200",
            "BEGIN CERTIFICATE",
        ),
        (
            &right,
            "client-certificate-required",
            "200",
            "\"verified\": true",
        ),
        (&CLIENT, "client-certificate-as-nginx", "400", "496"),
        (&wrong, "client-certificate-as-nginx", "400", "495"),
        (
            &right,
            "client-certificate-as-nginx",
            "200",
            "\"verified\": true",
        ),
    ] {
        let answer = client.get(&faults, name, "/").await.expect(name);
        assert!(
            answer.starts_with(&format!("HTTP/1.1 {status}")) && answer.contains(part),
            "{name}: {answer}"
        );
    }
    // RFC 8446 §4.4.2.4: certificate_required for none.
    let error = CLIENT
        .get(&faults, "client-certificate-required", "/")
        .await
        .expect_err("it is demanded");
    assert_eq!(
        rustls_error(&error),
        Some(Error::AlertReceived(AlertDescription::CertificateRequired))
    );
    assert!(
        wrong
            .get(&faults, "client-certificate-required", "/")
            .await
            .is_err()
    );
}

#[tokio::test]
async fn what_follows_the_handshake_can_be_wrong_too() {
    let faults = listeners().await;
    let error = CLIENT
        .get(&faults, "no-close-notify", "/")
        .await
        .expect_err("nobody says that it is over");
    assert_eq!(error.kind(), io::ErrorKind::UnexpectedEof);
    let client = Client {
        alpn: &[b"h2"],
        ..CLIENT
    };
    let mut stream = client
        .connect(&faults, "alpn-h2-speaks-http1")
        .await
        .expect("it connects");
    assert_eq!(stream.get_ref().1.alpn_protocol(), Some(b"h2".as_slice()));
    stream
        .write_all(b"PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n")
        .await
        .expect("it is taken");
    let mut head = [0; 9];
    stream.read_exact(&mut head).await.expect("an answer");
    assert_eq!(&head, b"HTTP/1.1 ");
}

#[tokio::test]
async fn plain_http_on_the_good_port_is_answered_with_400() {
    let faults = listeners().await;
    let mut stream = dial(address(&faults, "good")).await;
    stream
        .write_all(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
        .await
        .expect("it is taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("an answer");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
}

#[tokio::test]
async fn the_list_says_where_they_are_once_they_are_on() {
    let spawned = crate::ask::playground().await;
    let off = crate::ask::get(&spawned, "/tls").await.json();
    assert_eq!(off["on"], false);
    assert!(
        off["how"]
            .as_str()
            .expect("it says how")
            .contains("--tls-faults")
    );
    assert_eq!(crate::ask::get(&spawned, "/tls/ca.pem").await.status, 404);

    let faults = listeners().await;
    let answer = CLIENT
        .get(&faults, "good", "/tls")
        .await
        .expect("it connects");
    let (_, content) = answer.split_once("\r\n\r\n").expect("it has content");
    let on: serde_json::Value = serde_json::from_str(content).expect("it is JSON");
    assert_eq!(on["on"], true);
    for (listed, listener) in on["faults"]
        .as_array()
        .expect("a list")
        .iter()
        .zip(faults.listeners())
    {
        assert_eq!(listed["name"], listener.fault.name);
        assert_eq!(listed["url"], format!("https://{}/", listener.address));
    }
    let pem = CLIENT
        .get(&faults, "good", "/tls/ca.pem")
        .await
        .expect("it connects");
    assert!(pem.ends_with(faults.authority_pem()));
}

#[tokio::test]
async fn they_stop_when_told_to() {
    let playground = Playground::new(Options::system());
    let (stop, stopped) = tokio::sync::oneshot::channel::<()>();
    let faults = tls_faults(LOOPBACK, &playground, async { drop(stopped.await) })
        .await
        .expect("there are free ports");
    let address = address(&faults, "good");
    drop(dial(address).await);
    stop.send(()).expect("somebody waits");
    faults.finished().await;
    let gone = TcpSocket::new_v4()
        .expect("there are sockets")
        .connect(address)
        .await;
    assert_eq!(
        gone.expect_err("nobody listens").kind(),
        io::ErrorKind::ConnectionRefused
    );
}

#[test]
fn every_fault_has_its_words() {
    let mut names = std::collections::BTreeSet::new();
    for fault in TLS_FAULTS {
        assert!(names.insert(fault.name), "`{}` stands twice", fault.name);
        for text in [fault.about, fault.client] {
            assert!(text.ends_with('.'), "{}: {text}", fault.name);
        }
        assert!(
            !fault.source.is_empty() && !fault.title.ends_with('.'),
            "{}",
            fault.name
        );
    }
    assert!(TLS_FAULTS.iter().any(|fault| fault.right == Right::Accept));
}
