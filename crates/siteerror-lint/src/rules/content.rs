//! What the content is: its type, its coding, its language, and what an error should say.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
