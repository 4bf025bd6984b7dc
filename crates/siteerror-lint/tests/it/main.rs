//! What the linter promises.

mod breaks;
mod hostile;
mod pages;
mod redirects;
mod status;
