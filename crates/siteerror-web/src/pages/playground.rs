//! `/playground`: the request builder. With `run` in the query, the request is played inside the server and its answer shown.

use std::hash::{BuildHasher as _, RandomState};

use axum::response::Response;
use http::header::CACHE_CONTROL;
use http::{HeaderValue, StatusCode};

use super::asked::Asked;
use crate::answer::NO_STORE;
use crate::builder::{Request, State, With, play};
use crate::problem::Problem;
use crate::routes;
use crate::views::PlaygroundView;

pub(super) async fn show(asked: Asked) -> Response {
    let Some(playground) = asked.playground() else {
        return asked.problem(
            Problem::new("not-found", "this site runs without its playground")
                .with_hint("whoever runs it can switch it on: playground = \"on\""),
        );
    };
    let parameters = match asked.parameters() {
        Ok(parameters) => parameters,
        Err(problem) => return asked.problem(problem),
    };
    let mut state = match State::parse(&parameters) {
        Ok(state) => state,
        Err(what) => {
            let problem = Problem::new("invalid-query", what);
            return asked.problem(problem.with_hint("change it in the form, and send it again"));
        }
    };
    if state.with == With::Sequence && state.id.is_empty() {
        state.id = fresh_name();
    }
    let request = Request::compose(&state, &asked.origin(), playground.prefix());
    let is_run = parameters.iter().any(|(key, _)| key == "run");
    let exchange = if is_run {
        Some(play(playground, &request.message()).await)
    } else {
        None
    };
    let view = PlaygroundView::new(state, request, exchange);
    let mut response = asked.show(routes::PLAYGROUND, &view, StatusCode::OK);
    // It names who was asked, and what is played is different every time.
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    response
}

/// A name for a sequence that nobody else uses: whoever shares one shares the count.
fn fresh_name() -> String {
    format!("try-{:08x}", RandomState::new().hash_one(0) >> 32)
}
