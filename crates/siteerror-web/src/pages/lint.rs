//! `/lint`: the form of the linter, by GET with an example or empty, and by POST with what was found.

use axum::response::Response;
use bytes::Bytes;
use http::StatusCode;
use http::header::CONTENT_TYPE;

use super::asked::Asked;
use crate::problem::Problem;
use crate::routes;
use crate::sample::{Sample, http_date};
use crate::views::{LintForm, LintView, as_sample};

pub(super) async fn form(asked: Asked) -> Response {
    let form = asked.parameters().and_then(|parameters| {
        let example = parameters.into_iter().find(|(key, _)| key == "example");
        example.map_or_else(|| Ok(LintForm::default()), |(_, name)| filled(&name))
    });
    match form {
        Ok(form) => asked.made(
            &LintView {
                form,
                origin: asked.origin(),
                outcome: None,
            },
            StatusCode::OK,
        ),
        Err(problem) => asked.problem(problem),
    }
}

/// The form with the bad example of a rule.
fn filled(name: &str) -> Result<LintForm, Problem> {
    let rule = siteerror_lint::rule(name);
    let Some((rule, sample)) = rule.and_then(|rule| Some((rule, as_sample(rule)?))) else {
        let what = format!("`{name}` is no rule whose example fits into a form");
        return Err(
            Problem::new("invalid-query", what).with_hint("/rules lists them with their examples")
        );
    };
    let text = |bytes: &[u8]| String::from_utf8_lossy(bytes).replace("\r\n", "\n");
    Ok(LintForm {
        response: text(&sample.response),
        request: text(&sample.request),
        url: sample.url.unwrap_or_default(),
        received_at: rule.context.received_at.unwrap_or_default().to_owned(),
    })
}

pub(super) async fn result(asked: Asked, content: Bytes) -> Response {
    let media_type = asked.field(&CONTENT_TYPE);
    let essence = media_type.split(';').next().unwrap_or_default().trim();
    if !essence.eq_ignore_ascii_case("application/x-www-form-urlencoded") {
        let problem = Problem::new(
            "unsupported-media-type",
            "a form sends its content as application/x-www-form-urlencoded",
        );
        let problem = problem.with_hint(format!("programs use {}", routes::API_LINT));
        return asked.unsupported(problem, routes::LINT);
    }
    let (form, mut sample) = read(&content);
    let date = form.received_at.trim();
    let received_at = (!date.is_empty()).then(|| http_date(date));
    let outcome = match received_at {
        Some(None) => Err(format!(
            "“{date}” is no date of HTTP, such as Tue, 24 Nov 2026 08:00:00 GMT"
        )),
        date => {
            sample.received_at_unix_s = date.flatten();
            sample.lint_pasted().map_err(|error| {
                let text = error.to_string();
                format!("{}{}", text[..1].to_ascii_uppercase(), &text[1..])
            })
        }
    };
    match outcome {
        Err(what) if !asked.is_for_a_browser() => asked.problem(
            Problem::new("invalid-content", what)
                .with_hint("`response` is a raw HTTP response, from its status line on"),
        ),
        outcome => {
            let status = if outcome.is_ok() {
                StatusCode::OK
            } else {
                StatusCode::BAD_REQUEST
            };
            let view = LintView {
                form,
                origin: asked.origin(),
                outcome: Some(outcome),
            };
            asked.made(&view, status)
        }
    }
}

/// The fields of the form, as text to be shown again and as the bytes that were sent.
fn read(content: &[u8]) -> (LintForm, Sample) {
    let (mut form, mut sample) = (LintForm::default(), Sample::default());
    for pair in content.split(|byte| *byte == b'&') {
        let mut halves = pair.splitn(2, |byte| *byte == b'=');
        let name = halves.next().unwrap_or_default();
        let value = halves.next().unwrap_or_default();
        let spaced: Vec<u8> = value
            .iter()
            .map(|byte| if *byte == b'+' { b' ' } else { *byte })
            .collect();
        let bytes: Vec<u8> = percent_encoding::percent_decode(&spaced).collect();
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match name {
            b"response" => {
                form.response = text.replace("\r\n", "\n");
                sample.response = bytes;
            }
            b"request" => {
                form.request = text.replace("\r\n", "\n");
                sample.request = if text.trim().is_empty() {
                    Vec::new()
                } else {
                    bytes
                };
            }
            b"url" => {
                let url = text.trim();
                sample.url = (!url.is_empty()).then(|| url.to_owned());
                form.url = text;
            }
            b"received_at" => form.received_at = text,
            _ => {}
        }
    }
    (form, sample)
}
