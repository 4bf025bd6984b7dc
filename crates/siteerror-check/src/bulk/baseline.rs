//! Problems that are known already, so that only new ones matter: a list of URLs with what was wrong with each.

use std::collections::{BTreeMap, BTreeSet};
use std::io::{BufRead, Write};

use serde::{Deserialize, Serialize};
use siteerror_lint::Severity;

use crate::report::Report;

/// Known problems by URL.
#[derive(Debug, Default, Clone, PartialEq, Eq)]
pub struct Baseline {
    known: BTreeMap<String, BTreeSet<String>>,
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
struct Line {
    url: String,
    problems: BTreeSet<String>,
}

/// Why a baseline cannot be read or written.
#[derive(Debug, thiserror::Error)]
#[non_exhaustive]
pub enum BaselineError {
    /// Reading or writing failed.
    #[error("cannot read or write the baseline")]
    Io(#[from] std::io::Error),
    /// A line is not one of a baseline.
    #[error("line {line} is not one of a baseline")]
    Line {
        /// Which line, from 1.
        line: usize,
    },
}

impl Baseline {
    /// Reads what [`Baseline::write`] wrote.
    ///
    /// # Errors
    ///
    /// If it cannot be read, or is no baseline.
    pub fn read(input: impl BufRead) -> Result<Self, BaselineError> {
        let mut baseline = Self::default();
        for (index, line) in input.lines().enumerate() {
            let parsed: Line = serde_json::from_str(&line?).map_err(|_| BaselineError::Line {
                line: index.saturating_add(1),
            })?;
            baseline
                .known
                .entry(parsed.url)
                .or_default()
                .extend(parsed.problems);
        }
        Ok(baseline)
    }

    /// Writes all of it, sorted, so that it can be kept under version control.
    ///
    /// # Errors
    ///
    /// If the writer fails.
    pub fn write(&self, mut output: impl Write) -> Result<(), BaselineError> {
        for (url, problems) in &self.known {
            let line = Line {
                url: url.clone(),
                problems: problems.clone(),
            };
            serde_json::to_writer(&mut output, &line).map_err(std::io::Error::from)?;
            output.write_all(b"\n")?;
        }
        Ok(())
    }

    /// Adds the problems of a report.
    pub fn add(&mut self, report: &Report) {
        let problems = problems(report);
        if !problems.is_empty() {
            self.known
                .entry(report.url.clone())
                .or_default()
                .extend(problems);
        }
    }

    /// Whether a problem of a URL is known: the kind of a failure, a final status such as `404`, or the rule of a finding.
    pub fn knows(&self, url: &str, problem: &str) -> bool {
        self.known
            .get(url)
            .is_some_and(|known| known.contains(problem))
    }

    /// The problems of a report that are not known.
    pub fn new_problems(&self, report: &Report) -> BTreeSet<String> {
        let mut found = problems(report);
        found.retain(|problem| !self.knows(&report.url, problem));
        found
    }
}

/// What is wrong with a report, by name.
fn problems(report: &Report) -> BTreeSet<String> {
    let failure = report
        .failure
        .iter()
        .map(|failure| failure.kind.name().to_owned());
    let status = report.status().filter(|status| *status >= 400);
    let findings = report
        .findings
        .iter()
        .filter(|finding| finding.rule.severity != Severity::Info);
    failure
        .chain(status.map(|status| status.to_string()))
        .chain(findings.map(|finding| finding.rule.id.to_owned()))
        .collect()
}
