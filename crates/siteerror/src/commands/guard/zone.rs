//! What names resolve to, as it is written down for the guard: for each name the answers of the first query, of the second, and so on.

use std::collections::{BTreeMap, HashMap};
use std::fs;
use std::net::IpAddr;

use serde::Deserialize;
use siteerror_guard::Name;

/// What names resolve to: the answers of the first query, of the second, and so on.
#[derive(Debug, Default, Deserialize)]
#[serde(transparent)]
pub(super) struct Answers(BTreeMap<String, Vec<Query>>);

/// The answers of one query; a single one needs no list.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Query {
    One(String),
    Many(Vec<String>),
}

/// Names in the form in which they are asked for, with the answers of each query.
pub(super) type Zone = HashMap<String, Vec<Vec<IpAddr>>>;

/// What it must look like.
pub(super) const HINT: &str = "answers are an object such as {\"a.com\": [[\"93.184.216.34\"]]}: for each name a list of queries, and for each query a list of addresses";

/// Reads a file.
pub(super) fn read(file: &str) -> Result<Zone, String> {
    let text =
        fs::read_to_string(file).map_err(|error| format!("cannot read `{file}`: {error}"))?;
    let answers: Answers =
        serde_json::from_str(&text).map_err(|error| format!("cannot read `{file}`: {error}"))?;
    zone(answers).map_err(|what| format!("cannot read `{file}`: {what}"))
}

/// Names as the guard asks for them. What is no name is never asked for, so it is left out: whether a URL can have it as a host is judged with the URL.
pub(super) fn zone(answers: Answers) -> Result<Zone, String> {
    let mut zone = Zone::new();
    for (name, queries) in answers.0 {
        let addresses = queries.into_iter().map(|query| match query {
            Query::One(address) => addresses(&name, &[address]),
            Query::Many(all) => addresses(&name, &all),
        });
        let queries = addresses.collect::<Result<Vec<_>, String>>()?;
        if let Ok(name) = name.parse::<Name>() {
            zone.insert(name.as_str().to_owned(), queries);
        }
    }
    Ok(zone)
}

fn addresses(name: &str, texts: &[String]) -> Result<Vec<IpAddr>, String> {
    let parse = |text: &String| {
        text.parse()
            .map_err(|_| format!("`{text}`, an answer for `{name}`, is no IP address"))
    };
    texts.iter().map(parse).collect()
}
