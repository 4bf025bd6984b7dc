//! Where a message begins and ends, and what travels where nothing should.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
