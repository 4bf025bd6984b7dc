//! Steps about connections that end when a client does not expect it: what it sends again by itself, and what it must not.

use std::time::Duration;

use http::header::{CONNECTION, CONTENT_LENGTH};
use siteerror_serve::Ending;

use super::course::{Fetch, Step};
use super::raw::{fine, head};
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::reply::TEXT;
use crate::scenario::Outcome;

/// The second request of a step.
const AGAIN: &str = "again";
/// Requests that are broken at most; then the step gives in.
const MOST_BROKEN: usize = 10;
/// How long the connection is idle before the 408 comes.
const IDLE: Duration = Duration::from_millis(300);
/// Bytes of content that a client is to send with a POST.
const SENT: usize = 200;

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "idle-408",
        title: "408 on a connection that is idle",
        about: "Answers, sends 408 after 300 ms in which nobody asked for anything, and closes the connection. A second request follows after a second.",
        right: "It does not take the 408 for the answer to its next request: it closes the connection, and asks over another one.",
        judged: "By whether the second request arrives. curl 7.88 takes the 408 for the answer to it; Go 1.19, Node 20, httpx and urllib3 do not. HTTP/1.1 only.",
        source: "RFC 9112 §9.2, RFC 9110 §15.5.9",
        fetches: &[Fetch::get(""), Fetch::get(AGAIN).after_ms(1000)],
        reads: false,
        play: |call, turn| Box::pin(timed_out(call, turn)),
        judge: noticed,
    },
    Step {
        id: "closed-get",
        title: "A GET on a connection that closes",
        about: "Answers the first request. The second one, if it comes on a connection that was used before, gets no answer: the connection ends, as if it had been idle for too long.",
        right: "It sends the GET again over another connection: it MAY, since GET is idempotent, and connections can close at any time. But it does not try for ever.",
        judged: "By how often the second request comes. curl, Go and urllib3 try once more; the fetch of Node, httpx, and requests without retries report it. HTTP/1.1 only.",
        source: "RFC 9112 §9.3.1, RFC 9110 §9.2.2",
        fetches: &[Fetch::get(""), Fetch::get(AGAIN)],
        reads: false,
        play: |call, turn| Box::pin(closed(call, turn)),
        judge: |seen| repeated(seen, AGAIN),
    },
    Step {
        id: "closed-post",
        title: "A POST on a connection that closes",
        about: "The same with POST as the second request.",
        right: "It reports the failure: nobody knows whether the POST was done, and it SHOULD NOT send it again by itself unless it knows that twice is as good as once.",
        judged: "By how often the POST comes, and whether it has an Idempotency-Key. curl sends it again; Go, Node and Python do not. HTTP/1.1 only.",
        source: "RFC 9110 §9.2.2",
        fetches: &[Fetch::get(""), Fetch::post(AGAIN, SENT)],
        reads: false,
        play: |call, turn| Box::pin(closed(call, turn)),
        judge: |seen| repeated(seen, AGAIN),
    },
    Step {
        id: "reset-get",
        title: "A GET that is reset",
        about: "Resets the connection (over HTTP/2, the stream) before any answer, up to ten times.",
        right: "It reports the failure, at once or after one more attempt: it SHOULD NOT repeat a repetition that failed.",
        judged: "By the number of requests. curl and Go come twice if the connection was used before; urllib3 comes four times.",
        source: "RFC 9110 §9.2.2",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| Box::pin(reset(call, turn)),
        judge: |seen| repeated(seen, ""),
    },
    Step {
        id: "reset-post",
        title: "A POST that is reset",
        about: "The same with POST.",
        right: "It reports the failure at once.",
        judged: "By the number of requests, and whether they have an Idempotency-Key.",
        source: "RFC 9110 §9.2.2",
        fetches: &[Fetch::post("", SENT)],
        reads: false,
        play: |call, turn| Box::pin(reset(call, turn)),
        judge: |seen| repeated(seen, ""),
    },
];

async fn timed_out(call: &mut Call, turn: Turn) -> Outcome {
    let wants_close = call
        .header(CONNECTION.as_str())
        .is_some_and(|options| options.to_ascii_lowercase().contains("close"));
    let text = "This connection is soon to time out.\n";
    if !turn.rest.is_empty() || wants_close || call.parts.version != http::Version::HTTP_11 {
        return Ok(fine(text));
    }
    let _hold = call.hold()?;
    let length = text.len().to_string();
    let fields = [
        (CONTENT_LENGTH.as_str(), length.as_str()),
        (http::header::CONTENT_TYPE.as_str(), TEXT),
    ];
    let mut answer = head(call, 200, &fields);
    if call.parts.method != http::Method::HEAD {
        answer.extend_from_slice(text.as_bytes());
    }
    let has_left = call.wire.raw(&answer).await.is_ok();
    tokio::time::sleep(IDLE).await;
    let closing = [
        (CONTENT_LENGTH.as_str(), "0"),
        (CONNECTION.as_str(), "close"),
    ];
    let timeout = head(call, 408, &closing);
    let was_there = has_left && call.wire.raw(&timeout).await.is_ok();
    turn.note(call, |visit| {
        visit.is_broken = was_there;
        visit.is_last = true;
    });
    // Where the connection is gone already, nothing is left to close.
    let _ = call.wire.close(Ending::Fin).await;
    Ok(fine(""))
}

fn noticed(seen: &Seen<'_>) -> Finding {
    let Some(first) = seen.first("") else {
        return Finding::nobody();
    };
    match seen.first(AGAIN) {
        _ if !first.is_broken => Finding::open(
            "The connection was not kept, so it could not be idle; or it speaks no HTTP/1.1.",
        ),
        Some(_) => Finding::good("Its next request came over another connection."),
        None if seen.is_over() => Finding::bad(
            "Its next request never arrived: it took the 408 for the answer, or failed with the connection and did not try another one. (If it did wait for a second.)",
        ),
        None => Finding::waiting(),
    }
}

async fn closed(call: &mut Call, turn: Turn) -> Outcome {
    let is_due = turn.rest == AGAIN
        && turn.before < MOST_BROKEN
        && call.connection.request > 0
        && !call.is_http2();
    if !is_due {
        return Ok(fine("This connection stays.\n"));
    }
    end(call, &turn, Ending::Fin).await
}

async fn reset(call: &mut Call, turn: Turn) -> Outcome {
    if turn.before >= MOST_BROKEN || !turn.rest.is_empty() {
        return Ok(fine("Enough.\n"));
    }
    end(call, &turn, Ending::Reset).await
}

/// Ends the connection in place of an answer.
async fn end(call: &Call, turn: &Turn, ending: Ending) -> Outcome {
    turn.note(call, |visit| {
        visit.is_broken = true;
        visit.is_last = visit.version != "HTTP/2";
    });
    // Where the connection is gone already, nothing is left to close.
    let _ = call.wire.close(ending).await;
    Ok(fine(""))
}

fn repeated(seen: &Seen<'_>, rest: &'static str) -> Finding {
    let Some(first) = seen.first(rest) else {
        return match seen.first("") {
            None => Finding::nobody(),
            Some(_) if seen.is_over() => Finding::open("The second request did not come."),
            Some(_) => Finding::waiting(),
        };
    };
    if !first.is_broken {
        return Finding::open(if first.version == "HTTP/2" {
            "Over HTTP/2 it cannot be done."
        } else {
            "It came on a fresh connection, so there was none that could have closed meanwhile."
        });
    }
    let tries = seen.at(rest).count();
    let has_key = seen.at(rest).all(|visit| visit.has_idempotency_key);
    let method = &first.method;
    let finding = match tries {
        1 if !seen.is_over() => Finding::waiting(),
        1 if first.is_idempotent() && rest == AGAIN => Finding::open(format!(
            "It reported the failure. It MAY send {method} again by itself, and its callers would be glad of it."
        )),
        1 => Finding::good("It reported the failure, and left the rest to its caller."),
        _ if !first.is_idempotent() && !has_key => Finding::bad(format!(
            "It sent the {method} {tries} times, without an Idempotency-Key: done twice, it may count twice."
        )),
        2 => Finding::good(format!("It tried {method} once more by itself.")),
        _ => Finding::bad(format!(
            "It tried {method} {tries} times: a repetition that failed is not to be repeated."
        )),
    };
    finding.number("requests", tries)
}

#[cfg(test)]
mod tests {
    use super::super::Visit;
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{self, Bad, Good, Open};

    fn tried(step: &str, rest: &str, method: &str, tries: usize, key: bool) -> Verdict {
        let mut broken = visit(step, rest, 5);
        broken.is_broken = true;
        broken.has_idempotency_key = key;
        method.clone_into(&mut broken.method);
        let mut visits: Vec<Visit> = Vec::new();
        if !rest.is_empty() {
            visits.push(visit(step, "", 0));
        }
        visits.extend(std::iter::repeat_n(broken, tries));
        visits.push(visit("plain", "", 9));
        judged(step, &visits).0
    }

    #[test]
    fn only_what_may_be_done_twice_is_repeated_and_only_once() {
        // RFC 9110 §9.2.2.
        for (step, rest, method, tries, key, verdict) in [
            ("closed-get", AGAIN, "GET", 1, false, Open),
            ("closed-get", AGAIN, "GET", 2, false, Good),
            ("closed-get", AGAIN, "GET", 3, false, Bad),
            ("closed-post", AGAIN, "POST", 1, false, Good),
            ("closed-post", AGAIN, "POST", 2, false, Bad),
            ("closed-post", AGAIN, "POST", 2, true, Good),
            ("reset-get", "", "GET", 1, false, Good),
            ("reset-get", "", "GET", 2, false, Good),
            ("reset-get", "", "GET", 4, false, Bad),
            ("reset-post", "", "POST", 1, false, Good),
            ("reset-post", "", "POST", 2, false, Bad),
        ] {
            let found = tried(step, rest, method, tries, key);
            assert_eq!(found, verdict, "{step} {tries} {key}");
        }
    }

    #[test]
    fn a_fresh_connection_tells_nothing() {
        let visits = [visit("closed-get", "", 0), visit("closed-get", AGAIN, 5)];
        assert_eq!(judged("closed-get", &visits).0, Open);
    }

    #[test]
    fn a_timeout_of_nothing_is_no_answer() {
        let mut first = visit("idle-408", "", 0);
        let next = visit("plain", "", 2000);
        assert_eq!(judged("idle-408", &[first.clone(), next.clone()]).0, Open);
        first.is_broken = true;
        assert_eq!(judged("idle-408", &[first.clone(), next]).0, Bad);
        let visits = [first, visit("idle-408", AGAIN, 1300)];
        assert_eq!(judged("idle-408", &visits).0, Good);
    }
}
