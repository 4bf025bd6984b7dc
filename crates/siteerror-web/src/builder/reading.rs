//! What the bytes of an exchange say, and how they are shown. Reading never fails: what is no HTTP is shown all the same.

use std::time::Duration;

use bytes::Bytes;

use super::{End, Exchange};
use crate::terminal::shown;

/// Status lines of an exchange, and its bytes as text.
#[derive(Debug)]
pub(crate) struct Reading {
    /// Codes of the interim responses, with when they came.
    pub(crate) interims: Vec<(u16, Duration)>,
    /// Code and reason phrase of the final response, and when it came.
    pub(crate) last: Option<(u16, String, Duration)>,
    /// What left in one go.
    pub(crate) pieces: Vec<Piece>,
}

/// What left in one go.
#[derive(Debug)]
pub(crate) struct Piece {
    pub(crate) at: Duration,
    pub(crate) lines: Vec<Line>,
}

/// A line of a message.
#[derive(Debug)]
pub(crate) struct Line {
    pub(crate) part: Part,
    pub(crate) text: String,
}

/// What a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Status,
    /// A field line; the name has so many bytes.
    Field(usize),
    Content,
}

impl Reading {
    pub(crate) fn new(exchange: &Exchange) -> Self {
        let mut reader = Reader {
            state: State::Status,
            interims: Vec::new(),
            last: None,
        };
        let pieces = exchange
            .pieces
            .iter()
            .map(|(at, bytes)| Piece {
                at: *at,
                lines: reader.piece(*at, bytes),
            })
            .collect();
        Self {
            interims: reader.interims,
            last: reader.last,
            pieces,
        }
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum State {
    Status,
    Fields { is_interim: bool },
    Content,
}

struct Reader {
    state: State,
    interims: Vec<(u16, Duration)>,
    last: Option<(u16, String, Duration)>,
}

impl Reader {
    fn piece(&mut self, at: Duration, bytes: &Bytes) -> Vec<Line> {
        let mut lines: Vec<Line> = bytes
            .split_inclusive(|byte| *byte == b'\n')
            .map(|line| self.line(at, line))
            .collect();
        // A piece that ends with a line end has no line after it.
        if let Some(last) = lines.last()
            && last.text.is_empty()
            && self.state == State::Content
            && !bytes.ends_with(b"\r\n\r\n")
        {
            lines.pop();
        }
        lines
    }

    fn line(&mut self, at: Duration, line: &[u8]) -> Line {
        let (bare, is_crlf) = match line {
            [bare @ .., b'\r', b'\n'] => (bare, true),
            [bare @ .., b'\n'] => (bare, false),
            bare => (bare, true),
        };
        let mut text = shown(&String::from_utf8_lossy(bare));
        // RFC 9112 §2.2: lines of a head end in CRLF; where one does not, that is worth seeing.
        if !is_crlf && self.state != State::Content {
            text.push_str("\\x0a");
        }
        let part = match self.state {
            State::Status => {
                if let Some((code, reason)) = status(bare) {
                    let is_interim = (100..200).contains(&code) && code != 101;
                    if is_interim {
                        self.interims.push((code, at));
                    } else if self.last.is_none() {
                        self.last = Some((code, reason, at));
                    }
                    self.state = State::Fields { is_interim };
                    Part::Status
                } else {
                    self.state = State::Content;
                    Part::Content
                }
            }
            State::Fields { is_interim } => {
                if bare.is_empty() {
                    self.state = if is_interim {
                        State::Status
                    } else {
                        State::Content
                    };
                    Part::Content
                } else {
                    text.find(':').map_or(Part::Content, Part::Field)
                }
            }
            State::Content => Part::Content,
        };
        Line { part, text }
    }
}

/// RFC 9112 §4: version, code, and a reason phrase that may be empty.
fn status(line: &[u8]) -> Option<(u16, String)> {
    let text = String::from_utf8_lossy(line);
    let rest = text.strip_prefix("HTTP/1.")?;
    let (_, rest) = rest.split_once(' ')?;
    let (code, reason) = rest.split_once(' ').unwrap_or((rest, ""));
    let code = (code.len() == 3).then(|| code.parse().ok()).flatten()?;
    Some((code, shown(reason)))
}

impl End {
    /// In words.
    pub(crate) const fn words(self) -> &'static str {
        match self {
            Self::Kept => "The connection stays open for another request.",
            Self::Switched => "From here on, the connection speaks another protocol.",
            Self::Closed => "Then the server closed the connection.",
            Self::Reset => "Then the server reset the connection.",
            Self::Waiting => "Nothing more came in 12 s, and a client would still be waiting.",
            Self::TooMuch => "There was more than 64 KiB; the rest was not taken.",
        }
    }

    /// The word of the JSON.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Kept => "kept",
            Self::Switched => "switched",
            Self::Closed => "closed",
            Self::Reset => "reset",
            Self::Waiting => "waiting",
            Self::TooMuch => "too-much",
        }
    }
}
