#![doc = include_str!("../README.md")]
// Cargo cannot add lints to those of the workspace, so these three stand here: foreign bytes must not be able to end the program.
#![warn(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod connection;
pub mod defect;
pub mod exchange;
pub mod field;
pub mod framing;
pub mod message;
pub mod parse;
pub mod write;

pub use connection::{Certificate, Connection, Key, Protocol, Scheme, Tls};
pub use defect::{Defect, DefectKind, Defects, Gravity};
pub use exchange::{Exchange, Received, read_request, read_response};
pub use framing::{End, Framing};
pub use message::{Body, Fields, Request, RequestHead, Response, ResponseHead, Version};
pub use parse::{Asked, Closing, Event, Finished, Limits, RequestReader, ResponseReader};
