//! A raw message for people, with bytes of it marked: in the notation of [`ShownLines`](siteerror_wire::write::ShownLines), so that nothing in it is invisible.

use std::ops::Range;

use siteerror_catalog::Class;
use siteerror_lint::Finding;
use siteerror_wire::write::Shown;

/// So many bytes of a message are shown: a whole head, and the beginning of long content.
const MOST_SHOWN: usize = 24 * 1024;

/// What a piece of a line is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Part {
    Status,
    Name,
    Text,
    /// The line end.
    End,
}

/// A piece of a line that is all marked or all not.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Piece {
    pub(crate) text: String,
    pub(crate) part: Part,
    pub(crate) marked: bool,
    /// Numbers of the marks that begin here; those with the number 0 need no anchor.
    pub(crate) begins: Vec<usize>,
}

impl Piece {
    /// As the style sheets call it.
    pub(crate) const fn class(&self) -> &'static str {
        match self.part {
            Part::Status => "wire__status",
            Part::Name => "wire__field",
            Part::Text => "wire__value",
            Part::End => "wire__end",
        }
    }
}

/// A message as a card.
#[derive(Debug, Clone)]
pub(crate) struct Marked {
    pub(crate) id: String,
    pub(crate) label: String,
    pub(crate) lines: Vec<Vec<Piece>>,
    /// Bytes that are not shown.
    pub(crate) more: usize,
    /// The hue of its status code, the last one where there are several; empty for requests.
    pub(crate) hue: &'static str,
}

impl Marked {
    pub(crate) fn new(
        id: impl Into<String>,
        label: impl Into<String>,
        message: &[u8],
        marks: &[(usize, Range<u64>)],
    ) -> Self {
        let shown = message
            .get(..MOST_SHOWN.min(message.len()))
            .unwrap_or_default();
        let marks: Vec<(usize, Range<usize>)> = marks
            .iter()
            .map(|(number, range)| (*number, within(range, shown.len())))
            .collect();
        let mut lines = Vec::new();
        let mut start = 0;
        let mut place = Place::First;
        let mut status = Vec::new();
        for line in shown.split_inclusive(|byte| *byte == b'\n') {
            if matches!(place, Place::First | Place::Interim) && line.starts_with(b"HTTP/") {
                status = line
                    .split(|byte| *byte == b' ')
                    .nth(1)
                    .unwrap_or_default()
                    .to_vec();
            }
            lines.push(pieces(line, start, place, &marks));
            place = place.after(line, shown.get(start + line.len()..).unwrap_or_default());
            start += line.len();
        }
        Self {
            id: id.into(),
            label: label.into(),
            lines,
            more: message.len() - shown.len(),
            hue: hue(&status),
        }
    }
}

/// The hue of a class by its first digit.
fn hue(status: &[u8]) -> &'static str {
    let class = Class::ALL
        .into_iter()
        .find(|class| status.first() == class.slug().as_bytes().first());
    class.map_or("", super::hue)
}

/// What a finding points at: its bytes, or the first line of its field.
pub(crate) fn place(finding: &Finding, message: &[u8]) -> Option<Range<u64>> {
    if let Some(bytes) = &finding.place.bytes {
        return Some(bytes.clone());
    }
    let name = finding.place.field.as_deref()?;
    let mut start = 0;
    for line in message.split_inclusive(|byte| *byte == b'\n') {
        let found = line.split(|byte| *byte == b':').next().unwrap_or_default();
        if found.eq_ignore_ascii_case(name.as_bytes()) && found.len() < line.len() {
            let end = start + line.trim_ascii_end().len();
            return Some(start as u64..end as u64);
        }
        if line.trim_ascii().is_empty() {
            return None;
        }
        start += line.len();
    }
    None
}

/// The number of the line in which a byte stands, from 1.
pub(crate) fn line_number(message: &[u8], at: u64) -> usize {
    let before = message.iter().zip(0..at);
    1 + before.filter(|(byte, _)| **byte == b'\n').count()
}

/// A range as one that can be seen: where something is missing, the byte at its place is marked.
fn within(range: &Range<u64>, length: usize) -> Range<usize> {
    let index = |at: u64| usize::try_from(at).unwrap_or(usize::MAX).min(length);
    let (start, end) = (index(range.start), index(range.end));
    if start < end {
        start..end
    } else if start < length {
        start..start + 1
    } else {
        length.saturating_sub(1)..length
    }
}

/// Where in a message a line stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Place {
    First,
    Interim,
    Field,
    InterimField,
    Content,
}

impl Place {
    fn after(self, line: &[u8], rest: &[u8]) -> Self {
        let is_empty = line.trim_ascii().is_empty();
        match self {
            Self::Content => Self::Content,
            Self::First | Self::Interim => {
                let status = line.split(|byte| *byte == b' ').nth(1).unwrap_or_default();
                if line.starts_with(b"HTTP/") && status.starts_with(b"1") {
                    Self::InterimField
                } else {
                    Self::Field
                }
            }
            Self::InterimField if is_empty && rest.starts_with(b"HTTP/") => Self::Interim,
            Self::Field | Self::InterimField if is_empty => Self::Content,
            same => same,
        }
    }
}

fn pieces(line: &[u8], start: usize, place: Place, marks: &[(usize, Range<usize>)]) -> Vec<Piece> {
    let end = [b"\r\n".as_slice(), b"\n"]
        .into_iter()
        .find(|end| line.ends_with(end))
        .map_or(line.len(), |end| line.len() - end.len());
    let colon = match place {
        Place::Field | Place::InterimField => line
            .iter()
            .take(end)
            .position(|byte| *byte == b':')
            .map_or(0, |at| at + 1),
        _ => 0,
    };
    let mut cuts = vec![0, colon, end, line.len()];
    for (_, mark) in marks {
        for at in [mark.start, mark.end] {
            if let Some(at) = at.checked_sub(start).filter(|at| *at < line.len()) {
                cuts.push(at);
            }
        }
    }
    cuts.sort_unstable();
    cuts.dedup();
    let mut pieces = Vec::new();
    for (from, to) in cuts.iter().zip(cuts.iter().skip(1)) {
        let at = start + from;
        let part = if *from >= end {
            Part::End
        } else if matches!(place, Place::First | Place::Interim) {
            Part::Status
        } else if *from < colon {
            Part::Name
        } else {
            Part::Text
        };
        pieces.push(Piece {
            text: Shown(line.get(*from..*to).unwrap_or_default()).to_string(),
            part,
            marked: marks.iter().any(|(_, mark)| mark.contains(&at)),
            begins: marks
                .iter()
                .filter(|(number, mark)| *number > 0 && mark.start == at)
                .map(|(number, _)| *number)
                .collect(),
        });
    }
    pieces
}

#[cfg(test)]
mod tests {
    use super::*;

    fn texts(marked: &Marked) -> Vec<(String, bool)> {
        let pieces = marked.lines.iter().flatten();
        pieces
            .map(|piece| (piece.text.clone(), piece.marked))
            .collect()
    }

    #[test]
    fn marks_are_where_the_bytes_are() {
        let message = b"HTTP/1.1 200 OK\r\nA: b\x00\r\n\r\nc\nd";
        let marked = Marked::new("x", "X", message, &[(1, 17..22), (2, 30..30)]);
        let expected = [
            ("HTTP/1.1 200 OK", false),
            ("\\r\\n", false),
            ("A:", true),
            (" b\\x00", true),
            ("\\r\\n", false),
            ("\\r\\n", false),
            ("c", false),
            ("\\n", false),
            ("d", true),
        ];
        let expected: Vec<_> = expected
            .iter()
            .map(|(text, marked)| ((*text).to_owned(), *marked))
            .collect();
        assert_eq!(texts(&marked), expected);
        let begins: Vec<_> = marked
            .lines
            .iter()
            .flatten()
            .map(|piece| &piece.begins)
            .collect();
        assert_eq!((&begins[2][..], &begins[8][..]), (&[1][..], &[2][..]));
    }

    #[test]
    fn nothing_is_a_card_without_lines() {
        assert!(Marked::new("x", "X", b"", &[(1, 0..9)]).lines.is_empty());
        let long = Marked::new(
            "x",
            "X",
            &vec![b'a'; MOST_SHOWN + 5],
            &[(1, u64::MAX..u64::MAX)],
        );
        assert_eq!((long.lines.len(), long.more), (1, 5));
    }
}
