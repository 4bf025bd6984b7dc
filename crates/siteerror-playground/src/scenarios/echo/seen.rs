//! What arrived, as the JSON object that all echoing endpoints answer with.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::collections::btree_map::Entry;

use http::header::HOST;
use http::{HeaderMap, HeaderName, HeaderValue};
use serde::Serialize;
use serde_json::Value;

use super::content::Content;
use super::exact::Exact;
use crate::call::Call;
use crate::reply::{JSON, Reply};

/// Room for a usual echo, so that it is written without growing.
const USUAL_BYTES: usize = 1024;

/// A request as it is shown: a JSON object whose keys are sorted.
#[derive(Debug, Serialize)]
pub(in crate::scenarios) struct Seen<'a>(BTreeMap<&'static str, Part<'a>>);

/// A value of the object.
#[derive(Debug, Serialize)]
#[serde(untagged)]
enum Part<'a> {
    Text(Cow<'a, str>),
    Named(Named<'a>),
    Json(Option<Exact<'a>>),
    Plain(Value),
}

/// Names with their values.
pub(super) type Named<'a> = BTreeMap<Cow<'a, str>, Values<'a>>;

/// A value, or a list where the name is repeated.
#[derive(Debug, Serialize)]
#[serde(untagged)]
pub(super) enum Values<'a> {
    One(Cow<'a, str>),
    Many(Vec<Cow<'a, str>>),
}

impl<'a> Seen<'a> {
    /// Of a request without regard to its content: `args`, `headers`, `method`, `origin` and `url`.
    pub(in crate::scenarios) fn of(call: &'a Call) -> Self {
        Self(BTreeMap::from([
            ("args", Part::Named(pairs(&call.query))),
            ("headers", Part::Named(headers(call))),
            ("method", Part::Text(call.parts.method.as_str().into())),
            ("origin", Part::Text(origin(call))),
            ("url", Part::Text(url(call).into())),
        ]))
    }

    /// With the content: `data`, `files`, `form`, `json`; where there is reason to, `coding_error` and `trailers`.
    pub(in crate::scenarios) fn with_content(
        mut self,
        call: &'a Call,
        content: &'a Content,
    ) -> Self {
        self.0
            .insert("data", Part::Text(content.data.as_str().into()));
        self.0.insert("files", Part::Named(pairs(&content.files)));
        self.0.insert("form", Part::Named(pairs(&content.form)));
        self.0.insert("json", Part::Json(content.json()));
        if let Some(error) = &content.coding_error {
            self.0
                .insert("coding_error", Part::Text(error.as_str().into()));
        }
        if !call.trailers.is_empty() {
            self.0
                .insert("trailers", Part::Named(fields(&call.trailers, None)));
        }
        self
    }

    /// With one more key.
    pub(in crate::scenarios) fn with(mut self, key: &'static str, value: impl Into<Value>) -> Self {
        self.0.insert(key, Part::Plain(value.into()));
        self
    }

    /// The object as text.
    pub(in crate::scenarios) fn json(&self) -> Vec<u8> {
        let mut json = Vec::with_capacity(USUAL_BYTES);
        serde_json::to_writer_pretty(&mut json, &self.0).expect("it is plain data");
        json.push(b'\n');
        json
    }

    /// A 200 with it.
    pub(in crate::scenarios) fn reply(&self) -> Reply {
        Reply::ok(JSON, self.json())
    }
}

/// Pairs by name; a repeated name has the list of its values, in their order.
pub(super) fn pairs(pairs: &[(String, String)]) -> Named<'_> {
    let mut named = Named::new();
    for (name, value) in pairs {
        add(&mut named, name.as_str().into(), value.as_str().into());
    }
    named
}

/// The fields of a request.
pub(super) fn headers(call: &Call) -> Named<'_> {
    // In HTTP/2 the host stands in a pseudo-field (RFC 9113 §8.3.1).
    let host = call
        .parts
        .uri
        .authority()
        .map(http::uri::Authority::as_str)
        .filter(|_| !call.parts.headers.contains_key(HOST));
    fields(&call.parts.headers, host)
}

fn fields<'a>(map: &'a HeaderMap, host: Option<&'a str>) -> Named<'a> {
    let mut named = Named::new();
    if let Some(host) = host {
        add(&mut named, "Host".into(), host.into());
    }
    for (name, value) in map {
        add(&mut named, title(name).into(), text(value));
    }
    named
}

fn add<'a>(named: &mut Named<'a>, name: Cow<'a, str>, value: Cow<'a, str>) {
    match named.entry(name) {
        Entry::Vacant(place) => {
            place.insert(Values::One(value));
        }
        Entry::Occupied(mut place) => match place.get_mut() {
            Values::Many(values) => values.push(value),
            Values::One(first) => {
                let first = std::mem::take(first);
                place.insert(Values::Many(vec![first, value]));
            }
        },
    }
}

/// A field name with a capital at its beginning and after each dash, as both dialects show it.
fn title(name: &HeaderName) -> String {
    let mut titled = name.as_str().to_owned();
    let dashes = name.as_str().match_indices('-').map(|(at, _)| at + 1);
    for at in std::iter::once(0).chain(dashes) {
        if let Some(letter) = titled.get_mut(at..=at) {
            letter.make_ascii_uppercase();
        }
    }
    titled
}

/// A field value as text: UTF-8 if it is that, else each byte the letter of its number (RFC 9110 §5.5).
pub(super) fn text(value: &HeaderValue) -> Cow<'_, str> {
    let bytes = value.as_bytes();
    match str::from_utf8(bytes) {
        Ok(text) => text.into(),
        Err(_) => bytes.iter().copied().map(char::from).collect(),
    }
}

/// The address of the client, or the one that `X-Forwarded-For` claims: it is shown, never trusted.
pub(super) fn origin(call: &Call) -> Cow<'_, str> {
    let forwarded = call
        .header("x-forwarded-for")
        .and_then(|value| value.split(',').next())
        .map(str::trim)
        .filter(|first| !first.is_empty());
    match forwarded {
        Some(first) => first.into(),
        None => call
            .connection
            .peer
            .map(|peer| peer.ip().to_canonical().to_string())
            .unwrap_or_default()
            .into(),
    }
}

/// The target URI; `X-Forwarded-Proto` may say that it began otherwise.
fn url(call: &Call) -> String {
    let scheme = match call.header("x-forwarded-proto") {
        Some(scheme @ ("http" | "https")) => scheme,
        _ if call.connection.tls.is_some() => "https",
        _ => "http",
    };
    [scheme, "://", call.authority(), call.target()].concat()
}

/// The field lines in the order that the parser gives.
pub(super) fn lines(call: &Call) -> Vec<(String, String)> {
    call.parts
        .headers
        .iter()
        .map(|(name, value)| (name.as_str().to_owned(), text(value).into_owned()))
        .collect()
}

/// The head as HTTP/1.1 would write it, for a request that came otherwise.
pub(super) fn dumped_head(call: &Call) -> Vec<u8> {
    let line = [call.parts.method.as_str(), call.target(), "HTTP/1.1"].join(" ");
    let mut head = Vec::with_capacity(USUAL_BYTES);
    head.extend_from_slice(line.as_bytes());
    head.extend_from_slice(b"\r\n");
    let mut field = |name: &str, value: &[u8]| {
        head.extend_from_slice(name.as_bytes());
        head.extend_from_slice(b": ");
        head.extend_from_slice(value);
        head.extend_from_slice(b"\r\n");
    };
    if !call.parts.headers.contains_key(HOST) && call.parts.uri.authority().is_some() {
        field("Host", call.authority().as_bytes());
    }
    for (name, value) in &call.parts.headers {
        field(&title(name), value.as_bytes());
    }
    head.extend_from_slice(b"\r\n");
    head
}
