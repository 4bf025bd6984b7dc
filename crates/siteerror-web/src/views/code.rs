//! A code's page.

mod text;
pub(crate) mod wire;

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Code, FieldRule, Happening, Meanings, Text, catalog};

use self::wire::Wire;
use super::facts::{Fact, facts, fields, joint};
use super::listed::Listed;
use super::number::OneOf;
use super::{Frame, View, hue, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::site::Chrome;
use crate::terminal::Paint;

/// How much of a code a terminal shows.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Depth {
    /// What somebody with a number in front of them needs now.
    Card,
    /// Everything.
    Whole,
}

/// A registered code.
#[derive(Debug)]
pub struct CodeView(pub &'static Code);

impl CodeView {
    /// The codes it is mistaken for, with how to tell them apart.
    fn comparisons(&self) -> impl Iterator<Item = (Listed, Text)> {
        self.0
            .compare
            .iter()
            .filter_map(|one| Some((Listed::find(one.id)?, one.how)))
    }

    /// What it is mistaken for, and what vendors mean by the number.
    fn confused(&self, out: &mut String) {
        out.push_str("## Easily confused with\n\n");
        for (other, how) in self.comparisons() {
            let _ = writeln!(
                out,
                "- [{} {}]({}): {}",
                other.id(),
                other.title(),
                other.id().path(),
                how.markdown()
            );
        }
        for other in elsewhere(self.0) {
            let id = other.id();
            let _ = writeln!(
                out,
                "- [{id} {}]({}), the same number",
                other.title(),
                id.path()
            );
        }
    }
}

impl View for CodeView {
    fn html(&self, chrome: &Chrome) -> String {
        let code = self.0;
        let (previous, next) = catalog().neighbours(code.id.number());
        let page = CodePage {
            frame: Frame {
                chrome,
                title: format!("{} {}: what it means and what to do", code.id, code.title()),
                description: format!("{} {}: {}", code.id, code.title(), code.summary),
                path: Some(code.id.path()),
                hue: hue(code.class()),
                listed: true,
            },
            code,
            facts: facts(code),
            fields: fields(code).collect(),
            wire: Wire::new(
                "response",
                &format!("A {} as it travels", code.id),
                code.example.response,
                code,
            ),
            request: Wire::new(
                "request",
                "The request that led to it",
                code.example.request,
                code,
            ),
            final_response: code.example.final_response.map(|message| {
                Wire::new("final", "The final response that follows", message, code)
            }),
            happening: chrome.has_playground.then(|| code.happening()),
            cause: chrome
                .has_playground
                .then(|| cause(code.id.number()))
                .flatten(),
            clients: clients(code).filter(|_| chrome.has_playground),
            compare: self
                .comparisons()
                .map(|(other, how)| (other, inline(how)))
                .collect(),
            elsewhere: elsewhere(code),
            told: catalog().meanings(code.id.number()),
            entries: entries(code),
            previous,
            next,
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(self.0)
    }

    fn markdown(&self) -> String {
        let code = self.0;
        let mut out = format!("# {} {} {}\n\n", code.emoji, code.id, code.title());
        if let Some(notice) = code.notice {
            let _ = writeln!(out, "> {}\n", notice.markdown().replace('\n', "\n> "));
        }
        let _ = writeln!(
            out,
            "{}\n\n```http\n{}\n```\n",
            code.summary,
            unix(code.example.response)
        );
        list(&mut out, "Common causes", code.causes);
        part(&mut out, "What it means", code.meaning);
        part(&mut out, "Definition", code.definition);
        let _ = writeln!(
            out,
            "## What the RFC says\n\n> {}\n\nVerbatim from [{}, section {}]({}).\n",
            code.rfc.quote, code.rfc.document, code.rfc.section, code.rfc.url
        );
        part(&mut out, "In plain English", code.plain_english);
        part(&mut out, "Often misread", code.misinterpretation);
        list(&mut out, "If you call the server", code.fixes.caller);
        list(&mut out, "If you run the server", code.fixes.operator);
        out.push_str("## Facts\n\n| fact | value | source |\n| --- | --- | --- |\n");
        for fact in facts(code) {
            let _ = writeln!(
                out,
                "| {} | {} | {} |",
                fact.word,
                fact.value.plain(),
                fact.source
            );
        }
        for rule in fields(code) {
            let when = rule
                .when
                .map(|when| format!(", {}{}", joint(when), when.markdown()))
                .unwrap_or_default();
            let _ = writeln!(
                out,
                "| Field | {} `{}`{when} | {} |",
                rule.level.keyword(),
                rule.field,
                rule.source
            );
        }
        for former in code.former_names {
            let _ = writeln!(
                out,
                "| Once called | {} | {} |",
                former.name, former.used_in
            );
        }
        let _ = writeln!(
            out,
            "\n## Example request\n\n```http\n{}\n```\n",
            unix(code.example.request)
        );
        if let Some(response) = code.example.final_response {
            let _ = writeln!(
                out,
                "## The final response that follows\n\n```http\n{}\n```\n",
                unix(response)
            );
        }
        make(&mut out, &code.happening());
        out.push_str("## Questions people ask\n\n");
        for question in code.faq {
            let _ = writeln!(
                out,
                "### {}\n\n{}\n",
                question.question.markdown(),
                question.answer.markdown()
            );
        }
        self.confused(&mut out);
        out.push_str(
            "
## Sources\n\n",
        );
        for source in code.sources {
            let _ = writeln!(out, "- [{}]({})", source.title, source.url);
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        self.text_at(paint, Depth::Whole)
    }
}

/// The codes of vendors with the same number.
fn elsewhere(code: &Code) -> Vec<Listed> {
    let ids = catalog().namesakes(code.id);
    ids.into_iter().filter_map(Listed::find).collect()
}

/// Where the entries of IIS for a number stand that are on none of its other pages.
fn entries(code: &Code) -> Option<String> {
    let number = code.id.number();
    super::substatus::SubstatusListView::all()
        .contains(&number)
        .then(|| format!("/iis/{number}"))
}

/// The page of the playground on how to cause a code, if it has such pages.
fn cause(number: u16) -> Option<String> {
    siteerror_playground::scenarios()
        .any(|scenario| scenario.path == "/cause/{code}")
        .then(|| format!("{}/cause/{number}", crate::routes::PLAY))
}

/// The page of the playground on what real clients make of an interim response. A 101 is a case of its own: nothing of HTTP follows it.
fn clients(code: &Code) -> Option<String> {
    let page = match code.id.number() {
        101 => "/faults/switching-unasked",
        100..200 => "/interims",
        _ => return None,
    };
    Some(format!("{}{page}", crate::routes::PLAY))
}

fn part(out: &mut String, title: &str, text: Text) {
    let _ = writeln!(out, "## {title}\n\n{}\n", text.markdown());
}

fn make(out: &mut String, happening: &Happening) {
    let _ = writeln!(
        out,
        "## Make it happen\n\n`{}` in the [playground]({}). {}\n",
        happening.path,
        happening.builder,
        happening.seen.markdown()
    );
}

fn list(out: &mut String, title: &str, items: &[Text]) {
    let _ = writeln!(out, "## {title}\n");
    for item in items {
        let _ = writeln!(out, "- {}", item.markdown());
    }
    out.push('\n');
}

/// A message with plain line ends, without the empty line where nothing follows it.
fn unix(message: &str) -> String {
    message
        .replace("\r\n", "\n")
        .trim_end_matches('\n')
        .to_owned()
}

#[derive(Template)]
#[template(path = "pages/code.html")]
struct CodePage<'a> {
    frame: Frame<'a>,
    code: &'static Code,
    facts: Vec<Fact>,
    fields: Vec<&'static FieldRule>,
    wire: Wire,
    request: Wire,
    final_response: Option<Wire>,
    happening: Option<Happening>,
    /// Where the playground causes it by a rule.
    cause: Option<String>,
    /// What clients make of it, for interim responses.
    clients: Option<String>,
    compare: Vec<(Listed, SafeHtml)>,
    /// What vendors mean by the number.
    elsewhere: Vec<Listed>,
    told: Option<&'static Meanings>,
    /// The page of IIS with the entries of the number, where it is no code of the shelf.
    entries: Option<String>,
    previous: Option<&'static Code>,
    next: Option<&'static Code>,
}

impl CodePage<'_> {
    fn blocks(&self, text: &Text) -> SafeHtml {
        blocks(*text)
    }

    fn inline(&self, text: &Text) -> SafeHtml {
        inline(*text)
    }

    /// Whose the number is besides: those that have a mark by which to know them.
    fn whose(&self) -> Vec<OneOf> {
        let all = OneOf::all(self.code.id.number());
        all.into_iter().filter(|one| one.answer.is_some()).collect()
    }

    fn joint(&self, when: &Text) -> &'static str {
        joint(*when)
    }

    fn summary(&self) -> String {
        crate::markdown::quotes(self.code.summary)
    }
}
