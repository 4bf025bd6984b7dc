#![doc = include_str!("../README.md")]

pub mod bulk;
mod chain;
pub mod check;
pub mod content;
mod dial;
pub mod failure;
mod fetch;
pub mod hop;
mod hosts;
mod judge;
pub mod limits;
pub mod observe;
mod pool;
pub mod probe;
pub mod report;
mod request;
pub mod resolve;
mod timer;

pub use check::{Checker, HttpVersion, Options, Settings, SetupError};
pub use content::{Content, Hash};
pub use dial::{Roots, TrustError};
pub use failure::{Failure, Kind, Phase};
pub use fetch::Fetched;
pub use hop::{Hop, Timings};
pub use hosts::Hosts;
pub use limits::Limits;
pub use observe::{Observer, Progress, Watch};
pub use probe::{PROBES, Probe, Probed};
pub use report::Report;
pub use request::{USER_AGENT, introduction};
pub use resolve::{Fixed, Reach, Resolver, Source, System};
