//! Wrong answers by name: what leaves, what the rule is, and what a right client makes of it.

mod answers;
mod chunked;
mod connection;
mod content;
mod fields;
mod http2;
mod interims;
mod length;
pub(crate) mod measured;
mod play;
mod status_line;
mod table;
mod transfer;

use std::time::Duration;

use serde::Serialize;
use siteerror_serve::Ending;

pub(crate) use play::{AFTER, CODE, PAUSE, play};
pub(crate) use table::{GROUPS, Group, alike, find};
pub use table::{fault_groups, faults};

use crate::call::Call;
use crate::scenario::Later;

/// A way to break an answer.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Fault {
    /// The stable name.
    pub name: &'static str,
    /// A few words.
    pub title: &'static str,
    /// What leaves the server, in whole sentences.
    pub about: &'static str,
    /// What the rule is.
    pub rule: &'static str,
    /// Where it is written.
    pub source: &'static str,
    /// Whether a right client takes it.
    pub right: Right,
    /// What a right client does.
    pub client: &'static str,
    /// The versions of HTTP in which it can be played.
    pub versions: Versions,
    /// The request method that brings it out.
    pub method: &'static str,
    /// The parameters of the query that change something about it.
    #[serde(skip_serializing_if = "<[&str]>::is_empty")]
    pub parameters: &'static [&'static str],
    /// Whether content is missing at the end, where the bytes of HTTP/1.1 do not tell.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cut: Option<bool>,
    #[serde(skip)]
    pub(crate) deed: Deed,
}

/// What faults of HTTP/1.1 have in common. Each row of the table replaces the words.
const ONE: Fault = Fault {
    name: "",
    title: "",
    about: "",
    rule: "",
    source: "",
    right: Right::Refuse,
    client: "",
    versions: Versions::One,
    method: "GET",
    parameters: &[],
    cut: None,
    deed: Deed::Script(&[], Ending::Fin),
};

/// The beginning of most scripts: everything up to the fields that the fault is about.
const OK: Piece = Piece::Bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n");

/// What a right client makes of a fault.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Right {
    /// It reports an error.
    Refuse,
    /// It takes the answer.
    Accept,
    /// The rule leaves it the choice.
    Either,
}

/// Versions of HTTP.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Versions {
    /// HTTP/1.1.
    #[serde(rename = "HTTP/1.1")]
    One,
    /// HTTP/1.1 inside of TLS.
    #[serde(rename = "HTTP/1.1 with TLS")]
    OneWithTls,
    /// HTTP/2.
    #[serde(rename = "HTTP/2")]
    Two,
    /// HTTP/1.1 and HTTP/2.
    #[serde(rename = "HTTP/1.1, HTTP/2")]
    Both,
}

/// How a fault is done.
pub(crate) enum Deed {
    /// Bytes and pauses in place of an answer, then the end of the connection.
    Script(&'static [Piece], Ending),
    /// The same, before the content of the request is read.
    Unread(&'static [Piece], Ending),
    /// Things asked of the connection.
    Ask(for<'a> fn(&'a mut Call) -> Later<'a>),
}

/// A part of a script.
#[derive(Debug)]
pub(crate) enum Piece {
    /// Bytes as they are.
    Bytes(&'static [u8]),
    /// The same bytes so many times.
    Repeat(&'static [u8], usize),
    /// The field lines of every answer of the playground: its date, which page explains it, and the sandbox.
    Fields,
    /// Nothing, for a while.
    Pause(Duration),
    /// Bytes one at a time, with a pause after each.
    Drip(&'static [u8], Duration),
}

/// Its words in pages and text.
impl Fault {
    /// As it stands in a column for the versions of HTTP.
    pub(crate) const fn versions_label(&self) -> &'static str {
        match self.versions {
            Versions::One => "HTTP/1.1",
            Versions::OneWithTls => "HTTP/1.1 with TLS",
            Versions::Two => "HTTP/2",
            Versions::Both => "HTTP/1.1 and HTTP/2",
        }
    }

    /// The version over which it was measured: each fault that HTTP/1.1 can carry, in that one.
    pub(crate) const fn measured_over(&self) -> &'static str {
        match self.versions {
            Versions::One | Versions::OneWithTls | Versions::Both => "HTTP/1.1",
            Versions::Two => "HTTP/2",
        }
    }

    /// What a right client makes of it, in a few words.
    pub(crate) const fn verdict(&self) -> &'static str {
        match self.right {
            Right::Refuse => "A right client reports an error",
            Right::Accept => "A right client takes the answer",
            Right::Either => "A right client may do either",
        }
    }
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Script(pieces, ending) | Self::Unread(pieces, ending) => {
                write!(formatter, "Script({} pieces, {ending:?})", pieces.len())
            }
            Self::Ask(_) => formatter.write_str("Ask"),
        }
    }
}
