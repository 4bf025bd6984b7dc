//! Steps about what a client carries along: credentials and cookies, and to whom.

use http::StatusCode;
use http::header::{SET_COOKIE, WWW_AUTHENTICATE};

use super::course::{Fetch, Step};
use super::raw::fine;
use super::redirects::{THERE, to};
use super::visit::{CAKE, Credentials};
use super::{Finding, Seen, Turn};
use crate::call::Call;
use crate::reply::{Reply, field_value};
use crate::scenario::Outcome;

/// A path that the cookie is for.
const WITHIN: &str = "in/back";
/// A path that begins like the one that the cookie is for, and is none of it (RFC 6265 §5.1.4).
const BESIDE: &str = "inside";

pub(super) static STEPS: &[Step] = &[
    Step {
        id: "other-host",
        title: "A redirect to another host, with credentials",
        about: "Redirects from 127.0.0.1 to localhost, or the other way: to this very server under a name that is another origin. Where it has no second name, it answers with 200.",
        right: "It takes Authorization away before it goes to another host: whoever answers there has no business with it.",
        judged: "By the Authorization of the request that arrives there.",
        source: "RFC 9110 §15.4, RFC 9110 §11.6.2",
        fetches: &[Fetch::get("").with(&[("Authorization", "Basic bGFiOmNvdXJzZQ==")])],
        reads: false,
        play: |call, turn| Box::pin(async move { other_host(call, &turn) }),
        judge: dropped,
    },
    Step {
        id: "basic",
        title: "A challenge",
        about: "Answers with 401 and a Basic challenge until the user `lab` comes with the password `course`.",
        right: "It asks without credentials first, and sends them once it knows who wants them, for which realm, and by which scheme.",
        judged: "By the Authorization of each request. curl and the Python clients send Basic at once when they are given a password, as Go does.",
        source: "RFC 9110 §11.6, RFC 7617 §2",
        fetches: &[Fetch::get("").as_user()],
        reads: false,
        play: |call, _| Box::pin(async move { Ok(challenge(call)) }),
        judge: answered,
    },
    Step {
        id: "cookie",
        title: "A cookie for one path",
        about: "Sets a cookie for the path `in` below the step. Two more requests follow: `in/back`, which the cookie is for, and `inside`, which only begins like it.",
        right: "If it keeps cookies, it sends this one back to `in/back` and nowhere else.",
        judged: "By the cookie in the two requests that follow.",
        source: "RFC 6265 §5.1.4, RFC 6265 §5.4",
        fetches: &[Fetch::get(""), Fetch::get(WITHIN), Fetch::get(BESIDE)],
        reads: false,
        play: |call, turn| Box::pin(async move { cookie(call, &turn) }),
        judge: sent_back,
    },
];

/// This server under its other name, if it has one: only on the loopback addresses, and only if nobody stands between.
fn second_name(call: &Call) -> Option<String> {
    let local = call.connection.local?;
    let (host, port) = call.authority().rsplit_once(':')?;
    if !local.ip().to_canonical().is_loopback() || port.parse() != Ok(local.port()) {
        return None;
    }
    match host {
        "127.0.0.1" | "[::1]" => Some(format!("localhost:{port}")),
        "localhost" if local.ip().is_ipv6() && !local.ip().to_canonical().is_ipv4() => {
            Some(format!("[::1]:{port}"))
        }
        "localhost" => Some(format!("127.0.0.1:{port}")),
        _ => None,
    }
}

fn other_host(call: &Call, turn: &Turn) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("You have arrived.\n"));
    }
    let Some(name) = second_name(call) else {
        return Ok(fine("This server has no second name that it knows of.\n"));
    };
    turn.note(call, |visit| visit.measured = Some(1));
    let scheme = if call.connection.tls.is_some() {
        "https"
    } else {
        "http"
    };
    let path = super::raw::below(call, THERE);
    to(
        Reply::status(StatusCode::FOUND),
        &format!("{scheme}://{name}{path}"),
    )
}

fn dropped(seen: &Seen<'_>) -> Finding {
    let Some(start) = seen.first("") else {
        return Finding::nobody();
    };
    if start.measured.is_none() {
        return Finding::open(format!(
            "This server knows of no second name beside `{}`; on a loopback address it has one.",
            start.host
        ));
    }
    if start.credentials == Credentials::None {
        return Finding::open(
            "It came without Authorization, so there was nothing to take away: set the field.",
        );
    }
    match seen.first(THERE) {
        None if seen.is_over() => Finding::open("It did not follow, which is its choice: it MAY."),
        None => Finding::waiting(),
        Some(there) if there.credentials == Credentials::None => Finding::good(format!(
            "It came to `{}` without the Authorization that was meant for `{}`.",
            there.host, start.host
        )),
        Some(there) => Finding::bad(format!(
            "It told `{}` the credentials that were meant for `{}`.",
            there.host, start.host
        )),
    }
}

fn challenge(call: &Call) -> Reply {
    if super::visit::credentials(&call.parts.headers) == Credentials::Right {
        return fine("Welcome.\n");
    }
    Reply::status(StatusCode::UNAUTHORIZED)
        .fixed(
            WWW_AUTHENTICATE,
            "Basic realm=\"the client lab\", charset=\"UTF-8\"",
        )
        .fixed(http::header::CACHE_CONTROL, "no-store")
        .because("This step wants the user `lab` with the password `course`.")
}

fn answered(seen: &Seen<'_>) -> Finding {
    let Some(start) = seen.first("") else {
        return Finding::nobody();
    };
    let count = seen.all().count();
    let has = |which| seen.all().any(|visit| visit.credentials == which);
    let finding = match start.credentials {
        Credentials::Right => Finding::open(
            "It sent the password before anybody asked. It may where it knows who asks; on a first visit, whoever answers at the address gets it.",
        ),
        _ if has(Credentials::Other) => Finding::bad(
            "It sent other credentials than those that it was given, or spelled them in another way.",
        ),
        Credentials::None if has(Credentials::Right) => Finding::good(
            "It asked without credentials, and came with them once it was challenged.",
        ),
        _ if seen.is_over() => Finding::open(
            "It did not answer the challenge: was it given the user and the password?",
        ),
        _ => Finding::waiting(),
    };
    finding.number("requests", count)
}

fn cookie(call: &Call, turn: &Turn) -> Outcome {
    if !turn.rest.is_empty() {
        return Ok(fine("Thank you.\n"));
    }
    let path = super::raw::below(call, "in");
    let cookie = format!("{CAKE}; Path={path}; HttpOnly; SameSite=Lax");
    Ok(fine("Have a cookie.\n").field(SET_COOKIE, field_value("Set-Cookie", &cookie)?))
}

fn sent_back(seen: &Seen<'_>) -> Finding {
    if seen.first("").is_none() {
        return Finding::nobody();
    }
    let has = |rest| seen.at(rest).any(|visit| visit.has_cookie);
    match (has(WITHIN), has(BESIDE)) {
        (_, true) => Finding::bad(
            "It sent the cookie to `inside`, which is not below `in`: a path matches up to a slash.",
        ),
        (true, false) if seen.first(BESIDE).is_none() => Finding::waiting(),
        (true, false) => {
            Finding::good("It sent the cookie back where it is for, and not beside it.")
        }
        (false, false) if seen.first(WITHIN).is_none() => Finding::waiting(),
        (false, false) => {
            Finding::open("It did not send the cookie back: it keeps none, or not by itself.")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::Visit;
    use super::super::visit::tests::{judged, visit};
    use super::*;
    use crate::sequence::Verdict::{Bad, Good, Open};

    fn with(step: &str, rest: &str, credentials: Credentials) -> Visit {
        let mut visit = visit(step, rest, 0);
        visit.credentials = credentials;
        visit.measured = Some(1);
        visit
    }

    #[test]
    fn credentials_stay_with_their_host() {
        use Credentials::{None, Right};
        let step = "other-host";
        for (start, there, verdict) in
            [(Right, None, Good), (Right, Right, Bad), (None, None, Open)]
        {
            let visits = [with(step, "", start), with(step, THERE, there)];
            assert_eq!(judged(step, &visits).0, verdict, "{start:?} {there:?}");
        }
        let mut alone = with(step, "", Right);
        alone.measured = Option::None;
        assert_eq!(judged(step, &[alone]).0, Open);
    }

    #[test]
    fn a_challenge_comes_before_the_password() {
        use Credentials::{None, Other, Right};
        for (came, verdict) in [
            (&[None, Right] as &[_], Good),
            (&[Right], Open),
            (&[None, Other], Bad),
            (&[None], Open),
        ] {
            let mut visits: Vec<Visit> = came
                .iter()
                .map(|credentials| with("basic", "", *credentials))
                .collect();
            visits.push(visit("plain", "", 9));
            assert_eq!(judged("basic", &visits).0, verdict, "{came:?}");
        }
    }

    #[test]
    fn a_cookie_goes_to_its_path_alone() {
        for (within, beside, verdict) in [
            (true, false, Good),
            (true, true, Bad),
            (false, true, Bad),
            (false, false, Open),
        ] {
            let mut visits = [
                visit("cookie", "", 0),
                visit("cookie", WITHIN, 1),
                visit("cookie", BESIDE, 2),
            ];
            visits[1].has_cookie = within;
            visits[2].has_cookie = beside;
            assert_eq!(judged("cookie", &visits).0, verdict);
        }
    }
}
