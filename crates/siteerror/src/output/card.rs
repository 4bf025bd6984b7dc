//! One report for a terminal: the chain as steps with times, what the end of it means, certificate, caching, findings.

mod chain;
mod findings;

use std::fmt::Write as _;

use siteerror_catalog::{Class, catalog};
use siteerror_check::{Failure, Kind, Report};
use siteerror_guard::show::Plain;
use siteerror_lint::Severity;
use siteerror_web::terminal::{Paint, Sheet, shape};
use siteerror_web::views::{caching, span};
use siteerror_wire::Tls;

use self::chain::chain;
use self::findings::findings;
use super::flags::flag;
use super::report::Row;

/// The card.
pub(crate) fn card(row: &Row<'_>, paint: Paint, verbose: bool) -> String {
    let report = row.report;
    let class = class(report.status().filter(|_| report.failure.is_none()));
    let mut sheet = Sheet::new(paint, class);
    head(&mut sheet, row, class);
    chain(&mut sheet, report, verbose);
    if let Some(tls) = report.hops.iter().rev().find_map(|hop| hop.tls.as_ref()) {
        certificate(&mut sheet, tls, report.now_unix_s);
    }
    if report.failure.is_none()
        && let Some(words) = report
            .hops
            .last()
            .and_then(|hop| caching(hop, report.now_unix_s))
    {
        sheet.heading("Caching");
        sheet.paragraph(&words);
    }
    findings(&mut sheet, report, verbose);
    hints(&mut sheet, report, verbose);
    sheet.finish()
}

/// The class of a status code; none for a failure.
pub(super) fn class(status: Option<u16>) -> Option<Class> {
    Class::ALL
        .into_iter()
        .find(|class| status.is_some_and(|status| status / 100 == class.digit()))
}

/// How it ended, and what that means.
fn head(sheet: &mut Sheet, row: &Row<'_>, class: Option<Class>) {
    let report = row.report;
    let paint = sheet.paint;
    let requests = match report.requests {
        1 => "1 request".to_owned(),
        count => format!("{count} requests"),
    };
    let right = paint.dim(&format!("{requests}, {}", millis(row.total_ms())));
    match (&report.failure, report.status()) {
        (Some(failure), _) => {
            let name = mark(paint, failure.kind.name());
            sheet.ends(&name, &right);
            sheet.rule();
            failed(sheet, failure);
        }
        (None, Some(status)) => {
            let number = paint.hue(class, &format!("{} {status}", shape(class)));
            let code = catalog().number(status);
            let title = code.map_or("not registered", |code| code.title());
            sheet.ends(&format!("{number} {}", paint.bold(title)), &right);
            sheet.rule();
            if let Some(code) = code {
                sheet.paragraph(code.summary);
            }
        }
        (None, None) => {}
    }
    if report.attempts > 1 {
        sheet.paragraph(&format!("It took {} attempts.", report.attempts));
    }
    if let Some(seconds) = report.retry_after_s {
        sheet.paragraph(&format!("Retry-After asks to wait {}.", span(seconds)));
    }
}

/// A failure has the shape of what is none of the classes.
pub(super) fn mark(paint: Paint, words: &str) -> String {
    paint.hue(Some(Class::ServerError), &format!("✖ {words}"))
}

fn failed(sheet: &mut Sheet, failure: &Failure) {
    let text = Plain(&failure.text).to_string();
    // Numbers of errors mean nothing to people.
    let text = text.split(" (os error").next().unwrap_or_default();
    let meaning = failure.kind.text();
    let mut words = sentence(text);
    if !failure.text.starts_with(meaning) {
        words = format!("{}: {text}", sentence(meaning));
    }
    if let Some(rule) = &failure.rule {
        let _ = write!(words, " (rule {rule})");
    }
    sheet.paragraph(&format!("{words}."));
    // What the guard refuses is told by its rule.
    if failure.kind != Kind::Blocked {
        sheet.paragraph(failure.advice());
    }
    if let Some(words) = flag(failure.kind) {
        sheet.paragraph(words);
    }
}

/// With a capital letter in front, and no full stop behind.
fn sentence(words: &str) -> String {
    let words = words.trim_end_matches('.');
    let mut characters = words.chars();
    match characters.next() {
        // Names of fields and codes keep their spelling.
        Some(first) if first.is_ascii_lowercase() => {
            format!("{}{}", first.to_ascii_uppercase(), characters.as_str())
        }
        _ => words.to_owned(),
    }
}

/// `0.4`, `21.0`, `1240`.
fn number(ms: f64) -> String {
    if ms < 100.0 {
        format!("{ms:.1}")
    } else {
        format!("{ms:.0}")
    }
}

/// The same with its unit.
pub(super) fn millis(ms: f64) -> String {
    format!("{} ms", number(ms))
}

fn certificate(sheet: &mut Sheet, tls: &Tls, now_unix_s: i64) {
    sheet.heading("Certificate");
    let mut about = Vec::new();
    if !tls.version.is_empty() {
        about.push(format!("TLS {}", tls.version));
    }
    if let Some(alpn) = &tls.alpn {
        about.push(Plain(alpn).to_string());
    }
    if let Some(certificate) = &tls.certificate {
        let left = certificate.not_after_unix_s.saturating_sub(now_unix_s);
        let until = u64::try_from(left).map_or_else(
            |_| format!("expired {} ago", span(left.unsigned_abs())),
            |left| format!("valid for {} more", span(left)),
        );
        let names = certificate.names.iter().take(3);
        let mut names: Vec<String> = names.map(|name| Plain(name).to_string()).collect();
        let more = certificate.names.len().saturating_sub(3);
        if more > 0 {
            names.push(format!("and {more} more"));
        }
        let line = format!(
            "{} by {}, {until}",
            names.join(", "),
            Plain(&certificate.issuer)
        );
        sheet.paragraph(&line);
        about.push(certificate.key.to_string());
    }
    if !about.is_empty() {
        let about = sheet.paint.dim(&about.join(" · "));
        sheet.paragraph(&about);
    }
}

/// Where to read on.
fn hints(sheet: &mut Sheet, report: &Report, verbose: bool) {
    let mut hints = Vec::new();
    if let Some(status) = report.status()
        && report.failure.is_none()
        && status >= 400
        && catalog().number(status).is_some()
    {
        hints.push(format!("siteerror {status} has causes and what to do"));
    }
    let quiet = report
        .findings
        .iter()
        .filter(|finding| finding.rule.severity == Severity::Info)
        .count();
    if quiet > 0 && !verbose {
        let more = if quiet == 1 {
            "one thing".to_owned()
        } else {
            format!("{quiet} things")
        };
        hints.push(format!(
            "--verbose shows the fields, and {more} worth knowing"
        ));
    }
    if hints.is_empty() {
        return;
    }
    sheet.gap();
    for hint in hints {
        let hint = sheet.paint.dim(&hint);
        sheet.line(&hint);
    }
}
