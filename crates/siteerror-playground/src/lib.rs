//! The API playground: a server that really produces every HTTP status code and fault, for testing clients.
//!
//! It speaks the dialect of httpbin and go-httpbin, causes codes by rules of its own instead of only saying them, sends interim responses, breaks the wire by name,
//! replays sequences from the URL alone, and explains itself. Tests in Rust start one with [`spawn()`].
//!
//! Start reading at [`Scenario`]: the table of everything it can do.

mod accept;
mod bounded;
mod call;
mod causes;
mod certificates;
mod conditions;
mod explain;
mod faults;
mod gateway;
mod keep;
mod lab;
mod limits;
mod openapi;
mod pace;
mod playground;
mod refusal;
mod reply;
mod room;
mod saved;
mod scenario;
mod scenarios;
mod sequence;
mod spawn;
mod tls_faults;
mod trace;
mod trailers;
mod vendors;

pub use explain::Pages;
pub use faults::{Fault, Right, Versions, fault_groups, faults};
pub use keep::{BIN_BYTES, Keep, KeepError, Kept, Place as KeepPlace};
pub use limits::{LIMITS, Limit};
pub use openapi::openapi;
pub use playground::{Options, Playground};
pub use reply::Body;
pub use scenario::{Family, Kind, Methods, Parameter, Place, Scenario, scenarios};
pub use spawn::{Spawned, spawn, spawn_with};
pub use tls_faults::{NOT_OFFERED, TLS_FAULTS, TlsFault, TlsFaults, TlsListener, tls_faults};
pub use vendors::{Vendor, VendorCode};
