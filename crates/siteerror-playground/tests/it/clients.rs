//! The measurement of real clients: whole, in words that are known, and shown on the page of each fault.

use std::collections::BTreeSet;

use serde_json::{Map, Value};
use siteerror_playground::{Versions, faults};

use crate::ask::{get, playground, send};

/// The clients that can ask with HTTP/2 without TLS: the others negotiate it in TLS only, or do not speak it.
const OVER_HTTP2: [&str; 4] = ["curl", "python-httpx", "go", "reqwest"];

/// The client that can only ask with GET: an address that somebody opens.
const ONLY_GET: &str = "chromium-page";

/// What a caller can get of a fault, as `tests/clients/README.md` has it. There, `varies` is a word too; what varies is not committed.
const VERDICTS: [&str; 7] = [
    "refused",
    "accepted",
    "accepted-cut",
    "undecoded",
    "misread",
    "timeout",
    "correct",
];

/// The same for interim responses.
const INTERIM_VERDICTS: [&str; 6] = [
    "shown",
    "shown-part",
    "hidden",
    "misread",
    "refused",
    "timeout",
];

fn measurement() -> Value {
    serde_json::from_str(include_str!("../../content/clients.json")).expect("it is JSON")
}

fn ids(measurement: &Value) -> Vec<&str> {
    measurement["clients"]
        .as_array()
        .expect("it is a list")
        .iter()
        .map(|client| client["id"].as_str().expect("it has an id"))
        .collect()
}

fn rows<'a>(measurement: &'a Value, table: &str) -> &'a Map<String, Value> {
    measurement[table].as_object().expect("it is a table")
}

#[test]
fn the_measurement_says_when_and_with_which_versions() {
    let measurement = measurement();
    let day = measurement["measured"].as_str().expect("there is a day");
    day.parse::<jiff::civil::Date>().expect("it is a date");
    let clients = measurement["clients"].as_array().expect("it is a list");
    assert_eq!(clients.len(), 10);
    assert_eq!(
        ids(&measurement).into_iter().collect::<BTreeSet<_>>().len(),
        10
    );
    for client in clients {
        assert!(client["name"].as_str().is_some_and(|name| !name.is_empty()));
        let version = client["version"].as_str().expect("it has a version");
        assert!(
            version.starts_with(|first: char| first.is_ascii_digit()),
            "{version}"
        );
    }
}

#[test]
fn every_fault_was_tried_with_every_client_that_can_ask_for_it() {
    let measurement = measurement();
    let found = rows(&measurement, "faults");
    // The clients ask in cleartext; their libraries of TLS are another matter.
    let in_cleartext = || faults().filter(|fault| fault.versions != Versions::OneWithTls);
    let names: BTreeSet<&str> = in_cleartext().map(|fault| fault.name).collect();
    assert_eq!(
        found.keys().map(String::as_str).collect::<BTreeSet<_>>(),
        names
    );
    for fault in in_cleartext() {
        let expected: BTreeSet<&str> = ids(&measurement)
            .into_iter()
            .filter(|id| fault.versions != Versions::Two || OVER_HTTP2.contains(id))
            .filter(|id| fault.method == "GET" || *id != ONLY_GET)
            .collect();
        let row = found[fault.name].as_object().expect("it is a table");
        let tried: BTreeSet<&str> = row.keys().map(String::as_str).collect();
        assert_eq!(tried, expected, "{}", fault.name);
    }
}

#[test]
fn every_verdict_is_a_word_that_is_known_and_every_run_agreed() {
    let measurement = measurement();
    for (table, known) in [("faults", &VERDICTS[..]), ("interims", &INTERIM_VERDICTS)] {
        for (name, row) in rows(&measurement, table) {
            for (client, finding) in row.as_object().expect("it is a table") {
                let verdict = finding["verdict"].as_str().expect("it is a word");
                assert!(known.contains(&verdict), "{client} on {name}: {verdict}");
                assert!(finding.get("varies").is_none(), "{client} on {name}");
            }
        }
    }
}

#[test]
fn every_client_was_tried_with_the_interim_responses() {
    let measurement = measurement();
    let chains: Value =
        serde_json::from_str(include_str!("../../../../tests/clients/interims.json"))
            .expect("it is JSON");
    let chains = chains.as_array().expect("it is a list");
    let found = rows(&measurement, "interims");
    assert_eq!(found.len(), chains.len());
    for chain in chains {
        let name = chain["name"].as_str().expect("it has a name");
        let row = found[name].as_object().expect("it is a table");
        assert_eq!(row.len(), ids(&measurement).len(), "{name}");
    }
}

#[tokio::test]
async fn each_page_shows_what_each_client_did_in_every_form() {
    let measurement = measurement();
    let playground = playground().await;
    for (fault, words) in [
        // Each word of this library's own error; HTML escapes nothing in them.
        ("length-too-long", "transfer closed with"),
        ("h2-reset", "INTERNAL_ERROR"),
    ] {
        let path = format!("/faults/{fault}");
        let row = &measurement["faults"][fault];
        let json = get(&playground, &path).await.json();
        assert_eq!(json["measured"], measurement["measured"]);
        let shown = json["clients"].as_array().expect("it is a list");
        assert_eq!(shown.len(), row.as_object().expect("it is a table").len());
        for accept in ["text/html", "text/plain"] {
            let accept = format!("Accept: {accept}");
            let text = send(&playground, &format!("GET {path}"), &[&accept], &[])
                .await
                .text();
            assert!(text.contains(words), "{text}");
            for client in shown {
                for key in ["client", "version", "means"] {
                    let word = client[key].as_str().expect("it is text");
                    assert!(text.contains(word), "{fault}, {accept}: {word}");
                }
            }
        }
    }
}

#[tokio::test]
async fn each_pattern_of_interim_responses_is_shown_with_what_came_of_it() {
    let measurement = measurement();
    let patterns: Value =
        serde_json::from_str(include_str!("../../../../tests/clients/interims.json"))
            .expect("it is JSON");
    let patterns = patterns.as_array().expect("it is a list");
    let playground = playground().await;
    let list = get(&playground, "/interims").await.json();
    assert_eq!(list["measured"], measurement["measured"]);
    let listed = list["interims"].as_array().expect("it is a list");
    assert_eq!(listed.len(), patterns.len());
    for (pattern, listed) in patterns.iter().zip(listed) {
        for key in ["name", "path", "sent"] {
            assert_eq!(pattern[key], listed[key]);
        }
        let name = pattern["name"].as_str().expect("it has a name");
        let found = measurement["interims"][name]
            .as_object()
            .expect("it is a table");
        let one = get(&playground, &format!("/interims/{name}")).await.json();
        assert_eq!(one["clients"], listed["clients"]);
        let clients = one["clients"].as_array().expect("it is a list");
        assert_eq!(clients.len(), found.len());
        for (client, id) in clients.iter().zip(ids(&measurement)) {
            assert_eq!(client["verdict"], found[id]["verdict"], "{name}: {id}");
        }
        for accept in ["text/html", "text/plain"] {
            let accept = format!("Accept: {accept}");
            for target in ["/interims".to_owned(), format!("/interims/{name}")] {
                let answer = send(&playground, &format!("GET {target}"), &[&accept], &[]).await;
                assert_eq!(answer.field("vary"), "Accept");
                let text = answer.text();
                assert!(text.contains(pattern["path"].as_str().expect("it is text")));
                for client in clients {
                    for key in ["client", "means"] {
                        let word = client[key].as_str().expect("it is text");
                        assert!(text.contains(word), "{target}, {accept}: {word}");
                    }
                }
            }
        }
    }
}

#[tokio::test]
async fn an_unknown_pattern_is_answered_with_those_that_there_are() {
    let playground = playground().await;
    let answer = get(&playground, "/interims/one-104").await;
    assert_eq!(answer.status, 404);
    let problem = answer.json();
    let hint = problem["hint"].as_str().expect("there is one");
    assert!(
        hint.contains("one-103") && hint.contains("unasked-100"),
        "{hint}"
    );
}
