//! Location as a value: there, once, and a URI reference.

use crate::finding::Findings;
use crate::subject::Subject;
use crate::values::{quoted, uri_reference};

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    if !subject.has("location") {
        let code = subject.code();
        findings.field(
            "location",
            format!("This {code} does not say where to go: Location is missing"),
        );
    }
}

pub(super) fn empty(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("location") {
        if line.value().is_empty() {
            findings.line(
                line,
                "Location is empty: some clients ask for the same address again, others show this response",
            );
        }
    }
}

pub(super) fn more_than_one(subject: &Subject<'_>, findings: &mut Findings) {
    let mut lines = subject.lines("location");
    let Some(first) = lines.next() else { return };
    let first = first.value();
    for line in lines {
        let value = line.value();
        let (first, again) = (quoted(&first), quoted(&value));
        let text = if first == again {
            format!(
                "Location is there again, also with `{again}`; some clients refuse the response for it"
            )
        } else {
            format!(
                "Location is there again, with `{again}` after `{first}`; where a client goes depends on the client"
            )
        };
        findings.line(line, text);
    }
}

pub(super) fn bad_uri(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("location") {
        let value = line.value();
        // Bytes above 0x7F have a rule of their own.
        let ascii: Vec<u8> = value
            .iter()
            .map(|byte| if byte.is_ascii() { *byte } else { b'a' })
            .collect();
        if uri_reference(&ascii).is_some() {
            continue;
        }
        let value = quoted(&value);
        findings.line(line, format!("`{value}` is no URI: {}", why(&ascii)));
    }
}

/// What is wrong with a reference that could not be read. RFC 3986 §2 has the characters.
fn why(value: &[u8]) -> String {
    let strange = |byte: &u8| !byte.is_ascii_graphic() || b"\"<>\\^`{|}".contains(byte);
    if let Some(byte) = value.iter().find(|byte| strange(byte)) {
        return match byte {
            b' ' => "there is a space in it, which is written %20".to_owned(),
            byte => format!(
                "`{}` cannot stand in it, and is written %{byte:02X}",
                quoted(&[*byte])
            ),
        };
    }
    let mut after_percent = value.split(|byte| *byte == b'%').skip(1);
    let half = after_percent.any(|rest| {
        rest.get(..2)
            .is_none_or(|digits| !digits.iter().all(u8::is_ascii_hexdigit))
    });
    if half {
        return "two hexadecimal digits have to follow a percent sign".to_owned();
    }
    "its parts do not fit together".to_owned()
}

pub(super) fn not_ascii(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("location") {
        let value = line.value();
        if let Some(byte) = value.iter().find(|byte| !byte.is_ascii()) {
            let value = quoted(&value);
            findings.line(
                line,
                format!("`{value}` has raw bytes above 0x7F, of which the first would be written %{byte:02X}; clients guess its encoding"),
            );
        }
    }
}

pub(super) fn meaningless(subject: &Subject<'_>, findings: &mut Findings) {
    let code = subject.code();
    if code == 201 || (300..400).contains(&code) {
        return;
    }
    if let Some(line) = subject.lines("location").next() {
        findings.line(
            line,
            format!("Location has no meaning in a {code}: clients do not go there"),
        );
    }
}

pub(super) fn fragment_of_created(subject: &Subject<'_>, findings: &mut Findings) {
    for line in subject.lines("location") {
        let value = line.value();
        if value.contains(&b'#') {
            let value = quoted(&value);
            findings.line(
                line,
                format!("`{value}` points into something; what follows # never reaches a server, so it does not name what was created"),
            );
        }
    }
}
