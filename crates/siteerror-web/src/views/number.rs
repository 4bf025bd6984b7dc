//! A number that only vendors use: every meaning, and the question that decides.

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Meanings, Owner, Text, VendorCode, VendorNumber, catalog};

use super::listed::{Listed, hue_of};
use super::{Depth, Frame, VendorView, View, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// A number without a registration.
#[derive(Debug)]
pub struct NumberView(pub VendorNumber);

/// One owner's meaning, with the mark by which to know it.
pub(crate) struct OneOf {
    pub(crate) code: &'static VendorCode,
    pub(crate) owner: &'static Owner,
    pub(crate) answer: Option<Text>,
}

impl OneOf {
    /// Of a number, in the order of the shelves.
    pub(crate) fn all(number: u16) -> Vec<Self> {
        let told = catalog().meanings(number);
        let codes = catalog().vendor_codes_of(number);
        codes
            .flat_map(|code| code.owners.iter().map(move |owner| (code, owner)))
            .map(|(code, owner)| Self {
                code,
                owner,
                answer: told
                    .and_then(|told| told.of(code.id, owner))
                    .map(|one| one.answer),
            })
            .collect()
    }

    /// The owner's part of the page.
    pub(crate) fn href(&self) -> String {
        match self.code.owners {
            [_] => self.code.id.path(),
            _ => format!("{}#{}", self.code.id.path(), self.owner.anchor()),
        }
    }

    pub(crate) fn html(&self) -> SafeHtml {
        self.answer
            .map_or_else(|| crate::markdown::escaped(""), inline)
    }
}

impl NumberView {
    fn number(&self) -> u16 {
        self.0.unassigned().id().number()
    }

    fn told(&self) -> Option<&'static Meanings> {
        catalog().meanings(self.number())
    }

    /// The one code of the number, if there is no other.
    fn only(&self) -> Option<&'static VendorCode> {
        let mut codes = self.0.codes();
        codes.next().filter(|_| codes.next().is_none())
    }

    fn owners(&self) -> String {
        let mut names: Vec<&str> = Vec::new();
        for one in OneOf::all(self.number()) {
            if !names.contains(&one.owner.title) {
                names.push(one.owner.title);
            }
        }
        match names.as_slice() {
            [.., _, _] => {
                let last = names.pop().unwrap_or_default();
                format!("{} and {last}", names.join(", "))
            }
            _ => names.concat(),
        }
    }

    fn summary(&self) -> String {
        format!(
            "{} is not registered. It means what {} made of it.",
            self.number(),
            self.owners()
        )
    }

    /// RFC 9110 §15, for whoever receives it.
    fn rule(&self) -> String {
        let other = self.0.unassigned().treat_as();
        format!(
            "To a client that does not know {}, it is a {other}.",
            self.number()
        )
    }
}

impl View for NumberView {
    fn html(&self, chrome: &Chrome) -> String {
        let id = self.0.unassigned().id();
        let page = NumberPage {
            frame: Frame {
                chrome,
                title: format!("{id}: whose code is it?"),
                description: self.summary(),
                path: Some(id.path()),
                hue: hue_of(id),
                listed: true,
            },
            view: self,
            meanings: OneOf::all(self.number()),
            lead: self.told().map(|told| blocks(told.lead)),
            question: self.told().map(|told| inline(told.question)),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&self.0)
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n{}\n\n", self.number(), self.summary());
        if let Some(told) = self.told() {
            let _ = writeln!(
                out,
                "{}\n\n## {}\n",
                told.lead.markdown(),
                told.question.markdown()
            );
        }
        for one in OneOf::all(self.number()) {
            let answer = one.answer.map(|answer| format!(": {}", answer.markdown()));
            let _ = writeln!(
                out,
                "- [{}: {}]({}), {}{}",
                one.owner.title,
                one.owner.name,
                one.href(),
                one.owner.wire.badge(),
                answer.unwrap_or_default()
            );
        }
        let _ = writeln!(out, "\n{} (RFC 9110, section 15)", self.rule());
        out
    }

    fn text(&self, paint: Paint) -> String {
        self.text_at(paint, Depth::Whole)
    }
}

impl NumberView {
    /// The text, at one of two depths. A number with one code is shown as that code.
    pub fn text_at(&self, paint: Paint, depth: Depth) -> String {
        if let Some(code) = self.only() {
            return VendorView(code).text_at(paint, depth);
        }
        let id = self.0.unassigned().id();
        let mut sheet = Sheet::new(paint, id.class());
        let paint = sheet.paint;
        let mark = paint.hue(
            id.class(),
            &format!("{} {id}", crate::terminal::shape(None)),
        );
        sheet.ends(&mark, &paint.dim("not registered"));
        sheet.rule();
        sheet.paragraph(&self.summary());
        if let Some(told) = self.told() {
            sheet.gap();
            sheet.text(told.lead);
            sheet.heading(told.question.plain());
        }
        for one in OneOf::all(self.number()) {
            let mark = Listed::Vendor(one.code).mark(paint);
            let answer = one.answer.map_or("", Text::plain);
            let words = format!(
                "{}: {} ({}) {answer}",
                one.owner.title,
                one.owner.name,
                one.owner.wire.badge()
            );
            sheet.wrapped(&words, &format!("  {mark} "), "      ");
        }
        sheet.gap();
        sheet.paragraph(&format!("{} (RFC 9110, section 15)", self.rule()));
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/number.html")]
struct NumberPage<'a> {
    frame: Frame<'a>,
    view: &'a NumberView,
    meanings: Vec<OneOf>,
    lead: Option<SafeHtml>,
    question: Option<SafeHtml>,
}
