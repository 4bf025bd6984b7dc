//! multipart/byteranges: several parts in one 206. RFC 9110 §14.6 and §15.3.7.2.

use siteerror_wire::field;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::quoted;

const BYTERANGES: &str = "multipart/byteranges";

fn boundary(subject: &Subject<'_>) -> Option<Vec<u8>> {
    let value = subject.fields().get("content-type")?;
    let (_, parameters) = field::parameters(&value);
    let boundary = parameters
        .into_iter()
        .find(|parameter| parameter.name.eq_ignore_ascii_case(b"boundary"))?;
    boundary
        .value
        .map(std::borrow::Cow::into_owned)
        .filter(|value| !value.is_empty())
}

pub(super) fn no_boundary(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(line) = subject.lines("content-type").next()
        && subject.is_type(BYTERANGES)
        && boundary(subject).is_none()
    {
        findings.line(
            line,
            "multipart/byteranges without its boundary: nobody can tell where one part ends and the next begins",
        );
    }
}

pub(super) fn range_in_head(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some(line) = subject.lines("content-range").next()
        && subject.is_type(BYTERANGES)
    {
        let value = quoted(&line.value());
        findings.line(
            line,
            format!("`{value}` in the head of a multipart answer makes the separators look like bytes of the file"),
        );
    }
}

pub(super) fn one_range_asked(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(asked) = subject.asked("range") else {
        return;
    };
    let Some(unit) = asked.iter().position(|byte| *byte == b'=') else {
        return;
    };
    let ranges = asked.get(unit.saturating_add(1)..).unwrap_or_default();
    if let Some(line) = subject.lines("content-type").next()
        && subject.is_type(BYTERANGES)
        && field::list(ranges).count() == 1
    {
        let asked = quoted(&asked);
        findings.line(
            line,
            format!("`Range: {asked}` asks for one range, and a client that does so need not be able to take a multipart answer apart"),
        );
    }
}

pub(super) fn part_without_range(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.is_type(BYTERANGES) || subject.has("content-encoding") {
        return;
    }
    let (Some(boundary), Some(content)) = (boundary(subject), subject.content()) else {
        return;
    };
    let delimiter = [b"--".as_slice(), &boundary].concat();
    // None before the first delimiter and after the last.
    let mut part: Option<Part> = None;
    let mut number = 0_usize;
    for line in content.split_inclusive(|byte| *byte == b'\n') {
        if let Some(after) = line.strip_prefix(delimiter.as_slice())
            && after
                .strip_prefix(b"--")
                .unwrap_or(after)
                .trim_ascii()
                .is_empty()
        {
            if part == Some(Part::Without) {
                report(number, findings);
            }
            if after.starts_with(b"--") {
                return;
            }
            number = number.saturating_add(1);
            part = Some(Part::Head);
        } else if part == Some(Part::Head) {
            let name = line.split(|byte| *byte == b':').next().unwrap_or_default();
            if name.trim_ascii().eq_ignore_ascii_case(b"content-range") {
                part = Some(Part::With);
            } else if line.trim_ascii().is_empty() {
                part = Some(Part::Without);
            }
        }
    }
    if part == Some(Part::Without) {
        report(number, findings);
    }
}

/// How far a part was read.
#[derive(Clone, Copy, PartialEq)]
enum Part {
    /// In its fields, and Content-Range did not come yet.
    Head,
    With,
    Without,
}

fn report(number: usize, findings: &mut Findings) {
    findings.field(
        "content-range",
        format!("Part {number} does not say which range it holds: it has no Content-Range"),
    );
}

pub(super) fn if_range(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(asked) = subject.asked("if-range") else {
        return;
    };
    let current = subject.fields().get("etag");
    let is_weak = |tag: &[u8]| tag.starts_with(b"W/\"");
    // A date may stand there too, which is another matter.
    let is_tag = asked.starts_with(b"\"") || is_weak(&asked);
    let text = if is_weak(&asked) {
        let asked = quoted(&asked);
        format!(
            "`If-Range: {asked}` can never be true, as weak tags match nothing here: Range had to be ignored"
        )
    } else if let Some(current) = current.filter(|current| is_tag && is_weak(current)) {
        let current = quoted(&current);
        format!(
            "The current tag `{current}` is weak and cannot match If-Range: Range had to be ignored"
        )
    } else {
        return;
    };
    findings.hit(text);
}
