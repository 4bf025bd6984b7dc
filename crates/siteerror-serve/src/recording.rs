//! What passed over a connection on behalf of one request, and when.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use bytes::Bytes;
use tokio::time::Instant;

/// Bytes that a recording keeps.
const MOST_BYTES: usize = 256 * 1024;
/// Events that a recording keeps, for a peer that sends byte by byte.
const MOST_EVENTS: usize = 4096;
/// What an event takes besides its bytes.
const EVENT_BYTES: usize = 128;

/// Bytes that follow others closer than this belong to one piece: a stream has no packets, and the server reads the first bytes of a connection apart.
const ONE_PIECE: Duration = Duration::from_micros(200);

/// All that passed for one request: it may be read while it grows.
#[derive(Debug, Clone)]
pub struct Recording(Arc<Mutex<Kept>>);

#[derive(Debug)]
struct Kept {
    began: Instant,
    events: Vec<Event>,
    bytes: usize,
    dropped: u64,
    is_complete: bool,
}

/// Something that happened on the connection.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Event {
    /// When, counted from the first byte of the request.
    pub at: Duration,
    /// What.
    pub kind: EventKind,
}

/// What happened on a connection.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum EventKind {
    /// The client sent this.
    Received(Bytes),
    /// The server sent this.
    Sent(Bytes),
    /// In words, where bytes would tell little: HTTP/2 compresses its fields.
    Note(String),
    /// It is over, and why.
    Ended(End),
}

/// How the recorded part of a connection ended.
#[derive(Debug, Clone, PartialEq, Eq)]
#[non_exhaustive]
pub enum End {
    /// The server closed the connection in order.
    ClosedByServer,
    /// The server reset the connection or the stream.
    ResetByServer,
    /// The client closed its side in order.
    ClosedByClient,
    /// The connection broke or somebody waited too long; in words.
    Lost(String),
    /// The connection goes on with another request.
    NextRequest,
}

impl Recording {
    pub(crate) fn new(began: Instant) -> Self {
        Self(Arc::new(Mutex::new(Kept {
            began,
            events: Vec::new(),
            bytes: 0,
            dropped: 0,
            is_complete: false,
        })))
    }

    /// What happened so far, in order.
    pub fn events(&self) -> Vec<Event> {
        self.lock().events.clone()
    }

    /// How many bytes passed that are not kept: a recording keeps 256 KiB.
    pub fn dropped_bytes(&self) -> u64 {
        self.lock().dropped
    }

    /// Whether nothing will follow.
    pub fn is_complete(&self) -> bool {
        self.lock().is_complete
    }

    /// Bytes of memory that it takes, roughly; one that is not complete counts as full.
    pub fn weight(&self) -> usize {
        let kept = self.lock();
        if kept.is_complete {
            kept.bytes + kept.events.capacity() * EVENT_BYTES
        } else {
            MOST_BYTES
        }
    }

    pub(crate) fn received_at(&self, when: Instant, bytes: &[u8]) {
        self.keep(when, bytes, EventKind::Received);
    }

    pub(crate) fn received(&self, bytes: &[u8]) {
        self.keep(Instant::now(), bytes, EventKind::Received);
    }

    pub(crate) fn sent(&self, bytes: &[u8]) {
        self.keep(Instant::now(), bytes, EventKind::Sent);
    }

    /// Notes something in words.
    pub(crate) fn note(&self, text: &str) {
        self.keep(Instant::now(), text.as_bytes(), |kept| {
            EventKind::Note(String::from_utf8_lossy(&kept).into_owned())
        });
    }

    /// Notes the end; a second one is not heard.
    pub(crate) fn end(&self, end: End) {
        let mut kept = self.lock();
        if !kept.is_complete {
            kept.is_complete = true;
            let at = kept.began.elapsed();
            kept.events.push(Event {
                at,
                kind: EventKind::Ended(end),
            });
        }
    }

    fn keep(&self, when: Instant, bytes: &[u8], kind: impl FnOnce(Bytes) -> EventKind) {
        let mut kept = self.lock();
        if bytes.is_empty() || kept.is_complete {
            return;
        }
        let room = if kept.events.len() < MOST_EVENTS {
            MOST_BYTES - kept.bytes
        } else {
            0
        };
        let first = bytes.get(..room).unwrap_or(bytes);
        kept.dropped += (bytes.len() - first.len()) as u64;
        if first.is_empty() {
            return;
        }
        kept.bytes += first.len();
        let at = when.saturating_duration_since(kept.began);
        let piece = kind(Bytes::copy_from_slice(first));
        if let Some(last) = kept.events.last_mut()
            && at.saturating_sub(last.at) < ONE_PIECE
            && let Some(joined) = joined(&last.kind, &piece)
        {
            last.kind = joined;
        } else {
            kept.events.push(Event { at, kind: piece });
        }
    }

    /// A panic elsewhere leaves it whole: it only ever grows, in single steps.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Bytes of the same side as one piece.
fn joined(first: &EventKind, second: &EventKind) -> Option<EventKind> {
    match (first, second) {
        (EventKind::Received(first), EventKind::Received(second)) => Some(EventKind::Received(
            [first.as_ref(), second].concat().into(),
        )),
        (EventKind::Sent(first), EventKind::Sent(second)) => {
            Some(EventKind::Sent([first.as_ref(), second].concat().into()))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn it_keeps_so_much_and_counts_the_rest() {
        let recording = Recording::new(Instant::now());
        recording.received(&vec![b'a'; 200 * 1024]);
        recording.sent(&vec![b'b'; 100 * 1024]);
        recording.sent(b"c");
        assert_eq!(recording.weight(), 256 * 1024);
        recording.end(End::ClosedByServer);
        recording.end(End::NextRequest);
        recording.sent(b"d");
        let events = recording.events();
        assert_eq!(events.len(), 3);
        assert!(matches!(&events[1].kind, EventKind::Sent(bytes) if bytes.len() == 56 * 1024));
        assert_eq!(events[2].kind, EventKind::Ended(End::ClosedByServer));
        assert_eq!(recording.dropped_bytes(), 44 * 1024 + 1);
        assert!(recording.is_complete());
    }
}
