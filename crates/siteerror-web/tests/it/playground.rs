//! The request builder: what its address says, what it composes, and what comes back.

mod commands;
mod compose;
mod run;

use crate::ask::{Answer, get};

/// The builder's answer in JSON.
fn json(query: &str) -> serde_json::Value {
    let answer = ask(query);
    assert_eq!(answer.status, 200, "{query}: {}", answer.text());
    answer.json()
}

fn ask(query: &str) -> Answer {
    get(&format!("/playground.json?{query}"), &[])
}

/// A query with these parameters.
fn query(parameters: &[(&str, &str)]) -> String {
    form_urlencoded::Serializer::new(String::new())
        .extend_pairs(parameters)
        .finish()
}
