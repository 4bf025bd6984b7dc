#![doc = include_str!("../README.md")]

mod catalog;
mod class;
mod code;
mod facts;
mod id;
mod json;
mod playground;
mod signal;
mod text;
mod vendor;

pub use catalog::{Catalog, UnassignedCode, catalog};
pub use class::{Class, ClassPage};
pub use code::{
    Code, Comparison, Example, Fixes, FormerName, Question, Quotation, Source, Standing, Weight,
};
pub use facts::{Cache, Facts, FieldRule, Level, Presence, RedirectMethod, Since};
pub use id::{CodeId, ParseCodeIdError, Vendor};
pub use json::{Row, VendorNumber};
pub use playground::{Happening, SWITCHING};
pub use signal::{FaultCell, ProxyFault, Signal, SignalFamily};
pub use text::Text;
pub use vendor::{Meaning, Meanings, Owner, Sample, Setting, Substatus, VendorCode, Wire};

/// The JSON Schema (draft 2020-12) of a code's JSON, as [`Code`], [`VendorCode`], [`Substatus`] and numbers without a registration serialize.
pub const CODE_SCHEMA: &str = include_str!("../schema/code.schema.json");
