//! Why the playground did not do what was asked: an answer by RFC 9457, which names the parameter or the limit.

use std::borrow::Cow;

use http::{HeaderName, HeaderValue};

use crate::limits::Limit;

/// A request that is turned down.
#[derive(Debug, Clone)]
pub(crate) struct Refusal {
    /// A stable word of [`CODES`].
    pub(crate) code: &'static str,
    pub(crate) status: u16,
    pub(crate) detail: String,
    pub(crate) hint: Option<Cow<'static, str>>,
    /// The limit that was passed, and what was asked.
    pub(crate) limit: Option<(Limit, serde_json::Value)>,
    pub(crate) fields: Vec<(HeaderName, HeaderValue)>,
    /// Whether the connection has to end with it, because the rest of the request is not read.
    pub(crate) close: bool,
}

/// The words for what can be wrong; none ever changes its meaning.
pub(crate) static CODES: &[(&str, &str)] = &[
    (
        "invalid-parameter",
        "A parameter has a value that it cannot have",
    ),
    ("limit-exceeded", "More was asked than a limit allows"),
    ("invalid-field", "A field has a value that it cannot have"),
    (
        "invalid-content",
        "The content of the request is not what it claims to be",
    ),
    (
        "unsupported-coding",
        "The content of the request is coded in a way that is not known here",
    ),
    (
        "invalid-request",
        "The request breaks a rule of HTTP that a server has to insist on",
    ),
    (
        "content-too-large",
        "The content of the request is larger than the limit",
    ),
    ("timeout", "The request did not arrive in time"),
    ("not-found", "No endpoint has this path"),
    (
        "method-not-allowed",
        "The endpoint does not take this method",
    ),
    ("method-not-implemented", "Nobody knows this method"),
    (
        "not-acceptable",
        "Nothing of what there is fits the Accept field",
    ),
    (
        "target-not-allowed",
        "Redirects to this origin are not on the list",
    ),
    ("client-left", "The client left before the answer"),
    ("busy", "Too many requests are being held at the moment"),
    (
        "version-not-possible",
        "The version of HTTP in use cannot carry this",
    ),
    (
        "upgrade-required",
        "The endpoint speaks another protocol, and the request does not ask for it",
    ),
    ("full", "There is no place for another one"),
    (
        "precondition",
        "A condition that the request has to have is missing, or false",
    ),
    ("locked", "Somebody else holds a lock on it"),
    ("misdirected", "This server cannot answer for that host"),
    ("internal-error", "It is our fault"),
];

impl Refusal {
    /// # Panics
    ///
    /// If `code` is not in [`CODES`].
    pub(crate) fn new(code: &'static str, status: u16, detail: impl Into<String>) -> Self {
        debug_assert!(
            CODES.iter().any(|(known, _)| *known == code),
            "`{code}` is a word of the table"
        );
        Self {
            code,
            status,
            detail: detail.into(),
            hint: None,
            limit: None,
            fields: Vec::new(),
            close: false,
        }
    }

    /// A parameter that cannot be used; `what` says why.
    pub(crate) fn parameter(name: &str, value: &str, what: impl std::fmt::Display) -> Self {
        Self::new(
            "invalid-parameter",
            400,
            format!("`{name}` is `{}`: {what}", shown(value)),
        )
    }

    /// More than a limit allows.
    pub(crate) fn limit(limit: Limit, asked: impl Into<serde_json::Value>) -> Self {
        let asked = asked.into();
        let status = limit.status.unwrap_or(400);
        let code = match status {
            408 => "timeout",
            413 => "content-too-large",
            503 => "busy",
            507 => "full",
            _ => "limit-exceeded",
        };
        let mut refusal = Self::new(
            code,
            status,
            format!("{}: at most {}, asked {asked}", limit.about, limit.max),
        );
        refusal.limit = Some((limit, asked));
        refusal.close = status == 413;
        refusal
    }

    pub(crate) fn hint(mut self, hint: impl Into<Cow<'static, str>>) -> Self {
        self.hint = Some(hint.into());
        self
    }

    pub(crate) fn field(mut self, name: HeaderName, value: HeaderValue) -> Self {
        self.fields.push((name, value));
        self
    }

    pub(crate) fn close(mut self) -> Self {
        self.close = true;
        self
    }

    pub(crate) fn title(&self) -> &'static str {
        CODES
            .iter()
            .find(|(code, _)| *code == self.code)
            .map_or("", |(_, title)| title)
    }
}

/// Input as it may be quoted: short, and without control characters.
pub(crate) fn shown(text: &str) -> String {
    const MOST: usize = 120;
    let mut shown: String = text
        .chars()
        .take(MOST)
        .flat_map(char::escape_debug)
        .collect();
    if text.chars().count() > MOST {
        shown.push('…');
    }
    shown
}
