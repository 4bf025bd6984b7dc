//! The list of codes, whole or filtered.

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Cache, Class, Code, Level, Presence, Row, Standing, Vendor, catalog};

use super::class::row;
use super::facts::cache_words;
use super::listed::Listed;
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
    /// Only the codes of this shelf, or only those of the registry.
    pub vendor: Option<Shelf>,
    /// Only codes that must, should or may come with this field.
    pub field: Option<String>,
}

/// Where a code stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Shelf {
    /// In the registry.
    Registry,
    /// On a vendor's shelf.
    Of(Vendor),
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
    pub const KEYS: [&'static str; 6] = [
        "class",
        "standing",
        "cacheable",
        "content",
        "field",
        "vendor",
    ];

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
                    Standing::Vendor,
                ];
                let standing = all.into_iter().find(|standing| standing.word() == small);
                self.standing = Some(standing.ok_or_else(|| {
                    wrong(
                        "standing",
                        "registered, temporary, deprecated, unused, obsoleted, vendor",
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
            "vendor" => {
                let vendor = Vendor::ALL
                    .into_iter()
                    .find(|vendor| vendor.slug() == small);
                let place = vendor.map(Shelf::Of);
                let place = place.or_else(|| (small == "none").then_some(Shelf::Registry));
                self.vendor = Some(place.ok_or_else(|| {
                    wrong("vendor", "nginx, cloudflare, aws-elb, iis, other, none")
                })?);
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

    /// The codes of vendors for which every part holds, the entries of IIS only where its shelf is asked for. They have no facts of their own to filter by.
    pub(crate) fn vendor_codes(&self) -> Vec<Listed> {
        let asks_facts = self.cacheable.is_some() || self.content.is_some() || self.field.is_some();
        let is_vendor = self
            .standing
            .is_none_or(|standing| standing == Standing::Vendor);
        if asks_facts || !is_vendor {
            return Vec::new();
        }
        let entries = match self.vendor {
            Some(Shelf::Of(Vendor::Iis)) => catalog().substatus_codes(),
            _ => &[],
        };
        let stands_there = |listed: &Listed| match self.vendor {
            None => true,
            Some(Shelf::Registry) => false,
            Some(Shelf::Of(vendor)) => listed.id().vendor() == Some(vendor),
        };
        let codes = catalog().vendor_codes().iter().map(Listed::Vendor);
        codes
            .chain(entries.iter().map(Listed::Substatus))
            .filter(stands_there)
            .filter(|listed| self.class.is_none_or(|class| listed.class() == Some(class)))
            .collect()
    }

    /// All codes for which every part holds, in the order of the numbers, those of the registry first.
    pub fn listed(&self) -> Vec<Listed> {
        let mut all: Vec<Listed> = self.codes().map(Listed::Code).collect();
        all.extend(self.vendor_codes());
        all.sort_by_key(|listed| listed.id());
        all
    }

    fn holds(&self, code: &Code) -> bool {
        if matches!(self.vendor, Some(Shelf::Of(_))) {
            return false;
        }
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
            vendor_codes: self.filter.vendor_codes(),
            filter: &self.filter,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        let listed = self.filter.listed();
        if self.full {
            pretty(&listed)
        } else {
            pretty(&listed.into_iter().map(Row::from).collect::<Vec<_>>())
        }
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
        for listed in self.filter.vendor_codes() {
            let id = listed.id();
            let class = listed.class().map_or("", Class::slug);
            let _ = writeln!(
                out,
                "| [{id}]({}) | {} | {class} | | vendor |",
                id.path(),
                listed.title()
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let mut class = None;
        let listed = self.filter.listed();
        if listed.is_empty() {
            sheet.line("No code has all of that.");
        }
        for listed in listed {
            if class != Some(listed.class()) {
                class = Some(listed.class());
                sheet.gap();
                let head = listed
                    .class()
                    .map_or("No valid status codes".to_owned(), |class| {
                        class.to_string()
                    });
                let head = paint.bold(&head);
                sheet.line(&head);
            }
            match listed {
                Listed::Code(code) => sheet.line(&row(code, paint)),
                other => sheet.line(&format!("  {} {}", other.mark(paint), other.title())),
            }
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
    vendor_codes: Vec<Listed>,
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
                Standing::Vendor,
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
            "vendor" => Vendor::ALL
                .into_iter()
                .map(|vendor| {
                    let is_on = filter.vendor == Some(Shelf::Of(vendor));
                    (vendor.slug(), vendor.title(), is_on)
                })
                .chain([(
                    "none",
                    "the registry",
                    filter.vendor == Some(Shelf::Registry),
                )])
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

    /// Who uses it, and whether it travels.
    fn owners(&self, listed: &Listed) -> String {
        let Listed::Vendor(code) = listed else {
            return "Microsoft IIS: log only".to_owned();
        };
        let owners = code.owners.iter();
        let words = owners.map(|owner| format!("{}: {}", owner.title, owner.wire.badge()));
        words.collect::<Vec<_>>().join(", ")
    }

    fn is_special(&self, code: &Code) -> bool {
        code.standing != Standing::Registered
    }
}
