//! The list of codes, whole or filtered.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Cache, Class, Code, Level, Presence, Row, Standing, catalog};

use super::class::row;
use super::facts::cache_words;
use super::{Frame, View, pretty};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// Which codes a list holds; every part that is set must hold.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Filter {
    /// Only this class.
    pub class: Option<Class>,
    /// Only this standing.
    pub standing: Option<Standing>,
    /// Only codes that a cache may, or may not, keep by its own judgement.
    pub cacheable: Option<bool>,
    /// Only codes whose responses forbid, allow or expect content.
    pub content: Option<Presence>,
    /// Only codes that must, should or may come with this field.
    pub field: Option<String>,
}

/// A filter that cannot be read.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("`{key}` cannot be `{value}`: it is one of {expected}")]
#[non_exhaustive]
pub struct FilterError {
    /// The part of the filter.
    pub key: &'static str,
    /// What was asked for.
    pub value: String,
    /// What is possible.
    pub expected: &'static str,
}

impl Filter {
    /// The parts of a filter, as the query of an address and the options of a command call them.
    pub const KEYS: [&'static str; 5] = ["class", "standing", "cacheable", "content", "field"];

    /// Sets a part; an empty value leaves it open, an unknown key is left alone.
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
        let small = value.to_ascii_lowercase();
        match key {
            "class" => {
                let class = Class::ALL
                    .into_iter()
                    .find(|class| class.slug() == small || class.digit().to_string() == small);
                self.class = Some(class.ok_or_else(|| wrong("class", "1xx, 2xx, 3xx, 4xx, 5xx"))?);
            }
            "standing" => {
                let all = [
                    Standing::Registered,
                    Standing::Temporary,
                    Standing::Deprecated,
                    Standing::Unused,
                    Standing::Obsoleted,
                ];
                let standing = all.into_iter().find(|standing| standing.word() == small);
                self.standing = Some(standing.ok_or_else(|| {
                    wrong(
                        "standing",
                        "registered, temporary, deprecated, unused, obsoleted",
                    )
                })?);
            }
            "cacheable" => {
                self.cacheable = Some(match small.as_str() {
                    "yes" | "true" => true,
                    "no" | "false" => false,
                    _ => return Err(wrong("cacheable", "yes, no")),
                });
            }
            "content" => {
                self.content = Some(match small.as_str() {
                    "forbidden" => Presence::Forbidden,
                    "optional" => Presence::Optional,
                    "expected" => Presence::Expected,
                    _ => return Err(wrong("content", "forbidden, optional, expected")),
                });
            }
            "field" => self.field = Some(value.chars().take(100).collect()),
            _ => {}
        }
        Ok(())
    }

    /// Whether nothing is filtered.
    pub fn is_open(&self) -> bool {
        *self == Self::default()
    }

    /// The codes for which every part holds.
    pub fn codes(&self) -> impl Iterator<Item = &'static Code> {
        catalog().codes().iter().filter(|code| self.holds(code))
    }

    fn holds(&self, code: &Code) -> bool {
        self.class.is_none_or(|class| code.class() == class)
            && self
                .standing
                .is_none_or(|standing| code.standing == standing)
            && self
                .cacheable
                .is_none_or(|cacheable| code.facts.heuristically_cacheable == cacheable)
            && self
                .content
                .is_none_or(|content| code.facts.content == content)
            && self.field.as_deref().is_none_or(|field| {
                code.facts
                    .required_fields
                    .iter()
                    .any(|rule| rule.field.eq_ignore_ascii_case(field))
            })
    }
}

/// A list of codes.
#[derive(Debug)]
pub struct CodesView {
    filter: Filter,
    full: bool,
}

impl CodesView {
    /// The codes that a filter leaves.
    pub const fn new(filter: Filter) -> Self {
        Self {
            filter,
            full: false,
        }
    }

    /// Whole codes in the JSON, not rows.
    #[must_use]
    pub const fn full(mut self, full: bool) -> Self {
        self.full = full;
        self
    }
}

impl View for CodesView {
    fn html(&self, chrome: &Chrome) -> String {
        let codes: Vec<_> = self.filter.codes().collect();
        let page = CodesPage {
            frame: Frame {
                chrome,
                title: "All HTTP status codes".to_owned(),
                description: "Every status code of the IANA registry in one list: name, class, caching, content, fields and standing.".to_owned(),
                path: Some(crate::routes::CODES.to_owned()),
                hue: "",
                listed: self.filter.is_open(),
            },
            total: catalog().codes().len(),
            codes,
            filter: &self.filter,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        #[serde(untagged)]
        enum List {
            Rows(Vec<Row>),
            Whole(Vec<&'static Code>),
        }
        pretty(&if self.full {
            List::Whole(self.filter.codes().collect())
        } else {
            List::Rows(self.filter.codes().map(Row::from).collect())
        })
    }

    fn markdown(&self) -> String {
        let mut out = String::from(
            "# HTTP status codes\n\n| code | name | class | cacheable | standing |\n| --- | --- | --- | --- | --- |\n",
        );
        for code in self.filter.codes() {
            let cache = cache_words(code.facts.cache);
            let _ = writeln!(
                out,
                "| [{}]({}) | {} | {} | {cache} | {} |",
                code.id,
                code.id.path(),
                code.title(),
                code.class().slug(),
                code.standing.word()
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let mut class = None;
        for code in self.filter.codes() {
            if class != Some(code.class()) {
                class = Some(code.class());
                sheet.gap();
                let head = paint.bold(&code.class().to_string());
                sheet.line(&head);
            }
            sheet.line(&row(code, paint));
        }
        if class.is_none() {
            sheet.line("No code has all of that.");
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/codes.html")]
struct CodesPage<'a> {
    frame: Frame<'a>,
    total: usize,
    codes: Vec<&'static Code>,
    filter: &'a Filter,
}

impl CodesPage<'_> {
    /// Shorter than on the code's page, for a column.
    fn cache(&self, code: &Code) -> &'static str {
        match code.facts.cache {
            Cache::Heuristic => "By default",
            Cache::ExplicitOnly => "If told to",
            Cache::Special => "Renews what is stored",
            Cache::MustNotStore | Cache::Never => "Never",
            _ => "",
        }
    }

    fn content(&self, code: &Code) -> &'static str {
        match code.facts.content {
            Presence::Forbidden => "None",
            Presence::Optional => "Optional",
            Presence::Expected => "Expected",
        }
    }

    /// Fields that go with the code besides `Date`: those asked for, then those that are merely possible.
    fn fields(&self, code: &Code) -> (String, String) {
        let names = |asked: bool| {
            let rules = code
                .facts
                .required_fields
                .iter()
                .filter(|rule| rule.field != "Date");
            let mut names: Vec<_> = rules
                .filter(|rule| asked != (rule.level == Level::May))
                .map(|rule| rule.field)
                .collect();
            names.dedup();
            names.join(", ")
        };
        (names(true), names(false))
    }

    /// A choice of the form: value, label, whether it is the one in force.
    fn choices(&self, key: &str) -> Vec<(&'static str, &'static str, bool)> {
        let filter = self.filter;
        match key {
            "class" => Class::ALL
                .into_iter()
                .map(|class| (class.slug(), class.name(), filter.class == Some(class)))
                .collect(),
            "standing" => [
                Standing::Registered,
                Standing::Temporary,
                Standing::Deprecated,
                Standing::Unused,
                Standing::Obsoleted,
            ]
            .into_iter()
            .map(|standing| {
                (
                    standing.word(),
                    standing.word(),
                    filter.standing == Some(standing),
                )
            })
            .collect(),
            "cacheable" => vec![
                ("yes", "by default", filter.cacheable == Some(true)),
                ("no", "not by default", filter.cacheable == Some(false)),
            ],
            _ => vec![
                (
                    "forbidden",
                    "forbidden",
                    filter.content == Some(Presence::Forbidden),
                ),
                (
                    "optional",
                    "optional",
                    filter.content == Some(Presence::Optional),
                ),
                (
                    "expected",
                    "expected",
                    filter.content == Some(Presence::Expected),
                ),
            ],
        }
    }

    fn field(&self) -> &str {
        self.filter.field.as_deref().unwrap_or_default()
    }

    fn is_special(&self, code: &Code) -> bool {
        code.standing != Standing::Registered
    }
}
