//! The first step, and what is judged over all of them: what a client announces, and how it uses connections.

use std::collections::BTreeSet;

use http::header::{ACCEPT_ENCODING, CONNECTION, CONTENT_LENGTH, USER_AGENT};

use super::course::{Fetch, Step};
use super::raw::fine;
use super::{Finding, Seen, Visit};

/// Fewer chances than this tell nothing about how a client uses connections.
const ENOUGH: usize = 5;

pub(super) static STEPS: &[Step] = &[Step {
    id: "plain",
    title: "A plain answer",
    about: "Answers with 200 and a line of text.",
    right: "It sends a GET without content, and without a Content-Length for none.",
    judged: "By the fields of the request.",
    source: "RFC 9110 §9.3.1, RFC 9110 §8.6",
    fetches: &[Fetch::get("")],
    reads: false,
    play: |_, _| Box::pin(async move { Ok(fine("Welcome to the lab.\n")) }),
    judge: plain,
}];

/// The last step: without it, nobody could tell whether the one before has an end.
pub(super) static END: &[Step] = &[Step {
    id: "end",
    title: "The end of the course",
    about: "Answers with 200, and knows from then on that nothing more comes.",
    right: "It arrives here, whatever happened before.",
    judged: "By whether it does.",
    source: "RFC 9110 §15.3.1",
    fetches: &[Fetch::get("")],
    reads: false,
    play: |_, _| Box::pin(async move { Ok(fine("Now read the report.\n")) }),
    judge: |seen| match seen.first("") {
        None => Finding::nobody(),
        Some(_) => Finding::good("It came to the end."),
    },
}];

/// Something that is judged over all requests.
pub(super) struct Check {
    pub(super) id: &'static str,
    pub(super) title: &'static str,
    pub(super) source: &'static str,
    pub(super) judge: fn(&[Visit]) -> Finding,
}

pub(super) static CHECKS: &[Check] = &[
    Check {
        id: "connections",
        title: "Connections are used again",
        source: "RFC 9112 §9.3",
        judge: connections,
    },
    Check {
        id: "version",
        title: "The version of HTTP",
        source: "RFC 9110 §6.2",
        judge: version,
    },
    Check {
        id: "user-agent",
        title: "It says what it is",
        source: "RFC 9110 §10.1.5",
        judge: user_agent,
    },
    Check {
        id: "codings",
        title: "It says which codings it can undo",
        source: "RFC 9110 §12.5.3",
        judge: codings,
    },
];

fn plain(seen: &Seen<'_>) -> Finding {
    let Some(visit) = seen.first("") else {
        return Finding::nobody();
    };
    if visit.method != "GET" {
        Finding::open(format!("It came with {}.", visit.method))
    } else if visit.content.bytes > 0 {
        Finding::bad("It sent content with a GET, which has no meaning there.")
    } else if visit.field(&CONTENT_LENGTH).is_some() {
        Finding::bad("It sent a Content-Length with a GET that has no content.")
    } else {
        Finding::good("It came with a GET as it should be.")
    }
}

/// How many connections there were.
pub(super) fn connection_count(visits: &[Visit]) -> usize {
    let ids: BTreeSet<u64> = visits.iter().map(|visit| visit.connection).collect();
    ids.len()
}

fn connections(visits: &[Visit]) -> Finding {
    let pairs = visits.windows(2).filter_map(|pair| match pair {
        [before, after] if !before.is_last && before.host == after.host => Some(after),
        _ => None,
    });
    let (mut chances, mut taken) = (0_usize, 0_usize);
    for after in pairs {
        chances += 1;
        taken += usize::from(after.is_on_used_connection());
    }
    let closes = |visit: &&Visit| visit.lists(&CONNECTION, "close");
    let share = format!("{taken} of the {chances} times when one could be used again");
    let finding = if chances < ENOUGH {
        Finding::open("There were too few requests to tell.")
    } else if taken * 4 >= chances * 3 {
        Finding::good(format!("It used its connections again, {share}."))
    } else if taken == 0 && visits.iter().filter(closes).count() == visits.len() {
        Finding::open(
            "It asks for the end of the connection with each request, as one that does not keep any must.",
        )
    } else if taken * 4 < chances {
        Finding::bad(format!(
            "It took a new connection nearly every time; only {share} it did not."
        ))
    } else {
        Finding::open(format!(
            "It used its connections again now and then: {share}."
        ))
    };
    finding
        .number("requests", visits.len())
        .number("connections", connection_count(visits))
        .number("chances", chances)
        .number("used_again", taken)
}

fn version(visits: &[Visit]) -> Finding {
    let versions: BTreeSet<&str> = visits.iter().map(|visit| visit.version).collect();
    let list = versions.iter().copied().collect::<Vec<_>>().join(", ");
    if versions.is_empty() {
        Finding::nobody()
    } else if versions.contains("HTTP/1.0") {
        Finding::open(format!(
            "It speaks {list}: without Host, chunks and interim responses, much of HTTP is out of reach."
        ))
    } else {
        Finding::good(format!("It speaks {list}."))
    }
}

fn user_agent(visits: &[Visit]) -> Finding {
    let without = visits
        .iter()
        .filter(|visit| visit.field(&USER_AGENT).is_none())
        .count();
    match visits.first().map(|visit| visit.field(&USER_AGENT)) {
        None => Finding::nobody(),
        Some(Some(name)) if without == 0 => Finding::good(format!("It is `{name}`.")),
        _ => Finding::bad("It sends no User-Agent, or not each time; a user agent SHOULD.")
            .number("without", without),
    }
}

fn has_coding(visit: &Visit) -> bool {
    let known = ["gzip", "x-gzip", "deflate", "br", "zstd", "compress", "*"];
    known
        .iter()
        .any(|coding| visit.lists(&ACCEPT_ENCODING, coding))
}

fn codings(visits: &[Visit]) -> Finding {
    match visits.first().map(|visit| visit.field(&ACCEPT_ENCODING)) {
        None => Finding::nobody(),
        Some(Some(list)) if visits.first().is_some_and(has_coding) => {
            Finding::good(format!("It announces `{list}`."))
        }
        Some(Some(list)) => Finding::open(format!(
            "It announces `{list}`, so what could be small comes large."
        )),
        Some(None) => Finding::open(
            "It announces no coding, so a server may choose any, and most choose none: what could be small comes large.",
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{Bad, Good, Open};

    /// As many requests as there are connections in the list.
    fn on(list: &[(u64, u64)]) -> Vec<Visit> {
        let one = |(connection, request): &(u64, u64)| {
            let mut visit = visit("plain", "", 0);
            (visit.connection, visit.request) = (*connection, *request);
            visit
        };
        list.iter().map(one).collect()
    }

    #[test]
    fn a_get_has_no_content() {
        let mut get = visit("plain", "", 0);
        assert_eq!(judged("plain", &[get.clone()]).0, Good);
        get.fields.push(("content-length", "0".to_owned()));
        assert_eq!(judged("plain", &[get.clone()]).0, Bad);
    }

    #[test]
    fn connections_are_used_again_where_they_can_be() {
        let kept = on(&[(1, 0), (1, 1), (1, 2), (1, 3), (1, 4), (1, 5)]);
        let finding = connections(&kept);
        assert_eq!(finding.verdict, Good);
        assert_eq!(
            finding.numbers,
            [
                ("requests", 6),
                ("connections", 1),
                ("chances", 5),
                ("used_again", 5)
            ]
        );
        let mut fresh = on(&[(1, 0), (2, 0), (3, 0), (4, 0), (5, 0), (6, 0)]);
        assert_eq!(connections(&fresh).verdict, Bad);
        for visit in &mut fresh {
            visit.fields.push(("connection", "close".to_owned()));
        }
        assert_eq!(connections(&fresh).verdict, Open);
        for visit in &mut fresh {
            visit.fields.clear();
            visit.is_last = true;
        }
        assert_eq!(connections(&fresh).verdict, Open);
    }

    #[test]
    fn what_is_announced_is_told() {
        let mut visits = vec![visit("plain", "", 0)];
        assert_eq!(user_agent(&visits).verdict, Bad);
        assert_eq!(codings(&visits).verdict, Open);
        assert_eq!(version(&visits).verdict, Good);
        visits[0].fields.push(("user-agent", "a/1".to_owned()));
        visits[0]
            .fields
            .push(("accept-encoding", "gzip".to_owned()));
        visits[0].version = "HTTP/1.0";
        assert_eq!(user_agent(&visits).seen, "It is `a/1`.");
        assert_eq!(codings(&visits).verdict, Good);
        assert_eq!(version(&visits).verdict, Open);
        visits[0].fields[1].1 = "identity".to_owned();
        assert_eq!(codings(&visits).verdict, Open);
    }
}
