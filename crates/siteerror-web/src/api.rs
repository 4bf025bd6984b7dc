//! The JSON API.

pub(crate) mod codes;
pub(crate) mod search;
