//! Where clients are sent, how often, and how long they are asked to wait.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
