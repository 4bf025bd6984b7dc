//! Requests besides the chain, to see how a server takes what clients and caches do every day. Their number is fixed, they go to the last URL of a chain that ended
//! well, and none of them changes anything there. What they mean is for the linter to say.

use serde::Serialize;
use siteerror_guard::Target;

use crate::chain::{Job, Visit, visit};
use crate::failure::Failure;
use crate::hop::{Hop, Scratch};

/// One request besides the chain.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Probe {
    /// HEAD, which should give the fields of GET: RFC 9110 §9.3.2.
    Head,
    /// The same request again: the entity tag should be the same as long as the content is.
    Again,
    /// With the validators of the first answer: RFC 9110 §13.
    Conditional,
    /// The first hundred bytes: RFC 9110 §14.
    Range,
    /// Without content coding: RFC 9110 §12.5.3.
    Identity,
    /// With another media type preferred: RFC 9110 §12.5.1.
    OtherType,
}

/// All of them, in the order in which they are made.
pub const PROBES: [Probe; 6] = [
    Probe::Head,
    Probe::Again,
    Probe::Conditional,
    Probe::Range,
    Probe::Identity,
    Probe::OtherType,
];

/// What came of one.
#[derive(Debug, Clone)]
pub struct Probed {
    /// Which one.
    pub probe: Probe,
    /// What was sent and what came.
    pub hop: Hop,
    /// What went wrong with it. It is no failure of the check.
    pub failure: Option<Failure>,
}

impl Probe {
    /// The method that it uses.
    pub const fn method(self) -> &'static str {
        match self {
            Self::Head => "HEAD",
            _ => "GET",
        }
    }

    /// The fields that it adds, or that take the place of others.
    fn fields(self, first: &Hop) -> Option<Vec<(&'static str, String)>> {
        let value = |name: &str| {
            let value = first.head()?.fields().combined(name)?;
            String::from_utf8(value.into_owned()).ok()
        };
        Some(match self {
            Self::Head | Self::Again => Vec::new(),
            Self::Conditional => {
                let tag = value("etag").map(|tag| ("If-None-Match", tag));
                let date = value("last-modified").map(|date| ("If-Modified-Since", date));
                let condition: Vec<_> = tag.into_iter().chain(date).collect();
                // Without a validator there is nothing to ask.
                if condition.is_empty() {
                    return None;
                }
                condition
            }
            Self::Range => vec![
                ("Range", "bytes=0-99".to_owned()),
                ("Accept-Encoding", "identity".to_owned()),
            ],
            Self::Identity => vec![("Accept-Encoding", "identity".to_owned())],
            Self::OtherType => vec![("Accept", "application/json, */*;q=0.1".to_owned())],
        })
    }
}

/// Makes all that apply. The time of the check is theirs too.
pub(crate) async fn probe(
    job: Job<'_>,
    target: &Target,
    first: &Hop,
    index: usize,
    secrets: bool,
    requests: &mut u32,
    scratch: &mut Scratch,
) -> Vec<Probed> {
    let mut probed = Vec::with_capacity(PROBES.len());
    for probe in PROBES {
        let Some(fields) = probe.fields(first) else {
            continue;
        };
        let extra: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let ask = Visit {
            target,
            method: probe.method(),
            secrets,
            cookie: None,
            extra: &extra,
            index,
        };
        let mut hop = Hop::new(first.url.clone(), probe.method());
        let fault = visit(job, &ask, &mut hop, requests, scratch, &mut ()).await;
        probed.push(Probed {
            probe,
            hop,
            failure: fault.map(|fault| fault.at(index)),
        });
    }
    probed
}
