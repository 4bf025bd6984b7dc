//! The steps of a card: what each hop said, and where its time went.

use std::fmt::Write as _;
use std::time::Duration;

use siteerror_catalog::Class;
use siteerror_check::{Failure, Hop, Report, Timings};
use siteerror_guard::Reason;
use siteerror_guard::show::{Plain, mask_field};
use siteerror_lint::Severity;
use siteerror_web::terminal::{Sheet, shape, visible};
use siteerror_wire::write::Shown;

use super::findings::severity;
use super::{class, mark, millis, number};
use crate::output::report::named;

/// The steps.
pub(super) fn chain(sheet: &mut Sheet, report: &Report, verbose: bool) {
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
