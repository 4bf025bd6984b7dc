//! The page of a rule.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::ops::Range;

use askama::Template;
use base64::Engine as _;
use serde::Serialize;
use siteerror_lint::{Finding, Level, Need, Rule, Step, run};
use siteerror_wire::write::ShownLines;

use super::marked::{Marked, place};
use super::rules::{class, mark};
use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, rule_blocks};
use crate::sample::{Sample, http_date, is_later};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// A rule of the linter, with everything that its page says.
#[derive(Debug)]
pub struct RuleView(pub &'static Rule);

/// What must be known, in words.
const fn need(need: Need) -> &'static str {
    match need {
        Need::Request => "the request",
        Need::Content => "the whole content",
        Need::Connection => "what the connection did",
        Need::Scheme => "the scheme of the URL",
        Need::ReceivedAt => "when it came",
        Need::Url => "the URL",
        Need::Tls => "the TLS handshake",
        Need::Chain => "the other hops",
        Need::Probes => "the answers to more requests",
    }
}

/// The bad or the good example: its messages, with what the rule finds in them.
fn cards(rule: &'static Rule, good: bool) -> Vec<Marked> {
    let steps = if good { rule.good } else { rule.bad };
    let word = if good { "Good" } else { "Bad" };
    let findings = run(rule, good);
    let mut cards = Vec::new();
    for (index, step) in steps.iter().enumerate() {
        let label = |kind: &str| match steps.len() {
            1 => format!("{word}: {kind}"),
            _ => format!("{word}: {kind} {}", index + 1),
        };
        let id = |kind: &str| format!("{}-{kind}-{index}", word.to_ascii_lowercase());
        if !step.request.is_empty() {
            cards.push(Marked::new(
                id("request"),
                label("the request"),
                step.request,
                &[],
            ));
        }
        let marks: Vec<(usize, Range<u64>)> = findings
            .iter()
            .filter(|finding| finding.rule.id == rule.id && finding.hop == index)
            .filter_map(|finding| place_in(finding, step.response))
            .map(|range| (0, range))
            .collect();
        cards.push(Marked::new(
            id("response"),
            label("the response"),
            step.response,
            &marks,
        ));
    }
    cards
}

/// Lines of HTTP/2 stand for frames, so that only whole fields can be pointed at.
fn place_in(finding: &Finding, response: &[u8]) -> Option<Range<u64>> {
    if !is_later(response) {
        return place(finding, response);
    }
    let mut finding = finding.clone();
    finding.place.bytes = None;
    place(&finding, response)
}

/// What the rule says of its bad example.
fn sentences(rule: &'static Rule) -> Vec<String> {
    let found = run(rule, false);
    let own = found
        .into_iter()
        .filter(|finding| finding.rule.id == rule.id);
    let mut sentences: Vec<String> = own.map(|finding| finding.text).collect();
    sentences.dedup();
    sentences
}

/// What else is known about the examples.
fn circumstances(rule: &Rule, good: bool) -> Vec<(&'static str, String)> {
    let context = &rule.context;
    let either = |bad: Option<&'static str>, mended: Option<&'static str>| {
        mended.filter(|_| good).or(bad).map(str::to_owned)
    };
    let end = if context.broken && !good {
        Some("it broke, without close_notify".to_owned())
    } else {
        (context.closed || context.broken).then(|| "closed after these bytes".to_owned())
    };
    let all = [
        ("Asked for", either(context.url, context.url_good)),
        ("Received", context.received_at.map(str::to_owned)),
        (
            "Certificate",
            either(context.certificate, context.certificate_good),
        ),
        ("Connection", end),
    ];
    all.into_iter()
        .filter_map(|(word, value)| Some((word, value?)))
        .collect()
}

/// The bad example as the form of the linter takes it; none where a form cannot say all that the rule must know.
pub(crate) fn as_sample(rule: &'static Rule) -> Option<Sample> {
    let [step] = rule.bad else {
        return None;
    };
    let is_text = |bytes: &[u8]| {
        std::str::from_utf8(bytes).is_ok_and(|text| {
            !text.contains(|c: char| c.is_control() && !matches!(c, '\r' | '\n' | '\t'))
        })
    };
    if !is_text(step.response) || !is_text(step.request) {
        return None;
    }
    let sample = Sample {
        response: step.response.to_vec(),
        request: step.request.to_vec(),
        url: rule.context.url.map(str::to_owned),
        received_at_unix_s: rule.context.received_at.and_then(http_date),
    };
    let linted = sample.clone().lint_pasted().ok()?;
    let names = |findings: &[Finding]| -> BTreeSet<&'static str> {
        findings.iter().map(|finding| finding.rule.id).collect()
    };
    (!linted.as_head && names(&linted.findings) == names(&run(rule, false))).then_some(sample)
}

/// The rules before and after it in its group.
fn neighbours(rule: &'static Rule) -> (Option<&'static Rule>, Option<&'static Rule>) {
    let group: Vec<_> = siteerror_lint::rules()
        .iter()
        .filter(|other| other.group == rule.group)
        .collect();
    let at = group.iter().position(|other| other.id == rule.id);
    let get = |at: Option<usize>| at.and_then(|at| group.get(at).copied());
    (
        get(at.and_then(|at| at.checked_sub(1))),
        get(at.map(|at| at + 1)),
    )
}

/// The rules that its bad example breaks as well.
fn also(rule: &'static Rule) -> Vec<&'static Rule> {
    rule.also
        .iter()
        .filter_map(|id| siteerror_lint::rule(id))
        .collect()
}

#[derive(Serialize)]
struct RuleJson {
    #[serde(flatten)]
    rule: &'static Rule,
    needs: Vec<&'static str>,
    why: &'static str,
    fine: Option<&'static str>,
    bad: ExampleJson,
    good: ExampleJson,
    mend: Vec<RemedyJson>,
}

#[derive(Serialize)]
struct ExampleJson {
    messages: Vec<MessageJson>,
    #[serde(skip_serializing_if = "Option::is_none")]
    url: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    received_at: Option<&'static str>,
    findings: Vec<Finding>,
}

/// A message with the keys that the API of the linter takes. Bytes that are no UTF-8 come in base64.
#[derive(Serialize)]
struct MessageJson {
    #[serde(skip_serializing_if = "Option::is_none")]
    request: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    response_base64: Option<String>,
}

#[derive(Serialize)]
struct RemedyJson {
    place: &'static str,
    words: &'static str,
}

impl MessageJson {
    fn of(step: &'static Step) -> Self {
        let response = std::str::from_utf8(step.response).ok();
        Self {
            request: (!step.request.is_empty())
                .then(|| String::from_utf8_lossy(step.request).into_owned()),
            response,
            response_base64: response
                .is_none()
                .then(|| base64::engine::general_purpose::STANDARD.encode(step.response)),
        }
    }
}

impl ExampleJson {
    fn of(rule: &'static Rule, good: bool) -> Self {
        let steps = if good { rule.good } else { rule.bad };
        let context = &rule.context;
        Self {
            messages: steps.iter().map(MessageJson::of).collect(),
            url: context.url_good.filter(|_| good).or(context.url),
            received_at: context.received_at,
            findings: run(rule, good),
        }
    }
}

impl View for RuleView {
    fn html(&self, chrome: &Chrome) -> String {
        let rule = self.0;
        let (previous, next) = neighbours(rule);
        let page = RulePage {
            frame: Frame {
                chrome,
                title: format!("{}: {}", rule.id, rule.title),
                description: format!(
                    "{} ({}, {}): why it matters, an example, and how to mend it.",
                    rule.title,
                    rule.severity.name(),
                    rule.id
                ),
                path: Some(rule.href()),
                hue: "",
                listed: true,
            },
            hue: super::hue(class(rule.severity)),
            bad: cards(rule, false),
            good: cards(rule, true),
            sentences: sentences(rule),
            can_try: as_sample(rule).is_some(),
            also: also(rule),
            previous,
            next,
            rule,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        let rule = self.0;
        pretty(&RuleJson {
            rule,
            needs: rule.needs.iter().map(|one| need(*one)).collect(),
            why: rule.why,
            fine: rule.fine,
            bad: ExampleJson::of(rule, false),
            good: ExampleJson::of(rule, true),
            mend: rule
                .mend
                .iter()
                .map(|remedy| RemedyJson {
                    place: remedy.place,
                    words: remedy.words,
                })
                .collect(),
        })
    }

    fn markdown(&self) -> String {
        let rule = self.0;
        let mut out = format!(
            "# {}\n\n`{}`, {}, ",
            rule.title,
            rule.id,
            rule.severity.name()
        );
        let sources: Vec<String> = rule
            .sources
            .iter()
            .map(|source| format!("[{}]({})", source.title, source.url))
            .collect();
        let _ = writeln!(out, "{}: {}", rule.level.name(), sources.join(", "));
        for note in notes(rule) {
            let _ = writeln!(out, "\n> {note}.");
        }
        let _ = writeln!(out, "\n## Why it matters\n\n{}", rule.why.trim());
        if let Some(fine) = rule.fine {
            let _ = writeln!(out, "\n## What is fine\n\n{}", fine.trim());
        }
        for (title, good, steps) in [("Bad", false, rule.bad), ("Good", true, rule.good)] {
            let _ = writeln!(out, "\n## {title}");
            for (word, value) in circumstances(rule, good) {
                let _ = writeln!(out, "\n{word}: {value}");
            }
            for step in steps {
                for message in [step.request, step.response] {
                    if !message.is_empty() {
                        let _ = write!(out, "\n```text\n{}", ShownLines(message));
                        out.push_str(if message.ends_with(b"\n") {
                            "```\n"
                        } else {
                            "\n```\n"
                        });
                    }
                }
            }
            if !good {
                for sentence in sentences(rule) {
                    let _ = writeln!(out, "\n> {sentence}.");
                }
            }
        }
        out.push_str("\n## How to mend it\n");
        for remedy in rule.mend {
            let _ = writeln!(out, "\n### {}\n\n{}", remedy.place, remedy.words.trim());
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let rule = self.0;
        let mut sheet = Sheet::new(paint, Some(class(rule.severity)));
        let paint = sheet.paint;
        sheet.ends(
            &format!("{} {}", mark(rule.severity, paint), paint.bold(rule.id)),
            &paint.dim(rule.group.title()),
        );
        sheet.rule();
        sheet.paragraph(rule.title);
        for source in rule.sources {
            let said = format!("{} {}", level(rule.level), source.title);
            sheet.paragraph(&said);
            let url = paint.dim(source.url);
            sheet.line(&format!("  {url}"));
        }
        for note in notes(rule) {
            sheet.paragraph(&note);
        }
        sheet.heading("Why it matters");
        sheet.rule_words(rule.why);
        if let Some(fine) = rule.fine {
            sheet.heading("What is fine");
            sheet.rule_words(fine);
        }
        for (title, good) in [("Bad", false), ("Good", true)] {
            sheet.heading(title);
            for (word, value) in circumstances(rule, good) {
                sheet.paragraph(&format!("{word}: {value}"));
            }
            for (index, card) in cards(rule, good).iter().enumerate() {
                if index > 0 {
                    sheet.gap();
                }
                sheet.marked(card);
            }
            if !good {
                sheet.gap();
                for sentence in sentences(rule) {
                    sheet.paragraph(&format!("{sentence}."));
                }
            }
        }
        sheet.heading("How to mend it");
        for (index, remedy) in rule.mend.iter().enumerate() {
            if index > 0 {
                sheet.gap();
            }
            let place = paint.bold(remedy.place);
            sheet.paragraph(&place);
            sheet.rule_words(remedy.words);
        }
        sheet.finish()
    }
}

/// What the reader must know about the rule itself.
fn notes(rule: &Rule) -> Vec<String> {
    let mut notes = Vec::new();
    if rule.heuristic {
        notes.push("Heuristic: a server may do this and be right".to_owned());
    }
    if rule.draft {
        notes.push("Draft: its source may still change".to_owned());
    }
    if !rule.needs.is_empty() {
        let needs: Vec<_> = rule.needs.iter().map(|one| need(*one)).collect();
        notes.push(format!("Only where this is known: {}", needs.join(", ")));
    }
    notes
}

/// The keyword of the source, or what stands in for one.
const fn level(level: Level) -> &'static str {
    match level {
        Level::Definition => "by definition,",
        Level::Advice => "advice,",
        keyword => keyword.name(),
    }
}

#[derive(Template)]
#[template(path = "pages/rule.html")]
struct RulePage<'a> {
    frame: Frame<'a>,
    /// That of the severity; the messages have those of their status codes.
    hue: &'static str,
    rule: &'static Rule,
    bad: Vec<Marked>,
    good: Vec<Marked>,
    sentences: Vec<String>,
    can_try: bool,
    also: Vec<&'static Rule>,
    previous: Option<&'static Rule>,
    next: Option<&'static Rule>,
}

impl RulePage<'_> {
    fn blocks(&self, words: &&'static str) -> SafeHtml {
        rule_blocks(words)
    }

    fn notes(&self) -> Vec<String> {
        notes(self.rule)
    }

    fn circumstances(&self, good: bool) -> Vec<(&'static str, String)> {
        circumstances(self.rule, good)
    }

    fn meaning(&self) -> &'static str {
        match self.rule.severity {
            siteerror_lint::Severity::Error => "recipients fail, or a MUST is broken",
            siteerror_lint::Severity::Warn => "known to hurt",
            siteerror_lint::Severity::Info => "worth knowing",
        }
    }
}
