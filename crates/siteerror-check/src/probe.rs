//! Requests besides the chain, to see how a server takes what clients and caches do every day. Their number is fixed, they go to the last URL of a chain that ended
//! well, and none of them changes anything there. What they mean is for the linter to say.

use siteerror_guard::Target;
pub use siteerror_lint::Probe;

use crate::chain::{Job, Visit, visit};
use crate::failure::Failure;
use crate::hop::{Hop, Scratch};

/// All of them, in the order in which they are made.
pub const PROBES: [Probe; 8] = [
    Probe::Head,
    Probe::Repeat,
    Probe::Conditional,
    Probe::Range,
    Probe::Identity,
    Probe::Coded,
    Probe::Language,
    Probe::Accept,
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

/// The method that a probe uses.
pub const fn method(probe: Probe) -> &'static str {
    match probe {
        Probe::Head => "HEAD",
        _ => "GET",
    }
}

/// The fields that a probe adds, or that take the place of others; none if it does not apply.
fn fields(probe: Probe, first: &Hop) -> Option<Vec<(&'static str, String)>> {
    let value = |name: &str| {
        let value = first.head()?.fields().combined(name)?;
        String::from_utf8(value.into_owned()).ok()
    };
    let one = |name: &'static str, value: &str| vec![(name, value.to_owned())];
    Some(match probe {
        Probe::Head | Probe::Repeat => Vec::new(),
        Probe::Conditional => {
            let tag = value("etag").map(|tag| ("If-None-Match", tag));
            let date = value("last-modified").map(|date| ("If-Modified-Since", date));
            let condition: Vec<_> = tag.into_iter().chain(date).collect();
            // Without a validator there is nothing to ask.
            if condition.is_empty() {
                return None;
            }
            condition
        }
        Probe::Range => {
            let mut fields = one("Range", "bytes=0-99");
            fields.extend(one("Accept-Encoding", "identity"));
            fields
        }
        Probe::Identity => one("Accept-Encoding", "identity"),
        Probe::Coded => one("Accept-Encoding", "gzip, br, zstd"),
        Probe::Language => one("Accept-Language", "fr, de;q=0.8, *;q=0.1"),
        Probe::Accept => one("Accept", "application/json, */*;q=0.1"),
    })
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
        let Some(fields) = fields(probe, first) else {
            continue;
        };
        let extra: Vec<(&str, &str)> = fields
            .iter()
            .map(|(name, value)| (*name, value.as_str()))
            .collect();
        let ask = Visit {
            target,
            method: method(probe),
            secrets,
            cookie: None,
            extra: &extra,
            index,
        };
        if let Some(house) = job.house {
            house.again();
        }
        let mut hop = Hop::new(first.url.clone(), method(probe));
        let fault = visit(job, &ask, &mut hop, requests, scratch, &mut ()).await;
        probed.push(Probed {
            probe,
            hop,
            failure: fault.map(|fault| fault.at(index)),
        });
    }
    probed
}
