//! Takes content codings off. Every layer has the same limits: bytes in all, and bytes for each byte that was read. Output goes through one small buffer,
//! so a bomb costs time, which is bounded too, and no memory but the window of its coding.

use std::cell::{Cell, RefCell};
use std::io::{self, Cursor, Read};
use std::rc::Rc;

use flate2::bufread::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use ruzstd::decoding::StreamingDecoder;

use crate::limits::Decoding;

/// A content coding: RFC 9110 §8.4.1, RFC 7932, RFC 8878.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Coding {
    Gzip,
    Deflate,
    Brotli,
    Zstd,
}

impl Coding {
    pub(crate) fn named(name: &[u8]) -> Option<Self> {
        // RFC 9110 §8.4.1.3: "A recipient SHOULD consider "x-gzip" to be equivalent to "gzip"."
        match name.to_ascii_lowercase().as_slice() {
            b"gzip" | b"x-gzip" => Some(Self::Gzip),
            b"deflate" => Some(Self::Deflate),
            b"br" => Some(Self::Brotli),
            b"zstd" => Some(Self::Zstd),
            _ => None,
        }
    }

    pub(crate) const fn name(self) -> &'static str {
        match self {
            Self::Gzip => "gzip",
            Self::Deflate => "deflate",
            Self::Brotli => "br",
            Self::Zstd => "zstd",
        }
    }
}

/// How decoding ended.
#[derive(Debug, PartialEq, Eq)]
pub(crate) enum End {
    Whole,
    Broken(String),
    Bomb,
}

#[derive(Debug)]
pub(crate) struct Decoded {
    pub(crate) end: End,
    pub(crate) deflate_raw: bool,
}

/// Takes codings off in the order given.
pub(crate) fn decode(
    body: &[u8],
    codings: &[Coding],
    limits: &Decoding,
    sink: &mut dyn FnMut(&[u8]),
) -> Decoded {
    let bomb = Rc::new(Cell::new(false));
    let raw = Rc::new(Cell::new(false));
    let read = u64::try_from(body.len()).unwrap_or(u64::MAX);
    let most = limits.bytes.min(
        read.saturating_mul(limits.ratio)
            .max(limits.ratio_from_bytes),
    );
    let mut source: Box<dyn Read + '_> = Box::new(Cursor::new(body));
    for coding in codings {
        source = match layer(*coding, source, limits, &raw) {
            Ok(layer) => Box::new(Bounded {
                inner: layer,
                left: most,
                bomb: Rc::clone(&bomb),
            }),
            Err(why) => {
                return Decoded {
                    end: ended(&bomb, why),
                    deflate_raw: raw.get(),
                };
            }
        };
    }
    let mut buffer = [0; 16 * 1024];
    let end = loop {
        match source.read(&mut buffer) {
            Ok(0) => break End::Whole,
            Ok(count) => sink(buffer.get(..count).unwrap_or_default()),
            Err(error) if error.kind() == io::ErrorKind::Interrupted => {}
            Err(error) => break ended(&bomb, error.to_string()),
        }
    };
    Decoded {
        end,
        deflate_raw: raw.get(),
    }
}

fn ended(bomb: &Cell<bool>, why: String) -> End {
    if bomb.get() {
        return End::Bomb;
    }
    End::Broken(why)
}

fn layer<'a>(
    coding: Coding,
    source: Box<dyn Read + 'a>,
    limits: &Decoding,
    raw: &Rc<Cell<bool>>,
) -> Result<Box<dyn Read + 'a>, String> {
    Ok(match coding {
        Coding::Gzip => Box::new(MultiGzDecoder::new(io::BufReader::with_capacity(
            4096, source,
        ))),
        Coding::Deflate => deflate(source, raw)?,
        Coding::Brotli => Box::new(Brotli::new(source)),
        Coding::Zstd => Box::new(Zstd::new(source, limits.zstd_window_bytes)),
    })
}

/// RFC 9110 §8.4.1.2: "Some non-conformant implementations send the "deflate" compressed data without the zlib wrapper." The first two bytes tell:
/// RFC 1950 §2.2 makes them a multiple of 31.
fn deflate<'a>(
    source: Box<dyn Read + 'a>,
    raw: &Rc<Cell<bool>>,
) -> Result<Box<dyn Read + 'a>, String> {
    let mut source = source;
    let mut first = [0; 2];
    let mut filled = 0;
    while filled < first.len() {
        let place = first.get_mut(filled..).unwrap_or_default();
        match source.read(place).map_err(|error| error.to_string())? {
            0 => break,
            count => filled += count,
        }
    }
    let [method, flags] = first;
    let check = u16::from(method) << 8 | u16::from(flags);
    let zlib = filled == 2 && method & 0x0F == 8 && check % 31 == 0;
    let seen = Cursor::new(first).take(filled as u64);
    let whole = io::BufReader::with_capacity(4096, seen.chain(source));
    if zlib {
        return Ok(Box::new(ZlibDecoder::new(whole)));
    }
    raw.set(true);
    Ok(Box::new(DeflateDecoder::new(whole)))
}

/// Brotli: an end inside the stream is an error, and so are bytes after it.
struct Brotli<'a>(brotli_decompressor::Decompressor<Box<dyn Read + 'a>>);

impl<'a> Brotli<'a> {
    fn new(source: Box<dyn Read + 'a>) -> Self {
        Self(brotli_decompressor::Decompressor::new(source, 4096))
    }
}

impl Read for Brotli<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.0.read(buffer)
    }
}

/// zstd frames one after another: RFC 8878 §3.1. Skippable frames are skipped.
struct Zstd<'a> {
    source: Rc<RefCell<Peek<'a>>>,
    frame: Option<StreamingDecoder<Shared<'a>, ruzstd::decoding::FrameDecoder>>,
    window: u64,
}

/// A source whose end can be seen before it is read.
struct Peek<'a> {
    inner: Box<dyn Read + 'a>,
    next: Option<u8>,
}

struct Shared<'a>(Rc<RefCell<Peek<'a>>>);

impl Read for Shared<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let mut source = self.0.borrow_mut();
        match (source.next.take(), buffer.first_mut()) {
            (Some(byte), Some(place)) => {
                *place = byte;
                Ok(1)
            }
            (next, None) => {
                source.next = next;
                Ok(0)
            }
            (None, Some(_)) => source.inner.read(buffer),
        }
    }
}

impl<'a> Zstd<'a> {
    fn new(source: Box<dyn Read + 'a>, window: u64) -> Self {
        let source = Peek {
            inner: source,
            next: None,
        };
        Self {
            source: Rc::new(RefCell::new(source)),
            frame: None,
            window,
        }
    }

    fn at_end(&self) -> io::Result<bool> {
        let mut source = self.source.borrow_mut();
        if source.next.is_none() {
            let mut byte = [0];
            source.next = (source.inner.read(&mut byte)? == 1).then_some(byte[0]);
        }
        Ok(source.next.is_none())
    }
}

impl Read for Zstd<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        loop {
            if let Some(frame) = &mut self.frame {
                let count = frame.read(buffer)?;
                if count > 0 {
                    return Ok(count);
                }
                self.frame = None;
            }
            if self.at_end()? {
                return Ok(0);
            }
            let shared = Shared(Rc::clone(&self.source));
            match StreamingDecoder::new_with_max_window_size(shared, self.window) {
                Ok(frame) => self.frame = Some(frame),
                Err(error) => match skipped(&error) {
                    Some(length) => {
                        let rest = Shared(Rc::clone(&self.source));
                        io::copy(&mut rest.take(length), &mut io::sink())?;
                    }
                    None => return Err(io::Error::other(error)),
                },
            }
        }
    }
}

/// How long a skippable frame is, if this is one.
fn skipped(error: &ruzstd::decoding::errors::FrameDecoderError) -> Option<u64> {
    use ruzstd::decoding::errors::{FrameDecoderError, ReadFrameHeaderError};
    match error {
        FrameDecoderError::ReadFrameHeaderError(ReadFrameHeaderError::SkipFrame {
            length, ..
        }) => Some(u64::from(*length)),
        _ => None,
    }
}

/// A layer that gives no more than so much.
struct Bounded<'a> {
    inner: Box<dyn Read + 'a>,
    left: u64,
    bomb: Rc<Cell<bool>>,
}

impl Read for Bounded<'_> {
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        let count = self.inner.read(buffer)?;
        let bytes = u64::try_from(count).unwrap_or(u64::MAX);
        if bytes > self.left {
            self.bomb.set(true);
            return Err(io::Error::other("too much came out"));
        }
        self.left -= bytes;
        Ok(count)
    }
}
