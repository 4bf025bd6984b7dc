//! A request as the handlers behind the router see it, and the answers they can give.

use std::convert::Infallible;
use std::net::IpAddr;
use std::sync::Arc;

use axum::extract::FromRequestParts;
use axum::response::{IntoResponse as _, Response};
use http::header::{CACHE_CONTROL, CONTENT_TYPE, HOST, LOCATION};
use http::request::Parts;
use http::uri::Scheme;
use http::{HeaderName, HeaderValue, StatusCode};
use siteerror_playground::Playground;

use crate::answer::{ACCEPT_POST, NO_STORE};
use crate::check::Checks;
use crate::memory::Pages;
use crate::negotiate::{self, Format};
use crate::problem::Problem;
use crate::routes;
use crate::site::Client;
use crate::views::View;

/// Parameters of a query that are looked at.
const MOST_PARAMETERS: usize = 128;

/// What the fields of a request do not say about it.
#[derive(Debug, Clone)]
pub(crate) struct Arrived {
    pub(crate) scheme: Scheme,
    /// The format that the address itself asks for: by its suffix, or because it is one of the API.
    pub(crate) forced: Option<Format>,
    /// Whether it is a HEAD, which handlers see as a GET.
    pub(crate) head: bool,
}

/// A request with the pages that may answer it.
pub(super) struct Asked {
    pages: Arc<Pages>,
    forced: Option<Format>,
    scheme: Scheme,
    head: bool,
    parts: Parts,
}

impl FromRequestParts<Arc<Pages>> for Asked {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, pages: &Arc<Pages>) -> Result<Self, Infallible> {
        let arrived = parts.extensions.get::<Arrived>();
        Ok(Self {
            pages: Arc::clone(pages),
            forced: arrived.and_then(|arrived| arrived.forced),
            head: arrived.is_some_and(|arrived| arrived.head),
            scheme: arrived.map_or(Scheme::HTTP, |arrived| arrived.scheme.clone()),
            parts: parts.clone(),
        })
    }
}

impl Asked {
    pub(super) fn playground(&self) -> Option<&Playground> {
        self.pages.playground.as_ref()
    }

    pub(super) fn checks(&self) -> Option<&Checks> {
        self.pages.checks.as_ref()
    }

    /// Who asks, where that is known.
    pub(super) fn client(&self) -> Option<IpAddr> {
        self.parts.extensions.get::<Client>()?.0
    }

    /// Whether only the fields are wanted.
    pub(super) fn is_head(&self) -> bool {
        self.head
    }

    /// Where this site is for whoever asks: its public address if that is known, else what the request calls it.
    pub(super) fn origin(&self) -> String {
        if let Some(base) = &self.pages.chrome.settings.base_url {
            return base.clone();
        }
        let host = self.parts.headers.get(HOST);
        let authority = host.and_then(|host| host.to_str().ok()).unwrap_or_default();
        let authority = if authority.is_empty() {
            "localhost"
        } else {
            authority
        };
        format!("{}://{authority}", self.scheme)
    }

    pub(super) fn path(&self) -> &str {
        self.parts.uri.path()
    }

    /// The query, decoded: `a=b&c=d`, with `+` for a space.
    pub(super) fn parameters(&self) -> Result<Vec<(String, String)>, Problem> {
        let decode = |text: &str| {
            let spaced = text.replace('+', " ");
            let decoded = percent_encoding::percent_decode_str(&spaced).decode_utf8();
            decoded.map(std::borrow::Cow::into_owned).map_err(|_| {
                Problem::new(
                    "invalid-query",
                    format!("`{text}` in the query is not UTF-8"),
                )
                .with_hint("encode it as UTF-8, each byte as %XX")
            })
        };
        let query = self.parts.uri.query().unwrap_or_default();
        let pairs = query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .take(MOST_PARAMETERS);
        pairs
            .map(|pair| {
                let (key, value) = pair.split_once('=').unwrap_or((pair, ""));
                Ok((decode(key)?, decode(value)?))
            })
            .collect()
    }

    /// Whether the answer would be a page.
    pub(super) fn is_for_a_browser(&self) -> bool {
        let format = self
            .forced
            .or_else(|| negotiate::format(&self.parts.headers));
        format == Some(Format::Html)
    }

    /// Whether the answer would be for people rather than for programs.
    pub(super) fn is_for_people(&self) -> bool {
        let format = self
            .forced
            .or_else(|| negotiate::format(&self.parts.headers));
        format != Some(Format::Json)
    }

    /// 303 to another page.
    pub(super) fn see(&self, path: &str) -> Response {
        let fields = [
            (LOCATION, path),
            (CACHE_CONTROL, NO_STORE),
            (CONTENT_TYPE, "text/plain; charset=utf-8"),
        ];
        (StatusCode::SEE_OTHER, fields, format!("See {path}\n")).into_response()
    }

    /// 200 with a view, or the problem that kept it from being made.
    pub(super) fn answer<V: View>(&self, base: &str, view: Result<V, Problem>) -> Response {
        match view {
            Ok(view) => self.show(base, &view, StatusCode::OK),
            Err(problem) => self.problem(problem),
        }
    }

    pub(super) fn show(&self, base: &str, view: &dyn View, status: StatusCode) -> Response {
        let base = match self.parts.uri.query() {
            Some(query) => format!("{base}?{query}"),
            None => base.to_owned(),
        };
        let response = self
            .pages
            .show(view, &base, self.forced, &self.parts.headers, status);
        response.map(axum::body::Body::new)
    }

    /// A view that is made from what this request carries, and kept by nobody.
    pub(super) fn made(&self, view: &dyn View, status: StatusCode) -> Response {
        let base = self.parts.uri.path();
        let headers = &self.parts.headers;
        let response = self.pages.made(view, base, self.forced, headers, status);
        response.map(axum::body::Body::new)
    }

    /// 415 with the media types that an address takes.
    pub(super) fn unsupported(&self, problem: Problem, path: &str) -> Response {
        let mut response = self.problem(problem);
        if let Some(taking) = routes::taking(path) {
            response
                .headers_mut()
                .insert(ACCEPT_POST, HeaderValue::from_static(taking.accept));
        }
        response
    }

    /// The value of a field that is there once; empty if it is not there or no text.
    pub(super) fn field(&self, name: &HeaderName) -> &str {
        let value = self.parts.headers.get(name);
        value
            .and_then(|value| value.to_str().ok())
            .unwrap_or_default()
    }

    pub(super) fn problem(&self, problem: Problem) -> Response {
        let response = self
            .pages
            .problem(problem, self.forced, &self.parts.headers);
        response.map(axum::body::Body::new)
    }
}
