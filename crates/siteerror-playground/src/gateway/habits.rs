//! What the servers behind the gateway do with a connection. Each has one habit, and gives every connection up after a while.

use std::io::{self, Write as _};
use std::sync::Arc;
use std::time::Duration;

use flate2::Compression;
use flate2::write::GzEncoder;
use rustls::ServerConfig;
use siteerror_serve::Abort as _;
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio_rustls::TlsAcceptor;

use super::upstream::Upstream;
use crate::certificates::Identity;

/// How long a connection lives at most: longer than the gateway waits for anything.
const LIFE: Duration = Duration::from_secs(10);

/// Bytes of a request that are read: the gateway's is far smaller.
const REQUEST_BYTES: usize = 4096;

/// The pause of the slow one.
const SLOW: Duration = Duration::from_millis(300);

/// How a fatal alert of TLS says `handshake_failure` (RFC 8446 §5.1 and §6): record of type 21, version 3.3, two bytes; level 2, description 40.
const HANDSHAKE_FAILURE: &[u8] = &[21, 3, 3, 0, 2, 2, 40];

const GOOD: &str = "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Length: 23\r\n\r\nthe upstream says hello";

/// What a listener does with its connections.
#[derive(Clone)]
pub(super) enum Habit {
    /// That of the upstream.
    Plain(Upstream),
    /// Answering 200 over TLS.
    Tls(TlsAcceptor),
}

/// TLS with a certificate.
///
/// # Errors
///
/// If the certificate and its key do not fit, which those that are made here do.
pub(super) fn acceptor(identity: Identity) -> io::Result<TlsAcceptor> {
    let provider = Arc::new(rustls::crypto::ring::default_provider());
    let config = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .and_then(|builder| {
            builder
                .with_no_client_auth()
                .with_single_cert(identity.chain, identity.key)
        })
        .map_err(io::Error::other)?;
    Ok(TlsAcceptor::from(Arc::new(config)))
}

/// Serves a connection to its end.
pub(super) async fn serve(stream: TcpStream, habit: Habit) {
    let served = async {
        match habit {
            Habit::Plain(upstream) => plain(stream, upstream).await,
            Habit::Tls(acceptor) => {
                let mut stream = acceptor.accept(stream).await?;
                read_request(&mut stream).await?;
                stream.write_all(GOOD.as_bytes()).await?;
                stream.shutdown().await
            }
        }
    };
    // A gateway that leaves early, or that refuses the certificate, is the normal case here.
    let _ = tokio::time::timeout(LIFE, served).await;
}

async fn plain(mut stream: TcpStream, upstream: Upstream) -> io::Result<()> {
    read_request(&mut stream).await?;
    match upstream {
        Upstream::NeverAnswers => {
            until_closed(&mut stream).await?;
        }
        Upstream::Resets => {
            stream.abort();
            return Ok(());
        }
        Upstream::Slow => {
            tokio::time::sleep(SLOW).await;
            stream.write_all(GOOD.as_bytes()).await?;
        }
        Upstream::ClosesKeptAlive => {
            stream.write_all(GOOD.as_bytes()).await?;
            read_request(&mut stream).await?;
        }
        Upstream::GarbageStatusLine => {
            stream
                .write_all(b"this is what a server says that does not speak HTTP\n")
                .await?;
        }
        Upstream::InvalidHeader => {
            stream
                .write_all(b"HTTP/1.1 200 OK\r\nX-Broken: a\0b\r\nContent-Length: 0\r\n\r\n")
                .await?;
        }
        Upstream::LargeHead => stream.write_all(&large_head(20)).await?,
        Upstream::HugeHead => stream.write_all(&large_head(130)).await?,
        Upstream::Answers502 => {
            stream
                .write_all(b"HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n")
                .await?;
        }
        Upstream::Answers504 => {
            stream
                .write_all(b"HTTP/1.1 504 Gateway Timeout\r\nContent-Length: 0\r\n\r\n")
                .await?;
        }
        Upstream::GzipWrongLength => stream.write_all(&gzip_with_wrong_length()?).await?,
        Upstream::TlsRefuses => stream.write_all(HANDSHAKE_FAILURE).await?,
        Upstream::TlsPlainHttp => {
            stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n")
                .await?;
        }
        Upstream::ClosesWithoutAByte | Upstream::TlsCloses => {}
        _ => stream.write_all(GOOD.as_bytes()).await?,
    }
    stream.shutdown().await?;
    // What the other side still sends must not turn the end into a reset.
    until_closed(&mut stream).await
}

/// Reads a request's head, or a `ClientHello`: both arrive in one piece on loopback, and an empty line ends the one that is HTTP.
async fn read_request<T: AsyncRead + Unpin>(stream: &mut T) -> io::Result<()> {
    let mut request = Vec::with_capacity(REQUEST_BYTES);
    loop {
        if stream.read_buf(&mut request).await? == 0 {
            return Err(io::ErrorKind::UnexpectedEof.into());
        }
        let is_whole = request.ends_with(b"\r\n\r\n") || request.first() == Some(&22);
        if is_whole || request.len() >= REQUEST_BYTES {
            return Ok(());
        }
    }
}

async fn until_closed<T: AsyncRead + AsyncWrite + Unpin>(stream: &mut T) -> io::Result<()> {
    let mut rest = [0; 1024];
    while stream.read(&mut rest).await? > 0 {}
    Ok(())
}

/// A good answer with so many lines of 1 KiB.
fn large_head(lines: usize) -> Vec<u8> {
    let mut head = b"HTTP/1.1 200 OK\r\nContent-Length: 0\r\n".to_vec();
    for line in 0..lines {
        let name = format!("X-Large-{line:03}: ");
        head.extend_from_slice(name.as_bytes());
        head.resize(head.len() + 1024 - name.len() - 2, b'x');
        head.extend_from_slice(b"\r\n");
    }
    head.extend_from_slice(b"\r\n");
    head
}

fn gzip_with_wrong_length() -> io::Result<Vec<u8>> {
    let mut encoder = GzEncoder::new(Vec::new(), Compression::default());
    encoder.write_all(b"the upstream says hello, and counts wrongly\n")?;
    let content = encoder.finish()?;
    let mut answer = format!(
        "HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\nContent-Encoding: gzip\r\nContent-Length: {}\r\n\r\n",
        content.len() + 100
    )
    .into_bytes();
    answer.extend_from_slice(&content);
    Ok(answer)
}
