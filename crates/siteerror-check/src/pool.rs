//! Connections that wait for another request, inside one check or one job. A connection is found again only by all of scheme, host, port and address: one that
//! was made for a name never carries another, whatever its certificate says. One that speaks HTTP/1.1 is lent to one at a time; one that speaks HTTP/2 stays
//! here and is shared.

use std::collections::HashMap;
use std::future::poll_fn;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::task::Poll;

use foldhash::fast::RandomState;
use siteerror_guard::{JudgedAddr, Target};
use siteerror_wire::Tls;

use crate::dial::Io;
use crate::failure::Fault;
use crate::hop::http2;

/// A connection with what was learnt when it was made.
#[derive(Debug)]
pub(crate) struct Connection {
    pub(crate) speech: Speech,
    pub(crate) address: SocketAddr,
    pub(crate) tls: Option<Arc<Tls>>,
    /// Why its certificate does not hold: then no secrets go over it.
    pub(crate) distrust: Option<Fault>,
}

impl Connection {
    /// The same connection for one more, if it can carry one more.
    fn share(&self) -> Option<Self> {
        match &self.speech {
            Speech::Http1(_) => None,
            Speech::Http2(line) => Some(Self {
                speech: Speech::Http2(line.share()?),
                address: self.address,
                tls: self.tls.clone(),
                distrust: self.distrust.clone(),
            }),
        }
    }
}

/// How it speaks.
#[derive(Debug)]
pub(crate) enum Speech {
    Http1(Io),
    Http2(http2::Line),
}

#[derive(Debug, PartialEq, Eq, Hash)]
struct Key {
    tls: bool,
    host: Box<str>,
    /// Of the URL: behind a proxy the address does not tell it.
    port: u16,
    address: SocketAddr,
}

impl Key {
    fn of(target: &Target, address: SocketAddr) -> Self {
        Self {
            tls: target.url().scheme() == "https",
            host: target.url().host_str().unwrap_or_default().into(),
            port: target.port(),
            address,
        }
    }
}

/// Connections that wait.
#[derive(Debug)]
pub(crate) struct Pool {
    waiting: Mutex<Waiting>,
    most: usize,
}

#[derive(Debug, Default)]
struct Waiting {
    by_key: HashMap<Key, Vec<Connection>, RandomState>,
    count: usize,
}

impl Pool {
    /// Keeps so many.
    pub(crate) fn new(most: usize) -> Self {
        Self {
            waiting: Mutex::default(),
            most,
        }
    }

    /// A connection for a target to one of its judged addresses.
    pub(crate) async fn take(
        &self,
        target: &Target,
        addresses: &[JudgedAddr],
    ) -> Option<Connection> {
        loop {
            let found = self.find(target, addresses)?;
            if is_usable(&found).await {
                return Some(found);
            }
        }
    }

    fn find(&self, target: &Target, addresses: &[JudgedAddr]) -> Option<Connection> {
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.count == 0 {
            return None;
        }
        for address in addresses {
            let key = Key::of(target, address.socket());
            let Some(connections) = waiting.by_key.get_mut(&key) else {
                continue;
            };
            let before = connections.len();
            while let Some(Speech::Http2(line)) = connections.last().map(|last| &last.speech)
                && !line.is_open()
            {
                connections.pop();
            }
            // The last one was used a moment ago, and is the least likely to have been closed.
            let found = match connections.last().map(|last| &last.speech) {
                Some(Speech::Http1(_)) => connections.pop(),
                _ => connections.iter().rev().find_map(Connection::share),
            };
            let gone = before.saturating_sub(connections.len());
            waiting.count = waiting.count.saturating_sub(gone);
            if found.is_some() {
                return found;
            }
        }
        None
    }

    /// Keeps a connection for the next one.
    pub(crate) fn give(&self, target: &Target, connection: Connection) {
        if let Speech::Http2(line) = &connection.speech
            && line.is_shared()
        {
            return;
        }
        let key = Key::of(target, connection.address);
        let mut waiting = self.waiting.lock().unwrap_or_else(PoisonError::into_inner);
        if waiting.count >= self.most {
            // Whose turn it is to go does not matter much: a job that visits so many hosts seldom comes back to one.
            waiting.by_key.clear();
            waiting.count = 0;
        }
        waiting.by_key.entry(key).or_default().push(connection);
        waiting.count = waiting.count.saturating_add(1);
    }
}

/// A connection on which something came unasked, or its end, is of no use.
async fn is_usable(connection: &Connection) -> bool {
    match &connection.speech {
        Speech::Http1(io) => poll_fn(|cx| Poll::Ready(!io.is_stirred(cx))).await,
        Speech::Http2(line) => line.is_open(),
    }
}
