//! What a search found.

use std::fmt::Write as _;

use askama::Template;

use super::rules::mark;
use super::{Frame, View, pretty};
use crate::markdown::escaped_markdown;
use crate::search::{Hit, Subject, search};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape, shown};

/// The answer to a search.
#[derive(Debug)]
pub struct ResultsView {
    query: String,
    hits: Vec<Hit>,
}

impl ResultsView {
    /// Searches.
    pub fn new(query: &str) -> Self {
        Self {
            query: shown(query.trim()),
            hits: search(query),
        }
    }
}

impl View for ResultsView {
    fn html(&self, chrome: &Chrome) -> String {
        let title = if self.query.is_empty() {
            "Search".to_owned()
        } else {
            format!("Search: {}", self.query)
        };
        let page = ResultsPage {
            frame: Frame {
                chrome,
                title,
                description: "Find a status code by number, name, field or in your own words."
                    .to_owned(),
                path: Some(crate::routes::SEARCH.to_owned()),
                hue: "",
                listed: false,
            },
            view: self,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&self.hits)
    }

    fn markdown(&self) -> String {
        let mut out = format!("# Search: {}\n\n", escaped_markdown(&self.query));
        for hit in &self.hits {
            let _ = writeln!(out, "- [{}]({})", hit.title, hit.url);
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        for hit in &self.hits {
            let (name, said, first, rest) = match hit.subject {
                Subject::Code(code) => {
                    let mark = code.mark(paint);
                    (
                        code.title(),
                        code.summary(),
                        format!("  {mark} "),
                        "        ",
                    )
                }
                Subject::Signal(signal) => {
                    let mark = paint.hue(None, &format!("{} {}", shape(None), signal.id()));
                    (
                        signal.name,
                        signal.meaning.plain(),
                        format!("  {mark} "),
                        "        ",
                    )
                }
                Subject::Rule(rule) => {
                    let mark = mark(rule.severity, paint);
                    (rule.id, rule.title, format!("  {mark} "), "          ")
                }
            };
            sheet.wrapped(&format!("{}: {said}", paint.bold(name)), &first, rest);
        }
        if self.hits.is_empty() {
            sheet.line(&format!(
                "Nothing found for `{}`. Try a number, a name, or a field such as Retry-After.",
                self.query
            ));
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/search.html")]
struct ResultsPage<'a> {
    frame: Frame<'a>,
    view: &'a ResultsView,
}

impl ResultsPage<'_> {
    /// The class whose hue and shape a result has.
    fn hue(&self, hit: &Hit) -> &'static str {
        match hit.subject {
            Subject::Code(code) => code.hue(),
            Subject::Signal(_) => "5",
            Subject::Rule(rule) => super::hue(super::rules::class(rule.severity)),
        }
    }

    /// Whether it stands in the registry, or is a rule about what does.
    fn is_ours(&self, hit: &Hit) -> bool {
        match hit.subject {
            Subject::Code(code) => code.is_registered(),
            Subject::Signal(_) => false,
            Subject::Rule(_) => true,
        }
    }

    /// The mark of a result, its name, and what it says.
    fn words(&self, hit: &Hit) -> (String, &'static str, &'static str) {
        match hit.subject {
            Subject::Code(code) => (code.id().to_string(), code.title(), code.summary()),
            Subject::Signal(signal) => (signal.id(), signal.name, signal.meaning.plain()),
            Subject::Rule(rule) => (rule.severity.name().to_owned(), rule.id, rule.title),
        }
    }
}
