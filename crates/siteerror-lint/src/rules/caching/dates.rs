//! Dates, held against the grammar, the calendar and each other.

use siteerror_wire::field::{DateForm, HttpDate};
use siteerror_wire::write::Shown;

use crate::finding::Findings;
use crate::subject::{Dated, Subject};
use crate::values;

/// As long as clocks may differ without a word: RFC 9110 §6.6.1 asks for the best approximation that there is.
const SKEW_S: i64 = 60;

fn shown(value: &[u8]) -> String {
    Shown(value.get(..60).unwrap_or(value)).to_string()
}

/// The day that it would have to be, if the name of the day is the only thing that is wrong.
fn right_day(dated: &Dated<'_>) -> Option<&'static str> {
    dated.date.is_none().then_some(())?;
    let value = dated.line.value();
    let rest = value.get(3..)?;
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        .into_iter()
        .find(|day| values::date(&[day.as_bytes(), rest].concat()).is_some())
}

pub(super) fn missing(subject: &Subject<'_>, findings: &mut Findings) {
    // RFC 9110 §6.6.1: 2xx, 3xx and 4xx must have it, 1xx and 5xx may.
    if (200..500).contains(&subject.code()) && !subject.has("date") {
        findings.field(
            "date",
            "There is no Date, so caches have to guess how old the response is",
        );
    }
}

pub(super) fn bad(subject: &Subject<'_>, findings: &mut Findings) {
    for dated in subject.dates() {
        let name = dated.name;
        // The two others have rules of their own for what is no date.
        if matches!(name, "expires" | "retry-after") {
            continue;
        }
        if dated.date.is_none() && right_day(dated).is_none() {
            let value = shown(&dated.line.value());
            findings.line(
                dated.line,
                format!("`{value}` in `{name}` is no HTTP-date, so recipients ignore the field"),
            );
        }
    }
}

pub(super) fn obsolete(subject: &Subject<'_>, findings: &mut Findings) {
    for &Dated { name, line, date } in subject.dates() {
        let form = date.map(HttpDate::form);
        if let Some(form @ (DateForm::Rfc850 | DateForm::Asctime)) = form {
            let form = match form {
                DateForm::Asctime => "that of C's asctime()",
                _ => "that of RFC 850, with two digits for the year",
            };
            let value = shown(&line.value());
            findings.line(
                line,
                format!("The date `{value}` in `{name}` has an old form, {form}"),
            );
        }
    }
}

pub(super) fn day_name(subject: &Subject<'_>, findings: &mut Findings) {
    for dated in subject.dates() {
        if let Some(day) = right_day(dated) {
            let (name, value) = (dated.name, shown(&dated.line.value()));
            findings.line(
                dated.line,
                format!("`{value}` in `{name}` names the wrong day: it was or will be a {day}"),
            );
        }
    }
}

pub(super) fn expires_bad(subject: &Subject<'_>, findings: &mut Findings) {
    let expires = subject.dates().iter();
    for dated in expires.filter(|dated| dated.name == "expires") {
        if dated.date.is_none() && right_day(dated).is_none() {
            let value = shown(&dated.line.value());
            findings.line(
                dated.line,
                format!("`Expires: {value}` is no date, which caches read as already expired"),
            );
        }
    }
}

pub(super) fn clock_skew(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(now) = subject.given.received_at_unix_s else {
        return;
    };
    for &Dated { name, line, date } in subject.dates() {
        let Some(date) = date.filter(|_| name == "date") else {
            continue;
        };
        // A cache keeps the date of the origin, and says in Age how long ago that was.
        let age = subject
            .value("age")
            .and_then(|age| values::delta_seconds(&age))
            .unwrap_or_default();
        let off = date
            .unix_s()
            .saturating_add(i64::try_from(age).unwrap_or(i64::MAX))
            .saturating_sub(now);
        if off.abs() > SKEW_S {
            let way = if off > 0 { "ahead of" } else { "behind" };
            let off = span(off.unsigned_abs());
            findings.line(line, format!("The server's clock is {off} {way} ours"));
        }
    }
}

fn span(seconds: u64) -> String {
    match seconds {
        0..120 => format!("{seconds} seconds"),
        120..7200 => format!("{} minutes", seconds / 60),
        7200..172_800 => format!("{} hours", seconds / 3600),
        _ => format!("{} days", seconds / 86_400),
    }
}

pub(super) fn last_modified_future(subject: &Subject<'_>, findings: &mut Findings) {
    let Some(date) = subject.date("date") else {
        return;
    };
    let modified = subject.dates().iter();
    for &Dated {
        line,
        date: modified,
        ..
    } in modified.filter(|dated| dated.name == "last-modified")
    {
        if let Some(modified) = modified
            && modified.unix_s() > date.unix_s()
        {
            let later = span(modified.unix_s().abs_diff(date.unix_s()));
            findings.line(line, format!("Last-Modified is {later} later than Date, the moment at which the response was made"));
        }
    }
}
