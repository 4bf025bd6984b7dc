//! Codes that vendors use outside the registry, or for which they have a meaning of their own.

use serde::{Serialize, Serializer};

use crate::{Class, CodeId, Comparison, Fixes, Question, Source, Text, Weight};

/// A code of a shelf. One number may have several owners there, each with its own meaning.
#[derive(Debug)]
#[non_exhaustive]
pub struct VendorCode {
    /// Its identity, such as `nginx/499`.
    pub id: CodeId,
    /// What heads its page; of several owners, the name that fits best.
    pub name: &'static str,
    /// One emoji.
    pub emoji: &'static str,
    /// A short name for narrow places.
    pub cell: &'static str,
    /// How often people meet it.
    pub weight: Weight,
    /// Ways in which people search for it.
    pub said: &'static [&'static str],
    /// Day of the last change, `2026-11-24`.
    pub updated: &'static str,
    /// Who uses it, at least one.
    pub owners: &'static [Owner],
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
    /// What to do about it.
    pub fixes: Fixes,
    /// Questions that people ask.
    pub faq: &'static [Question],
    /// Namesakes, and codes it is mistaken for.
    pub compare: &'static [Comparison],
}

impl VendorCode {
    /// Its class; none from 600 on, where numbers are no valid status codes.
    pub fn class(&self) -> Option<Class> {
        self.id.class()
    }

    /// Whether it can be met on the wire: the strongest that any owner does with it.
    pub fn wire(&self) -> Wire {
        let strength = |wire: &Wire| match wire {
            Wire::Sent => 2,
            Wire::Other(_) => 1,
            Wire::LogOnly => 0,
        };
        // `max_by_key` takes the last of equals; the first owner is the one that people mean.
        let wires = self.owners.iter().rev().map(|owner| owner.wire);
        wires.max_by_key(strength).unwrap_or(Wire::LogOnly)
    }
}

/// Who uses a code, and how.
#[derive(Debug)]
#[non_exhaustive]
pub struct Owner {
    /// The name in records.
    pub vendor: &'static str,
    /// The name as people write it.
    pub title: &'static str,
    /// This owner's phrase for the code.
    pub name: &'static str,
    /// Whether it travels.
    pub wire: Wire,
    /// Whether and how a client can ever see it.
    pub seen: Text,
    /// What was measured, and with which version.
    pub measured: Option<Text>,
    /// What is not proven, and what would settle it.
    pub unverified: Option<Text>,
    /// Settings that change it.
    pub settings: &'static [Setting],
    /// Where this is written.
    pub sources: &'static [Source],
    /// What really produces it.
    pub causes: &'static [Text],
    /// What to look at, in order.
    pub check: &'static [Text],
    /// Where the real cause is recorded.
    pub recorded: Text,
    /// What it looks like.
    pub example: Sample,
}

impl Owner {
    /// The name of its part of the page.
    pub fn anchor(&self) -> String {
        format!("owner-{}", crate::code::slug(self.title))
    }
}

/// Whether a vendor's code travels.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
#[non_exhaustive]
pub enum Wire {
    /// A client can receive it.
    Sent,
    /// It only stands in a log.
    LogOnly,
    /// The client gets this code instead.
    Other(u16),
}

impl Wire {
    /// The word of the JSON.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Sent => "sent",
            Self::LogOnly => "log-only",
            Self::Other(_) => "other",
        }
    }

    /// What the client gets instead.
    pub const fn instead(self) -> Option<u16> {
        match self {
            Self::Other(instead) => Some(instead),
            _ => None,
        }
    }

    /// A badge: `sent`, `log only`, `sent as 400`.
    pub fn badge(self) -> String {
        match self {
            Self::Sent => "sent".to_owned(),
            Self::LogOnly => "log only".to_owned(),
            Self::Other(instead) => format!("sent as {instead}"),
        }
    }
}

impl Serialize for Wire {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.word())
    }
}

/// A setting that changes when a code happens.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Setting {
    /// As it is written.
    pub name: &'static str,
    /// Its default; empty where unknown.
    pub default: &'static str,
    /// What it does here.
    pub effect: Text,
    /// The day for which that holds, `2026-11-24`.
    pub as_of: &'static str,
    /// Where that is written.
    pub source: &'static str,
}

/// What a code looks like.
#[derive(Debug, Clone, Copy)]
#[non_exhaustive]
pub enum Sample {
    /// A raw response, lines of its head ended by CRLF.
    Response(&'static str),
    /// Lines of a log, for what never travels.
    Log(&'static str),
}

impl Sample {
    /// The raw response.
    pub const fn response(self) -> Option<&'static str> {
        match self {
            Self::Response(message) => Some(message),
            Self::Log(_) => None,
        }
    }

    /// The lines of the log.
    pub const fn log(self) -> Option<&'static str> {
        match self {
            Self::Log(lines) => Some(lines),
            Self::Response(_) => None,
        }
    }
}

/// A code that Microsoft IIS writes with a number behind the dot: a short entry.
#[derive(Debug)]
#[non_exhaustive]
pub struct Substatus {
    /// Its identity, such as `iis/404.13`.
    pub id: CodeId,
    /// The name in the documentation.
    pub name: &'static str,
    /// The part of IIS that it comes from.
    pub area: Option<&'static str>,
    /// One or two sentences.
    pub meaning: Text,
    /// The usual reason.
    pub usual: Text,
    /// What helps.
    pub help: Text,
    /// The error of Windows that stands beside it in the log, such as `0x80070005`.
    pub win32: Option<&'static str>,
    /// Ways in which people search for it.
    pub said: &'static [&'static str],
    /// What was measured, or is not proven.
    pub note: Option<Text>,
    /// Where this is written.
    pub source: Option<Source>,
}

/// How to tell the meanings of a number apart.
#[derive(Debug)]
#[non_exhaustive]
pub struct Meanings {
    /// The number.
    pub number: u16,
    /// The deciding question.
    pub question: Text,
    /// Why the number has several meanings.
    pub lead: Text,
    /// One for each owner.
    pub meanings: &'static [Meaning],
}

/// One of the meanings of a number.
#[derive(Debug, Serialize)]
#[non_exhaustive]
pub struct Meaning {
    /// The code that has it.
    pub id: CodeId,
    /// Whose meaning it is.
    pub owner: &'static str,
    /// The mark by which to know it.
    pub answer: Text,
}
