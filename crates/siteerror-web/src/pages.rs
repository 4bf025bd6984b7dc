//! The addresses whose answer depends on the request, behind the pages in memory.

pub(crate) mod codes;
mod health;
pub(crate) mod missing;
pub(crate) mod results;

use std::sync::Arc;

use axum::Router;
use axum::routing::get;

use crate::memory::Pages;
use crate::{api, routes};

/// Addresses of the router that have one spelling.
pub(crate) const ROUTED: &[&str] = &[
    routes::SEARCH,
    routes::HEALTH,
    routes::READY,
    routes::API_SEARCH,
];

pub(crate) fn router(pages: Arc<Pages>) -> Router {
    Router::new()
        .route(routes::CODES, get(codes::show))
        .route(routes::SEARCH, get(results::show))
        .route(routes::HEALTH, get(health::alive))
        .route(routes::READY, get(health::alive))
        .route(routes::API_CODES, get(api::codes::list))
        .route("/api/v1/codes/{id}", get(api::codes::one))
        .route(routes::API_SEARCH, get(api::search::list))
        .fallback(missing::show)
        .with_state(pages)
}

/// The parameters of a query, decoded; at most this many are looked at.
const MOST_PARAMETERS: usize = 32;

/// Takes a query apart: `a=b&c=d`, with `+` for a space.
pub(crate) fn parameters(query: Option<&str>) -> Result<Vec<(String, String)>, crate::Problem> {
    let decode = |text: &str| {
        percent_encoding::percent_decode_str(&text.replace('+', " "))
            .decode_utf8()
            .map(std::borrow::Cow::into_owned)
            .map_err(|_| {
                crate::Problem::new(
                    "invalid-query",
                    format!("`{text}` in the query is not UTF-8"),
                )
                .with_hint("encode it as UTF-8, each byte as %XX")
            })
    };
    query
        .unwrap_or_default()
        .split('&')
        .filter(|pair| !pair.is_empty())
        .take(MOST_PARAMETERS)
        .map(|pair| {
            let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
            Ok((decode(key)?, decode(value)?))
        })
        .collect()
}
