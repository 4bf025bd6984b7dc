//! Field lines as such, whatever their field: names, colons, control bytes, folds.

use siteerror_wire::DefectKind as D;
use siteerror_wire::message::FieldLine;

use crate::finding::Findings;
use crate::quoted::Quoted;
use crate::subject::Subject;

/// A line without its end.
fn text(line: FieldLine<'_>) -> &[u8] {
    let bytes = line.as_bytes();
    let bytes = bytes.strip_suffix(b"\n").unwrap_or(bytes);
    bytes.strip_suffix(b"\r").unwrap_or(bytes)
}

/// The lines in which a defect was noted, each once.
fn lines<'a>(subject: &Subject<'a>, kinds: &'static [D]) -> Vec<FieldLine<'a>> {
    let mut lines: Vec<FieldLine<'a>> = kinds
        .iter()
        .flat_map(|kind| subject.defects(*kind))
        .filter_map(|offset| subject.line_at(offset))
        .collect();
    lines.sort_by_key(|line| line.offset());
    lines.dedup_by_key(|line| line.offset());
    lines
}

pub(super) fn name_space(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, &[D::FieldNameSpace]) {
        let name = Quoted(line.name().unwrap_or_default());
        findings.line(
            line,
            format!("Whitespace stands between {name} and its colon: some clients drop the field, some the response, and a proxy has to mend it"),
        );
    }
}

pub(super) fn name_bad(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, &[D::FieldNameBad]) {
        let name = line.name().unwrap_or_default();
        let told = if name.is_empty() {
            let line = Quoted(text(line));
            format!("{line} has no name before its colon")
        } else {
            let name = Quoted(name);
            format!("{name} is no field name: some of its characters cannot be in one")
        };
        findings.line(line, told);
    }
}

pub(super) fn malformed(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, &[D::FieldMalformed]) {
        let text = Quoted(text(line));
        findings.line(
            line,
            format!("{text} stands among the fields and has no colon, so it is none of them"),
        );
    }
}

pub(super) const CONTROLS: &[D] = &[D::FieldValueNul, D::FieldValueControl, D::BareCr];

pub(super) fn control(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, CONTROLS) {
        let value = line.value();
        let is_control = |byte: &&u8| byte.is_ascii_control() && **byte != b'\t';
        // A CR at the border of a value is none of it; then it is in the name or before the line end.
        let Some(byte) = value.iter().find(is_control) else {
            continue;
        };
        let what = match byte {
            0 => "A NUL byte",
            b'\r' => "A CR",
            _ => "A control byte",
        };
        let value = Quoted(&value);
        findings.line(line, format!("{what} stands in the value {value}"));
    }
}

pub(super) fn not_ascii(subject: &Subject<'_>, findings: &mut Findings) {
    if subject.fields().as_bytes().is_ascii() {
        return;
    }
    for line in subject.fields().lines() {
        let value = line.value();
        if line.name().is_none() || value.is_ascii() {
            continue;
        }
        let reading = match std::str::from_utf8(&value) {
            Ok(_) => {
                "clients that read it as ISO-8859-1 see other characters than those that read it as UTF-8"
            }
            Err(_) => "it is no UTF-8, and nothing says what else it is",
        };
        let value = Quoted(&value);
        findings.line(line, format!("{value} has bytes above 0x7F: {reading}"));
    }
}

pub(super) fn folded(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, &[D::ObsFold]) {
        let name = Quoted(line.name().unwrap_or_default());
        let text = text(line);
        let fold = text
            .iter()
            .position(|byte| *byte == b'\n')
            .map_or(0, |end| end + 1);
        let rest = Quoted(text.get(fold..).unwrap_or_default());
        findings.line(
            line,
            format!(
                "The value of {name} goes on in the next line, {rest}, which HTTP has given up"
            ),
        );
    }
}

pub(super) fn bare_cr(subject: &Subject<'_>, findings: &mut Findings) {
    for offset in subject.defects(D::BareCr) {
        let told = match subject.line_at(offset) {
            Some(line) => {
                let line = Quoted(text(line));
                format!("A CR without LF stands in {line}: to some recipients the line ends there")
            }
            None => "A CR without LF stands where only text may be".to_owned(),
        };
        findings.at(subject, offset, told);
    }
}

pub(super) fn space_first(subject: &Subject<'_>, findings: &mut Findings) {
    for line in lines(subject, &[D::SpaceBeforeFirstField]) {
        let text = Quoted(text(line));
        findings.line(
            line,
            format!("{text} begins with whitespace right after the status line: clients drop the line or the response"),
        );
    }
}
