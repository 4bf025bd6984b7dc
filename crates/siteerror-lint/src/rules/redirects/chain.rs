//! Chains of redirects as a whole.

use crate::chain::Chain;
use crate::finding::Findings;

/// More redirects than this are too many. Nobody's limit, but each one is a round trip, and a fourth is hardly ever meant.
const FEW: usize = 3;

pub(super) fn long(chain: &Chain<'_>, findings: &mut Findings) {
    let redirects = chain.hops.len().saturating_sub(1);
    if redirects > FEW {
        findings.hit(format!(
            "{redirects} redirects lie between the first address and the last; each is a round trip more, and one would do"
        ));
    }
}

pub(super) fn sets_cookie(chain: &Chain<'_>, findings: &mut Findings) {
    let Some(start) = chain.loops_to else { return };
    for (index, hop) in chain.hops.iter().enumerate().skip(start) {
        let Some(subject) = &hop.subject else {
            continue;
        };
        if let Some(line) = subject.lines("set-cookie").next() {
            findings.at_hop(index).line(
                line,
                "A cookie is set on the way round: a client that sends it back may get out of the loop",
            );
        }
    }
}
