//! The gate before hyper: follows the requests of a connection from head to head, lets pass what is in order, and says what is not.
//!
//! It changes nothing but a minor version above 1, and copies nothing: the bytes of requests in order stay where they arrived.

use std::sync::Arc;

use tokio::time::Instant;

use crate::chunk::Chunks;
use crate::defect::Defect;
use crate::head::{Framing, Head, Next};
use crate::options::{Gate, Limits};
use crate::recording::Recording;
use crate::shared::{Shared, flag};

/// Bytes of empty lines that may stand before a request line (RFC 9112 §2.2 asks for one line).
const BLANK_BYTES: usize = 8;
/// Bytes of field lines that are kept to know them again.
const USUAL_BYTES: usize = 1024;
/// Reads whose times are kept apart while a head arrives in pieces.
const MOST_PIECES: usize = 256;

/// Who keeps the gate of a connection.
#[derive(Debug)]
pub(crate) struct Keeper {
    gate: Gate,
    limits: Limits,
    shared: Arc<Shared>,
    phase: Phase,
    head: Head,
    /// Field lines that passed, with the empty line after them.
    usual: Vec<u8>,
    blank: usize,
    /// Requests that passed.
    passed: u64,
    /// What comes after the message, and what if the response changes no protocol.
    next: Next,
    next_message: Next,
    /// Of the request that is passing, if it is recorded.
    recording: Option<Recording>,
    /// When pieces of a head arrived that is not whole yet, and how many bytes of it were there then.
    pieces: Vec<(Instant, usize)>,
    /// Whether the recording has some of the bytes that are being looked at.
    has_noted: bool,
}

#[derive(Debug, Clone)]
pub(crate) enum Phase {
    Head,
    Sized(u64),
    Chunked(Chunks),
    /// Whether HTTP goes on is up to the response.
    Undecided,
    /// Another protocol.
    Aside,
    /// RFC 9112 §9.6: after a request that says `close`, nothing is read as a request.
    Over,
}

/// Why the gate stopped looking.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Found {
    /// It has seen everything.
    Nothing,
    /// The rest is to be looked at again: it is the beginning of a head, or it is too early to tell.
    Rest,
    /// The rest belongs to no request.
    Over,
    /// The rest is a head with a defect.
    Refused(Defect),
    /// The rest is content with a defect.
    Failed(Defect),
}

impl Keeper {
    pub(crate) fn new(gate: Gate, limits: Limits, shared: Arc<Shared>) -> Self {
        Self {
            gate,
            limits,
            shared,
            phase: Phase::Head,
            head: Head::default(),
            usual: Vec::new(),
            blank: 0,
            passed: 0,
            next: Next::Message,
            next_message: Next::Message,
            recording: None,
            pieces: Vec::new(),
            has_noted: false,
        }
    }

    /// Learns when pieces of the first head arrived, before it is looked at.
    pub(crate) fn after(&mut self, pieces: Vec<(Instant, usize)>) {
        self.pieces = pieces;
    }

    pub(crate) fn phase(&self) -> &Phase {
        &self.phase
    }

    pub(crate) fn gate(&self) -> &Gate {
        &self.gate
    }

    /// Looks at bytes that follow those that passed before; gives how many of them may pass, and why no more.
    pub(crate) fn judge(&mut self, bytes: &mut [u8]) -> (usize, Found) {
        self.has_noted = false;
        let mut at = 0;
        while at < bytes.len() {
            match &mut self.phase {
                Phase::Head => {
                    if self.head.is_untouched() && matches!(bytes[at], b'\r' | b'\n') {
                        match self.blank_lines(&bytes[at..]) {
                            Ok(Some(length)) => at += length,
                            Ok(None) => return (at, Found::Rest),
                            Err(defect) => return (at, Found::Refused(defect)),
                        }
                        if at == bytes.len() {
                            break;
                        }
                    }
                    if let Some(length) = self.repeated(&bytes[at..]) {
                        self.pass(&mut bytes[at..at + length]);
                        at += length;
                        continue;
                    }
                    match self.head.advance(&bytes[at..], &self.limits) {
                        Ok(Some(length)) => {
                            let head = &mut bytes[at..at + length];
                            self.remember(head);
                            self.pass(head);
                            at += length;
                        }
                        Ok(None) => return (at, Found::Rest),
                        Err(defect) => return (at, Found::Refused(defect)),
                    }
                }
                Phase::Sized(left) => {
                    let here = usize::try_from(*left)
                        .unwrap_or(usize::MAX)
                        .min(bytes.len() - at);
                    *left -= here as u64;
                    let is_last = *left == 0;
                    self.note(&bytes[at..at + here]);
                    at += here;
                    if is_last {
                        self.end_message();
                    }
                }
                Phase::Chunked(chunks) => {
                    let (here, defect) = chunks.advance(&bytes[at..], &self.limits);
                    let is_last = chunks.has_ended();
                    self.note(&bytes[at..at + here]);
                    at += here;
                    if let Some(defect) = defect {
                        self.note(&bytes[at..]);
                        return (at, Found::Failed(defect));
                    }
                    if is_last {
                        self.end_message();
                    }
                }
                Phase::Undecided => {
                    if !self.decide() {
                        return (at, Found::Rest);
                    }
                }
                Phase::Aside => {
                    self.note(&bytes[at..]);
                    at = bytes.len();
                }
                Phase::Over => return (at, Found::Over),
            }
        }
        (at, Found::Nothing)
    }

    /// Remembers when a piece of a head came, of which now so many bytes are there.
    pub(crate) fn piece(&mut self, bytes: usize) {
        if let Phase::Head = self.phase {
            if self.pieces.len() == MOST_PIECES {
                self.pieces.pop();
            }
            self.pieces.push((Instant::now(), bytes));
        }
    }

    /// Whether it is clear what follows; asks again if it was not.
    pub(crate) fn decide(&mut self) -> bool {
        if let Phase::Undecided = self.phase {
            if self.shared.has(flag::UNDECIDED) {
                return false;
            }
            let switched = self.shared.has(flag::SWITCHED);
            self.phase = if switched {
                Phase::Aside
            } else {
                after(self.next_message)
            };
        }
        true
    }

    /// Index of the request whose head passed last.
    pub(crate) fn last(&self) -> u64 {
        self.passed.saturating_sub(1)
    }

    /// Empty lines before a request line; none if there may be more of one.
    fn blank_lines(&mut self, bytes: &[u8]) -> Result<Option<usize>, Defect> {
        let mut at = 0;
        loop {
            match bytes.get(at..) {
                Some([b'\n', ..]) => at += 1,
                Some([b'\r', b'\n', ..]) => at += 2,
                Some([b'\r']) => return if at == 0 { Ok(None) } else { self.blank(at) },
                _ => return if at == 0 { Ok(Some(0)) } else { self.blank(at) },
            }
        }
    }

    fn blank(&mut self, bytes: usize) -> Result<Option<usize>, Defect> {
        self.blank += bytes;
        if self.blank > BLANK_BYTES {
            Err(Defect::RequestLine(String::new()))
        } else {
            Ok(Some(bytes))
        }
    }

    /// The length of a head whose field lines are those of a request before it: clients that keep a connection mostly repeat them.
    fn repeated(&mut self, head: &[u8]) -> Option<usize> {
        if self.usual.is_empty() || !self.head.is_untouched() {
            return None;
        }
        let from = self.head.usual_request_line(head, &self.limits)?;
        head[from..]
            .starts_with(&self.usual)
            .then(|| from + self.usual.len())
    }

    /// Keeps the field lines of a whole head for the next one, if they are in order with any request line of HTTP/1.1 and mean nothing to the gate.
    fn remember(&mut self, head: &[u8]) {
        if let Some(fields) = self.head.plain_fields(head)
            && fields.len() <= USUAL_BYTES
        {
            self.usual.clear();
            self.usual.extend_from_slice(fields);
        }
    }

    /// Lets a whole head pass.
    fn pass(&mut self, head: &mut [u8]) {
        let request = self.passed;
        self.passed += 1;
        self.recording =
            (self.gate.record)(&head[self.head.target()]).then(|| self.record(request, head));
        self.pieces.clear();
        if let Some(minor) = self.head.newer() {
            head[minor] = b'1';
        }
        self.next = self.head.next();
        self.next_message = self.head.next_message();
        if self.next == Next::Perhaps {
            self.shared.lock().undecided = request;
            self.shared.set(flag::UNDECIDED);
        }
        self.phase = match self.head.framing() {
            Framing::Length(length) => Phase::Sized(length),
            Framing::Chunked => Phase::Chunked(Chunks::default()),
        };
        if let Phase::Sized(0) = self.phase {
            self.end_message();
        }
    }

    fn record(&mut self, request: u64, head: &[u8]) -> Recording {
        let now = Instant::now();
        let recording = Recording::new(self.pieces.first().map_or(now, |(when, _)| *when));
        let mut from = 0;
        for (when, to) in &self.pieces {
            let to = (*to).min(head.len());
            recording.received_at(*when, head.get(from..to).unwrap_or_default());
            from = from.max(to);
        }
        recording.received_at(now, &head[from..]);
        self.has_noted = true;
        self.shared
            .lock()
            .to_come
            .push_back((request, recording.clone()));
        self.shared.set(flag::RECORD_NEXT);
        recording
    }

    fn note(&mut self, bytes: &[u8]) {
        let Some(recording) = &self.recording else {
            return;
        };
        // What one read gave is one piece, head and content alike.
        if std::mem::replace(&mut self.has_noted, true) {
            recording.received_too(bytes);
        } else {
            recording.received(bytes);
        }
    }

    fn end_message(&mut self) {
        self.head = Head::default();
        self.blank = 0;
        self.phase = after(self.next);
        self.decide();
    }
}

fn after(next: Next) -> Phase {
    match next {
        Next::Message => Phase::Head,
        Next::Perhaps => Phase::Undecided,
        Next::Nothing => Phase::Over,
    }
}
