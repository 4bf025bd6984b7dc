//! The scenarios, one file a family.

mod about;
mod bins;
mod instruments;
mod redirects;
mod sequences;
mod status;

pub(crate) use redirects::check_target;

use crate::scenario::Scenario;

/// Every shelf of scenarios, in the order of the index.
pub(crate) static SHELVES: &[&[Scenario]] = &[
    status::SCENARIOS,
    sequences::SCENARIOS,
    instruments::SCENARIOS,
    bins::SCENARIOS,
    about::SCENARIOS,
];
