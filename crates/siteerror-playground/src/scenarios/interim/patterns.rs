//! Patterns of interim responses that clients really meet: what leaves, what the rule is, and what the callers of real clients got of it.

use std::fmt::Write as _;

use askama::Template;
use http::header::VARY;
use serde::Serialize;
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::faults::measured::{self, Seen};
use crate::refusal::{Refusal, shown};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

pub(super) const LIST: Scenario = Scenario {
    id: "interims",
    path: "/interims",
    methods: Methods::Only(&["GET"]),
    family: Family::Interim,
    title: "What clients make of interim responses",
    about: "A few patterns of 1xx with what real clients hand to their callers: all of it, the final response alone, or an interim response taken for the final one.",
    parameters: &[],
    example: "/interims",
    answers: &[200],
    media_type: "application/json, text/html, text/plain",
    source: "siteerror",
    play: Play::Now(list),
};

pub(super) const ONE: Scenario = Scenario {
    id: "interims-explained",
    path: "/interims/{name}",
    methods: Methods::Only(&["GET"]),
    family: Family::Interim,
    title: "One pattern of interim responses, explained",
    about: "What leaves and what the rule is, client by client with versions and with their own words where they gave an error.",
    parameters: &[Parameter::path(
        "name",
        Kind::Text,
        "The name of the pattern.",
    )],
    example: "/interims/unasked-100",
    answers: &[200],
    media_type: "application/json, text/html, text/plain",
    source: "siteerror",
    play: Play::Now(explained),
};

/// A pattern that was measured. `tests/clients/interims.json` has the same names and paths.
#[derive(Debug, Serialize)]
struct Pattern {
    /// The stable name.
    name: &'static str,
    title: &'static str,
    /// What leaves the server.
    about: &'static str,
    rule: &'static str,
    source: &'static str,
    /// Path below the prefix.
    #[serde(skip)]
    path: &'static str,
    /// The codes before the 200.
    sent: &'static [u16],
}

static PATTERNS: &[Pattern] = &[
    Pattern {
        name: "one-103",
        title: "One 103",
        about: "A 103 (Early Hints), and the 200 right behind it.",
        rule: "A client MUST be able to parse interim responses that it does not expect, and may act on these hints while it waits. They are no fields of the final response.",
        source: "RFC 9110 §15.2, RFC 8297 §2",
        path: "/interim/103@0/200",
        sent: &[103],
    },
    Pattern {
        name: "two-103",
        title: "Two of 103, with a pause between them",
        about: "A 103, another one after 200 ms, and then the 200.",
        rule: "A server MAY send a 103 each time that it learns more. The second one completes the first, and ends nothing.",
        source: "RFC 8297 §2",
        path: "/interim/103@0,103@200/200",
        sent: &[103, 103],
    },
    Pattern {
        name: "three-102",
        title: "A 102 every 200 ms",
        about: "Three of 102 (Processing), 200 ms apart, as a slow server sends them to show that it is still at work.",
        rule: "A 102 says that the whole request has arrived and is being worked on. A client may wait longer for that, and need not show it to anybody.",
        source: "RFC 2518 §10.1",
        path: "/interim/102@0,102@200,102@400/200",
        sent: &[102, 102, 102],
    },
    Pattern {
        name: "unasked-100",
        title: "A 100 that nobody asked for",
        about: "A 100 (Continue) in answer to a GET without Expect, and then the 200. Some servers send it to everybody.",
        rule: "Nothing waits to be continued here, so the interim response can be thrown away; it must not be taken for an error.",
        source: "RFC 9110 §15.2.1",
        path: "/interim/100@0/200",
        sent: &[100],
    },
    Pattern {
        name: "unknown-199",
        title: "A 199, which has no meaning",
        about: "An interim response with a code that nobody has registered, and then the 200.",
        rule: "The class is known by its first digit, so an unknown 1xx is treated as a 100: discarded, with the final response still to come.",
        source: "RFC 9110 §15",
        path: "/interim/199@0/200",
        sent: &[199],
    },
    Pattern {
        name: "mixed",
        title: "Four kinds in a row",
        about: "100, 102, 103 and 199, with 100 ms from one to the next, and then the 200.",
        rule: "However many there are and of whatever kinds, exactly one final response follows them, and it is the answer.",
        source: "RFC 9110 §15.2",
        path: "/interim/100@0,102@100,103@200,199@300/200",
        sent: &[100, 102, 103, 199],
    },
];

/// The media types in which they come, the preferred first.
const OFFERED: [&str; 3] = ["application/json", "text/html", "text/plain"];

/// A pattern with what came of it.
struct Shown {
    pattern: &'static Pattern,
    seen: Vec<Seen>,
}

/// Clients whose callers got the same.
struct Alike {
    means: &'static str,
    clients: String,
}

/// All patterns as a page.
#[derive(Template)]
#[template(path = "interims.html")]
struct List<'a> {
    prefix: &'a str,
    patterns: Vec<Shown>,
    measured: Option<&'static str>,
}

/// One pattern as a page.
#[derive(Template)]
#[template(path = "interims-one.html")]
struct One<'a> {
    prefix: &'a str,
    shown: Shown,
    measured: Option<&'static str>,
}

impl Pattern {
    fn shown(&'static self) -> Shown {
        Shown {
            pattern: self,
            seen: measured::seen_of_interims(self.name),
        }
    }
}

impl Shown {
    /// The clients by what their callers get, in the order in which that was first seen.
    fn alike(&self) -> Vec<Alike> {
        let mut groups: Vec<Alike> = Vec::new();
        for seen in &self.seen {
            match groups.iter_mut().find(|group| group.means == seen.means) {
                Some(group) => {
                    // A comma would not do: one of them is called "Chromium, opening a page".
                    group.clients.push_str("; ");
                    group.clients.push_str(seen.client);
                }
                None => groups.push(Alike {
                    means: seen.means,
                    clients: seen.client.to_owned(),
                }),
            }
        }
        groups
    }

    fn json(&self, call: &Call) -> Result<serde_json::Value, Refusal> {
        let mut json = serde_json::to_value(self.pattern)
            .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
        json["path"] = call.here(self.pattern.path).into();
        json["clients"] = json!(self.seen);
        Ok(json)
    }
}

fn list(call: &mut Call) -> Outcome {
    let prefix = call.shared.options.prefix.as_str();
    let patterns: Vec<Shown> = PATTERNS.iter().map(Pattern::shown).collect();
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&List {
            prefix,
            patterns,
            measured: measured::measured(),
        })?,
        Some(2) => {
            let mut text = String::new();
            for shown in &patterns {
                let pattern = shown.pattern;
                let _ = writeln!(text, "{}\n  GET {prefix}{}", pattern.title, pattern.path);
                for group in shown.alike() {
                    let _ = writeln!(text, "  {}: {}", group.means, group.clients);
                }
                text.push('\n');
            }
            let _ = writeln!(text, "{prefix}/interims/NAME explains one:");
            for pattern in PATTERNS {
                let _ = writeln!(text, "  {}", pattern.name);
            }
            Reply::ok(TEXT, text)
        }
        _ => {
            let rows: Vec<_> = patterns
                .iter()
                .map(|shown| shown.json(call))
                .collect::<Result<_, _>>()?;
            Reply::json(&json!({ "measured": measured::measured(), "interims": rows }))
        }
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn explained(call: &mut Call) -> Outcome {
    let shown = find(call)?.shown();
    let prefix = call.shared.options.prefix.as_str();
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&One {
            prefix,
            shown,
            measured: measured::measured(),
        })?,
        Some(2) => {
            let Pattern {
                title,
                about,
                rule,
                source,
                path,
                ..
            } = shown.pattern;
            let mut text = format!(
                "{title}\n\n{about}\n\nRule: {rule} ({source})\nTry: GET {prefix}{path}\n\n"
            );
            for seen in &shown.seen {
                let _ = writeln!(text, "{seen}");
            }
            Reply::ok(TEXT, text)
        }
        _ => {
            let mut json = shown.json(call)?;
            json["measured"] = json!(measured::measured());
            Reply::json(&json)
        }
    };
    Ok(reply.fixed(VARY, "Accept"))
}

/// The pattern that the path names.
fn find(call: &Call) -> Result<&'static Pattern, Refusal> {
    let name = call.path("name");
    PATTERNS
        .iter()
        .find(|pattern| pattern.name == name)
        .ok_or_else(|| {
            let names: Vec<&str> = PATTERNS.iter().map(|pattern| pattern.name).collect();
            Refusal::new(
                "not-found",
                404,
                format!("no pattern has the name `{}`", shown(name)),
            )
            .hint(format!("there are {}", names.join(", ")))
        })
}
