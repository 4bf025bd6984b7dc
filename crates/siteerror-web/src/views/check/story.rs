//! A report as a story: everything that the faces of a check show, in words, once.

use std::time::Duration;

use siteerror_catalog::{Class, catalog};
use siteerror_check::{Failure, Hop, Report};
use siteerror_guard::show::{Plain, is_linkable};
use siteerror_lint::{Finding, Given, Severity, Subject, freshness};

use super::cookies::{self, Cookie};
use super::head::{self, Line, Raw};
use super::timing::{Fall, Scale};
use super::words::{advice, bytes, capital, count, counted, ms};
use super::{Run, caching};
use crate::builder::shell_word;
use crate::markdown::{SafeHtml, rule_line};
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

/// A hop.
#[derive(Debug)]
pub(in crate::views) struct Step {
    pub(in crate::views) number: usize,
    pub(in crate::views) method: String,
    pub(in crate::views) url: String,
    /// Whether it can be a link.
    pub(in crate::views) linkable: bool,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) status: Option<u16>,
    pub(in crate::views) title: String,
    /// The page of the code.
    pub(in crate::views) href: Option<String>,
    pub(in crate::views) say: String,
    /// Interim responses before the final one.
    pub(in crate::views) interims: Vec<(u16, String)>,
    pub(in crate::views) carried: String,
    pub(in crate::views) fall: Fall,
}

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

/// A certificate in words.
#[derive(Debug)]
pub(in crate::views) struct Certificate {
    pub(in crate::views) hop: usize,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) names: Vec<String>,
    pub(in crate::views) more_names: usize,
    pub(in crate::views) issuer: String,
    pub(in crate::views) from: String,
    pub(in crate::views) until: String,
    pub(in crate::views) left: String,
    /// How much of its life is over, of a hundred.
    pub(in crate::views) used: i64,
    pub(in crate::views) key: String,
    pub(in crate::views) protocol: String,
    pub(in crate::views) chain: usize,
}

/// A fact that two checks do not share.
#[derive(Debug)]
pub(in crate::views) struct Difference {
    pub(in crate::views) what: &'static str,
    pub(in crate::views) first: String,
    pub(in crate::views) second: String,
    pub(in crate::views) same: bool,
}

/// Names of a certificate that are shown.
const MOST_NAMES: usize = 6;
/// Fields that protect whoever looks at a page.
const PROTECTING: [&str; 7] = [
    "Strict-Transport-Security",
    "Content-Security-Policy",
    "X-Content-Type-Options",
    "X-Frame-Options",
    "Referrer-Policy",
    "Permissions-Policy",
    "Cross-Origin-Opener-Policy",
];
/// Characters of a value that a summary shows.
const MOST_SHOWN: usize = 160;

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
            siteerror_check::Kind::Blocked if failure.hop == 0 => "We do not go there".to_owned(),
            siteerror_check::Kind::InvalidUrl => "This is no URL that can be checked".to_owned(),
            _ => capital(failure.kind.text()),
        };
        let after = match (redirects, report.status()) {
            (0, None) => ".".to_owned(),
            (0, Some(_)) => " in its answer.".to_owned(),
            (number, _) => format!(", after {}.", counted(number, "redirect")),
        };
        let number = report.status().map(|status| format!(" {status}"));
        return match number {
            Some(number) => Verdict {
                before: format!("{before}. It had said"),
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
        text.push_str(&format!(
            ", checked {} ago",
            super::words::span(run.checked.age.as_secs())
        ));
    }
    text.push_str(&format!(
        ", {} as {}. ",
        run.ask.method,
        Plain(run.ask.agent_label())
    ));
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
        advice: advice(failure.kind),
        place: place.join(" · "),
    }
}

fn steps(report: &Report, scale: &Scale) -> Vec<Step> {
    let mut began = Duration::ZERO;
    let mut steps = Vec::new();
    for (index, hop) in report.hops.iter().enumerate() {
        let failure = report
            .failure
            .as_ref()
            .filter(|failure| failure.hop == index);
        steps.push(step(hop, index, failure, scale.fall(hop, index + 1, began)));
        began += hop.timings.total;
    }
    steps
}

fn step(hop: &Hop, index: usize, failure: Option<&Failure>, fall: Fall) -> Step {
    let status = hop.status();
    let code = status.and_then(|status| catalog().number(status));
    let unassigned = status.and_then(|status| catalog().unassigned(status));
    let class = status.and_then(Class::of);
    let mut say = match (code, status) {
        (Some(code), _) => code.summary.to_owned(),
        (None, Some(status)) => match class {
            Some(class) => format!(
                "Nobody registered {status}: clients treat it as {}.",
                class.x00()
            ),
            None => format!("{status} is outside of the classes: clients treat it as a 5xx."),
        },
        (None, None) => failure.map_or_else(
            || "It was not asked.".to_owned(),
            |failure| format!("{}.", capital(failure.kind.text())),
        ),
    };
    if let Some(to) = hop.location.as_deref().filter(|_| hop.leads_on)
        && let Some(why) = way(&hop.url, to)
    {
        say.push(' ');
        say.push_str(why);
    }
    let interims = hop
        .exchange
        .iter()
        .flat_map(|exchange| &exchange.received.interims)
        .filter_map(|interim| {
            let status = interim.head.status()?;
            let title = catalog().number(status).map_or_else(
                || "not registered".to_owned(),
                |code| code.title().to_owned(),
            );
            Some((status, title))
        })
        .collect();
    Step {
        number: index + 1,
        method: hop.method.clone(),
        url: Plain(&hop.url).to_string(),
        linkable: is_linkable(&hop.url),
        hue: class.map_or("5", hue),
        status,
        title: code.map_or_else(
            || {
                if status.is_some() {
                    "not registered".to_owned()
                } else {
                    "No answer".to_owned()
                }
            },
            |code| code.title().to_owned(),
        ),
        href: code
            .map(|code| code.id.path())
            .or_else(|| unassigned.map(|code| format!("/{}", code.id()))),
        say,
        interims,
        carried: carried(hop),
        fall,
    }
}

/// What a redirect changes, where that can be said shortly.
fn way(from: &str, to: &str) -> Option<&'static str> {
    let parts = |url: &str| {
        let (scheme, rest) = url.split_once("://")?;
        let (host, path) = rest.split_at(rest.find(['/', '?', '#']).unwrap_or(rest.len()));
        Some((
            scheme.to_owned(),
            host.to_ascii_lowercase(),
            path.to_owned(),
        ))
    };
    let ((s1, h1, p1), (s2, h2, p2)) = (parts(from)?, parts(to)?);
    let www = |a: &str, b: &str| b.strip_prefix("www.") == Some(a);
    if s1 == "http" && s2 == "https" && h1 == h2 {
        Some("From clear text to TLS.")
    } else if s1 == "https" && s2 == "http" {
        Some("From TLS back to clear text, where anybody on the way can read and change it.")
    } else if www(&h1, &h2) {
        Some("From the bare name to www.")
    } else if www(&h2, &h1) {
        Some("From www to the bare name.")
    } else if h1 != h2 {
        Some("To another host.")
    } else if format!("{p1}/") == p2 {
        Some("A slash is added at the end.")
    } else {
        None
    }
}

/// Over what it came.
fn carried(hop: &Hop) -> String {
    let mut parts = Vec::new();
    if let Some(head) = hop.head() {
        let line = head.start_line();
        let version = line.split(|byte| *byte == b' ').next().unwrap_or_default();
        if version.starts_with(b"HTTP/") && version.len() <= 10 {
            parts.push(
                siteerror_wire::write::Shown(version)
                    .to_string()
                    .replace("\\r\\n", ""),
            );
        }
    }
    if let Some(address) = hop.address {
        parts.push(address.to_string());
    }
    if let Some(tls) = hop.tls.as_ref().filter(|tls| !tls.version.is_empty()) {
        parts.push(format!("TLS {}", Plain(&tls.version)));
    }
    parts.join(" · ")
}

fn found(report: &Report, id: usize) -> Vec<Found> {
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

fn given<'a>(hop: &'a Hop, now_unix_s: i64) -> Option<Given<'a>> {
    let exchange = hop.exchange.as_ref()?;
    exchange.received.response.as_ref()?;
    Some(Given {
        request: Some(&exchange.request),
        connection: Some(&exchange.connection),
        url: Some(&hop.url),
        received_at_unix_s: Some(now_unix_s),
        ..Given::bytes(&exchange.received)
    })
}

/// What is worth knowing about the last response.
fn facts(hop: &Hop, now_unix_s: i64) -> Vec<(&'static str, String)> {
    let mut facts = Vec::new();
    let Some(head) = hop.head() else {
        return facts;
    };
    let value = |name: &str| {
        let value = head.fields().combined(name)?;
        Some(short(&siteerror_wire::write::Shown(&value).to_string()))
    };
    if let Some(content) = &hop.content {
        let mut text = value("content-type").unwrap_or_else(|| "no Content-Type".to_owned());
        if let Some(sniffed) = content.sniffed {
            text.push_str(&format!("; the bytes look like {sniffed}"));
        }
        facts.push(("Type", text));
        let mut text = bytes(content.bytes);
        if content.decoded_bytes != content.bytes {
            text.push_str(&format!(
                " as {}, {} decoded",
                content.codings.join(", "),
                bytes(content.decoded_bytes)
            ));
        }
        if content.truncated {
            text.push_str(", and more that was not read");
        }
        facts.push(("Size", text));
        if let Some(title) = &content.title {
            facts.push(("Title", Plain(title).to_string()));
        }
        if let Some(hash) = content.sha256 {
            let hex: String = hash.iter().map(|byte| format!("{byte:02x}")).collect();
            facts.push(("SHA-256", hex));
        }
    }
    if let Some(subject) = given(hop, now_unix_s).and_then(Subject::new) {
        facts.push(("Caching", caching::sentence(freshness(&subject))));
    }
    if let Some(validators) = match (value("etag"), value("last-modified")) {
        (Some(tag), Some(date)) => Some(format!("ETag {tag}, Last-Modified {date}")),
        (Some(tag), None) => Some(format!("ETag {tag}")),
        (None, Some(date)) => Some(format!("Last-Modified {date}")),
        (None, None) => None,
    } {
        facts.push(("Validators", validators));
    }
    facts
}

fn short(text: &str) -> String {
    match text.char_indices().nth(MOST_SHOWN) {
        Some((end, _)) => format!("{}…", text.get(..end).unwrap_or_default()),
        None => text.to_owned(),
    }
}

fn security(hop: &Hop) -> Vec<(&'static str, Option<String>)> {
    let Some(head) = hop.head() else {
        return Vec::new();
    };
    PROTECTING
        .iter()
        .map(|name| {
            let value = head.fields().combined(name);
            let value = value.map(|value| short(&siteerror_wire::write::Shown(&value).to_string()));
            (*name, value)
        })
        .collect()
}

fn certificate(report: &Report) -> Option<Certificate> {
    let (index, tls) = report
        .hops
        .iter()
        .enumerate()
        .rev()
        .find_map(|(index, hop)| Some((index, hop.tls.as_ref()?)))?;
    let one = tls.certificate.as_ref()?;
    let day = |unix_s: i64| {
        u64::try_from(unix_s).map_or_else(
            |_| "before 1970".to_owned(),
            |seconds| {
                let time = std::time::UNIX_EPOCH.checked_add(Duration::from_secs(seconds));
                // "Sun, 06 Nov 1994 08:49:37 GMT": the day is in the middle. Dates beyond 9999 cannot be written so.
                match time {
                    Some(time) if seconds < 253_402_300_800 => httpdate::fmt_http_date(time)
                        .get(5..16)
                        .unwrap_or_default()
                        .to_owned(),
                    _ => "after the year 9999".to_owned(),
                }
            },
        )
    };
    let left = one
        .not_after_unix_s
        .saturating_sub(report.now_unix_s)
        .div_euclid(86_400);
    let life = one
        .not_after_unix_s
        .saturating_sub(one.not_before_unix_s)
        .max(1);
    let used = report
        .now_unix_s
        .saturating_sub(one.not_before_unix_s)
        .clamp(0, life);
    Some(Certificate {
        hop: index + 1,
        hue: match left {
            ..0 => "5",
            0..14 => "4",
            _ => "2",
        },
        names: if one.names.is_empty() {
            vec![Plain(&one.subject).to_string()]
        } else {
            one.names
                .iter()
                .take(MOST_NAMES)
                .map(|name| Plain(name).to_string())
                .collect()
        },
        more_names: one.names.len().saturating_sub(MOST_NAMES),
        issuer: Plain(&one.issuer).to_string(),
        from: day(one.not_before_unix_s),
        until: day(one.not_after_unix_s),
        left: match left {
            ..=-1 => format!("expired {} days ago", left.unsigned_abs()),
            1 => "one day left".to_owned(),
            days => format!("{days} days left"),
        },
        used: used.saturating_mul(100) / life,
        key: one.key.to_string(),
        protocol: [
            (!tls.version.is_empty()).then(|| format!("TLS {}", tls.version)),
            tls.alpn.clone(),
            (!tls.cipher.is_empty()).then(|| tls.cipher.clone()),
        ]
        .into_iter()
        .flatten()
        .map(|part| Plain(&part).to_string())
        .collect::<Vec<_>>()
        .join(", "),
        chain: tls.chain_length,
    })
}

fn raws(report: &Report, id: usize) -> Vec<Raw> {
    let mut raws = Vec::new();
    for (index, hop) in report.hops.iter().enumerate() {
        let Some(exchange) = &hop.exchange else {
            continue;
        };
        let number = index + 1;
        let findings: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.hop == index)
            .collect();
        let mut lines = Vec::new();
        for interim in &exchange.received.interims {
            lines.extend(head::response(&interim.head, &findings));
            lines.push(gap());
        }
        if let Some(response) = &exchange.received.response {
            lines.extend(head::response(&response.head, &findings));
        }
        while lines
            .last()
            .is_some_and(|line| line.name.is_empty() && line.rest.is_empty())
        {
            lines.pop();
        }
        if !lines.is_empty() {
            raws.push(Raw {
                id: format!("raw-{id}-{number}"),
                label: format!("Response {number}, head as received"),
                hue: hop.status().and_then(Class::of).map_or("5", hue),
                lines,
            });
        }
    }
    if let Some((index, hop)) = report
        .hops
        .iter()
        .enumerate()
        .rev()
        .find(|(_, hop)| hop.exchange.is_some())
    {
        raws.push(Raw {
            id: format!("sent-{id}"),
            label: format!("Request {}, as sent", index + 1),
            hue: "",
            lines: head::request(hop),
        });
    }
    raws
}

fn gap() -> Line {
    Line {
        name: String::new(),
        rest: String::new(),
        is_status: false,
        rules: Vec::new(),
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
    parts.push(format!("-A {}", shell_word(run.ask.user_agent())));
    parts.push(format!(
        "'{}'",
        run.checked.report.url.replace('\'', r"'\''")
    ));
    parts.join(" ")
}

/// What two checks say about the same things.
pub(super) fn differences(first: &Story, second: &Story) -> Vec<Difference> {
    let row = |what, first: String, second: String| Difference {
        what,
        same: first == second,
        first,
        second,
    };
    let fact = |story: &Story, what: &str| {
        let found = story.facts.iter().find(|(word, _)| *word == what);
        found.map_or_else(|| "–".to_owned(), |(_, value)| value.clone())
    };
    let mut rows = vec![
        row("Answer", first.answered(), second.answered()),
        row(
            "Last URL",
            first.final_url.clone(),
            second.final_url.clone(),
        ),
        row(
            "Requests",
            first.steps.len().to_string(),
            second.steps.len().to_string(),
        ),
    ];
    for what in ["Type", "Size", "Caching"] {
        rows.push(row(what, fact(first, what), fact(second, what)));
    }
    if let (Some(one), Some(other)) = (first.sha256, second.sha256) {
        let words = if one == other {
            "the same bytes"
        } else {
            "other bytes"
        };
        rows.push(Difference {
            what: "Content",
            first: words.to_owned(),
            second: words.to_owned(),
            same: one == other,
        });
    }
    rows.push(row(
        "Errors",
        first.errors().to_string(),
        second.errors().to_string(),
    ));
    let time = |story: &Story| format!("{} ms", ms(story.total));
    rows.push(Difference {
        what: "Time",
        first: time(first),
        second: time(second),
        // Two times are never the same, and that is nothing to mark.
        same: true,
    });
    rows
}
