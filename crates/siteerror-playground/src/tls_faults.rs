//! TLS that goes wrong, each way on a port of its own: certificates with one thing wrong, handshakes that break, and the good one beside them.
//!
//! The certificates are made at start by an authority of our own, which a client can fetch and trust; then what is left is the fault itself.

mod by_hand;
mod client;
mod listener;
mod setting;
mod table;

use std::future::Future;
use std::io;
use std::net::SocketAddr;
use std::sync::OnceLock;

use rustls::SupportedProtocolVersion;
use serde::Serialize;
use tokio::net::TcpListener;
use tokio::sync::watch;
use tokio::task::JoinSet;

use crate::certificates::Flaw;
use crate::faults::Right;
use crate::playground::Playground;
use setting::Setting;

pub use table::{NOT_OFFERED, TLS_FAULTS};

/// A way in which TLS can go wrong, or right.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct TlsFault {
    /// The stable name.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What the server does, in whole sentences.
    pub about: &'static str,
    /// Where the rule is written.
    pub source: &'static str,
    /// Whether a right client that trusts the authority goes on.
    pub right: Right,
    /// What a right client does.
    pub client: &'static str,
    #[serde(skip)]
    pub(crate) deed: Deed,
}

/// How a fault is done.
#[derive(Debug)]
pub(crate) enum Deed {
    /// The playground behind a certificate, in these versions, with these protocols in ALPN.
    Serve(
        Flaw,
        &'static [&'static SupportedProtocolVersion],
        &'static [&'static [u8]],
    ),
    /// A client certificate is asked for.
    Client(Demand),
    /// Something that no library does.
    ByHand(Oddity),
}

/// How a client certificate is asked for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Demand {
    /// Any will do, and none too.
    Optional,
    /// The handshake fails without a right one.
    Required,
    /// The handshake works with anything, and HTTP says what is wrong.
    AsNginx,
}

/// What no library does.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Oddity {
    ClosesAfterHello,
    Stalls,
    HandshakeFailure,
    PlainHttp,
    /// A `ServerHello` of TLS 1.0 or 1.1: the minor version of the wire, 1 or 2.
    OldVersion(u8),
    /// A `ServerHello` that picks a protocol which the client did not offer.
    UnofferedAlpn,
    /// A whole answer, and an end without `close_notify`.
    NoCloseNotify,
    /// HTTP/2 is agreed on, and HTTP/1.1 is spoken.
    Http1AsHttp2,
}

/// A fault, and where it waits.
#[derive(Debug, Clone, Copy, Serialize)]
#[non_exhaustive]
pub struct TlsListener {
    /// Where it listens.
    pub address: SocketAddr,
    /// What it does.
    #[serde(flatten)]
    pub fault: &'static TlsFault,
}

/// All listeners, until they are told to stop.
#[derive(Debug)]
pub struct TlsFaults {
    listeners: Vec<TlsListener>,
    authority_pem: String,
    tasks: JoinSet<()>,
}

impl TlsFaults {
    /// Every listener, in the order of [`TLS_FAULTS`] and of its ports.
    pub fn listeners(&self) -> &[TlsListener] {
        &self.listeners
    }

    /// The certificate of the authority as PEM, for clients that are to trust it.
    pub fn authority_pem(&self) -> &str {
        &self.authority_pem
    }

    /// Waits until all listeners have stopped.
    pub async fn finished(mut self) {
        while self.tasks.join_next().await.is_some() {}
    }
}

/// What the playground knows of its listeners, once they are on.
#[derive(Debug)]
pub(crate) struct Listing {
    pub(crate) listeners: Vec<TlsListener>,
    pub(crate) authority_pem: String,
    /// A certificate for a client, and its key.
    pub(crate) client_pem: String,
}

/// Where the playground keeps it.
pub(crate) type Slot = OnceLock<Listing>;

/// Listens with every fault of [`TLS_FAULTS`]: on consecutive ports beginning with that of `first`, or on a free port each where it is 0. From then on,
/// `/tls` of the playground lists them. They stop when `stop` is ready, or when what is returned is dropped.
///
/// Certificates are good for `localhost`, the loopback addresses, and the address of `first`.
///
/// # Errors
///
/// If a port cannot be had, or no certificate can be made.
pub async fn tls_faults(
    first: SocketAddr,
    playground: &Playground,
    stop: impl Future<Output = ()> + Send + 'static,
) -> io::Result<TlsFaults> {
    let authority = playground.authority().await?;
    let (announce, stopping) = watch::channel(());
    let mut tasks = JoinSet::new();
    let mut listeners = Vec::with_capacity(TLS_FAULTS.len());
    for (index, fault) in TLS_FAULTS.iter().enumerate() {
        let (listener, address) = bind(first, index).await?;
        let setting = Setting::new(fault, &authority, first.ip())?;
        tasks.spawn(setting.run(listener, playground.clone(), stopping.clone()));
        listeners.push(TlsListener { address, fault });
    }
    let (certificate, key) = authority.client().map_err(io::Error::other)?;
    playground.tell_tls(Listing {
        listeners: listeners.clone(),
        authority_pem: authority.pem(),
        client_pem: certificate + &key,
    });
    drop(stopping);
    tasks.spawn(async move {
        stop.await;
        drop(announce);
    });
    Ok(TlsFaults {
        listeners,
        authority_pem: authority.pem(),
        tasks,
    })
}

async fn bind(first: SocketAddr, index: usize) -> io::Result<(TcpListener, SocketAddr)> {
    let mut address = first;
    if first.port() != 0 {
        let port = u16::try_from(index)
            .ok()
            .and_then(|index| first.port().checked_add(index));
        let port = port.ok_or_else(|| {
            io::Error::new(
                io::ErrorKind::InvalidInput,
                format!(
                    "`{first}` is too high a port: {} consecutive ones are needed",
                    TLS_FAULTS.len()
                ),
            )
        })?;
        address.set_port(port);
    }
    let listener = TcpListener::bind(address).await.map_err(|error| {
        io::Error::new(
            error.kind(),
            format!("cannot listen on `{address}`: {error}"),
        )
    })?;
    let address = listener.local_addr()?;
    Ok((listener, address))
}
