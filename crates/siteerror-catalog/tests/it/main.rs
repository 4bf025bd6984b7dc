//! The catalog against the registry, the RFCs, the table of facts, and its own promises.

mod content_reader;
mod facts;
mod json;
mod lookup;
mod quotations;
mod registry;
mod words;
