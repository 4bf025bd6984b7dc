//! A class of codes.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Class, ClassPage, Code, Row, Standing, Text, catalog};

use super::{Frame, View, hue, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape};

/// One of the five classes.
#[derive(Debug)]
pub struct ClassView(pub &'static ClassPage);

/// A run of numbers without an assignment.
fn gaps(class: Class) -> Vec<(u16, u16)> {
    let mut gaps = Vec::new();
    let mut number = class.x00();
    while number < class.x00() + 100 {
        match catalog().unassigned(number) {
            Some(free) => {
                gaps.push(free.range());
                number = free.range().1 + 1;
            }
            None => number += 1,
        }
    }
    gaps
}

fn range((first, last): (u16, u16)) -> String {
    if first == last {
        first.to_string()
    } else {
        format!("{first} to {last}")
    }
}

/// How people put it, as a short list.
pub(crate) fn said(code: &Code) -> String {
    code.said
        .iter()
        .take(3)
        .copied()
        .collect::<Vec<_>>()
        .join(" · ")
}

#[derive(Serialize)]
struct ClassJson {
    class: Class,
    name: &'static str,
    url: String,
    summary: &'static str,
    meaning: Text,
    unknown: Text,
    advice: &'static [Text],
    codes: Vec<Row>,
    unassigned: Vec<(u16, u16)>,
    updated: &'static str,
}

impl View for ClassView {
    fn html(&self, chrome: &Chrome) -> String {
        let class = self.0.class;
        let page = ClassTemplate {
            frame: Frame {
                chrome,
                title: format!("{class}: the codes of the class"),
                description: format!("{} {}", class.slug(), self.0.summary),
                path: Some(format!("/{}", class.slug())),
                hue: hue(class),
                listed: true,
            },
            page: self.0,
            meaning: blocks(self.0.meaning),
            unknown: blocks(self.0.unknown),
            advice: self.0.advice.iter().map(|text| inline(*text)).collect(),
            codes: catalog().class(class).collect(),
            gaps: gaps(class).into_iter().map(range).collect(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        let page = self.0;
        pretty(&ClassJson {
            class: page.class,
            name: page.class.name(),
            url: format!("/{}", page.class.slug()),
            summary: page.summary,
            meaning: page.meaning,
            unknown: page.unknown,
            advice: page.advice,
            codes: catalog().class(page.class).map(Row::from).collect(),
            unassigned: gaps(page.class),
            updated: page.updated,
        })
    }

    fn markdown(&self) -> String {
        let page = self.0;
        let mut out = format!(
            "# {}\n\n{}\n\n{}\n\n## The codes\n\n",
            page.class,
            page.summary,
            page.meaning.markdown()
        );
        for code in catalog().class(page.class) {
            let _ = writeln!(
                out,
                "- [{} {}]({}): {}",
                code.id,
                code.title(),
                code.id.path(),
                said(code)
            );
        }
        let free: Vec<_> = gaps(page.class).into_iter().map(range).collect();
        let _ = write!(
            out,
            "\nUnassigned: {}.\n\n## A code that you don't know\n\n{}\n\n## Good to know\n\n",
            free.join(", "),
            page.unknown.markdown()
        );
        for text in page.advice {
            let _ = writeln!(out, "- {}", text.markdown());
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let page = self.0;
        let mut sheet = Sheet::new(paint, Some(page.class));
        let paint = sheet.paint;
        let head = paint.hue(
            Some(page.class),
            &format!("{} {}", shape(Some(page.class)), page.class),
        );
        sheet.ends(
            &head,
            &paint.dim(&format!("RFC 9110 section {}", page.rfc_section)),
        );
        sheet.rule();
        sheet.paragraph(page.summary);
        sheet.gap();
        sheet.text(page.meaning);
        sheet.heading("The codes");
        for code in catalog().class(page.class) {
            sheet.line(&row(code, paint));
        }
        let free: Vec<_> = gaps(page.class).into_iter().map(range).collect();
        sheet.gap();
        sheet.paragraph(&format!("Unassigned: {}", free.join(", ")));
        sheet.heading("A code that you don't know");
        sheet.text(page.unknown);
        sheet.heading("Good to know");
        sheet.items(page.advice);
        sheet.finish()
    }
}

/// A code as a line of a list.
pub(crate) fn row(code: &Code, paint: Paint) -> String {
    let mark = paint.hue(
        Some(code.class()),
        &format!("{} {}", shape(Some(code.class())), code.id),
    );
    let standing = if code.standing == Standing::Registered {
        String::new()
    } else {
        paint.dim(&format!(" ({})", code.standing.word()))
    };
    format!("  {mark} {}{standing}", code.title())
}

#[derive(Template)]
#[template(path = "pages/class.html")]
struct ClassTemplate<'a> {
    frame: Frame<'a>,
    page: &'static ClassPage,
    meaning: SafeHtml,
    unknown: SafeHtml,
    advice: Vec<SafeHtml>,
    codes: Vec<&'static Code>,
    gaps: Vec<String>,
}

impl ClassTemplate<'_> {
    fn said(&self, code: &Code) -> String {
        said(code)
    }
}
