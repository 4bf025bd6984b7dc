//! Following chunked content to its end, one byte of framing at a time, without keeping any of it.

use crate::defect::{Defect, shown};
use crate::field::is_token;
use crate::options::Limits;

/// Bytes of the line with the size of a chunk, extensions included.
const LINE_BYTES: usize = 256;
/// Bytes of all chunk extensions of a content together; hyper takes a few more.
const EXTENSION_BYTES: usize = 16_000;
/// Hexadecimal digits of the largest size.
const SIZE_DIGITS: usize = 16;

/// Where in chunked content the next byte stands.
#[derive(Debug, Clone)]
pub(crate) struct Chunks {
    at: At,
    /// Size of the chunk, and then how much of it is still to come.
    left: u64,
    /// The first bytes of the line with the size, for who wants to see them.
    line: Vec<u8>,
    line_bytes: usize,
    extension_bytes: usize,
    trailers: usize,
    trailer_bytes: usize,
}

#[derive(Debug, Clone, Copy)]
enum At {
    Size,
    Space,
    Extension,
    SizeLf,
    Data,
    DataCr,
    DataLf,
    TrailerStart,
    TrailerName,
    TrailerValue,
    TrailerLf,
    EndLf,
    End,
}

impl Default for Chunks {
    fn default() -> Self {
        Self {
            at: At::Size,
            left: 0,
            line: Vec::new(),
            line_bytes: 0,
            extension_bytes: 0,
            trailers: 0,
            trailer_bytes: 0,
        }
    }
}

impl Chunks {
    /// Reads on; gives how many bytes are in order, and the defect after them if there is one. The content has ended if not all are taken.
    pub(crate) fn advance(&mut self, bytes: &[u8], limits: &Limits) -> (usize, Option<Defect>) {
        let mut index = 0;
        while index < bytes.len() && !self.has_ended() {
            if let At::Data = self.at {
                let here = usize::try_from(self.left)
                    .unwrap_or(usize::MAX)
                    .min(bytes.len() - index);
                self.left -= here as u64;
                index += here;
                if self.left == 0 {
                    self.at = At::DataCr;
                }
                continue;
            }
            match self.step(bytes[index], limits) {
                Ok(at) => self.at = at,
                Err(defect) => return (index, Some(defect)),
            }
            index += 1;
        }
        (index, None)
    }

    pub(crate) fn has_ended(&self) -> bool {
        matches!(self.at, At::End)
    }

    fn step(&mut self, byte: u8, limits: &Limits) -> Result<At, Defect> {
        match self.at {
            At::Size | At::Space | At::Extension | At::SizeLf => self.size_line(byte),
            At::DataCr if byte == b'\r' => Ok(At::DataLf),
            At::DataLf if byte == b'\n' => Ok(At::Size),
            At::DataCr | At::DataLf => Err(Defect::ChunkEnd),
            _ => self.trailer(byte, limits),
        }
    }

    fn size_line(&mut self, byte: u8) -> Result<At, Defect> {
        self.line_bytes += 1;
        if self.line_bytes > LINE_BYTES {
            return Err(Defect::ChunkLineTooLong(LINE_BYTES));
        }
        if self.line.len() < SIZE_DIGITS + 2 {
            self.line.push(byte);
        }
        match (self.at, byte) {
            (At::Size, _) if byte.is_ascii_hexdigit() && self.line_bytes <= SIZE_DIGITS => {
                let digit = char::from(byte).to_digit(16).unwrap_or(0);
                self.left = self.left << 4 | u64::from(digit);
                Ok(At::Size)
            }
            (At::Size | At::Space, b' ' | b'\t') if self.line_bytes > 1 => Ok(At::Space),
            (At::Size | At::Space, b';') if self.line_bytes > 1 => Ok(At::Extension),
            (At::Size | At::Space, b'\r') if self.line_bytes > 1 => Ok(At::SizeLf),
            (At::Extension, b'\r') => Ok(At::SizeLf),
            (At::Extension, _) if byte == b'\t' || (byte >= b' ' && byte != 0x7f) => {
                self.extension_bytes += 1;
                if self.extension_bytes > EXTENSION_BYTES {
                    return Err(Defect::ChunkExtensionsTooLarge(EXTENSION_BYTES));
                }
                Ok(At::Extension)
            }
            (At::Extension, b'\n') => Err(Defect::ChunkEnd),
            (At::Extension, _) => Err(Defect::Control(byte)),
            (At::SizeLf, b'\n') => {
                self.line.clear();
                self.line_bytes = 0;
                Ok(if self.left == 0 {
                    At::TrailerStart
                } else {
                    At::Data
                })
            }
            (At::SizeLf, _) => Err(Defect::BareCr),
            _ => Err(Defect::ChunkSize(shown(&self.line))),
        }
    }

    fn trailer(&mut self, byte: u8, limits: &Limits) -> Result<At, Defect> {
        self.trailer_bytes += 1;
        // The empty line at the end is no trailer field.
        if self.trailer_bytes > limits.fields_bytes.saturating_add(2) {
            return Err(Defect::TrailersTooLarge(limits.fields_bytes));
        }
        match (self.at, byte) {
            (At::TrailerStart, b'\r') => Ok(At::EndLf),
            (At::TrailerStart, b' ' | b'\t') => Err(Defect::LineFolding),
            (At::TrailerStart, _) if is_token(byte) => {
                self.trailers += 1;
                if self.trailers > limits.fields {
                    return Err(Defect::TooManyTrailers(limits.fields));
                }
                Ok(At::TrailerName)
            }
            (At::TrailerName, b':') => Ok(At::TrailerValue),
            (At::TrailerName, _) if is_token(byte) => Ok(At::TrailerName),
            (At::TrailerStart | At::TrailerName, _) => Err(Defect::FieldName(shown(&[byte]))),
            (At::TrailerValue, b'\r') => Ok(At::TrailerLf),
            (At::TrailerValue, _) if byte == b'\t' || (byte >= b' ' && byte != 0x7f) => {
                Ok(At::TrailerValue)
            }
            (At::TrailerValue, _) => Err(Defect::Control(byte)),
            (At::TrailerLf, b'\n') => Ok(At::TrailerStart),
            (At::EndLf, b'\n') => Ok(At::End),
            _ => Err(Defect::BareCr),
        }
    }
}
