//! `POST /api/v1/lint`: the linter for programs.

use axum::response::Response;
use base64::Engine as _;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;
use serde::Deserialize;

use super::asked::Asked;
use crate::problem::Problem;
use crate::routes;
use crate::sample::{Sample, http_date};
use crate::views::{LintForm, LintView};

/// The JSON that is taken. Other keys are a mistake: one that is spelled wrong would change what is found.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default)]
struct Input {
    response: Option<String>,
    response_base64: Option<String>,
    request: Option<String>,
    url: Option<String>,
    received_at: Option<String>,
}

pub(super) async fn result(asked: Asked, content: Bytes) -> Response {
    let media_type = asked.field(&CONTENT_TYPE);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    let sample = match essence.to_ascii_lowercase().as_str() {
        // RFC 9110 §8.3: without a type, the recipient may take it for application/octet-stream.
        "" | "application/octet-stream" | "message/http" | "text/plain" => raw(&asked, &content),
        "application/json" => json(&content),
        other => {
            let what = format!("`{other}` is not taken here");
            let problem = Problem::new("unsupported-media-type", what)
                .with_hint("send the raw response with `Content-Type: message/http`, or JSON");
            return asked.unsupported(problem, routes::API_LINT);
        }
    };
    let linted = sample.and_then(|sample| {
        sample.lint().map_err(|error| {
            Problem::new("invalid-content", error.to_string())
                .with_hint("send it from its status line on, byte for byte")
        })
    });
    match linted {
        Ok(linted) => asked.made(
            &LintView {
                form: LintForm::default(),
                origin: asked.origin(),
                outcome: Some(Ok(linted)),
            },
            StatusCode::OK,
        ),
        Err(problem) => asked.problem(problem),
    }
}

/// The content is the response, the query says the rest.
fn raw(asked: &Asked, content: &Bytes) -> Result<Sample, Problem> {
    let mut sample = Sample {
        response: content.to_vec(),
        ..Sample::default()
    };
    for (key, value) in asked.parameters()? {
        match key.as_str() {
            "url" => sample.url = Some(value),
            "received_at" => sample.received_at_unix_s = Some(date(&value, "invalid-query")?),
            _ => {}
        }
    }
    Ok(sample)
}

fn json(content: &[u8]) -> Result<Sample, Problem> {
    let wrong = |what: String| {
        Problem::new("invalid-content", what).with_hint(
            "send an object such as {\"response\": \"HTTP/1.1 200 OK\\r\\n\\r\\n\"}; `request`, `url`, `received_at` are optional",
        )
    };
    // An array would be read as the keys in their order, which nobody means.
    if !content.trim_ascii_start().starts_with(b"{") {
        return Err(wrong("the content is no JSON object".to_owned()));
    }
    let input: Input = serde_json::from_slice(content).map_err(|error| wrong(error.to_string()))?;
    let response = match (input.response, input.response_base64) {
        (Some(text), None) => text.into_bytes(),
        (None, Some(text)) => base64::engine::general_purpose::STANDARD
            .decode(text)
            .map_err(|error| wrong(format!("`response_base64` is not base64: {error}")))?,
        _ => {
            return Err(wrong(
                "exactly one of `response` and `response_base64` is needed".to_owned(),
            ));
        }
    };
    let received_at = input.received_at.filter(|text| !text.is_empty());
    Ok(Sample {
        response,
        request: input.request.unwrap_or_default().into_bytes(),
        url: input.url.filter(|url| !url.is_empty()),
        received_at_unix_s: received_at
            .map(|text| date(&text, "invalid-content"))
            .transpose()?,
    })
}

fn date(text: &str, code: &'static str) -> Result<i64, Problem> {
    http_date(text).ok_or_else(|| {
        Problem::new(code, format!("`received_at` cannot be `{text}`"))
            .with_hint("write it as in a Date field: Tue, 24 Nov 2026 08:00:00 GMT")
    })
}
