//! The rules of the linter, whole or filtered.

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::Class;
use siteerror_lint::{Group, Rule, Severity, rules};

use super::codes::FilterError;
use super::{Frame, View, pretty};
use crate::markdown::escaped_markdown;
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape, shown};

/// Longest text that is looked for, in characters.
const MOST_TEXT: usize = 100;

/// The severities, the worst first.
pub(crate) const SEVERITIES: [Severity; 3] = [Severity::Error, Severity::Warn, Severity::Info];

/// The class whose shape and hue a severity borrows: square, triangle, circle.
pub(crate) const fn class(severity: Severity) -> Class {
    match severity {
        Severity::Error => Class::ServerError,
        Severity::Warn => Class::ClientError,
        Severity::Info => Class::Informational,
    }
}

/// Its shape and its word, for a terminal.
pub(crate) fn mark(severity: Severity, paint: Paint) -> String {
    let class = Some(class(severity));
    paint.hue(class, &format!("{} {:<5}", shape(class), severity.name()))
}

/// Which rules a list holds; every part that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct RuleFilter {
    /// Words that must all stand in the name, the title, an alias or a source.
    pub text: String,
    /// Only this severity.
    pub severity: Option<Severity>,
    /// Only this group.
    pub group: Option<Group>,
}

impl RuleFilter {
    /// Sets a part: `q`, `severity` or `group`. An empty value leaves it open, an unknown key is left alone.
    ///
    /// # Errors
    ///
    /// If the value is none of the possible ones.
    pub fn set(&mut self, key: &str, value: &str) -> Result<(), FilterError> {
        if value.is_empty() {
            return Ok(());
        }
        let wrong = |key, expected| FilterError {
            key,
            value: value.to_owned(),
            expected,
        };
        match key {
            "q" => self.text = shown(&value.chars().take(MOST_TEXT).collect::<String>()),
            "severity" => {
                let found = SEVERITIES
                    .into_iter()
                    .find(|severity| severity.name().eq_ignore_ascii_case(value));
                self.severity = Some(found.ok_or_else(|| wrong("severity", "error, warn, info"))?);
            }
            "group" => {
                let found = Group::ALL
                    .iter()
                    .find(|group| group.name().eq_ignore_ascii_case(value));
                self.group = Some(*found.ok_or_else(|| {
                    wrong(
                        "group",
                        "framing, status, redirects, fields, content, caching, cookies, security, certificate, probes",
                    )
                })?);
            }
            _ => {}
        }
        Ok(())
    }

    /// The rules for which every part holds, group by group.
    pub fn rules(&self) -> impl Iterator<Item = &'static Rule> {
        let text = self.text.to_lowercase();
        let words: Vec<String> = text.split_whitespace().map(str::to_owned).collect();
        let (severity, group) = (self.severity, self.group);
        rules().iter().filter(move |rule| {
            severity.is_none_or(|severity| rule.severity == severity)
                && group.is_none_or(|group| rule.group == group)
                && words.iter().all(|word| has(rule, word))
        })
    }
}

fn has(rule: &Rule, word: &str) -> bool {
    let titles = rule.sources.iter().map(|source| source.title);
    [rule.id, rule.title]
        .into_iter()
        .chain(rule.aliases.iter().copied())
        .chain(titles)
        .any(|text| text.to_lowercase().contains(word))
}

/// A list of rules.
#[derive(Debug)]
pub struct RulesView(pub RuleFilter);

impl RulesView {
    fn groups(&self) -> Vec<(Group, Vec<&'static Rule>)> {
        let found: Vec<_> = self.0.rules().collect();
        let of = |group: Group| {
            found
                .iter()
                .copied()
                .filter(move |rule| rule.group == group)
        };
        let groups = Group::ALL
            .iter()
            .map(|group| (*group, of(*group).collect()));
        groups
            .filter(|(_, rules): &(_, Vec<_>)| !rules.is_empty())
            .collect()
    }
}

impl View for RulesView {
    fn html(&self, chrome: &Chrome) -> String {
        let groups = self.groups();
        let page = RulesPage {
            frame: Frame {
                chrome,
                title: "Lint rules for HTTP responses".to_owned(),
                description: "Every rule that the linter holds a response against, by group, with its severity and the clause that says so.".to_owned(),
                path: Some(crate::routes::RULES.to_owned()),
                hue: "",
                listed: self.0 == RuleFilter::default(),
            },
            count: groups.iter().map(|(_, rules)| rules.len()).sum(),
            total: rules().len(),
            groups,
            filter: &self.0,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&self.0.rules().collect::<Vec<_>>())
    }

    fn markdown(&self) -> String {
        let mut out = String::from("# Lint rules for HTTP responses\n");
        for (group, rules) in self.groups() {
            let _ = write!(
                out,
                "\n## {}\n\n| rule | severity | title | source |\n| --- | --- | --- | --- |\n",
                group.title()
            );
            for rule in rules {
                let _ = writeln!(
                    out,
                    "| [{}]({}) | {} | {} | {} |",
                    rule.id,
                    rule.href(),
                    rule.severity.name(),
                    escaped_markdown(rule.title),
                    rule.sources.first().map_or("", |source| source.title)
                );
            }
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        for (group, rules) in self.groups() {
            sheet.gap();
            let head = paint.bold(group.title());
            sheet.line(&head);
            for rule in rules {
                let first = format!("  {} ", mark(rule.severity, paint));
                let words = format!("{}: {}", paint.bold(rule.id), rule.title);
                sheet.wrapped(&words, &first, "          ");
            }
        }
        let text = sheet.finish();
        if text.is_empty() {
            return "No rule has all of that.\n".to_owned();
        }
        text
    }
}

#[derive(Template)]
#[template(path = "pages/rules.html")]
struct RulesPage<'a> {
    frame: Frame<'a>,
    count: usize,
    total: usize,
    groups: Vec<(Group, Vec<&'static Rule>)>,
    filter: &'a RuleFilter,
}

impl RulesPage<'_> {
    fn hue(&self, rule: &Rule) -> &'static str {
        super::hue(class(rule.severity))
    }

    fn source(&self, rule: &Rule) -> &'static str {
        rule.sources.first().map_or("", |source| source.title)
    }

    fn severities(&self) -> Vec<(&'static str, bool)> {
        let of = |severity: Severity| (severity.name(), self.filter.severity == Some(severity));
        SEVERITIES.into_iter().map(of).collect()
    }

    fn all_groups(&self) -> Vec<(&'static str, &'static str, bool)> {
        let of = |group: &Group| {
            (
                group.name(),
                group.title(),
                self.filter.group == Some(*group),
            )
        };
        Group::ALL.iter().map(of).collect()
    }
}
