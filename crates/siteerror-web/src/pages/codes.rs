//! `/codes?class=4xx`: the filtered list.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;

use super::parameters;
use crate::Problem;
use crate::memory::Pages;
use crate::routes;
use crate::site::{Body, Forced};
use crate::views::{CodesView, Filter};

pub(crate) async fn show(State(pages): State<Arc<Pages>>, parts: Parts) -> Response {
    let Forced(forced) = parts.extensions.get().copied().unwrap_or(Forced(None));
    let answer: http::Response<Body> = match filter(parts.uri.query()) {
        Ok(filter) => pages.show(
            &CodesView::new(filter),
            routes::CODES,
            forced,
            &parts.headers,
            StatusCode::OK,
        ),
        Err(problem) => pages.problem(problem, forced, &parts.headers),
    };
    answer.map(axum::body::Body::new)
}

/// The filter of a query; parameters that are not ours (such as those of campaigns) are left alone.
pub(crate) fn filter(query: Option<&str>) -> Result<Filter, Problem> {
    let mut filter = Filter::default();
    for (key, value) in parameters(query)? {
        filter.set(&key, &value).map_err(|error| {
            Problem::new("invalid-query", error.to_string()).with_hint("leave it out to see all")
        })?;
    }
    Ok(filter)
}
