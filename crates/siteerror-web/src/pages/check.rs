//! `/check?url=`, `/api/v1/check` and its events.

use axum::extract::Request;
use axum::response::{IntoResponse as _, Response};
use futures_util::StreamExt as _;
use http::header::{CACHE_CONTROL, CONTENT_TYPE, RETRY_AFTER};
use http::{HeaderValue, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited};
use serde_json::json;

use super::asked::Asked;
use crate::answer::NO_STORE;
use crate::check::live::Live;
use crate::check::{Ask, Busy, Checks, Pair};
use crate::problem::Problem;
use crate::routes;
use crate::views::{CheckView, Run};

/// The most that a POST may say.
const MOST_CONTENT: usize = 64 * 1024;

pub(super) async fn show(asked: Asked) -> Response {
    let Some(checks) = asked.checks() else {
        return off(&asked);
    };
    let pair = match pair(&asked) {
        Ok(pair) => pair,
        Err(problem) => return asked.problem(problem),
    };
    if pair.first.url.is_empty() {
        if !asked.is_for_people() {
            return asked.problem(missing());
        }
        return keep_out(asked.show(
            routes::CHECK,
            &CheckView::new(pair, Vec::new()),
            StatusCode::OK,
        ));
    }
    let asks = std::iter::once(pair.first.clone()).chain(pair.second());
    let runs = futures_util::future::join_all(asks.map(|ask| one(checks, ask, &asked))).await;
    match runs.into_iter().collect::<Result<Vec<Run>, Busy>>() {
        Ok(runs) => {
            let view = CheckView::new(pair, runs);
            keep_out(asked.show(routes::CHECK, &view, StatusCode::OK))
        }
        Err(busy) => come_back(&asked, busy),
    }
}

/// A check that JSON asks for.
pub(super) async fn posted(asked: Asked, request: Request) -> Response {
    let Some(checks) = asked.checks() else {
        return off(&asked);
    };
    let content = match Limited::new(request.into_body(), MOST_CONTENT)
        .collect()
        .await
    {
        Ok(content) => content.to_bytes(),
        Err(error) if error.is::<LengthLimitError>() => {
            let what = format!("the content has more than {MOST_CONTENT} bytes");
            return asked.problem(Problem::new("content-too-large", what));
        }
        Err(_) => {
            let what = "the content did not come as it was announced";
            return asked.problem(Problem::new("invalid-content", what));
        }
    };
    let ask = match Ask::posted(&content) {
        Ok(ask) => ask,
        Err(what) => {
            let problem = Problem::new("invalid-content", what);
            let hint = r#"send JSON such as {"url": "https://example.com/", "method": "HEAD"}"#;
            return asked.problem(problem.with_hint(hint));
        }
    };
    let pair = Pair {
        first: ask.clone(),
        ..Pair::default()
    };
    match one(checks, ask, &asked).await {
        Ok(run) => {
            let view = CheckView::new(pair, vec![run]);
            keep_out(asked.show(routes::CHECK, &view, StatusCode::OK))
        }
        Err(busy) => come_back(&asked, busy),
    }
}

/// A check as it happens.
pub(super) async fn events(asked: Asked) -> Response {
    let Some(checks) = asked.checks() else {
        return off(&asked);
    };
    let ask = match pair(&asked) {
        Ok(pair) if pair.first.url.is_empty() => return asked.problem(missing()),
        Ok(pair) => pair.first,
        Err(problem) => return asked.problem(problem),
    };
    let fields = [
        (CONTENT_TYPE, "text/event-stream"),
        (CACHE_CONTROL, NO_STORE),
    ];
    if asked.is_head() {
        return (
            fields,
            axum::body::Body::from_stream(futures_util::stream::empty::<
                Result<bytes::Bytes, std::convert::Infallible>,
            >()),
        )
            .into_response();
    }
    let live = Live::new(checks.clone(), ask, asked.client(), |result| match result {
        Ok(checked) => {
            let report = serde_json::to_value(&*checked.report).unwrap_or_default();
            ("done", report)
        }
        Err(busy) => (
            "busy",
            json!({"detail": busy.what, "retry_after_s": seconds(busy)}),
        ),
    });
    let frames = live.map(Ok::<_, std::convert::Infallible>);
    (fields, axum::body::Body::from_stream(frames)).into_response()
}

async fn one(checks: &Checks, ask: Ask, asked: &Asked) -> Result<Run, Busy> {
    let checked = checks.run(&ask, asked.client(), &mut ()).await?;
    Ok(Run { ask, checked })
}

fn pair(asked: &Asked) -> Result<Pair, Problem> {
    Pair::parse(&asked.parameters()?).map_err(|what| Problem::new("invalid-query", what))
}

fn missing() -> Problem {
    Problem::new("invalid-query", "`url` is missing")
        .with_hint("ask for /api/v1/check?url=https://example.com/")
}

fn off(asked: &Asked) -> Response {
    let problem = Problem::new("not-found", "this site checks no URLs");
    asked.problem(problem.with_hint("whoever runs it can switch it on: check = \"on\""))
}

fn come_back(asked: &Asked, busy: Busy) -> Response {
    let seconds = seconds(busy);
    let problem =
        Problem::new("too-many-checks", busy.what).with_hint(format!("come back in {seconds} s"));
    let mut response = asked.problem(problem);
    response
        .headers_mut()
        .insert(RETRY_AFTER, HeaderValue::from(seconds));
    response
}

/// RFC 9110 §10.2.3 has whole seconds; half of one is not enough of a wait.
fn seconds(busy: Busy) -> u64 {
    let wait = busy.wait;
    wait.as_secs()
        .saturating_add(u64::from(wait.subsec_nanos() > 0))
        .max(1)
}

/// What was found is for who asked, now.
fn keep_out(mut response: Response) -> Response {
    response
        .headers_mut()
        .insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
    response
}
