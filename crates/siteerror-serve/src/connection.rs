//! Where a request came from.

use std::net::SocketAddr;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};

use crate::tls::TlsFacts;

/// The connection of a request: [`Incoming::connection`](crate::Incoming::connection).
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Connection {
    /// The address of the other side; none on a stream that has no addresses.
    pub peer: Option<SocketAddr>,
    /// The address of this side.
    pub local: Option<SocketAddr>,
    /// What is known of its encryption; none without TLS.
    pub tls: Option<Arc<TlsFacts>>,
    /// The number of the connection in this process.
    pub id: u64,
    /// The index of the request on the connection, from 0.
    pub request: u64,
}

impl Connection {
    /// The next connection of this process.
    pub(crate) fn next(peer: Option<SocketAddr>, local: Option<SocketAddr>) -> Self {
        static COUNT: AtomicU64 = AtomicU64::new(0);
        Self {
            peer,
            local,
            tls: None,
            id: COUNT.fetch_add(1, Ordering::Relaxed),
            request: 0,
        }
    }
}
