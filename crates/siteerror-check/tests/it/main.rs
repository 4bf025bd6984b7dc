//! The checker against servers that misbehave.

mod chain;
mod support;
