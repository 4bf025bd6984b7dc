//! The gateway's side: a connection to an upstream, one request that is always the same, and what came of it.

use std::io;
use std::sync::Arc;
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use rustls::pki_types::{ServerName, UnixTime};
use rustls::time_provider::TimeProvider;
use rustls::{ClientConfig, RootCertStore};
use siteerror_wire::exchange::Collector;
use siteerror_wire::{Asked, Closing};
use tokio::io::{AsyncRead, AsyncReadExt as _, AsyncWrite, AsyncWriteExt as _};
use tokio::net::TcpSocket;
use tokio_rustls::TlsConnector;

use super::met::{Answer, Failure, Met, Trouble, failed, judge, shown};
use super::upstream::Address;

/// What every upstream is asked.
const REQUEST: &[u8] = b"GET / HTTP/1.1\r\nHost: localhost\r\nVia: 1.1 playground\r\n\r\n";

/// Bytes of content that are taken from an upstream.
const CONTENT_BYTES: u64 = 64 * 1024;

/// What the gateway puts up with.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Limits {
    /// Time for the TCP handshake, and then for that of TLS.
    pub(crate) connect: Duration,
    /// Time from the request to the end of the answer.
    pub(crate) response: Duration,
    /// Bytes of the answer's head.
    pub(crate) head_bytes: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            connect: Duration::from_secs(1),
            response: Duration::from_secs(1),
            head_bytes: 64 * 1024,
        }
    }
}

/// Whom the gateway trusts over TLS.
pub(super) struct Trust(TlsConnector);

impl Trust {
    /// # Errors
    ///
    /// If the library has no version of TLS, which it has.
    pub(super) fn new(roots: RootCertStore, clock: fn() -> SystemTime) -> io::Result<Self> {
        let provider = Arc::new(rustls::crypto::ring::default_provider());
        let config = ClientConfig::builder_with_details(provider, Arc::new(Clock(clock)))
            .with_safe_default_protocol_versions()
            .map_err(io::Error::other)?
            .with_root_certificates(roots)
            .with_no_client_auth();
        Ok(Self(TlsConnector::from(Arc::new(config))))
    }
}

/// The playground's clock, by which certificates are made, so that they are judged by it too.
#[derive(Debug)]
struct Clock(fn() -> SystemTime);

impl TimeProvider for Clock {
    fn current_time(&self) -> Option<UnixTime> {
        let since = (self.0)().duration_since(UNIX_EPOCH).ok()?;
        Some(UnixTime::since_unix_epoch(since))
    }
}

/// Connects, asks, and says what came of it. With `twice`, the same is asked once more on the same connection, and that counts.
pub(super) async fn ask(
    address: Address,
    trust: Option<Trust>,
    twice: bool,
    limits: Limits,
) -> Met {
    match connect_and_ask(address, trust, twice, limits).await {
        Ok(answer) => Met::Answer(answer),
        Err(failure) => Met::Failure(failure),
    }
}

async fn connect_and_ask(
    address: Address,
    trust: Option<Trust>,
    twice: bool,
    limits: Limits,
) -> Result<Answer, Failure> {
    let connecting = async { TcpSocket::new_v4()?.connect(address.get()).await };
    let mut stream = match tokio::time::timeout(limits.connect, connecting).await {
        Ok(connected) => connected.map_err(|error| not_connected(&error))?,
        Err(_) => {
            return Err(failed(
                Trouble::ConnectTimeout,
                format!(
                    "The upstream did not answer the TCP handshake within {}",
                    shown(limits.connect)
                ),
            ));
        }
    };
    let Some(Trust(connector)) = trust else {
        if twice {
            exchange(&mut stream, limits).await?;
        }
        return exchange(&mut stream, limits).await;
    };
    let name = ServerName::try_from("localhost").expect("it is a name");
    let shaking = connector.connect(name, stream);
    let mut stream = match tokio::time::timeout(limits.connect, shaking).await {
        Ok(shaken) => shaken.map_err(|error| not_trusted(&error))?,
        Err(_) => {
            return Err(failed(
                Trouble::Handshake,
                format!(
                    "The TLS handshake with the upstream was not done within {}",
                    shown(limits.connect)
                ),
            ));
        }
    };
    exchange(&mut stream, limits).await
}

fn not_connected(error: &io::Error) -> Failure {
    match error.kind() {
        io::ErrorKind::ConnectionRefused => {
            failed(Trouble::Refused, "The upstream refused the TCP connection")
        }
        io::ErrorKind::NetworkUnreachable | io::ErrorKind::HostUnreachable => failed(
            Trouble::Unreachable,
            "The operating system has no route to the upstream's address",
        ),
        _ => failed(
            Trouble::Reset,
            format!("The connection to the upstream failed: {error}"),
        ),
    }
}

fn not_trusted(error: &io::Error) -> Failure {
    let inner = error
        .get_ref()
        .and_then(|inner| inner.downcast_ref::<rustls::Error>());
    match inner {
        Some(rustls::Error::InvalidCertificate(why)) => failed(
            Trouble::Certificate,
            format!("The upstream's certificate does not verify: {why}"),
        ),
        Some(why) => failed(
            Trouble::Handshake,
            format!("The TLS handshake with the upstream failed: {why}"),
        ),
        None => failed(
            Trouble::Handshake,
            format!("The TLS handshake with the upstream failed: {error}"),
        ),
    }
}

async fn exchange<T: AsyncRead + AsyncWrite + Unpin>(
    stream: &mut T,
    limits: Limits,
) -> Result<Answer, Failure> {
    let begun = Instant::now();
    let reading = siteerror_wire::Limits {
        head_bytes: limits.head_bytes,
        field_line_bytes: limits.head_bytes,
        fields: 1000,
        body_bytes: CONTENT_BYTES,
        ..siteerror_wire::Limits::default()
    };
    let mut collector = Collector::new(Asked::by("GET"), reading);
    let talk = async {
        stream.write_all(REQUEST).await?;
        let mut buffer = vec![0; 16 * 1024];
        loop {
            let count = stream.read(&mut buffer).await?;
            if count == 0 || collector.push(&buffer[..count], begun.elapsed()).is_some() {
                return io::Result::Ok(());
            }
        }
    };
    let closing = match tokio::time::timeout(limits.response, talk).await {
        Ok(Ok(())) => Closing::Orderly,
        Ok(Err(_)) => Closing::Broken,
        Err(_) => {
            return Err(failed(
                Trouble::ResponseTimeout,
                format!(
                    "The upstream took the connection, and its answer was not there within {}",
                    shown(limits.response)
                ),
            ));
        }
    };
    judge(collector.finish(closing, begun.elapsed()), closing, limits)
}
