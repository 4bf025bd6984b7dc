//! Content-Encoding.

use siteerror_wire::field::{self, is_token};
use siteerror_wire::message::FieldLine;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;

/// The registry of content codings (IANA, HTTP Content Coding Registry), with the two aliases of RFC 9110 §8.4.1.
const REGISTERED: &[&str] = &[
    "aes128gcm",
    "br",
    "compress",
    "dcb",
    "dcz",
    "deflate",
    "exi",
    "gzip",
    "identity",
    "pack200-gzip",
    "x-compress",
    "x-gzip",
    "zstd",
];

/// All codings of a response in the order in which they were applied, in lower case, with their lines.
fn codings<'a>(subject: &Subject<'a>) -> Vec<(FieldLine<'a>, String)> {
    let mut found = Vec::new();
    for line in subject.lines("content-encoding") {
        for coding in field::list(&line.value()) {
            found.push((line, String::from_utf8_lossy(coding).to_ascii_lowercase()));
        }
    }
    found
}

fn shown(coding: &str) -> String {
    let end = coding
        .char_indices()
        .nth(40)
        .map_or(coding.len(), |(at, _)| at);
    Shown(coding.get(..end).unwrap_or_default().as_bytes()).to_string()
}

pub(super) fn syntax(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, coding) in codings(subject) {
        if !is_token(coding.as_bytes()) {
            let coding = shown(&coding);
            findings.line(
                line,
                format!("`{coding}` is no name of a coding, which is a bare token"),
            );
        }
    }
}

pub(super) fn identity(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, coding) in codings(subject) {
        if coding == "identity" {
            findings.line(
                line,
                "`identity` says that there is no coding, and leaving the field out says so better",
            );
        }
    }
}

pub(super) fn unknown(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, coding) in codings(subject) {
        if is_token(coding.as_bytes()) && !REGISTERED.contains(&coding.as_str()) {
            let coding = shown(&coding);
            findings.line(
                line,
                format!("`{coding}` is in no registry, so clients do not know how to undo it"),
            );
        }
    }
}

/// The name that `Accept-Encoding` knows it by.
fn plain(coding: &str) -> &str {
    coding
        .strip_prefix("x-")
        .filter(|name| ["gzip", "compress"].contains(name))
        .unwrap_or(coding)
}

/// RFC 9110 §12.5.3.
fn accepts(accept: &[u8], coding: &str) -> bool {
    let mut star = None;
    for element in field::list(accept) {
        let (name, parameters) = field::parameters(element);
        let refused = parameters.iter().any(|parameter| {
            let zero = parameter
                .value
                .as_ref()
                .is_some_and(|value| value.iter().all(|byte| b"0.".contains(byte)));
            parameter.name.eq_ignore_ascii_case(b"q") && zero
        });
        if plain(&String::from_utf8_lossy(name).to_ascii_lowercase()) == coding {
            return !refused;
        }
        if name == b"*" {
            star = Some(!refused);
        }
    }
    star.unwrap_or(false)
}

pub(super) fn unasked(subject: &Subject<'_>, findings: &mut Findings) {
    // Without the field, any coding is fine.
    let Some(accept) = subject.asked("accept-encoding") else {
        return;
    };
    for (line, coding) in codings(subject) {
        if coding != "identity" && is_token(coding.as_bytes()) && !accepts(&accept, plain(&coding))
        {
            let (coding, accept) = (shown(&coding), Shown(accept.get(..60).unwrap_or(&accept)));
            findings.line(
                line,
                format!("The content is in {coding}, and the request takes `{accept}`"),
            );
        }
    }
}

pub(super) fn alias(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, coding) in codings(subject) {
        if plain(&coding) != coding {
            let plain = plain(&coding);
            findings.line(
                line,
                format!("`{coding}` is an old name of {plain}, which everybody knows by now"),
            );
        }
    }
}

/// The beginning of the content if a coding was the last to be applied, and so can be seen on the outside.
fn outermost<'a>(subject: &Subject<'a>, name: &str) -> Option<(FieldLine<'a>, Vec<u8>)> {
    let (line, coding) = codings(subject).pop()?;
    let response = subject.given.received.response.as_ref()?;
    let content = response.body.content();
    let begin = content.get(..2).unwrap_or(&content).to_vec();
    let whole = subject.code() != 206;
    (plain(&coding) == name && whole && !begin.is_empty()).then_some((line, begin))
}

pub(super) fn gzip_mismatch(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some((line, begin)) = outermost(subject, "gzip")
        && begin != [0x1F, 0x8B]
    {
        let begin = Shown(&begin);
        findings.line(line, format!("The content is said to be in gzip and begins with `{begin}`, not with the two bytes that every gzip has"));
    }
}

pub(super) fn deflate_raw(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some((line, begin)) = outermost(subject, "deflate")
        && let [method, flags] = *begin.as_slice()
    {
        // RFC 1950 §2.2: method 8, and both bytes together a multiple of 31.
        let zlib = method & 0x0F == 8 && u16::from_be_bytes([method, flags]) % 31 == 0;
        if !zlib {
            findings.line(line, "The content is in bare deflate, without the zlib format around it that the coding `deflate` means");
        }
    }
}
