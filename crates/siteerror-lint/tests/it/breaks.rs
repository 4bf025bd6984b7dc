//! Responses from outside, each of which breaks one rule or looks as if it did.

use std::collections::BTreeSet;

use serde::Deserialize;
use siteerror_lint::{Finding, Severity, read, rule, rules};

#[derive(Deserialize)]
struct Break {
    id: String,
    bad: String,
    good: String,
    request: Option<String>,
    request_good: Option<String>,
    #[serde(default)]
    context: Context,
    context_good: Option<Context>,
}

#[derive(Deserialize)]
struct Trap {
    id: String,
    response: String,
    request: Option<String>,
    #[serde(default)]
    context: Context,
}

#[derive(Default, Deserialize)]
struct Context {
    scheme: Option<String>,
    received_at: Option<String>,
}

/// Raw examples hold bytes as the characters of the same number.
fn bytes(text: &str) -> Vec<u8> {
    text.chars()
        .map(|character| {
            u8::try_from(u32::from(character)).expect("examples have no characters over U+00FF")
        })
        .collect()
}

fn find(response: &str, request: Option<&str>, context: &Context) -> Vec<Finding> {
    let url = context
        .scheme
        .as_ref()
        .map(|scheme| format!("{scheme}://www.example.com/"));
    let mut text = read(
        &bytes(response),
        request.unwrap_or_default().as_bytes(),
        url.as_deref(),
    );
    // "Tue, 24 Nov 2026 08:00:00 GMT", the only time that is in the examples.
    text.received_at_unix_s = context.received_at.as_ref().map(|_| 1_795_507_200);
    text.lint()
}

fn breaks() -> Vec<Break> {
    serde_json::from_str(include_str!("../data/breaks.json"))
        .expect("the data is what is read here")
}

fn errors(found: &[Finding]) -> BTreeSet<&'static str> {
    let errors = found
        .iter()
        .filter(|finding| finding.rule.severity == Severity::Error);
    errors.map(|finding| finding.rule.id).collect()
}

#[test]
fn what_breaks_a_rule_is_found() {
    let mut missed = Vec::new();
    for case in breaks() {
        let found = find(&case.bad, case.request.as_deref(), &case.context);
        let wanted = rule(&case.id).map(|rule| rule.id);
        if wanted.is_none() || !found.iter().any(|finding| Some(finding.rule.id) == wanted) {
            missed.push(format!(
                "{} ({wanted:?}): {:?}",
                case.id,
                found
                    .iter()
                    .map(|finding| finding.rule.id)
                    .collect::<Vec<_>>()
            ));
        }
    }
    assert!(
        missed.is_empty(),
        "{} missed:\n{}",
        missed.len(),
        missed.join("\n")
    );
}

#[test]
fn what_breaks_no_rule_is_no_error() {
    let mut wrong = Vec::new();
    for case in breaks() {
        let request = case.request_good.as_deref().or(case.request.as_deref());
        let found = find(
            &case.good,
            request,
            case.context_good.as_ref().unwrap_or(&case.context),
        );
        let own = rule(&case.id).map(|rule| rule.id);
        let own_found = found
            .iter()
            .any(|finding| Some(finding.rule.id) == own && finding.rule.severity > Severity::Info);
        if own_found || !errors(&found).is_empty() {
            wrong.push(format!(
                "{}: {:?}",
                case.id,
                found
                    .iter()
                    .map(|finding| finding.rule.id)
                    .collect::<Vec<_>>()
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_trap_is_no_error() {
    let traps: Vec<Trap> = serde_json::from_str(include_str!("../data/traps.json"))
        .expect("the data is what is read here");
    let mut wrong = Vec::new();
    for trap in traps {
        let found = errors(&find(
            &trap.response,
            trap.request.as_deref(),
            &trap.context,
        ));
        if !found.is_empty() {
            wrong.push(format!("{}: {found:?}", trap.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn every_rule_of_the_fixed_names_is_there() {
    let names = include_str!("../data/names.txt");
    let known: BTreeSet<_> = rules()
        .iter()
        .map(|rule| (rule.id, rule.severity.name()))
        .collect();
    let missing: Vec<_> = names
        .lines()
        .filter_map(|line| line.split_once(' '))
        .filter(|row| !known.contains(row))
        .collect();
    assert!(missing.is_empty(), "{} missing: {missing:?}", missing.len());
}
