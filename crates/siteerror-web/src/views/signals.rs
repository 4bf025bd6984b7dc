//! Words of logs and headers that are no status codes: all families, one family, one word.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Signal, SignalFamily, Text, catalog};

use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::routes;
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet, shape};

/// A run of words with the page that it leads to, if it leads to any.
pub(crate) type Linked = (String, Option<String>);

/// Words in which numbers lead to the pages of their codes.
pub(crate) fn linked(words: &str) -> Vec<Linked> {
    let mut pieces: Vec<Linked> = Vec::new();
    let mut rest = words;
    while !rest.is_empty() {
        let is_word = rest.starts_with(|c: char| c.is_ascii_alphanumeric());
        let end = rest
            .find(|c: char| c.is_ascii_alphanumeric() != is_word)
            .unwrap_or(rest.len());
        let (piece, after) = rest.split_at(end);
        let number = piece.parse().ok().filter(|_| piece.len() == 3);
        let has_page = |number: &u16| {
            catalog().number(*number).is_some() || catalog().vendor_number(*number).is_some()
        };
        let href = number.filter(has_page).map(|number| format!("/{number}"));
        pieces.push((piece.to_owned(), href));
        rest = after;
    }
    pieces
}

/// All families.
#[derive(Debug)]
pub struct SignalsView;

impl View for SignalsView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = SignalsPage {
            frame: Frame {
                chrome,
                title: "Words of logs that are no status codes".to_owned(),
                description: "Termination states, response flags, router codes and error numbers: what proxies write beside or instead of a status.".to_owned(),
                path: Some(routes::SIGNALS.to_owned()),
                hue: "",
                listed: true,
            },
            families: catalog().signal_families(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct FamilyRow {
            family: &'static str,
            title: &'static str,
            url: String,
            keys: Vec<&'static str>,
        }
        let families = catalog().signal_families().iter();
        let rows: Vec<FamilyRow> = families
            .map(|family| FamilyRow {
                family: family.slug,
                title: family.title,
                url: family.path(),
                keys: family.entries.iter().map(|entry| entry.key).collect(),
            })
            .collect();
        pretty(&rows)
    }

    fn markdown(&self) -> String {
        let mut out = String::from("# Signals\n\n");
        for family in catalog().signal_families() {
            let keys: Vec<String> = family
                .entries
                .iter()
                .map(|entry| format!("`{}`", entry.key))
                .collect();
            let _ = writeln!(
                out,
                "- [{}]({}): {}",
                family.title,
                family.path(),
                keys.join(" ")
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let head = paint.bold("Signals");
        sheet.ends(&head, &paint.dim("one of them: siteerror haproxy/sC--"));
        sheet.rule();
        for family in catalog().signal_families() {
            sheet.heading(family.title);
            let keys: Vec<&str> = family.entries.iter().map(|entry| entry.key).collect();
            sheet.wrapped(&keys.join(" "), &format!("  {}/ ", family.slug), "    ");
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/signals.html")]
struct SignalsPage<'a> {
    frame: Frame<'a>,
    families: &'static [SignalFamily],
}

/// A family.
#[derive(Debug)]
pub struct FamilyView(pub &'static SignalFamily);

impl View for FamilyView {
    fn html(&self, chrome: &Chrome) -> String {
        let family = self.0;
        let page = FamilyPage {
            frame: Frame {
                chrome,
                title: family.title.to_owned(),
                description: format!("{}: {}", family.title, family.place.plain()),
                path: Some(family.path()),
                hue: "",
                listed: true,
            },
            family,
            place: blocks(family.place),
            read: blocks(family.read),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(self.0)
    }

    fn markdown(&self) -> String {
        let family = self.0;
        let mut out = format!(
            "# {}\n\n{}\n\n{}\n\n```log\n{}\n```\n",
            family.title,
            family.place.markdown(),
            family.read.markdown(),
            family.sample
        );
        for entry in family.entries {
            let _ = write!(out, "\n## `{}` {}\n\n", entry.key, entry.name);
            if !entry.status.is_empty() {
                let _ = writeln!(out, "Usual status: {}\n", entry.status);
            }
            let _ = writeln!(out, "{}\n", entry.meaning.markdown());
            for cause in entry.causes {
                let _ = writeln!(out, "- {}", cause.markdown());
            }
            let _ = writeln!(out, "\nLook next: {}", entry.check.markdown());
            if let Some(unverified) = entry.unverified {
                let _ = writeln!(out, "\n> **Not verified.** {}", unverified.markdown());
            }
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let family = self.0;
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let head = paint.bold(family.title);
        sheet.ends(
            &head,
            &paint.dim(&format!("{} words", family.entries.len())),
        );
        sheet.rule();
        sheet.text(family.place);
        sheet.gap();
        sheet.text(family.read);
        sheet.gap();
        sheet.lines(family.sample);
        for entry in family.entries {
            sheet.heading_as_is(&format!("{} {}", entry.key, entry.name));
            write_entry(&mut sheet, entry);
        }
        sheet.finish()
    }
}

fn write_entry(sheet: &mut Sheet, entry: &Signal) {
    if !entry.status.is_empty() {
        sheet.paragraph(&format!("Usual status: {}", entry.status));
    }
    sheet.text(entry.meaning);
    if !entry.causes.is_empty() {
        sheet.gap();
        sheet.items(entry.causes);
    }
    sheet.gap();
    sheet.text(entry.check);
    if let Some(unverified) = entry.unverified {
        sheet.gap();
        sheet.item(unverified, "  Not verified: ", "  ");
    }
}

#[derive(Template)]
#[template(path = "pages/family.html")]
struct FamilyPage<'a> {
    frame: Frame<'a>,
    family: &'static SignalFamily,
    place: SafeHtml,
    read: SafeHtml,
}

impl FamilyPage<'_> {
    fn inline(&self, text: &Text) -> SafeHtml {
        inline(*text)
    }

    fn linked(&self, words: &str) -> Vec<Linked> {
        linked(words)
    }
}

/// One word. Its page is its place on the page of its family.
#[derive(Debug)]
pub struct SignalView(pub &'static Signal);

impl View for SignalView {
    fn html(&self, chrome: &Chrome) -> String {
        catalog()
            .signal_family(self.0.family)
            .map(|family| FamilyView(family).html(chrome))
            .unwrap_or_default()
    }

    fn json(&self) -> String {
        pretty(self.0)
    }

    fn markdown(&self) -> String {
        let entry = self.0;
        format!(
            "# `{}` {}\n\n{}\n\nLook next: {}\n",
            entry.id(),
            entry.name,
            entry.meaning.markdown(),
            entry.check.markdown()
        )
    }

    fn text(&self, paint: Paint) -> String {
        let entry = self.0;
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let mark = paint.hue(None, &format!("{} {}", shape(None), entry.id()));
        let family = catalog().signal_family(entry.family);
        sheet.ends(
            &format!("{mark} {}", paint.bold(entry.name)),
            &paint.dim(family.map_or("", |family| family.title)),
        );
        sheet.rule();
        write_entry(&mut sheet, entry);
        if let Some(family) = family {
            sheet.heading("Where it stands");
            sheet.text(family.place);
        }
        sheet.heading("Source");
        sheet.paragraph(entry.source.title);
        let url = paint.dim(entry.source.url);
        sheet.line(&format!("  {url}"));
        sheet.finish()
    }
}
