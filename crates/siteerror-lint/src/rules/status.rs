//! What status codes ask for: fields that must come with them, requests that must have come before them.

mod allow;

use crate::rule::{Look, Row};

pub(super) static ROWS: &[Row] = &[
    Row {
        id: "405-without-allow",
        look: Look::Code(&[405], allow::missing),
    },
    Row {
        id: "405-lists-method",
        look: Look::Code(&[405], allow::lists_method),
    },
];
