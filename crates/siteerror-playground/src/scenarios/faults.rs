//! Wrong answers by name: each one done, listed, and explained.

use std::fmt::Write as _;

use askama::Template;
use http::header::VARY;
use serde::Serialize;
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::faults::measured::{self, Seen};
use crate::faults::{self, Fault, GROUPS, Versions};
use crate::refusal::{Refusal, shown};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

const NAME: Parameter = Parameter::path("name", Kind::Text, "The name of the fault.");

pub(crate) static SCENARIOS: &[Scenario] = &[
    Scenario {
        id: "fault",
        path: "/fault/{name}",
        methods: Methods::Any,
        family: Family::Faults,
        title: "A wrong answer",
        about: "Breaks the answer in the one way that has this name. The bytes are the same for each request method, so with HEAD those with \
                content break one rule more. Earlier requests on the connection are answered before, and other connections and streams notice nothing.",
        parameters: &[NAME, faults::AFTER, faults::CODE, faults::PAUSE],
        example: "/fault/length-too-long",
        answers: &[200],
        media_type: "",
        source: "RFC 9112, RFC 9110, RFC 9113",
        play: Play::Wait(|call| Box::pin(fault(call))),
    },
    Scenario {
        id: "faults",
        path: "/faults",
        methods: Methods::Only(&["GET"]),
        family: Family::Faults,
        title: "All wrong answers",
        about: "Every fault with what leaves the server, the rule and where it is written, and what a right client makes of it: as JSON, as a page, or as text.",
        parameters: &[],
        example: "/faults",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(list),
    },
    Scenario {
        id: "fault-explained",
        path: "/faults/{name}",
        methods: Methods::Only(&["GET"]),
        family: Family::Faults,
        title: "One wrong answer, explained",
        about: "The words of one fault, and what real clients did when they met it.",
        parameters: &[NAME],
        example: "/faults/two-lengths-differing",
        answers: &[200],
        media_type: "application/json, text/html, text/plain",
        source: "siteerror",
        play: Play::Now(explained),
    },
];

/// The media types in which faults are explained, the preferred first.
const OFFERED: [&str; 3] = ["application/json", "text/html", "text/plain"];

/// A fault as the JSON has it.
#[derive(Serialize)]
struct Row {
    #[serde(flatten)]
    fault: &'static Fault,
    group: &'static str,
    path: String,
    /// Whether it has to be asked for over HTTP/2.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    http2: bool,
    /// Whether it has to be asked for over TLS.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    tls: bool,
}

/// The list as a page.
#[derive(Template)]
#[template(path = "faults.html")]
struct List<'a> {
    prefix: &'a str,
    groups: &'static [faults::Group],
}

/// One fault as a page.
#[derive(Template)]
#[template(path = "fault.html")]
struct One<'a> {
    prefix: &'a str,
    fault: &'static Fault,
    measured: Option<&'static str>,
    seen: &'a [Seen],
    /// Whether there are clients that cannot ask for it.
    is_partial: bool,
}

async fn fault(call: &mut Call) -> Outcome {
    let fault = find(call)?;
    faults::play(fault, call).await
}

fn list(call: &mut Call) -> Outcome {
    let prefix = call.shared.options.prefix.as_str();
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&List {
            prefix,
            groups: GROUPS,
        })?,
        Some(2) => {
            let mut text = String::new();
            for group in GROUPS {
                text.push_str(group.title);
                text.push('\n');
                for fault in group.faults {
                    let _ = writeln!(text, "  {:<26} {}", fault.name, fault.title);
                }
                text.push('\n');
            }
            let _ = writeln!(
                text,
                "{prefix}/fault/NAME does it, {prefix}/faults/NAME explains it."
            );
            Reply::ok(TEXT, text)
        }
        _ => {
            let rows: Vec<Row> = GROUPS
                .iter()
                .flat_map(|group| {
                    group
                        .faults
                        .iter()
                        .map(|fault| row(call, group.title, fault))
                })
                .collect();
            Reply::json(&json!({ "faults": rows }))
        }
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn explained(call: &mut Call) -> Outcome {
    let fault = find(call)?;
    let seen = measured::seen(fault.name);
    let prefix = call.shared.options.prefix.as_str();
    let reply = match accept::choose(&call.parts.headers, &OFFERED) {
        Some(1) => Reply::page(&One {
            prefix,
            fault,
            measured: measured::measured(),
            seen: &seen,
            is_partial: seen.len() < measured::clients(),
        })?,
        Some(2) => Reply::ok(TEXT, text(fault, &seen, prefix)),
        _ => {
            let group = GROUPS
                .iter()
                .find(|group| group.faults.iter().any(|known| known.name == fault.name))
                .map_or("", |group| group.title);
            let mut json = serde_json::to_value(row(call, group, fault))
                .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
            json["measured"] = json!(measured::measured());
            json["clients"] = json!(seen);
            Reply::json(&json)
        }
    };
    Ok(reply.fixed(VARY, "Accept"))
}

fn row(call: &Call, group: &'static str, fault: &'static Fault) -> Row {
    Row {
        fault,
        group,
        path: call.here(&format!("/fault/{}", fault.name)),
        http2: fault.versions == Versions::Two,
        tls: fault.versions == Versions::OneWithTls,
    }
}

fn text(fault: &Fault, seen: &[Seen], prefix: &str) -> String {
    let mut text = format!(
        "{}\n\n{}\n\nRule: {} ({})\n{}: {}\nTry: {} {prefix}/fault/{} over {}\n",
        fault.title,
        fault.about,
        fault.rule,
        fault.source,
        fault.verdict(),
        fault.client,
        fault.method,
        fault.name,
        fault.versions_label(),
    );
    if !seen.is_empty() {
        text.push('\n');
    }
    for seen in seen {
        let _ = writeln!(text, "{seen}");
    }
    text
}

/// The fault that the path names.
fn find(call: &Call) -> Result<&'static Fault, Refusal> {
    let name = call.path("name");
    faults::find(name).ok_or_else(|| {
        let list = call.here("/faults");
        let alike = faults::alike(name);
        let hint = if alike.is_empty() {
            format!("{list} lists all that there are")
        } else {
            format!("did you mean {}? {list} lists all", alike.join(", "))
        };
        Refusal::new(
            "not-found",
            404,
            format!("no fault has the name `{}`", shown(name)),
        )
        .hint(hint)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_of_clients_are_text_on_the_page() {
        let seen = [Seen {
            client: "a client",
            version: "1",
            verdict: "refused",
            means: "an error",
            status: Some(200),
            content_bytes: None,
            error_kind: Some("Bad"),
            error_text: Some("<script>alert(1)</script>"),
            interims: &[],
        }];
        let fault = faults::find("obs-fold").expect("it is in the table");
        let page = One {
            prefix: "/play",
            fault,
            measured: Some("2026-11-24"),
            seen: &seen,
            is_partial: false,
        };
        let html = page.render().expect("it can be rendered");
        assert!(html.contains("<code>one two</code>"), "{html}");
        assert!(
            html.contains("an error, after the status 200") && html.contains("2026-11-24"),
            "{html}"
        );
        assert!(
            html.contains("alert(1)") && !html.contains("<script"),
            "{html}"
        );
    }
}
