//! The page of a code that vendors use.

mod text;

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Happening, Owner, Sample, Substatus, Text, Vendor, VendorCode, catalog};

use super::code::wire::Wire;
use super::listed::{Listed, hue_of};
use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, blocks, inline};
use crate::site::Chrome;
use crate::terminal::Paint;

/// A code of a vendor's shelf.
#[derive(Debug)]
pub struct VendorView(pub &'static VendorCode);

impl VendorView {
    fn comparisons(&self) -> impl Iterator<Item = (Listed, Text)> {
        let compare = self.0.compare.iter();
        compare.filter_map(|one| Some((Listed::find(one.id)?, one.how)))
    }

    /// Other meanings of the number that are not compared anyway.
    fn namesakes(&self) -> Vec<Listed> {
        let compared = |listed: &Listed| self.0.compare.iter().all(|one| one.id != listed.id());
        let ids = catalog().namesakes(self.0.id);
        ids.into_iter()
            .filter_map(Listed::find)
            .filter(compared)
            .collect()
    }

    /// The entries with a number behind the dot, on the shelf of IIS.
    fn entries(&self) -> Vec<&'static Substatus> {
        let number = self.0.id.number();
        let entries = catalog().substatus_of(number);
        entries
            .filter(|entry| entry.id.vendor() == self.0.id.vendor())
            .collect()
    }
}

/// The endpoint of the playground that behaves as the vendor does, if it has one.
fn played(code: &VendorCode) -> Option<String> {
    let shelf = code.id.vendor()?.slug();
    let number = code.id.number().to_string();
    let vendor = siteerror_playground::Vendor::ALL
        .iter()
        .find(|vendor| vendor.word() == shelf)?;
    let has_it = vendor.codes().iter().any(|played| played.code == number);
    has_it.then(|| format!("{}/vendor/{shelf}/{number}", crate::routes::PLAY))
}

/// An owner with what its part of the page shows.
struct OwnerPart {
    owner: &'static Owner,
    anchor: String,
    card: Wire,
    is_log: bool,
    /// Whether the card stands beside the head of the page already.
    is_shown: bool,
}

impl OwnerPart {
    fn new(code: &VendorCode, owner: &'static Owner, index: usize) -> Self {
        let anchor = owner.anchor();
        let (label, message, is_log) = match owner.example {
            Sample::Log(lines) => (
                format!("{} in the log of {}", code.id.number(), owner.title),
                lines,
                true,
            ),
            Sample::Response(message) => (
                format!("{} as {} sends it", code.id.number(), owner.title),
                message,
                false,
            ),
            _ => (String::new(), "", true),
        };
        Self {
            card: Wire::bare(&format!("of-{anchor}"), &label, message),
            owner,
            anchor,
            is_log,
            is_shown: index == 0,
        }
    }
}

impl View for VendorView {
    fn html(&self, chrome: &Chrome) -> String {
        let code = self.0;
        let (previous, next) = catalog().shelf_neighbours(code.id);
        let owners = code.owners.iter().enumerate();
        let vendor = code.id.vendor().unwrap_or(Vendor::Other);
        let page = VendorPage {
            frame: Frame {
                chrome,
                title: format!("{} {}: who sends it and what to do", code.id, code.name),
                description: format!("{} {}: {}", code.id, code.name, code.summary),
                path: Some(code.id.path()),
                hue: hue_of(code.id),
                listed: true,
            },
            code,
            shelf: vendor,
            owners: owners
                .map(|(index, owner)| OwnerPart::new(code, owner, index))
                .collect(),
            compare: self
                .comparisons()
                .map(|(other, how)| (other, inline(how)))
                .collect(),
            namesakes: self.namesakes(),
            entries: self.entries(),
            happening: code.happening().filter(|_| chrome.has_playground),
            played: played(code).filter(|_| chrome.has_playground),
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
        let mut out = format!(
            "# {} {} {}\n\n{}\n\n",
            code.emoji, code.id, code.name, code.summary
        );
        for owner in code.owners {
            owner_markdown(&mut out, owner);
        }
        let entries = self.entries();
        if !entries.is_empty() {
            out.push_str("## With a number behind the dot\n\n");
            for entry in entries {
                let _ = writeln!(out, "- [{}]({}) {}", entry.id, entry.id.path(), entry.name);
            }
            out.push('\n');
        }
        part(&mut out, "What it means", code.meaning);
        part(&mut out, "Definition", code.definition);
        part(&mut out, "In plain English", code.plain_english);
        part(&mut out, "Often misread", code.misinterpretation);
        list(&mut out, "## If you call the server", code.fixes.caller);
        list(&mut out, "## If you run the server", code.fixes.operator);
        if let Some(happening) = code.happening() {
            let _ = writeln!(
                out,
                "## Make it happen\n\n`{}` in the [playground]({}).\n",
                happening.path, happening.builder
            );
        }
        out.push_str("## Questions people ask\n\n");
        for one in code.faq {
            let _ = writeln!(
                out,
                "### {}\n\n{}\n",
                one.question.markdown(),
                one.answer.markdown()
            );
        }
        out.push_str("## Easily confused with\n\n");
        for (other, how) in self.comparisons() {
            let (id, title) = (other.id(), other.title());
            let _ = writeln!(out, "- [{id} {title}]({}): {}", id.path(), how.markdown());
        }
        for other in self.namesakes() {
            let id = other.id();
            let _ = writeln!(
                out,
                "- [{id} {}]({}), the same number",
                other.title(),
                id.path()
            );
        }
        out.push_str("\n## Sources\n\n");
        for source in code.sources() {
            let _ = writeln!(out, "- [{}]({})", source.title, source.url);
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        self.text_at(paint, super::Depth::Whole)
    }
}

fn part(out: &mut String, title: &str, text: Text) {
    let _ = writeln!(out, "## {title}\n\n{}\n", text.markdown());
}

fn list(out: &mut String, title: &str, items: &[Text]) {
    let _ = writeln!(out, "{title}\n");
    for item in items {
        let _ = writeln!(out, "- {}", item.markdown());
    }
    out.push('\n');
}

fn owner_markdown(out: &mut String, owner: &Owner) {
    let _ = writeln!(
        out,
        "## {}: {} ({})\n\n{}\n",
        owner.title,
        owner.name,
        owner.wire.badge(),
        owner.seen.markdown()
    );
    let (kind, example) = match owner.example {
        Sample::Response(message) => ("http", message.replace("\r\n", "\n")),
        Sample::Log(lines) => ("log", lines.to_owned()),
        _ => ("text", String::new()),
    };
    let _ = writeln!(out, "```{kind}\n{}\n```\n", example.trim_end());
    list(out, "### Common causes", owner.causes);
    out.push_str("### What to check, in order\n\n");
    for (index, step) in owner.check.iter().enumerate() {
        let _ = writeln!(out, "{}. {}", index + 1, step.markdown());
    }
    let _ = writeln!(
        out,
        "\n### Where it is recorded\n\n{}\n",
        owner.recorded.markdown()
    );
    if !owner.settings.is_empty() {
        out.push_str("### Settings that change it\n\n| setting | default | effect | as of |\n| --- | --- | --- | --- |\n");
        for setting in owner.settings {
            let default = if setting.default.is_empty() {
                "unknown".to_owned()
            } else {
                format!("`{}`", setting.default)
            };
            let _ = writeln!(
                out,
                "| [`{}`]({}) | {default} | {} | {} |",
                setting.name,
                setting.source,
                setting.effect.markdown(),
                setting.as_of
            );
        }
        out.push('\n');
    }
    if let Some(measured) = owner.measured {
        let _ = writeln!(out, "### Measured\n\n{}\n", measured.markdown());
    }
    if let Some(unverified) = owner.unverified {
        let _ = writeln!(
            out,
            "> **Not verified.** {}\n",
            unverified.markdown().replace('\n', "\n> ")
        );
    }
}

#[derive(Template)]
#[template(path = "pages/vendor.html")]
struct VendorPage<'a> {
    frame: Frame<'a>,
    code: &'static VendorCode,
    shelf: Vendor,
    owners: Vec<OwnerPart>,
    compare: Vec<(Listed, SafeHtml)>,
    namesakes: Vec<Listed>,
    entries: Vec<&'static Substatus>,
    happening: Option<Happening>,
    /// Where the playground behaves as the vendor does.
    played: Option<String>,
    previous: Option<&'static VendorCode>,
    next: Option<&'static VendorCode>,
}

impl VendorPage<'_> {
    fn blocks(&self, text: &Text) -> SafeHtml {
        blocks(*text)
    }

    fn inline(&self, text: &Text) -> SafeHtml {
        inline(*text)
    }

    fn summary(&self) -> String {
        crate::markdown::quotes(self.code.summary)
    }

    /// The number alone: the shelf is said above it.
    fn number(&self) -> u16 {
        self.code.id.number()
    }
}
