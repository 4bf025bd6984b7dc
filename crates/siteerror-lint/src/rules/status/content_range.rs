//! Content-Range: RFC 9110 §14.4.

use std::cmp::Ordering;

use siteerror_wire::field::{ContentLength, is_token};

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

/// A value, as the grammar has it. Numbers are digits: they may be larger than any type.
struct ContentRange<'a> {
    unit: &'a [u8],
    /// First and last position; none in `*/length`.
    range: Option<(&'a [u8], &'a [u8])>,
    /// None if it is a star.
    length: Option<&'a [u8]>,
}

/// `range-unit SP ( first-pos "-" last-pos "/" ( complete-length / "*" ) / "*/" complete-length )`
fn parse(value: &[u8]) -> Option<ContentRange<'_>> {
    let (unit, rest) = halves(value, b' ')?;
    let (range, length) = halves(rest, b'/')?;
    let range = match range {
        b"*" => None,
        range => Some(halves(range, b'-')?),
    };
    let length = (length != b"*").then_some(length);
    let numbers = [range.map(|(first, _)| first), range.map(|(_, last)| last)];
    let digits = |number: &[u8]| !number.is_empty() && number.iter().all(u8::is_ascii_digit);
    let all_digits = numbers.into_iter().chain([length]).flatten().all(digits);
    let says_something = range.is_some() || length.is_some();
    (is_token(unit) && all_digits && says_something).then_some(ContentRange {
        unit,
        range,
        length,
    })
}

fn halves(bytes: &[u8], at: u8) -> Option<(&[u8], &[u8])> {
    let middle = bytes.iter().position(|byte| *byte == at)?;
    Some((bytes.get(..middle)?, bytes.get(middle.checked_add(1)?..)?))
}

/// Compares the numbers that digits stand for.
fn compare(one: &[u8], other: &[u8]) -> Ordering {
    let (one, other) = (significant(one), significant(other));
    one.len().cmp(&other.len()).then_with(|| one.cmp(other))
}

fn significant(digits: &[u8]) -> &[u8] {
    let zeros = digits.iter().take_while(|digit| **digit == b'0').count();
    digits.get(zeros..).unwrap_or_default()
}

fn number(digits: &[u8]) -> Option<u64> {
    std::str::from_utf8(digits).ok()?.parse().ok()
}

/// RFC 3229 §10.5.2 gives it a meaning in a 226 too.
fn has_meaning(subject: &Subject<'_>) -> bool {
    matches!(subject.code(), 206 | 226 | 416)
}

pub(super) fn meaningless(subject: &Subject<'_>, findings: &mut Findings) {
    if has_meaning(subject) {
        return;
    }
    let code = subject.code();
    if let Some(line) = subject.lines("content-range").next() {
        findings.line(
            line,
            format!("Content-Range has no meaning in a {code}, so clients take the content for the whole"),
        );
    }
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    if !has_meaning(subject) {
        return;
    }
    for line in subject.lines("content-range") {
        let value = line.value();
        if parse(&value).is_none() {
            let value = quoted(&value);
            findings.line(
                line,
                format!("`{value}` is not of the form `bytes 0-499/1234`, so nobody knows which part this is"),
            );
        }
    }
}

pub(super) fn values(subject: &Subject<'_>, findings: &mut Findings) {
    if !has_meaning(subject) {
        return;
    }
    for line in subject.lines("content-range") {
        let value = line.value();
        let Some((range, (first, last))) = parse(&value).and_then(|read| {
            let range = read.range?;
            Some((read, range))
        }) else {
            continue;
        };
        let value = quoted(&value);
        if compare(last, first) == Ordering::Less {
            findings.line(
                line,
                format!("`{value}` ends before it begins, and a client has to throw the part away"),
            );
        } else if range
            .length
            .is_some_and(|length| compare(length, last) != Ordering::Greater)
        {
            findings.line(
                line,
                format!("`{value}` ends after the end: positions count from 0, so the last one is at most the length less one"),
            );
        }
    }
}

pub(super) fn form(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-range") {
        let value = line.value();
        let Some(read) = parse(&value) else { continue };
        let value = quoted(&value);
        match (subject.code(), read.range) {
            (206, None) => findings.line(
                line,
                format!("`{value}` says that no range could be had, and this 206 holds one"),
            ),
            (416, Some(_)) => findings.line(
                line,
                format!("`{value}` names a range, and this 416 holds none; `*/` and the length would tell what can be asked for"),
            ),
            _ => {}
        }
    }
}

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.has("content-range") && !subject.is_type("multipart/byteranges") {
        findings.field(
            "content-range",
            "This 206 does not say which part it holds: Content-Range is missing",
        );
    }
}

pub(super) fn length(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.is_type("multipart/byteranges") {
        return;
    }
    let (Some(length), Some(line)) = (
        ContentLength::of(subject.fields()).length(),
        subject.lines("content-range").next(),
    ) else {
        return;
    };
    let value = line.value();
    let Some(range) = parse(&value).filter(|range| range.unit.eq_ignore_ascii_case(b"bytes"))
    else {
        return;
    };
    let bytes = range.range.and_then(|(first, last)| {
        let span = number(last)?.checked_sub(number(first)?)?;
        span.checked_add(1)
    });
    if let Some(bytes) = bytes.filter(|bytes| *bytes != length) {
        let value = quoted(&value);
        findings.line(
            line,
            format!("`{value}` is {bytes} bytes and Content-Length says {length}: a client that joins parts gets a broken file"),
        );
    }
}

pub(super) fn of_416(subject: &Subject<'_>, findings: &mut Findings) {
    let bytes_asked = subject.asked("range").is_some_and(|range| {
        range
            .get(..6)
            .is_some_and(|unit| unit.eq_ignore_ascii_case(b"bytes="))
    });
    if bytes_asked && !subject.has("content-range") {
        findings.field(
            "content-range",
            "This 416 does not say how long the representation is: Content-Range with `bytes */` and the length is missing",
        );
    }
}
