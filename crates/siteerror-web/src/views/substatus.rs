//! Codes of IIS with a number behind the dot: an entry, and the list of a number that has no other page on the shelf.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Class, Code, CodeId, Row, Substatus, Text, VendorCode, catalog};

use super::listed::{Listed, hue_of};
use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, inline};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// An entry such as `iis/404.13`.
#[derive(Debug)]
pub struct SubstatusView(pub &'static Substatus);

impl SubstatusView {
    /// The page of the number: that of IIS, which lists all its entries.
    fn parent(&self) -> String {
        format!("/iis/{}", self.0.id.number())
    }

    fn rows(&self) -> Vec<(&'static str, Text)> {
        let entry = self.0;
        let mut rows = vec![
            ("What it means", entry.meaning),
            ("The usual reason", entry.usual),
            ("What helps", entry.help),
        ];
        rows.extend(entry.note.map(|note| ("Worth knowing", note)));
        rows
    }
}

impl View for SubstatusView {
    fn html(&self, chrome: &Chrome) -> String {
        let entry = self.0;
        let all = catalog().substatus_codes();
        let at = all.partition_point(|other| other.id < entry.id);
        let page = SubstatusPage {
            frame: Frame {
                chrome,
                title: format!("IIS {} {}", short(entry.id), entry.name),
                description: format!("IIS {}: {}", short(entry.id), entry.meaning.plain()),
                path: Some(entry.id.path()),
                hue: hue_of(entry.id),
                listed: true,
            },
            entry,
            short: short(entry.id),
            parent: self.parent(),
            registered: catalog().number(entry.id.number()),
            rows: self
                .rows()
                .into_iter()
                .map(|(title, text)| (title, inline(text)))
                .collect(),
            previous: at.checked_sub(1).and_then(|index| all.get(index)),
            next: all.get(at + 1),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(self.0)
    }

    fn markdown(&self) -> String {
        let entry = self.0;
        let mut out = format!("# IIS {} {}\n\n", short(entry.id), entry.name);
        for (title, text) in self.rows() {
            let _ = writeln!(out, "**{title}.** {}\n", text.markdown());
        }
        if let Some(win32) = entry.win32 {
            let _ = writeln!(out, "Error of Windows beside it: `{win32}`\n");
        }
        let _ = writeln!(out, "All of the number: [{0}]({0})", self.parent());
        if let Some(source) = &entry.source {
            let _ = writeln!(out, "\nSource: [{}]({})", source.title, source.url);
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let entry = self.0;
        let mut sheet = Sheet::new(paint, entry.id.class());
        let paint = sheet.paint;
        let mark = Listed::Substatus(entry).mark(paint);
        sheet.ends(
            &format!("{mark} {}", paint.bold(entry.name)),
            &paint.dim(entry.area.unwrap_or("Microsoft IIS")),
        );
        sheet.rule();
        for (index, (title, text)) in self.rows().into_iter().enumerate() {
            if index == 0 {
                sheet.text(text);
            } else {
                sheet.heading(title);
                sheet.text(text);
            }
        }
        if let Some(win32) = entry.win32 {
            sheet.gap();
            sheet.paragraph(&format!("Error of Windows beside it: {win32}"));
        }
        if let Some(source) = &entry.source {
            sheet.heading("Source");
            sheet.paragraph(source.title);
            let url = paint.dim(source.url);
            sheet.line(&format!("  {url}"));
        }
        sheet.finish()
    }
}

/// Without the shelf: `404.13`.
fn short(id: CodeId) -> String {
    let id = id.to_string();
    id.rsplit('/').next().unwrap_or_default().to_owned()
}

#[derive(Template)]
#[template(path = "pages/substatus.html")]
struct SubstatusPage<'a> {
    frame: Frame<'a>,
    entry: &'static Substatus,
    short: String,
    parent: String,
    registered: Option<&'static Code>,
    rows: Vec<(&'static str, SafeHtml)>,
    previous: Option<&'static Substatus>,
    next: Option<&'static Substatus>,
}

/// The entries of a number that IIS has no page for.
#[derive(Debug)]
pub struct SubstatusListView(pub u16);

impl SubstatusListView {
    /// The numbers that have entries and no page of their own on the shelf.
    pub(crate) fn all() -> Vec<u16> {
        let mut numbers: Vec<u16> = catalog()
            .substatus_codes()
            .iter()
            .map(|entry| entry.id)
            .filter(|id| {
                !catalog()
                    .vendor_codes_of(id.number())
                    .any(|code: &VendorCode| code.id.vendor() == id.vendor())
            })
            .map(CodeId::number)
            .collect();
        numbers.dedup();
        numbers
    }

    fn entries(&self) -> impl Iterator<Item = &'static Substatus> {
        catalog().substatus_of(self.0)
    }

    fn title(&self) -> String {
        format!("IIS {} with a number behind the dot", self.0)
    }
}

impl View for SubstatusListView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = SubstatusListPage {
            frame: Frame {
                chrome,
                title: self.title(),
                description: format!("What Microsoft IIS writes behind {} in its log.", self.0),
                path: Some(format!("/iis/{}", self.0)),
                hue: super::hue(Class::of(self.0).unwrap_or(Class::ServerError)),
                listed: true,
            },
            number: self.0,
            registered: catalog().number(self.0),
            entries: self.entries().collect(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct ListJson {
            code: u16,
            vendor: &'static str,
            url: String,
            codes: Vec<Row>,
        }
        pretty(&ListJson {
            code: self.0,
            vendor: "iis",
            url: format!("/iis/{}", self.0),
            codes: self.entries().map(Row::from).collect(),
        })
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n", self.title());
        for entry in self.entries() {
            let _ = writeln!(
                out,
                "- [{} {}]({})",
                short(entry.id),
                entry.name,
                entry.id.path()
            );
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, Class::of(self.0));
        let paint = sheet.paint;
        let title = paint.bold(&self.title());
        sheet.line(&title);
        sheet.rule();
        for entry in self.entries() {
            let mark = Listed::Substatus(entry).mark(paint);
            sheet.wrapped(entry.name, &format!("  {mark} "), "      ");
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/substatus_list.html")]
struct SubstatusListPage<'a> {
    frame: Frame<'a>,
    number: u16,
    registered: Option<&'static Code>,
    entries: Vec<&'static Substatus>,
}
