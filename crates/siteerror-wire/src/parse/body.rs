//! Reads what comes after a head, as the framing says.

use super::Closing;
use super::scanner::{Bounds, Scan, Scanner};
use super::sink::Sink;
use crate::defect::DefectKind as D;
use crate::framing::{End, Limit};
use crate::message::position;

#[derive(Debug)]
pub(crate) enum BodyReader {
    Length(u64),
    UntilClose,
    Chunks(Chunk),
}

/// What of the chunked coding comes next.
#[derive(Debug)]
pub(crate) enum Chunk {
    /// The line of a size, as far as it came.
    Size(Vec<u8>),
    /// So many bytes of data.
    Data(u64),
    /// The line end after data; `true` if its CR came.
    DataEnd(bool),
    Trailers(Scanner),
}

impl BodyReader {
    /// Takes bytes until the body ends, and says how many it took. `offset` is that of the first.
    pub(crate) fn feed(
        &mut self,
        input: &[u8],
        offset: u64,
        sink: &mut Sink<'_>,
    ) -> (usize, Option<End>) {
        match self {
            Self::UntilClose => {
                sink.content(input);
                (input.len(), None)
            }
            Self::Length(left) => {
                let taken = first(input, *left);
                sink.content(taken);
                *left = left.saturating_sub(position(0, taken.len()));
                (taken.len(), (*left == 0).then_some(End::Complete))
            }
            Self::Chunks(chunk) => {
                let mut taken = 0_usize;
                let mut end = None;
                while end.is_none() {
                    let Some(rest) = input.get(taken..).filter(|rest| !rest.is_empty()) else {
                        break;
                    };
                    let (used, ended) = chunk.feed(rest, position(offset, taken), sink);
                    taken = taken.saturating_add(used);
                    end = ended;
                }
                (taken, end)
            }
        }
    }

    /// No more bytes come; `offset` is where they would have been.
    pub(crate) fn finish(self, offset: u64, closing: Closing, sink: &mut Sink<'_>) -> End {
        match (self, closing) {
            (Self::UntilClose, Closing::Orderly) => End::Complete,
            (Self::UntilClose, Closing::Broken) => {
                sink.defects.note(D::ContentCut, offset);
                End::InContent
            }
            (Self::Length(_), _) => {
                sink.defects.note(D::ContentShort, offset);
                End::InContent
            }
            // RFC 9112 §8: what makes a chunked body complete is the chunk of size zero.
            (Self::Chunks(Chunk::Trailers(scanner)), _) => {
                sink.defects.note(D::TrailerEndMissing, offset);
                sink.trailers(scanner, offset);
                End::Complete
            }
            (Self::Chunks(chunk), _) => {
                sink.defects.note(D::LastChunkMissing, offset);
                chunk.abandon(sink);
                End::InContent
            }
        }
    }

    /// Reading stops here: what is half read goes out as it is.
    pub(crate) fn abandon(self, offset: u64, sink: &mut Sink<'_>) {
        match self {
            Self::Chunks(Chunk::Trailers(scanner)) => sink.trailers(scanner, offset),
            Self::Chunks(chunk) => chunk.abandon(sink),
            Self::Length(_) | Self::UntilClose => {}
        }
    }
}

impl Chunk {
    pub(crate) fn first() -> Self {
        Self::Size(Vec::new())
    }

    fn abandon(self, sink: &mut Sink<'_>) {
        match self {
            Self::Size(line) => sink.unread(&line),
            Self::DataEnd(true) => sink.unread(b"\r"),
            Self::Data(_) | Self::DataEnd(false) | Self::Trailers(_) => {}
        }
    }

    /// One step; `input` is not empty.
    fn feed(&mut self, input: &[u8], offset: u64, sink: &mut Sink<'_>) -> (usize, Option<End>) {
        match self {
            Self::Size(line) => {
                let room = sink.limits.chunk_line_bytes.saturating_sub(line.len());
                if room == 0 {
                    sink.defects.note(D::ChunkLineTooLong, offset);
                    return (0, Some(End::Limit(Limit::ChunkLine)));
                }
                let window = input.get(..room).unwrap_or(input);
                let line_end = window.iter().position(|byte| *byte == b'\n');
                let taken = line_end.map_or(window.len(), |index| index.saturating_add(1));
                line.extend_from_slice(input.get(..taken).unwrap_or_default());
                if line_end.is_none() {
                    return (taken, None);
                }
                let past = position(offset, taken);
                let start = past.saturating_sub(position(0, line.len()));
                match size(line, start, sink) {
                    Ok(size) => {
                        sink.frame(line);
                        *self = match size {
                            0 => Self::Trailers(Scanner::trailers()),
                            size => Self::Data(size),
                        };
                        (taken, None)
                    }
                    Err(end) => (taken, Some(end)),
                }
            }
            Self::Data(left) => {
                let taken = first(input, *left);
                sink.content(taken);
                *left = left.saturating_sub(position(0, taken.len()));
                if *left == 0 {
                    *self = Self::DataEnd(false);
                }
                (taken.len(), None)
            }
            Self::DataEnd(cr) => match (input.first(), *cr) {
                (Some(b'\n'), true) => {
                    sink.frame(b"\r\n");
                    *self = Self::first();
                    (1, None)
                }
                (Some(b'\r'), false) => {
                    *cr = true;
                    (1, None)
                }
                (Some(b'\n'), false) => {
                    sink.defects.note(D::BareLf, offset);
                    sink.frame(b"\n");
                    *self = Self::first();
                    (1, None)
                }
                (_, cr) => {
                    let offset = offset.saturating_sub(u64::from(cr));
                    sink.defects.note(D::ChunkDataEndMissing, offset);
                    (0, Some(End::BadChunk))
                }
            },
            Self::Trailers(scanner) => {
                let bounds = Bounds {
                    start_line: 0,
                    field_line: sink.limits.trailer_bytes,
                    total: sink.limits.trailer_bytes,
                    fields: sink.limits.fields,
                };
                let (taken, scan) = scanner.feed(input, &bounds);
                let past = position(offset, taken);
                match scan {
                    Scan::More | Scan::Foreign(_) => (taken, None),
                    Scan::Ready => {
                        let scanner = std::mem::replace(scanner, Scanner::trailers());
                        *self = Self::first();
                        sink.trailers(scanner, past);
                        (taken, Some(End::Complete))
                    }
                    Scan::Limit(limit) => {
                        let (kind, limit) = match limit {
                            Limit::Fields => (D::TooManyFields, limit),
                            _ => (D::TrailersTooLarge, Limit::Trailers),
                        };
                        sink.defects.note(kind, past);
                        (taken, Some(End::Limit(limit)))
                    }
                }
            }
        }
    }
}

/// Reads the line of a chunk size: `chunk-size [ chunk-ext ] CRLF`.
fn size(line: &[u8], offset: u64, sink: &mut Sink<'_>) -> Result<u64, End> {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let bare = position(offset, text.len());
    let text = if let Some(text) = text.strip_suffix(b"\r") {
        text
    } else {
        sink.defects.note(D::BareLf, bare);
        text
    };
    let digits = text.iter().take_while(|byte| byte.is_ascii_hexdigit());
    let (digits, rest) = text.split_at_checked(digits.count()).unwrap_or_default();
    let extension = rest.trim_ascii_start();
    let here = position(offset, digits.len());
    if digits.is_empty() || !matches!(extension.first(), None | Some(b';')) {
        sink.defects.note(D::ChunkSizeBad, here);
        return Err(End::BadChunk);
    }
    let number = std::str::from_utf8(digits).unwrap_or_default();
    let number = u64::from_str_radix(number, 16).ok();
    let number = number.filter(|_| digits.len() <= sink.limits.chunk_size_digits);
    let Some(number) = number else {
        sink.defects.note(D::ChunkSizeTooLong, here);
        return Err(End::Limit(Limit::ChunkLine));
    };
    if extension.is_empty() {
        if !rest.is_empty() {
            sink.defects.note(D::ChunkSizeSpace, here);
        }
    } else {
        sink.defects.note(D::ChunkExtension, here);
    }
    for (index, byte) in text.iter().enumerate().skip(digits.len()) {
        if *byte == b'\r' {
            sink.defects.note(D::BareCr, position(offset, index));
        } else if byte.is_ascii_control() && *byte != b'\t' {
            sink.defects
                .note(D::ChunkExtensionBad, position(offset, index));
        }
    }
    Ok(number)
}

/// At most so many bytes of the input.
fn first(input: &[u8], count: u64) -> &[u8] {
    usize::try_from(count)
        .ok()
        .and_then(|count| input.get(..count))
        .unwrap_or(input)
}
