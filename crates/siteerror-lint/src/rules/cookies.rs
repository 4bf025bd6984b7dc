//! Set-Cookie, and what makes a client drop it or a thief glad.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
