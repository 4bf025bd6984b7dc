//! Every limit in one table: printed at `/limits`, named in each refusal.

use serde::Serialize;

/// A bound on what a client may ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub struct Limit {
    /// The stable name, with its unit where it has one.
    pub name: &'static str,
    /// The most that is done.
    pub max: u64,
    /// The status of the refusal, or null where more is cut to the limit and the response says so in `Playground-Capped`.
    pub status: Option<u16>,
    /// What it bounds.
    pub about: &'static str,
}

impl Limit {
    /// The most, for people: with its unit, and a comma between thousands.
    pub(crate) fn amount(&self) -> String {
        let digits = self.max.to_string();
        let mut grouped = String::new();
        for (index, digit) in digits.chars().enumerate() {
            if index > 0 && (digits.len() - index).is_multiple_of(3) {
                grouped.push(',');
            }
            grouped.push(digit);
        }
        let unit = match self.name {
            "bytes" => " bytes",
            name if name.ends_with("_bytes") => " bytes",
            name if name.ends_with("_s") => " s",
            _ => "",
        };
        grouped + unit
    }
}

macro_rules! limits {
    ($($(#[$doc:meta])* $constant:ident = $name:literal, $max:expr, $status:expr, $about:literal;)*) => {
        $(#[doc = $about] pub(crate) const $constant: Limit = Limit { name: $name, max: $max, status: $status, about: $about };)*
        /// All limits, in the order of `/limits`.
        pub static LIMITS: &[Limit] = &[$($constant),*];
    };
}

limits! {
    TARGET = "target_bytes", 8 * 1024, Some(414), "Bytes of a request target";
    FIELDS = "fields_bytes", 16 * 1024, Some(431), "Bytes of all field lines of a request together";
    FIELD_LINES = "field_lines", 100, Some(431), "Field lines of a request";
    HEAD_WAIT = "head_s", 10, Some(408), "Seconds in which the head of a request has to arrive";
    CONTENT_WAIT = "content_pause_s", 10, Some(408), "Seconds between two pieces of a request's content";
    CONTENT_TIME = "content_s", 60, Some(408), "Seconds in which all of a request's content has to arrive where it is read";
    CONTENT = "content_bytes", 1024 * 1024, Some(413), "Bytes of a request's content";
    DECODED = "decoded_bytes", 4 * 1024 * 1024, Some(413), "Bytes of a request's content once its coding is undone";
    DELAY = "delay_s", 10, Some(400), "Seconds that an answer is held back, its parts together";
    HELD = "held", 512, Some(503), "Requests that wait or stream slowly at the same time, from everybody together";
    ROOM = "room_bytes", 128 * 1024 * 1024, Some(503), "Bytes of all contents over 16 KiB that are on their way at the same time, from and to everybody together";
    BYTES = "bytes", 1024 * 1024, Some(400), "Bytes of generated content";
    DRIP = "drip_bytes", 10 * 1024 * 1024, Some(400), "Bytes of a drip";
    STREAM = "stream_lines", 100, None, "Lines of a stream";
    LINES = "jsonl_lines", 1000, None, "Lines of JSON in one response";
    EVENTS = "events", 1000, Some(400), "Server-sent events in one response";
    LINKS = "links", 256, Some(400), "Links on a page of links";
    REDIRECTS = "redirects", 100, Some(400), "Redirects in a chain";
    CHOICES = "choices", 100, Some(400), "Status codes in a list to choose from";
    INTERIMS = "interims", 100, Some(400), "Interim responses before a final one";
    FIELDS_ASKED = "fields_asked", 50, Some(400), "Fields that a URL may ask for in the response";
    STEPS = "steps", 100, Some(400), "Responses in a sequence";
    SEQUENCES = "sequences", 10_000, None, "Sequences that are remembered; the longest unused goes first";
    ATTEMPTS = "attempts", 200, None, "Attempts of a sequence that are remembered for its report card";
    TRACES = "traces", 500, None, "Traces that are remembered; the longest unused goes first";
    TRACED = "traced_exchanges", 20, None, "Exchanges in one trace; the oldest goes first";
    RATES = "rates", 10_000, None, "Names for which a rate limit counts; the longest unused goes first";
    REMEMBERED = "remembered_bytes", 32 * 1024 * 1024, None, "Bytes that sequences, traces and labs may take, each kind for itself; the longest unused goes first";
    KEPT = "kept_s", 3600, None, "Seconds for which sequences, traces and labs are remembered after their last use";
    LABS = "labs", 200, None, "Client labs that are remembered; the longest unused goes first";
    LAB_REQUESTS = "lab_requests", 300, Some(507), "Requests of a client lab";
    LAB_CONTENT = "lab_content_bytes", 64 * 1024 * 1024, None, "Bytes that the lab reads of a request's content to see whether the client stops sending";
    BINS = "bins", 1000, Some(507), "Request bins at the same time";
    BIN_REQUESTS = "bin_requests", 100, None, "Requests that a bin keeps; the oldest goes first";
    BIN_BYTES = "bin_bytes", 8 * 1024 * 1024, None, "Bytes that a bin keeps; the oldest request goes first";
    MOCKS = "mocks", 1000, Some(507), "Saved mocks at the same time";
    SAVED = "saved_s", 7 * 24 * 3600, None, "Seconds for which bins and mocks are kept after their last use";
    CAUSE_IDS = "cause_ids", 1000, None, "Names that each kind of rule behind /cause remembers; the longest unused goes first";
    ITEM = "item_bytes", 1024, Some(413), "Bytes of an item that /cause stores";
    QUOTA = "quota_bytes", 256, Some(507), "Bytes that /cause/507 stores under one name";
    BUCKET = "bucket_requests", 5, Some(429), "Requests in a row under one name at /cause/429";
    SLOTS = "slots", 2, Some(503), "Requests in work at the same time under one name at /cause/503";
    MESSAGE = "websocket_message_bytes", 1024 * 1024, Some(400), "Bytes of a WebSocket message";
    SOCKET_WAIT = "websocket_idle_s", 60, None, "Seconds between two frames on a WebSocket; then it is closed with 1008";
    SOCKET = "websocket_s", 600, None, "Seconds for which a WebSocket stays open; then it is closed with 1008";
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_have_their_unit() {
        assert_eq!(TARGET.amount(), "8,192 bytes");
        assert_eq!(BYTES.amount(), "1,048,576 bytes");
        assert_eq!(DELAY.amount(), "10 s");
        assert_eq!(HELD.amount(), "512");
        assert_eq!(KEPT.amount(), "3,600 s");
    }
}
