//! `/rules?q=` and `/api/v1/rules?q=`: the filtered list of lint rules.

use axum::response::Response;

use super::asked::Asked;
use crate::problem::Problem;
use crate::routes;
use crate::views::{RuleFilter, RulesView};

pub(super) async fn show(asked: Asked) -> Response {
    asked.answer(routes::RULES, view(&asked))
}

fn view(asked: &Asked) -> Result<RulesView, Problem> {
    let mut filter = RuleFilter::default();
    for (key, value) in asked.parameters()? {
        filter.set(&key, &value).map_err(|error| {
            Problem::new("invalid-query", error.to_string()).with_hint("leave it out to see all")
        })?;
    }
    Ok(RulesView(filter))
}
