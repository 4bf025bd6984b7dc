//! A report as a story: everything that the faces of a check show, in words, once.

use std::fmt::Write as _;
use std::time::Duration;

use siteerror_catalog::{Class, catalog};
use siteerror_check::{Failure, Kind, Report};
use siteerror_guard::show::Plain;
use siteerror_lint::Severity;
use siteerror_wire::write::Shown;

use super::Run;
use super::certificate::{Certificate, certificate};
use super::cookies::{self, Cookie};
use super::facts::{facts, security};
use super::findings::{Found, found};
use super::head::{Raw, raws};
use super::steps::{Step, steps};
use super::timing::Scale;
use super::words::{capital, count, counted, ms, span};
use crate::builder::shell_word;
use crate::views::hue;

/// A check, told.
#[derive(Debug)]
pub(in crate::views) struct Story {
    /// Apart from others on the page: `1` or `2`.
    pub(in crate::views) id: usize,
    /// What was asked, where there are two of them.
    pub(in crate::views) heading: Option<String>,
    pub(in crate::views) url: String,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) status: Option<u16>,
    pub(in crate::views) verdict: Verdict,
    pub(in crate::views) sub: String,
    pub(in crate::views) trouble: Option<Trouble>,
    pub(in crate::views) steps: Vec<Step>,
    pub(in crate::views) scale: Scale,
    pub(in crate::views) found: Vec<Found>,
    /// Facts about the last response: word and value.
    pub(in crate::views) facts: Vec<(&'static str, String)>,
    pub(in crate::views) certificate: Option<Certificate>,
    pub(in crate::views) cookies: Vec<Cookie>,
    /// Fields that protect, and what they say.
    pub(in crate::views) security: Vec<(&'static str, Option<String>)>,
    pub(in crate::views) raws: Vec<Raw>,
    pub(in crate::views) curl: String,
    pub(in crate::views) total: Duration,
    pub(in crate::views) final_url: String,
    pub(in crate::views) sha256: Option<[u8; 32]>,
    pub(in crate::views) probes: Vec<(String, String)>,
}

/// The sentence at the top, with its number apart.
#[derive(Debug, Default)]
pub(in crate::views) struct Verdict {
    pub(in crate::views) before: String,
    pub(in crate::views) number: String,
    pub(in crate::views) after: String,
}

/// What ended the check early.
#[derive(Debug)]
pub(in crate::views) struct Trouble {
    pub(in crate::views) kind: &'static str,
    pub(in crate::views) text: String,
    pub(in crate::views) advice: &'static str,
    pub(in crate::views) place: String,
}

impl Story {
    pub(super) fn of(run: &Run, index: usize, several: bool) -> Self {
        let report = &*run.checked.report;
        let id = index + 1;
        let total = report.hops.iter().map(|hop| hop.timings.total).sum();
        let scale = Scale::of(&report.hops);
        let found = found(report, id);
        let status = report.status();
        let hue = match (status.and_then(Class::of), &report.failure) {
            (Some(class), None) => hue(class),
            (Some(class), Some(_)) if class >= Class::ClientError => hue(class),
            _ => "5",
        };
        let last = report.hops.last();
        Self {
            id,
            heading: several
                .then(|| format!("{} as {}", run.ask.method, Plain(run.ask.agent_label()))),
            url: report.url.clone(),
            hue,
            status,
            verdict: verdict(report, &found),
            sub: sub(run, total, &found),
            trouble: report
                .failure
                .as_ref()
                .map(|failure| trouble(failure, report.hops.len())),
            steps: steps(report, &scale),
            scale,
            found,
            facts: last
                .map(|hop| facts(hop, report.now_unix_s))
                .unwrap_or_default(),
            certificate: certificate(report),
            cookies: cookies::of(&report.hops),
            security: last.map(security).unwrap_or_default(),
            raws: raws(report, id),
            curl: curl(run),
            total,
            final_url: report.final_url().to_owned(),
            sha256: last.and_then(|hop| hop.content.as_ref()?.sha256),
            probes: probes(report),
        }
    }

    /// `404`, or what came instead.
    pub(super) fn answered(&self) -> String {
        match (&self.trouble, self.status) {
            (None, Some(status)) => status.to_string(),
            (Some(trouble), _) => trouble.kind.to_owned(),
            (None, None) => "no answer".to_owned(),
        }
    }

    pub(in crate::views) fn errors(&self) -> usize {
        self.count(Severity::Error)
    }

    fn count(&self, severity: Severity) -> usize {
        self.found
            .iter()
            .filter(|found| found.severity == severity)
            .count()
    }
}

fn verdict(report: &Report, found: &[Found]) -> Verdict {
    let redirects = report.hops.iter().filter(|hop| hop.leads_on).count();
    if let Some(failure) = &report.failure {
        let before = match failure.kind {
            Kind::Blocked if failure.hop == 0 => "We do not go there".to_owned(),
            Kind::InvalidUrl => "This is no URL that can be checked".to_owned(),
            _ => capital(failure.kind.text()),
        };
        let after = match (redirects, report.status()) {
            (0, None) => ".".to_owned(),
            (0, Some(_)) => " in its answer.".to_owned(),
            (number, _) => format!(", after {}.", counted(number, "redirect")),
        };
        let number = report.status().map(|status| status.to_string());
        return match number {
            Some(number) => Verdict {
                before: format!("{before}. It had said "),
                number,
                after: if redirects > 0 { after } else { ".".to_owned() },
            },
            None => Verdict {
                before,
                number: String::new(),
                after,
            },
        };
    }
    let status = report.status().unwrap_or_default();
    let title = catalog().number(status).map_or("", |code| code.title());
    let before = match redirects {
        0 => "It answers ".to_owned(),
        1 => "One redirect leads to ".to_owned(),
        number => format!("{} redirects lead to ", capital(&count(number))),
    };
    let number = |severity| found.iter().filter(|one| one.severity == severity).count();
    let errors = number(Severity::Error);
    let warnings = number(Severity::Warn);
    let after = match (errors, warnings) {
        (0, 0) => ".".to_owned(),
        (0, warnings) => format!(", with {}.", counted(warnings, "warning")),
        (errors, _) => format!(", and {} wrong with it.", things(errors)),
    };
    Verdict {
        before,
        number: if title.is_empty() {
            status.to_string()
        } else {
            format!("{status} {title}")
        },
        after,
    }
}

fn things(number: usize) -> String {
    if number == 1 {
        "one thing is".to_owned()
    } else {
        format!("{} things are", count(number))
    }
}

fn sub(run: &Run, total: Duration, found: &[Found]) -> String {
    let report = &*run.checked.report;
    let mut text = match report.requests {
        0 => "Nothing was sent".to_owned(),
        number => {
            let number = usize::try_from(number).unwrap_or(usize::MAX);
            let probes = report.probes.len();
            let probes = if probes > 0 {
                format!(", {} of them probes", count(probes))
            } else {
                String::new()
            };
            format!(
                "{}{probes}, {} ms",
                capital(&counted(number, "request")),
                ms(total)
            )
        }
    };
    if run.checked.age >= Duration::from_secs(1) {
        let age = span(run.checked.age.as_secs());
        let _ = write!(text, ", checked {age} ago");
    }
    let agent = Plain(run.ask.agent_label());
    let _ = write!(text, ", {} as {agent}. ", run.ask.method);
    let number = |severity| found.iter().filter(|one| one.severity == severity).count();
    let counts: Vec<String> = [
        (Severity::Error, "error"),
        (Severity::Warn, "warning"),
        (Severity::Info, "note"),
    ]
    .into_iter()
    .filter(|(severity, _)| number(*severity) > 0)
    .map(|(severity, word)| counted(number(severity), word))
    .collect();
    if !counts.is_empty() {
        text.push_str(&capital(&counts.join(", ")));
        text.push('.');
    }
    text.truncate(text.trim_end().len());
    text
}

fn trouble(failure: &Failure, hops: usize) -> Trouble {
    let mut place = Vec::new();
    if hops > 1 {
        place.push(format!("request {}", failure.hop + 1));
    }
    if let Some(phase) = failure.phase {
        place.push(format!("phase {phase}"));
    }
    if let Some(rule) = &failure.rule {
        place.push(format!("rule {rule}"));
    }
    Trouble {
        kind: failure.kind.name(),
        text: capital(&Plain(&failure.text).to_string()),
        advice: failure.advice(),
        place: place.join(" · "),
    }
}

fn probes(report: &Report) -> Vec<(String, String)> {
    report
        .probes
        .iter()
        .map(|probed| {
            let outcome = match (&probed.failure, probed.hop.status()) {
                (Some(failure), _) => failure.kind.name().to_owned(),
                (None, Some(status)) => status.to_string(),
                (None, None) => "no answer".to_owned(),
            };
            (probed.probe.name().to_owned(), outcome)
        })
        .collect()
}

/// The same request by curl.
fn curl(run: &Run) -> String {
    let mut parts = vec!["curl -sS -L --compressed".to_owned()];
    match run.ask.method.as_str() {
        "HEAD" => parts.push("-I".to_owned()),
        "GET" => parts.push("-o /dev/null -D -".to_owned()),
        method => parts.push(format!("-i -X {method}")),
    }
    match run.ask.version {
        siteerror_check::HttpVersion::Any => {}
        siteerror_check::HttpVersion::Http1 => parts.push("--http1.1".to_owned()),
        siteerror_check::HttpVersion::Http2 => parts.push("--http2".to_owned()),
    }
    if run.ask.cookies {
        parts.push("-b ''".to_owned());
    }
    let sent = run.checked.report.hops.first();
    let sent = sent
        .and_then(|hop| hop.exchange.as_ref())
        .and_then(|exchange| exchange.request.head.fields().combined("user-agent"));
    let agent = sent.map_or_else(
        || run.ask.user_agent().to_owned(),
        |sent| Shown(&sent).to_string(),
    );
    parts.push(format!("-A {}", shell_word(&agent)));
    parts.push(format!(
        "'{}'",
        run.checked.report.url.replace('\'', r"'\''")
    ));
    parts.join(" ")
}
