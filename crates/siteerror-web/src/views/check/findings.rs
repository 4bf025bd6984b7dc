//! What the rules found, each thing once, with what to do about it.

use siteerror_check::Report;
use siteerror_lint::{Finding, Severity};

use super::words::capital;
use crate::markdown::{SafeHtml, rule_line};

/// A finding.
#[derive(Debug)]
pub(in crate::views) struct Found {
    pub(in crate::views) severity: Severity,
    pub(in crate::views) level: &'static str,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) rule: &'static str,
    pub(in crate::views) href: String,
    pub(in crate::views) text: String,
    pub(in crate::views) source: Option<(&'static str, &'static str)>,
    /// Where and how to mend it.
    pub(in crate::views) remedy: Option<(&'static str, SafeHtml)>,
    /// The responses that show it: the number, and the id of the raw head.
    pub(in crate::views) places: Vec<(usize, String)>,
}

impl Found {
    /// `response 1, 2 and 3` without the first word.
    pub(in crate::views) fn numbers(&self) -> String {
        let numbers: Vec<String> = self
            .places
            .iter()
            .map(|(number, _)| number.to_string())
            .collect();
        numbers.join(", ")
    }
}

pub(super) fn found(report: &Report, id: usize) -> Vec<Found> {
    let mut findings: Vec<&Finding> = report.findings.iter().collect();
    // The worst first; among the same, in the order of the chain.
    findings.sort_by_key(|finding| std::cmp::Reverse(finding.rule.severity));
    let mut all: Vec<Found> = Vec::new();
    for finding in findings {
        let text = capital(&finding.text);
        let place = (finding.hop + 1, format!("raw-{id}-{}", finding.hop + 1));
        // A server says the same at every hop, and once is enough to read.
        let same = all
            .iter_mut()
            .find(|found| found.rule == finding.rule.id && found.text == text);
        match same {
            Some(found) if found.places.contains(&place) => {}
            Some(found) => found.places.push(place),
            None => all.push(one(finding, text, place)),
        }
    }
    all
}

fn one(finding: &Finding, text: String, place: (usize, String)) -> Found {
    let rule = finding.rule;
    let (level, hue) = match rule.severity {
        Severity::Error => ("Error", "5"),
        Severity::Warn => ("Warning", "4"),
        Severity::Info => ("Note", "1"),
    };
    let anywhere = rule.mend.iter().find(|remedy| remedy.place == "Anywhere");
    let remedy = anywhere.or(rule.mend.first());
    Found {
        severity: rule.severity,
        level,
        hue,
        rule: rule.id,
        href: rule.href(),
        text,
        source: rule
            .sources
            .first()
            .map(|source| (source.title, source.url)),
        remedy: remedy.map(|remedy| (remedy.place, rule_line(remedy.words))),
        places: vec![place],
    }
}
