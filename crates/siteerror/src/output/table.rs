//! Many reports for a terminal: a line each.

use std::io::{self, Write};

use siteerror_guard::show::Plain;
use siteerror_web::terminal::{Paint, Sheet, shape};

use super::card::{class, mark, millis};
use super::report::{Face, Row, Totals, named};

/// Columns before a URL.
const INDENT: usize = 17;

/// A line each.
#[derive(Debug)]
pub(crate) struct Table {
    paint: Paint,
}

impl Table {
    pub(crate) const fn new(paint: Paint) -> Self {
        Self { paint }
    }
}

impl Face for Table {
    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let report = row.report;
        let paint = self.paint;
        let (plain, styled) = match (&report.failure, report.status()) {
            (None, Some(status)) => {
                let class = class(Some(status));
                let words = format!("{} {status}", shape(class));
                let styled = paint.hue(class, &words);
                (words, styled)
            }
            _ => ("✖ ---".to_owned(), mark(paint, "---")),
        };
        let time = if report.recalled.is_some() {
            "known".to_owned()
        } else {
            millis(row.total_ms())
        };
        let pad = " ".repeat(5_usize.saturating_sub(plain.chars().count()));
        write!(out, "{styled}{pad} {:>9}  {}", time, Plain(&report.url))?;
        if report.final_url() != report.url {
            write!(out, " {} {}", paint.dim("→"), Plain(report.final_url()))?;
        }
        writeln!(out)?;
        if !row.problems.is_empty() || report.failure.is_some() {
            let at = row
                .place
                .map(|place| format!(" ({}:{})", Plain(&place.file), place.line))
                .unwrap_or_default();
            let what = match (&report.failure, report.status()) {
                (None, Some(status)) => {
                    let rules: Vec<&str> = row.rules().collect();
                    [
                        vec![named(status)],
                        rules.iter().map(|rule| (*rule).to_owned()).collect(),
                    ]
                    .concat()
                    .join(", ")
                }
                _ => row.what(),
            };
            let indent = " ".repeat(INDENT);
            let mut sheet = Sheet::new(paint, None);
            sheet.wrapped(
                &format!("{}{}", Plain(&what), paint.dim(&at)),
                &indent,
                &indent,
            );
            out.write_all(sheet.finish().as_bytes())?;
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        let seconds = std::time::Duration::from_millis(totals.elapsed_ms).as_secs_f64();
        writeln!(
            out,
            "{}",
            self.paint
                .bold(&format!("{} in {seconds:.1} s", totals.sentence()))
        )
    }
}
