//! Error answers: RFC 9457 for programs, a page for people, a line for terminals.

use http::StatusCode;
use serde::Serialize;

use crate::terminal::shown;

/// A kind of problem. Its page is `/problems#code`, its code never changes.
#[derive(Debug)]
pub struct ProblemKind {
    /// The stable word.
    pub code: &'static str,
    /// The status that goes with it.
    pub status: u16,
    /// A short name.
    pub title: &'static str,
    /// When it is sent and what to do, for its page.
    pub about: &'static str,
}

/// All kinds of problems that the site answers with.
pub static PROBLEMS: &[ProblemKind] = &[
    ProblemKind {
        code: "not-found",
        status: 404,
        title: "No such page",
        about: "Nothing lives at the address. The answer names the nearest addresses that exist; the search finds the rest.",
    },
    ProblemKind {
        code: "invalid-status-code",
        status: 404,
        title: "Not a status code",
        about: "The address looks like a status code but is none: a code has three digits, from 100 to 599.",
    },
    ProblemKind {
        code: "method-not-allowed",
        status: 405,
        title: "Method not allowed here",
        about: "Most addresses are for reading, a few take content. The Allow field of the answer lists the methods of this one.",
    },
    ProblemKind {
        code: "method-not-implemented",
        status: 501,
        title: "Method not implemented",
        about: "No address of this server knows the request method. Methods are case-sensitive.",
    },
    ProblemKind {
        code: "not-acceptable",
        status: 406,
        title: "No acceptable representation",
        about: "Accept or Accept-Encoding rules out everything that there is. The member `available` lists the representations; a suffix such as .json picks one without any negotiation.",
    },
    ProblemKind {
        code: "precondition-failed",
        status: 412,
        title: "Precondition failed",
        about: "If-Match or If-Unmodified-Since does not hold for the representation that would have been sent.",
    },
    ProblemKind {
        code: "invalid-query",
        status: 400,
        title: "Invalid query",
        about: "A parameter of the query has a value that it cannot have, is too long, or cannot be decoded. The detail names the parameter and the values that work.",
    },
    ProblemKind {
        code: "invalid-request",
        status: 400,
        title: "Invalid request",
        about: "The message breaks a rule of HTTP that a server has to insist on, such as exactly one Host field in HTTP/1.1. The detail says which.",
    },
    ProblemKind {
        code: "invalid-content",
        status: 400,
        title: "Invalid content",
        about: "What was sent cannot be used: it did not arrive whole, is no JSON where JSON was announced, has a member that nobody knows or a value that it cannot have, or holds no HTTP response. The detail says which.",
    },
    ProblemKind {
        code: "content-timeout",
        status: 408,
        title: "Content too slow",
        about: "The request announced content that did not arrive in ten seconds.",
    },
    ProblemKind {
        code: "content-too-large",
        status: 413,
        title: "Content too large",
        about: "More was sent than the address takes, which is 262,144 bytes at most, as they travel. The detail says how much it is here.",
    },
    ProblemKind {
        code: "unsupported-media-type",
        status: 415,
        title: "Unsupported media type",
        about: "Content of this media type is not taken. The Accept-Post field of the answer lists those that are.",
    },
    ProblemKind {
        code: "too-many-checks",
        status: 429,
        title: "Too many checks",
        about: "URLs are checked for everybody, so each client, each host that is checked and all together have a limit. Retry-After says when to come back.",
    },
    ProblemKind {
        code: "internal-error",
        status: 500,
        title: "Something broke here",
        about: "It is our fault. The log of the server has the details.",
    },
];

/// An error answer.
#[derive(Debug, Clone, Serialize)]
pub struct Problem {
    /// A page of ours.
    #[serde(rename = "type")]
    kind: String,
    code: &'static str,
    title: &'static str,
    pub(crate) status: u16,
    pub(crate) detail: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub(crate) hint: Option<String>,
    /// Addresses that may have been meant.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) suggestions: Vec<Suggestion>,
    /// For 406: what there is.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub(crate) available: Vec<Available>,
}

/// An address that may have been meant.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Suggestion {
    pub(crate) url: String,
    pub(crate) title: String,
}

/// A representation that exists.
#[derive(Debug, Clone, Serialize)]
pub(crate) struct Available {
    #[serde(rename = "type")]
    pub(crate) media_type: &'static str,
    pub(crate) url: String,
}

impl Problem {
    /// # Panics
    ///
    /// If `code` is not in [`PROBLEMS`].
    pub(crate) fn new(code: &'static str, detail: impl Into<String>) -> Self {
        let kind = PROBLEMS
            .iter()
            .find(|kind| kind.code == code)
            .expect("a problem is one of the table");
        Self {
            kind: format!("/problems#{code}"),
            code,
            title: kind.title,
            status: kind.status,
            detail: shown(&detail.into()),
            hint: None,
            suggestions: Vec::new(),
            available: Vec::new(),
        }
    }

    pub(crate) fn with_hint(mut self, hint: impl Into<String>) -> Self {
        self.hint = Some(shown(&hint.into()));
        self
    }

    pub(crate) fn with_suggestions(mut self, suggestions: Vec<Suggestion>) -> Self {
        self.suggestions = suggestions;
        self
    }

    pub(crate) fn title(&self) -> &'static str {
        self.title
    }

    pub(crate) fn status_code(&self) -> StatusCode {
        StatusCode::from_u16(self.status).expect("the table has valid codes")
    }

    pub(crate) fn json(&self) -> String {
        let mut json = serde_json::to_string_pretty(self).expect("a problem is plain data");
        json.push('\n');
        json
    }

    /// One line for a terminal: what was wrong, and what to do.
    pub(crate) fn line(&self) -> String {
        let mut line = format!("error: {}", self.detail);
        if let Some(hint) = &self.hint {
            line.push_str("; ");
            line.push_str(hint);
        }
        line.push('\n');
        line
    }
}
