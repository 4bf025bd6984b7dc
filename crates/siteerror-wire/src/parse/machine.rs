//! The states that a reader goes through: heads, body, done.

use std::mem;

use super::body::{BodyReader, Chunk};
use super::scanner::{Bounds, Scan, Scanner};
use super::sink::Sink;
use super::{Asked, Closing, Event, Finished, Limits, head};
use crate::defect::{DefectKind as D, Defects};
use crate::framing::{self, End, Foreign, Framing, HeadOnly, Limit};
use crate::message::{Version, position};

/// Whose messages are read.
#[derive(Debug, Clone, Copy)]
pub(crate) enum Side {
    Request,
    Response(Asked),
}

#[derive(Debug)]
enum State {
    Head(Scanner),
    Body(BodyReader),
    Done(End),
}

#[derive(Debug)]
pub(crate) struct Machine {
    side: Side,
    limits: Limits,
    state: State,
    framing: Option<Framing>,
    defects: Defects,
    /// Of the next byte to come.
    offset: u64,
    /// Of the first byte of the head that is being read.
    head_offset: u64,
    interims: usize,
    body_left: u64,
    /// Whether bytes after the end were noted.
    extra_noted: bool,
}

impl Machine {
    pub(crate) fn new(side: Side, limits: Limits) -> Self {
        Self {
            side,
            limits,
            state: State::Head(side.scanner()),
            framing: None,
            defects: Defects::default(),
            offset: 0,
            head_offset: 0,
            interims: 0,
            body_left: limits.body_bytes,
            extra_noted: false,
        }
    }

    pub(crate) fn end(&self) -> Option<End> {
        match self.state {
            State::Done(end) => Some(end),
            State::Head(_) | State::Body(_) => None,
        }
    }

    pub(crate) fn framing(&self) -> Option<Framing> {
        self.framing
    }

    pub(crate) fn defects(&self) -> &Defects {
        &self.defects
    }

    pub(crate) fn push(&mut self, bytes: &[u8]) -> Vec<Event> {
        let mut events = Vec::new();
        let mut rest = bytes;
        while !rest.is_empty() {
            // What is put back is never this: each step says where it leads.
            let state = mem::replace(&mut self.state, State::Done(End::Complete));
            let (used, state) = match state {
                State::Head(scanner) => self.feed_head(scanner, rest, &mut events),
                State::Body(body) => self.feed_body(body, rest, &mut events),
                State::Done(end) => {
                    self.judge_extra(end, rest);
                    self.sink(&mut events).unread(rest);
                    self.offset = position(self.offset, rest.len());
                    (rest.len(), State::Done(end))
                }
            };
            self.state = state;
            rest = rest.get(used..).unwrap_or_default();
        }
        events
    }

    pub(crate) fn finish(mut self, closing: Closing) -> Finished {
        let mut events = Vec::new();
        let state = mem::replace(&mut self.state, State::Done(End::Complete));
        let end = match state {
            State::Done(end) => end,
            State::Body(body) => {
                let offset = self.offset;
                body.finish(offset, closing, &mut self.sink(&mut events))
            }
            State::Head(scanner) => self.end_in_head(scanner, &mut events),
        };
        Finished {
            events,
            end,
            framing: self.framing,
            defects: self.defects,
        }
    }

    fn sink<'a>(&'a mut self, events: &'a mut Vec<Event>) -> Sink<'a> {
        Sink {
            events,
            defects: &mut self.defects,
            limits: &self.limits,
        }
    }

    fn feed_head(
        &mut self,
        mut scanner: Scanner,
        input: &[u8],
        events: &mut Vec<Event>,
    ) -> (usize, State) {
        let bounds = Bounds {
            start_line: self.limits.start_line_bytes,
            field_line: self.limits.field_line_bytes,
            total: self.limits.head_bytes,
            fields: self.limits.fields,
        };
        let (used, scan) = scanner.feed(input, &bounds);
        self.offset = position(self.offset, used);
        let state = match scan {
            Scan::More => State::Head(scanner),
            Scan::Ready => self.head_ready(scanner, events),
            Scan::Limit(limit) => {
                let kind = match limit {
                    Limit::StartLine => D::StartLineTooLong,
                    Limit::FieldLine => D::FieldLineTooLong,
                    Limit::Fields => D::TooManyFields,
                    _ => D::HeadTooLarge,
                };
                self.head_in_part(scanner, events);
                self.defects.note(kind, self.offset);
                State::Done(End::Limit(limit))
            }
            Scan::Foreign(foreign) => self.foreign(foreign, scanner, events),
        };
        (used, state)
    }

    fn foreign(&mut self, foreign: Foreign, scanner: Scanner, events: &mut Vec<Event>) -> State {
        let kind = match foreign {
            Foreign::Tls => D::TlsRecord,
            Foreign::Http2 => D::Http2Frame,
            Foreign::Other if self.interims > 0 => D::InterimWithContent,
            Foreign::Other => D::NotHttp,
        };
        self.defects.note(kind, self.head_offset);
        self.sink(events).unread(&scanner.split().1);
        State::Done(End::NotHttp(foreign))
    }

    /// Gives the lines of a head that came whole, and the rest as unread.
    fn head_in_part(&mut self, scanner: Scanner, events: &mut Vec<Event>) {
        let (lines, rest) = scanner.split();
        if let Some(lines) = lines {
            let event = match self.side {
                Side::Request => Event::Request(head::request(
                    lines,
                    self.head_offset,
                    false,
                    &mut self.defects,
                )),
                Side::Response(_) => {
                    let head = head::response(lines, self.head_offset, false, &mut self.defects);
                    if head.is_interim() {
                        Event::Interim(head)
                    } else {
                        Event::Response(head)
                    }
                }
            };
            events.push(event);
        }
        self.sink(events).unread(&rest);
    }

    fn end_in_head(&mut self, scanner: Scanner, events: &mut Vec<Event>) -> End {
        if scanner.is_blank() {
            self.sink(events).unread(&scanner.split().1);
            if matches!(self.side, Side::Response(_)) {
                self.defects.note(D::FinalResponseMissing, self.offset);
            }
            return match self.interims {
                0 => End::Nothing,
                _ => End::AfterInterim,
            };
        }
        if let Some(foreign) = scanner.foreign_at_end() {
            self.foreign(foreign, scanner, events);
            return End::NotHttp(foreign);
        }
        self.head_in_part(scanner, events);
        self.defects.note(D::EndInHead, self.offset);
        End::InHead
    }

    fn head_ready(&mut self, scanner: Scanner, events: &mut Vec<Event>) -> State {
        let lines = scanner.split().0.unwrap_or_default();
        let offset = mem::replace(&mut self.head_offset, self.offset);
        match self.side {
            Side::Request => {
                let head = head::request(lines, offset, true, &mut self.defects);
                let framing = framing::of_request(&head, &mut self.defects);
                events.push(Event::Request(head));
                self.framing = Some(framing);
                match framing {
                    Framing::Unclear => State::Done(End::Unframed),
                    framing => Self::body(framing),
                }
            }
            Side::Response(asked) => {
                let head = head::response(lines, offset, true, &mut self.defects);
                let framing = framing::of_response(&head, asked, &mut self.defects);
                let code = head.status().unwrap_or_default();
                if (100..200).contains(&code) && asked.version == Version::HTTP_10 {
                    self.defects.note(D::InterimToHttp10, offset);
                }
                if head.is_interim() {
                    events.push(Event::Interim(head));
                    self.interims = self.interims.saturating_add(1);
                    if self.interims > self.limits.interims {
                        self.defects.note(D::TooManyInterim, offset);
                        return State::Done(End::Limit(Limit::Interims));
                    }
                    return State::Head(self.side.scanner());
                }
                if code == 101 && !asked.upgrade {
                    self.defects.note(D::UnexpectedUpgrade, offset);
                }
                events.push(Event::Response(head));
                self.framing = Some(framing);
                Self::body(framing)
            }
        }
    }

    fn body(framing: Framing) -> State {
        match framing {
            Framing::HeadOnly(_) | Framing::Length(0) => State::Done(End::Complete),
            Framing::Tunnel | Framing::Upgrade => State::Done(End::Switched),
            Framing::Chunked => State::Body(BodyReader::Chunks(Chunk::first())),
            Framing::Length(length) => State::Body(BodyReader::Length(length)),
            Framing::UntilClose | Framing::Unclear => State::Body(BodyReader::UntilClose),
        }
    }

    fn feed_body(
        &mut self,
        mut body: BodyReader,
        input: &[u8],
        events: &mut Vec<Event>,
    ) -> (usize, State) {
        let offset = self.offset;
        if self.body_left == 0 {
            body.abandon(offset, &mut self.sink(events));
            return (0, State::Done(End::Limit(Limit::Body)));
        }
        let room = usize::try_from(self.body_left).unwrap_or(usize::MAX);
        let window = input.get(..room).unwrap_or(input);
        let (used, end) = body.feed(window, offset, &mut self.sink(events));
        self.offset = position(offset, used);
        self.body_left = self.body_left.saturating_sub(position(0, used));
        let state = match end {
            None => State::Body(body),
            Some(end) => {
                let past = self.offset;
                if end != End::Complete {
                    body.abandon(past, &mut self.sink(events));
                }
                State::Done(end)
            }
        };
        (used, state)
    }

    /// Bytes after the end are wrong, but for line ends: RFC 9112 §9.2.
    fn judge_extra(&mut self, end: End, bytes: &[u8]) {
        // After a request the next may follow.
        if end != End::Complete || self.extra_noted || matches!(self.side, Side::Request) {
            return;
        }
        let Some(index) = bytes.iter().position(|byte| !b"\r\n".contains(byte)) else {
            return;
        };
        let kind = match self.framing {
            Some(Framing::HeadOnly(HeadOnly::Head)) => D::HeadWithContent,
            Some(Framing::HeadOnly(HeadOnly::NoContent)) => D::NoContentWithContent,
            Some(Framing::HeadOnly(HeadOnly::NotModified)) => D::NotModifiedWithContent,
            _ => D::ExtraData,
        };
        self.defects.note(kind, position(self.offset, index));
        self.extra_noted = true;
    }
}

impl Side {
    fn scanner(self) -> Scanner {
        match self {
            Self::Request => Scanner::request(),
            Self::Response(_) => Scanner::response(),
        }
    }
}
