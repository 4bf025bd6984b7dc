//! What a connection may take, and who looks at its requests first.

use std::fmt;
use std::sync::Arc;
use std::time::Duration;

use bytes::Bytes;
use http::Response;

use crate::defect::Defect;

/// What a connection may take.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Limits {
    /// Time in which the head of a request must arrive; also how long an idle connection is kept.
    pub head_deadline: Duration,
    /// The same when three quarters of the places are taken: who says nothing has to make room.
    pub crowded_head_deadline: Duration,
    /// Time between two bytes of a request's content. It is measured while somebody reads the content, and on HTTP/1.1 only with a [`Gate`].
    pub content_deadline: Duration,
    /// Time in which a client must take at least a byte of what waits for it.
    pub write_deadline: Duration,
    /// Bytes of a request's head, line and fields together.
    pub head_bytes: usize,
    /// Bytes of a request target. It holds with a [`Gate`].
    pub target_bytes: usize,
    /// Bytes of all field lines of a request together, and of all its trailer fields. It holds with a [`Gate`].
    pub fields_bytes: usize,
    /// Field lines of a request, and of its trailers. It holds with a [`Gate`].
    pub fields: usize,
    /// Time that requests under way get when the server is told to stop.
    pub drain_deadline: Duration,
    /// Connections at the same time; the next ones wait in the queue of the operating system.
    pub connections: usize,
    /// Streams of HTTP/2 that all connections share, beyond the 8 that each may have in any case; the next ones are refused, to be asked for again.
    pub streams: usize,
}

impl Default for Limits {
    fn default() -> Self {
        Self {
            head_deadline: Duration::from_secs(30),
            crowded_head_deadline: Duration::from_secs(3),
            content_deadline: Duration::from_secs(10),
            write_deadline: Duration::from_secs(30),
            head_bytes: 64 * 1024,
            target_bytes: 8 * 1024,
            fields_bytes: 16 * 1024,
            fields: 100,
            drain_deadline: Duration::from_secs(10),
            connections: 4096,
            streams: 8192,
        }
    }
}

/// How connections are served.
#[derive(Debug, Clone, Default)]
pub struct Options {
    /// What each of them may take.
    pub limits: Limits,
    /// Who looks at requests before the HTTP library does; without one, the library refuses by itself and in silence.
    pub gate: Option<Gate>,
    /// Keys and certificates, and the protocols to offer in ALPN: `h2`, `http/1.1`. With them, only TLS is spoken.
    pub tls: Option<Arc<rustls::ServerConfig>>,
}

impl From<Limits> for Options {
    fn from(limits: Limits) -> Self {
        Self {
            limits,
            ..Self::default()
        }
    }
}

/// Looks at requests before the HTTP library does.
#[derive(Clone)]
pub struct Gate {
    /// Whether a request is to be recorded, by its target as it stands in the request line.
    pub record: RecordTarget,
    /// The response to a request that nobody can handle. Status, reason phrase ([`hyper::ext::ReasonPhrase`]), fields and content are taken
    /// from it; date, framing and the end of the connection are added.
    pub refuse: Refuse,
}

/// Decides by a request target whether its request is recorded.
pub type RecordTarget = Arc<dyn Fn(&[u8]) -> bool + Send + Sync>;

/// Makes the response to a request that was refused.
pub type Refuse = Arc<dyn Fn(&Refusal) -> Response<Bytes> + Send + Sync>;

impl fmt::Debug for Gate {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.debug_struct("Gate").finish_non_exhaustive()
    }
}

/// A request that no handler will see.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Refusal {
    /// What is wrong with it.
    pub defect: Defect,
    /// What arrived of its head, at most as many bytes as a head may have.
    pub head: Bytes,
}
