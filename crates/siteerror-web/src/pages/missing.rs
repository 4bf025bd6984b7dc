//! Addresses that are no page: unassigned numbers, and everything else.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use siteerror_catalog::catalog;

use crate::memory::Pages;
use crate::problem::{Problem, Suggestion};
use crate::search::nearest;
use crate::site::Forced;
use crate::views::UnassignedView;

/// Longest part of an address that an answer repeats, in characters.
const MOST_SHOWN: usize = 80;

pub(crate) async fn show(State(pages): State<Arc<Pages>>, parts: Parts) -> Response {
    let Forced(forced) = parts.extensions.get().copied().unwrap_or(Forced(None));
    let path = parts.uri.path();
    let number = path
        .strip_prefix('/')
        .filter(|digits| digits.len() == 3)
        .and_then(|digits| digits.parse().ok());
    let answer = match number.and_then(|number| catalog().unassigned(number)) {
        Some(code) => pages.show(
            &UnassignedView(code),
            path,
            forced,
            &parts.headers,
            StatusCode::NOT_FOUND,
        ),
        None => pages.problem(problem(path), forced, &parts.headers),
    };
    answer.map(axum::body::Body::new)
}

/// Why an address leads nowhere, with the nearest ones that lead somewhere.
pub(crate) fn problem(path: &str) -> Problem {
    let decoded = percent_encoding::percent_decode_str(path).decode_utf8_lossy();
    let shown: String = decoded
        .chars()
        .take(MOST_SHOWN)
        .map(|c| if c.is_control() { '\u{fffd}' } else { c })
        .collect();
    let last = shown
        .trim_matches('/')
        .rsplit('/')
        .next()
        .unwrap_or_default();
    let suggestions: Vec<Suggestion> = nearest(last)
        .into_iter()
        .map(|code| Suggestion {
            url: code.id.path(),
            title: format!("{} {}", code.id, code.title()),
        })
        .collect();
    let is_number = !last.is_empty()
        && last.len() < 6
        && last.chars().filter(char::is_ascii_digit).count() * 2 > last.len();
    let hint = match suggestions.first() {
        Some(first) => format!("did you mean {} ({})?", first.url, first.title),
        None => "see /codes for all codes".to_owned(),
    };
    let (code, detail) = if is_number {
        (
            "invalid-status-code",
            format!("`{last}` is no status code: a code has three digits, from 100 to 999"),
        )
    } else {
        ("not-found", format!("there is no page `{shown}`"))
    };
    Problem::new(code, detail)
        .with_hint(hint)
        .with_suggestions(suggestions)
}
