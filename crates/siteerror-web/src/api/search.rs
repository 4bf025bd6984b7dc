//! `/api/v1/search?q=`.

use std::sync::Arc;

use axum::extract::State;
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;

use crate::memory::Pages;
use crate::negotiate::Format;
use crate::pages::results::query;
use crate::routes;
use crate::views::ResultsView;

pub(crate) async fn list(State(pages): State<Arc<Pages>>, parts: Parts) -> Response {
    let answer = match query(&parts) {
        Ok(query) => pages.show(
            &ResultsView::new(&query),
            routes::API_SEARCH,
            Some(Format::Json),
            &parts.headers,
            StatusCode::OK,
        ),
        Err(problem) => pages.problem(problem, Some(Format::Json), &parts.headers),
    };
    answer.map(axum::body::Body::new)
}
