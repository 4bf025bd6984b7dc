//! TLS: the handshake, what became known by it, and those who speak plain HTTP to a port that wants TLS.

use std::io;
use std::pin::Pin;
use std::sync::Arc;
use std::task::{Context, Poll};
use std::time::Duration;

use rustls::{ProtocolVersion, ServerConfig, ServerConnection};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_rustls::TlsAcceptor;
use tokio_rustls::server::TlsStream;

use crate::preface::Rewound;
use crate::shim::Abort;

/// Time that a handshake may take.
const HANDSHAKE: Duration = Duration::from_secs(10);

/// The protocol that stands for HTTP/2 in the handshake (RFC 9113 §3.2).
const H2: &[u8] = b"h2";

/// What became known of a connection by its handshake.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub struct TlsFacts {
    /// Version of the protocol: `TLSv1.2` or `TLSv1.3`.
    pub version: &'static str,
    /// Name in the registry of IANA, such as `TLS_AES_128_GCM_SHA256`.
    pub cipher_suite: String,
    /// The protocol that was agreed on inside of TLS (ALPN, RFC 7301): `h2`, `http/1.1`, or none.
    pub alpn: Option<String>,
    /// The name that the client asked for (SNI, RFC 6066 §3).
    pub sni: Option<String>,
    /// Number of certificates that the client showed.
    pub client_certificates: usize,
}

impl TlsFacts {
    fn of(connection: &ServerConnection) -> Self {
        let suite = connection
            .negotiated_cipher_suite()
            .and_then(|suite| suite.suite().as_str())
            .unwrap_or_default();
        Self {
            version: match connection.protocol_version() {
                Some(ProtocolVersion::TLSv1_3) => "TLSv1.3",
                _ => "TLSv1.2",
            },
            // The library sets the suites of TLS 1.3 apart by a name of its own.
            cipher_suite: suite.replacen("TLS13_", "TLS_", 1),
            alpn: connection
                .alpn_protocol()
                .map(|name| String::from_utf8_lossy(name).into_owned()),
            sni: connection.server_name().map(str::to_owned),
            client_certificates: connection.peer_certificates().map_or(0, <[_]>::len),
        }
    }
}

/// Who came to a port that wants TLS.
#[derive(Debug)]
pub(crate) enum Arrival<T> {
    /// Somebody who speaks it.
    Tls {
        stream: Box<TlsStream<Rewound<T>>>,
        facts: Arc<TlsFacts>,
        is_http2: bool,
    },
    /// Somebody who speaks HTTP as if there were no TLS.
    Plain(Rewound<T>),
    /// Nobody: the connection was closed before its first byte.
    Nobody,
}

/// Shakes hands with a client. `deadline`: how long it may take, if that is less than usual.
pub(crate) async fn accept<T>(
    stream: Rewound<T>,
    config: &Arc<ServerConfig>,
    deadline: Duration,
) -> io::Result<Arrival<T>>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    tokio::time::timeout(deadline.min(HANDSHAKE), shake_hands(stream, config)).await?
}

async fn shake_hands<T>(
    mut stream: Rewound<T>,
    config: &Arc<ServerConfig>,
) -> io::Result<Arrival<T>>
where
    T: AsyncRead + AsyncWrite + Unpin,
{
    let Some(first) = stream.first().await? else {
        return Ok(Arrival::Nobody);
    };
    // RFC 8446 §5.1: TLS begins with a handshake record, whose first byte is 22. A method of HTTP begins with a letter.
    if first.is_ascii_alphabetic() {
        return Ok(Arrival::Plain(stream));
    }
    let stream = TlsAcceptor::from(Arc::clone(config)).accept(stream).await?;
    let (_, connection) = stream.get_ref();
    Ok(Arrival::Tls {
        is_http2: connection.alpn_protocol() == Some(H2),
        facts: Arc::new(TlsFacts::of(connection)),
        stream: Box::new(stream),
    })
}

impl<T: Abort + AsyncWrite + Unpin> Abort for TlsStream<T> {
    fn abort(&self) {
        self.get_ref().0.abort();
    }

    fn poll_bare_end(self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        let (stream, _) = Pin::into_inner(self).get_mut();
        Pin::new(stream).poll_shutdown(context)
    }
}

impl<T: Abort + AsyncWrite + Unpin> Abort for Box<T> {
    fn abort(&self) {
        self.as_ref().abort();
    }

    fn poll_bare_end(mut self: Pin<&mut Self>, context: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut **self).poll_bare_end(context)
    }
}
