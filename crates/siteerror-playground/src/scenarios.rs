//! The scenarios, one file a family.

mod about;
mod redirects;
mod sequences;
mod status;

use crate::scenario::Scenario;

/// Every shelf of scenarios, in the order of the index.
pub(crate) static SHELVES: &[&[Scenario]] =
    &[status::SCENARIOS, sequences::SCENARIOS, about::SCENARIOS];
