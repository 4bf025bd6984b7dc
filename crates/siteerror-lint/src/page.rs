//! What the page of a rule says: the words and examples of `rules/<group>/<rule>.md`, checked when the crate is built.

use crate::finding::Severity;

/// The folder of a rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Group {
    /// Where messages begin and end.
    Framing,
    /// What status codes ask for.
    Status,
    /// Where clients are sent.
    Redirects,
    /// Fields of all kinds.
    Fields,
    /// What the content is.
    Content,
    /// Caching, validators and dates.
    Caching,
    /// Cookies.
    Cookies,
    /// Fields that protect.
    Security,
    /// The certificate of the server.
    Certificate,
    /// What a second request brings to light.
    Probes,
}

impl Group {
    /// All of them, in the order in which they are shown.
    pub const ALL: &[Self] = &[
        Self::Framing,
        Self::Status,
        Self::Redirects,
        Self::Fields,
        Self::Content,
        Self::Caching,
        Self::Cookies,
        Self::Security,
        Self::Certificate,
        Self::Probes,
    ];

    /// The name in addresses and in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Framing => "framing",
            Self::Status => "status",
            Self::Redirects => "redirects",
            Self::Fields => "fields",
            Self::Content => "content",
            Self::Caching => "caching",
            Self::Cookies => "cookies",
            Self::Security => "security",
            Self::Certificate => "certificate",
            Self::Probes => "probes",
        }
    }

    /// What its rules are about, in a few words.
    pub const fn title(self) -> &'static str {
        match self {
            Self::Framing => "Where messages begin and end",
            Self::Status => "What status codes ask for",
            Self::Redirects => "Redirects and waiting",
            Self::Fields => "Field lines and their values",
            Self::Content => "What the content is",
            Self::Caching => "Caching, validators and dates",
            Self::Cookies => "Cookies",
            Self::Security => "Fields that protect",
            Self::Certificate => "Certificates",
            Self::Probes => "What a second request shows",
        }
    }
}

/// How strongly the source says it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Level {
    /// MUST. Grammar counts as this: RFC 9110 §2.2 forbids to generate what it does not allow.
    Must,
    /// MUST NOT.
    MustNot,
    /// SHOULD.
    Should,
    /// SHOULD NOT.
    ShouldNot,
    /// It contradicts how a code or a field is defined; no keyword says so.
    Definition,
    /// No source demands it.
    Advice,
}

impl Level {
    /// The keyword, or a word of ours.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::Definition => "definition",
            Self::Advice => "advice",
        }
    }
}

/// What must be known besides the response; without it, a rule is silent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Need {
    /// The request.
    Request,
    /// The content, whole.
    Content,
    /// What the connection did.
    Connection,
    /// The scheme of the URL.
    Scheme,
    /// When it came.
    ReceivedAt,
    /// The URL.
    Url,
    /// The handshake.
    Tls,
    /// The other hops.
    Chain,
    /// The answers to more requests.
    Probes,
}

/// Where something is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Source {
    /// Such as `RFC 9110 §8.8.3`.
    pub title: &'static str,
    /// An address to read it at.
    pub url: &'static str,
}

/// How to mend it in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Remedy {
    /// A server, a framework, or `Anywhere`.
    pub place: &'static str,
    /// What to do, as Markdown.
    pub words: &'static str,
}

/// A message of an example, after the request that it answers. Without a request these bytes are empty.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Step {
    /// The bytes of the request.
    pub request: &'static [u8],
    /// The bytes that came back.
    pub response: &'static [u8],
}

/// What else is known about the examples of a page.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Context {
    /// The URL that was asked for; of the first hop in a chain.
    pub url: Option<&'static str>,
    /// The one of the good example, where it is another.
    pub url_good: Option<&'static str>,
    /// When the response came, as an HTTP-date.
    pub received_at: Option<&'static str>,
    /// The certificate, as `key = value` pairs parted by semicolons.
    pub certificate: Option<&'static str>,
    /// The one of the good example, where it is another.
    pub certificate_good: Option<&'static str>,
    /// Whether the connection was closed after the bytes.
    pub closed: bool,
    /// Whether it broke in the bad example: TLS without `close_notify`.
    pub broken: bool,
}

/// All that a page says about its rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Page {
    /// The name, which never changes its meaning.
    pub id: &'static str,
    /// The folder.
    pub group: Group,
    /// What is found, in a few words.
    pub title: &'static str,
    /// How bad it is.
    pub severity: Severity,
    /// How strongly the source says it.
    pub level: Level,
    /// Whether a server could do this and be right.
    pub heuristic: bool,
    /// Whether the source is a draft.
    pub draft: bool,
    /// Other names for the same thing.
    pub aliases: &'static [&'static str],
    /// What must be known.
    pub needs: &'static [Need],
    /// Where it is written, the most telling first.
    pub sources: &'static [Source],
    /// Rules that the bad example breaks as well and cannot help to.
    pub also: &'static [&'static str],
    /// Why it matters, as Markdown.
    pub why: &'static str,
    /// What looks like it and is fine, as Markdown.
    pub fine: Option<&'static str>,
    /// What breaks the rule.
    pub bad: &'static [Step],
    /// The same, mended.
    pub good: &'static [Step],
    /// What else is known about both.
    pub context: Context,
    /// How to mend it, place by place.
    pub mend: &'static [Remedy],
}

include!(concat!(env!("OUT_DIR"), "/pages.rs"));
