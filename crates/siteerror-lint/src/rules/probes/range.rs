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

/// A part beside the whole, both of the same representation.
struct Part<'a> {
    whole: Cow<'a, [u8]>,
    content: Cow<'a, [u8]>,
    first: u64,
    last: u64,
    /// None if it is not told.
    complete: Option<u64>,
}

impl<'a> Part<'a> {
    fn of(probes: &Probes<'a>) -> Option<Self> {
        let answer = probes.answer(Probe::Range)?;
        let base = &probes.base;
        let same = ["content-encoding", "etag", "last-modified"]
            .iter()
            .all(|name| base.value(name) == answer.value(name));
        ((base.code(), answer.code()) == (200, 206) && same).then_some(())?;
        let range = answer.value("content-range")?;
        let (unit, rest) = std::str::from_utf8(&range).ok()?.split_once(' ')?;
        let (range, complete) = rest.split_once('/')?;
        let (first, last) = range.split_once('-')?;
        unit.eq_ignore_ascii_case("bytes").then_some(())?;
        Some(Self {
            whole: base.content()?,
            content: answer.content()?,
            first: first.parse().ok()?,
            last: last.parse().ok()?,
            complete: complete.parse().ok(),
        })
    }
}

pub(super) fn wrong(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(part) = Part::of(probes) else {
        return;
    };
    let Part { first, last, .. } = part;
    let bounds = usize::try_from(first).ok().zip(usize::try_from(last).ok());
    let expected = bounds.and_then(|(first, last)| part.whole.get(first..=last));
    if expected != Some(&*part.content) {
        let length = part.content.len();
        findings.field(
            "content-range",
            format!("The 206 says that its {length} bytes are {first} to {last} of the whole, and the 200 has others there"),
        );
    }
}

pub(super) fn wrong_total(probes: &Probes<'_>, findings: &mut Findings) {
    let Some(part) = Part::of(probes) else {
        return;
    };
    let length = part.whole.len() as u64;
    if let Some(complete) = part.complete
        && complete != length
    {
        findings.field(
            "content-range",
            format!("The 206 speaks of {complete} bytes in all, and the 200 has {length}"),
        );
    }
}
