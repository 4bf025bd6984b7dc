//! The site as a whole: which view stands at which address, and the answer to a request.

use std::net::IpAddr;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::sync::Arc;
use std::time::{Duration, SystemTime};

use axum::extract::Request;
use bytes::Bytes;
use futures_util::StreamExt as _;
use http::header::{
    CONNECTION, CONTENT_LENGTH, CONTENT_SECURITY_POLICY, CONTENT_TYPE, HOST, REFERRER_POLICY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::uri::Scheme;
use http::{HeaderMap, HeaderValue, Method, Response, StatusCode};
use http_body_util::{BodyExt as _, LengthLimitError, Limited, StreamBody};
use siteerror_guard::Range;
use siteerror_playground::Playground;

use crate::body::Body;
use crate::check::Checks;
use crate::client;
use crate::memory::Pages;
use crate::negotiate::Format;
use crate::pages::{self, Arrived};
use crate::problem::Problem;
use crate::{request, routes};

/// Everything is ours: no script, style, picture or frame from elsewhere, and none written into the page.
const POLICY: &str = "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; form-action 'self'; \
                      base-uri 'none'; frame-ancestors 'none'";

/// Longest query that is looked at, in bytes.
const MOST_QUERY: usize = 2048;

/// Most content of a request that is taken, in bytes.
const MOST_CONTENT: usize = 256 * 1024;

/// How long the content of a request may take.
const CONTENT_DEADLINE: Duration = Duration::from_secs(10);
/// The same where the query holds a URL: as long as a whole target may be.
const MOST_QUERY_WITH_URL: usize = 8192;

/// What whoever runs the site may change.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Settings {
    /// The name in the head, the titles and the foot.
    pub site_name: String,
    /// One sentence below the search on the home page and in the foot.
    pub tagline: String,
    /// Public address without a slash at the end, for canonical links; none means that links stay relative.
    pub base_url: Option<String>,
    /// Reverse proxies whose Forwarded and X-Forwarded-For say who asks.
    pub trusted_proxies: Vec<Range>,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            site_name: "siteerror".to_owned(),
            tagline: "Every number a server can say, and what to do about it.".to_owned(),
            base_url: None,
            trusted_proxies: Vec::new(),
        }
    }
}

/// Who asks, among the extensions of a request where it matters; see [`routes::knows_its_client`](crate::routes).
#[derive(Debug, Clone, Copy)]
pub struct Client(pub Option<IpAddr>);

/// What every HTML page shows around its own words.
#[derive(Debug)]
pub struct Chrome {
    pub(crate) settings: Settings,
    /// Whether the playground answers beside the site.
    pub(crate) has_playground: bool,
    /// Whether URLs are checked.
    pub(crate) has_check: bool,
}

impl Chrome {
    /// Of a site with these settings, with or without the playground beside it and the checker in it.
    pub const fn new(settings: Settings, has_playground: bool, has_check: bool) -> Self {
        Self {
            settings,
            has_playground,
            has_check,
        }
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

impl Site {
    /// The site with all its addresses, and with the page of the playground if there is one. Its pages count as last modified when it started: they change with
    /// the program and its settings too.
    pub fn new(settings: Settings, started: SystemTime, playground: Option<Playground>) -> Self {
        Self::with_checks(settings, started, playground, None)
    }

    /// The same with a checker, if there is one, behind `/check`.
    pub fn with_checks(
        settings: Settings,
        started: SystemTime,
        playground: Option<Playground>,
        checks: Option<Checks>,
    ) -> Self {
        let pages = Arc::new(Pages::new(settings, started, playground, checks));
        Self {
            router: pages::router(Arc::clone(&pages)),
            pages,
        }
    }

    /// Who asks, of a request that came from this peer.
    pub(crate) fn client(&self, peer: IpAddr, fields: &HeaderMap) -> IpAddr {
        client::client(peer, fields, &self.pages.chrome.settings.trusted_proxies)
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

    /// Answers a request that came in over this scheme. It never fails: a panic inside becomes a 500.
    pub async fn respond<B>(&self, request: http::Request<B>, scheme: Scheme) -> Response<Body>
    where
        B: http_body::Body<Data = Bytes> + Send + 'static,
        B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
    {
        let (parts, body) = request.into_parts();
        let head = parts.method == Method::HEAD;
        let mut response = match self.refuse(&parts) {
            Some(refusal) => refusal,
            None => match catch_unwind(AssertUnwindSafe(|| self.pages.lane(&parts))) {
                Ok(Some(response)) => response,
                Ok(None) => match content(&parts, body).await {
                    Ok(content) => self.routed(parts, content, scheme).await,
                    Err(problem) => {
                        let format = self.pages.asked_format(parts.uri.path());
                        self.pages.problem(problem, format, &parts.headers)
                    }
                },
                Err(_) => self.pages.internal_error(&parts.headers),
            },
        };
        let length = http_body::Body::size_hint(response.body()).exact();
        let headers = response.headers_mut();
        headers.insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        if headers
            .get(CONTENT_TYPE)
            .is_some_and(|kind| kind.as_bytes().starts_with(b"text/html"))
        {
            headers.insert(CONTENT_SECURITY_POLICY, HeaderValue::from_static(POLICY));
            headers.insert(
                REFERRER_POLICY,
                HeaderValue::from_static("strict-origin-when-cross-origin"),
            );
        }
        if let Some(length) = length
            && response.status() != StatusCode::NOT_MODIFIED
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

    /// The answer to a request that breaks a rule which a server has to insist on, or a limit of ours.
    fn refuse(&self, parts: &http::request::Parts) -> Option<Response<Body>> {
        let format = self.pages.asked_format(parts.uri.path());
        if let Err(what) = request::check(parts) {
            let problem =
                Problem::new("invalid-request", what).with_hint("see RFC 9112, section 3.2");
            let mut response = self.pages.problem(problem, format, &parts.headers);
            response
                .headers_mut()
                .insert(CONNECTION, HeaderValue::from_static("close"));
            return Some(response);
        }
        let most = if routes::knows_its_client(parts.uri.path()) {
            MOST_QUERY_WITH_URL
        } else {
            MOST_QUERY
        };
        if parts.uri.query().is_some_and(|query| query.len() > most) {
            let problem = Problem::new(
                "invalid-query",
                format!("the query has more than {most} bytes"),
            )
            .with_hint("shorten it");
            return Some(self.pages.problem(problem, format, &parts.headers));
        }
        None
    }

    /// The addresses whose answer depends on the request.
    async fn routed(
        &self,
        mut parts: http::request::Parts,
        content: Bytes,
        scheme: Scheme,
    ) -> Response<Body> {
        let headers = parts.headers.clone();
        let head = parts.method == Method::HEAD;
        // RFC 9110 §9.3.2: a HEAD has the fields of a GET; `respond` takes the content off.
        if head {
            parts.method = Method::GET;
        }
        // HTTP/2 names the host in the target, which becomes a path below.
        if let Some(authority) = parts.uri.authority()
            && !parts.headers.contains_key(HOST)
            && let Ok(host) = HeaderValue::from_str(authority.as_str())
        {
            parts.headers.insert(HOST, host);
        }
        let (base, _) = Format::split(parts.uri.path());
        let base = match parts.uri.query() {
            Some(query) => format!("{base}?{query}"),
            None => base.to_owned(),
        };
        let forced = self.pages.asked_format(parts.uri.path());
        parts.extensions.insert(Arrived {
            scheme,
            forced,
            head,
        });
        if let Ok(uri) = base.parse() {
            parts.uri = uri;
        }
        let answer = tower::ServiceExt::oneshot(
            self.router.clone(),
            Request::from_parts(parts, axum::body::Body::from(content)),
        );
        match futures_util::FutureExt::catch_unwind(AssertUnwindSafe(answer)).await {
            Ok(Ok(response)) => {
                let (parts, body) = response.into_parts();
                if http_body::Body::size_hint(&body).exact().is_none() {
                    // It is made while it is sent. The handlers make streams that cannot fail.
                    let frames = body
                        .into_data_stream()
                        .take_while(|data| std::future::ready(data.is_ok()))
                        .map(|data| Ok(http_body::Frame::data(data.unwrap_or_default())));
                    let stream = StreamBody::new(frames).boxed_unsync();
                    return Response::from_parts(parts, Body::Stream(stream));
                }
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

/// The content of a request with POST, which only gets here where it is taken; that of others is left alone.
async fn content<B>(parts: &http::request::Parts, body: B) -> Result<Bytes, Problem>
where
    B: http_body::Body<Data = Bytes>,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    if parts.method != Method::POST {
        return Ok(Bytes::new());
    }
    let too_large = || {
        Problem::new(
            "content-too-large",
            format!("the content has more than {MOST_CONTENT} bytes"),
        )
        .with_hint("the head and the beginning of the content tell most; the command line takes files of any size")
    };
    if body.size_hint().lower() > MOST_CONTENT as u64 {
        return Err(too_large());
    }
    let collected = Limited::new(body, MOST_CONTENT).collect();
    match tokio::time::timeout(CONTENT_DEADLINE, collected).await {
        Ok(Ok(collected)) => Ok(collected.to_bytes()),
        Ok(Err(error)) if error.is::<LengthLimitError>() => Err(too_large()),
        Ok(Err(error)) => Err(Problem::new(
            "invalid-content",
            format!("the content did not arrive whole: {error}"),
        )
        .with_hint("send it again")),
        Err(_) => Err(Problem::new(
            "content-timeout",
            format!(
                "the content did not arrive in {} seconds",
                CONTENT_DEADLINE.as_secs()
            ),
        )
        .with_hint("send it again, all at once")),
    }
}
