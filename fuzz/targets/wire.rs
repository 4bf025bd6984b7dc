//! Any bytes as a response and as a request, whole and in two pieces: the same bytes come out again.
#![no_main]

use libfuzzer_sys::fuzz_target;
use siteerror_wire::{Asked, Closing, Limits, ResponseReader, read_request, read_response};

fuzz_target!(|bytes: &[u8]| {
    let whole = read_response(bytes, Asked::by("GET"), Limits::default(), Closing::Orderly);
    let mut reader = ResponseReader::new(Asked::by("GET"), Limits::default());
    let (first, second) = bytes.split_at(bytes.len() / 2);
    reader.push(first);
    reader.push(second);
    let pieces = reader.finish(Closing::Orderly);
    assert_eq!(format!("{:?}", whole.end), format!("{:?}", pieces.end));
    let _ = read_request(bytes, Limits::default());
});
