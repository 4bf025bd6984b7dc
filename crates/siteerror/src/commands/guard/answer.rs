//! What the guard says to a line.

use serde::Serialize;
use serde_json::Value;
use siteerror_guard::{Reason, Refusal, Verdict, Walk, Warning};

/// What is said.
#[derive(Debug, Serialize)]
pub(super) struct Answer {
    #[serde(skip_serializing_if = "Value::is_null")]
    id: Value,
    verdict: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    rule: Option<&'static str>,
    #[serde(skip_serializing_if = "Option::is_none")]
    reason: Option<&'static str>,
    /// Only for chains: the hop that was refused.
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<usize>,
    /// The hop that a loop leads back to.
    #[serde(skip_serializing_if = "Option::is_none")]
    first_hop: Option<usize>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    warnings: Vec<Advice>,
}

/// What is worth knowing about an allowed hop.
#[derive(Debug, Serialize)]
struct Advice {
    rule: &'static str,
    reason: &'static str,
    #[serde(skip_serializing_if = "Option::is_none")]
    hop: Option<usize>,
    /// A name that mixes scripts in both of its forms.
    #[serde(skip_serializing_if = "Option::is_none")]
    host: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    unicode_host: Option<String>,
}

/// A walk as it is said. A single URL has no hops.
pub(super) fn answer(id: Value, walk: &Walk, is_chain: bool) -> Answer {
    let hop_of = |hop: usize| is_chain.then_some(hop);
    let warnings = walk.warnings.iter().map(|(hop, Warning { rule, reason })| {
        let target = walk
            .targets
            .get(*hop)
            .filter(|_| *reason == Reason::HostIdnConfusable);
        Advice {
            rule: rule.id(),
            reason: reason.code(),
            hop: hop_of(*hop),
            host: target.map(|target| target.host_text().to_owned()),
            unicode_host: target.and_then(|target| target.unicode_host().map(str::to_owned)),
        }
    });
    let said = |verdict, rule, reason, hop| Answer {
        id,
        verdict,
        rule,
        reason,
        hop,
        first_hop: walk.first,
        warnings: warnings.collect(),
    };
    match (walk.refusal, walk.not_found.first()) {
        (
            Some((
                hop,
                Refusal {
                    verdict,
                    rule,
                    reason,
                },
            )),
            _,
        ) => said(
            verdict.word(),
            Some(rule.id()),
            Some(reason.code()),
            hop_of(hop),
        ),
        (None, Some(hop)) => said(Verdict::Allowed.word(), None, Some(NOT_FOUND), hop_of(*hop)),
        (None, None) => said(Verdict::Allowed.word(), None, None, None),
    }
}

/// The guard allows the URL, and a check would end here: nobody said what the name resolves to, so no address was judged.
const NOT_FOUND: &str = "dns-not-found";
