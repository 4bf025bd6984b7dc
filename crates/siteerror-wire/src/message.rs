//! Messages as they came: every byte of a head is kept, and what was read in it is a view of those bytes. Heads are made by reading bytes only; to make
//! bytes, see [`crate::write`].

mod fields;

use std::borrow::Cow;
use std::fmt;
use std::ops::Range;

pub use fields::{FieldLine, Fields};
pub(crate) use fields::{Span, at, position, trim};

/// The version in a start line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Version {
    /// `HTTP/`, major, `.`, minor.
    Http(u8, u8),
    /// Something else; see the start line.
    Unreadable,
}

impl Version {
    /// HTTP/1.0.
    pub const HTTP_10: Self = Self::Http(1, 0);
    /// HTTP/1.1.
    pub const HTTP_11: Self = Self::Http(1, 1);
    /// HTTP/2.
    pub const HTTP_2: Self = Self::Http(2, 0);
}

impl fmt::Display for Version {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Http(major, minor) => write!(f, "HTTP/{major}.{minor}"),
            Self::Unreadable => f.write_str("unreadable"),
        }
    }
}

/// The head of a response: status line and header section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ResponseHead {
    pub(crate) offset: u64,
    /// Empty lines before the status line, the line, and its end.
    pub(crate) start: Vec<u8>,
    pub(crate) version: Version,
    pub(crate) status: Range<usize>,
    pub(crate) code: Option<u16>,
    pub(crate) reason: Range<usize>,
    pub(crate) fields: Fields,
    pub(crate) complete: bool,
}

impl ResponseHead {
    /// A head that came as HTTP/2 fields (RFC 9113 §8.3.2), written as text: `HTTP/2 200`, no reason phrase, one line a field.
    ///
    /// ```
    /// use siteerror_wire::ResponseHead;
    ///
    /// let head = ResponseHead::of_http2(200, [("content-type", "text/plain")]);
    /// assert_eq!(head.status(), Some(200));
    /// assert_eq!(head.to_bytes(), b"HTTP/2 200\r\ncontent-type: text/plain\r\n\r\n");
    /// ```
    pub fn of_http2<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        code: u16,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let start = format!("HTTP/2 {code:03}\r\n").into_bytes();
        let end = start.len().saturating_sub(2);
        Self {
            offset: 0,
            version: Version::HTTP_2,
            status: "HTTP/2 ".len()..end,
            code: Some(code),
            reason: end..end,
            fields: Fields::of(position(0, start.len()), fields),
            complete: true,
            start,
        }
    }

    /// The version that it states.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The status code, if three digits stand in its place. RFC 9110 §15: one outside 100 to 599 is to be processed like a 5xx.
    pub fn status(&self) -> Option<u16> {
        self.code
    }

    /// What stands in the place of the status code.
    pub fn status_text(&self) -> &[u8] {
        at(&self.start, &self.status)
    }

    /// The reason phrase as sent; empty if there is none. RFC 9112 §4: clients should not make anything of it.
    pub fn reason(&self) -> &[u8] {
        at(&self.start, &self.reason)
    }

    /// Whether another response follows: 1xx, except 101, after which the connection speaks another protocol.
    pub fn is_interim(&self) -> bool {
        self.code
            .is_some_and(|code| (100..200).contains(&code) && code != 101)
    }

    /// The header section.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Whether the empty line came that ends the head. Else only whole lines are in it.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Where it begins, counted from the first byte given to the reader.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The status line with its line end, and any empty line before it.
    pub fn start_line(&self) -> &[u8] {
        &self.start
    }

    /// The bytes as they came.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.start.as_slice(), self.fields.as_bytes()].concat()
    }
}

/// The head of a request: request line and header section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RequestHead {
    pub(crate) offset: u64,
    pub(crate) start: Vec<u8>,
    pub(crate) version: Version,
    pub(crate) method: Range<usize>,
    pub(crate) target: Range<usize>,
    pub(crate) fields: Fields,
    pub(crate) complete: bool,
}

impl RequestHead {
    /// A head that is to be sent, or that was sent as HTTP/2 fields. Nothing is checked: whoever sends it knows what it may say.
    ///
    /// ```
    /// use siteerror_wire::{RequestHead, Version};
    ///
    /// let head = RequestHead::of("GET", "/", Version::HTTP_11, [("Host", "example.com")]);
    /// assert_eq!(head.method(), b"GET");
    /// assert_eq!(head.to_bytes(), b"GET / HTTP/1.1\r\nHost: example.com\r\n\r\n");
    /// ```
    pub fn of<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        method: &str,
        target: &str,
        version: Version,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let name = match version {
            Version::HTTP_2 => "HTTP/2",
            Version::HTTP_10 => "HTTP/1.0",
            _ => "HTTP/1.1",
        };
        let parts = [method, " ", target, " ", name, "\r\n"];
        let start = parts.concat().into_bytes();
        let target_start = method.len().saturating_add(1);
        let target_end = target_start.saturating_add(target.len());
        Self {
            offset: 0,
            version,
            method: 0..method.len(),
            target: target_start..target_end,
            fields: Fields::of(position(0, start.len()), fields),
            complete: true,
            start,
        }
    }

    /// The version that it states.
    pub fn version(&self) -> Version {
        self.version
    }

    /// The method; RFC 9112 §3.1: case matters.
    pub fn method(&self) -> &[u8] {
        at(&self.start, &self.method)
    }

    /// The request target as sent.
    pub fn target(&self) -> &[u8] {
        at(&self.start, &self.target)
    }

    /// The header section.
    pub fn fields(&self) -> &Fields {
        &self.fields
    }

    /// Whether the empty line came that ends the head. Else only whole lines are in it.
    pub fn is_complete(&self) -> bool {
        self.complete
    }

    /// Where it begins, counted from the first byte given to the reader.
    pub fn offset(&self) -> u64 {
        self.offset
    }

    /// The request line with its line end, and any empty line before it.
    pub fn start_line(&self) -> &[u8] {
        &self.start
    }

    /// The bytes as they came.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.start.as_slice(), self.fields.as_bytes()].concat()
    }
}

/// What came after a head and belongs to its message.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Body {
    framed: Vec<u8>,
    content: Vec<Range<usize>>,
    trailers: Option<Fields>,
}

impl Body {
    /// A body that came without framing of its own, as in HTTP/2.
    pub fn of(content: Vec<u8>, trailers: Option<Fields>) -> Self {
        let whole = 0..content.len();
        Self {
            framed: content,
            content: vec![whole],
            trailers,
        }
    }

    /// The first piece is kept as it is: most bodies come in one.
    pub(crate) fn take_content(&mut self, bytes: Vec<u8>) {
        if self.framed.is_empty() {
            self.framed = bytes;
            let whole = 0..self.framed.len();
            self.content.push(whole);
        } else {
            self.push_content(&bytes);
        }
    }

    fn push_content(&mut self, bytes: &[u8]) {
        let start = self.framed.len();
        self.framed.extend_from_slice(bytes);
        let end = self.framed.len();
        match self.content.last_mut() {
            Some(last) if last.end == start => last.end = end,
            _ => self.content.push(start..end),
        }
    }

    pub(crate) fn push_frame(&mut self, bytes: &[u8]) {
        self.framed.extend_from_slice(bytes);
    }

    pub(crate) fn set_trailers(&mut self, trailers: Fields) {
        self.trailers = Some(trailers);
    }

    /// The content: the bytes without chunk sizes and trailers, still with any content coding.
    pub fn content(&self) -> Cow<'_, [u8]> {
        match self.content.as_slice() {
            [] => Cow::Borrowed(&[]),
            [one] => Cow::Borrowed(at(&self.framed, one)),
            many => Cow::Owned(
                many.iter()
                    .flat_map(|range| at(&self.framed, range))
                    .copied()
                    .collect(),
            ),
        }
    }

    /// How many bytes the content has.
    pub fn content_bytes(&self) -> usize {
        self.content
            .iter()
            .fold(0, |sum, range| sum.saturating_add(range.len()))
    }

    /// The content in the pieces in which chunks brought it; one piece without chunks.
    pub fn pieces(&self) -> impl Iterator<Item = &[u8]> {
        self.content.iter().map(|range| at(&self.framed, range))
    }

    /// The trailer section, if a last chunk came.
    pub fn trailers(&self) -> Option<&Fields> {
        self.trailers.as_ref()
    }

    /// The bytes as they came: chunk sizes, content, trailers.
    pub fn to_bytes(&self) -> Vec<u8> {
        let trailers = self.trailers.as_ref().map_or(&[][..], Fields::as_bytes);
        [self.framed.as_slice(), trailers].concat()
    }
}

/// A request with what came after its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Request {
    /// Request line and header section.
    pub head: RequestHead,
    /// Content and trailers.
    pub body: Body,
}

impl Request {
    /// The bytes as they came.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.head.to_bytes(), self.body.to_bytes()].concat()
    }
}

/// A final response with what came after its head.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Response {
    /// Status line and header section.
    pub head: ResponseHead,
    /// Content and trailers.
    pub body: Body,
}

impl Response {
    /// The bytes as they came.
    pub fn to_bytes(&self) -> Vec<u8> {
        [self.head.to_bytes(), self.body.to_bytes()].concat()
    }
}
