//! `/search?q=` and `/api/v1/search?q=`.

use axum::response::Response;

use super::asked::Asked;
use crate::routes;
use crate::search::named;
use crate::views::ResultsView;

pub(super) async fn show(asked: Asked) -> Response {
    let query = asked.parameters().map(|parameters| {
        let query = parameters.into_iter().find(|(key, _)| key == "q");
        query.unwrap_or_default().1
    });
    match query {
        // Whoever types a number into the search box wants its page.
        Ok(query)
            if asked.is_for_a_browser()
                && let Some(path) = named(&query) =>
        {
            asked.see(&path)
        }
        query => asked.answer(routes::SEARCH, query.map(|query| ResultsView::new(&query))),
    }
}
