//! Reports as JSON: an array, or one a line.

use std::io::{self, Write};

use super::report::{Face, Row, Totals};

/// `[…]`.
#[derive(Debug, Default)]
pub(crate) struct Array {
    is_begun: bool,
    /// A report, and used again for the next one.
    text: Vec<u8>,
}

impl Face for Array {
    fn begin(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let comma: &[u8] = if self.is_begun { b",\n" } else { b"\n" };
        self.is_begun = true;
        self.text.clear();
        self.text.extend_from_slice(comma);
        row.report.append_json(&mut self.text);
        out.write_all(&self.text)
    }

    fn end(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

/// One a line.
#[derive(Debug, Default)]
pub(crate) struct Lines {
    /// A line, and used again for the next one.
    text: Vec<u8>,
}

impl Face for Lines {
    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        self.text.clear();
        row.report.append_json(&mut self.text);
        self.text.push(b'\n');
        out.write_all(&self.text)
    }
}
