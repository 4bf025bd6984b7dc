//! What the form holds. It stands whole in the query, so that the address can be shared.

use siteerror_playground::{Fault, faults};
use siteerror_wire::field::is_token;
use std::fmt::Write as _;

use super::request::NOT_IN_A_VALUE;
use percent_encoding::utf8_percent_encode;

/// Fields of a request that the builder sends.
const MOST_FIELDS: usize = 50;
/// Bytes of a request method; the registry's longest has 17.
const MOST_METHOD: usize = 40;

/// What answers the request.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum With {
    /// A status code, with all that can stand around it.
    Code,
    /// A wrong answer, by name.
    Fault,
    /// Answers in a row.
    Sequence,
    /// Any other endpoint.
    Path,
}

/// What the form holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct State {
    pub(crate) with: With,
    pub(crate) code: String,
    pub(crate) reason: String,
    /// Fields of the response, as `Name: value`.
    pub(crate) headers: Vec<String>,
    pub(crate) body: String,
    pub(crate) media_type: String,
    pub(crate) delay: String,
    /// Interim responses with their times: `103@0,102@400`.
    pub(crate) interim: String,
    pub(crate) fault: String,
    /// After how many bytes of content the fault happens.
    pub(crate) after: String,
    /// The error code of HTTP/2 that the fault gives.
    pub(crate) error: String,
    /// How long the fault pauses.
    pub(crate) pause: String,
    pub(crate) sequence: String,
    /// The name under which the sequence counts.
    pub(crate) id: String,
    /// Path and query below the playground.
    pub(crate) path: String,
    pub(crate) method: String,
    /// Fields of the request, as `Name: value`.
    pub(crate) fields: Vec<String>,
    pub(crate) content: String,
}

impl Default for State {
    fn default() -> Self {
        Self {
            with: With::Code,
            code: "503".to_owned(),
            reason: String::new(),
            headers: Vec::new(),
            body: String::new(),
            media_type: String::new(),
            delay: String::new(),
            interim: String::new(),
            fault: "length-too-long".to_owned(),
            after: String::new(),
            error: String::new(),
            pause: String::new(),
            sequence: "503*2,429;retry-after=1,200".to_owned(),
            id: String::new(),
            path: "/get".to_owned(),
            method: "GET".to_owned(),
            fields: Vec::new(),
            content: String::new(),
        }
    }
}

impl State {
    /// From the decoded parameters of a query. Those that are not ours are left alone.
    ///
    /// # Errors
    ///
    /// With what is wrong, where no request could be made of it. What the playground can refuse itself is left to it: its refusals explain themselves.
    pub(crate) fn parse(parameters: &[(String, String)]) -> Result<Self, String> {
        let mut state = Self::default();
        let mut with = None;
        for (key, value) in parameters {
            // Forms send every line end as CRLF, scripts as LF.
            let text = value.replace("\r\n", "\n");
            let line = text.trim();
            let place = match key.as_str() {
                "with" => {
                    with = With::of(line);
                    continue;
                }
                "header" => {
                    state.headers.extend(lines(&text));
                    continue;
                }
                "field" => {
                    state.fields.extend(lines(&text));
                    continue;
                }
                "body" => {
                    state.body = text;
                    continue;
                }
                "content" => {
                    state.content = text;
                    continue;
                }
                "reason" => &mut state.reason,
                "type" => &mut state.media_type,
                "delay" => &mut state.delay,
                "interim" => &mut state.interim,
                "id" => &mut state.id,
                "code" => &mut state.code,
                "fault" => &mut state.fault,
                "after" => &mut state.after,
                "error" => &mut state.error,
                "pause" => &mut state.pause,
                "seq" => &mut state.sequence,
                "path" => &mut state.path,
                "method" => &mut state.method,
                _ => continue,
            };
            let may_be_empty = matches!(
                key.as_str(),
                "reason" | "type" | "delay" | "interim" | "id" | "after" | "error" | "pause"
            );
            if may_be_empty || !line.is_empty() {
                line.clone_into(place);
            }
        }
        let is_given = |name: &str| {
            parameters
                .iter()
                .any(|(key, value)| key == name && !value.is_empty())
        };
        state.with = with.unwrap_or_else(|| {
            let others = [With::Fault, With::Sequence, With::Path];
            others
                .into_iter()
                .find(|with| is_given(with.key()))
                .unwrap_or(With::Code)
        });
        state.check()?;
        Ok(state)
    }

    fn check(&self) -> Result<(), String> {
        let method = &self.method;
        if method.len() > MOST_METHOD || !is_token(method.as_bytes()) {
            return Err(format!(
                "`{method}` is no request method: it is one word, such as GET"
            ));
        }
        if self.fields.len() > MOST_FIELDS {
            return Err(format!(
                "a request has at most {MOST_FIELDS} fields here, not {}",
                self.fields.len()
            ));
        }
        for field in &self.fields {
            let (name, value) = split(field);
            if !is_token(name.as_bytes()) || !field.contains(':') {
                return Err(format!(
                    "`{field}` is no field: it is written as `Name: value`"
                ));
            }
            if value.chars().any(|c| c.is_control() && c != '\t') {
                return Err(format!("the value of `{name}` has a control character"));
            }
        }
        if self.with == With::Path {
            let path = self.path.split('?').next().unwrap_or_default();
            let is_dotted = path.split('/').any(|segment| {
                let segment = segment.to_ascii_lowercase().replace("%2e", ".");
                segment == "." || segment == ".."
            });
            if !path.starts_with('/') || is_dotted || path.contains('\\') {
                return Err(format!(
                    "`{path}` is no path of the playground: it begins with a slash, and has no dot segments"
                ));
            }
        }
        Ok(())
    }

    /// The fault that answers, if one does and the playground has it.
    pub(crate) fn known_fault(&self) -> Option<&'static Fault> {
        faults().find(|fault| self.with == With::Fault && fault.name == self.fault)
    }

    /// What is asked of the fault, by the playground's names. What it has no use for is left out: it would change nothing.
    pub(super) fn asked_of_fault(&self) -> impl Iterator<Item = (&'static str, &str)> {
        let taken = self.known_fault().map_or(&[][..], |fault| fault.parameters);
        [
            ("after", self.after.as_str()),
            ("code", self.error.as_str()),
            ("pause", self.pause.as_str()),
        ]
        .into_iter()
        .filter(|(name, value)| taken.contains(name) && !value.is_empty())
    }

    /// The same as a query, in the one order and without what is left out anyway: `code=503&header=Retry-After:%202`.
    pub(crate) fn query(&self) -> String {
        let mut query = String::new();
        let mut add = |name: &str, value: &str| {
            if !value.is_empty() {
                let and = if query.is_empty() { "" } else { "&" };
                let _ = write!(
                    query,
                    "{and}{name}={}",
                    utf8_percent_encode(value, NOT_IN_A_VALUE)
                );
            }
        };
        match self.with {
            With::Code => {
                add("code", &self.code);
                add("reason", &self.reason);
                for header in &self.headers {
                    add("header", header);
                }
                add("body", &self.body);
                add("type", &self.media_type);
                add("delay", &self.delay);
                add("interim", &self.interim);
            }
            With::Fault => {
                add("fault", &self.fault);
                for (name, value) in self.asked_of_fault() {
                    // `code` is the status code here.
                    add(if name == "code" { "error" } else { name }, value);
                }
            }
            With::Sequence => {
                add("seq", &self.sequence);
                add("id", &self.id);
            }
            With::Path => add("path", &self.path),
        }
        if self.method != "GET" {
            add("method", &self.method);
        }
        for field in &self.fields {
            add("field", field);
        }
        add("content", &self.content);
        query
    }
}

impl With {
    fn of(word: &str) -> Option<Self> {
        [Self::Code, Self::Fault, Self::Sequence, Self::Path]
            .into_iter()
            .find(|with| with.key() == word)
    }

    /// Its parameter in the query.
    pub(crate) const fn key(self) -> &'static str {
        match self {
            Self::Code => "code",
            Self::Fault => "fault",
            Self::Sequence => "seq",
            Self::Path => "path",
        }
    }
}

/// The name and the value of a field line.
pub(super) fn split(field: &str) -> (&str, &str) {
    let (name, value) = field.split_once(':').unwrap_or((field, ""));
    (name.trim_end(), value.trim())
}

fn lines(text: &str) -> impl Iterator<Item = String> {
    text.split('\n')
        .map(str::trim)
        .filter(|line| !line.is_empty())
        .map(str::to_owned)
}
