//! The tables in `tests/cases`: what is asked, and what must be said. Control characters and characters of other scripts are written as in Rust.

use std::collections::BTreeMap;
use std::net::IpAddr;

use siteerror_guard::{Asked, Refusal, chain, walk};

use crate::{local, public};

const URLS: &str = include_str!("../cases/urls.tsv");
const CHAINS: &str = include_str!("../cases/chains.tsv");
const OPTIONS: &str = include_str!("../cases/options.tsv");

/// The rows of a table, cell by cell, without comments.
fn rows(table: &str) -> impl Iterator<Item = Vec<String>> {
    table
        .lines()
        .filter(|line| !line.starts_with("# "))
        .map(|line| line.split('\t').map(unescape).collect())
}

/// `\n`, `\x00`, `\u{1f600}` and `\\`.
fn unescape(text: &str) -> String {
    let mut out = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('\\') {
        out.push_str(before);
        let (kind, after) = after.split_at(1);
        let number = |digits: &str| {
            u32::from_str_radix(digits, 16)
                .ok()
                .and_then(char::from_u32)
                .unwrap_or_else(|| panic!("no character: {digits}"))
        };
        rest = match kind {
            "t" | "n" | "r" | "\\" => {
                out.push(match kind {
                    "t" => '\t',
                    "n" => '\n',
                    "r" => '\r',
                    _ => '\\',
                });
                after
            }
            "x" => {
                out.push(number(&after[..2]));
                &after[2..]
            }
            "u" => {
                let (digits, after) = after[1..].split_once('}').expect("a closing brace");
                out.push(number(digits));
                after
            }
            _ => panic!("an unknown escape in {text}"),
        };
    }
    out + rest
}

fn said(judged: Result<(), Refusal>) -> String {
    match judged {
        Ok(()) => "allowed".to_owned(),
        Err(Refusal {
            verdict,
            rule,
            reason,
        }) => format!("{verdict} {rule} {reason}"),
    }
}

/// Compares all rows and shows all that differ.
fn check(table: &str, judge: impl Fn(&[String]) -> String) {
    let wrong: Vec<String> = rows(table)
        .filter_map(|row| {
            let found = judge(&row[1..]);
            (found != row[0]).then(|| format!("{:?}\n  must be {}, is {found}", &row[1..], row[0]))
        })
        .collect();
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn urls() {
    check(URLS, |cells| said(public().url(&cells[0]).map(drop)));
}

#[test]
fn urls_as_redirects_are_judged_the_same() {
    let guard = public();
    let from = guard.url("https://from.org/").expect("it is allowed");
    for row in rows(URLS) {
        // Without a scheme, or with that of the base and no slashes, it is another URL here.
        if row[0].contains("missing")
            || row[0].contains("url-too-long")
            || row[1].starts_with("https:")
        {
            continue;
        }
        assert_eq!(
            said(guard.location(&from, row[1].as_bytes()).map(drop)),
            row[0],
            "{:?}",
            row[1]
        );
    }
}

#[test]
fn only_the_first_two_rules_refuse_where_the_person_chooses() {
    for row in rows(URLS) {
        let judged = local().url(&row[1]);
        let warned = |target: &siteerror_guard::Target| {
            target
                .warnings()
                .iter()
                .map(|warning| format!("blocked {} {}", warning.rule, warning.reason))
                .next()
                .filter(|text| !text.contains("confusable"))
        };
        match (row[0].split(' ').nth(1), judged) {
            (Some("S1" | "S2"), judged) => {
                assert_eq!(said(judged.map(drop)), row[0], "{:?}", row[1]);
            }
            (_, judged) => {
                let target = judged.unwrap_or_else(|refusal| panic!("{:?}: {refusal}", row[1]));
                let expected = (row[0] != "allowed").then(|| row[0].clone());
                assert_eq!(warned(&target), expected, "{:?}", row[1]);
            }
        }
    }
}

#[test]
fn chains() {
    check(CHAINS, |cells| {
        let locations: Vec<&[u8]> = match cells[1].as_str() {
            "" => Vec::new(),
            locations => locations.split(" | ").map(str::as_bytes).collect(),
        };
        let mut answers: BTreeMap<&str, Vec<Vec<IpAddr>>> = cells[2]
            .split(';')
            .filter_map(|name| name.split_once('='))
            .map(|(name, queries)| {
                let queries = queries.split('/').rev().map(|query| {
                    let addresses = query.split(',').filter(|address| !address.is_empty());
                    addresses
                        .map(|address| address.parse().expect("an address"))
                        .collect()
                });
                (name, queries.collect())
            })
            .collect();
        let asked = Asked {
            url: cells[0].as_bytes(),
            method: "GET",
            fields: &[],
            locations: &locations,
            redirects: chain::REDIRECTS,
        };
        let walk = walk(&public(), asked, |name| match answers.get_mut(name) {
            Some(queries) if queries.len() > 1 => queries.pop().expect("more than one"),
            Some(queries) => queries.first().cloned().unwrap_or_default(),
            None => Vec::new(),
        });
        let mut text = match walk.refusal {
            None => "allowed".to_owned(),
            Some((hop, refusal)) => said(Err(refusal)).replacen(' ', &format!("@{hop} "), 1),
        };
        if let Some(first) = walk.first {
            text = format!("{text} first {first}");
        }
        for hop in walk.not_found {
            text = format!("{text} not-found {hop}");
        }
        text
    });
}

#[test]
fn options() {
    for row in rows(OPTIONS) {
        let fields: Vec<(String, String)> = row[3]
            .split(" | ")
            .filter(|line| !line.is_empty())
            .map(|line| {
                let (name, value) = line.split_once(':').expect("a colon");
                (
                    name.to_owned(),
                    value.strip_prefix(' ').unwrap_or(value).to_owned(),
                )
            })
            .collect();
        assert_eq!(said(public().request(&row[2], &fields)), row[0], "{row:?}");
        assert_eq!(said(local().request(&row[2], &fields)), row[1], "{row:?}");
    }
}

#[test]
fn the_tables_are_as_large_as_they_should_be() {
    let count = |table: &str, allowed: bool| {
        rows(table)
            .filter(|row| (row[0] == "allowed") == allowed)
            .count()
    };
    assert!(count(URLS, true) >= 200 && count(URLS, false) >= 200);
    // No spelling twice.
    let mut spellings: Vec<String> = rows(URLS).map(|row| row[1].clone()).collect();
    let all = spellings.len();
    spellings.sort();
    spellings.dedup();
    assert_eq!(spellings.len(), all);
}
