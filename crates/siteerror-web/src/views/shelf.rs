//! A vendor's shelf: all its codes, by owner where there are several.

use std::fmt::Write as _;

use askama::Template;
use serde::Serialize;
use siteerror_catalog::{Owner, Row, Substatus, Vendor, VendorCode, catalog};

use super::listed::{Listed, hue_of};
use super::{Frame, View, pretty};
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// A shelf of codes.
#[derive(Debug)]
pub struct ShelfView(pub Vendor);

/// The codes of one owner, each with what the owner does with it.
struct Group {
    title: &'static str,
    codes: Vec<(&'static VendorCode, &'static Owner)>,
}

impl Group {
    /// The name of its place on the page.
    fn anchor(&self) -> String {
        self.codes
            .first()
            .map(|(_, owner)| owner.anchor())
            .unwrap_or_default()
    }
}

impl ShelfView {
    /// In the order in which the owners first come.
    fn groups(&self) -> Vec<Group> {
        let mut groups: Vec<Group> = Vec::new();
        for code in catalog().shelf(self.0) {
            for owner in code.owners {
                match groups.iter_mut().find(|group| group.title == owner.title) {
                    Some(group) => group.codes.push((code, owner)),
                    None => groups.push(Group {
                        title: owner.title,
                        codes: vec![(code, owner)],
                    }),
                }
            }
        }
        groups.sort_by_key(|group| std::cmp::Reverse(group.codes.len()));
        groups
    }

    /// The numbers that have entries behind the dot, with how many.
    fn parents(&self) -> Vec<(u16, usize)> {
        let mut parents: Vec<(u16, usize)> = Vec::new();
        for entry in self.entries() {
            match parents.last_mut() {
                Some((number, count)) if *number == entry.id.number() => *count += 1,
                _ => parents.push((entry.id.number(), 1)),
            }
        }
        parents
    }

    fn entries(&self) -> &'static [Substatus] {
        match self.0 {
            Vendor::Iis => catalog().substatus_codes(),
            _ => &[],
        }
    }

    fn total(&self) -> usize {
        catalog().shelf(self.0).count()
    }
}

impl View for ShelfView {
    fn html(&self, chrome: &Chrome) -> String {
        let vendor = self.0;
        let page = ShelfPage {
            frame: Frame {
                chrome,
                title: format!("{}: status codes of their own", vendor.title()),
                description: vendor.about().to_owned(),
                path: Some(format!("/{}", vendor.slug())),
                hue: "",
                listed: true,
            },
            shelf: vendor,
            groups: self.groups(),
            parents: self.parents(),
            others: Vendor::ALL
                .into_iter()
                .filter(|other| *other != vendor)
                .collect(),
            family: catalog().signal_family(vendor.slug()),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        #[derive(Serialize)]
        struct ShelfJson {
            vendor: &'static str,
            name: &'static str,
            url: String,
            summary: &'static str,
            codes: Vec<Row>,
        }
        let codes = catalog().shelf(self.0).map(Row::from);
        pretty(&ShelfJson {
            vendor: self.0.slug(),
            name: self.0.title(),
            url: format!("/{}", self.0.slug()),
            summary: self.0.about(),
            codes: codes.chain(self.entries().iter().map(Row::from)).collect(),
        })
    }

    fn markdown(&self) -> String {
        let mut out = format!("# {}\n\n{}\n", self.0.title(), self.0.about());
        for group in self.groups() {
            let _ = writeln!(out, "\n## {}\n", group.title);
            for (code, owner) in &group.codes {
                let _ = writeln!(
                    out,
                    "- [{} {}]({}), {}",
                    code.id,
                    owner.name,
                    code.id.path(),
                    owner.wire.badge()
                );
            }
        }
        if !self.entries().is_empty() {
            out.push_str("\n## With a number behind the dot\n\n");
        }
        for entry in self.entries() {
            let _ = writeln!(out, "- [{} {}]({})", entry.id, entry.name, entry.id.path());
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let head = paint.bold(self.0.title());
        sheet.ends(&head, &paint.dim(&format!("{} codes", self.total())));
        sheet.rule();
        sheet.paragraph(self.0.about());
        for group in self.groups() {
            sheet.heading(group.title);
            for (code, owner) in &group.codes {
                let mark = Listed::Vendor(code).mark(paint);
                let badge = paint.dim(&format!("({})", owner.wire.badge()));
                sheet.wrapped(
                    &format!("{} {badge}", owner.name),
                    &format!("  {mark} "),
                    "      ",
                );
            }
        }
        if !self.entries().is_empty() {
            sheet.heading("With a number behind the dot");
        }
        for entry in self.entries() {
            let mark = Listed::Substatus(entry).mark(paint);
            sheet.wrapped(entry.name, &format!("  {mark} "), "      ");
        }
        sheet.finish()
    }
}

#[derive(Template)]
#[template(path = "pages/shelf.html")]
struct ShelfPage<'a> {
    frame: Frame<'a>,
    shelf: Vendor,
    groups: Vec<Group>,
    parents: Vec<(u16, usize)>,
    others: Vec<Vendor>,
    family: Option<&'static siteerror_catalog::SignalFamily>,
}

impl ShelfPage<'_> {
    fn hue(&self, code: &VendorCode) -> &'static str {
        hue_of(code.id)
    }

    fn said(&self, code: &VendorCode) -> String {
        code.said
            .iter()
            .take(3)
            .copied()
            .collect::<Vec<_>>()
            .join(" · ")
    }
}
