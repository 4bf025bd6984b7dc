//! Steps about redirects: whether a client follows, with what, and for how long.

use http::StatusCode;
use http::header::{CONTENT_TYPE, LOCATION};

use super::course::{Fetch, Step};
use super::raw::{below, fine};
use super::{Finding, Seen, Turn, Visit};
use crate::call::Call;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;

/// Where redirects lead.
pub(super) const THERE: &str = "there";
/// Bytes of content that a client is to send with a POST.
const SENT: usize = 2000;
/// Requests for one side of the loop after which it ends by itself.
const ROUNDS: usize = 50;
/// Where the relative reference leads once it is resolved (RFC 3986 §5.2.4).
const RESOLVED: &str = "a/there";

/// What may become of a POST.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Rule {
    /// It may become a GET.
    May,
    /// It has to become a GET.
    Must,
    /// It stays a POST.
    Never,
}

macro_rules! post {
    ($id:literal, $status:literal, $rule:expr, $title:literal, $right:literal, $source:literal) => {
        Step {
            id: $id,
            title: $title,
            about: concat!(
                "Answers the POST with ",
                $status,
                " and a Location that is a path."
            ),
            right: $right,
            judged: "By the method, the content and the Content-Type of the request that arrives there.",
            source: $source,
            fetches: &[Fetch::post("", SENT)],
            reads: false,
            play: |call, turn| Box::pin(async move { redirect(call, &turn, $status) }),
            judge: |seen| posted(seen, $rule),
        }
    };
}

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "redirect",
        title: "A redirect with content",
        about: "Answers with 302, a Location that is a path, and 4 KB of content.",
        right: "It may follow by itself. If it does, it reads the content first, or the connection is lost for the next request.",
        judged: "By the request that arrives there, and by the connection that it comes on. Go 1.19 and the fetch of Node 20 leave the content unread, and take another one.",
        source: "RFC 9110 §15.4, RFC 9112 §9.3",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| Box::pin(async move { redirect(call, &turn, 302) }),
        judge: followed,
    },
    post!(
        "redirect-301-post",
        301,
        Rule::May,
        "301 after a POST",
        "It may change the method to GET, for historical reasons, and nearly all clients do; urllib3 does not. Then the content stays behind, and its Content-Type with it.",
        "RFC 9110 §15.4.2, §15.4"
    ),
    post!(
        "redirect-303-post",
        303,
        Rule::Must,
        "303 after a POST",
        "It fetches the other URL with GET, without the content: the answer to the POST is to be found there.",
        "RFC 9110 §15.4.4"
    ),
    post!(
        "redirect-307-post",
        307,
        Rule::Never,
        "307 after a POST",
        "If it follows by itself, it sends the same method and the same content again: it MUST NOT change the method.",
        "RFC 9110 §15.4.8"
    ),
    post!(
        "redirect-308-post",
        308,
        Rule::Never,
        "308 after a POST",
        "If it follows by itself, it sends the same method and the same content again, as with 307, and ought to use the new URL from then on.",
        "RFC 9110 §15.4.9, RFC 7538 §3"
    ),
    Step {
        id: "relative",
        title: "A relative Location with dots and a fragment",
        about: "Answers with `Location: relative/a/./b/../there?q=1#part`.",
        right: "It resolves the reference against the URL that it asked for, which takes the dots away, and keeps the fragment to itself.",
        judged: "By the target of the request that arrives.",
        source: "RFC 9110 §10.2.2, RFC 3986 §5.2",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| Box::pin(async move { relative(call, &turn) }),
        judge: resolved,
    },
    Step {
        id: "loop",
        title: "A redirect that goes in a circle",
        about: "Two URLs redirect to each other. After 100 redirects the server gives in and answers with 200.",
        right: "It notices, or counts, and stops.",
        judged: "By the number of requests. curl stops after 50 redirects, requests after 30, httpx and fetch after 20, Go after 9, and urllib3 after 3.",
        source: "RFC 9110 §15.4",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| Box::pin(async move { circle(call, &turn) }),
        judge: stopped,
    },
];

fn redirect(call: &Call, turn: &Turn, status: u16) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("You have arrived.\n"));
    }
    let reply = to(Reply::number(status)?, &below(call, THERE))?;
    Ok(if status == 302 {
        reply.with(TEXT, "It is not here. ".repeat(256))
    } else {
        reply.with(TEXT, "It is not here.\n")
    })
}

/// With a Location that was made from the names of the lab, which are checked.
pub(super) fn to(reply: Reply, target: &str) -> Outcome {
    let target = crate::reply::field_value("Location", target)?;
    Ok(reply
        .field(LOCATION, target)
        .fixed(http::header::CACHE_CONTROL, "no-store"))
}

fn relative(call: &Call, turn: &Turn) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("You have arrived.\n"));
    }
    let target = format!("{}/a/./b/../there?q=1#part", call.path("step"));
    to(Reply::status(StatusCode::FOUND), &target)
}

fn circle(call: &Call, turn: &Turn) -> Outcome {
    let next = match turn.rest.as_str() {
        "a" if turn.before >= ROUNDS => {
            turn.note(call, |visit| visit.measured = Some(1));
            return Ok(fine("Enough.\n"));
        }
        "a" => "b",
        _ => "a",
    };
    to(Reply::status(StatusCode::FOUND), &below(call, next))
}

fn followed(seen: &Seen<'_>) -> Finding {
    let Some(start) = seen.first("") else {
        return Finding::nobody();
    };
    match seen.first(THERE) {
        None => stayed(seen),
        Some(there) if there.connection == start.connection => Finding::good(
            "It followed on the same connection: it has read the content of the redirect.",
        ),
        Some(_) => Finding::open(
            "It followed on another connection. It may, but the first one would have served.",
        ),
    }
}

/// Following is a choice.
fn stayed(seen: &Seen<'_>) -> Finding {
    if seen.is_over() {
        Finding::open("It did not follow, which is its choice: it MAY.")
    } else {
        Finding::waiting()
    }
}

fn posted(seen: &Seen<'_>, rule: Rule) -> Finding {
    let Some(start) = seen.first("") else {
        return Finding::nobody();
    };
    let Some(there) = seen.first(THERE) else {
        return stayed(seen);
    };
    let finding = match (there.method.as_str(), rule) {
        ("GET" | "HEAD", Rule::Never) => Finding::bad(format!(
            "It changed the method from {} to {}, which it must not.",
            start.method, there.method
        )),
        ("GET" | "HEAD", Rule::May | Rule::Must) => became_get(there),
        (method, Rule::Must) => Finding::bad(format!(
            "It sent {method} again: done once more, where the answer to the first was to be read."
        )),
        (method, _) if method != start.method => {
            Finding::bad(format!("It changed the method to {method}."))
        }
        (method, _) if there.content != start.content => Finding::bad(format!(
            "It sent {method} again, but not with the same content: {} bytes at first, {} then.",
            start.content.bytes, there.content.bytes
        )),
        (method, Rule::May) => Finding::good(format!(
            "It sent {method} again with the same content, which is the rule, though few clients keep to it."
        )),
        (method, Rule::Never) => {
            Finding::good(format!("It sent {method} again with the same content."))
        }
    };
    finding
        .number("content_bytes", start.content.bytes)
        .number("content_bytes_there", there.content.bytes)
}

/// RFC 9110 §15.4: fields that are about content go with it.
fn became_get(there: &Visit) -> Finding {
    if there.content.bytes > 0 {
        Finding::bad("It changed the method to GET and sent the content all the same.")
    } else if there.field(&CONTENT_TYPE).is_some() {
        Finding::bad(
            "It changed the method to GET and left the content away, but not its Content-Type.",
        )
    } else {
        Finding::good("It changed the method to GET, without the content and its fields.")
    }
}

fn resolved(seen: &Seen<'_>) -> Finding {
    if seen.first("").is_none() {
        return Finding::nobody();
    }
    let Some(there) = seen.all().find(|visit| !visit.rest.is_empty()) else {
        return match seen.after() {
            Some(next) if next.step != "relative" => Finding::open(
                "It did not follow, or it resolved the reference to somewhere outside of the step.",
            ),
            _ => Finding::waiting(),
        };
    };
    if there.has_fragment {
        Finding::bad("It sent the fragment to the server.")
    } else if there.rest != RESOLVED {
        Finding::bad(format!(
            "It asked for `{}` below the step, where the reference leads to `{RESOLVED}`.",
            there.rest
        ))
    } else if there.query != "q=1" {
        Finding::bad("It lost the query on its way.")
    } else {
        Finding::good("It resolved the reference, and kept the fragment to itself.")
    }
}

fn stopped(seen: &Seen<'_>) -> Finding {
    let hops = seen.all().count().saturating_sub(1);
    let finding = match seen.first("") {
        None => return Finding::nobody(),
        Some(_) if seen.all().any(|visit| visit.measured.is_some()) => {
            Finding::bad("It went round until the server gave in.")
        }
        Some(_) if hops == 0 => return stayed(seen),
        Some(_) => Finding::good(format!("It stopped after {hops} redirects.")),
    };
    finding.number("redirects", hops)
}

#[cfg(test)]
mod tests {
    use super::super::course::find;
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{Bad, Good, Open};

    fn post(rest: &str, method: &str, bytes: u64) -> Visit {
        let step = find("redirect-307-post").expect("it is in the course").id;
        let mut visit = visit(step, rest, 0);
        method.clone_into(&mut visit.method);
        visit.content.bytes = bytes;
        visit
    }

    #[test]
    fn a_post_is_kept_or_not_as_the_code_says() {
        // RFC 9110 §15.4.2, §15.4.4, §15.4.8.
        for (rule, method, bytes, verdict) in [
            (Rule::May, "GET", 0, Good),
            (Rule::May, "POST", 5, Good),
            (Rule::May, "POST", 0, Bad),
            (Rule::May, "GET", 5, Bad),
            (Rule::Must, "GET", 0, Good),
            (Rule::Must, "POST", 5, Bad),
            (Rule::Never, "GET", 0, Bad),
            (Rule::Never, "POST", 5, Good),
            (Rule::Never, "POST", 4, Bad),
            (Rule::Never, "PUT", 5, Bad),
        ] {
            let visits = [post("", "POST", 5), post(THERE, method, bytes)];
            let step = find("redirect-307-post").expect("it is in the course");
            let finding = posted(&Seen::new(&visits, step), rule);
            assert_eq!(finding.verdict, verdict, "{method} {bytes}: {finding:?}");
        }
    }

    #[test]
    fn a_content_type_without_content_is_told() {
        let mut there = post(THERE, "GET", 0);
        there.fields.push(("content-type", "text/plain".to_owned()));
        assert_eq!(became_get(&there).verdict, Bad);
    }

    #[test]
    fn following_is_a_choice() {
        let here = visit("redirect", "", 0);
        assert_eq!(
            judged("redirect", std::slice::from_ref(&here)),
            (Open, Finding::waiting().seen)
        );
        let visits = [here.clone(), visit("loop", "", 5)];
        assert_eq!(judged("redirect", &visits).0, Open);
        let visits = [here, visit("redirect", THERE, 5)];
        assert_eq!(judged("redirect", &visits).0, Good);
    }

    #[test]
    fn dots_are_taken_away_and_the_fragment_stays() {
        for (rest, query, has_fragment, verdict) in [
            ("a/there", "q=1", false, Good),
            ("a/there", "q=1", true, Bad),
            ("a/there", "", false, Bad),
            ("a/./b/../there", "q=1", false, Bad),
            ("relative/a/there", "q=1", false, Bad),
        ] {
            let mut there = visit("relative", rest, 1);
            query.clone_into(&mut there.query);
            there.has_fragment = has_fragment;
            let visits = [visit("relative", "", 0), there];
            assert_eq!(judged("relative", &visits).0, verdict, "{rest}");
        }
    }

    #[test]
    fn a_circle_is_left_sooner_or_later() {
        let mut visits = vec![visit("loop", "", 0)];
        for _ in 0..10 {
            visits.push(visit("loop", "a", 1));
            visits.push(visit("loop", "b", 1));
        }
        let step = find("loop").expect("it is in the course");
        let finding = stopped(&Seen::new(&visits, step));
        assert_eq!(finding.verdict, Good);
        assert_eq!(finding.numbers, [("redirects", 20)]);
        visits[19].measured = Some(1);
        assert_eq!(stopped(&Seen::new(&visits, step)).verdict, Bad);
    }
}
