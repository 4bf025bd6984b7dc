//! `/healthz` and `/readyz`. All pages are in memory before the first connection is taken, so alive means ready.

use axum::response::{IntoResponse, Response};
use http::header::CACHE_CONTROL;

pub(super) async fn alive() -> Response {
    ([(CACHE_CONTROL, "no-store")], "ok\n").into_response()
}
