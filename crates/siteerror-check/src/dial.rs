//! Connections to judged addresses. This is the only place of the house that connects to where a URL leads: it takes a `JudgedAddr`, which only the guard
//! makes, and a `TcpSocket`, which cannot take a name.

mod certificate;
mod io;
mod race;
mod tls;
mod tunnel;
mod verdict;

pub(crate) use io::Io;
pub(crate) use race::connect;
pub(crate) use tls::{Alpn, Hello, TlsClient, fault_of as tls_fault};
pub use tls::{Roots, TrustError};
pub(crate) use tunnel::tunnel;
