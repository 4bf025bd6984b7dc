//! Reports as JSON: an array, or one a line.

use std::io::{self, Write};

use super::report::{Face, Row, Totals};

/// `[…]`.
#[derive(Debug, Default)]
pub(crate) struct Array {
    is_begun: bool,
}

impl Face for Array {
    fn begin(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(b"[")
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let comma: &[u8] = if self.is_begun { b",\n" } else { b"\n" };
        self.is_begun = true;
        out.write_all(comma)?;
        row.report.write_json(out)
    }

    fn end(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        out.write_all(b"\n]\n")
    }
}

/// One a line.
#[derive(Debug)]
pub(crate) struct Lines;

impl Face for Lines {
    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        row.report.write_json(&mut *out)?;
        out.write_all(b"\n")
    }
}
