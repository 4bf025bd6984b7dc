//! One report for a terminal: the chain as steps with times, what the end of it means, certificate, caching, findings.

use std::fmt::Write as _;
use std::time::Duration;

use siteerror_catalog::{Class, catalog};
use siteerror_check::{Failure, Hop, Kind, Report, Timings};
use siteerror_guard::Reason;
use siteerror_guard::show::{Plain, mask_field};
use siteerror_lint::{Finding, Severity};
use siteerror_web::terminal::{Paint, Sheet, shape, visible};
use siteerror_web::views::{caching, span};
use siteerror_wire::Tls;
use siteerror_wire::write::Shown;

use super::flags::flag;
use super::report::{Row, named};

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

/// The steps.
fn chain(sheet: &mut Sheet, report: &Report, verbose: bool) {
    if report.hops.is_empty() {
        sheet.gap();
        sheet.line(&format!("  {}", Plain(&report.url)));
        return;
    }
    sheet.heading(if report.hops.len() > 1 {
        "Chain"
    } else {
        "Exchange"
    });
    let longest = report.hops.iter().map(|hop| hop.timings.total).max();
    for (index, hop) in report.hops.iter().enumerate() {
        let number = (report.hops.len() > 1).then_some(index);
        let failure = report
            .failure
            .as_ref()
            .filter(|failure| failure.hop == index);
        step(sheet, number, hop, failure, longest.unwrap_or_default());
        for (_, warning) in report.warnings.iter().filter(|(at, _)| *at == index) {
            // That a server for strangers would not go there is nothing to the person at the terminal.
            if verbose || warning.reason == Reason::HostIdnConfusable {
                let mark = format!("     {} ", severity(sheet.paint, Severity::Warn));
                let whose = match warning.reason {
                    Reason::HostIdnConfusable => "",
                    _ => "--policy public would not go here: ",
                };
                let words = format!("{whose}{} ({})", warning.reason.text(), warning.rule);
                sheet.wrapped(&words, &mark, "       ");
            }
        }
        if verbose {
            fields(sheet, hop);
        }
    }
}

fn step(
    sheet: &mut Sheet,
    number: Option<usize>,
    hop: &Hop,
    failure: Option<&Failure>,
    longest: Duration,
) {
    let paint = sheet.paint;
    let status = match hop.status() {
        Some(status) => {
            let class = class(Some(status));
            paint.hue(class, &format!("{} {}", shape(class), named(status)))
        }
        None => mark(
            paint,
            failure.map_or("no answer", |failure| failure.kind.name()),
        ),
    };
    let number = number.map_or_else(|| " ".to_owned(), |number| paint.dim(&number.to_string()));
    let total = hop.timings.total.as_secs_f64() * 1000.0;
    sheet.ends(&format!("  {number}  {status}"), &millis(total));
    let url = format!("{} {}", hop.method, Plain(&hop.url));
    sheet.wrapped(&url, "     ", "       ");
    if let Some(exchange) = &hop.exchange {
        let interims = &exchange.received.interims;
        let codes: Vec<String> = interims
            .iter()
            .filter_map(|interim| interim.head.status())
            .map(named)
            .collect();
        if !codes.is_empty() {
            sheet.wrapped(&format!("first {}", codes.join(", ")), "     ", "       ");
        }
    }
    let mut about = Vec::new();
    if let Some(head) = hop.head() {
        let first = head.start_line();
        let end = first
            .iter()
            .position(|byte| *byte == b' ')
            .unwrap_or(first.len());
        about.push(Shown(first.get(..end).unwrap_or_default()).to_string());
    }
    about.extend(hop.address.map(|address| address.to_string()));
    if let Some(content) = hop.content.as_ref().filter(|content| content.bytes > 0) {
        about.push(bytes(content));
    }
    if !about.is_empty() {
        sheet.wrapped(&paint.dim(&about.join(" · ")), "     ", "     ");
    }
    phases(sheet, &hop.timings, longest);
    if let Some(location) = &hop.location {
        let leads = if hop.leads_on { "→" } else { "↛" };
        sheet.wrapped(&format!("{leads} {}", Plain(location)), "     ", "       ");
    }
}

fn bytes(content: &siteerror_check::Content) -> String {
    let mut words = format!("{} bytes", content.bytes);
    if !content.codings.is_empty() {
        let _ = write!(
            words,
            " of {}, {} decoded",
            content.codings.join("+"),
            content.decoded_bytes
        );
    }
    if content.truncated {
        words.push_str(", then cut off by us");
    }
    words
}

/// Columns of a bar at most.
const BAR: usize = 32;

/// Where the time went: a bar as long as the hop took beside the longest one, and the numbers.
fn phases(sheet: &mut Sheet, timings: &Timings, longest: Duration) {
    let known: Duration = [timings.dns, timings.connect, timings.tls]
        .into_iter()
        .flatten()
        .sum();
    let waited = timings.first_byte.map(|first| first.saturating_sub(known));
    let content = timings
        .first_byte
        .map(|first| timings.total.saturating_sub(first));
    let parts = [
        ("░", "dns", timings.dns),
        ("▒", "connect", timings.connect),
        ("▓", "tls", timings.tls),
        ("█", "first byte", waited),
        ("▄", "content", content),
    ];
    let paint = sheet.paint;
    let mut bar = String::new();
    let mut words = Vec::new();
    let whole = longest.as_secs_f64().max(f64::EPSILON);
    for (glyph, name, time) in parts {
        let Some(time) = time else { continue };
        let columns = scaled(time.as_secs_f64() / whole);
        bar.push_str(&glyph.repeat(columns));
        words.push(format!(
            "{glyph} {name} {}",
            number(time.as_secs_f64() * 1000.0)
        ));
    }
    if words.is_empty() {
        return;
    }
    let hued = paint.hue(Some(Class::Informational), &bar);
    let words = format!("{} ms", words.join("  "));
    if 7 + visible(&bar) + visible(&words) <= sheet.paint.width {
        sheet.line(&format!("     {hued}  {}", paint.dim(&words)));
    } else {
        sheet.line(&format!("     {hued}"));
        sheet.wrapped(&words, "     ", "     ");
    }
}

/// Columns of a part, at least one.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    clippy::cast_precision_loss,
    reason = "a part of a bar is between 0 and its columns"
)]
fn scaled(part: f64) -> usize {
    ((part.clamp(0.0, 1.0) * BAR as f64).round() as usize).max(1)
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

/// The field lines that came, with secrets masked.
fn fields(sheet: &mut Sheet, hop: &Hop) {
    let Some(head) = hop.head() else { return };
    for (name, value) in head.fields().iter() {
        let name = Shown(name).to_string();
        let value = String::from_utf8_lossy(&value);
        let value = mask_field(&name, &value);
        let line = format!("{}: {}", sheet.paint.bold(&name), Plain(&value));
        sheet.wrapped(&line, "     │ ", "     │   ");
    }
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

/// The mark of a severity.
fn severity(paint: Paint, severity: Severity) -> String {
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

fn findings(sheet: &mut Sheet, report: &Report, verbose: bool) {
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
