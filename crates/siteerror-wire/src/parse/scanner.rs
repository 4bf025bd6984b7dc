//! Collects lines until an empty one, within bounds. It looks for line ends only; what the lines say is for others.

use memchr::memchr;

use super::foreign::{self, Sniff};
use crate::framing::{Foreign, Limit};

/// Room for a usual head, so that it is collected without moving.
const USUAL_HEAD_BYTES: usize = 1024;

/// What may be collected.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Bounds {
    pub(crate) start_line: usize,
    pub(crate) field_line: usize,
    pub(crate) total: usize,
    pub(crate) fields: usize,
}

/// What the section begins with.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    StatusLine,
    RequestLine,
    Field,
}

#[derive(Debug)]
pub(crate) struct Scanner {
    buffer: Vec<u8>,
    /// Where the line begins that is not yet complete.
    line_start: usize,
    next: Next,
    fields: usize,
}

/// Where feeding led.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Scan {
    /// All was taken, and the section is not at its end.
    More,
    /// The empty line was taken.
    Ready,
    /// A bound was reached.
    Limit(Limit),
    /// This is no HTTP/1.
    Foreign(Foreign),
}

impl Scanner {
    pub(crate) fn response() -> Self {
        Self::new(Next::StatusLine)
    }

    pub(crate) fn request() -> Self {
        Self::new(Next::RequestLine)
    }

    pub(crate) fn trailers() -> Self {
        Self::new(Next::Field)
    }

    fn new(next: Next) -> Self {
        Self {
            buffer: Vec::new(),
            line_start: 0,
            next,
            fields: 0,
        }
    }

    /// Takes bytes up to the end of the section, and says how many it took.
    pub(crate) fn feed(&mut self, input: &[u8], bounds: &Bounds) -> (usize, Scan) {
        let mut rest = input;
        if self.buffer.capacity() == 0 {
            // No more than came, and no more than most heads have.
            self.buffer.reserve(input.len().min(USUAL_HEAD_BYTES));
        }
        let scan = loop {
            if rest.is_empty() {
                break Scan::More;
            }
            let line = self.buffer.len().saturating_sub(self.line_start);
            let (line_bound, limit) = match self.next {
                Next::Field => (bounds.field_line, Limit::FieldLine),
                Next::StatusLine | Next::RequestLine => (bounds.start_line, Limit::StartLine),
            };
            let line_room = line_bound.saturating_sub(line);
            let room = bounds.total.saturating_sub(self.buffer.len());
            if room == 0 {
                break Scan::Limit(Limit::Head);
            }
            if line_room == 0 {
                break Scan::Limit(limit);
            }
            let window = rest.get(..room.min(line_room)).unwrap_or(rest);
            let end = memchr(b'\n', window);
            let taken = end.map_or(window.len(), |index| index.saturating_add(1));
            let (taken, left) = rest.split_at_checked(taken).unwrap_or((rest, &[]));
            self.buffer.extend_from_slice(taken);
            rest = left;
            if let Some(scan) = self.judge(end.is_some(), bounds) {
                break scan;
            }
        };
        (input.len().saturating_sub(rest.len()), scan)
    }

    /// Judges the line that the buffer ends with.
    fn judge(&mut self, whole: bool, bounds: &Bounds) -> Option<Scan> {
        let line = self.buffer.get(self.line_start..).unwrap_or_default();
        let empty = matches!(line, b"\n" | b"\r\n");
        // A CR may be the beginning of an empty line.
        if !empty && line != b"\r" {
            let sniff = match self.next {
                Next::StatusLine => foreign::response(line, whole),
                Next::RequestLine => foreign::request(line, whole),
                Next::Field => Sniff::Http,
            };
            if let Sniff::Foreign(foreign) = sniff {
                return Some(Scan::Foreign(foreign));
            }
        }
        if !whole {
            return None;
        }
        match (self.next, empty) {
            (Next::Field, true) => {
                self.line_start = self.buffer.len();
                return Some(Scan::Ready);
            }
            (Next::Field, false) if self.fields >= bounds.fields => {
                return Some(Scan::Limit(Limit::Fields));
            }
            (Next::Field, false) => self.fields = self.fields.saturating_add(1),
            // RFC 9112 §2.2: empty lines before the request line are to be ignored, and before a status line nobody minds them either.
            (Next::StatusLine | Next::RequestLine, true) => {}
            (Next::StatusLine | Next::RequestLine, false) => self.next = Next::Field,
        }
        self.line_start = self.buffer.len();
        None
    }

    /// Whether nothing was taken but line ends before the start line.
    pub(crate) fn is_blank(&self) -> bool {
        self.next != Next::Field && self.buffer.iter().all(|byte| b"\r\n".contains(byte))
    }

    /// What the bytes are if none follow them, as long as the first line is not complete.
    pub(crate) fn foreign_at_end(&self) -> Option<Foreign> {
        let line = self.buffer.get(self.line_start..).unwrap_or_default();
        // Only a line that begins like a record or a frame waits for more bytes and is no beginning of a status line.
        match self.next {
            Next::StatusLine if matches!(line.first(), Some(0..=0x17)) && line != b"\r" => {
                Some(Foreign::Other)
            }
            Next::RequestLine if line.first() == Some(&0x16) => Some(Foreign::Other),
            _ => None,
        }
    }

    /// The lines that are complete, if the first of them is there, and the bytes after them.
    pub(crate) fn split(mut self) -> (Option<Vec<u8>>, Vec<u8>) {
        if self.next != Next::Field {
            return (None, self.buffer);
        }
        let rest = self.buffer.split_off(self.line_start);
        (Some(self.buffer), rest)
    }
}
