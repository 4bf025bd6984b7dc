//! One exchange at a judged address: what was sent, what came, and what was learnt on the way.

mod fault;
pub(crate) mod frames;
pub(crate) mod http1;
pub(crate) mod http2;

use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;

use siteerror_wire::{Exchange, Received, RequestHead};

pub(crate) use fault::fault_of;

use crate::content::Content;
use crate::failure::Fault;
use crate::timer::Timer;

/// A response, or the attempt to get one.
#[derive(Debug, Clone)]
pub struct Hop {
    /// The URL without credentials, and as it is asked for: without its fragment being sent.
    pub url: String,
    /// The method that was, or would have been, sent.
    pub method: String,
    /// What was said; none if no request was sent.
    pub exchange: Option<Exchange>,
    /// Where; none if there was no connection.
    pub address: Option<SocketAddr>,
    /// What TLS said, also where it ended the hop.
    pub tls: Option<Arc<siteerror_wire::Tls>>,
    /// How long things took.
    pub timings: Timings,
    /// What the content is; none without a final response.
    pub content: Option<Content>,
    /// The URL that Location leads to, resolved; what it says, where that is no URL to follow; none without Location.
    pub location: Option<String>,
    /// Whether that is a URL to follow.
    pub leads_on: bool,
}

/// How long the parts of a hop took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// The lookup; none where no name was asked for.
    pub dns: Option<Duration>,
    /// The connection; none if it was there already.
    pub connect: Option<Duration>,
    /// The TLS handshake.
    pub tls: Option<Duration>,
    /// From the beginning of the hop to the first byte of an answer.
    pub first_byte: Option<Duration>,
    /// The whole hop.
    pub total: Duration,
}

impl Hop {
    pub(crate) fn new(url: String, method: &str) -> Self {
        Self {
            url,
            method: method.to_owned(),
            exchange: None,
            address: None,
            tls: None,
            timings: Timings::default(),
            content: None,
            location: None,
            leads_on: false,
        }
    }

    /// The status code of the final response.
    pub fn status(&self) -> Option<u16> {
        self.head()?.status()
    }

    /// The head of the final response.
    pub fn head(&self) -> Option<&siteerror_wire::ResponseHead> {
        let response = self.exchange.as_ref()?.received.response.as_ref()?;
        Some(&response.head)
    }
}

/// What a task uses over and over again.
#[derive(Debug)]
pub(crate) struct Scratch {
    pub(crate) read: Box<[u8]>,
    pub(crate) write: Vec<u8>,
    pub(crate) timer: Timer,
}

/// Bytes of one read: most answers fit, and a thousand tasks can have one each.
const READ_BYTES: usize = 16 * 1024;

impl Scratch {
    pub(crate) fn new() -> Self {
        Self {
            read: vec![0; READ_BYTES].into_boxed_slice(),
            write: Vec::with_capacity(1024),
            timer: Timer::new(),
        }
    }
}

/// How an exchange went.
#[derive(Debug)]
pub(crate) struct Outcome {
    pub(crate) request: RequestHead,
    pub(crate) received: Received,
    pub(crate) fault: Option<Fault>,
    /// Whether the connection can carry another request.
    pub(crate) reusable: bool,
    pub(crate) close_notify: Option<bool>,
}
