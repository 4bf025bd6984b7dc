//! What the linter found, on a card: the gravest first, each once.

use siteerror_catalog::Class;
use siteerror_check::Report;
use siteerror_guard::show::Plain;
use siteerror_lint::{Finding, Severity};
use siteerror_web::terminal::{Paint, Sheet};

use super::sentence;

/// The mark of a severity.
pub(super) fn severity(paint: Paint, severity: Severity) -> String {
    match severity {
        Severity::Error => paint.hue(Some(Class::ServerError), "✖"),
        Severity::Warn => paint.hue(Some(Class::ClientError), "▲"),
        Severity::Info => paint.hue(Some(Class::Informational), "○"),
    }
}

/// A finding, and the hops that have it.
struct Found<'a> {
    finding: &'a Finding,
    hops: Vec<usize>,
}

/// The same in several hops is told once; the gravest come first.
fn found(report: &Report, verbose: bool) -> Vec<Found<'_>> {
    let mut found: Vec<Found<'_>> = Vec::new();
    for finding in &report.findings {
        if !verbose && finding.rule.severity == Severity::Info {
            continue;
        }
        let same = found.iter_mut().find(|other| {
            other.finding.rule.id == finding.rule.id && other.finding.text == finding.text
        });
        match same {
            Some(other) if other.hops.contains(&finding.hop) => {}
            Some(other) => other.hops.push(finding.hop),
            None => found.push(Found {
                finding,
                hops: vec![finding.hop],
            }),
        }
    }
    found.sort_by_key(|found| std::cmp::Reverse(found.finding.rule.severity));
    found
}

pub(super) fn findings(sheet: &mut Sheet, report: &Report, verbose: bool) {
    let found = found(report, verbose);
    if found.is_empty() {
        return;
    }
    sheet.heading("Findings");
    let paint = sheet.paint;
    for Found { finding, hops } in found {
        let rule = finding.rule;
        let mut about = vec![rule.severity.name().to_owned()];
        if report.hops.len() > 1 {
            let word = if hops.len() == 1 { "hop" } else { "hops" };
            let hops: Vec<String> = hops.iter().map(usize::to_string).collect();
            about.push(format!("{word} {}", hops.join(" ")));
        }
        about.extend(rule.sources.first().map(|source| source.title.to_owned()));
        let mark = severity(paint, rule.severity);
        let left = format!("  {mark} {}", paint.bold(rule.id));
        sheet.ends(&left, &paint.dim(&about.join(" · ")));
        let words = Plain(&finding.text).to_string();
        sheet.wrapped(&sentence(&words), "    ", "    ");
    }
}
