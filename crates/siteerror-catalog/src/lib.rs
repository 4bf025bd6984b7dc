#![doc = include_str!("../README.md")]

mod catalog;
mod class;
mod code;
mod facts;
mod id;
mod json;
mod playground;
mod text;

pub use catalog::{Catalog, UnassignedCode, catalog};
pub use class::{Class, ClassPage};
pub use code::{
    Code, Comparison, Example, Fixes, FormerName, Question, Quotation, Source, Standing, Weight,
};
pub use facts::{Cache, Facts, FieldRule, Level, Presence, RedirectMethod, Since};
pub use id::{CodeId, ParseCodeIdError, Vendor};
pub use json::Row;
pub use playground::{Happening, SWITCHING};
pub use text::Text;

/// The JSON Schema (draft 2020-12) of a code's JSON, as [`Code`] and [`UnassignedCode`] serialize.
pub const CODE_SCHEMA: &str = include_str!("../schema/code.schema.json");
