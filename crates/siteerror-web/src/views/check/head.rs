//! Heads as they came, line by line, with the lines that findings point at. Secrets are masked, and bodies are not here at all.

use siteerror_catalog::Class;
use siteerror_check::{Hop, Report};
use siteerror_guard::show::mask_field;
use siteerror_lint::Finding;
use siteerror_wire::ResponseHead;
use siteerror_wire::write::Shown;

use crate::views::hue;

/// A line of a head.
#[derive(Debug)]
pub(in crate::views) struct Line {
    /// The name with its colon; empty for a status line and for what names no field.
    pub(in crate::views) name: String,
    pub(in crate::views) rest: String,
    pub(in crate::views) is_status: bool,
    /// The rules that point at it.
    pub(in crate::views) rules: Vec<&'static str>,
}

/// A head with its place in the chain.
#[derive(Debug)]
pub(in crate::views) struct Raw {
    pub(in crate::views) id: String,
    pub(in crate::views) label: String,
    pub(in crate::views) hue: &'static str,
    pub(in crate::views) lines: Vec<Line>,
}

/// The heads of a report, and the last request.
pub(super) fn raws(report: &Report, id: usize) -> Vec<Raw> {
    let mut raws = Vec::new();
    for (index, hop) in report.hops.iter().enumerate() {
        let Some(exchange) = &hop.exchange else {
            continue;
        };
        let number = index + 1;
        let findings: Vec<&Finding> = report
            .findings
            .iter()
            .filter(|finding| finding.hop == index)
            .collect();
        let mut lines = Vec::new();
        for interim in &exchange.received.interims {
            lines.extend(response(&interim.head, &findings));
            lines.push(gap());
        }
        if let Some(last) = &exchange.received.response {
            lines.extend(response(&last.head, &findings));
        }
        while lines
            .last()
            .is_some_and(|line| line.name.is_empty() && line.rest.is_empty())
        {
            lines.pop();
        }
        if !lines.is_empty() {
            raws.push(Raw {
                id: format!("raw-{id}-{number}"),
                label: format!("Response {number}, head as received"),
                hue: hop.status().and_then(Class::of).map_or("5", hue),
                lines,
            });
        }
    }
    if let Some((index, hop)) = report
        .hops
        .iter()
        .enumerate()
        .rev()
        .find(|(_, hop)| hop.exchange.is_some())
    {
        raws.push(Raw {
            id: format!("sent-{id}"),
            label: format!("Request {}, as sent", index + 1),
            hue: "",
            lines: request(hop),
        });
    }
    raws
}

fn gap() -> Line {
    Line {
        name: String::new(),
        rest: String::new(),
        is_status: false,
        rules: Vec::new(),
    }
}

/// The request that a hop sent.
fn request(hop: &Hop) -> Vec<Line> {
    let Some(exchange) = &hop.exchange else {
        return Vec::new();
    };
    let head = &exchange.request.head;
    let start = first(head.start_line(), Vec::new());
    let fields = head.fields().iter().map(|(name, value)| Line {
        name: format!("{}:", Shown(name)),
        rest: format!(" {}", masked(name, &value)),
        is_status: false,
        rules: Vec::new(),
    });
    std::iter::once(start).chain(fields).collect()
}

/// A head that came.
fn response(head: &ResponseHead, findings: &[&Finding]) -> Vec<Line> {
    let rules = |from: u64, bytes: usize| -> Vec<&'static str> {
        let to = from.saturating_add(u64::try_from(bytes).unwrap_or(u64::MAX));
        let mut rules: Vec<&'static str> = findings
            .iter()
            .filter(|finding| {
                finding.place.bytes.as_ref().is_some_and(|place| {
                    // A place may be empty: between two bytes.
                    place.start < to
                        && (place.end > from || (place.is_empty() && place.start >= from))
                })
            })
            .map(|finding| finding.rule.id)
            .collect();
        rules.dedup();
        rules
    };
    let start = head.start_line();
    let mut lines = vec![first(start, rules(head.offset(), start.len()))];
    for line in head.fields().lines() {
        let bytes = line.as_bytes();
        let rules = rules(line.offset(), bytes.len());
        let (name, rest) = match line.name() {
            Some(name)
                if mask_field(&String::from_utf8_lossy(name), "\u{0}=\u{0}") != "\u{0}=\u{0}" =>
            {
                (
                    format!("{}:", Shown(name)),
                    format!(" {}", masked(name, &line.value())),
                )
            }
            Some(name) if bytes.starts_with(name) => {
                // As it came, up to its end; what stands between name and value too.
                let rest = trimmed(bytes.get(name.len()..).unwrap_or_default());
                let (space, rest) = match rest.strip_prefix(b":") {
                    Some(rest) => ("", rest),
                    None => (" ", rest),
                };
                if space.is_empty() {
                    (format!("{}:", Shown(name)), Shown(rest).to_string())
                } else {
                    (Shown(name).to_string(), Shown(rest).to_string())
                }
            }
            _ => (String::new(), Shown(trimmed(bytes)).to_string()),
        };
        lines.push(Line {
            name,
            rest,
            is_status: false,
            rules,
        });
    }
    lines
}

fn first(line: &[u8], rules: Vec<&'static str>) -> Line {
    Line {
        name: String::new(),
        rest: Shown(trimmed(line)).to_string(),
        is_status: true,
        rules,
    }
}

fn masked(name: &[u8], value: &[u8]) -> String {
    let shown = Shown(value).to_string();
    mask_field(&String::from_utf8_lossy(name), &shown).into_owned()
}

/// Without the end that a line should have; another end stays and shows.
fn trimmed(line: &[u8]) -> &[u8] {
    line.strip_suffix(b"\r\n").unwrap_or(line)
}
