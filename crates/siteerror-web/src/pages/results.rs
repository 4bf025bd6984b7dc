//! `/search?q=`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;

use super::parameters;
use crate::Problem;
use crate::memory::Pages;
use crate::routes;
use crate::site::Forced;
use crate::views::ResultsView;

pub(crate) async fn show(State(pages): State<Arc<Pages>>, parts: Parts) -> Response {
    let Forced(forced) = parts.extensions.get().copied().unwrap_or(Forced(None));
    let answer = match query(&parts) {
        Ok(query) => pages.show(
            &ResultsView::new(&query),
            routes::SEARCH,
            forced,
            &parts.headers,
            StatusCode::OK,
        ),
        Err(problem) => pages.problem(problem, forced, &parts.headers),
    };
    answer.map(axum::body::Body::new)
}

/// What is searched for; nothing where `q` is missing.
pub(crate) fn query(parts: &Parts) -> Result<String, Problem> {
    let parameters = parameters(parts.uri.query())?;
    Ok(parameters
        .into_iter()
        .find(|(key, _)| key == "q")
        .map(|(_, value)| value)
        .unwrap_or_default())
}
