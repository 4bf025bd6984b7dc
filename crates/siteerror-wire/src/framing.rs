//! How the end of a message is found (RFC 9112 §6.3), and how it was found.

use std::fmt;

use crate::defect::{DefectKind as D, Defects};
use crate::field::{ContentLength, is_token, list, parameters};
use crate::message::{Fields, RequestHead, ResponseHead, Version};
use crate::parse::{Asked, AskedMethod};

/// What tells where a message ends, once its head is complete.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Framing {
    /// The empty line after the head is the end, whatever the fields say.
    HeadOnly(HeadOnly),
    /// What follows is a tunnel: 2xx to CONNECT.
    Tunnel,
    /// What follows is another protocol: 101.
    Upgrade,
    /// Chunks, until one of size zero.
    Chunked,
    /// As many bytes as Content-Length says.
    Length(u64),
    /// Everything until the connection closes.
    UntilClose,
    /// Nobody can know the end: Content-Length says no clear number, or the last coding of a request is not chunked. Of a response everything until the
    /// connection closes is read, of a request nothing.
    Unclear,
}

/// Why a message has no content.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HeadOnly {
    /// It answers HEAD.
    Head,
    /// It is a 1xx.
    Interim,
    /// It is a 204.
    NoContent,
    /// It is a 304.
    NotModified,
    /// It is a request that announces none.
    Request,
}

impl Framing {
    /// The rule that decides, as a clause of the RFC.
    pub const fn clause(self) -> &'static str {
        match self {
            Self::HeadOnly(HeadOnly::Request) => "RFC 9112 §6.3 item 7",
            Self::HeadOnly(_) => "RFC 9112 §6.3 item 1",
            Self::Tunnel => "RFC 9112 §6.3 item 2",
            Self::Upgrade => "RFC 9110 §15.2.2",
            Self::Chunked => "RFC 9112 §6.3 item 4",
            Self::Length(_) => "RFC 9112 §6.3 item 6",
            Self::UntilClose => "RFC 9112 §6.3 items 4 and 8",
            Self::Unclear => "RFC 9112 §6.3 items 4 and 5",
        }
    }
}

impl fmt::Display for Framing {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::HeadOnly(_) => f.write_str("the head is all there is"),
            Self::Tunnel => f.write_str("what follows is a tunnel"),
            Self::Upgrade => f.write_str("what follows is another protocol"),
            Self::Chunked => f.write_str("chunks, until one of size zero"),
            Self::Length(1) => f.write_str("1 byte of content"),
            Self::Length(length) => write!(f, "{length} bytes of content"),
            Self::UntilClose => f.write_str("until the connection closes"),
            Self::Unclear => f.write_str("nobody can tell"),
        }
    }
}

/// How reading came to its end.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum End {
    /// Where the framing says.
    Complete,
    /// The connection ended before the first byte.
    Nothing,
    /// The connection ended inside a start line or header section.
    InHead,
    /// The connection ended after interim responses.
    AfterInterim,
    /// The connection ended, or broke, before the end of the content.
    InContent,
    /// The chunked coding could not be read on.
    BadChunk,
    /// What came is not HTTP/1.
    NotHttp(Foreign),
    /// After the head the connection speaks another protocol.
    Switched,
    /// A request whose end nobody can know.
    Unframed,
    /// A limit was reached.
    Limit(Limit),
}

/// Bytes that are not HTTP/1, as far as they can be told apart.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Foreign {
    /// A TLS record: somebody speaks https on this port.
    Tls,
    /// An HTTP/2 SETTINGS frame.
    Http2,
    /// Anything else, such as the bare content of HTTP/0.9.
    Other,
}

/// Which of the limits ended reading.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Limit {
    /// Bytes of the start line.
    StartLine,
    /// Bytes of a field line.
    FieldLine,
    /// Number of field lines.
    Fields,
    /// Bytes of the head.
    Head,
    /// Number of interim responses.
    Interims,
    /// Bytes of the body as sent. This says nothing against the message.
    Body,
    /// Bytes of the line of a chunk size, or digits in it.
    ChunkLine,
    /// Bytes of the trailer section.
    Trailers,
}

impl End {
    /// Whether all of the message came.
    pub const fn is_complete(self) -> bool {
        matches!(self, Self::Complete | Self::Switched)
    }
}

impl fmt::Display for End {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Complete => f.write_str("complete"),
            Self::Nothing => f.write_str("the connection ended before the first byte"),
            Self::InHead => f.write_str("the connection ended inside the head"),
            Self::AfterInterim => f.write_str("the connection ended after interim responses"),
            Self::InContent => f.write_str("the connection ended inside the content"),
            Self::BadChunk => f.write_str("the chunks could not be read on"),
            Self::NotHttp(Foreign::Tls) => f.write_str("TLS came instead of HTTP"),
            Self::NotHttp(Foreign::Http2) => f.write_str("HTTP/2 came instead of HTTP/1"),
            Self::NotHttp(Foreign::Other) => f.write_str("what came is not HTTP/1"),
            Self::Switched => f.write_str("the connection went on in another protocol"),
            Self::Unframed => f.write_str("nobody can know where the request ends"),
            Self::Limit(limit) => write!(f, "reading stopped at the limit for {limit}"),
        }
    }
}

impl fmt::Display for Limit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::StartLine => "the start line",
            Self::FieldLine => "a field line",
            Self::Fields => "the number of field lines",
            Self::Head => "the head",
            Self::Interims => "interim responses",
            Self::Body => "the body",
            Self::ChunkLine => "the line of a chunk size",
            Self::Trailers => "the trailers",
        })
    }
}

/// Decides for a response.
pub(crate) fn of_response(head: &ResponseHead, asked: Asked, defects: &mut Defects) -> Framing {
    let fields = head.fields();
    let code = head.status().unwrap_or_default();
    let tunnel = asked.method == AskedMethod::Connect && (200..300).contains(&code);
    let forbidden = tunnel || code == 204 || (100..200).contains(&code);
    let coded = codings(fields, defects);
    let length = length(fields, defects);
    if forbidden {
        note_first(fields, "content-length", D::ContentLengthForbidden, defects);
        note_first(
            fields,
            "transfer-encoding",
            D::TransferCodingForbidden,
            defects,
        );
    } else {
        contradictions(fields, head.version(), defects);
        if asked.version == Version::HTTP_10 {
            note_first(
                fields,
                "transfer-encoding",
                D::TransferCodingToHttp10,
                defects,
            );
        }
    }
    match (code, coded, length) {
        (101, ..) => Framing::Upgrade,
        (100..200, ..) => Framing::HeadOnly(HeadOnly::Interim),
        (204, ..) => Framing::HeadOnly(HeadOnly::NoContent),
        (304, ..) => Framing::HeadOnly(HeadOnly::NotModified),
        _ if asked.method == AskedMethod::Head => Framing::HeadOnly(HeadOnly::Head),
        _ if tunnel => Framing::Tunnel,
        (_, Codings::ChunkedLast, _) => Framing::Chunked,
        (_, Codings::Others, _) | (_, Codings::None, ContentLength::Absent) => Framing::UntilClose,
        (_, Codings::None, length) => length.length().map_or(Framing::Unclear, Framing::Length),
    }
}

/// Decides for a request.
pub(crate) fn of_request(head: &RequestHead, defects: &mut Defects) -> Framing {
    let fields = head.fields();
    let coded = codings(fields, defects);
    let length = length(fields, defects);
    contradictions(fields, head.version(), defects);
    match (coded, length) {
        (Codings::ChunkedLast, _) => Framing::Chunked,
        (Codings::Others, _) => {
            note_first(fields, "transfer-encoding", D::RequestLengthOpen, defects);
            Framing::Unclear
        }
        (Codings::None, ContentLength::Absent) => Framing::HeadOnly(HeadOnly::Request),
        (Codings::None, length) => length.length().map_or(Framing::Unclear, Framing::Length),
    }
}

/// What Transfer-Encoding comes to.
#[derive(Clone, Copy)]
enum Codings {
    None,
    ChunkedLast,
    Others,
}

fn codings(fields: &Fields, defects: &mut Defects) -> Codings {
    let mut result = Codings::None;
    let mut chunked = 0_u32;
    for line in fields.named("transfer-encoding") {
        let offset = line.offset();
        if matches!(result, Codings::None) {
            result = Codings::Others;
        }
        for element in list(&line.value()) {
            let (coding, parameters) = parameters(element);
            let is = |name: &str| coding.eq_ignore_ascii_case(name.as_bytes());
            if chunked > 0 && !is("chunked") {
                defects.note(D::TransferCodingChunkedNotLast, offset);
            }
            result = Codings::Others;
            if is("chunked") {
                result = Codings::ChunkedLast;
                if chunked > 0 {
                    defects.note(D::TransferCodingChunkedTwice, offset);
                }
                if !parameters.is_empty() {
                    defects.note(D::TransferCodingParameters, offset);
                }
                chunked = chunked.saturating_add(1);
            } else if is("identity") {
                defects.note(D::TransferCodingIdentity, offset);
            } else if !is_token(coding) {
                defects.note(D::TransferCodingBad, offset);
            } else if !["gzip", "x-gzip", "compress", "x-compress", "deflate"]
                .iter()
                .any(|known| is(known))
            {
                defects.note(D::TransferCodingUnknown, offset);
            }
        }
    }
    result
}

fn length(fields: &Fields, defects: &mut Defects) -> ContentLength {
    let length = ContentLength::of(fields);
    let kind = match length {
        ContentLength::Absent | ContentLength::Once(_) => return length,
        ContentLength::Repeated(_) => D::ContentLengthMultiple,
        ContentLength::Differing => D::ContentLengthDiffers,
        ContentLength::Bad => D::ContentLengthBad,
    };
    let last = fields.named("content-length").last();
    if let Some(line) = last {
        defects.note(kind, line.offset());
    }
    length
}

fn contradictions(fields: &Fields, version: Version, defects: &mut Defects) {
    if version == Version::HTTP_10 {
        note_first(
            fields,
            "transfer-encoding",
            D::TransferCodingInHttp10,
            defects,
        );
    }
    if fields.contains("transfer-encoding") {
        note_first(fields, "content-length", D::LengthAndChunked, defects);
    }
}

/// Notes a defect at the first line of a field.
fn note_first(fields: &Fields, name: &str, kind: D, defects: &mut Defects) {
    if let Some(line) = fields.named(name).next() {
        defects.note(kind, line.offset());
    }
}
