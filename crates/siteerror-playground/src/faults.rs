//! Wrong answers by name: what leaves, what the rule is, and what a right client makes of it.

mod table;

use std::time::Duration;

use serde::Serialize;
use siteerror_serve::Ending;

pub use table::FAULTS;

use crate::call::Call;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Later, Outcome};

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
    #[serde(skip)]
    pub(crate) deed: Deed,
}

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
    /// The field lines of every answer of the playground: which page explains it, and the sandbox.
    Fields,
    /// Nothing, for a while.
    Pause(Duration),
}

impl std::fmt::Debug for Deed {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Script(pieces, ending) => {
                write!(formatter, "Script({} pieces, {ending:?})", pieces.len())
            }
            Self::Ask(_) => formatter.write_str("Ask"),
        }
    }
}

/// The fault of a name.
pub fn find(name: &str) -> Option<&'static Fault> {
    FAULTS.iter().find(|fault| fault.name == name)
}

/// Breaks the answer to a call.
///
/// # Errors
///
/// If the version of HTTP in use cannot carry the fault, or the connection is gone.
pub(crate) async fn play(fault: &'static Fault, call: &mut Call) -> Outcome {
    let fits = match fault.versions {
        Versions::Both => true,
        Versions::One => !call.is_http2(),
        Versions::Two => call.is_http2(),
    };
    if !fits {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            format!(
                "`{}` cannot be played over {:?}",
                fault.name, call.parts.version
            ),
        )
        .hint("each fault of /faults lists the versions of HTTP that can carry it"));
    }
    match fault.deed {
        Deed::Ask(ask) => ask(call).await,
        Deed::Script(pieces, ending) => {
            let _hold = call.hold()?;
            for piece in pieces {
                let sent = match piece {
                    Piece::Bytes(bytes) => call.wire.raw(bytes).await,
                    Piece::Repeat(bytes, times) => call.wire.raw(&bytes.repeat(*times)).await,
                    Piece::Fields => {
                        let page = call.here(&format!("/faults/{}", fault.name));
                        let fields = format!(
                            "Link: <{page}>; rel=\"describedby\"\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\nAccess-Control-Allow-Origin: *\r\n"
                        );
                        call.wire.raw(fields.as_bytes()).await
                    }
                    Piece::Pause(time) => {
                        tokio::time::sleep(*time).await;
                        Ok(())
                    }
                };
                sent.map_err(|error| gone(&error))?;
            }
            call.wire
                .close(ending)
                .await
                .map_err(|error| gone(&error))?;
            // Nothing of this leaves: the connection has ended in its place.
            Ok(Reply::status(http::StatusCode::OK))
        }
    }
}

fn gone(error: &dyn std::error::Error) -> Refusal {
    Refusal::new("version-not-possible", 400, error.to_string())
}
