//! From a request to an answer: finding the scenario, playing it, and adding what all answers have.

use std::borrow::Cow;
use std::collections::HashMap;
use std::collections::hash_map::RandomState;
use std::hash::BuildHasher as _;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, OnceLock, PoisonError};
use std::time::{Duration, SystemTime};

use bytes::Bytes;
use futures_util::FutureExt as _;
use http::header::{
    ACCEPT, ACCESS_CONTROL_ALLOW_CREDENTIALS, ACCESS_CONTROL_ALLOW_HEADERS,
    ACCESS_CONTROL_ALLOW_METHODS, ACCESS_CONTROL_ALLOW_ORIGIN, ACCESS_CONTROL_EXPOSE_HEADERS,
    ACCESS_CONTROL_MAX_AGE, ACCESS_CONTROL_REQUEST_HEADERS, ALLOW, CONNECTION, CONTENT_LENGTH,
    CONTENT_SECURITY_POLICY, CONTENT_TYPE, EXPECT, LINK, ORIGIN, TRAILER, VARY,
    X_CONTENT_TYPE_OPTIONS,
};
use http::{HeaderMap, HeaderName, HeaderValue, Method, Request, Response, StatusCode};
use http_body::Body as _;
use http_body_util::{Either, Full};
use hyper::ext::ReasonPhrase;
use percent_encoding::percent_decode_str;
use rand_chacha::ChaCha8Rng;
use rand_chacha::rand_core::{Rng as _, SeedableRng as _};
use siteerror_serve::{Gate, Incoming, Options as ServeOptions, Refusal as Refused};
use tokio::sync::Semaphore;

use crate::bounded::Remembered;
use crate::call::Call;
use crate::causes;
use crate::certificates::Authority;
use crate::explain::{self, Explanation, Pages};
use crate::gateway::Gateway;
use crate::keep::{Keep, Memory};
use crate::lab::Lab;
use crate::limits;
use crate::refusal::{Refusal, shown};
use crate::reply::{Body, Content, Reply};
use crate::room::{Room, Taken};
use crate::scenario::{Methods, Outcome, Play, Scenario, scenarios};
use crate::sequence::Sequence;
use crate::tls_faults::{self, Listing};
use crate::trace::Trace;
use crate::vendors::Rates;

/// No script runs in what the playground sends, whatever type it is sent in, and it has no origin.
const SANDBOX: HeaderValue = HeaderValue::from_static("sandbox");

/// The same for the few pages of ours that have a form.
const SANDBOX_WITH_FORM: HeaderValue = HeaderValue::from_static("sandbox allow-forms");

/// The highest status that a response can have.
const LAST_STATUS: u16 = 999;

/// The field in which `?explain=1` gives the reason, for answers without content.
const BECAUSE: HeaderName = HeaderName::from_static("playground-because");

/// Explanations that are kept; there are far fewer with a reason that is always the same, unless somebody asks for each code in each form.
const MOST_EXPLAINED: usize = 4096;

/// What whoever runs the playground may choose.
#[derive(Clone)]
#[non_exhaustive]
pub struct Options {
    /// Path below which everything stands: empty, or with a slash in front and none at the end.
    pub prefix: String,
    /// Which pages explain the codes.
    pub pages: Pages,
    /// Origins outside of this server that redirects may lead to, such as `https://example.com`.
    pub redirect_origins: Vec<String>,
    /// The name that `/hostname` tells.
    pub host_name: String,
    /// The time of day.
    pub clock: fn() -> SystemTime,
    /// Where random numbers come from.
    pub entropy: [u8; 32],
    /// Where bins and mocks are kept.
    pub keep: Arc<dyn Keep>,
}

impl Options {
    /// At the root, explained by its own pages, leading nowhere else.
    pub fn new(clock: fn() -> SystemTime, entropy: [u8; 32]) -> Self {
        Self {
            prefix: String::new(),
            pages: Pages::Own,
            redirect_origins: Vec::new(),
            host_name: "playground".to_owned(),
            clock,
            entropy,
            keep: Arc::new(Memory::default()),
        }
    }
}

impl Options {
    /// The same with the clock of the system, and the randomness that the standard library has for its hash maps.
    pub fn system() -> Self {
        #[expect(
            clippy::disallowed_methods,
            reason = "the clock is passed in: this is where it comes from, for the binary and for tests of other projects"
        )]
        let clock = || SystemTime::now();
        let mut entropy = [0; 32];
        for chunk in entropy.chunks_mut(8) {
            chunk.copy_from_slice(&RandomState::new().hash_one(0_u8).to_le_bytes());
        }
        Self::new(clock, entropy)
    }
}

impl std::fmt::Debug for Options {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(
            formatter,
            "Options {{ prefix: {:?}, pages: {:?} }}",
            self.prefix, self.pages
        )
    }
}

/// Status, reason and form of an explanation.
type Explained = (u16, &'static str, &'static str);

/// Everything that scenarios share.
#[derive(Debug)]
pub(crate) struct Shared {
    pub(crate) options: Options,
    pub(crate) held: Arc<Semaphore>,
    pub(crate) room: Room,
    pub(crate) sequences: Remembered<Sequence>,
    pub(crate) traces: Remembered<Trace>,
    pub(crate) gateway: Gateway,
    pub(crate) rates: Rates,
    pub(crate) tls: tls_faults::Slot,
    pub(crate) causes: causes::State,
    pub(crate) labs: Remembered<Lab>,
    pub(crate) keep: Arc<dyn Keep>,
    random: Mutex<ChaCha8Rng>,
    /// Explanations that were made, by status, reason and form.
    explained: Mutex<HashMap<Explained, (HeaderValue, Bytes), foldhash::fast::RandomState>>,
    /// What answers have with each status from 0 on, once there was one.
    usual: Box<[OnceLock<Usual>]>,
}

/// What all answers with one status have.
#[derive(Debug)]
struct Usual {
    /// The field `Link`.
    link: Option<HeaderValue>,
    /// The registered reason phrase, where the HTTP library would send another one.
    reason: Option<ReasonPhrase>,
}

impl Shared {
    /// Fresh random numbers.
    pub(crate) fn random(&self) -> ChaCha8Rng {
        let mut seed = [0; 32];
        self.random
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .fill_bytes(&mut seed);
        ChaCha8Rng::from_seed(seed)
    }

    /// The explanation of an answer. Where the reason is always the same, it is made once.
    fn explained(
        &self,
        status: u16,
        because: Option<&Cow<'static, str>>,
        accept: &[HeaderValue],
    ) -> (HeaderValue, Bytes) {
        let form = explain::form(accept);
        let make = |because: Option<&str>| {
            let explanation = Explanation::new(status, because, self.page(status));
            let (media_type, content) = explanation.represent_as(form);
            (HeaderValue::from_static(media_type), content)
        };
        let because = match because {
            Some(Cow::Borrowed(because)) => *because,
            other => return make(other.map(AsRef::as_ref)),
        };
        let mut known = self
            .explained
            .lock()
            .unwrap_or_else(PoisonError::into_inner);
        if let Some(explanation) = known.get(&(status, because, form)) {
            return explanation.clone();
        }
        let explanation = make(Some(because));
        if known.len() < MOST_EXPLAINED {
            known.insert((status, because, form), explanation.clone());
        }
        explanation
    }

    /// The page that explains a code.
    pub(crate) fn page(&self, status: u16) -> String {
        match &self.options.pages {
            Pages::Site(base) => format!("{base}/{status}"),
            Pages::Own => format!("{}/explain/{status}", self.options.prefix),
        }
    }

    /// What all answers with a status have.
    fn usual(&self, status: StatusCode) -> &Usual {
        self.usual[usize::from(status.as_u16())].get_or_init(|| {
            let page = self.page(status.as_u16());
            Usual {
                link: HeaderValue::try_from(format!("<{page}>; rel=\"describedby\"")).ok(),
                reason: (!is_sent_by_the_library(status)).then(|| reason_phrase(status)),
            }
        })
    }
}

/// The playground: a request in, an answer or a fault out.
#[derive(Debug, Clone)]
pub struct Playground {
    shared: Arc<Shared>,
    router: Arc<matchit::Router<Vec<&'static Scenario>>>,
}

impl Playground {
    /// With all scenarios of the table.
    ///
    /// # Panics
    ///
    /// If two scenarios of the table share a path and a method, which a test rules out.
    pub fn new(options: Options) -> Self {
        let held = usize::try_from(limits::HELD.max).unwrap_or(usize::MAX);
        let mut paths: Vec<(&'static str, Vec<&'static Scenario>)> = Vec::new();
        for scenario in scenarios() {
            match paths.iter_mut().find(|(path, _)| *path == scenario.path) {
                Some((_, found)) => found.push(scenario),
                None => paths.push((scenario.path, vec![scenario])),
            }
        }
        let mut router = matchit::Router::new();
        for (path, found) in paths {
            router
                .insert(path, found)
                .expect("every path of the table is valid");
        }
        Self {
            shared: Arc::new(Shared {
                random: Mutex::new(ChaCha8Rng::from_seed(options.entropy)),
                sequences: Remembered::new(limits::SEQUENCES),
                traces: Remembered::new(limits::TRACES),
                causes: causes::State::new(),
                labs: Remembered::new(limits::LABS),
                keep: Arc::clone(&options.keep),
                held: Arc::new(Semaphore::new(held)),
                room: Room::new(),
                gateway: Gateway::new(options.clock),
                rates: Rates::new(),
                tls: tls_faults::Slot::new(),
                explained: Mutex::default(),
                usual: (0..=LAST_STATUS).map(|_| OnceLock::new()).collect(),
                options,
            }),
            router: Arc::new(router),
        }
    }

    /// Path below which everything stands; empty at the root.
    pub fn prefix(&self) -> &str {
        &self.shared.options.prefix
    }

    /// Whether a path is one of the playground's.
    pub fn owns(&self, path: &str) -> bool {
        path.strip_prefix(self.shared.options.prefix.as_str())
            .is_some_and(|rest| rest.is_empty() || rest.starts_with('/'))
    }

    /// How the server has to treat connections, so that codes can be caused before any handler is asked.
    pub fn serve_options(&self) -> ServeOptions {
        let count = |limit: limits::Limit| usize::try_from(limit.max).unwrap_or(usize::MAX);
        let mut options = ServeOptions::default();
        options.limits.target_bytes = count(limits::TARGET);
        options.limits.fields_bytes = count(limits::FIELDS);
        options.limits.fields = count(limits::FIELD_LINES);
        options.limits.head_deadline = Duration::from_secs(limits::HEAD_WAIT.max);
        options.limits.content_deadline = Duration::from_secs(limits::CONTENT_WAIT.max);
        let playground = self.clone();
        options.gate = Some(Gate {
            record: Arc::new(is_recorded),
            refuse: Arc::new(move |refused| playground.refused(refused)),
        });
        options
    }

    /// The answer to a request that was turned down before it reached a scenario.
    fn refused(&self, refused: &Refused) -> Response<Bytes> {
        let defect = &refused.defect;
        let refusal = Refusal::new(
            if defect.status() == 408 {
                "timeout"
            } else {
                "invalid-request"
            },
            defect.status(),
            defect.to_string(),
        )
        .hint(defect.clause());
        let mut reply = Reply::number(refusal.status)
            .unwrap_or_else(|_| Reply::status(StatusCode::BAD_REQUEST));
        let page = self.shared.page(refusal.status);
        let asked = negotiable(&refused.head);
        let (media_type, content) =
            Explanation::of(&refusal, page).represent(asked.get_all(ACCEPT));
        reply = reply.with(media_type, content.clone());
        self.dress(&mut reply);
        cross_origin(&mut reply.headers, asked.get(ORIGIN));
        let mut response = Response::new(content);
        *response.status_mut() = reply.status;
        *response.headers_mut() = reply.headers;
        response
            .extensions_mut()
            .insert(reason_phrase(reply.status));
        response
    }

    /// Answers a request. It never fails: a panic inside becomes a 500.
    pub async fn respond(&self, request: Request<Incoming>) -> Response<Body> {
        let (parts, content) = request.into_parts();
        let query: Query = form_urlencoded::parse(parts.uri.query().unwrap_or_default().as_bytes())
            .into_owned()
            .collect();
        let asked = Asked::of(&parts, &query);
        let unasked = crate::trailers::are_unasked(&parts).then(|| content.wire().clone());
        let played = AssertUnwindSafe(self.play(parts, query, content))
            .catch_unwind()
            .await;
        let outcome = played.unwrap_or_else(|_| {
            Err(Refusal::new(
                "internal-error",
                500,
                "the scenario broke while it was played",
            ))
        });
        let response = self.finish(outcome, &asked);
        match unasked {
            Some(wire) if response.headers().contains_key(TRAILER) => {
                let date = httpdate::fmt_http_date((self.shared.options.clock)());
                crate::trailers::send(&wire, response, &date).await
            }
            _ => response,
        }
    }

    async fn play(&self, parts: http::request::Parts, query: Query, content: Incoming) -> Outcome {
        let mut call = match self.find(parts, query, content)? {
            Found::Call(call) => call,
            Found::Reply(reply) => return Ok(reply),
        };
        call.trace();
        call.check()?;
        match call.scenario.play {
            Play::Now(play) => play(&mut call),
            Play::Wait(play) => play(&mut call).await,
        }
    }

    /// The scenario that a request is for.
    fn find(
        &self,
        parts: http::request::Parts,
        query: Query,
        content: Incoming,
    ) -> Result<Found, Refusal> {
        expected(&parts)?;
        causes::directed(&parts, content.connection().tls.is_some())?;
        let uri = parts.uri.clone();
        let path = uri
            .path()
            .strip_prefix(self.shared.options.prefix.as_str())
            .unwrap_or(uri.path());
        let path = if path.is_empty() { "/" } else { path };
        if path == "*" && parts.method == Method::OPTIONS {
            // RFC 9110 §9.3.7: about the server as a whole.
            return Ok(Found::Reply(
                Reply::status(StatusCode::OK)
                    .fixed(ALLOW, CROSS_ORIGIN_METHODS)
                    .because("The asterisk asks about the server and not about one path of it."),
            ));
        }
        let Ok(found) = self.router.at(path) else {
            return Err(Refusal::new(
                "not-found",
                404,
                format!("no endpoint has the path `{}`", shown(uri.path())),
            )
            .hint(format!(
                "all that there are stand at {}/",
                self.shared.options.prefix
            )));
        };
        let method = parts.method.clone();
        let takes = |scenario: &&&'static Scenario| match scenario.methods {
            // Which methods a path takes is answered for all in one way.
            Methods::Any | Methods::Registered if method == Method::OPTIONS => false,
            methods => methods.take(&method),
        };
        let Some(scenario) = found.value.iter().find(takes) else {
            return other_method(found.value, &parts).map(Found::Reply);
        };
        let mut named = Vec::with_capacity(found.params.len());
        for (name, value) in found.params.iter() {
            let name = scenario
                .parameters
                .iter()
                .find(|parameter| parameter.name == name)
                .map(|parameter| parameter.name)
                .expect("the table names every part of its path");
            let decoded = percent_decode_str(value);
            let value = match decoded.clone().decode_utf8() {
                Ok(value) => value,
                // Whatever stands in place of a whole rest is only shown.
                Err(_) if scenario.path.contains("{*") => decoded.decode_utf8_lossy(),
                Err(_) => {
                    return Err(Refusal::parameter(
                        name,
                        value,
                        "it is not UTF-8 once decoded",
                    ));
                }
            };
            named.push((name, value.into_owned()));
        }
        Ok(Found::Call(Box::new(Call {
            shared: Arc::clone(&self.shared),
            scenario,
            path: named,
            query,
            wire: content.wire().clone(),
            connection: content.connection(),
            parts,
            content: Some(content),
            trailers: HeaderMap::new(),
            taken: Taken::default(),
        })))
    }

    /// A reply that comes from elsewhere than the table, with what all answers have.
    pub(crate) fn finish_for(
        &self,
        parts: &http::request::Parts,
        outcome: Outcome,
    ) -> Response<Body> {
        self.finish(outcome, &Asked::of(parts, &[]))
    }

    /// The authority that makes all certificates here.
    ///
    /// # Errors
    ///
    /// If no key can be made.
    pub(crate) async fn authority(&self) -> std::io::Result<Arc<Authority>> {
        self.shared.gateway.authority().await
    }

    /// Keeps what `/tls` lists. The first listeners stay the ones that are listed.
    pub(crate) fn tell_tls(&self, listing: Listing) {
        let _ = self.shared.tls.set(listing);
    }

    /// The time of day.
    pub(crate) fn now(&self) -> SystemTime {
        (self.shared.options.clock)()
    }

    /// Finds room for the content of a reply.
    fn house(&self, mut reply: Reply) -> Outcome {
        if let Content::Whole(content) = &mut reply.content {
            *content = self.shared.room.house(std::mem::take(content))?;
        }
        Ok(reply)
    }

    /// Adds what all answers have.
    fn finish(&self, outcome: Outcome, asked: &Asked) -> Response<Body> {
        let (mut reply, explanation) = match outcome.and_then(|reply| self.house(reply)) {
            Ok(mut reply) => {
                let status = reply.status.as_u16();
                let wanted =
                    asked.explain || (status >= 400 && matches!(reply.content, Content::Unset));
                let because = reply.because.take();
                if asked.explain
                    && let Some(because) = &because
                    && let Ok(value) = HeaderValue::from_str(because)
                {
                    reply.headers.insert(BECAUSE, value);
                }
                let explanation = wanted.then(|| {
                    self.shared
                        .explained(status, because.as_ref(), &asked.accept)
                });
                (reply, explanation)
            }
            Err(refusal) => {
                let mut reply = Reply::number(refusal.status)
                    .unwrap_or_else(|_| Reply::status(StatusCode::BAD_REQUEST));
                for (name, value) in &refusal.fields {
                    reply.headers.insert(name, value.clone());
                }
                if refusal.close && !asked.http2 {
                    reply
                        .headers
                        .insert(CONNECTION, HeaderValue::from_static("close"));
                }
                let explanation = Explanation::of(&refusal, self.shared.page(refusal.status));
                let (media_type, content) = explanation.represent(&asked.accept);
                (reply, Some((HeaderValue::from_static(media_type), content)))
            }
        };
        let status = reply.status;
        let no_content = status == StatusCode::NO_CONTENT
            || status == StatusCode::NOT_MODIFIED
            || status.is_informational();
        // RFC 9110 §15.3.6: a 205 has no content either, but says so by its length.
        let explanation =
            explanation.filter(|_| !no_content && status != StatusCode::RESET_CONTENT);
        if let Some((media_type, content)) = explanation {
            for field in [
                http::header::CONTENT_ENCODING,
                http::header::CONTENT_RANGE,
                CONTENT_LENGTH,
                TRAILER,
            ] {
                if field != http::header::CONTENT_RANGE
                    || status != StatusCode::RANGE_NOT_SATISFIABLE
                {
                    reply.headers.remove(field);
                }
            }
            reply.headers.insert(CONTENT_TYPE, media_type);
            reply.content = Content::Whole(content);
            reply
                .headers
                .append(VARY, HeaderValue::from_static("Accept"));
        }
        self.dress(&mut reply);
        cross_origin(&mut reply.headers, asked.origin.as_ref());
        let mut response = Response::new(match reply.content {
            Content::Unset => Either::Left(Full::default()),
            Content::Whole(bytes) => Either::Left(Full::new(bytes)),
            Content::Pieces(pieces) => Either::Right(pieces),
        });
        *response.status_mut() = status;
        *response.headers_mut() = reply.headers;
        if asked.method == Method::HEAD || no_content {
            // The library tells the length of content that it sends, and of no other.
            if !no_content && let Some(length) = response.body().size_hint().exact() {
                let fields = response.headers_mut();
                fields.entry(CONTENT_LENGTH).or_insert(length.into());
            }
            *response.body_mut() = Either::Left(Full::default());
        }
        let reason = reply
            .reason
            .or_else(|| self.shared.usual(status).reason.clone());
        if let Some(reason) = reason {
            response.extensions_mut().insert(reason);
        }
        response
    }

    /// The fields of every answer: the page that explains it, and the sandbox.
    fn dress(&self, reply: &mut Reply) {
        if let Some(link) = &self.shared.usual(reply.status).link {
            reply.headers.append(LINK, link.clone());
        }
        reply
            .headers
            .insert(X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff"));
        let policy = if reply.has_form {
            SANDBOX_WITH_FORM
        } else {
            SANDBOX
        };
        // Beside one that the client asked for: where there are several, all of them hold.
        reply.headers.append(CONTENT_SECURITY_POLICY, policy);
        if reply.headers.get(CONTENT_TYPE).is_none()
            && matches!(&reply.content, Content::Whole(bytes) if !bytes.is_empty())
        {
            reply
                .headers
                .insert(CONTENT_TYPE, HeaderValue::from_static(crate::reply::TEXT));
        }
    }
}

/// Whether the HTTP library, left alone, sends the registered reason phrase.
#[expect(
    clippy::disallowed_methods,
    reason = "this is what the library sends, to know where it is not the registered one"
)]
fn is_sent_by_the_library(status: StatusCode) -> bool {
    status.canonical_reason().map(str::as_bytes) == Some(reason_phrase(status).as_bytes())
}

/// The registered reason phrase. A code that nobody named gets an empty one: the HTTP library would send it as `<none>`.
pub(crate) fn reason_phrase(status: StatusCode) -> ReasonPhrase {
    let name = siteerror_catalog::catalog()
        .number(status.as_u16())
        .map_or("", |code| match code.name {
            "(Unused)" => code.title(),
            name => name,
        });
    ReasonPhrase::from_static(name.as_bytes())
}

/// What decides about the form of a refusal, from a head that nobody parsed: whatever cannot be read counts as missing.
fn negotiable(head: &[u8]) -> HeaderMap {
    let mut fields = HeaderMap::new();
    for line in head.split(|byte| *byte == b'\n').skip(1) {
        let Some(colon) = line.iter().position(|byte| *byte == b':') else {
            continue;
        };
        let (name, value) = (&line[..colon], line[colon + 1..].trim_ascii());
        for known in [ACCEPT, ORIGIN] {
            if name.eq_ignore_ascii_case(known.as_str().as_bytes())
                && let Ok(value) = HeaderValue::from_bytes(value)
            {
                fields.append(known, value);
            }
        }
    }
    fields
}

/// Whether the bytes of a request are kept, going by its target: for a trace, to show them, or because the lab has to see them.
fn is_recorded(target: &[u8]) -> bool {
    (0..target.len()).any(|at| match target[at] {
        b't' => target[at..].starts_with(b"trace="),
        b'r' => target[at..].starts_with(b"raw"),
        b'/' => {
            target[at..].starts_with(b"/dump/request") || target[at..].starts_with(b"/relative/")
        }
        _ => false,
    })
}

/// RFC 9110 §10.1.1: there is one expectation that a server can meet.
fn expected(parts: &http::request::Parts) -> Result<(), Refusal> {
    for value in parts.headers.get_all(EXPECT) {
        if !value.as_bytes().eq_ignore_ascii_case(b"100-continue") {
            let value = String::from_utf8_lossy(value.as_bytes());
            return Err(Refusal::new(
                "invalid-field",
                417,
                format!("nobody here can meet the expectation `{}`", shown(&value)),
            )
            .hint("100-continue is the only expectation that HTTP has")
            .close());
        }
    }
    Ok(())
}

/// The query, decoded, in its order.
type Query = Vec<(String, String)>;

/// What a request leads to.
enum Found {
    Call(Box<Call>),
    /// An answer that needs no scenario.
    Reply(Reply),
}

/// What of a request is needed once it is played.
struct Asked {
    explain: bool,
    accept: Vec<HeaderValue>,
    method: Method,
    origin: Option<HeaderValue>,
    http2: bool,
}

impl Asked {
    fn of(parts: &http::request::Parts, query: &[(String, String)]) -> Self {
        Self {
            explain: query
                .iter()
                .any(|(name, value)| name == "explain" && value != "0"),
            accept: parts.headers.get_all(ACCEPT).iter().cloned().collect(),
            method: parts.method.clone(),
            origin: parts.headers.get(ORIGIN).cloned(),
            http2: parts.version == http::Version::HTTP_2,
        }
    }
}

impl Methods {
    /// Whether a method is among them.
    pub fn take(self, method: &Method) -> bool {
        match self {
            Self::Any | Self::Own => true,
            Self::Registered => REGISTERED.contains(&method.as_str()),
            Self::Only(methods) => {
                methods.contains(&method.as_str())
                    || (*method == Method::HEAD && methods.contains(&"GET"))
            }
        }
    }

    /// The names to list in `Allow`.
    pub(crate) fn names(self) -> Vec<&'static str> {
        match self {
            Self::Any | Self::Registered | Self::Own => {
                vec!["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE"]
            }
            Self::Only(methods) => {
                let mut names = methods.to_vec();
                if names.contains(&"GET") && !names.contains(&"HEAD") {
                    names.push("HEAD");
                }
                names
            }
        }
    }
}

/// The methods that the registry knows (RFC 9110 §16.1.1). A method outside of it is one that nobody has.
const REGISTERED: &[&str] = &[
    "ACL",
    "BASELINE-CONTROL",
    "BIND",
    "CHECKIN",
    "CHECKOUT",
    "CONNECT",
    "COPY",
    "DELETE",
    "GET",
    "HEAD",
    "LABEL",
    "LINK",
    "LOCK",
    "MERGE",
    "MKACTIVITY",
    "MKCALENDAR",
    "MKCOL",
    "MKREDIRECTREF",
    "MKWORKSPACE",
    "MOVE",
    "OPTIONS",
    "ORDERPATCH",
    "PATCH",
    "POST",
    "PRI",
    "PROPFIND",
    "PROPPATCH",
    "PUT",
    "QUERY",
    "REBIND",
    "REPORT",
    "SEARCH",
    "TRACE",
    "UNBIND",
    "UNCHECKOUT",
    "UNLINK",
    "UNLOCK",
    "UPDATE",
    "UPDATEREDIRECTREF",
    "VERSION-CONTROL",
];

/// What scripts of other origins may try anywhere: a script that is to see a 405 has to be let through to it.
const CROSS_ORIGIN_METHODS: &str = "GET, HEAD, POST, PUT, DELETE, PATCH, OPTIONS";

/// The answer to a method that the path does not take.
fn other_method(scenarios: &[&'static Scenario], parts: &http::request::Parts) -> Outcome {
    let names = scenarios
        .iter()
        .flat_map(|scenario| scenario.methods.names())
        .collect();
    other_than(names, parts)
}

/// The answer to a method where only these are taken; to OPTIONS, which they are.
pub(crate) fn other_than(names: Vec<&str>, parts: &http::request::Parts) -> Outcome {
    if parts.method != Method::OPTIONS {
        return Err(method_not_taken(names, parts.method.as_str()));
    }
    let mut reply = Reply::status(StatusCode::OK)
        .field(ALLOW, allow(names))
        .fixed(ACCESS_CONTROL_ALLOW_METHODS, CROSS_ORIGIN_METHODS)
        .fixed(ACCESS_CONTROL_MAX_AGE, "3600")
        .because("You asked which methods work here; Allow lists them.");
    if let Some(asked) = parts.headers.get(ACCESS_CONTROL_REQUEST_HEADERS) {
        reply = reply.field(ACCESS_CONTROL_ALLOW_HEADERS, asked.clone());
    }
    Ok(reply)
}

/// The value of `Allow` for these methods.
fn allow(mut names: Vec<&str>) -> HeaderValue {
    names.push("OPTIONS");
    names.sort_unstable();
    names.dedup();
    HeaderValue::from_str(&names.join(", ")).expect("methods are tokens")
}

/// Why a method is refused where these are taken: because nobody has it, or because it is not among them.
fn method_not_taken(names: Vec<&str>, method: &str) -> Refusal {
    if !REGISTERED.contains(&method) {
        return Refusal::new(
            "method-not-implemented",
            501,
            format!("`{}` is a method that nobody has", shown(method)),
        )
        .hint("methods are case-sensitive (RFC 9110 section 9.1); /anything takes every one");
    }
    Refusal::new(
        "method-not-allowed",
        405,
        format!("this endpoint does not take {method}"),
    )
    .hint("Allow lists the methods that work here")
    .field(ALLOW, allow(names))
}

/// Open to scripts of every origin.
fn cross_origin(headers: &mut HeaderMap, origin: Option<&HeaderValue>) {
    headers.insert(
        ACCESS_CONTROL_ALLOW_ORIGIN,
        origin.cloned().unwrap_or(HeaderValue::from_static("*")),
    );
    headers.insert(
        ACCESS_CONTROL_ALLOW_CREDENTIALS,
        HeaderValue::from_static("true"),
    );
    if origin.is_some() {
        headers.insert(ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static("*"));
        headers.append(VARY, HeaderValue::from_static("Origin"));
    }
}
