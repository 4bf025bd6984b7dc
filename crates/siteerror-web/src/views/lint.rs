//! The form of the linter, and what it found.

use std::fmt::Write as _;
use std::ops::Range;

use askama::Template;
use serde::Serialize;
use siteerror_lint::{Finding, Rule};
use siteerror_wire::write::Shown;

use super::marked::{Marked, line_number, place};
use super::rule::as_sample;
use super::rules::{SEVERITIES, class, mark};
use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, escaped_markdown, first_paragraph, rule_line};
use crate::sample::{Counts, Linted, is_later};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// Examples to try, by the rule that they break: one of each kind of mistake. A test holds that the form can show them.
pub(crate) const TRIES: &[&str] = &[
    "405-without-allow",
    "content-length-mismatch",
    "cookie-samesite-none-insecure",
    "etag-bad",
    "304-representation-metadata",
    "redirect-without-location",
    "content-type-mismatch",
    "cache-control-conflict",
];

/// The form as it was filled in. Its JSON is what the API of the linter takes.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct LintForm {
    /// A raw response.
    pub response: String,
    /// The request that it answers.
    pub request: String,
    /// The URL that was asked for.
    pub url: String,
    /// When it came, as an HTTP-date.
    pub received_at: String,
}

/// The form, and what was found in what it holds.
#[derive(Debug)]
pub struct LintView {
    /// As it was filled in.
    pub form: LintForm,
    /// Where this site is for whoever asks.
    pub origin: String,
    /// What came of it: findings, or why there are none.
    pub outcome: Option<Result<Linted, String>>,
}

impl View for LintView {
    fn html(&self, chrome: &Chrome) -> String {
        let linted = self.outcome.as_ref().and_then(|one| one.as_ref().ok());
        let page = LintPage {
            frame: Frame {
                chrome,
                title: "Lint an HTTP response".to_owned(),
                description: "Paste a raw HTTP response and see what the RFCs say about it: each finding with its clause and its remedy.".to_owned(),
                path: Some(crate::routes::LINT.to_owned()),
                hue: "",
                listed: self.outcome.is_none(),
            },
            form: &self.form,
            origin: &self.origin,
            refusal: self.outcome.as_ref().and_then(|one| one.as_ref().err()),
            result: linted.map(Findings::new),
            tries: TRIES
                .iter()
                .filter_map(|id| siteerror_lint::rule(id))
                .filter(|rule| as_sample(rule).is_some())
                .collect(),
            total: siteerror_lint::rules().len(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        match &self.outcome {
            Some(Ok(linted)) => pretty(linted),
            _ => pretty(&self.form),
        }
    }

    fn markdown(&self) -> String {
        match &self.outcome {
            Some(Ok(linted)) => LintedView {
                linted,
                name: "the response",
            }
            .markdown(),
            _ => format!("# Lint an HTTP response\n\n{}", self.usage("`")),
        }
    }

    fn text(&self, paint: Paint) -> String {
        match &self.outcome {
            Some(Ok(linted)) => LintedView {
                linted,
                name: "the response",
            }
            .text(paint),
            _ => self.usage(""),
        }
    }
}

impl LintView {
    /// How to do it without a browser.
    fn usage(&self, quote: &str) -> String {
        let path = crate::routes::API_LINT;
        let origin = &self.origin;
        format!(
            "Send a raw response with POST to {quote}{path}{quote}, as message/http or in JSON:\n\n    \
             curl -si https://www.example.com/ >response\n    \
             curl --data-binary @response -H 'Content-Type: message/http' {origin}{path}\n\n\
             In a terminal, {quote}siteerror lint response{quote} does the same.\n"
        )
    }
}

/// What was found, as a command shows it.
#[derive(Debug)]
pub struct LintedView<'a> {
    /// What was found.
    pub linted: &'a Linted,
    /// What it was found in, such as a file name.
    pub name: &'a str,
}

impl LintedView<'_> {
    /// The findings as a card for a terminal.
    pub fn text(&self, paint: Paint) -> String {
        let linted = self.linted;
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let status = linted
            .status
            .map_or_else(String::new, |code| format!("{code} in "));
        sheet.ends(
            &paint.bold(&format!("{status}{}", Shown(self.name.as_bytes()))),
            &verdict(linted.counts()),
        );
        sheet.rule();
        if linted.as_head {
            sheet.paragraph(AS_HEAD);
            sheet.gap();
        }
        for finding in &linted.findings {
            let rule = finding.rule;
            let source = rule.sources.first().map_or("", |source| source.title);
            sheet.ends(
                &format!("{} {}", mark(rule.severity, paint), paint.bold(rule.id)),
                &paint.dim(source),
            );
            let text = in_code(&finding.text, paint);
            sheet.wrapped(&text, "        ", "        ");
            if let Some(line) = line_of(linted, finding) {
                let line = paint.dim(&line);
                sheet.line(&format!("        {line}"));
            }
            sheet.gap();
        }
        if linted.findings.is_empty() {
            sheet.paragraph("Nothing to find fault with.");
        }
        sheet.finish()
    }

    /// The findings as Markdown.
    pub fn markdown(&self) -> String {
        let linted = self.linted;
        let mut out = format!("# {}\n\n", verdict(linted.counts()));
        for finding in &linted.findings {
            let rule = finding.rule;
            let _ = writeln!(
                out,
                "- {} [{}]({}): {}",
                rule.severity.name(),
                rule.id,
                rule.href(),
                escaped_markdown(&finding.text)
            );
        }
        out
    }
}

/// What is done with a head whose content was not pasted.
const AS_HEAD: &str = "The content is not there, so this was read as the answer to a HEAD request.";

/// Words with code in backticks, in a style of its own where there is colour.
fn in_code(text: &str, paint: Paint) -> String {
    if !paint.color {
        return text.to_owned();
    }
    let parts = text.split('`').enumerate();
    parts
        .map(|(index, part)| {
            if index % 2 == 1 {
                paint.code(part)
            } else {
                part.to_owned()
            }
        })
        .collect()
}

/// How many of what, in words.
fn verdict(counts: Counts) -> String {
    let of = |count: usize, one: &str, many: &str| match count {
        0 => None,
        1 => Some(format!("1 {one}")),
        _ => Some(format!("{count} {many}")),
    };
    let parts: Vec<String> = [
        of(counts.error, "error", "errors"),
        of(counts.warn, "warning", "warnings"),
        of(counts.info, "note", "notes"),
    ]
    .into_iter()
    .flatten()
    .collect();
    match parts.as_slice() {
        [] => "nothing found".to_owned(),
        [one] => one.clone(),
        [before @ .., last] => format!("{} and {last}", before.join(", ")),
    }
}

/// The line that a finding is about, cut to fit.
fn line_of(linted: &Linted, finding: &Finding) -> Option<String> {
    const MOST: usize = 60;
    let response = &linted.sample.response;
    let bytes = mark_of(linted, finding)?;
    let number = line_number(response, bytes.start);
    let line = response.split(|byte| *byte == b'\n').nth(number - 1)?;
    let line = Shown(line.strip_suffix(b"\r").unwrap_or(line)).to_string();
    let cut = line.chars().nth(MOST).is_some();
    let line: String = line.chars().take(MOST).collect();
    Some(format!(
        "line {number}: {line}{}",
        if cut { "…" } else { "" }
    ))
}

/// The bytes to mark.
fn mark_of(linted: &Linted, finding: &Finding) -> Option<Range<u64>> {
    let response = &linted.sample.response;
    let bytes = place(finding, response)?;
    let is_inside = bytes.start <= response.len() as u64;
    (is_inside && (finding.place.bytes.is_none() || !is_later(response))).then_some(bytes)
}

/// A rule with all that it found.
struct Broken {
    rule: &'static Rule,
    hits: Vec<Hit>,
}

/// One hit of a rule.
struct Hit {
    text: String,
    /// The number of its mark, and the line.
    at: Option<(usize, usize)>,
}

/// A result as the page shows it.
struct Findings {
    verdict: String,
    status: Option<u16>,
    as_head: bool,
    card: Marked,
    broken: Vec<Broken>,
    counts: Vec<(&'static str, &'static str, usize)>,
}

impl Findings {
    fn new(linted: &Linted) -> Self {
        let response = &linted.sample.response;
        let mut marks = Vec::new();
        let mut broken: Vec<Broken> = Vec::new();
        for finding in &linted.findings {
            let at = mark_of(linted, finding).map(|bytes| {
                let number = marks.len() + 1;
                let line = line_number(response, bytes.start);
                marks.push((number, bytes));
                (number, line)
            });
            let hit = Hit {
                text: finding.text.clone(),
                at,
            };
            match broken.iter_mut().find(|one| one.rule.id == finding.rule.id) {
                Some(one) => one.hits.push(hit),
                None => broken.push(Broken {
                    rule: finding.rule,
                    hits: vec![hit],
                }),
            }
        }
        let card = Marked::new(
            "lint-response",
            "The response, byte for byte",
            response,
            &marks,
        );
        // A mark that is not shown cannot be linked to.
        let pieces = card.lines.iter().flatten();
        let shown: Vec<usize> = pieces
            .flat_map(|piece| piece.begins.iter().copied())
            .collect();
        for hit in broken.iter_mut().flat_map(|one| &mut one.hits) {
            hit.at = hit.at.filter(|(number, _)| shown.contains(number));
        }
        let counts = linted.counts();
        Self {
            verdict: sentence(counts),
            status: linted.status,
            as_head: linted.as_head,
            card,
            broken,
            counts: SEVERITIES
                .into_iter()
                .zip([counts.error, counts.warn, counts.info])
                .map(|(severity, count)| (severity.name(), super::hue(class(severity)), count))
                .collect(),
        }
    }
}

/// The verdict as the heading of the result.
fn sentence(counts: Counts) -> String {
    if counts == Counts::default() {
        return "Nothing to find fault with.".to_owned();
    }
    format!("{}.", verdict(counts))
}

#[derive(Template)]
#[template(path = "pages/lint.html")]
struct LintPage<'a> {
    frame: Frame<'a>,
    form: &'a LintForm,
    origin: &'a str,
    refusal: Option<&'a String>,
    result: Option<Findings>,
    tries: Vec<&'static Rule>,
    total: usize,
}

impl LintPage<'_> {
    fn hue(&self, rule: &Rule) -> &'static str {
        super::hue(class(rule.severity))
    }

    /// The first paragraph of the remedy that fits everywhere, or of the first one.
    fn remedy(&self, rule: &'static Rule) -> Option<(&'static str, SafeHtml)> {
        let anywhere = rule.mend.iter().find(|remedy| remedy.place == "Anywhere");
        let remedy = anywhere.or_else(|| {
            let with_words = rule.mend.iter();
            with_words
                .into_iter()
                .find(|remedy| !first_paragraph(remedy.words).starts_with("```"))
        })?;
        Some((remedy.place, rule_line(remedy.words)))
    }

    fn as_head_words(&self) -> &'static str {
        AS_HEAD
    }

    fn knows_more(&self) -> bool {
        !(self.form.request.is_empty()
            && self.form.url.is_empty()
            && self.form.received_at.is_empty())
    }
}
