//! Asking the site, and looking at the answer.

use std::sync::LazyLock;
use std::time::{Duration, SystemTime, UNIX_EPOCH};

use bytes::Bytes;
use http::uri::Scheme;
use http::{HeaderMap, Request, StatusCode};
use http_body_util::{BodyExt as _, Full};
use siteerror_playground::{Options, Pages, Playground};
use siteerror_web::{Settings, Site};

/// Tue, 24 Nov 2026 08:00:00 GMT.
pub(crate) fn started() -> SystemTime {
    UNIX_EPOCH + Duration::from_hours(498_752)
}

static SITE: LazyLock<Site> = LazyLock::new(|| {
    let mut options = Options::new(started, [7; 32]);
    "/play".clone_into(&mut options.prefix);
    options.pages = Pages::Site(String::new());
    Site::with_checks(
        Settings::default(),
        started(),
        Some(Playground::new(options)),
        Some(crate::check::checks(1)),
    )
});

pub(crate) fn site() -> &'static Site {
    &SITE
}

/// An answer with its content.
#[derive(Debug)]
pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) content: Vec<u8>,
}

impl Answer {
    pub(crate) fn field(&self, name: &str) -> &str {
        self.headers
            .get(name)
            .map(|value| value.to_str().expect("our fields are ASCII"))
            .unwrap_or_default()
    }

    pub(crate) fn text(&self) -> &str {
        std::str::from_utf8(&self.content).expect("the content is UTF-8")
    }

    pub(crate) fn json(&self) -> serde_json::Value {
        serde_json::from_slice(&self.content).expect("the content is JSON")
    }
}

pub(crate) fn request(request: Request<()>) -> Answer {
    answer(site(), request)
}

/// A POST with content.
pub(crate) fn post(target: &str, fields: &[(&str, &str)], content: impl Into<Bytes>) -> Answer {
    let mut builder = Request::builder()
        .method("POST")
        .uri(target)
        .header("host", "localhost");
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    let request = builder.body(Full::new(content.into())).expect("a request");
    answer_to(site(), request)
}

/// The answer of a site that is not the usual one.
pub(crate) fn answer(site: &Site, request: Request<()>) -> Answer {
    answer_to(site, request.map(|()| Full::default()))
}

pub(crate) fn answer_to<B>(site: &Site, request: Request<B>) -> Answer
where
    B: http_body::Body<Data = Bytes> + Send + 'static,
    B::Error: Into<Box<dyn std::error::Error + Send + Sync>>,
{
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .expect("a runtime");
    runtime.block_on(async {
        let (parts, body) = site.respond(request, Scheme::HTTP).await.into_parts();
        let content = body
            .collect()
            .await
            .expect("the body is in memory")
            .to_bytes()
            .to_vec();
        Answer {
            status: parts.status,
            headers: parts.headers,
            content,
        }
    })
}

/// A GET with fields.
pub(crate) fn get(target: &str, fields: &[(&str, &str)]) -> Answer {
    method("GET", target, fields)
}

pub(crate) fn method(method: &str, target: &str, fields: &[(&str, &str)]) -> Answer {
    let mut builder = Request::builder()
        .method(method)
        .uri(target)
        .header("host", "localhost");
    for (name, value) in fields {
        builder = builder.header(*name, *value);
    }
    request(builder.body(()).expect("a request"))
}

/// What a browser says.
pub(crate) const BROWSER: &[(&str, &str)] = &[
    (
        "accept",
        "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8",
    ),
    ("user-agent", "Mozilla/5.0"),
];
/// What curl says.
pub(crate) const CURL: &[(&str, &str)] = &[("accept", "*/*"), ("user-agent", "curl/8.5.0")];
