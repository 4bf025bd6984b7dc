//! Reports as annotations of a workflow: what `--fail-on` lists as errors, other findings as warnings.

use std::io::{self, Write};

use siteerror_guard::show::Plain;
use siteerror_lint::Severity;

use super::report::{Face, Row, Totals};

/// Workflow commands.
#[derive(Debug)]
pub(crate) struct Github;

impl Face for Github {
    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let url = &row.report.url;
        if !row.problems.is_empty() {
            annotate(out, "error", row, url, &format!("{url}: {}", row.what()))?;
        }
        for finding in &row.report.findings {
            let counts = row
                .problems
                .iter()
                .any(|problem| problem == finding.rule.id);
            if finding.rule.severity > Severity::Info && !counts {
                let text = format!("{url}: {}", finding.text);
                annotate(out, "warning", row, finding.rule.id, &text)?;
            }
        }
        Ok(())
    }

    fn end(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        writeln!(out, "{}", totals.sentence())
    }
}

fn annotate(
    out: &mut dyn Write,
    command: &str,
    row: &Row<'_>,
    title: &str,
    text: &str,
) -> io::Result<()> {
    let place = row
        .place
        .map(|place| format!("file={},line={},", property(&place.file), place.line));
    let place = place.unwrap_or_default();
    writeln!(
        out,
        "::{command} {place}title={}::{}",
        property(title),
        data(text)
    )
}

/// In a message, percent signs and line ends are escaped; controls are shown.
fn data(text: &str) -> String {
    Plain(text).to_string().replace('%', "%25")
}

/// In a property, what parts properties as well.
fn property(text: &str) -> String {
    data(text).replace(':', "%3A").replace(',', "%2C")
}
