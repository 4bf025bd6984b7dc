//! Reads messages from bytes in any pieces. It never fails: what cannot be read is handed on as it is, and what is wrong is noted as a defect.
//!
//! Whatever comes in goes out: the bytes of all events, one after another, are the bytes that were pushed.

mod body;
mod foreign;
mod head;
mod host;
mod machine;
mod scanner;
mod section;
mod sink;

use std::borrow::Cow;

use crate::defect::Defects;
use crate::framing::{End, Framing};
use crate::message::{Fields, RequestHead, ResponseHead, Version};
use machine::{Machine, Side};

/// Where reading stops. Lines are counted with their ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Bytes of the start line. RFC 9112 §3 recommends at least 8,000.
    pub start_line_bytes: usize,
    /// Bytes of one field line.
    pub field_line_bytes: usize,
    /// Bytes of a head, empty lines included.
    pub head_bytes: usize,
    /// Field lines in a section.
    pub fields: usize,
    /// Interim responses before the final one.
    pub interims: usize,
    /// Bytes of the body as sent, chunk sizes and trailers included.
    pub body_bytes: u64,
    /// Bytes of the line of a chunk size, extensions included.
    pub chunk_line_bytes: usize,
    /// Digits of a chunk size. Sixteen fill 64 bits, and more are not read in any case.
    pub chunk_size_digits: usize,
    /// Bytes of the trailer section.
    pub trailer_bytes: usize,
}

impl Default for Limits {
    /// Room for everything that real servers send, and not for much more.
    fn default() -> Self {
        Self {
            start_line_bytes: 8 * 1024,
            field_line_bytes: 16 * 1024,
            head_bytes: 64 * 1024,
            fields: 200,
            interims: 10,
            body_bytes: 1024 * 1024,
            chunk_line_bytes: 256,
            chunk_size_digits: 16,
            trailer_bytes: 8 * 1024,
        }
    }
}

/// What of a request decides how its response is to be read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Asked {
    /// The method, as far as it matters.
    pub method: AskedMethod,
    /// The version that the request stated.
    pub version: Version,
    /// Whether it asked for another protocol by Upgrade.
    pub upgrade: bool,
}

/// The methods whose responses end in their own way.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum AskedMethod {
    /// The response has no content.
    Head,
    /// A 2xx opens a tunnel.
    Connect,
    /// All others.
    Other,
}

impl Asked {
    /// Asked by a method over HTTP/1.1, without Upgrade.
    pub fn by(method: &str) -> Self {
        Self {
            method: AskedMethod::of(method.as_bytes()),
            version: Version::HTTP_11,
            upgrade: false,
        }
    }
}

impl AskedMethod {
    fn of(method: &[u8]) -> Self {
        match method {
            b"HEAD" => Self::Head,
            b"CONNECT" => Self::Connect,
            _ => Self::Other,
        }
    }
}

impl From<&RequestHead> for Asked {
    fn from(head: &RequestHead) -> Self {
        Self {
            method: AskedMethod::of(head.method()),
            version: head.version(),
            upgrade: head.fields().contains("upgrade"),
        }
    }
}

/// How a connection ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Closing {
    /// The peer closed it in order: FIN, over TLS after `close_notify`.
    Orderly,
    /// It broke: a reset, a deadline, TLS without `close_notify`. Content that lasts until the close is then incomplete (RFC 9112 §8, §9.8).
    Broken,
}

/// A piece of what came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Event {
    /// The head of a request.
    Request(RequestHead),
    /// An interim response, which is a head only.
    Interim(ResponseHead),
    /// The head of the final response.
    Response(ResponseHead),
    /// Content. How it is cut into pieces means nothing.
    Content(Vec<u8>),
    /// What lies between the content of chunks: sizes and line ends.
    ChunkFrame(Vec<u8>),
    /// The section after the last chunk; empty but for its empty line if there are no trailers.
    Trailers(Fields),
    /// Bytes that are part of no message: what is no HTTP, an unfinished line, what follows the end.
    Unread(Vec<u8>),
}

impl Event {
    /// The bytes of this piece as they came.
    pub fn bytes(&self) -> Cow<'_, [u8]> {
        match self {
            Self::Request(head) => Cow::Owned(head.to_bytes()),
            Self::Interim(head) | Self::Response(head) => Cow::Owned(head.to_bytes()),
            Self::Trailers(fields) => Cow::Borrowed(fields.as_bytes()),
            Self::Content(bytes) | Self::ChunkFrame(bytes) | Self::Unread(bytes) => {
                Cow::Borrowed(bytes)
            }
        }
    }
}

/// What is left to say when no more bytes come.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finished {
    /// The last pieces.
    pub events: Vec<Event>,
    /// How it ended.
    pub end: End,
    /// What told the end of the message, if its head was complete.
    pub framing: Option<Framing>,
    /// All that is wrong.
    pub defects: Defects,
}

macro_rules! reader {
    ($(#[$doc:meta])* $name:ident) => {
        $(#[$doc])*
        #[derive(Debug)]
        pub struct $name(Machine);

        impl $name {
            /// Takes the next bytes, and gives the pieces that they complete. Once [`end`](Self::end) says so, all bytes come back as [`Event::Unread`].
            pub fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
                self.0.push(bytes)
            }

            /// How the message ended, if it did: there is no need to read on. Until then, only the connection's end can end it.
            pub fn end(&self) -> Option<End> {
                self.0.end()
            }

            /// What tells the end of the message, once its head is complete.
            pub fn framing(&self) -> Option<Framing> {
                self.0.framing()
            }

            /// What was found wrong so far.
            pub fn defects(&self) -> &Defects {
                self.0.defects()
            }

            /// No more bytes will come.
            pub fn finish(self, closing: Closing) -> Finished {
                self.0.finish(closing)
            }
        }
    };
}

reader! {
    /// Reads what a server sends in answer to one request: interim responses, the final head, content, trailers.
    ///
    /// ```
    /// use siteerror_wire::{Asked, DefectKind, End, Event, Limits, ResponseReader};
    ///
    /// let mut reader = ResponseReader::new(Asked::by("GET"), Limits::default());
    /// let events = reader.push(b"HTTP/1.1 200\r\nContent-Length: 2\r\n\r\nhi");
    ///
    /// assert!(matches!(&events[..], [Event::Response(_), Event::Content(content)] if content == b"hi"));
    /// assert_eq!(reader.end(), Some(End::Complete));
    /// assert!(reader.defects().has(DefectKind::NoSpaceAfterStatus));
    /// ```
    ResponseReader
}

reader! {
    /// Reads one request: head, content, trailers. What follows is unread: it may be the next request.
    RequestReader
}

impl ResponseReader {
    /// Begins with the first byte after the request, or after the response to the request before.
    pub fn new(asked: Asked, limits: Limits) -> Self {
        Self(Machine::new(Side::Response(asked), limits))
    }
}

impl RequestReader {
    /// Begins with the first byte of a request.
    pub fn new(limits: Limits) -> Self {
        Self(Machine::new(Side::Request, limits))
    }
}
