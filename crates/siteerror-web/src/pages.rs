//! The addresses whose answer depends on the request, behind the pages in memory. Those of the API are the same, always as JSON.

mod asked;
mod check;
mod codes;
mod health;
mod lint;
mod lint_api;
mod missing;
mod playground;
mod results;
mod rules;

use std::sync::Arc;

use axum::Router;
use axum::routing::{get, post};

pub(crate) use self::asked::Arrived;
use crate::memory::Pages;
use crate::routes;

/// Addresses of the router that have one spelling.
pub(crate) const ROUTED: &[&str] = &[
    routes::LINT,
    routes::CHECK,
    routes::PLAYGROUND,
    routes::SEARCH,
    routes::HEALTH,
    routes::READY,
    routes::API_CHECK,
    routes::API_SEARCH,
];

pub(crate) fn router(pages: Arc<Pages>) -> Router {
    Router::new()
        .route(routes::CODES, get(codes::show))
        .route(routes::API_CODES, get(codes::show))
        .route(routes::RULES, get(rules::show))
        .route(routes::API_RULES, get(rules::show))
        .route(routes::LINT, get(lint::form).post(lint::result))
        .route(routes::API_LINT, post(lint_api::result))
        .route(routes::CHECK, get(check::show))
        .route(routes::API_CHECK, get(check::show).post(check::posted))
        .route(routes::API_CHECK_EVENTS, get(check::events))
        .route(routes::PLAYGROUND, get(playground::show))
        .route(routes::SEARCH, get(results::show))
        .route(routes::API_SEARCH, get(results::show))
        .route(routes::HEALTH, get(health::alive))
        .route(routes::READY, get(health::alive))
        .fallback(missing::show)
        .with_state(pages)
}
