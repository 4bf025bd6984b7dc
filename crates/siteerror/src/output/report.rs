//! What every format of `siteerror check` is told, and how it is asked to write.

use std::io::{self, Write};

use siteerror_check::Report;
use siteerror_lint::Severity;

use crate::args::Format;
use crate::output::table::Table;
use crate::output::{csv, github, html, json, junit, markdown, sarif};
use siteerror_web::terminal::Paint;

/// Where a URL stands in a list.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Place {
    /// The list, as it was named.
    pub(crate) file: String,
    /// From 1.
    pub(crate) line: u64,
}

/// One report.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Row<'a> {
    pub(crate) report: &'a Report,
    /// Where its URL was found; none if it was typed.
    pub(crate) place: Option<&'a Place>,
    /// What it has of `--fail-on`, by name.
    pub(crate) problems: &'a [String],
}

impl Row<'_> {
    /// What is wrong, in one line: the failure, or the status and its name, and what else counts.
    pub(crate) fn what(&self) -> String {
        let report = self.report;
        let mut words = match (&report.failure, report.status()) {
            (Some(failure), _) => format!("{}: {}", failure.kind, failure.text),
            (None, Some(status)) => named(status),
            (None, None) => "no answer".to_owned(),
        };
        let rules: Vec<&str> = self.rules().collect();
        if !rules.is_empty() {
            words = format!("{words}; {}", rules.join(", "));
        }
        words
    }

    /// The rules among the problems.
    pub(crate) fn rules(&self) -> impl Iterator<Item = &str> {
        let of_finding = |problem: &&String| {
            let mut findings = self.report.findings.iter();
            findings.any(|finding| finding.rule.id == problem.as_str())
        };
        self.problems.iter().filter(of_finding).map(String::as_str)
    }

    /// Milliseconds that all hops took.
    pub(crate) fn total_ms(&self) -> f64 {
        let total: std::time::Duration = self.report.hops.iter().map(|hop| hop.timings.total).sum();
        total.as_secs_f64() * 1000.0
    }

    /// Findings of a severity.
    pub(crate) fn count(&self, severity: Severity) -> usize {
        let findings = self.report.findings.iter();
        findings
            .filter(|finding| finding.rule.severity == severity)
            .count()
    }
}

/// `404 Not Found`, by the name in the catalog.
pub(crate) fn named(status: u16) -> String {
    match siteerror_catalog::catalog().number(status) {
        Some(code) => format!("{status} {}", code.title()),
        None => status.to_string(),
    }
}

/// Counts of a run.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Totals {
    pub(crate) checked: u64,
    /// With a final status of each class, 1xx to 5xx.
    pub(crate) classes: [u64; 5],
    /// With a failure.
    pub(crate) failures: u64,
    /// With something of `--fail-on`.
    pub(crate) bad: u64,
    /// Whether it ended before all was done.
    pub(crate) stopped: bool,
    /// Milliseconds that the run took.
    pub(crate) elapsed_ms: u64,
}

impl Totals {
    /// Counts a row.
    pub(crate) fn add(&mut self, row: &Row<'_>) {
        self.checked += 1;
        if row.report.failure.is_some() {
            self.failures += 1;
        } else if let Some(status) = row.report.status()
            && let Some(class) = self
                .classes
                .get_mut(usize::from(status / 100).saturating_sub(1))
        {
            *class += 1;
        }
        if !row.problems.is_empty() {
            self.bad += 1;
        }
    }

    /// `3 checked: 1 2xx, 1 4xx, 1 failed`.
    pub(crate) fn sentence(&self) -> String {
        let mut parts: Vec<String> = (1..=5)
            .zip(self.classes)
            .filter(|(_, count)| *count > 0)
            .map(|(class, count)| format!("{count} {class}xx"))
            .collect();
        if self.failures > 0 {
            parts.push(format!("{} failed", self.failures));
        }
        let stopped = if self.stopped { ", then stopped" } else { "" };
        if parts.is_empty() {
            return format!("{} checked{stopped}", self.checked);
        }
        format!("{} checked: {}{stopped}", self.checked, parts.join(", "))
    }
}

/// A format. It writes row by row, so that a list of any length fits into memory.
pub(crate) trait Face {
    /// Whether its beginning tells totals: then rows are kept aside until all are done.
    fn is_headed_by_totals(&self) -> bool {
        false
    }

    /// What comes before the rows.
    fn begin(&mut self, _: &mut dyn Write, _: &Totals) -> io::Result<()> {
        Ok(())
    }

    /// A row.
    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()>;

    /// What comes after the rows.
    fn end(&mut self, _: &mut dyn Write, _: &Totals) -> io::Result<()> {
        Ok(())
    }
}

/// The writer of a format for many URLs.
pub(crate) fn face(format: Format, paint: Paint) -> Box<dyn Face> {
    match format {
        Format::Text => Box::new(Table::new(paint)),
        Format::Json => Box::new(json::Array::default()),
        Format::Jsonl => Box::new(json::Lines::default()),
        Format::Csv => Box::new(csv::Csv),
        Format::Junit => Box::new(junit::Junit),
        Format::Sarif => Box::new(sarif::Sarif::default()),
        Format::Markdown => Box::new(markdown::Markdown),
        Format::Github => Box::new(github::Github),
        Format::Html => Box::new(html::Html),
    }
}
