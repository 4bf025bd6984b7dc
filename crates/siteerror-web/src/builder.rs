//! The request builder behind `/playground`: what its form holds, the request that comes of it, the same request in seven languages, and its answer.
//!
//! There is one place that composes a request, [`Request::compose`]. Scripts in the browser ask for what it made and build nothing themselves.

mod commands;
mod play;
mod reading;
mod request;
mod state;

pub(crate) use commands::{Command, commands, shell_word};
pub(crate) use play::{End, Exchange, play};
pub(crate) use reading::{Part, Piece, Reading};
pub(crate) use request::{Again, NOT_IN_A_VALUE, Request};
pub(crate) use state::{State, With};
