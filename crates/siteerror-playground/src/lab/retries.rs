//! Steps about answers that are for now only: whether a client tries again by itself, when, and over which connection.

use std::time::{Duration, SystemTime, UNIX_EPOCH};

use http::header::RETRY_AFTER;
use http::{HeaderValue, StatusCode};

use super::course::{Fetch, Step};
use super::raw::fine;
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::reply::Reply;

/// Clocks and networks need this much.
const TOLERANCE_MS: u64 = 30;

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "429-date",
        title: "429 until a date",
        about: "Answers the first request with 429 and a Retry-After that is a date, two seconds from now at most; the next one with 200.",
        right: "If it tries again by itself, it waits until then. Leaving it to its caller is right too.",
        judged: "By when the next request comes. urllib3 waits and tries again; most clients leave it to their callers.",
        source: "RFC 9110 §10.2.3, RFC 6585 §4",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| {
            Box::pin(async move { Ok(for_now(call, &turn, StatusCode::TOO_MANY_REQUESTS)) })
        },
        judge: waited,
    },
    Step {
        id: "503-seconds",
        title: "503 for a second",
        about: "Answers the first request with 503 and Retry-After: 1; the next one with 200.",
        right: "If it tries again by itself, it waits for a second. Leaving it to its caller is right too.",
        judged: "By when the next request comes.",
        source: "RFC 9110 §10.2.3, RFC 9110 §15.6.4",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| {
            Box::pin(async move { Ok(for_now(call, &turn, StatusCode::SERVICE_UNAVAILABLE)) })
        },
        judge: waited,
    },
    Step {
        id: "421",
        title: "421: not over this connection",
        about: "Answers with 421 on the connection that the first request comes on, and with 200 on any other.",
        right: "It may try once more over another connection, whatever the method. Over the same one it need not try.",
        judged: "By the connection that the next request comes on. The fetch of Node 20 tries again; curl, Go and Python leave it to their callers.",
        source: "RFC 9110 §15.5.20",
        fetches: &[Fetch::get("")],
        reads: false,
        play: |call, turn| Box::pin(async move { Ok(misdirected(call, &turn)) }),
        judge: redirected,
    },
];

/// The first second that begins at least a second from now.
fn soon(now: SystemTime) -> SystemTime {
    let whole = now
        .duration_since(UNIX_EPOCH)
        .map_or(0, |time| time.as_secs());
    UNIX_EPOCH + Duration::from_secs(whole.saturating_add(2))
}

fn for_now(call: &Call, turn: &Turn, status: StatusCode) -> Reply {
    if turn.before > 0 || !turn.rest.is_empty() {
        return fine("Now it works.\n");
    }
    let now = call.now();
    let (wait, value) = if status == StatusCode::TOO_MANY_REQUESTS {
        let until = soon(now);
        (
            until.duration_since(now).unwrap_or_default(),
            httpdate::fmt_http_date(until),
        )
    } else {
        (Duration::from_secs(1), "1".to_owned())
    };
    turn.note(call, |visit| visit.wait = Some(wait));
    let reply = Reply::status(status).because("This step works at the second attempt.");
    match HeaderValue::try_from(value) {
        Ok(value) => reply.field(RETRY_AFTER, value),
        Err(_) => reply,
    }
}

fn waited(seen: &Seen<'_>) -> Finding {
    let mut visits = seen.at("");
    let Some(first) = visits.next() else {
        return Finding::nobody();
    };
    let asked = first.wait.unwrap_or_default();
    let asked = u64::try_from(asked.as_millis()).unwrap_or(u64::MAX);
    let finding = match visits.next().map(|again| again.ms_since(first)) {
        None if seen.is_over() => {
            Finding::open("It did not try again by itself: it leaves that to its caller.")
        }
        None => Finding::waiting(),
        Some(after) if after.saturating_add(TOLERANCE_MS) < asked => Finding::bad(format!(
            "Asked to wait {asked} ms, it came back after {after} ms."
        ))
        .number("waited_ms", after),
        Some(after) => Finding::good(format!(
            "Asked to wait {asked} ms, it came back after {after} ms."
        ))
        .number("waited_ms", after),
    };
    finding
        .number("asked_ms", asked)
        .number("requests", seen.all().count())
}

fn misdirected(call: &Call, turn: &Turn) -> Reply {
    let here = call.connection.id;
    let mut first = here;
    let id = call.path("id");
    call.shared.labs.with(id, std::time::Instant::now(), |lab| {
        let visits = lab.map(|lab| lab.visits.as_slice()).unwrap_or_default();
        let mut of_step = visits.iter().filter(|visit| visit.step == "421");
        first = of_step.next().map_or(here, |visit| visit.connection);
    });
    if first != here || !turn.rest.is_empty() {
        return fine("Over this connection it works.\n");
    }
    Reply::status(StatusCode::MISDIRECTED_REQUEST)
        .because("This step works over any other connection.")
}

fn redirected(seen: &Seen<'_>) -> Finding {
    let mut visits = seen.at("");
    let Some(first) = visits.next() else {
        return Finding::nobody();
    };
    let finding = match visits.next() {
        Some(again) if again.connection != first.connection => {
            Finding::good("It tried again over another connection.")
        }
        Some(_) => Finding::bad(
            "It tried again over the same connection, which is the one that was wrong.",
        ),
        None if seen.is_over() => {
            Finding::open("It did not try again, which is its choice: it MAY.")
        }
        None => Finding::waiting(),
    };
    finding.number("requests", seen.all().count())
}

#[cfg(test)]
mod tests {
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{Bad, Good, Open};

    #[test]
    fn a_date_is_between_one_and_two_seconds_away() {
        for nanos in [0, 1, 999_999_999] {
            let now = UNIX_EPOCH + Duration::new(1_000_000_000, nanos);
            let wait = soon(now).duration_since(now).expect("it is to come");
            assert!(wait > Duration::from_secs(1) && wait <= Duration::from_secs(2));
            // RFC 9110 §5.6.7: an HTTP date knows no parts of a second.
            assert_eq!(
                httpdate::fmt_http_date(soon(now)),
                "Sun, 09 Sep 2001 01:46:42 GMT"
            );
        }
    }

    #[test]
    fn who_is_asked_to_wait_waits() {
        for (after, verdict) in [(0, Bad), (960, Bad), (980, Good), (1500, Good)] {
            let mut first = visit("503-seconds", "", 0);
            first.wait = Some(Duration::from_secs(1));
            let visits = [first, visit("503-seconds", "", after)];
            assert_eq!(judged("503-seconds", &visits).0, verdict, "{after}");
        }
        let visits = [visit("429-date", "", 0), visit("plain", "", 5)];
        assert_eq!(judged("429-date", &visits).0, Open);
    }

    #[test]
    fn another_connection_is_another_chance() {
        for (connection, verdict) in [(1, Bad), (2, Good)] {
            let mut again = visit("421", "", 1);
            again.connection = connection;
            assert_eq!(judged("421", &[visit("421", "", 0), again]).0, verdict);
        }
    }
}
