//! `/search?q=` and `/api/v1/search?q=`.

use axum::response::Response;

use super::asked::Asked;
use crate::routes;
use crate::views::ResultsView;

pub(super) async fn show(asked: Asked) -> Response {
    let view = asked.parameters().map(|parameters| {
        let query = parameters.into_iter().find(|(key, _)| key == "q");
        ResultsView::new(&query.unwrap_or_default().1)
    });
    asked.answer(routes::SEARCH, view)
}
