//! The scenarios, one file a family.

mod about;
mod bins;
mod instruments;
mod caching;
mod content;
mod echoed;
mod redirects;
mod sequences;
mod status;
mod streams;

pub(crate) use redirects::check_target;

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
    about::SCENARIOS,
];
