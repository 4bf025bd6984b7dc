//! The scenarios, one file a family.

#![expect(
    clippy::unnecessary_wraps,
    reason = "the functions of the table have one type, whether they can refuse or not"
)]

mod about;
mod bins;
mod caching;
mod content;
mod echoed;
mod instruments;
mod redirects;
mod sequences;
mod auth;
mod cookies;
mod echo;
mod redirects;
mod socket;
mod status;
mod streams;

pub(crate) use redirects::checked_field;

use crate::scenario::Scenario;

/// Every shelf of scenarios, in the order of the index.
pub(crate) static SHELVES: &[&[Scenario]] = &[
    status::SCENARIOS,
    sequences::SCENARIOS,
    instruments::SCENARIOS,
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
