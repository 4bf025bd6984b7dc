//! What is put in comes out, in its order and within its bounds, also after the process was killed.
//!
//! `shelves`, `items`, `bounds`, `expiry`, `restart` and `model` are the conformance suite: they know only [`Store`](siteerror_store::Store), and
//! `scratch` is where they get one. `kill` and `file` are about the file itself.

#![expect(
    clippy::unwrap_used,
    reason = "a test whose store fails has failed, in its helpers as well"
)]

mod bounds;
mod expiry;
mod file;
mod items;
mod kill;
mod model;
mod restart;
mod scratch;
mod shelves;
