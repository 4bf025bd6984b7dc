//! Reads header and trailer sections, leniently and with defects.

use memchr::{memchr, memchr_iter};

use crate::defect::{DefectKind as D, Defects};
use crate::field::is_token;
use crate::message::{Fields, Span, at, position, trim};

/// Reads a header or trailer section from its lines.
pub(crate) fn fields(raw: Vec<u8>, offset: u64, defects: &mut Defects) -> Fields {
    let mut spans: Vec<Span> = Vec::with_capacity(memchr_iter(b'\n', &raw).count());
    let controlled = any_control(&raw);
    let controls = |text: &[u8], from: usize, offset: u64, defects: &mut Defects| {
        if controlled {
            note_controls(text, from, offset, defects);
        }
    };
    let mut start = 0_usize;
    let mut any_field = false;
    while start < raw.len() {
        let begin = start;
        let rest = at(&raw, &(begin..raw.len()));
        let line = match memchr(b'\n', rest) {
            Some(end) => at(rest, &(0..end.saturating_add(1))),
            None => rest,
        };
        start = start.saturating_add(line.len());
        let text = line_text(line, position(offset, begin), defects);
        let value = |from: usize| {
            let rest = at(text, &(from..text.len()));
            let lead = rest.len().saturating_sub(trim_start(rest).len());
            let from = begin.saturating_add(from).saturating_add(lead);
            from..from.saturating_add(trim(rest).len())
        };
        match text.first() {
            None => continue,
            Some(b' ' | b'\t') => {
                let folded = any_field;
                let kind = if folded {
                    D::ObsFold
                } else {
                    D::SpaceBeforeFirstField
                };
                defects.note(kind, position(offset, begin));
                controls(text, 0, position(offset, begin), defects);
                match spans.last_mut() {
                    Some(last) if folded => {
                        last.line.end = start;
                        last.value.end = value(0).end.max(last.value.end);
                        last.folded = true;
                    }
                    _ => spans.push(Span {
                        line: begin..start,
                        name: None,
                        value: value(0),
                        folded: false,
                    }),
                }
                continue;
            }
            Some(_) => {}
        }
        let Some(colon) = text.iter().position(|byte| *byte == b':') else {
            defects.note(D::FieldMalformed, position(offset, begin));
            controls(text, 0, position(offset, begin), defects);
            spans.push(Span {
                line: begin..start,
                name: None,
                value: value(0),
                folded: false,
            });
            continue;
        };
        any_field = true;
        let before = at(text, &(0..colon));
        let name = trim(before);
        if name.len() < before.len() {
            defects.note(
                D::FieldNameSpace,
                position(offset, begin.saturating_add(name.len())),
            );
        }
        if !is_token(name) {
            defects.note(D::FieldNameBad, position(offset, begin));
        }
        let after = colon.saturating_add(1);
        controls(text, after, position(offset, begin), defects);
        spans.push(Span {
            line: begin..start,
            name: Some(begin..begin.saturating_add(name.len())),
            value: value(after),
            folded: false,
        });
    }
    Fields::new(offset, raw, spans)
}

/// A line without its end; notes LF alone, and CR inside.
pub(crate) fn line_text<'a>(line: &'a [u8], offset: u64, defects: &mut Defects) -> &'a [u8] {
    let text = line.strip_suffix(b"\n").unwrap_or(line);
    let text = if let Some(text) = text.strip_suffix(b"\r") {
        text
    } else {
        defects.note(D::BareLf, position(offset, text.len()));
        text
    };
    for index in memchr_iter(b'\r', text) {
        defects.note(D::BareCr, position(offset, index));
    }
    text
}

/// Whether there is a control byte anywhere but in line ends: hardly ever, and asked of all bytes at once that is cheap.
fn any_control(raw: &[u8]) -> bool {
    raw.iter().fold(false, |any, byte| {
        any | matches!(byte, 0..=8 | 0x0B | 0x0C | 0x0E..=0x1F | 0x7F)
    })
}

/// Notes control bytes of a field line, from an index on.
fn note_controls(text: &[u8], from: usize, offset: u64, defects: &mut Defects) {
    for (index, byte) in text.iter().enumerate().skip(from) {
        match byte {
            0 => defects.note(D::FieldValueNul, position(offset, index)),
            b'\r' => {}
            byte if is_control(*byte) => {
                defects.note(D::FieldValueControl, position(offset, index));
            }
            _ => {}
        }
    }
}

fn trim_start(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    bytes
}

/// Control bytes but the tab, which values and phrases may have.
pub(crate) fn is_control(byte: u8) -> bool {
    byte.is_ascii_control() && byte != b'\t'
}
