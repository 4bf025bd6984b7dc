//! `/codes?class=4xx` and `/api/v1/codes?class=4xx`: the filtered list.

use axum::response::Response;

use super::asked::Asked;
use crate::problem::Problem;
use crate::routes;
use crate::views::{CodesView, Filter};

pub(super) async fn show(asked: Asked) -> Response {
    asked.answer(routes::CODES, view(&asked))
}

/// Parameters that are not ours, such as those of campaigns, are left alone.
fn view(asked: &Asked) -> Result<CodesView, Problem> {
    let mut filter = Filter::default();
    let mut full = false;
    for (key, value) in asked.parameters()? {
        filter.set(&key, &value).map_err(|error| {
            Problem::new("invalid-query", error.to_string()).with_hint("leave it out to see all")
        })?;
        full |= key == "full" && value != "false";
    }
    Ok(CodesView::new(filter).full(full))
}
