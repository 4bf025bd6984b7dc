//! The scenarios, one file a family.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the table holds functions of one type"
)]

mod about;
mod auth;
mod bins;
mod caching;
mod causes;
mod content;
mod cookies;
mod echo;
mod faults;
mod gateway;
mod instruments;
mod interim;
mod lab;
mod redirects;
mod sequences;
pub(crate) mod socket;
mod status;
mod streams;
mod tls;
mod vendors;

pub(crate) use redirects::checked_field;

use crate::scenario::Scenario;

/// Every shelf of scenarios.
pub(crate) static SHELVES: &[&[Scenario]] = &[
    status::SCENARIOS,
    causes::SCENARIOS,
    interim::SCENARIOS,
    faults::SCENARIOS,
    sequences::SCENARIOS,
    instruments::SCENARIOS,
    gateway::SCENARIOS,
    vendors::SCENARIOS,
    tls::SCENARIOS,
    lab::SCENARIOS,
    bins::SCENARIOS,
    redirects::SCENARIOS,
    caching::SCENARIOS,
    streams::SCENARIOS,
    content::SCENARIOS,
    echo::SCENARIOS,
    auth::SCENARIOS,
    cookies::SCENARIOS,
    socket::SCENARIOS,
    about::SCENARIOS,
];
