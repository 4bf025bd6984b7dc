//! Answers to a Range, held against the whole.

use std::borrow::Cow;

use crate::chain::{Probe, Probes};
use crate::finding::Findings;

pub(super) fn ignored(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(answer) = probes.answer(Probe::Range) else {
        return;
    };
    let offers = probes
        .base
        .value("accept-ranges")
        .is_some_and(|units| units.eq_ignore_ascii_case(b"bytes"));
    if offers && (probes.base.code(), answer.code()) == (200, 200) && probes.base.has_content() {
        findings.field(
            "accept-ranges",
            "The resource says `Accept-Ranges: bytes`, and a range of it was answered with 200 and all of it",
        );
    }
}

/// A Content-Range in bytes: first, last, and the complete length if it is told.
struct Span {
    first: u64,
    last: u64,
    complete: Option<u64>,
}

fn span(value: &[u8]) -> Option<Span> {
    let text = std::str::from_utf8(value).ok()?;
    let (unit, rest) = text.split_once(' ')?;
    let (range, complete) = rest.split_once('/')?;
    let (first, last) = range.split_once('-')?;
    unit.eq_ignore_ascii_case("bytes").then_some(())?;
    Some(Span {
        first: first.parse().ok()?,
        last: last.parse().ok()?,
        complete: complete.parse().ok(),
    })
}

/// The whole content, the part, and the part's place, where both are of the same representation.
fn both<'a>(probes: &Probes<'a>) -> Option<(Cow<'a, [u8]>, Cow<'a, [u8]>, Span)> {
    let answer = probes.answer(Probe::Range)?;
    let base = &probes.base;
    let same = ["content-encoding", "etag", "last-modified"]
        .iter()
        .all(|name| base.value(name) == answer.value(name));
    ((base.code(), answer.code()) == (200, 206) && same).then_some(())?;
    let span = span(&answer.value("content-range")?)?;
    Some((base.content()?, answer.content()?, span))
}

pub(super) fn wrong(probes: &Probes<'_>, findings: &mut Findings) {
    let Some((whole, part, Span { first, last, .. })) = both(probes) else {
        return;
    };
    let bounds = usize::try_from(first).ok().zip(usize::try_from(last).ok());
    let expected = bounds.and_then(|(first, last)| whole.get(first..=last));
    if expected != Some(&*part) {
        let length = part.len();
        findings.field(
            "content-range",
            format!("The 206 says that its {length} bytes are {first} to {last} of the whole, and the 200 has others there"),
        );
    }
}

pub(super) fn wrong_total(probes: &Probes<'_>, findings: &mut Findings) {
    let Some((whole, _, span)) = both(probes) else {
        return;
    };
    let length = whole.len() as u64;
    if let Some(complete) = span.complete
        && complete != length
    {
        findings.field(
            "content-range",
            format!("The 206 speaks of {complete} bytes in all, and the 200 has {length}"),
        );
    }
}
