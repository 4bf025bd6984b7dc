//! The request that a state of the form stands for.

use std::fmt::Write as _;

use percent_encoding::{AsciiSet, CONTROLS, NON_ALPHANUMERIC, utf8_percent_encode};

use siteerror_playground::Versions;

use super::state::{State, With, split};

/// What a value in a query is encoded for. `:`, `/`, `,`, `;`, `@` and `*` may stand there (RFC 3986 §3.4) and are easier to read as they are.
pub(crate) const NOT_IN_A_VALUE: &AsciiSet = &NON_ALPHANUMERIC
    .remove(b'-')
    .remove(b'.')
    .remove(b'_')
    .remove(b'~')
    .remove(b':')
    .remove(b'/')
    .remove(b',')
    .remove(b';')
    .remove(b'@')
    .remove(b'*');

/// The same for a part of a path, in which `=` may stand too, and a slash would end it.
const NOT_IN_A_SEGMENT: &AsciiSet = &NOT_IN_A_VALUE.remove(b'=').add(b'/');

/// What cannot stand in a target that somebody wrote. `%` stays: what is encoded already is not encoded again.
const NOT_IN_A_TARGET: &AsciiSet = &CONTROLS
    .add(b' ')
    .add(b'"')
    .add(b'#')
    .add(b'\'')
    .add(b'<')
    .add(b'>')
    .add(b'[')
    .add(b'\\')
    .add(b']')
    .add(b'^')
    .add(b'`')
    .add(b'{')
    .add(b'|')
    .add(b'}');

/// A request, ready to be sent.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Request {
    pub(crate) method: String,
    /// Scheme and authority: `http://localhost:4040`.
    pub(crate) origin: String,
    /// Path and query.
    pub(crate) target: String,
    pub(crate) fields: Vec<(String, String)>,
    pub(crate) content: String,
    pub(crate) again: Again,
    /// Whether it leads on.
    pub(crate) redirects: bool,
    /// Whether only HTTP/2 can carry the answer.
    pub(crate) is_http2: bool,
}

/// When a request is worth repeating.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Again {
    No,
    /// After a response that is for the time being.
    AfterResponses,
    /// Also after what is no response at all.
    AfterErrors,
}

impl Request {
    /// The request of a state, to the playground at `prefix` of `origin`.
    pub(crate) fn compose(state: &State, origin: &str, prefix: &str) -> Self {
        let target = format!("{prefix}{}", target(state, prefix));
        let mut fields: Vec<(String, String)> = state
            .fields
            .iter()
            .map(|field| {
                let (name, value) = split(field);
                (name.to_owned(), value.to_owned())
            })
            .collect();
        let is_typed = fields
            .iter()
            .any(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        if !state.content.is_empty() && !is_typed {
            // Every client has a default of its own; with this, all send the same.
            fields.push((
                "Content-Type".to_owned(),
                "text/plain; charset=utf-8".to_owned(),
            ));
        }
        let redirects = match state.with {
            With::Code => matches!(state.code.as_str(), "301" | "302" | "303" | "307" | "308"),
            With::Path => state.path.contains("redirect"),
            With::Fault | With::Sequence => false,
        };
        let fault = state.known_fault();
        // Some faults only show with HEAD.
        let of_fault = fault
            .map(|fault| fault.method)
            .filter(|_| state.method == "GET");
        Self {
            method: of_fault.unwrap_or(&state.method).to_owned(),
            origin: origin.to_owned(),
            target,
            fields,
            content: state.content.clone(),
            again: match state.with {
                With::Sequence if has_fault(&state.sequence) => Again::AfterErrors,
                With::Sequence => Again::AfterResponses,
                With::Code | With::Fault | With::Path => Again::No,
            },
            redirects,
            is_http2: fault.is_some_and(|fault| fault.versions == Versions::Two),
        }
    }

    /// The whole address.
    pub(crate) fn url(&self) -> String {
        format!("{}{}", self.origin, self.target)
    }

    /// Whether it goes out without TLS, so that HTTP/2 needs prior knowledge (RFC 9113 §3.3).
    pub(crate) fn is_cleartext(&self) -> bool {
        self.origin.starts_with("http://")
    }

    /// The authority, for `Host`.
    pub(crate) fn authority(&self) -> &str {
        self.origin
            .split_once("://")
            .map_or("", |(_, authority)| authority)
    }

    /// The value of a field, whatever the case of its name.
    pub(crate) fn field(&self, wanted: &str) -> Option<&str> {
        self.fields
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case(wanted))
            .map(|(_, value)| value.as_str())
    }

    /// As it goes over the wire in HTTP/1.1.
    pub(crate) fn message(&self) -> String {
        let mut message = format!("{} {} HTTP/1.1\r\n", self.method, self.target);
        if self.field("host").is_none() {
            let _ = write!(message, "Host: {}\r\n", self.authority());
        }
        for (name, value) in &self.fields {
            let _ = write!(message, "{name}: {value}\r\n");
        }
        let is_framed =
            self.field("content-length").is_some() || self.field("transfer-encoding").is_some();
        if !self.content.is_empty() && !is_framed {
            let _ = write!(message, "Content-Length: {}\r\n", self.content.len());
        }
        message + "\r\n" + &self.content
    }
}

/// Whether a step of a sequence is a fault: those have names, the others are numbers.
fn has_fault(sequence: &str) -> bool {
    sequence.split(',').any(|step| {
        step.trim_start()
            .starts_with(|first: char| first.is_ascii_alphabetic())
    })
}

/// Path and query below the prefix.
fn target(state: &State, prefix: &str) -> String {
    let segment = |text: &str| utf8_percent_encode(text, NOT_IN_A_SEGMENT).to_string();
    match state.with {
        With::Code => {
            let mut target = format!("/status/{}", segment(&state.code));
            let mut joint = '?';
            let single = [
                ("reason", &state.reason),
                ("body", &state.body),
                ("type", &state.media_type),
                ("delay", &state.delay),
                ("interim", &state.interim),
            ];
            let headers = state.headers.iter().map(|header| ("header", header));
            for (name, value) in headers.chain(single) {
                if !value.is_empty() {
                    let value = utf8_percent_encode(value, NOT_IN_A_VALUE);
                    let _ = write!(target, "{joint}{name}={value}");
                    joint = '&';
                }
            }
            target
        }
        With::Fault => {
            let mut target = format!("/fault/{}", segment(&state.fault));
            let mut joint = '?';
            for (name, value) in state.asked_of_fault() {
                let value = utf8_percent_encode(value, NOT_IN_A_VALUE);
                let _ = write!(target, "{joint}{name}={value}");
                joint = '&';
            }
            target
        }
        With::Sequence => format!("/seq/{}/{}", segment(&state.id), segment(&state.sequence)),
        With::Path => {
            // Whoever copies an address from elsewhere has the prefix on it already.
            let path = state
                .path
                .strip_prefix(prefix)
                .filter(|rest| !prefix.is_empty() && rest.starts_with('/'))
                .unwrap_or(&state.path);
            utf8_percent_encode(path, NOT_IN_A_TARGET).to_string()
        }
    }
}
