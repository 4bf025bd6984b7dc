//! Reports as CSV (RFC 4180), a row each. What a spreadsheet would take for a formula begins with an apostrophe.

use std::io::{self, Write};

use siteerror_guard::show::cell;
use siteerror_lint::Severity;

use super::report::{Face, Row, Totals};

/// Names of the columns.
const HEAD: [&str; 11] = [
    "url",
    "final_url",
    "status",
    "ok",
    "error",
    "redirects",
    "total_ms",
    "errors",
    "warnings",
    "problems",
    "text",
];

/// CSV.
#[derive(Debug)]
pub(crate) struct Csv;

impl Face for Csv {
    fn begin(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        write(out, &HEAD)
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let report = row.report;
        let failure = report.failure.as_ref();
        let status = report.status().map(|status| status.to_string());
        let redirects = report.hops.len().saturating_sub(1);
        write(
            out,
            &[
                &cell(&report.url),
                &cell(report.final_url()),
                status.as_deref().unwrap_or_default(),
                if report.is_ok() { "true" } else { "false" },
                failure.map_or("", |failure| failure.kind.name()),
                &redirects.to_string(),
                &format!("{:.1}", row.total_ms()),
                &row.count(Severity::Error).to_string(),
                &row.count(Severity::Warn).to_string(),
                &row.problems.join(" "),
                &cell(&row.what()),
            ],
        )
    }
}

fn write(out: &mut dyn Write, cells: &[&str]) -> io::Result<()> {
    let mut writer = csv::WriterBuilder::new()
        .terminator(csv::Terminator::CRLF)
        .from_writer(Vec::new());
    writer.write_record(cells).map_err(io::Error::other)?;
    // Writing to memory cannot fail; writing out can, and says how.
    let line = writer
        .into_inner()
        .map_err(csv::IntoInnerError::into_error)?;
    out.write_all(&line)
}
