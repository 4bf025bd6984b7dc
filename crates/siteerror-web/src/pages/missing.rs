//! Addresses that are no page: unassigned numbers, and everything else.

use axum::response::Response;
use http::StatusCode;
use siteerror_catalog::catalog;

use super::asked::Asked;
use crate::problem::{Problem, Suggestion};
use crate::routes;
use crate::search::{nearest, nearest_rules};
use crate::views::UnassignedView;

/// Longest part of an address that an answer repeats, in characters.
const MOST_SHOWN: usize = 80;

pub(super) async fn show(asked: Asked) -> Response {
    let path = asked.path();
    let name = path.strip_prefix(routes::API_CODES).unwrap_or(path);
    let digits = name.strip_prefix('/').filter(|digits| digits.len() == 3);
    let number = digits.and_then(|digits| digits.parse().ok());
    match number.and_then(|number| catalog().unassigned(number)) {
        Some(code) => asked.show(name, &UnassignedView(code), StatusCode::NOT_FOUND),
        None => asked.problem(problem(path)),
    }
}

/// Why an address leads nowhere, with the nearest ones that lead somewhere.
fn problem(path: &str) -> Problem {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let shown: String = decoded.chars().take(MOST_SHOWN).collect();
    let last = shown
        .trim_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let is_rule = [routes::RULES, routes::API_RULES].iter().any(|folder| {
        shown
            .strip_prefix(folder)
            .is_some_and(|rest| rest.starts_with('/'))
    });
    let suggestions: Vec<Suggestion> = if is_rule {
        let rules = nearest_rules(last).into_iter().map(|rule| Suggestion {
            url: rule.href(),
            title: rule.title.to_owned(),
        });
        rules.collect()
    } else {
        let codes = nearest(last).into_iter().map(|code| Suggestion {
            url: code.id.path(),
            title: format!("{} {}", code.id, code.title()),
        });
        codes.collect()
    };
    let is_number = !last.is_empty()
        && shown
            .trim_start_matches(routes::API_CODES)
            .trim_matches('/')
            == last
        && last.len() < 6
        && last.chars().filter(char::is_ascii_digit).count() * 2 > last.len();
    let hint = match suggestions.first() {
        Some(first) => format!("did you mean {} ({})?", first.url, first.title),
        None if is_rule => "see /rules for all rules".to_owned(),
        None => "see /codes for all codes".to_owned(),
    };
    let (code, detail) = if is_number {
        (
            "invalid-status-code",
            format!("`{last}` is no status code: a code has three digits, from 100 to 599"),
        )
    } else {
        ("not-found", format!("there is no page `{shown}`"))
    };
    Problem::new(code, detail)
        .with_hint(hint)
        .with_suggestions(suggestions)
}
