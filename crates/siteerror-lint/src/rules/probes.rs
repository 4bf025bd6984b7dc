//! What the answers to more requests bring to light.

mod coding;
mod condition;
mod head;
mod range;

use crate::rule::{Look, Row};

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "head-differs",
        look: Look::Probes(head::differs),
    },
    Row {
        id: "304-missing-fields",
        look: Look::Probes(condition::missing_fields),
    },
    Row {
        id: "validator-ignored",
        look: Look::Probes(condition::ignored),
    },
    Row {
        id: "conditional-status",
        look: Look::Probes(condition::status),
    },
    Row {
        id: "etag-unstable",
        look: Look::Probes(condition::unstable),
    },
    Row {
        id: "etag-not-varied",
        look: Look::Probes(coding::etag_not_varied),
    },
    Row {
        id: "vary-missing",
        look: Look::Probes(coding::vary_missing),
    },
    Row {
        id: "compression-missing",
        look: Look::Probes(coding::missing),
    },
    Row {
        id: "compression-larger",
        look: Look::Probes(coding::larger),
    },
    Row {
        id: "range-ignored",
        look: Look::Probes(range::ignored),
    },
    Row {
        id: "range-wrong",
        look: Look::Probes(range::wrong),
    },
    Row {
        id: "range-wrong-total",
        look: Look::Probes(range::wrong_total),
    },
];
