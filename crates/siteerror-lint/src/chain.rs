//! More than one exchange: the hops of a chain of redirects, and the answers to probes.

use crate::subject::Subject;

/// One exchange of a chain.
#[derive(Debug, Clone)]
pub struct Hop<'a> {
    /// The URL that was asked for, without user name and password.
    pub url: &'a str,
    /// The URL that it led to, resolved; none if it led nowhere.
    pub to: Option<&'a str>,
    /// What came; none if the hop failed before a final head.
    pub subject: Option<Subject<'a>>,
}

/// The hops from the first URL on.
#[derive(Debug, Clone, Copy)]
pub struct Chain<'a> {
    /// In order.
    pub hops: &'a [Hop<'a>],
    /// The hop that was asked for before, if the chain ended because it goes round.
    pub loops_to: Option<usize>,
}

/// What an extra request asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Probe {
    /// The same by HEAD.
    Head,
    /// The same again, as it was.
    Repeat,
    /// With `If-None-Match` or `If-Modified-Since`, whatever the first answer offers.
    Conditional,
    /// With `Range: bytes=0-0`, or a longer first part.
    Range,
    /// With `Accept-Encoding: identity`.
    Identity,
    /// With `Accept-Encoding: gzip, br, zstd`.
    Coded,
    /// With another `Accept-Language`.
    Language,
    /// With another `Accept`.
    Accept,
}

impl Probe {
    /// The name in JSON.
    pub const fn name(self) -> &'static str {
        match self {
            Self::Head => "head",
            Self::Repeat => "repeat",
            Self::Conditional => "conditional",
            Self::Range => "range",
            Self::Identity => "identity",
            Self::Coded => "coded",
            Self::Language => "language",
            Self::Accept => "accept",
        }
    }
}

/// The answer to an extra request.
#[derive(Debug, Clone)]
pub struct Probed<'a> {
    /// What was asked.
    pub probe: Probe,
    /// What came.
    pub subject: Subject<'a>,
}

/// The last hop of a chain with the answers to more requests for the same URL.
#[derive(Debug, Clone)]
pub struct Probes<'a> {
    /// The exchange that the probes are compared with.
    pub base: Subject<'a>,
    /// The answers, in the order in which they were asked.
    pub answers: &'a [Probed<'a>],
}

impl<'a> Probes<'a> {
    /// The answer to one probe, if it was asked and answered.
    pub(crate) fn answer(&self, probe: Probe) -> Option<&Subject<'a>> {
        let found = self.answers.iter().find(|answer| answer.probe == probe)?;
        Some(&found.subject)
    }
}
