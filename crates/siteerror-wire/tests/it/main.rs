//! Messages read from bytes, as the RFCs say they must be.

mod cases;
mod exchanges;
mod fields;
mod limits;
mod properties;
mod table;
mod writing;

use std::time::Duration;

use siteerror_wire::exchange::Collector;
use siteerror_wire::{Asked, Closing, Limits, Received, read_response};

/// Reads a response at once and byte by byte, which must be the same, and every byte must be kept.
fn read_both_ways(bytes: &[u8], asked: Asked, limits: Limits, closing: Closing) -> Received {
    let received = read_response(bytes, asked, limits, closing);
    let mut collector = Collector::new(asked, limits);
    for byte in bytes {
        collector.push(&[*byte], Duration::ZERO);
    }
    let shown = received.to_bytes().escape_ascii().to_string();
    assert_eq!(
        received,
        collector.finish(closing, Duration::ZERO),
        "{shown}"
    );
    assert_eq!(received.to_bytes(), bytes, "{shown}");
    received
}
