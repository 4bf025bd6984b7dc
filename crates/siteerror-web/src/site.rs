//! The site as a whole: which view stands at which address, and the answer to a request.

use std::collections::HashMap;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;

use axum::extract::Request;
use bytes::Bytes;
use http::header::{
    ALLOW, CACHE_CONTROL, CONNECTION, CONTENT_ENCODING, CONTENT_LANGUAGE, CONTENT_LENGTH,
    CONTENT_LOCATION, CONTENT_SECURITY_POLICY, CONTENT_TYPE, ETAG, LAST_MODIFIED, LINK, LOCATION,
    REFERRER_POLICY, VARY, X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use http_body_util::{BodyExt as _, Full};
use siteerror_catalog::{Class, catalog};

use crate::assets::{ASSETS, Asset};
use crate::conditional::{self, Outcome};
use crate::negotiate::{self, Coding, Format};
use crate::page::{Page, Representation, midnight};
use crate::problem::{Available, Problem};
use crate::views::{
    ClassView, CodeView, CodesView, Filter, HomeView, ProblemView, ProblemsView, View,
};
use crate::{pages, routes};

/// The body of every answer.
pub type Body = Full<Bytes>;

/// Everything is ours: no script, style, picture or frame from elsewhere, and none written into the page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";
const CACHE_PAGE: &str = "public, max-age=3600, stale-while-revalidate=86400";
const CACHE_ASSET: &str = "public, max-age=31536000, immutable";
const CACHE_ERROR: &str = "public, max-age=60";
const NO_STORE: &str = "no-store";
/// Pages change with `Accept` and, for those that leave it open, with the kind of client.
const VARY_NEGOTIATED: &str = "Accept, Accept-Encoding, User-Agent";
const VARY_FORCED: &str = "Accept-Encoding";
const ALLOWED: &str = "GET, HEAD, OPTIONS";

/// Longest query that is looked at, in bytes.
const MOST_QUERY: usize = 2048;

/// What whoever runs the site may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name in the head, the titles and the foot.
    pub site_name: String,
    /// One sentence below the search on the home page and in the foot.
    pub tagline: String,
    /// Public address without a slash at the end, for canonical links; none means that links stay relative.
    pub base_url: Option<String>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_name: "siteerror".to_owned(),
            tagline: "Every number a server can say, and what to do about it.".to_owned(),
            base_url: None,
        }
    }
}

/// What every HTML page shows around its own words.
#[derive(Debug)]
pub struct Chrome {
    pub(crate) settings: Settings,
}

impl Chrome {
    /// Of a site with these settings.
    pub const fn new(settings: Settings) -> Self {
        Self { settings }
    }

    /// The address of a path for the world: absolute where the public address is known.
    pub(crate) fn public(&self, path: &str) -> String {
        format!(
            "{}{path}",
            self.settings.base_url.as_deref().unwrap_or_default()
        )
    }
}

/// All pages, and how to answer a request for one.
#[derive(Debug, Clone)]
pub struct Site {
    pages: Arc<Pages>,
    router: axum::Router,
}

/// What is held in memory, and the forms that an answer can take.
pub(crate) struct Pages {
    pub(crate) chrome: Chrome,
    by_path: HashMap<String, Arc<Page>, foldhash::fast::FixedState>,
    /// Addresses that have exactly one representation, such as those of the API.
    single: HashMap<String, (Arc<Page>, Format), foldhash::fast::FixedState>,
    assets: HashMap<&'static str, (&'static Asset, Representation), foldhash::fast::FixedState>,
    schema: Representation,
    redirects: HashMap<String, String, foldhash::fast::FixedState>,
}

impl std::fmt::Debug for Pages {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Pages")
            .field("pages", &self.by_path.len())
            .finish_non_exhaustive()
    }
}

/// What the address itself says about the representation, for handlers behind the router.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Forced(pub(crate) Option<Format>);

impl Site {
    /// The site with all its addresses.
    pub fn new(settings: Settings) -> Self {
        let pages = Arc::new(Pages::new(settings));
        Self {
            router: pages::router(Arc::clone(&pages)),
            pages,
        }
    }

    /// Every address that is a page or a file, for tests and exports.
    pub fn addresses(&self) -> Vec<String> {
        self.pages.addresses()
    }

    /// The pages that exist in every representation.
    pub fn pages(&self) -> Vec<String> {
        self.pages.pages()
    }

    /// The addresses that lead on with 308, with the address they lead to.
    pub fn redirects(&self) -> Vec<(String, String)> {
        self.pages.redirects()
    }

    /// Renders and compresses everything that is not yet. Takes seconds of one core, so it belongs into the background.
    pub fn warm(&self) {
        self.pages.warm();
    }

    /// The answer to a request that breaks a rule of HTTP.
    pub(crate) fn refuse(&self, what: &str, headers: &HeaderMap) -> Response<Body> {
        let problem = Problem::new("invalid-request", what).with_hint("see RFC 9112, section 3.2");
        let mut response = self.pages.problem(problem, None, headers);
        response
            .headers_mut()
            .insert(CONNECTION, HeaderValue::from_static("close"));
        response
    }

    /// Answers a request. It never fails: a panic inside becomes a 500.
    pub async fn respond<B: Send + 'static>(&self, request: http::Request<B>) -> Response<Body> {
        let (parts, _) = request.into_parts();
        let head = parts.method == Method::HEAD;
        let mut response = match catch_unwind(AssertUnwindSafe(|| self.pages.lane(&parts))) {
            Ok(Some(response)) => response,
            Ok(None) => self.routed(parts).await,
            Err(_) => self.pages.internal_error(&parts.headers),
        };
        let length = http_body::Body::size_hint(response.body())
            .exact()
            .unwrap_or(0);
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if response.status() != StatusCode::NOT_MODIFIED
            && response.status() != StatusCode::NO_CONTENT
        {
            response
                .headers_mut()
                .insert(CONTENT_LENGTH, HeaderValue::from(length));
        }
        if head {
            *response.body_mut() = Body::default();
        }
        response
    }

    /// The addresses whose answer depends on the request.
    async fn routed(&self, mut parts: http::request::Parts) -> Response<Body> {
        let headers = parts.headers.clone();
        if parts
            .uri
            .query()
            .is_some_and(|query| query.len() > MOST_QUERY)
        {
            let problem = Problem::new(
                "invalid-query",
                format!("the query has more than {MOST_QUERY} bytes"),
            )
            .with_hint("shorten it");
            return self.pages.problem(problem, None, &headers);
        }
        let (base, forced) = Format::split(parts.uri.path());
        let base = match parts.uri.query() {
            Some(query) => format!("{base}?{query}"),
            None => base.to_owned(),
        };
        parts.extensions.insert(Forced(forced));
        if let Ok(uri) = base.parse() {
            parts.uri = uri;
        }
        let answer = tower::ServiceExt::oneshot(
            self.router.clone(),
            Request::from_parts(parts, axum::body::Body::empty()),
        );
        match futures_util::FutureExt::catch_unwind(AssertUnwindSafe(answer)).await {
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                let content = body
                    .collect()
                    .await
                    .map(http_body_util::Collected::to_bytes)
                    .unwrap_or_default();
                Response::from_parts(parts, Body::new(content))
            }
            Ok(Err(never)) => match never {},
            Err(_) => self.pages.internal_error(&headers),
        }
    }
}

impl Pages {
    fn new(settings: Settings) -> Self {
        let newest = catalog()
            .codes()
            .iter()
            .map(|code| code.updated)
            .max()
            .unwrap_or("2026-11-24");
        let mut pages = HashMap::default();
        let mut single = HashMap::default();
        let mut redirects = HashMap::default();
        let mut add = |path: &str, view: Box<dyn View>, updated| {
            let page = Arc::new(Page::new(view, updated));
            pages.insert(path.to_owned(), Arc::clone(&page));
            page
        };
        add(routes::HOME, Box::new(HomeView), newest);
        let all = add(
            routes::CODES,
            Box::new(CodesView::new(Filter::default())),
            newest,
        );
        add(routes::PROBLEMS, Box::new(ProblemsView), newest);
        single.insert(routes::API_CODES.to_owned(), (all, Format::Json));
        for class in Class::ALL {
            let page = catalog()
                .classes()
                .iter()
                .find(|page| page.class == class)
                .expect("each class has its file");
            add(
                &format!("/{}", class.slug()),
                Box::new(ClassView(page)),
                page.updated.max(newest),
            );
        }
        for code in catalog().codes() {
            let page = add(&code.id.path(), Box::new(CodeView(code)), code.updated);
            single.insert(
                format!("{}{}", routes::API_CODES, code.id.path()),
                (page, Format::Json),
            );
            for slug in code.slugs() {
                redirects.insert(format!("/{slug}"), code.id.path());
            }
        }
        redirects.insert("/index".to_owned(), routes::HOME.to_owned());
        for asset in ASSETS.iter().filter(|asset| asset.name == "icon.svg") {
            redirects.insert("/favicon.ico".to_owned(), asset.path.to_owned());
        }
        Self {
            chrome: Chrome::new(settings),
            by_path: pages,
            single,
            assets: ASSETS
                .iter()
                .map(|asset| (asset.path, (asset, Representation::new(asset.bytes))))
                .collect(),
            schema: Representation::new(siteerror_catalog::CODE_SCHEMA),
            redirects,
        }
    }

    /// Every address that is a page or a file, for tests and exports.
    fn addresses(&self) -> Vec<String> {
        let mut all: Vec<String> = self
            .by_path
            .keys()
            .chain(self.single.keys())
            .cloned()
            .collect();
        all.extend(self.assets.keys().map(|path| (*path).to_owned()));
        all.push(routes::API_CODE_SCHEMA.to_owned());
        all.sort();
        all
    }

    /// The pages that exist in every representation.
    fn pages(&self) -> Vec<String> {
        let mut all: Vec<String> = self.by_path.keys().cloned().collect();
        all.sort();
        all
    }

    /// The addresses that lead on with 308, with the address they lead to.
    fn redirects(&self) -> Vec<(String, String)> {
        let mut all: Vec<_> = self
            .redirects
            .iter()
            .map(|(from, to)| (from.clone(), to.clone()))
            .collect();
        all.sort();
        all
    }

    /// Renders and compresses everything that is not yet. Takes seconds of one core, so it belongs into the background.
    fn warm(&self) {
        for asset in ASSETS {
            self.assets[asset.path].1.warm();
        }
        self.schema.warm();
        // The order of a visitor's needs: all HTML first.
        for format in Format::ALL {
            for path in self.pages() {
                self.by_path[&path]
                    .representation(format, &self.chrome)
                    .warm();
            }
        }
    }

    /// Pages and files in memory, redirects, and methods that nothing here takes. Everything else is for the router.
    fn lane(&self, parts: &http::request::Parts) -> Option<Response<Body>> {
        let path = parts.uri.path();
        if let Some(response) = self.method(parts) {
            return Some(response);
        }
        let headers = &parts.headers;
        let plain = parts.uri.query().is_none_or(str::is_empty);
        let (base, forced) = Format::split(path);
        if let Some(page) = self.by_path.get(base)
            && (plain || base != routes::CODES)
        {
            return Some(self.page(page, base, forced, headers));
        }
        if plain && let Some((page, format)) = self.single.get(path) {
            let representation = page.representation(*format, &self.chrome);
            let about = About {
                content_type: format.content_type(),
                cache: CACHE_PAGE,
                vary: VARY_FORCED,
                modified: Some(page.updated),
            };
            return Some(self.represent(representation, &about, headers));
        }
        if let Some((asset, representation)) = self.assets.get(path) {
            let about = About {
                content_type: asset.media_type,
                cache: CACHE_ASSET,
                vary: VARY_FORCED,
                modified: None,
            };
            return Some(self.represent(representation, &about, headers));
        }
        if path == routes::API_CODE_SCHEMA {
            let about = About {
                content_type: "application/schema+json",
                cache: CACHE_PAGE,
                vary: VARY_FORCED,
                modified: None,
            };
            return Some(self.represent(&self.schema, &about, headers));
        }
        self.redirect(path, parts.uri.query())
    }

    /// The answer to any method but GET and HEAD.
    fn method(&self, parts: &http::request::Parts) -> Option<Response<Body>> {
        match &parts.method {
            &Method::GET | &Method::HEAD => None,
            &Method::OPTIONS => {
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NO_CONTENT;
                response
                    .headers_mut()
                    .insert(ALLOW, HeaderValue::from_static(ALLOWED));
                response
                    .headers_mut()
                    .insert(CACHE_CONTROL, HeaderValue::from_static(NO_STORE));
                Some(response)
            }
            known
                if [
                    Method::POST,
                    Method::PUT,
                    Method::DELETE,
                    Method::PATCH,
                    Method::TRACE,
                    Method::CONNECT,
                ]
                .contains(known) =>
            {
                let problem = Problem::new(
                    "method-not-allowed",
                    format!("`{known}` is not possible here: this site is for reading"),
                )
                .with_hint("use GET or HEAD");
                let mut response = self.problem(problem, None, &parts.headers);
                response
                    .headers_mut()
                    .insert(ALLOW, HeaderValue::from_static(ALLOWED));
                Some(response)
            }
            unknown => {
                let problem = Problem::new(
                    "method-not-implemented",
                    format!("this server does not know the method `{unknown}`"),
                )
                .with_hint("methods are case-sensitive; use GET or HEAD");
                Some(self.problem(problem, None, &parts.headers))
            }
        }
    }

    fn page(
        &self,
        page: &Page,
        base: &str,
        forced: Option<Format>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let Some(format) = forced.or_else(|| negotiate::format(headers)) else {
            return self.not_acceptable(base, headers);
        };
        let representation = page.representation(format, &self.chrome);
        let about = About {
            content_type: format.content_type(),
            cache: CACHE_PAGE,
            vary: if forced.is_some() {
                VARY_FORCED
            } else {
                VARY_NEGOTIATED
            },
            modified: Some(page.updated),
        };
        let mut response = self.represent(representation, &about, headers);
        self.dress(&mut response, base, format, forced.is_none());
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
        let about = About {
            content_type: format.content_type(),
            cache: if status.is_success() {
                CACHE_PAGE
            } else {
                CACHE_ERROR
            },
            vary: if forced.is_some() {
                VARY_FORCED
            } else {
                VARY_NEGOTIATED
            },
            modified: None,
        };
        let mut response = if status.is_success() {
            self.represent(&representation, &about, headers)
        } else {
            represent_as(&representation, &about, headers, status)
        };
        if status.is_success() {
            self.dress(&mut response, base, format, false);
        } else if format == Format::Html {
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        }
        response
    }

    /// Links to the other representations, and what a browser must know of a page.
    fn dress(&self, response: &mut Response<Body>, base: &str, format: Format, negotiated: bool) {
        let stem = if base == "/" { "/index" } else { base };
        let headers = response.headers_mut();
        let mut links = format!("<{}>; rel=\"canonical\"", self.chrome.public(base));
        for other in Format::ALL
            .into_iter()
            .take(4)
            .filter(|other| *other != format)
        {
            let _ = std::fmt::Write::write_fmt(
                &mut links,
                format_args!(
                    ", <{stem}{}>; rel=\"alternate\"; type=\"{}\"",
                    other.suffix(),
                    other.essence()
                ),
            );
        }
        if let Ok(links) = HeaderValue::try_from(links) {
            headers.insert(LINK, links);
        }
        if negotiated
            && let Ok(location) = HeaderValue::try_from(format!("{stem}{}", format.suffix()))
        {
            headers.insert(CONTENT_LOCATION, location);
        }
        if format == Format::Html {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            headers.insert(
                REFERRER_POLICY,
                HeaderValue::from_static("strict-origin-when-cross-origin"),
            );
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
            return self.problem(problem, None, headers);
        };
        let (content, etag) = representation.coded(coding);
        let modified = about.modified.map(midnight);
        match conditional::evaluate(headers, &etag, modified.unwrap_or(std::time::UNIX_EPOCH)) {
            Outcome::Failed => {
                let problem = Problem::new(
                    "precondition-failed",
                    "the representation is not the one that the request asks for",
                )
                .with_hint("fetch it again without the condition");
                self.problem(problem, None, headers)
            }
            Outcome::NotModified
                if modified.is_some() || headers.contains_key(http::header::IF_NONE_MATCH) =>
            {
                let mut response = Response::new(Body::default());
                *response.status_mut() = StatusCode::NOT_MODIFIED;
                about.apply(response.headers_mut(), &etag);
                response
            }
            _ => {
                let mut response = Response::new(Body::new(content));
                about.apply(response.headers_mut(), &etag);
                about.describe(response.headers_mut(), coding);
                response
            }
        }
    }

    fn not_acceptable(&self, base: &str, headers: &HeaderMap) -> Response<Body> {
        let stem = if base == "/" { "/index" } else { base };
        let mut problem = Problem::new(
            "not-acceptable",
            format!("nothing that `Accept` asks for exists of `{base}`"),
        )
        .with_hint("ask for one of the types listed, or use a suffix such as .json");
        problem.available = Format::ALL
            .into_iter()
            .take(4)
            .map(|format| Available {
                media_type: format.essence(),
                url: format!("{stem}{}", format.suffix()),
            })
            .collect();
        self.problem(problem, Some(Format::Json), headers)
    }

    /// A problem in the form that the client reads.
    pub(crate) fn problem(
        &self,
        problem: Problem,
        forced: Option<Format>,
        headers: &HeaderMap,
    ) -> Response<Body> {
        let format = forced
            .or_else(|| negotiate::format(headers))
            .unwrap_or(Format::Json);
        let status = problem.status_code();
        let view = ProblemView(problem);
        let about = About {
            content_type: if format == Format::Json {
                "application/problem+json"
            } else {
                format.content_type()
            },
            cache: if status == StatusCode::NOT_FOUND {
                CACHE_ERROR
            } else {
                NO_STORE
            },
            vary: if forced.is_some() {
                VARY_FORCED
            } else {
                VARY_NEGOTIATED
            },
            modified: None,
        };
        let mut response = represent_as(
            &Representation::new(view.render(format, &self.chrome)),
            &about,
            headers,
            status,
        );
        if format == Format::Html {
            response
                .headers_mut()
                .insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
        }
        response
    }

    pub(crate) fn internal_error(&self, headers: &HeaderMap) -> Response<Body> {
        self.problem(
            Problem::new("internal-error", "the server failed to make this page"),
            None,
            headers,
        )
    }

    /// 308 to the one right spelling of an address: names, letter case, slashes at the end.
    fn redirect(&self, path: &str, query: Option<&str>) -> Option<Response<Body>> {
        let lower = path.to_ascii_lowercase();
        let (stem, format) = Format::split(&lower);
        let tidy = match stem.trim_end_matches('/') {
            "" => "/",
            tidy => tidy,
        };
        let known = self.by_path.contains_key(tidy)
            || self.single.contains_key(tidy)
            || is_number(tidy)
            || pages::ROUTED.contains(&tidy);
        let target = match self.redirects.get(tidy) {
            Some(target) => target.as_str(),
            None if known => tidy,
            None => return None,
        };
        let mut location = match format {
            Some(format) if target == "/" => format!("/index{}", format.suffix()),
            Some(format) => format!("{target}{}", format.suffix()),
            None => target.to_owned(),
        };
        if location == path {
            return None;
        }
        if let Some(query) = query {
            location.push('?');
            location.push_str(query);
        }
        let mut response =
            Response::new(Body::from(format!("This address is written {location}\n")));
        *response.status_mut() = StatusCode::PERMANENT_REDIRECT;
        let headers = response.headers_mut();
        headers.insert(LOCATION, HeaderValue::try_from(location).ok()?);
        headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("text/plain; charset=utf-8"),
        );
        headers.insert(
            CACHE_CONTROL,
            HeaderValue::from_static("public, max-age=86400"),
        );
        Some(response)
    }
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
    let map = response.headers_mut();
    map.insert(CACHE_CONTROL, HeaderValue::from_static(about.cache));
    map.insert(VARY, HeaderValue::from_static(about.vary));
    about.describe(map, coding);
    response
}

/// `/404`, assigned or not.
fn is_number(path: &str) -> bool {
    path.strip_prefix('/')
        .is_some_and(|digits| digits.len() == 3 && digits.bytes().all(|byte| byte.is_ascii_digit()))
}

/// What the fields of an answer say about its content.
pub(crate) struct About {
    pub(crate) content_type: &'static str,
    pub(crate) cache: &'static str,
    pub(crate) vary: &'static str,
    pub(crate) modified: Option<&'static str>,
}

impl About {
    /// The fields that a 304 shares with a 200.
    fn apply(&self, headers: &mut HeaderMap, etag: &str) {
        headers.insert(CACHE_CONTROL, HeaderValue::from_static(self.cache));
        headers.insert(VARY, HeaderValue::from_static(self.vary));
        headers.insert(
            ETAG,
            HeaderValue::try_from(etag).expect("our tags are ASCII"),
        );
        if let Some(day) = self.modified {
            headers.insert(
                LAST_MODIFIED,
                HeaderValue::try_from(httpdate::fmt_http_date(midnight(day)))
                    .expect("a date is ASCII"),
            );
        }
    }

    fn describe(&self, headers: &mut HeaderMap, coding: Coding) {
        headers.insert(CONTENT_TYPE, HeaderValue::from_static(self.content_type));
        if let Some(token) = coding.token() {
            headers.insert(CONTENT_ENCODING, HeaderValue::from_static(token));
        }
        if self.content_type.starts_with("text/")
            && !self.content_type.contains("css")
            && !self.content_type.contains("javascript")
        {
            headers.insert(CONTENT_LANGUAGE, HeaderValue::from_static("en"));
        }
    }
}
