//! A header or trailer section: its lines in order, with their case and their bytes.

use std::borrow::Cow;
use std::ops::Range;

/// Field lines as they came, the empty line at the end included, if it came.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Fields {
    offset: u64,
    raw: Vec<u8>,
    lines: Vec<Span>,
}

/// Where the parts of a line lie in the section.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Span {
    /// With its line end, and with any lines folded onto it.
    pub(crate) line: Range<usize>,
    /// None for a line that names no field: one without a colon, or whitespace where a field should be.
    pub(crate) name: Option<Range<usize>>,
    pub(crate) value: Range<usize>,
    pub(crate) folded: bool,
}

/// One line of a section.
#[derive(Debug, Clone, Copy)]
pub struct FieldLine<'a> {
    fields: &'a Fields,
    span: &'a Span,
}

impl Fields {
    pub(crate) fn new(offset: u64, raw: Vec<u8>, lines: Vec<Span>) -> Self {
        Self { offset, raw, lines }
    }

    /// A section of fields that came one by one, not as text: those of HTTP/2, and its trailers. Whitespace around a value is not part of it.
    pub fn of<N: AsRef<[u8]>, V: AsRef<[u8]>>(
        offset: u64,
        fields: impl IntoIterator<Item = (N, V)>,
    ) -> Self {
        let mut raw = Vec::new();
        let mut lines = Vec::new();
        for (name, value) in fields {
            let (name, value) = (name.as_ref(), trim(value.as_ref()));
            let begin = raw.len();
            raw.extend_from_slice(name);
            let name = begin..raw.len();
            raw.extend_from_slice(b": ");
            let start = raw.len();
            raw.extend_from_slice(value);
            let value = start..raw.len();
            raw.extend_from_slice(b"\r\n");
            lines.push(Span {
                line: begin..raw.len(),
                name: Some(name),
                value,
                folded: false,
            });
        }
        raw.extend_from_slice(b"\r\n");
        Self { offset, raw, lines }
    }

    /// Every line but the empty one at the end, also those that are no field line.
    pub fn lines(&self) -> impl DoubleEndedIterator<Item = FieldLine<'_>> {
        self.lines
            .iter()
            .map(|span| FieldLine { fields: self, span })
    }

    /// Name and value of every field line, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&[u8], Cow<'_, [u8]>)> {
        self.lines()
            .filter_map(|line| Some((line.name()?, line.value())))
    }

    /// The lines of one field. RFC 9110 §5.1: case does not matter in names.
    #[inline]
    pub fn named<'a>(&'a self, name: &str) -> impl Iterator<Item = FieldLine<'a>> {
        self.lines().filter(move |line| {
            // Lengths first: they differ for nearly all other names.
            let span = line.span.name.as_ref();
            span.is_some_and(|span| span.len() == name.len())
                && line
                    .name()
                    .is_some_and(|found| found.eq_ignore_ascii_case(name.as_bytes()))
        })
    }

    /// The value of the first line of a field.
    pub fn get<'a>(&'a self, name: &str) -> Option<Cow<'a, [u8]>> {
        self.named(name).next().map(FieldLine::value)
    }

    /// Whether a field is there.
    pub fn contains(&self, name: &str) -> bool {
        self.named(name).next().is_some()
    }

    /// The values of all lines of a field as one, with a comma and a space between: RFC 9110 §5.3. Not for Set-Cookie, whose lines cannot be combined.
    pub fn combined<'a>(&'a self, name: &str) -> Option<Cow<'a, [u8]>> {
        let values: Vec<_> = self.named(name).map(FieldLine::value).collect();
        match values.as_slice() {
            [] => None,
            [one] => Some(one.clone()),
            many => Some(Cow::Owned(many.join(b", ".as_slice()))),
        }
    }

    /// How many lines there are.
    pub fn len(&self) -> usize {
        self.lines.len()
    }

    /// Whether there are none.
    pub fn is_empty(&self) -> bool {
        self.lines.is_empty()
    }

    /// The section as it came.
    pub fn as_bytes(&self) -> &[u8] {
        &self.raw
    }

    /// Where it begins, counted from the first byte given to the reader.
    pub fn offset(&self) -> u64 {
        self.offset
    }
}

impl<'a> FieldLine<'a> {
    /// The name as sent; none if the line names no field.
    #[inline]
    pub fn name(self) -> Option<&'a [u8]> {
        let name = self.span.name.as_ref()?;
        Some(at(&self.fields.raw, name))
    }

    /// The value without whitespace around it. RFC 9112 §5.2: where the line was folded, a space stands for each fold.
    #[inline]
    pub fn value(self) -> Cow<'a, [u8]> {
        let value = at(&self.fields.raw, &self.span.value);
        if !self.span.folded {
            return Cow::Borrowed(value);
        }
        let parts: Vec<&[u8]> = value
            .split(|byte| *byte == b'\n')
            .map(|part| trim(part.strip_suffix(b"\r").unwrap_or(part)))
            .collect();
        Cow::Owned(trim(&parts.join(&b' ')).to_vec())
    }

    /// The line as it came, with its end and with all lines folded onto it.
    pub fn as_bytes(self) -> &'a [u8] {
        at(&self.fields.raw, &self.span.line)
    }

    /// Where it begins, counted from the first byte given to the reader.
    pub fn offset(self) -> u64 {
        position(self.fields.offset, self.span.line.start)
    }
}

/// The bytes of a range; none if it reaches too far, which ranges made while reading do not.
pub(crate) fn at<'a>(bytes: &'a [u8], range: &Range<usize>) -> &'a [u8] {
    bytes.get(range.clone()).unwrap_or_default()
}

/// Where the byte at an index stands, counted from the first byte given to the reader.
pub(crate) fn position(offset: u64, index: usize) -> u64 {
    offset.saturating_add(u64::try_from(index).unwrap_or(u64::MAX))
}

/// RFC 9110 §5.6.3: optional whitespace is spaces and tabs.
pub(crate) fn trim(mut bytes: &[u8]) -> &[u8] {
    while let [b' ' | b'\t', rest @ ..] = bytes {
        bytes = rest;
    }
    while let [rest @ .., b' ' | b'\t'] = bytes {
        bytes = rest;
    }
    bytes
}
