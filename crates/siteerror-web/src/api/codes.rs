//! `/api/v1/codes` with a filter, and `/api/v1/codes/{id}` for what is no registered code.

use std::sync::Arc;

use axum::extract::{Path, State};
use axum::response::Response;
use http::StatusCode;
use http::request::Parts;
use siteerror_catalog::{CodeId, catalog};

use crate::memory::Pages;
use crate::negotiate::Format;
use crate::pages::codes::filter;
use crate::pages::parameters;
use crate::problem::Problem;
use crate::routes;
use crate::views::{CodesView, UnassignedView};

pub(crate) async fn list(State(pages): State<Arc<Pages>>, parts: Parts) -> Response {
    let query = parts.uri.query();
    let full = parameters(query).map(|all| {
        all.iter()
            .any(|(key, value)| key == "full" && value != "false")
    });
    let answer = match filter(query).and_then(|filter| Ok((filter, full?))) {
        Ok((filter, full)) => pages.show(
            &CodesView::new(filter).full(full),
            routes::CODES,
            Some(Format::Json),
            &parts.headers,
            StatusCode::OK,
        ),
        Err(problem) => pages.problem(problem, Some(Format::Json), &parts.headers),
    };
    answer.map(axum::body::Body::new)
}

pub(crate) async fn one(
    State(pages): State<Arc<Pages>>,
    Path(id): Path<String>,
    parts: Parts,
) -> Response {
    let unassigned = id
        .parse::<CodeId>()
        .ok()
        .filter(|id| id.vendor().is_none())
        .and_then(|id| catalog().unassigned(id.number()));
    let answer = match unassigned {
        Some(code) => pages.show(
            &UnassignedView(code),
            &code.id().path(),
            Some(Format::Json),
            &parts.headers,
            StatusCode::NOT_FOUND,
        ),
        None => match id.parse::<CodeId>().ok().and_then(|id| catalog().get(id)) {
            // A known code with a query behind it.
            Some(code) => pages.show(
                &crate::views::CodeView(code),
                &code.id.path(),
                Some(Format::Json),
                &parts.headers,
                StatusCode::OK,
            ),
            None => pages.problem(invalid(&id), Some(Format::Json), &parts.headers),
        },
    };
    answer.map(axum::body::Body::new)
}

fn invalid(id: &str) -> Problem {
    crate::pages::missing::problem(id)
}
