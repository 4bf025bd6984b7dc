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

    /// More of the piece that was received last: what one read gave may have to be looked at in parts.
    pub(crate) fn received_too(&self, bytes: &[u8]) {
        let mut kept = self.lock();
        let Some(Event {
            kind: EventKind::Received(piece),
            ..
        }) = kept.events.last()
        else {
            drop(kept);
            return self.received(bytes);
        };
        let piece = piece.clone();
        let first = kept.take(bytes);
        if !first.is_empty()
            && let Some(last) = kept.events.last_mut()
        {
            last.kind = EventKind::Received([piece.as_ref(), first].concat().into());
        }
    }

    /// What one write took.
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
        let first = kept.take(bytes);
        if !first.is_empty() {
            let at = when.saturating_duration_since(kept.began);
            let kind = kind(Bytes::copy_from_slice(first));
            kept.events.push(Event { at, kind });
        }
    }

    /// A panic elsewhere leaves it whole: it only ever grows, in single steps.
    fn lock(&self) -> MutexGuard<'_, Kept> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Kept {
    /// As much of these bytes as there is room for; the rest is counted and let go.
    fn take<'a>(&mut self, bytes: &'a [u8]) -> &'a [u8] {
        if self.is_complete {
            return &[];
        }
        let room = if self.events.len() < MOST_EVENTS {
            MOST_BYTES - self.bytes
        } else {
            0
        };
        let first = bytes.get(..room).unwrap_or(bytes);
        self.bytes += first.len();
        self.dropped += (bytes.len() - first.len()) as u64;
        first
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
        recording.received_too(b"d");
        assert_eq!(recording.weight(), 256 * 1024);
        recording.end(End::ClosedByServer);
        recording.end(End::NextRequest);
        recording.sent(b"e");
        recording.received_too(b"f");
        let events = recording.events();
        assert_eq!(events.len(), 3);
        assert!(matches!(&events[1].kind, EventKind::Sent(bytes) if bytes.len() == 56 * 1024));
        assert_eq!(events[2].kind, EventKind::Ended(End::ClosedByServer));
        assert_eq!(recording.dropped_bytes(), 44 * 1024 + 2);
        assert!(recording.is_complete());
    }

    #[tokio::test(start_paused = true)]
    async fn pieces_stay_apart_however_close_they_are() {
        let recording = Recording::new(Instant::now());
        recording.received(b"one ");
        recording.received_too(b"read");
        recording.received(b"another");
        recording.sent(b"one write");
        recording.sent(b"another");
        recording.received_too(b"read again");
        let kinds: Vec<_> = recording
            .events()
            .into_iter()
            .map(|event| event.kind)
            .collect();
        let received = |text: &'static str| EventKind::Received(text.into());
        let sent = |text: &'static str| EventKind::Sent(text.into());
        assert_eq!(
            kinds,
            [
                received("one read"),
                received("another"),
                sent("one write"),
                sent("another"),
                received("read again")
            ]
        );
    }
}
