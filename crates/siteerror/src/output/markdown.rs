//! Reports as a Markdown table, for a pull request or a wiki.

use std::io::{self, Write};

use siteerror_guard::show::Plain;
use siteerror_web::terminal::shape;

use super::card::{class, millis};
use super::report::{Face, Row, Totals};

/// A table under a summary.
#[derive(Debug)]
pub(crate) struct Markdown;

impl Face for Markdown {
    fn is_headed_by_totals(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        writeln!(out, "**{}**\n", totals.sentence())?;
        writeln!(out, "| status | URL | time | what |")?;
        writeln!(out, "| --- | --- | ---: | --- |")
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let report = row.report;
        let status = match (&report.failure, report.status()) {
            (None, Some(status)) => format!("{} {status}", shape(class(Some(status)))),
            _ => "✖".to_owned(),
        };
        let what = if row.problems.is_empty() && report.failure.is_none() {
            String::new()
        } else {
            row.what()
        };
        writeln!(
            out,
            "| {status} | {} | {} | {} |",
            escaped(&report.url),
            millis(row.total_ms()),
            escaped(&what)
        )
    }
}

/// Foreign words: what could be markup is escaped.
fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for character in Plain(text).to_string().chars() {
        match character {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '\\' | '`' | '*' | '_' | '[' | ']' | '|' | '~' | '#' | '!' | '@' | '$' => {
                out.push('\\');
                out.push(character);
            }
            _ => out.push(character),
        }
    }
    out
}
