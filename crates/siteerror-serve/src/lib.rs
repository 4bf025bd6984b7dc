//! Sockets in: accepts connections, holds them to deadlines and bounds, and speaks HTTP/1.1 by hyper and HTTP/2 by h2, with TLS and without.
//!
//! Between hyper and the socket lies a thin layer, the shim. A handler finds a [`Wire`] with the content of its request and can ask things of the
//! connection that HTTP libraries do not offer: interim responses, bytes as they are, a cut, a reset, a slow pace. With a [`Gate`], requests are
//! looked at before hyper does, so that one that nobody can handle is refused by a response of ours, with the status code that its [`Defect`] calls
//! for. This crate knows bytes and deadlines; what they mean is for others.

mod chunk;
mod connection;
mod defect;
mod dispatch;
mod field;
mod frames;
mod gate;
mod h1_content;
mod h2_answer;
mod h2_content;
mod h2_exchange;
mod h2_loop;
mod h2_request;
mod h2_stream;
mod h2_words;
mod head;
mod incoming;
mod listen;
mod options;
mod outgoing;
mod plain;
mod plan;
mod preface;
mod recording;
mod refusal;
mod session;
mod shared;
mod shim;
mod tls;
mod wire;

pub use connection::Connection;
pub use defect::Defect;
pub use incoming::{ContentError, Incoming};
pub use listen::{serve, serve_stream};
pub use options::{Gate, Limits, Options, RecordTarget, Refusal, Refuse};
pub use plan::{Ending, InvalidInterim, Refused};
pub use recording::{End, Event, EventKind, Recording};
pub use shim::Abort;
pub use tls::TlsFacts;
pub use wire::Wire;
