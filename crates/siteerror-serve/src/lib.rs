//! Sockets in: accepts connections, holds them to deadlines and bounds, and speaks HTTP/1.1 by hyper.
//!
//! Between hyper and the socket lies a thin layer, the shim. A handler finds a [`Wire`] among the extensions of its request and can ask things of the
//! connection that HTTP libraries do not offer: interim responses, bytes as they are, a cut, a reset, a slow pace. This crate knows bytes
//! and deadlines; what they mean is for others.

mod listen;
mod plan;
mod shim;

pub use listen::{Limits, serve};
pub use plan::{Ending, Gone, InvalidInterim, Wire};
