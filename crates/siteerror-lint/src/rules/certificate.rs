//! What the certificate of the server says about itself.

use crate::rule::Row;

pub(super) static ROWS: &[Row] = &[];
