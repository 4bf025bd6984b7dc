//! Answers that explain themselves: what the code tells a client, and why this one was sent.

use askama::Template;
use bytes::Bytes;
use http::HeaderValue;
use serde::Serialize;
use serde_json::Value;
use siteerror_catalog::{Cache, catalog};

use crate::accept;
use crate::refusal::Refusal;

/// Which pages explain the codes.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Pages {
    /// Those of a site: what stands before `/404`. Empty where the site is on the same origin.
    Site(String),
    /// The playground's own, at `/explain/404` below its prefix.
    Own,
}

/// What there is to say about an answer.
#[derive(Debug, Serialize)]
pub(crate) struct Explanation {
    /// Page of the code.
    #[serde(rename = "type")]
    page: String,
    #[serde(skip_serializing_if = "str::is_empty")]
    title: &'static str,
    status: u16,
    /// Why this answer was sent.
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    code: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    hint: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    limit: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    max: Option<u64>,
    #[serde(skip_serializing_if = "Option::is_none")]
    asked: Option<Value>,
    /// What the code says.
    #[serde(skip_serializing_if = "Option::is_none")]
    meaning: Option<&'static str>,
    /// Whether to send the request again.
    #[serde(skip_serializing_if = "Option::is_none")]
    retry: Option<&'static str>,
    /// What a cache may do with it.
    #[serde(skip_serializing_if = "Option::is_none")]
    cache: Option<&'static str>,
}

#[derive(Template)]
#[template(path = "explanation.html")]
struct Page<'a> {
    explanation: &'a Explanation,
}

/// Room for a usual explanation, so that it is written without growing.
const USUAL_BYTES: usize = 1024;

/// The media types in which an explanation comes, the preferred first.
const OFFERED: [&str; 4] = [
    "application/problem+json",
    "application/json",
    "text/html",
    "text/plain",
];

/// The form that a request prefers, problem+json where it does not say or wants nothing that there is.
pub(crate) fn form<'a>(accept: impl IntoIterator<Item = &'a HeaderValue>) -> &'static str {
    OFFERED[accept::choose_by(accept, &OFFERED).unwrap_or(0)]
}

impl Explanation {
    /// Of an answer with this status.
    pub(crate) fn new(status: u16, because: Option<&str>, page: String) -> Self {
        let code = catalog().number(status);
        Self {
            page,
            title: code.map_or("", siteerror_catalog::Code::title),
            status,
            detail: because.map(str::to_owned),
            code: None,
            hint: None,
            limit: None,
            max: None,
            asked: None,
            meaning: code.map(|code| code.summary),
            retry: code.map(|code| code.facts.retry.plain()),
            cache: code.map(|code| cache(code.facts.cache)),
        }
    }

    /// Of a refusal.
    pub(crate) fn of(refusal: &Refusal, page: String) -> Self {
        let mut explanation = Self::new(refusal.status, Some(&refusal.detail), page);
        explanation.title = refusal.title();
        explanation.code = Some(refusal.code);
        explanation.hint = refusal.hint.as_deref().map(str::to_owned);
        if let Some((limit, asked)) = &refusal.limit {
            explanation.limit = Some(limit.name);
            explanation.max = Some(limit.max);
            explanation.asked = Some(asked.clone());
        }
        explanation
    }

    /// In the form that the request prefers, problem+json where it does not say or wants nothing that there is.
    /// `accept`: the values of that field.
    pub(crate) fn represent<'a>(
        &self,
        accept: impl IntoIterator<Item = &'a HeaderValue>,
    ) -> (&'static str, Bytes) {
        self.represent_as(form(accept))
    }

    /// The same in one of the forms.
    pub(crate) fn represent_as(&self, form: &'static str) -> (&'static str, Bytes) {
        match form {
            "text/html" => (
                crate::reply::HTML,
                Page { explanation: self }
                    .render()
                    .unwrap_or_default()
                    .into(),
            ),
            "text/plain" => (crate::reply::TEXT, self.text().into()),
            _ => {
                let mut json = Vec::with_capacity(USUAL_BYTES);
                serde_json::to_writer_pretty(&mut json, self).expect("it is plain data");
                json.push(b'\n');
                (form, json.into())
            }
        }
    }

    fn text(&self) -> String {
        let mut text = format!("{} {}\n", self.status, self.title);
        let lines = [
            ("", self.detail.as_deref()),
            ("", self.hint.as_deref()),
            ("Means: ", self.meaning),
            ("Again? ", self.retry),
            ("Caches: ", self.cache),
            ("More: ", Some(self.page.as_str())),
        ];
        for (label, line) in lines {
            if let Some(line) = line {
                text.push_str(label);
                text.push_str(line);
                text.push('\n');
            }
        }
        text
    }
}

/// What a cache may do, in a sentence. RFC 9111 §3 and §4.2.2.
const fn cache(cache: Cache) -> &'static str {
    match cache {
        Cache::Heuristic => "A cache may keep it, even without being told for how long.",
        Cache::ExplicitOnly => "A cache may keep it only if the response says so.",
        Cache::MustNotStore => "No cache may keep it.",
        Cache::Never => "Caches never keep interim responses.",
        _ => "It is never kept itself: it freshens the response that a cache has already.",
    }
}
