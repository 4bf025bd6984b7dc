//! Content-Type, and whether the content is that.

use encoding_rs::Encoding;
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::MediaType;

fn shown(value: &[u8]) -> String {
    Shown(value.get(..60).unwrap_or(value)).to_string()
}

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.has_content() && !subject.has("content-type") {
        findings.field(
            "content-type",
            "There is content, and nothing says of what type, so recipients guess",
        );
    }
}

/// Whether the value is several media types, which is a mistake of its own.
fn is_list(value: &[u8]) -> bool {
    let elements = || siteerror_wire::field::list(value);
    value.contains(&b',')
        && elements().count() > 1
        && elements().all(|element| MediaType::parse(element).is_some())
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for (line, declared) in subject.media_types() {
        let value = line.value();
        if declared.is_none() && !is_list(&value) {
            let value = shown(&value);
            findings.line(
                *line,
                format!(
                    "`{value}` is no media type, a type and a subtype with a slash between them"
                ),
            );
        }
    }
}

pub(super) fn list(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("content-type") {
        let value = line.value();
        if is_list(&value) {
            let value = shown(&value);
            findings.line(
                line,
                format!(
                    "`{value}` is more than one type, and recipients differ in which they take"
                ),
            );
        }
    }
}

/// What bytes at the beginning say, and the types that may be declared for it: the MIME Sniffing standard, §6 and §7.
const MAGIC: &[(&[u8], &str, &[&str])] = &[
    (
        b"\x89PNG\r\n\x1A\n",
        "a PNG picture",
        &["image/png", "image/apng", "image/vnd.mozilla.apng"],
    ),
    (
        b"\xFF\xD8\xFF",
        "a JPEG picture",
        &["image/jpeg", "image/pjpeg", "image/jpg"],
    ),
    (b"GIF87a", "a GIF picture", &["image/gif"]),
    (b"GIF89a", "a GIF picture", &["image/gif"]),
    (
        b"%PDF-",
        "a PDF document",
        &[
            "application/pdf",
            "application/x-pdf",
            "application/illustrator",
        ],
    ),
    (
        b"wOF2",
        "a WOFF2 font",
        &["font/woff2", "application/font-woff2"],
    ),
    (b"\0asm", "a WebAssembly module", &["application/wasm"]),
];

pub(super) fn mismatch(subject: &Subject<'_>, findings: &mut Findings) {
    let (Some((line, declared)), Some(content)) = (subject.media_type(), subject.seen()) else {
        return;
    };
    // A part says nothing by how it begins, and a declaration that says nothing cannot be wrong.
    let vague = [
        "application/octet-stream",
        "binary/octet-stream",
        "application/x-unknown-content-type",
    ];
    if subject.code() == 206 || content.is_empty() || vague.contains(&declared.essence.as_str()) {
        return;
    }
    let essence = &declared.essence;
    if let Some((_, what, allowed)) = MAGIC.iter().find(|(magic, ..)| content.starts_with(magic)) {
        if !allowed.contains(&essence.as_str()) {
            findings.line(
                line,
                format!("The content is {what}, and Content-Type says {essence}"),
            );
        }
        return;
    }
    let start = content.trim_ascii_start();
    let opens = |text: &str| {
        start
            .get(..text.len())
            .is_some_and(|begin| begin.eq_ignore_ascii_case(text.as_bytes()))
    };
    let html = opens("<!doctype html") || opens("<html");
    let source_like = [
        "text/html",
        "application/xhtml+xml",
        "text/plain",
        "text/markdown",
        "multipart/related",
        "message/rfc822",
    ];
    if html && !source_like.contains(&essence.as_str()) && !essence.contains("template") {
        findings.line(
            line,
            format!("The content is an HTML page, and Content-Type says {essence}"),
        );
    } else if declared.is_json() && !begins_like_json(start) {
        findings.line(
            line,
            format!("Content-Type says {essence}, and the content does not begin like JSON"),
        );
    }
}

/// RFC 8259 §2, and the byte order mark that some send although §8.1 forbids it.
fn begins_like_json(text: &[u8]) -> bool {
    let text = text.strip_prefix(b"\xEF\xBB\xBF").unwrap_or(text);
    text.first()
        .is_none_or(|byte| b"{[\"-0123456789tfn".contains(byte))
}

pub(super) fn charset_unknown(subject: &Subject<'_>, findings: &mut Findings) {
    if let Some((line, declared)) = subject.media_type()
        && let Some(label) = declared.parameter("charset")
        && Encoding::for_label(label.as_bytes()).is_none()
    {
        let label = shown(label.as_bytes());
        findings.line(
            line,
            format!("No browser knows an encoding `{label}`, so it takes one that it guesses"),
        );
    }
}

pub(super) fn charset_missing(subject: &Subject<'_>, findings: &mut Findings) {
    let Some((line, declared)) = subject.media_type() else {
        return;
    };
    let html = declared.essence == "text/html" && declared.parameter("charset").is_none();
    let Some(content) = subject.seen().filter(|content| html && !content.is_empty()) else {
        return;
    };
    if !says_charset(&content) {
        findings.line(
            line,
            "Neither Content-Type nor the first 1024 bytes of the page say in which encoding it is",
        );
    }
}

/// A byte order mark, or a `<meta>` with `charset` where browsers look for it: the HTML standard, "prescan a byte stream to determine its encoding".
fn says_charset(content: &[u8]) -> bool {
    let marked = [b"\xEF\xBB\xBF".as_slice(), b"\xFE\xFF", b"\xFF\xFE"]
        .iter()
        .any(|mark| content.starts_with(mark));
    let begin = content.get(..1024).unwrap_or(content).to_ascii_lowercase();
    let find = |bytes: &[u8], what: &[u8]| bytes.windows(what.len()).position(|part| part == what);
    let mut rest = begin.as_slice();
    while let Some(at) = find(rest, b"<meta") {
        let tag = rest.get(at..).unwrap_or_default();
        let end = tag
            .iter()
            .position(|byte| *byte == b'>')
            .unwrap_or(tag.len());
        if find(tag.get(..end).unwrap_or_default(), b"charset").is_some() {
            return true;
        }
        rest = tag.get(5..).unwrap_or_default();
    }
    marked
}
