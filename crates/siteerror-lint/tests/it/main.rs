//! What the linter promises.

mod breaks;
mod fields;
mod framing;
mod freshness;
mod hostile;
mod pages;
mod redirects;
mod status;
