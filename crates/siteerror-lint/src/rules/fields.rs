//! Field lines: their syntax, and the fields that no other group looks at.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
