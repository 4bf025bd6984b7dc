//! The scenarios, one file a family.

mod about;
mod causes;
mod instruments;
mod redirects;
mod sequences;
mod status;

use crate::scenario::Scenario;

/// Every shelf of scenarios.
pub(crate) static SHELVES: &[&[Scenario]] = &[
    status::SCENARIOS,
    causes::SCENARIOS,
    sequences::SCENARIOS,
    instruments::SCENARIOS,
    about::SCENARIOS,
];
