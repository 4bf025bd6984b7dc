//! The forms that an answer can take: a representation, a 304, a 406, a 412, or a problem.

use http::header::{
    CACHE_CONTROL, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LOCATION, CONTENT_TYPE, ETAG,
    LAST_MODIFIED, LINK, VARY,
};
use http::{HeaderMap, HeaderValue, Response, StatusCode};

use crate::body::Body;
use crate::conditional::{self, Outcome};
use crate::memory::Pages;
use crate::negotiate::{self, Coding, Format};
use crate::page::{Page, Representation};
use crate::problem::{Available, Problem};
use crate::views::{ProblemView, View};

pub(crate) const CACHE_PAGE: &str = "public, max-age=3600, stale-while-revalidate=86400";
pub(crate) const CACHE_ASSET: &str = "public, max-age=31536000, immutable";
pub(crate) const CACHE_MOVED: &str = "public, max-age=86400";
const CACHE_ERROR: &str = "public, max-age=60";
pub(crate) const NO_STORE: &str = "no-store";
/// W3C LDP §4.2.7 and the registry of field names: which media types POST takes.
pub(crate) const ACCEPT_POST: http::HeaderName = http::HeaderName::from_static("accept-post");
/// Pages change with `Accept` and, for those that leave it open, with the kind of client.
const VARY_NEGOTIATED: &str = "Accept, Accept-Encoding, User-Agent";
pub(crate) const VARY_FORCED: &str = "Accept-Encoding";

/// What the fields of an answer say about its content.
pub(crate) struct About {
    pub(crate) content_type: &'static str,
    pub(crate) cache: &'static str,
    pub(crate) vary: &'static str,
    /// Whether it is as old as the server: it changes with the program and its settings, not only with the content.
    pub(crate) is_page: bool,
    /// The format that the address asks for, for errors too.
    pub(crate) forced: Option<Format>,
}

impl Pages {
    /// A page in memory, in the representation that the request prefers.
    pub(crate) fn page(
        &self,
        page: &Page,
        base: &str,
        forced: Option<Format>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let Some(format) = forced.or_else(|| negotiate::format(headers)) else {
            return self.not_acceptable(base, headers);
        };
        let about = About::page(format, forced);
        let mut response =
            self.represent(&page.representation(format, &self.chrome), &about, headers);
        let negotiated = forced.is_none();
        match response.status() {
            StatusCode::OK => self.relate(response.headers_mut(), base, format, negotiated),
            // RFC 9110 §15.4.5: a 304 has it if the 200 would have; the other links can wait.
            StatusCode::NOT_MODIFIED if negotiated => locate(response.headers_mut(), base, format),
            _ => {}
        }
        response
    }

    /// A view that is made for this request.
    pub(crate) fn show(
        &self,
        view: &dyn View,
        base: &str,
        forced: Option<Format>,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Response<Body> {
        let Some(format) = forced.or_else(|| negotiate::format(headers)) else {
            return self.not_acceptable(base, headers);
        };
        let representation = Representation::new(view.render(format, &self.chrome));
        if status == StatusCode::OK {
            self.represent(
                &representation,
                &About::of(format, forced, CACHE_PAGE),
                headers,
            )
        } else {
            represent_as(
                &representation,
                &About::of(format, forced, CACHE_ERROR),
                headers,
                status,
            )
        }
    }

    /// A view that nobody may keep: it shows what the request carried.
    pub(crate) fn made(
        &self,
        view: &dyn View,
        base: &str,
        forced: Option<Format>,
        headers: &HeaderMap,
        status: StatusCode,
    ) -> Response<Body> {
        let Some(format) = forced.or_else(|| negotiate::format(headers)) else {
            return self.not_acceptable(base, headers);
        };
        let representation = Representation::new(view.render(format, &self.chrome));
        let about = About::of(format, forced, NO_STORE);
        represent_as(&representation, &about, headers, status)
    }

    /// Links to the other representations, and which of them this one is.
    fn relate(&self, headers: &mut HeaderMap, base: &str, format: Format, negotiated: bool) {
        let mut links = vec![format!("<{}>; rel=\"canonical\"", self.chrome.public(base))];
        links.extend(
            Format::OFFERED
                .iter()
                .filter(|other| **other != format)
                .map(|other| {
                    format!(
                        "<{}>; rel=\"alternate\"; type=\"{}\"",
                        suffixed(base, *other),
                        other.essence()
                    )
                }),
        );
        // The public address is a setting; one that no field can hold is left out.
        if let Ok(links) = HeaderValue::try_from(links.join(", ")) {
            headers.insert(LINK, links);
        }
        if negotiated {
            locate(headers, base, format);
        }
    }

    /// 200, 304, 406 or 412 for a representation.
    pub(crate) fn represent(
        &self,
        representation: &Representation,
        about: &About,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let Some(coding) = negotiate::coding(headers) else {
            let problem = Problem::new(
                "not-acceptable",
                "`Accept-Encoding` rules out every content coding, even none",
            )
            .with_hint("allow br, gzip or identity");
            return self.problem(problem, about.forced, headers);
        };
        let (content, etag) = representation.coded(coding);
        let modified = about.is_page.then_some(self.started);
        match conditional::evaluate(headers, &etag, modified) {
            Outcome::Failed => {
                let problem = Problem::new(
                    "precondition-failed",
                    "the representation is not the one that the request asks for",
                )
                .with_hint("fetch it again without the condition");
                self.problem(problem, about.forced, headers)
            }
            Outcome::NotModified => {
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                about.validate(response.headers_mut(), &etag);
                response
            }
            Outcome::Proceed => {
                let mut response = Response::new(Body::new(content));
                about.validate(response.headers_mut(), &etag);
                about.describe(response.headers_mut(), coding);
                if let Some(modified) = modified {
                    let date = HeaderValue::try_from(httpdate::fmt_http_date(modified))
                        .expect("a date is ASCII");
                    response.headers_mut().insert(LAST_MODIFIED, date);
                }
                response
            }
        }
    }

    fn not_acceptable(&self, base: &str, headers: &HeaderMap) -> Response<Body> {
        let mut problem = Problem::new(
            "not-acceptable",
            format!("nothing that `Accept` asks for exists of `{base}`"),
        )
        .with_hint("ask for one of the types listed, or use a suffix such as .json");
        problem.available = Format::OFFERED
            .iter()
            .map(|format| Available {
                media_type: format.essence(),
                url: suffixed(base, *format),
            })
            .collect();
        self.problem(problem, None, headers)
    }

    /// A problem in the form that the client reads.
    pub(crate) fn problem(
        &self,
        problem: Problem,
        forced: Option<Format>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        // Who accepts nothing that there is gets what the kind of client can show.
        let format = match forced {
            Some(format) => format,
            None if negotiate::prefers_problem_json(headers) => Format::Json,
            None => negotiate::format(headers).unwrap_or(if negotiate::is_command_line(headers) {
                Format::Text
            } else {
                Format::Json
            }),
        };
        let status = problem.status_code();
        let cache = if status == StatusCode::NOT_FOUND {
            CACHE_ERROR
        } else {
            NO_STORE
        };
        let mut about = About::of(format, forced, cache);
        if format == Format::Json {
            about.content_type = "application/problem+json";
        }
        let representation = Representation::new(ProblemView(problem).render(format, &self.chrome));
        represent_as(&representation, &about, headers, status)
    }

    pub(crate) fn internal_error(&self, headers: &HeaderMap) -> Response<Body> {
        let problem = Problem::new("internal-error", "the server failed to make this page");
        self.problem(problem, None, headers)
    }
}

/// Says which representation a negotiated answer is.
fn locate(headers: &mut HeaderMap, base: &str, format: Format) {
    if let Ok(location) = HeaderValue::try_from(suffixed(base, format)) {
        headers.insert(CONTENT_LOCATION, location);
    }
}

/// The address of one representation of a page: the suffix goes before the query.
fn suffixed(base: &str, format: Format) -> String {
    let (path, query) = match base.split_once('?') {
        Some((path, query)) => (path, format!("?{query}")),
        None => (base, String::new()),
    };
    let stem = if path == "/" { "/index" } else { path };
    format!("{stem}{}{query}", format.suffix())
}

/// An answer with a status of its own, to which no condition applies.
fn represent_as(
    representation: &Representation,
    about: &About,
    headers: &HeaderMap,
    status: StatusCode,
) -> Response<Body> {
    let coding = negotiate::coding(headers).unwrap_or(Coding::Identity);
    let (content, _) = representation.coded(coding);
    let mut response = Response::new(Body::new(content));
    *response.status_mut() = status;
    about.keep(response.headers_mut());
    about.describe(response.headers_mut(), coding);
    response
}

impl About {
    fn of(format: Format, forced: Option<Format>, cache: &'static str) -> Self {
        let vary = if forced.is_some() {
            VARY_FORCED
        } else {
            VARY_NEGOTIATED
        };
        Self {
            content_type: format.content_type(),
            cache,
            vary,
            is_page: false,
            forced,
        }
    }

    /// Of what changes with the program and its settings alone.
    pub(crate) fn page(format: Format, forced: Option<Format>) -> Self {
        Self {
            is_page: true,
            ..Self::of(format, forced, CACHE_PAGE)
        }
    }

    /// For caches.
    fn keep(&self, headers: &mut HeaderMap) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(VARY, HeaderValue::from_static(self.vary));
    }

    /// The fields that a 304 shares with a 200: RFC 9110 §15.4.5.
    fn validate(&self, headers: &mut HeaderMap, etag: &str) {
        self.keep(headers);
        headers.insert(
            ETAG,
            HeaderValue::try_from(etag).expect("our tags are ASCII"),
        );
    }

    /// What a 200 says and a 304 need not: RFC 9110 §15.4.5.
    fn describe(&self, headers: &mut HeaderMap, coding: Coding) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(token) = coding.token() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        // Words have a language; style sheets and scripts have none.
        if ["text/html", "text/markdown", "text/plain"]
            .iter()
            .any(|kind| self.content_type.starts_with(kind))
        {
            headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
        }
    }
}
