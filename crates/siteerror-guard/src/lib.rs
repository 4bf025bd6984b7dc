#![doc = include_str!("../README.md")]
// Cargo cannot add lints to those of the workspace, so these three stand here: foreign text must not be able to end the program.
#![warn(
    clippy::indexing_slicing,
    clippy::string_slice,
    clippy::arithmetic_side_effects
)]

pub mod address;
pub mod answers;
pub mod chain;
pub mod guard;
pub mod name;
pub mod options;
pub mod show;
pub mod target;
mod url;
pub mod verdict;

pub use address::Range;
pub use answers::JudgedAddr;
pub use chain::{Asked, Stop, Trail, Walk, walk};
pub use guard::{Guard, Policy, Rules};
pub use name::Name;
pub use target::{Credentials, Host, Target};
pub use verdict::{Reason, Refusal, Rule, Verdict, Warning};

/// The parser whose values the [`Target`] shows.
pub use ::url::{Origin, Url};
