//! The site: every page, JSON, Markdown and terminal text that `siteerror` shows, and the server that hands them out.
//!
//! A [`View`] is something to show; it has four faces, and the terminal uses the same text as the web. [`Site`] joins the views to addresses
//! and answers requests; [`server`] carries them over sockets. Nothing here reads arguments, the environment or the clock.

mod answer;
mod assets;
mod body;
mod builder;
mod check;
mod client;
mod conditional;
mod markdown;
mod memory;
mod negotiate;
mod page;
mod pages;
mod problem;
mod request;
pub mod routes;
mod sample;
mod search;
pub mod server;
mod site;
pub mod terminal;
pub mod views;

pub use body::Body;
pub use check::Checks;
pub use problem::{PROBLEMS, Problem};
pub use sample::{Counts, Linted, NoResponse, Sample, http_date};
pub use search::{Hit, nearest, nearest_rules, search};
pub use site::{Client, Settings, Site};
pub use views::View;
