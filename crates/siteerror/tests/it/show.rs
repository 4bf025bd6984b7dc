//! Showing, listing and finding codes.

use insta::assert_snapshot;

use crate::command::{run, siteerror, stdout};

#[test]
fn a_number_is_a_card() {
    let card = stdout(&["501"]);
    assert!(card.starts_with("■ 501 Not Implemented"), "{card}");
    for part in [
        "HTTP/1.1 501 Not Implemented",
        "COMMON CAUSES",
        "IF YOU CALL THE SERVER",
        "FACTS",
        "siteerror show 501",
    ] {
        assert!(card.contains(part), "`{part}` in {card}");
    }
    assert!(
        card.lines().all(|line| line.chars().count() <= 80),
        "{card}"
    );
    assert!(card.lines().count() <= 45, "a card is short: {card}");
    assert_eq!(card, stdout(&["not-implemented"]));
    assert_eq!(card, stdout(&["Not Implemented"]));
    assert_eq!(card, stdout(&["not", "implemented"]));
    assert!(stdout(&["I'm a teapot"]).starts_with("▲ 418"));
}

#[test]
fn show_says_everything() {
    let whole = stdout(&["show", "501"]);
    for part in [
        "WHAT IT MEANS",
        "DEFINITION",
        "RFC 9110 SECTION 15.6.2 SAYS",
        "IN PLAIN ENGLISH",
        "OFTEN MISREAD",
        "QUESTIONS PEOPLE ASK",
        "SOURCES",
    ] {
        assert!(whole.contains(part), "`{part}` in {whole}");
    }
    assert!(stdout(&["show", "501", "--markdown"]).starts_with("# 🛠️ 501 Not Implemented\n"));
}

#[test]
fn json_is_the_same_for_card_and_show() {
    let json = stdout(&["404", "--json"]);
    assert_eq!(json, stdout(&["show", "404", "--json"]));
    let value: serde_json::Value = serde_json::from_str(&json).expect("it is JSON");
    assert_eq!(
        (value["id"].as_str(), value["name"].as_str()),
        (Some("404"), Some("Not Found"))
    );
    let free: serde_json::Value = serde_json::from_slice(
        &siteerror(&["477", "--json"])
            .output()
            .expect("it runs")
            .stdout,
    )
    .expect("it is JSON");
    assert_eq!(
        (free["standing"].as_str(), free["treat_as"].as_str()),
        (Some("unassigned"), Some("400"))
    );
}

#[test]
fn an_unassigned_number_is_explained() {
    assert_snapshot!(run(&["477"]), @"
    exit 1
    ▲ 477 not assigned                                        unassigned: 452 to 499
    ────────────────────────────────────────────────────────────────────────────────
      Nobody has registered 477. It belongs to the class 4xx Client Error, and that
      much every client can know.

      A client must treat it like 400 Bad Request, the x00 code of its class. (RFC
      9110, section 15)

    NEAREST REGISTERED CODES
      ▲ 451 Unavailable For Legal Reasons
      ■ 500 Internal Server Error
    ");
}

#[test]
fn colours_only_where_they_are_wanted() {
    let escape = '\u{1b}';
    assert!(!stdout(&["404"]).contains(escape), "not into a pipe");
    assert!(stdout(&["404", "--color", "always"]).contains(escape));
    assert!(!stdout(&["404", "--color", "never"]).contains(escape));
    let output = siteerror(&["404"])
        .env("NO_COLOR", "1")
        .env("CLICOLOR_FORCE", "1")
        .output()
        .expect("the program runs");
    assert!(
        !String::from_utf8_lossy(&output.stdout).contains(escape),
        "never against NO_COLOR"
    );
}

#[test]
fn lists_are_filtered() {
    assert_snapshot!(run(&["list", "--class", "1xx", "--vendor", "none"]), @"
    exit 0
    1xx Informational
      ○ 100 Continue
      ○ 101 Switching Protocols
      ○ 102 Processing
      ○ 103 Early Hints
      ○ 104 Upload Resumption Supported (temporary)
    ");
    assert_snapshot!(run(&["list", "--field", "www-authenticate"]), @"
    exit 0
    4xx Client Error
      ▲ 401 Unauthorized
    ");
    assert_snapshot!(run(&["list", "--class", "1xx", "--cacheable", "yes"]), @"
    exit 1
    No code has all of that.
    ");
    let all: serde_json::Value =
        serde_json::from_str(&stdout(&["list", "--json"])).expect("it is JSON");
    let vendors = siteerror_catalog::catalog().vendor_codes().len();
    assert_eq!(all.as_array().map(Vec::len), Some(64 + vendors));
    let full: serde_json::Value =
        serde_json::from_str(&stdout(&["list", "--json", "--full", "--vendor", "none"]))
            .expect("it is JSON");
    assert!(full[63]["facts"]["retry"].is_string());
}

#[test]
fn search_finds_in_plain_words() {
    let found = stdout(&["search", "rate", "limited"]);
    assert!(
        found.trim_start().starts_with("▲ 429 Too Many Requests"),
        "{found}"
    );
    assert!(run(&["search", "xyzzyplugh"]).starts_with("exit 1\n"));
    let json: serde_json::Value =
        serde_json::from_str(&stdout(&["search", "--json", "teapot"])).expect("it is JSON");
    assert_eq!(json[0]["id"], "418");
}

#[test]
fn a_closed_pipe_is_no_error() {
    use std::process::Stdio;
    let mut child = siteerror(&["list", "--json", "--full", "--vendor", "none"])
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .expect("the program runs");
    drop(child.stdout.take());
    let output = child.wait_with_output().expect("it ends");
    assert!(
        output.status.success() && output.stderr.is_empty(),
        "{output:?}"
    );
}

#[test]
fn codes_of_vendors_are_shown_by_identity() {
    let card = stdout(&["nginx/499"]);
    assert!(
        card.starts_with("⬡ nginx/499 Client Closed Request"),
        "{card}"
    );
    assert!(card.contains("NGINX: LOG ONLY") && card.contains("siteerror show nginx/499"));
    assert!(stdout(&["show", "nginx/499"]).contains("Where it is recorded"));
    let entry = stdout(&["404.13"]);
    assert!(entry.starts_with("⬡ iis/404.13"), "{entry}");
    assert_eq!(entry, stdout(&["show", "iis/404.13"]));
    assert!(stdout(&["499"]).contains("nginx/499"));
    let signal = stdout(&["show", "haproxy/sC--"]);
    assert!(signal.starts_with("⬡ haproxy/sC"), "{signal}");
    assert_eq!(signal, stdout(&["haproxy/sC"]));
    assert!(stdout(&["list", "--vendor", "nginx"]).contains("nginx/499"));
    assert!(stdout(&["search", "haproxy", "sC"]).contains("haproxy/sC"));
}

#[test]
fn every_identity_outside_the_registry_is_shown() {
    let catalog = siteerror_catalog::catalog();
    let codes = catalog
        .vendor_codes()
        .iter()
        .map(|code| code.id.to_string());
    let entries = catalog
        .substatus_codes()
        .iter()
        .map(|entry| entry.id.to_string());
    let families = catalog.signal_families().iter();
    let signals = families
        .flat_map(|family| family.entries)
        .map(siteerror_catalog::Signal::id);
    for id in codes.chain(entries).chain(signals) {
        let json: serde_json::Value =
            serde_json::from_str(&stdout(&["show", "--json", &id])).expect("it is JSON");
        assert_eq!(json["id"], id);
    }
}
