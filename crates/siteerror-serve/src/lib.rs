//! Sockets in: accepts connections, holds them to deadlines and bounds, and speaks HTTP/1.1 by hyper.
//!
//! Between hyper and the socket lies a thin layer, the shim. A handler finds a [`Wire`] among the extensions of its request and can ask things of the
//! connection that HTTP libraries do not offer: interim responses, bytes as they are, a cut, a reset, a slow pace. With a [`Gate`], requests are
//! looked at before hyper does, so that one that nobody can handle is refused by a response of ours, with the status code that its [`Defect`] calls
//! for. This crate knows bytes and deadlines; what they mean is for others.

mod chunk;
mod connection;
mod defect;
mod dispatch;
mod field;
mod gate;
mod head;
mod incoming;
mod listen;
mod options;
mod plan;
mod recording;
mod refusal;
mod shared;
mod shim;

pub use connection::Connection;
pub use defect::Defect;
pub use incoming::{ContentError, Incoming};
pub use listen::{serve, serve_stream};
pub use options::{Gate, Limits, Options, RecordTarget, Refusal, Refuse};
pub use plan::{Ending, InvalidInterim, Refused, Wire};
pub use recording::{End, Event, EventKind, Recording};
pub use shim::Abort;
