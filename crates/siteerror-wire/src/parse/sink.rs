//! Where readers put what they find: pieces, joined as long as their kind is the same, and defects.

use super::scanner::Scanner;
use super::{Event, Limits, section};
use crate::defect::{DefectKind as D, Defects};
use crate::field::may_be_trailer;
use crate::message::{Fields, position};

/// Where pieces and defects go.
pub(crate) struct Sink<'a> {
    pub(crate) events: &'a mut Vec<Event>,
    pub(crate) defects: &'a mut Defects,
    pub(crate) limits: &'a Limits,
}

impl Sink<'_> {
    pub(crate) fn content(&mut self, bytes: &[u8]) {
        match self.events.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Event::Content(last)) => last.extend_from_slice(bytes),
            _ => self.events.push(Event::Content(bytes.to_vec())),
        }
    }

    pub(crate) fn frame(&mut self, bytes: &[u8]) {
        match self.events.last_mut() {
            Some(Event::ChunkFrame(last)) => last.extend_from_slice(bytes),
            _ => self.events.push(Event::ChunkFrame(bytes.to_vec())),
        }
    }

    pub(crate) fn unread(&mut self, bytes: &[u8]) {
        match self.events.last_mut() {
            _ if bytes.is_empty() => {}
            Some(Event::Unread(last)) => last.extend_from_slice(bytes),
            _ => self.events.push(Event::Unread(bytes.to_vec())),
        }
    }

    /// Gives the trailers that are complete; `past` is the offset after all bytes of the scanner.
    pub(crate) fn trailers(&mut self, scanner: Scanner, past: u64) {
        let (lines, rest) = scanner.split();
        let lines = lines.unwrap_or_default();
        let length = position(position(0, lines.len()), rest.len());
        let fields = section::fields(lines, past.saturating_sub(length), self.defects);
        self.judge_trailers(&fields);
        self.events.push(Event::Trailers(fields));
        self.unread(&rest);
    }

    fn judge_trailers(&mut self, fields: &Fields) {
        for line in fields.lines() {
            let forbidden = |name: &[u8]| !may_be_trailer(name);
            if line.name().is_some_and(forbidden) {
                self.defects.note(D::TrailerForbidden, line.offset());
            }
        }
    }
}
