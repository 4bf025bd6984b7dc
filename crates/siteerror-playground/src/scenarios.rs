//! The scenarios, one file a family.

mod about;
mod instruments;
mod redirects;
mod sequences;
mod status;
mod tls;
mod vendors;

use crate::scenario::Scenario;

/// Every shelf of scenarios.
pub(crate) static SHELVES: &[&[Scenario]] = &[
    status::SCENARIOS,
    sequences::SCENARIOS,
    instruments::SCENARIOS,
    vendors::SCENARIOS,
    tls::SCENARIOS,
    about::SCENARIOS,
];
