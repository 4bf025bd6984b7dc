//! Reads start lines, leniently and with defects.

use std::ops::Range;

use super::host::judge_host;
use super::section::{fields, is_control, line_text};
use crate::defect::{DefectKind as D, Defects};
use crate::field::is_token;
use crate::message::{RequestHead, ResponseHead, Version, at, position};

/// Reads a response head from its lines; `complete` if the empty line is among them.
pub(crate) fn response(
    raw: Vec<u8>,
    offset: u64,
    complete: bool,
    defects: &mut Defects,
) -> ResponseHead {
    let (start, line, section) = start_line(raw, offset, defects);
    let text = at(&start, &line);
    let here = |index: usize| position(offset, line.start.saturating_add(index));

    let version_end = text
        .iter()
        .position(|byte| is_space(*byte))
        .unwrap_or(text.len());
    let version = version(at(text, &(0..version_end)), here(0), defects);
    let status_start = skip_space(text, version_end);
    if at(text, &(version_end..status_start)) != b" " {
        defects.note(D::StatusLineSpace, here(version_end));
    }
    let status_end = next_space(text, status_start);
    let code = status(
        at(text, &(status_start..status_end)),
        here(status_start),
        defects,
    );
    let reason_start = match text.get(status_end) {
        Some(_) => status_end.saturating_add(1),
        None => status_end,
    };
    if status_end > status_start && text.get(status_end) != Some(&b' ') {
        defects.note(D::NoSpaceAfterStatus, here(status_end));
    }
    let reason = at(text, &(reason_start..text.len()));
    for (index, byte) in reason.iter().enumerate() {
        if is_control(*byte) && *byte != b'\r' {
            defects.note(D::ReasonControl, here(reason_start.saturating_add(index)));
        }
    }
    let in_start = |range: Range<usize>| {
        range.start.saturating_add(line.start)..range.end.saturating_add(line.start)
    };
    let (status, reason) = (
        in_start(status_start..status_end),
        in_start(reason_start..text.len()),
    );
    let section_offset = position(offset, start.len());
    ResponseHead {
        offset,
        version,
        status,
        code,
        reason,
        fields: fields(section, section_offset, defects),
        complete,
        start,
    }
}

/// Reads a request head from its lines; `complete` if the empty line is among them.
pub(crate) fn request(
    raw: Vec<u8>,
    offset: u64,
    complete: bool,
    defects: &mut Defects,
) -> RequestHead {
    let (start, line, section) = start_line(raw, offset, defects);
    let text = at(&start, &line);
    let here = |index: usize| position(offset, line.start.saturating_add(index));

    // The method is the first word and the version the last: what is between them is the target, even if there are spaces in it (RFC 9112 §3.2).
    let method_end = text
        .iter()
        .position(|byte| is_space(*byte))
        .unwrap_or(text.len());
    let target_start = skip_space(text, method_end);
    let last_word = text
        .iter()
        .rposition(|byte| is_space(*byte))
        .map_or(text.len(), |index| index.saturating_add(1))
        .max(target_start);
    let version_start = match at(text, &(last_word..text.len())).get(..5) {
        Some(name) if name.eq_ignore_ascii_case(b"HTTP/") => last_word,
        // A single word after the method is the target, as in HTTP/0.9.
        _ if last_word == target_start => text.len(),
        _ => last_word,
    };
    let between = at(text, &(target_start..version_start));
    let spaces = between
        .iter()
        .rev()
        .take_while(|byte| is_space(**byte))
        .count();
    let target_end = version_start.saturating_sub(spaces);
    if at(text, &(method_end..target_start)) != b" " {
        defects.note(D::RequestLineSpace, here(method_end));
    }
    if at(text, &(target_end..version_start)) != b" " {
        defects.note(D::RequestLineSpace, here(target_end));
    }
    if !is_token(at(text, &(0..method_end))) {
        defects.note(D::MethodBad, here(0));
    }
    let target = at(text, &(target_start..target_end));
    let bad = |byte: &u8| is_space(*byte) || byte.is_ascii_control();
    // RFC 3986 §2: a URI is of some of the visible ASCII; RFC 9112 §3.2: no form of target has a fragment. Browsers send a few of these all the same.
    let unusual = |byte: &u8| !byte.is_ascii_graphic() || b"\"<>\\^`{|}#".contains(byte);
    if target.is_empty() {
        defects.note(D::TargetBad, here(target_start));
    } else if let Some(index) = target.iter().position(bad) {
        defects.note(D::TargetBad, here(target_start.saturating_add(index)));
    } else if let Some(index) = target.iter().position(unusual) {
        defects.note(
            D::TargetCharacters,
            here(target_start.saturating_add(index)),
        );
    }
    let version = version(
        at(text, &(version_start..text.len())),
        here(version_start),
        defects,
    );
    let in_start = |range: Range<usize>| {
        range.start.saturating_add(line.start)..range.end.saturating_add(line.start)
    };
    let (method, target) = (in_start(0..method_end), in_start(target_start..target_end));
    let section_offset = position(offset, start.len());
    let head = RequestHead {
        offset,
        version,
        method,
        target,
        fields: fields(section, section_offset, defects),
        complete,
        start,
    };
    if complete {
        judge_host(&head, defects);
    }
    head
}

/// Takes the start line off: its bytes with any empty lines before it, where its text lies in them, and the section after it.
fn start_line(
    mut raw: Vec<u8>,
    offset: u64,
    defects: &mut Defects,
) -> (Vec<u8>, Range<usize>, Vec<u8>) {
    let mut begin = 0_usize;
    for line in raw.split_inclusive(|byte| *byte == b'\n') {
        let end = begin.saturating_add(line.len());
        if matches!(line, b"\n" | b"\r\n") {
            defects.note(D::LeadingEmptyLine, position(offset, begin));
            begin = end;
            continue;
        }
        let text =
            begin..begin.saturating_add(line_text(line, position(offset, begin), defects).len());
        let section = raw.split_off(end);
        return (raw, text, section);
    }
    let end = raw.len();
    (raw, end..end, Vec::new())
}

fn version(text: &[u8], offset: u64, defects: &mut Defects) -> Version {
    let version = match text {
        [name @ .., major, b'.', minor]
            if name.eq_ignore_ascii_case(b"HTTP/")
                && major.is_ascii_digit()
                && minor.is_ascii_digit() =>
        {
            if name != b"HTTP/" {
                defects.note(D::VersionBad, offset);
            }
            Version::Http(major.wrapping_sub(b'0'), minor.wrapping_sub(b'0'))
        }
        _ => {
            defects.note(D::VersionBad, offset);
            return Version::Unreadable;
        }
    };
    if !matches!(version, Version::Http(1, _)) {
        defects.note(D::VersionUnexpected, offset);
    }
    version
}

/// RFC 9112 §4: `status-code = 3DIGIT`.
fn status(text: &[u8], offset: u64, defects: &mut Defects) -> Option<u16> {
    if text.len() != 3 || !text.iter().all(u8::is_ascii_digit) {
        defects.note(D::StatusNotThreeDigits, offset);
        return None;
    }
    let code = std::str::from_utf8(text).ok()?.parse().ok()?;
    if !(100..=599).contains(&code) {
        defects.note(D::StatusOutOfRange, offset);
    }
    Some(code)
}

/// RFC 9112 §3 and §4: what a lenient recipient takes for the space between words.
fn is_space(byte: u8) -> bool {
    matches!(byte, b' ' | b'\t' | 0x0B | 0x0C | b'\r')
}

fn skip_space(text: &[u8], from: usize) -> usize {
    let spaces = text.iter().skip(from).take_while(|byte| is_space(**byte));
    from.saturating_add(spaces.count())
}

fn next_space(text: &[u8], from: usize) -> usize {
    let word = text.iter().skip(from).take_while(|byte| !is_space(**byte));
    from.saturating_add(word.count())
}
