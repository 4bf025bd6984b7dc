//! Hands what came to the linter: each exchange, the chain as a whole, and the answers to probes.

use siteerror_lint::{Chain, Finding, Given, Hop as Link, Probed, Probes, Subject};

use crate::hop::Hop;
use crate::report::Report;

/// What the rules find in a report that is otherwise done. `loops_to` is the hop that the chain came back to.
pub(crate) fn judge(report: &Report, loops_to: Option<usize>) -> Vec<Finding> {
    let now = report.now_unix_s;
    let mut findings = Vec::new();
    for (index, hop) in report.hops.iter().enumerate() {
        if let Some(given) = given(hop, now) {
            findings.extend(siteerror_lint::lint(given, index));
        }
    }
    if report.hops.len() > 1 || loops_to.is_some() || report.hops.iter().any(|hop| hop.leads_on) {
        let links: Vec<Link<'_>> = report.hops.iter().map(|hop| link(hop, now)).collect();
        let chain = Chain {
            hops: &links,
            loops_to,
        };
        findings.extend(siteerror_lint::lint_chain(&chain));
    }
    findings.extend(of_probes(report));
    findings
}

fn of_probes(report: &Report) -> Vec<Finding> {
    let now = report.now_unix_s;
    let base = report.hops.last().and_then(|hop| subject(hop, now));
    let (Some(base), false) = (base, report.probes.is_empty()) else {
        return Vec::new();
    };
    let answers: Vec<Probed<'_>> = report
        .probes
        .iter()
        .filter_map(|probed| {
            Some(Probed {
                probe: probed.probe,
                subject: subject(&probed.hop, now)?,
            })
        })
        .collect();
    let probes = Probes {
        base,
        answers: &answers,
    };
    siteerror_lint::lint_probes(&probes, report.hops.len().saturating_sub(1))
}

fn link(hop: &Hop, now_unix_s: i64) -> Link<'_> {
    Link {
        url: &hop.url,
        to: hop.location.as_deref().filter(|_| hop.leads_on),
        subject: subject(hop, now_unix_s),
    }
}

fn subject(hop: &Hop, now_unix_s: i64) -> Option<Subject<'_>> {
    Subject::new(given(hop, now_unix_s)?)
}

fn given(hop: &Hop, now_unix_s: i64) -> Option<Given<'_>> {
    let exchange = hop.exchange.as_ref()?;
    let content = hop.content.as_ref();
    let decoded = content.filter(|content| !content.codings.is_empty());
    Some(Given {
        received: &exchange.received,
        request: Some(&exchange.request),
        connection: Some(&exchange.connection),
        url: Some(&hop.url),
        received_at_unix_s: Some(now_unix_s),
        whole: exchange.received.end.is_complete(),
        decoded: decoded.map(|content| content.beginning.as_slice()),
    })
}
