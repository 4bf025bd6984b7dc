//! Faults as proxies report them: one matrix, and a section a fault.

use std::fmt::Write as _;

use askama::Template;
use siteerror_catalog::{Class, FaultCell, ProxyFault, Text, catalog};

use super::signals::{Linked, linked};
use super::{Frame, View, pretty};
use crate::markdown::{SafeHtml, inline};
use crate::routes;
use crate::site::Chrome;
use crate::terminal::{Paint, Sheet};

/// All faults.
#[derive(Debug)]
pub struct FaultsView;

/// The proxies that were measured, in the order in which they first come.
fn proxies() -> Vec<&'static str> {
    let mut proxies: Vec<&'static str> = Vec::new();
    for cell in catalog()
        .proxy_faults()
        .iter()
        .flat_map(|fault| fault.cells)
    {
        if cell.measured && !proxies.contains(&cell.proxy) {
            proxies.push(cell.proxy);
        }
    }
    proxies
}

/// The hue of what a client gets: that of the first status in it.
fn hue(sent: &str) -> &'static str {
    let words = sent.split(|c: char| !c.is_ascii_alphanumeric());
    let number = words
        .filter(|word| word.len() == 3)
        .find_map(|word| word.parse().ok());
    number.and_then(Class::of).map_or("", super::hue)
}

impl View for FaultsView {
    fn html(&self, chrome: &Chrome) -> String {
        let page = FaultsPage {
            frame: Frame {
                chrome,
                title: "The same fault through every proxy".to_owned(),
                description: "What nginx, HAProxy, Apache, Caddy, Varnish and others send and log when something breaks behind or before them.".to_owned(),
                path: Some(routes::FAULTS.to_owned()),
                hue: "",
                listed: true,
            },
            proxies: proxies(),
            faults: catalog().proxy_faults(),
        };
        page.render().expect("a template writes to memory")
    }

    fn json(&self) -> String {
        pretty(&catalog().proxy_faults())
    }

    fn markdown(&self) -> String {
        let proxies = proxies();
        let mut out = String::from("# The same fault through every proxy\n\n| fault |");
        for proxy in &proxies {
            let _ = write!(out, " {proxy} |");
        }
        out.push_str("\n| --- |");
        out.push_str(&" --- |".repeat(proxies.len()));
        out.push('\n');
        for fault in catalog().proxy_faults() {
            let _ = write!(out, "| {} {} |", fault.emoji, fault.title);
            for proxy in &proxies {
                match cell(fault, proxy) {
                    Some(cell) => {
                        let _ = write!(out, " {} / {} |", cell.sent, cell.logged);
                    }
                    None => out.push_str(" |"),
                }
            }
            out.push('\n');
        }
        for fault in catalog().proxy_faults() {
            let _ = write!(
                out,
                "\n## {}\n\n{}\n\n{}\n\n{}\n\n",
                fault.title,
                fault.summary.markdown(),
                fault.client.markdown(),
                fault.tell.markdown()
            );
            for mend in fault.mend {
                let _ = writeln!(out, "- {}", mend.markdown());
            }
            out.push('\n');
            for cell in fault.cells {
                let note = cell.note.map(|note| format!(". {}", note.markdown()));
                let _ = writeln!(
                    out,
                    "- {} ({}): {} / {}{}",
                    cell.proxy,
                    if cell.measured {
                        "measured"
                    } else {
                        "documented"
                    },
                    cell.sent,
                    cell.logged,
                    note.unwrap_or_default()
                );
            }
        }
        out
    }

    fn text(&self, paint: Paint) -> String {
        let mut sheet = Sheet::new(paint, None);
        let paint = sheet.paint;
        let head = paint.bold("The same fault through every proxy");
        sheet.ends(&head, &paint.dim("sent / logged"));
        sheet.rule();
        for fault in catalog().proxy_faults() {
            sheet.heading(fault.title);
            sheet.text(fault.summary);
            sheet.gap();
            for cell in fault.cells {
                let mark = if cell.measured { "" } else { " (documented)" };
                let words = format!("{} / {}{mark}", cell.sent, cell.logged);
                sheet.wrapped(&words, &format!("  {}: ", cell.proxy), "      ");
                if let Some(note) = cell.note {
                    sheet.item(note, "      ", "      ");
                }
            }
            sheet.gap();
            sheet.text(fault.tell);
            sheet.gap();
            sheet.items(fault.mend);
        }
        sheet.finish()
    }
}

/// What a proxy that was measured makes of a fault.
fn cell(fault: &ProxyFault, proxy: &str) -> Option<&'static FaultCell> {
    let same = |cell: &&FaultCell| cell.proxy == proxy && cell.measured;
    fault.cells.iter().find(same)
}

#[derive(Template)]
#[template(path = "pages/faults.html")]
struct FaultsPage<'a> {
    frame: Frame<'a>,
    proxies: Vec<&'static str>,
    faults: &'static [ProxyFault],
}

impl FaultsPage<'_> {
    fn row(&self, fault: &ProxyFault) -> Vec<Option<&'static FaultCell>> {
        self.proxies
            .iter()
            .map(|proxy| cell(fault, proxy))
            .collect()
    }

    /// Name and version of a proxy, apart.
    fn split(&self, proxy: &'static str) -> (&'static str, &'static str) {
        let at = proxy
            .find(|c: char| c.is_ascii_digit())
            .unwrap_or(proxy.len());
        let (name, version) = proxy.split_at(at);
        (name.trim_end(), version)
    }

    fn hue(&self, cell: &FaultCell) -> &'static str {
        hue(cell.sent)
    }

    fn linked(&self, words: &str) -> Vec<Linked> {
        linked(words)
    }

    /// What a log shows, with its words of a family leading to their entries.
    fn logged(&self, cell: &FaultCell) -> Vec<Linked> {
        let proxy = cell.proxy.split([' ', '/']).next().unwrap_or_default();
        let mut pieces: Vec<Linked> = Vec::new();
        for (index, word) in cell.logged.split(' ').enumerate() {
            if index > 0 {
                pieces.push((" ".to_owned(), None));
            }
            let bare = word.trim_matches([',', ';', '(', ')']);
            let is_code = bare.len() == 3 && bare.bytes().all(|byte| byte.is_ascii_digit());
            let is_key = bare.len() > 1
                && !is_code
                && bare.chars().any(|c| c.is_ascii_uppercase() || c == '-');
            let signal = catalog()
                .signal(&format!("{proxy}/{bare}"))
                .filter(|_| is_key);
            match signal {
                Some(signal) => pieces.push((word.to_owned(), Some(signal.href()))),
                None => pieces.extend(linked(word)),
            }
        }
        pieces
    }

    fn inline(&self, text: &Text) -> SafeHtml {
        inline(*text)
    }
}
