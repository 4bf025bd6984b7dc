//! The table of everything that the playground can do. It routes the requests, checks their parameters, and is the source of the index, the OpenAPI
//! description and the builder: what is not in it does not exist.

use std::future::Future;
use std::pin::Pin;

use serde::Serialize;

use crate::call::Call;
use crate::limits::Limit;
use crate::refusal::Refusal;
use crate::reply::Reply;

/// What comes of playing a scenario.
pub(crate) type Outcome = Result<Reply, Refusal>;

/// An outcome that takes its time.
pub(crate) type Later<'a> = Pin<Box<dyn Future<Output = Outcome> + Send + 'a>>;

/// One thing that the playground can do.
#[derive(Debug)]
#[non_exhaustive]
pub struct Scenario {
    /// The stable name, unique in the table.
    pub id: &'static str,
    /// Path below the prefix; `{name}` stands for a segment, `{*name}` for the rest.
    pub path: &'static str,
    /// Request methods that it takes.
    pub methods: Methods,
    /// Shelf of the index.
    pub family: Family,
    /// A few words.
    pub title: &'static str,
    /// What it does and why one would want it, in whole sentences.
    pub about: &'static str,
    /// Everything that it understands besides the path.
    pub parameters: &'static [Parameter],
    /// Path and query of a request that works.
    pub example: &'static str,
    /// Status codes that it may answer with on purpose; refusals come on top. Empty: any.
    pub answers: &'static [u16],
    /// Media types of its normal answer, with commas between them; empty where it has no content or any.
    pub media_type: &'static str,
    /// Where the behaviour is written down: `httpbin`, `go-httpbin`, an RFC and section, or `siteerror`.
    pub source: &'static str,
    pub(crate) play: Play,
}

/// Which request methods a scenario takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Methods {
    /// Every one, known or not.
    Any,
    /// Every one that the registry has (RFC 9110 §16.1.1); another one is a method that nobody has.
    Registered,
    /// Those of whatever the path names: the scenario itself turns down the others, and answers OPTIONS.
    Own,
    /// These; where GET is among them, HEAD works too.
    Only(&'static [&'static str]),
}

impl Methods {
    /// As the index lists them.
    pub(crate) fn label(&self) -> String {
        match self {
            Self::Any | Self::Registered | Self::Own => "ANY".to_owned(),
            Self::Only(methods) => methods.join(" "),
        }
    }

    /// Whether following a link does it.
    pub(crate) fn is_link(&self) -> bool {
        match self {
            Self::Any | Self::Registered | Self::Own => true,
            Self::Only(methods) => methods.contains(&"GET"),
        }
    }
}

/// A scenario's function.
pub(crate) enum Play {
    /// It answers at once.
    Now(fn(&mut Call) -> Outcome),
    /// It waits, reads content, or asks things of the connection.
    Wait(for<'a> fn(&'a mut Call) -> Later<'a>),
}

impl std::fmt::Debug for Play {
    fn fmt(&self, formatter: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        formatter.write_str(match self {
            Self::Now(_) => "Now",
            Self::Wait(_) => "Wait",
        })
    }
}

/// A shelf of the index.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Family {
    /// Any code, with all that belongs to it.
    Status,
    /// What arrived, shown.
    Echo,
    /// Redirects and chains of them.
    Redirects,
    /// Credentials.
    Auth,
    /// Cookies.
    Cookies,
    /// Caches, validators, ranges.
    Caching,
    /// Slow, long and live answers.
    Streams,
    /// Codings, formats, documents.
    Content,
    /// Interim responses and `Expect`.
    Interim,
    /// Codes caused by rules.
    Causes,
    /// Wrong framing, by name.
    Faults,
    /// Codes of vendors, as their servers behave.
    Vendors,
    /// Sequences and the report card.
    Sequences,
    /// Traces, the client lab, bins and mocks.
    Instruments,
    /// About the playground itself.
    About,
}

impl Family {
    /// All, in the order of the index.
    pub const ALL: &[Self] = &[
        Self::Status,
        Self::Causes,
        Self::Interim,
        Self::Faults,
        Self::Sequences,
        Self::Instruments,
        Self::Vendors,
        Self::Redirects,
        Self::Auth,
        Self::Cookies,
        Self::Caching,
        Self::Streams,
        Self::Content,
        Self::Echo,
        Self::About,
    ];

    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Status => "status",
            Self::Echo => "echo",
            Self::Redirects => "redirects",
            Self::Auth => "auth",
            Self::Cookies => "cookies",
            Self::Caching => "caching",
            Self::Streams => "streams",
            Self::Content => "content",
            Self::Interim => "interim",
            Self::Causes => "causes",
            Self::Faults => "faults",
            Self::Vendors => "vendors",
            Self::Sequences => "sequences",
            Self::Instruments => "instruments",
            Self::About => "about",
        }
    }

    /// Its heading.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Status => "Any code",
            Self::Echo => "What arrived, shown",
            Self::Redirects => "Redirects",
            Self::Auth => "Credentials",
            Self::Cookies => "Cookies",
            Self::Caching => "Caches, validators, ranges",
            Self::Streams => "Slow, long and live",
            Self::Content => "Codings and documents",
            Self::Interim => "Interim responses and Expect",
            Self::Causes => "Codes caused by rules",
            Self::Faults => "Wrong answers, by name",
            Self::Vendors => "As vendors do it",
            Self::Sequences => "Sequences and the report card",
            Self::Instruments => "Traces, the lab, bins and mocks",
            Self::About => "About this playground",
        }
    }
}

/// Where a parameter stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Place {
    /// In the path.
    Path,
    /// In the query.
    Query,
    /// Among the fields of the request.
    Header,
}

/// What a scenario understands.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub struct Parameter {
    /// Its name.
    pub name: &'static str,
    /// Where it stands.
    pub place: Place,
    /// Which values work.
    pub kind: Kind,
    /// Whether it must be there. Those of the path always are.
    pub required: bool,
    /// What it does, in whole sentences.
    pub about: &'static str,
}

/// Which values work for a parameter. They are checked before a scenario is played.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Kind {
    /// Any text, or one that the scenario judges itself.
    Text,
    /// A whole number.
    Integer {
        /// The least.
        min: i64,
        /// The most, where no limit of the table holds.
        max: i64,
        /// The limit that holds.
        limit: Option<Limit>,
    },
    /// Seconds, as `1.5`, or with a unit: `250ms`, `2s`.
    Seconds {
        /// The limit that holds.
        limit: Limit,
    },
    /// A number from 0 to 1.
    Share,
    /// A name that the client chooses: 1 to 64 letters, digits, dots, dashes or underscores.
    Name,
    /// One of these words.
    OneOf(&'static [&'static str]),
    /// Yes or no: `1`, `true`, `yes`, `on`, or `0`, `false`, `no`, `off`. Present without a value means yes.
    Flag,
}

impl Parameter {
    /// A part of the path.
    pub(crate) const fn path(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            place: Place::Path,
            kind,
            required: true,
            about,
        }
    }

    /// An optional part of the query.
    pub(crate) const fn query(name: &'static str, kind: Kind, about: &'static str) -> Self {
        Self {
            name,
            place: Place::Query,
            kind,
            required: false,
            about,
        }
    }

    /// An optional field of the request.
    pub(crate) const fn header(name: &'static str, about: &'static str) -> Self {
        Self {
            name,
            place: Place::Header,
            kind: Kind::Text,
            required: false,
            about,
        }
    }

    /// The same, but it must be there.
    pub(crate) const fn must(mut self) -> Self {
        self.required = true;
        self
    }
}

/// All scenarios, by family.
pub fn scenarios() -> impl Iterator<Item = &'static Scenario> {
    crate::scenarios::SHELVES.iter().copied().flatten()
}
