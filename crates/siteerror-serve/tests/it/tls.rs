//! TLS: what is spoken inside of it, what a handler hears of it, and those who do not speak it.

use std::io::ErrorKind;
use std::net::SocketAddr;
use std::sync::Arc;

use bytes::Bytes;
use http::{Request, Response, Version};
use http_body_util::Full;
use rustls::pki_types::{PrivateKeyDer, ServerName};
use siteerror_serve::{Ending, Gate, Incoming, Limits, Options, serve};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio_rustls::TlsConnector;
use tokio_rustls::client::TlsStream;

use crate::curl::curl;

const NAME: &str = "example.test";

/// A server and a client that trusts it, both with these versions and protocols.
fn configurations(
    versions: &[&'static rustls::SupportedProtocolVersion],
    protocols: &[&str],
) -> (rustls::ServerConfig, rustls::ClientConfig) {
    let issued = rcgen::generate_simple_self_signed([NAME.to_owned()]).expect("a certificate");
    let certificate = issued.cert.der().clone();
    let key = PrivateKeyDer::Pkcs8(issued.signing_key.serialize_der().into());
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let mut server = rustls::ServerConfig::builder_with_provider(Arc::clone(&provider))
        .with_protocol_versions(versions)
        .expect("versions")
        .with_no_client_auth()
        .with_single_cert(vec![certificate.clone()], key)
        .expect("a key");
    server.alpn_protocols = vec![b"h2".to_vec(), b"http/1.1".to_vec()];
    let mut trusted = rustls::RootCertStore::empty();
    trusted.add(certificate).expect("a certificate");
    let mut client = rustls::ClientConfig::builder_with_provider(provider)
        .with_protocol_versions(versions)
        .expect("versions")
        .with_root_certificates(trusted)
        .with_no_client_auth();
    client.alpn_protocols = protocols
        .iter()
        .map(|name| name.as_bytes().to_vec())
        .collect();
    (server, client)
}

/// Says what is known of the connection; some paths break it.
async fn answer(request: Request<Incoming>) -> Response<Full<Bytes>> {
    let wire = request.body().wire().clone();
    let connection = request.body().connection();
    match request.uri().path() {
        "/bare-fin" => wire.close(Ending::BareFin).await.expect("it is planned"),
        "/truncate-bare" => wire
            .truncate(3, Ending::BareFin)
            .await
            .expect("it is planned"),
        "/reset" => wire.close(Ending::Reset).await.expect("it is planned"),
        "/truncate" => wire
            .truncate(3, Ending::Reset)
            .await
            .expect("it is planned"),
        _ => {}
    }
    assert!(connection.peer.is_some() && connection.local.is_some());
    let tls = connection.tls.expect("TLS");
    let text = format!(
        "{:?} {} {} {:?} {:?} {} {:?}",
        wire.version(),
        tls.version,
        tls.cipher_suite.starts_with("TLS_")
            && tls.cipher_suite.starts_with("TLS_AES_") == (tls.version == "TLSv1.3"),
        tls.alpn,
        tls.sni,
        tls.client_certificates,
        request.uri().scheme_str(),
    );
    Response::new(Full::new(text.into()))
}

async fn start(config: rustls::ServerConfig) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a free port");
    let address = listener.local_addr().expect("an address");
    let mut options = Options::from(Limits::default());
    options.tls = Some(Arc::new(config));
    options.gate = Some(Gate {
        record: Arc::new(|_| false),
        refuse: Arc::new(|refusal| {
            let word = format!(
                "{}: {}",
                refusal.defect.code(),
                String::from_utf8_lossy(&refusal.head)
            );
            Response::builder()
                .status(refusal.defect.status())
                .body(word.into())
                .expect("a response")
        }),
    });
    tokio::spawn(serve(listener, answer, options, std::future::pending()));
    address
}

async fn connect(address: SocketAddr) -> TcpStream {
    let socket = TcpSocket::new_v4().expect("a socket");
    socket.connect(address).await.expect("the server listens")
}

async fn shake_hands(address: SocketAddr, config: rustls::ClientConfig) -> TlsStream<TcpStream> {
    let name = ServerName::try_from(NAME).expect("a name");
    let connector = TlsConnector::from(Arc::new(config));
    connector
        .connect(name, connect(address).await)
        .await
        .expect("a handshake")
}

#[tokio::test]
async fn http11_is_spoken_inside_of_tls() {
    for (version, name) in [
        (&rustls::version::TLS12, "TLSv1.2"),
        (&rustls::version::TLS13, "TLSv1.3"),
    ] {
        for (protocols, alpn) in [(&["http/1.1"][..], "Some(\"http/1.1\")"), (&[], "None")] {
            let (server, client) = configurations(&[version], protocols);
            let mut stream = shake_hands(start(server).await, client).await;
            let request = "GET / HTTP/1.1\r\nHost: example.test\r\nConnection: close\r\n\r\n";
            stream
                .write_all(request.as_bytes())
                .await
                .expect("it is taken");
            let mut answer = String::new();
            // An end without close_notify would be an error here.
            stream.read_to_string(&mut answer).await.expect("text");
            let expected = format!("\r\n\r\nHTTP/1.1 {name} true {alpn} Some(\"{NAME}\") 0 None");
            assert!(answer.ends_with(&expected), "{answer}");
        }
    }
}

#[tokio::test]
async fn http2_is_spoken_inside_of_tls() {
    let (server, client) = configurations(&[&rustls::version::TLS13], &["h2", "http/1.1"]);
    let stream = shake_hands(start(server).await, client).await;
    let (mut send, connection) = h2::client::handshake(stream).await.expect("HTTP/2");
    tokio::spawn(connection);
    std::future::poll_fn(|context| send.poll_ready(context))
        .await
        .expect("a place");
    let request = Request::builder()
        .version(Version::HTTP_2)
        .uri(format!("https://{NAME}/"))
        .body(())
        .expect("a request");
    let (response, _) = send.send_request(request, true).expect("it is sent");
    let mut content = response.await.expect("a response").into_body();
    let text = content.data().await.expect("content").expect("content");
    assert_eq!(
        text,
        format!("HTTP/2.0 TLSv1.3 true Some(\"h2\") Some(\"{NAME}\") 0 Some(\"https\")")
    );
}

#[tokio::test]
async fn a_reset_inside_of_tls_is_a_reset_of_the_socket() {
    for (path, content) in [("/reset", ""), ("/truncate", "HTT")] {
        let (server, client) = configurations(&[&rustls::version::TLS13], &["http/1.1"]);
        let mut stream = shake_hands(start(server).await, client).await;
        let request = format!("GET {path} HTTP/1.1\r\nHost: {NAME}\r\n\r\n");
        stream
            .write_all(request.as_bytes())
            .await
            .expect("it is taken");
        let mut answer = Vec::new();
        let error = stream.read_to_end(&mut answer).await.expect_err("a reset");
        assert_eq!(error.kind(), ErrorKind::ConnectionReset, "{error}");
        let answer = String::from_utf8_lossy(&answer);
        assert!(answer.ends_with(content), "{answer}");
        assert_eq!(answer.is_empty(), content.is_empty(), "{answer}");
    }
}

#[tokio::test]
async fn an_end_without_close_notify_is_one() {
    for version in [&rustls::version::TLS12, &rustls::version::TLS13] {
        for (path, content) in [("/bare-fin", ""), ("/truncate-bare", "\r\n\r\nHTT")] {
            let (server, client) = configurations(&[version], &["http/1.1"]);
            let mut stream = shake_hands(start(server).await, client).await;
            let request = format!("GET {path} HTTP/1.1\r\nHost: {NAME}\r\n\r\n");
            stream
                .write_all(request.as_bytes())
                .await
                .expect("it is taken");
            let mut answer = Vec::new();
            let error = stream
                .read_to_end(&mut answer)
                .await
                .expect_err("nobody said that this is the end");
            // What rustls makes of a TCP connection that ends before TLS does. A reset would be another error.
            assert_eq!(error.kind(), ErrorKind::UnexpectedEof, "{error}");
            let answer = String::from_utf8_lossy(&answer);
            assert!(answer.ends_with(content), "{answer}");
            assert_eq!(answer.is_empty(), content.is_empty(), "{answer}");
        }
    }
}

#[tokio::test]
async fn plain_http_on_a_port_with_tls_gets_a_plain_word() {
    let (server, _) = configurations(&[&rustls::version::TLS13], &[]);
    let mut stream = connect(start(server).await).await;
    let request = "GET /secret HTTP/1.1\r\nHost: example.test\r\n\r\n";
    stream
        .write_all(request.as_bytes())
        .await
        .expect("it is taken");
    let mut answer = String::new();
    stream.read_to_string(&mut answer).await.expect("text");
    assert!(answer.starts_with("HTTP/1.1 400 "), "{answer}");
    assert!(
        answer
            .to_ascii_lowercase()
            .contains("\r\nconnection: close\r\n"),
        "{answer}"
    );
    assert!(answer.ends_with(request), "{answer}");
}

#[tokio::test]
async fn what_is_neither_is_let_go() {
    let (server, _) = configurations(&[&rustls::version::TLS13], &[]);
    let mut stream = connect(start(server).await).await;
    stream
        .write_all(&[0x16, 3, 1, 0, 4, 9, 9, 9, 9])
        .await
        .expect("it is taken");
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    assert!(!answer.starts_with(b"HTTP/"), "{answer:?}");
}

#[tokio::test]
async fn curl_reuses_a_connection() {
    let (server, _) = configurations(&[&rustls::version::TLS13], &[]);
    let address = start(server).await;
    for (options, version) in [
        (
            &["--insecure", "--http2", "--write-out", "\n%{num_connects} "][..],
            "HTTP/2",
        ),
        (
            &[
                "--insecure",
                "--http1.1",
                "--write-out",
                "\n%{num_connects} ",
            ],
            "HTTP/1.1",
        ),
    ] {
        let urls = vec![
            format!("https://{address}/first"),
            format!("https://{address}/second"),
        ];
        let Some(output) = curl(options, urls).await else {
            return;
        };
        let said = String::from_utf8_lossy(&output.stdout);
        let error = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{error}");
        assert!(said.starts_with(&format!("{version} 200")), "{said}");
        // One connection for the first, and none for the second.
        assert!(said.contains("\n1 "), "{said}");
        assert!(said.ends_with("\n0 "), "{said}");
    }
}
