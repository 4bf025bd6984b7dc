//! Reports as one HTML page: nothing is loaded, nothing runs, and foreign text is escaped by the templates.

use std::io::{self, Write};

use askama::Template;
use siteerror_guard::show::{Plain, is_linkable};
use siteerror_lint::Severity;
use siteerror_web::terminal::shape;

use super::card::{class, millis};
use super::report::{Face, Row, Totals, named};

/// A page.
#[derive(Debug)]
pub(crate) struct Html;

#[derive(Template)]
#[template(path = "report/head.html")]
struct Head {
    summary: String,
    bad: u64,
}

#[derive(Template)]
#[template(path = "report/row.html")]
struct RowPart<'a> {
    url: String,
    href: Option<&'a str>,
    class: u16,
    mark: String,
    time: String,
    is_bad: bool,
    what: String,
    hops: Vec<Step>,
    findings: Vec<Found>,
    place: Option<String>,
}

struct Step {
    what: String,
    url: String,
    time: String,
}

struct Found {
    severity: &'static str,
    rule: &'static str,
    source: Option<siteerror_lint::Source>,
    text: String,
}

#[derive(Template)]
#[template(path = "report/tail.html")]
struct Tail;

impl Face for Html {
    fn is_headed_by_totals(&self) -> bool {
        true
    }

    fn begin(&mut self, out: &mut dyn Write, totals: &Totals) -> io::Result<()> {
        let head = Head {
            summary: totals.sentence(),
            bad: totals.bad,
        };
        write(out, &head)
    }

    fn row(&mut self, out: &mut dyn Write, row: &Row<'_>) -> io::Result<()> {
        let report = row.report;
        let status = report.status().filter(|_| report.failure.is_none());
        let hops = report.hops.iter().map(|hop| Step {
            what: hop.status().map_or_else(|| "no answer".to_owned(), named),
            url: Plain(&hop.url).to_string(),
            time: millis(hop.timings.total.as_secs_f64() * 1000.0),
        });
        let findings = report.findings.iter();
        let findings = findings
            .filter(|finding| finding.rule.severity > Severity::Info)
            .map(|finding| Found {
                severity: finding.rule.severity.name(),
                rule: finding.rule.id,
                source: finding.rule.sources.first().copied(),
                text: Plain(&finding.text).to_string(),
            });
        let part = RowPart {
            url: Plain(&report.url).to_string(),
            href: is_linkable(&report.url).then_some(report.url.as_str()),
            class: status.map_or(0, |status| status / 100),
            mark: status.map_or_else(
                || "✖".to_owned(),
                |status| format!("{} {status}", shape(class(Some(status)))),
            ),
            time: millis(row.total_ms()),
            is_bad: !row.problems.is_empty(),
            what: Plain(&row.what()).to_string(),
            hops: hops.collect(),
            findings: findings.collect(),
            place: row
                .place
                .map(|place| format!("{}:{}", Plain(&place.file), place.line)),
        };
        write(out, &part)
    }

    fn end(&mut self, out: &mut dyn Write, _: &Totals) -> io::Result<()> {
        write(out, &Tail)
    }
}

fn write(out: &mut dyn Write, template: &impl Template) -> io::Result<()> {
    let text = template.render().map_err(io::Error::other)?;
    out.write_all(text.as_bytes())?;
    out.write_all(b"\n")
}
