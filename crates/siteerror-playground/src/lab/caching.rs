//! Steps about keeping answers: what a client with a cache asks again, and how. A client without one is right too.

use http::StatusCode;
use http::header::{ACCEPT, CACHE_CONTROL, ETAG, IF_NONE_MATCH, VARY};

use super::course::{Fetch, Step};
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::reply::{Reply, TEXT};

/// The tag of the first step.
const TAG: &str = "\"lab-1\"";
/// A type that a client asks for in the second step, to get the answer that is not kept yet.
const OTHER: &str = "application/lab";

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "revalidation",
        title: "The same again, with a tag",
        about: "Answers with an ETag and Cache-Control: no-cache; and with 304 to a request that has the tag.",
        right: "If it keeps answers, it asks the second time with If-None-Match and the tag as it was given, quotes included.",
        judged: "By the If-None-Match of the second request.",
        source: "RFC 9110 §13.1.2, RFC 9111 §4.3.1",
        fetches: &[Fetch::get(""), Fetch::get("")],
        reads: false,
        play: |call, _| Box::pin(async move { Ok(tagged(call)) }),
        judge: revalidated,
    },
    Step {
        id: "max-age",
        title: "Fresh for a minute, and different by Accept",
        about: "Answers with Cache-Control: max-age=60 and Vary: Accept. The same is fetched twice, and then once more with another Accept.",
        right: "If it keeps answers, it asks once for the first two, and again for the third: that one was never answered.",
        judged: "By the number of requests, and by the Accept in them.",
        source: "RFC 9111 §4.2, RFC 9111 §4.1",
        fetches: &[
            Fetch::get(""),
            Fetch::get(""),
            Fetch::get("").with(&[("Accept", OTHER)]),
        ],
        reads: false,
        play: |_, turn| Box::pin(async move { Ok(fresh(&turn)) }),
        judge: kept,
    },
];

fn tagged(call: &Call) -> Reply {
    let has_tag = call.header(IF_NONE_MATCH.as_str()).is_some_and(|tags| {
        tags.split(',')
            .any(|tag| tag.trim().trim_start_matches("W/") == TAG)
    });
    let reply = if has_tag {
        Reply::status(StatusCode::NOT_MODIFIED)
    } else {
        Reply::ok(TEXT, "Keep this, and ask whether it is still so.\n")
    };
    reply.fixed(ETAG, TAG).fixed(CACHE_CONTROL, "no-cache")
}

fn revalidated(seen: &Seen<'_>) -> Finding {
    let mut visits = seen.at("");
    if visits.next().is_none() {
        return Finding::nobody();
    }
    let Some(again) = visits.next() else {
        return if seen.is_over() {
            Finding::bad(
                "It did not ask a second time, though no-cache forbids to use a kept answer without asking.",
            )
        } else {
            Finding::waiting()
        };
    };
    match again.field(&IF_NONE_MATCH) {
        Some(tag) if tag == TAG => {
            Finding::good("It asked the second time with the tag, and got 304.")
        }
        Some(tag) => Finding::bad(format!(
            "It asked with If-None-Match: {tag}, where the tag was {TAG}."
        )),
        None => Finding::open("It asked again without the tag: it keeps no answers."),
    }
}

fn fresh(turn: &Turn) -> Reply {
    Reply::ok(TEXT, format!("This is answer {}.\n", turn.before + 1))
        .fixed(CACHE_CONTROL, "max-age=60")
        .fixed(VARY, "Accept")
}

fn kept(seen: &Seen<'_>) -> Finding {
    if seen.first("").is_none() {
        return Finding::nobody();
    }
    let is_other = |accept: Option<&str>| accept == Some(OTHER);
    let others = seen
        .at("")
        .filter(|visit| is_other(visit.field(&ACCEPT)))
        .count();
    let same = seen.at("").count() - others;
    let finding = match (same, others) {
        (1, 0) if seen.is_over() => Finding::bad(
            "It asked once for three: the third had another Accept, and Vary says that the answer depends on it.",
        ),
        (_, 0) if seen.is_over() => Finding::open(
            "It asked again at once, and the third request came with the same Accept.",
        ),
        (_, 0) => Finding::waiting(),
        (1, _) => {
            Finding::good("It asked once for the first two, and again when it wanted another type.")
        }
        _ => Finding::open("It asked again at once: it keeps no answers, which is its choice."),
    };
    finding.number("requests", same + others)
}

#[cfg(test)]
mod tests {
    use super::super::Visit;
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{Bad, Good, Open};

    fn with(step: &str, field: Option<(&'static str, &str)>) -> Visit {
        let mut visit = visit(step, "", 0);
        visit
            .fields
            .extend(field.map(|(name, value)| (name, value.to_owned())));
        visit
    }

    #[test]
    fn a_tag_is_sent_as_it_was_given() {
        let step = "revalidation";
        for (tag, verdict) in [
            (Some("\"lab-1\""), Good),
            (Some("lab-1"), Bad),
            (Some("\"lab-0\""), Bad),
            (None, Open),
        ] {
            let again = with(step, tag.map(|tag| ("if-none-match", tag)));
            assert_eq!(
                judged(step, &[with(step, None), again]).0,
                verdict,
                "{tag:?}"
            );
        }
        let visits = [with(step, None), visit("plain", "", 0)];
        assert_eq!(judged(step, &visits).0, Bad);
    }

    #[test]
    fn a_fresh_answer_serves_for_its_own_kind_of_request() {
        let step = "max-age";
        let (plain, other) = (with(step, None), with(step, Some(("accept", OTHER))));
        let next = visit("plain", "", 0);
        for (visits, verdict) in [
            (vec![plain.clone(), other.clone()], Good),
            (vec![plain.clone(), plain.clone(), other], Open),
            (vec![plain.clone(), next], Bad),
            (vec![plain], Open),
        ] {
            assert_eq!(judged(step, &visits).0, verdict, "{visits:?}");
        }
    }
}
