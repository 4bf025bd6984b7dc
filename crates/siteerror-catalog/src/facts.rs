//! What is so about a code, each fact with its source.

use serde::Serialize;

use crate::Text;

/// Facts at a glance. Sources are clauses such as `RFC 9110 §15.1`.
#[derive(Debug)]
#[non_exhaustive]
pub struct Facts {
    /// Whether a cache may store it by its own judgement when the response names no lifetime. RFC 9111 §4.2.2.
    pub heuristically_cacheable: bool,
    /// What caches may do with it.
    pub cache: Cache,
    /// The clause for the two facts above.
    pub cache_source: &'static str,
    /// Whether a response with this code carries content.
    pub content: Presence,
    /// The clause for that.
    pub content_source: &'static str,
    /// Whether and how to send the request again; a phrase.
    pub retry: Text,
    /// The clause for that.
    pub retry_source: &'static str,
    /// The requests that it answers, where that is limited or noteworthy.
    pub methods: Option<Text>,
    /// The clause for that.
    pub methods_source: Option<&'static str>,
    /// What an automatic redirect does to the request method.
    pub redirect_method: Option<RedirectMethod>,
    /// The clause for that.
    pub redirect_method_source: Option<&'static str>,
    /// Who defined it first.
    pub since: Since,
    /// Fields that the response must, should or may carry.
    pub required_fields: &'static [FieldRule],
    /// Fields that the response must not or should not carry.
    pub forbidden_fields: &'static [FieldRule],
}

/// What caches may do with a response.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
#[non_exhaustive]
pub enum Cache {
    /// May be stored without explicit freshness. RFC 9110 §15.1.
    Heuristic,
    /// May be stored if the response says so.
    ExplicitOnly,
    /// Must not be stored (428, 429, 431, 511). RFC 6585.
    MustNotStore,
    /// An interim response is never stored. RFC 9111 §3.
    Never,
    /// 304: it updates what is stored. RFC 9111 §4.3.4.
    Special,
}

/// Whether something is in a message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Presence {
    /// It cannot be there.
    Forbidden,
    /// It may be there.
    Optional,
    /// A MUST, a SHOULD, or what clients count on.
    Expected,
}

/// What a client that follows a redirect by itself does to the method.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum RedirectMethod {
    /// It stays.
    Preserve,
    /// POST may become GET, for historical reasons.
    MayChangeToGet,
    /// It becomes GET (or stays HEAD).
    ToGet,
}

/// The first document that defined the code.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Since {
    /// Year of that document.
    pub year: u16,
    /// Such as `RFC 1945`.
    pub rfc: &'static str,
    /// What the two above do not tell.
    pub note: Option<Text>,
}

/// How strongly a field is asked for or ruled out, as the source says it. RFC 2119.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
pub enum Level {
    /// MUST.
    #[serde(rename = "MUST")]
    Must,
    /// MUST NOT.
    #[serde(rename = "MUST NOT")]
    MustNot,
    /// SHOULD.
    #[serde(rename = "SHOULD")]
    Should,
    /// SHOULD NOT.
    #[serde(rename = "SHOULD NOT")]
    ShouldNot,
    /// MAY.
    #[serde(rename = "MAY")]
    May,
}

impl Level {
    /// The keyword.
    pub const fn keyword(self) -> &'static str {
        match self {
            Self::Must => "MUST",
            Self::MustNot => "MUST NOT",
            Self::Should => "SHOULD",
            Self::ShouldNot => "SHOULD NOT",
            Self::May => "MAY",
        }
    }
}

/// A field that comes with a code, or must stay away from it.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct FieldRule {
    /// The field name.
    pub field: &'static str,
    /// How strongly.
    pub level: Level,
    /// Whether the source uses the keyword itself.
    #[serde(skip_serializing_if = "is_true")]
    pub normative_keyword: bool,
    /// In which case; always if there is none.
    pub when: Option<Text>,
    /// The clause.
    pub source: &'static str,
}

#[expect(
    clippy::trivially_copy_pass_by_ref,
    reason = "serde passes a reference"
)]
const fn is_true(value: &bool) -> bool {
    *value
}
