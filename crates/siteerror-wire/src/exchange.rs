//! A request with everything that came back, as plain data, and the collector that puts it together. Times are given in: nobody here has a clock.

use std::time::Duration;

use crate::connection::Connection;
use crate::defect::Defects;
use crate::framing::{End, Framing};
use crate::message::{Body, Request, Response, ResponseHead};
use crate::parse::{Asked, Closing, Event, Limits, RequestReader, ResponseReader};

/// A request and what came back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Exchange {
    /// What was asked.
    pub request: Request,
    /// What came.
    pub received: Received,
    /// What carried it.
    pub connection: Connection,
}

/// An interim response, and when its head was complete.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Interim {
    /// Status line and header section.
    pub head: ResponseHead,
    /// When it came.
    pub at: Duration,
}

/// When things came, from the moment that the caller counts from.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Timings {
    /// The first byte of all.
    pub first_byte: Option<Duration>,
    /// The last byte of the final head.
    pub head: Option<Duration>,
    /// The end of the message or of the connection.
    pub end: Duration,
}

/// All that came in answer to one request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Received {
    /// Interim responses in order.
    pub interims: Vec<Interim>,
    /// The final response, if its status line came. Its head may be incomplete.
    pub response: Option<Response>,
    /// The first bytes that are part of no message, up to [`UNREAD_KEPT_BYTES`].
    pub unread: Vec<u8>,
    /// How many bytes were part of no message.
    pub unread_bytes: u64,
    /// How it ended.
    pub end: End,
    /// What told the end of the final response, if its head was complete.
    pub framing: Option<Framing>,
    /// All that is wrong.
    pub defects: Defects,
    /// When things came.
    pub timings: Timings,
}

/// So many bytes that are no message are kept: enough to see what they are.
pub const UNREAD_KEPT_BYTES: usize = 64 * 1024;

impl Received {
    /// The bytes as they came, as far as they are kept.
    pub fn to_bytes(&self) -> Vec<u8> {
        let mut bytes = Vec::new();
        for interim in &self.interims {
            bytes.extend(interim.head.to_bytes());
        }
        if let Some(response) = &self.response {
            bytes.extend(response.to_bytes());
        }
        bytes.extend_from_slice(&self.unread);
        bytes
    }
}

/// Puts together what a [`ResponseReader`] gives.
#[derive(Debug)]
pub struct Collector {
    reader: ResponseReader,
    received: Received,
    ended_at: Option<Duration>,
}

impl Collector {
    /// Begins with the first byte after the request.
    pub fn new(asked: Asked, limits: Limits) -> Self {
        Self {
            reader: ResponseReader::new(asked, limits),
            received: Received {
                interims: Vec::new(),
                response: None,
                unread: Vec::new(),
                unread_bytes: 0,
                end: End::Nothing,
                framing: None,
                defects: Defects::default(),
                timings: Timings::default(),
            },
            ended_at: None,
        }
    }

    /// Takes bytes that came at a time, and says how the message ended, if it did.
    pub fn push(&mut self, bytes: &[u8], at: Duration) -> Option<End> {
        if !bytes.is_empty() {
            self.received.timings.first_byte.get_or_insert(at);
        }
        for event in self.reader.push(bytes) {
            self.take(event, at);
        }
        let end = self.reader.end();
        if end.is_some() {
            self.ended_at.get_or_insert(at);
        }
        end
    }

    /// What is there so far: interims and the head as they come.
    pub fn so_far(&self) -> &Received {
        &self.received
    }

    /// What was found wrong so far.
    pub fn defects(&self) -> &Defects {
        self.reader.defects()
    }

    /// What tells the end of the message, once its head is complete.
    pub fn framing(&self) -> Option<Framing> {
        self.reader.framing()
    }

    /// No more bytes will come.
    pub fn finish(mut self, closing: Closing, at: Duration) -> Received {
        let reader = self.reader;
        let finished = reader.finish(closing);
        let mut received = self.received;
        for event in finished.events {
            received.take(event, at);
        }
        received.end = finished.end;
        received.framing = finished.framing;
        received.defects = finished.defects;
        received.timings.end = *self.ended_at.get_or_insert(at);
        received
    }

    fn take(&mut self, event: Event, at: Duration) {
        self.received.take(event, at);
    }
}

impl Received {
    fn take(&mut self, event: Event, at: Duration) {
        match event {
            Event::Interim(head) => self.interims.push(Interim { head, at }),
            Event::Response(head) => {
                if head.is_complete() {
                    self.timings.head = Some(at);
                }
                let body = Body::default();
                self.response = Some(Response { head, body });
            }
            Event::Unread(bytes) => {
                keep_unread(&mut self.unread, &mut self.unread_bytes, &bytes);
            }
            event => {
                if let Some(response) = &mut self.response {
                    take_body(&mut response.body, event);
                }
            }
        }
    }
}

/// What came where a request should.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ReceivedRequest {
    /// The request, if its first line came. Its head may be incomplete.
    pub request: Option<Request>,
    /// The first bytes that are not part of it, up to [`UNREAD_KEPT_BYTES`]: perhaps the next request.
    pub unread: Vec<u8>,
    /// How many bytes were not part of it.
    pub unread_bytes: u64,
    /// How it ended.
    pub end: End,
    /// What told its end, if its head was complete.
    pub framing: Option<Framing>,
    /// All that is wrong.
    pub defects: Defects,
}

/// Reads all that came in answer to one request, when all of it is at hand.
///
/// ```
/// use siteerror_wire::{Asked, Closing, DefectKind, End, Limits, read_response};
///
/// let bytes = b"HTTP/1.1 200 OK\r\nContent-Length: 40\r\n\r\ntoo short";
/// let received = read_response(bytes, Asked::by("GET"), Limits::default(), Closing::Orderly);
///
/// assert_eq!(received.end, End::InContent);
/// assert!(received.defects.has(DefectKind::ContentShort));
/// assert_eq!(received.to_bytes(), bytes);
/// ```
pub fn read_response(bytes: &[u8], asked: Asked, limits: Limits, closing: Closing) -> Received {
    let mut collector = Collector::new(asked, limits);
    collector.push(bytes, Duration::ZERO);
    collector.finish(closing, Duration::ZERO)
}

/// Reads a request, when all of it is at hand.
pub fn read_request(bytes: &[u8], limits: Limits) -> ReceivedRequest {
    let mut reader = RequestReader::new(limits);
    let mut events = reader.push(bytes);
    let finished = reader.finish(Closing::Orderly);
    events.extend(finished.events);
    let mut received = ReceivedRequest {
        request: None,
        unread: Vec::new(),
        unread_bytes: 0,
        end: finished.end,
        framing: finished.framing,
        defects: finished.defects,
    };
    for event in events {
        match event {
            Event::Request(head) => {
                let body = Body::default();
                received.request = Some(Request { head, body });
            }
            Event::Unread(bytes) => {
                keep_unread(&mut received.unread, &mut received.unread_bytes, &bytes);
            }
            event => {
                if let Some(request) = &mut received.request {
                    take_body(&mut request.body, event);
                }
            }
        }
    }
    received
}

fn take_body(body: &mut Body, event: Event) {
    match event {
        Event::Content(bytes) => body.take_content(bytes),
        Event::ChunkFrame(bytes) => body.push_frame(&bytes),
        Event::Trailers(fields) => body.set_trailers(fields),
        Event::Request(_) | Event::Interim(_) | Event::Response(_) | Event::Unread(_) => {}
    }
}

fn keep_unread(kept: &mut Vec<u8>, count: &mut u64, bytes: &[u8]) {
    let room = UNREAD_KEPT_BYTES.saturating_sub(kept.len());
    kept.extend_from_slice(bytes.get(..room).unwrap_or(bytes));
    *count = count.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
}
