//! Every answer of a lookup is judged (S6), and only what was judged can be connected to (S8). Looking up is the caller's part.

use std::net::{IpAddr, SocketAddr};

use crate::address::canonical;
use crate::guard::Guard;
use crate::target::Target;
use crate::verdict::{Reason, Refusal, Rule, Warning};

/// So many addresses may a name have.
pub const MOST_ADDRESSES: usize = 64;

/// An address with its port that was judged. Only the guard makes one, so a function that takes it cannot be called with anything else.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub struct JudgedAddr {
    socket: SocketAddr,
    warning: Option<Warning>,
}

impl JudgedAddr {
    pub(crate) fn new(address: IpAddr, port: u16, warning: Option<Warning>) -> Self {
        Self {
            socket: SocketAddr::new(canonical(address), port),
            warning,
        }
    }

    /// Where to connect. An IPv4-mapped address is the IPv4 address that it means; a NAT64 address stays what it is.
    pub const fn socket(&self) -> SocketAddr {
        self.socket
    }

    /// What the public policy would have refused it for.
    pub const fn warning(&self) -> Option<Warning> {
        self.warning
    }

    /// Whether a connection that was made leads to this address. If not, close it.
    pub const fn is_peer(&self, peer: SocketAddr) -> bool {
        match (self.socket.ip(), canonical(peer.ip())) {
            (IpAddr::V4(ours), IpAddr::V4(theirs)) => {
                ours.to_bits() == theirs.to_bits() && self.socket.port() == peer.port()
            }
            (IpAddr::V6(ours), IpAddr::V6(theirs)) => {
                ours.to_bits() == theirs.to_bits() && self.socket.port() == peer.port()
            }
            _ => false,
        }
    }
}

impl Guard {
    /// Judges the answers of one lookup of a target's name, A and AAAA together. A new lookup needs a new judgement.
    ///
    /// No answers give no addresses; that the name was not found is for the caller to say.
    ///
    /// # Errors
    ///
    /// More than [`MOST_ADDRESSES`] (S6), or one address that we do not visit, at whatever place (S7). Which one it is, and of what kind, is not said:
    /// a stranger must not read a private DNS through us.
    pub fn answers(&self, target: &Target, answers: &[IpAddr]) -> Result<Vec<JudgedAddr>, Refusal> {
        if answers.len() > MOST_ADDRESSES && !self.is_local() {
            return Err(Refusal::blocked(Rule::S6, Reason::TooManyAddresses));
        }
        let kept = answers.iter().take(MOST_ADDRESSES);
        let judged: Vec<JudgedAddr> = kept
            .map(|answer| {
                let found = self.address(*answer, target.port());
                let warning = found.map(|reason| Warning {
                    rule: Rule::S7,
                    reason,
                });
                JudgedAddr::new(*answer, target.port(), warning)
            })
            .collect();
        let bad = judged.iter().filter(|judged| judged.warning.is_some());
        if bad.count() > 0 && !self.is_local() {
            return Err(Refusal::blocked(Rule::S7, Reason::NameToSpecialAddress));
        }
        Ok(judged)
    }
}
