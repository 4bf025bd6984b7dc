//! Messages read from bytes, as the RFCs say they must be.

mod cases;
mod exchanges;
mod fields;
mod limits;
mod properties;
mod table;
mod writing;
