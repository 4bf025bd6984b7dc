//! What can be watched while a check runs: for a page that fills up as things happen.

use std::net::SocketAddr;

use siteerror_wire::{ResponseHead, Tls};

use crate::hop::Hop;

/// Something that just happened at a hop.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Progress<'a> {
    /// A URL is next.
    HopStarted {
        /// Which hop; 0 is the first URL.
        hop: usize,
        /// Its URL, without credentials.
        url: &'a str,
    },
    /// The name was looked up, and all its addresses may be visited.
    Resolved {
        /// Which hop.
        hop: usize,
        /// How many addresses there are.
        addresses: usize,
    },
    /// A connection is there.
    Connected {
        /// Which hop.
        hop: usize,
        /// To where.
        address: SocketAddr,
        /// Whether it carried a request before.
        reused: bool,
    },
    /// The TLS handshake is done.
    Secured {
        /// Which hop.
        hop: usize,
        /// What was agreed on.
        tls: &'a Tls,
    },
    /// An interim response came.
    Interim {
        /// Which hop.
        hop: usize,
        /// Its head.
        head: &'a ResponseHead,
    },
    /// The head of the final response came.
    Head {
        /// Which hop.
        hop: usize,
        /// The head.
        head: &'a ResponseHead,
    },
    /// The hop is over, well or not.
    HopDone {
        /// Which hop.
        hop: usize,
        /// What was learnt.
        result: &'a Hop,
    },
}

/// Who watches. `()` does not look.
pub trait Observer: Send {
    /// Something happened.
    fn see(&mut self, progress: Progress<'_>);
}

impl Observer for () {
    fn see(&mut self, _: Progress<'_>) {}
}

/// A function of what happens.
#[derive(Debug)]
pub struct Watch<F>(pub F);

impl<F: FnMut(Progress<'_>) + Send> Observer for Watch<F> {
    fn see(&mut self, progress: Progress<'_>) {
        (self.0)(progress);
    }
}
