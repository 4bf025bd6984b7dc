//! Every page keeps what it promises: its bad example breaks its rule, its good one breaks nothing.

use std::collections::BTreeSet;

use siteerror_lint::{Page, Severity, rule, rules, run};

fn names(page: &Page, good: bool) -> BTreeSet<&'static str> {
    let found = run(page, good);
    let told = found
        .iter()
        .filter(|finding| finding.rule.severity > Severity::Info || finding.rule.id == page.id);
    told.map(|finding| finding.rule.id).collect()
}

#[test]
fn a_bad_example_breaks_its_rule_and_only_what_its_page_says() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let mut expected: BTreeSet<_> = rule.also.iter().copied().collect();
        expected.insert(rule.id);
        let found = names(rule, false);
        if found != expected {
            wrong.push(format!(
                "{}: expected {expected:?}, found {found:?}",
                rule.id
            ));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn a_good_example_breaks_nothing() {
    let mut wrong = Vec::new();
    for rule in rules() {
        let found = names(rule, true);
        if !found.is_empty() {
            wrong.push(format!("{}: found {found:?}", rule.id));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn names_and_aliases_are_unique_and_lead_to_their_rule() {
    let mut seen = BTreeSet::new();
    for found in rules() {
        for name in [found.id].iter().chain(found.aliases) {
            assert!(seen.insert(*name), "{name} is there twice");
            assert_eq!(rule(name).map(|rule| rule.id), Some(found.id));
        }
        for also in found.also {
            assert!(
                rule(also).is_some_and(|rule| rule.id == *also),
                "{also} in {} is no rule",
                found.id
            );
        }
    }
}

#[test]
fn every_finding_has_one_sentence_and_points_into_the_response() {
    for rule in rules() {
        for finding in run(rule, false) {
            assert!(
                !finding.text.is_empty()
                    && !finding.text.ends_with('.')
                    && !finding.text.contains('\n'),
                "{}: {:?}",
                finding.rule.id,
                finding.text
            );
            if let (Some(bytes), [step]) = (&finding.place.bytes, rule.bad) {
                assert!(
                    bytes.end <= step.response.len() as u64,
                    "{}: {bytes:?}",
                    finding.rule.id
                );
            }
        }
    }
}

#[test]
fn sources_have_an_address_that_fits_their_title() {
    for rule in rules() {
        for source in rule.sources {
            assert!(
                source.url.starts_with("https://"),
                "{}: {}",
                rule.id,
                source.url
            );
            if let Some((document, section)) = source.title.split_once(" §") {
                let number = document.strip_prefix("RFC ");
                assert!(
                    number.is_none_or(|number| source.url.contains(&format!("rfc{number}"))),
                    "{}: {source:?}",
                    rule.id
                );
                assert!(
                    source.url.ends_with(section) || number.is_none(),
                    "{}: {source:?}",
                    rule.id
                );
            }
        }
    }
}
