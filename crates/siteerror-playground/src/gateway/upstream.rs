//! The servers behind the gateway: their table, and where they listen once they do. The only place where an [`Address`] is made.

use std::io;
use std::net::{Ipv4Addr, SocketAddr};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::{OnceCell, Semaphore};
use tokio::task::JoinHandle;

use super::dial::{self, Limits, Trust};
use super::habits::{self, Habit};
use super::met::Met;
use crate::certificates::{Authority, Flaw};

/// Connections to one upstream at the same time: more than there are places for requests that wait.
const CONNECTIONS: usize = 1024;

/// Connections that may be needed to fill a queue of length 0. Linux takes one.
const FILLERS: usize = 16;

/// How long a connection may take before the queue counts as full. The answer of a loopback socket with room takes microseconds.
const FILLED: Duration = Duration::from_millis(100);

/// Where an upstream listens. Nobody else can make one, so the gateway cannot dial anything else.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Address(SocketAddr);

impl Address {
    pub(super) const fn get(self) -> SocketAddr {
        self.0
    }
}

macro_rules! upstreams {
    ($($variant:ident $name:literal $kind:ident $about:literal;)*) => {
        /// A server behind the gateway.
        #[derive(Debug, Clone, Copy, PartialEq, Eq)]
        pub(crate) enum Upstream { $(#[doc = concat!("`", $name, "`: see [`Self::about`].")] $variant,)* }

        impl Upstream {
            /// All of them.
            pub(crate) const ALL: &[Self] = &[$(Self::$variant,)*];

            /// Its stable name.
            pub(crate) const fn name(self) -> &'static str {
                match self { $(Self::$variant => $name,)* }
            }

            /// What it does, in half a sentence.
            pub(crate) const fn about(self) -> &'static str {
                match self { $(Self::$variant => $about,)* }
            }

            const fn kind(self) -> Kind {
                match self { $(Self::$variant => Kind::$kind,)* }
            }
        }
    };
}

impl Upstream {
    /// The one of a name.
    pub(crate) fn find(name: &str) -> Option<Self> {
        Self::ALL
            .iter()
            .copied()
            .find(|upstream| upstream.name() == name)
    }
}

/// How an upstream comes to be, and how it is spoken to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Kind {
    /// A listener that is spoken to in HTTP.
    Http,
    /// A listener that is spoken to in TLS.
    Tls,
    /// A port that is taken, and on which nobody listens.
    Deaf,
    /// A listener whose queue is full.
    Full,
    /// No port: an address to which no connection can be made.
    Nowhere,
}

upstreams! {
    Good "good" Http "it answers 200";
    Slow "slow" Http "it answers 200 after 300 ms";
    Refuses "refuses" Deaf "it refuses the TCP connection";
    QueueFull "queue-full" Full "its queue is full, and it does not answer the TCP handshake";
    Unreachable "unreachable" Nowhere "there is no route to it";
    NeverAnswers "never-answers" Http "it reads the request and stays silent";
    ClosesWithoutAByte "closes-without-a-byte" Http "it reads the request and closes the connection";
    Resets "resets" Http "it reads the request and resets the connection";
    GarbageStatusLine "garbage-status-line" Http "it sends text that does not begin with a status line";
    InvalidHeader "invalid-header" Http "it sends a field line with a NUL byte in it";
    LargeHead "large-head" Http "it answers 200 with 20 KB of fields";
    HugeHead "huge-head" Http "it answers 200 with 130 KB of fields";
    Answers502 "answers-502" Http "it answers 502 itself";
    Answers504 "answers-504" Http "it answers 504 itself";
    GzipWrongLength "gzip-wrong-length" Http "it sends gzip, announces more bytes than it has, and closes";
    ClosesKeptAlive "closes-kept-alive" Http "it answers once, keeps the connection, and closes it when the next request comes";
    TlsGood "tls-good" Tls "it answers 200 over TLS, with a certificate that is right";
    TlsRefuses "tls-refuses" Tls "it answers ClientHello with the alert handshake_failure";
    TlsCloses "tls-closes" Tls "it closes the connection after ClientHello";
    TlsPlainHttp "tls-plain-http" Tls "it answers ClientHello in plain HTTP";
    TlsSelfSigned "tls-self-signed" Tls "its certificate is signed by itself";
    TlsExpired "tls-expired" Tls "its certificate has expired";
    TlsWrongHost "tls-wrong-host" Tls "its certificate is for another host";
    TlsUntrustedRoot "tls-untrusted-root" Tls "its certificate comes from an authority that nobody knows";
}

/// The gateway with the upstreams that were needed so far.
#[derive(Debug)]
pub(crate) struct Gateway {
    clock: fn() -> SystemTime,
    running: Vec<OnceCell<Running>>,
    authority: OnceCell<Arc<Authority>>,
}

/// An upstream that is there until this is dropped.
#[derive(Debug)]
struct Running {
    address: Address,
    task: Option<JoinHandle<()>>,
    /// A port that is taken without a listener, and what fills a queue.
    _taken: (Option<TcpSocket>, Option<TcpListener>, Vec<TcpStream>),
}

impl Drop for Running {
    fn drop(&mut self) {
        if let Some(task) = &self.task {
            task.abort();
        }
    }
}

impl Gateway {
    /// With nothing behind it yet.
    pub(crate) fn new(clock: fn() -> SystemTime) -> Self {
        Self {
            clock,
            running: Upstream::ALL.iter().map(|_| OnceCell::new()).collect(),
            authority: OnceCell::new(),
        }
    }

    /// Asks an upstream, which is started if it is not there yet.
    ///
    /// # Errors
    ///
    /// If it cannot be started.
    pub(crate) async fn ask(&self, upstream: Upstream, limits: Limits) -> io::Result<Met> {
        let address = self.running[upstream as usize]
            .get_or_try_init(|| self.start(upstream))
            .await?
            .address;
        let trust = match upstream.kind() {
            Kind::Tls => Some(Trust::new(self.authority().await?.roots(), self.clock)?),
            _ => None,
        };
        let twice = upstream == Upstream::ClosesKeptAlive;
        Ok(dial::ask(address, trust, twice, limits).await)
    }

    /// The authority that makes all certificates here.
    ///
    /// # Errors
    ///
    /// If no key can be made.
    pub(crate) async fn authority(&self) -> io::Result<Arc<Authority>> {
        self.authority
            .get_or_try_init(|| async {
                Authority::new((self.clock)())
                    .map(Arc::new)
                    .map_err(io::Error::other)
            })
            .await
            .cloned()
    }

    async fn start(&self, upstream: Upstream) -> io::Result<Running> {
        let loopback = SocketAddr::from((Ipv4Addr::LOCALHOST, 0));
        match upstream.kind() {
            Kind::Nowhere => Ok(Running {
                // TCP cannot connect to a broadcast address. This one is loopback's own (127.0.0.0/8), so no packet leaves the machine: the kernel
                // says at once that the network is unreachable.
                address: Address(SocketAddr::from(([127, 255, 255, 255], 9))),
                task: None,
                _taken: (None, None, Vec::new()),
            }),
            Kind::Deaf => {
                // A port that was merely free a moment ago may be somebody else's by now. This one is ours, and nobody listens on it.
                let socket = TcpSocket::new_v4()?;
                socket.bind(loopback)?;
                Ok(Running {
                    address: Address(socket.local_addr()?),
                    task: None,
                    _taken: (Some(socket), None, Vec::new()),
                })
            }
            Kind::Full => {
                let socket = TcpSocket::new_v4()?;
                socket.bind(loopback)?;
                let listener = socket.listen(0)?;
                let address = Address(listener.local_addr()?);
                let mut fillers = Vec::new();
                while fillers.len() < FILLERS {
                    let connected =
                        tokio::time::timeout(FILLED, TcpSocket::new_v4()?.connect(address.get()))
                            .await;
                    let Ok(connected) = connected else { break };
                    fillers.push(connected?);
                }
                Ok(Running {
                    address,
                    task: None,
                    _taken: (None, Some(listener), fillers),
                })
            }
            Kind::Http | Kind::Tls => {
                let habit = self.habit(upstream).await?;
                let listener = TcpListener::bind(loopback).await?;
                let address = Address(listener.local_addr()?);
                Ok(Running {
                    address,
                    task: Some(tokio::spawn(listen(listener, habit))),
                    _taken: (None, None, Vec::new()),
                })
            }
        }
    }

    async fn habit(&self, upstream: Upstream) -> io::Result<Habit> {
        let flaw = match upstream {
            Upstream::TlsGood => Flaw::None,
            Upstream::TlsSelfSigned => Flaw::SelfSigned,
            Upstream::TlsExpired => Flaw::Expired,
            Upstream::TlsWrongHost => Flaw::WrongHost,
            Upstream::TlsUntrustedRoot => Flaw::UntrustedRoot,
            other => return Ok(Habit::Plain(other)),
        };
        let identity = self
            .authority()
            .await?
            .identity(flaw, &[])
            .map_err(io::Error::other)?;
        Ok(Habit::Tls(habits::acceptor(identity)?))
    }
}

async fn listen(listener: TcpListener, habit: Habit) {
    let places = Arc::new(Semaphore::new(CONNECTIONS));
    while let Ok(place) = Arc::clone(&places).acquire_owned().await {
        match listener.accept().await {
            Ok((stream, _)) => {
                let habit = habit.clone();
                tokio::spawn(async move {
                    habits::serve(stream, habit).await;
                    drop(place);
                });
            }
            Err(error) => {
                tracing::warn!(%error, "an upstream cannot accept a connection: {error}");
                tokio::time::sleep(FILLED).await;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn nothing_but_loopback_is_dialled() {
        let gateway = Gateway::new(crate::playground::Options::system().clock);
        for upstream in Upstream::ALL {
            let running = gateway.start(*upstream).await.expect("it starts");
            assert!(
                running.address.get().ip().is_loopback(),
                "{}",
                upstream.name()
            );
        }
    }
}
