//! One status code with everything that its page says.

use serde::Serialize;

use crate::{Class, CodeId, Facts, Text};

/// A registered status code: facts and words. Its JSON is described by [`CODE_SCHEMA`](crate::CODE_SCHEMA).
#[derive(Debug)]
#[non_exhaustive]
pub struct Code {
    /// Its identity.
    pub id: CodeId,
    /// The reason phrase in the IANA registry; `(Unused)` for 306 and 418.
    pub name: &'static str,
    /// The name that people use, where it differs.
    pub known_as: Option<&'static str>,
    /// Names in older documents.
    pub former_names: &'static [FormerName],
    /// One emoji.
    pub emoji: &'static str,
    /// A short name for narrow places; may hold soft hyphens.
    pub cell: &'static str,
    /// How often people meet it.
    pub weight: Weight,
    /// Ways in which people say it.
    pub said: &'static [&'static str],
    /// Its standing in the registry.
    pub standing: Standing,
    /// What must be said first about a code that is not plainly registered.
    pub notice: Option<Text>,
    /// One or two sentences, plain text.
    pub summary: &'static str,
    /// What it means, in a friendly voice.
    pub meaning: Text,
    /// The exact sense.
    pub definition: Text,
    /// For everybody.
    pub plain_english: Text,
    /// What people get wrong, and what is right.
    pub misinterpretation: Text,
    /// What its defining document says, verbatim.
    pub rfc: Quotation,
    /// What really produces it.
    pub causes: &'static [Text],
    /// What to do about it.
    pub fixes: Fixes,
    /// A request and the response to it.
    pub example: Example,
    /// What is so, with sources.
    pub facts: Facts,
    /// Questions that people ask.
    pub faq: &'static [Question],
    /// Codes it is mistaken for, the most asked first.
    pub compare: &'static [Comparison],
    /// Where the facts and words come from.
    pub sources: &'static [Source],
    /// Day of the last change, `2026-11-24`.
    pub updated: &'static str,
}

impl Code {
    /// The name that heads its page: `known_as` if there is one, else the registered one.
    pub fn title(&self) -> &'static str {
        self.known_as.unwrap_or(self.name)
    }

    /// Its class.
    ///
    /// # Panics
    ///
    /// Never: the registry has no number outside 100 to 599.
    pub fn class(&self) -> Class {
        self.id
            .class()
            .expect("every registered code is between 100 and 599")
    }

    /// The words of its address besides the number: `not-found`, `im-a-teapot`.
    pub fn slugs(&self) -> impl Iterator<Item = String> {
        let names = self
            .known_as
            .into_iter()
            .chain([self.name])
            .chain(self.former_names.iter().map(|former| former.name));
        names.filter(|name| *name != "(Unused)").map(slug)
    }
}

pub(crate) fn slug(name: &str) -> String {
    let words = name.replace('\'', "");
    let words = words
        .split(|c: char| !c.is_ascii_alphanumeric())
        .filter(|word| !word.is_empty());
    words.collect::<Vec<_>>().join("-").to_ascii_lowercase()
}

/// Where a code stands in the registry.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "lowercase")]
#[non_exhaustive]
pub enum Standing {
    /// Registered, and in use.
    Registered,
    /// Registered for a limited time.
    Temporary,
    /// Registered, and not to be used any more.
    Deprecated,
    /// Reserved without a meaning.
    Unused,
    /// The document that defines it is historic.
    Obsoleted,
    /// Used by a vendor, not registered.
    Vendor,
    /// Nobody's.
    Unassigned,
}

impl Standing {
    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Registered => "registered",
            Self::Temporary => "temporary",
            Self::Deprecated => "deprecated",
            Self::Unused => "unused",
            Self::Obsoleted => "obsoleted",
            Self::Vendor => "vendor",
            Self::Unassigned => "unassigned",
        }
    }
}

/// How often people meet a code.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Weight {
    /// Every day.
    Often,
    /// Now and then.
    Known,
    /// Hardly ever.
    Rare,
}

/// A name in an older document.
#[derive(Debug)]
#[non_exhaustive]
pub struct FormerName {
    /// The reason phrase of then.
    pub name: &'static str,
    /// The documents that used it, such as `RFC 2616`.
    pub used_in: &'static str,
}

/// A passage of the defining document.
#[derive(Debug)]
#[non_exhaustive]
pub struct Quotation {
    /// `RFC 9110`, or the name of an Internet-Draft.
    pub document: &'static str,
    /// Section number.
    pub section: &'static str,
    /// Heading of the section.
    pub title: &'static str,
    /// Address of the section.
    pub url: &'static str,
    /// One to three sentences, verbatim.
    pub quote: &'static str,
}

/// What to do about a code.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Fixes {
    /// For whoever sent the request.
    pub caller: &'static [Text],
    /// For whoever runs the server.
    pub operator: &'static [Text],
}

/// Raw messages, lines ended by CRLF, right to the byte.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Example {
    /// A request.
    pub request: &'static str,
    /// The response with the code.
    pub response: &'static str,
    /// For interim responses: the final one that follows.
    pub final_response: Option<&'static str>,
}

/// A question with its answer.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Question {
    /// Ends in a question mark.
    pub question: Text,
    /// One to five sentences.
    pub answer: Text,
}

/// A code that this one is mistaken for.
#[derive(Debug)]
#[non_exhaustive]
pub struct Comparison {
    /// The other one.
    pub id: CodeId,
    /// How to tell it from this one.
    pub how: Text,
}

/// A document that was used.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Source {
    /// What it is.
    pub title: &'static str,
    /// Where it is.
    pub url: &'static str,
}
