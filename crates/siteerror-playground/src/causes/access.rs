//! Who may see what: credentials, payment, permission, and the law. RFC 9110 §15.5.2 to §15.5.4, RFC 7725.

use std::time::Instant;

use http::header::{AUTHORIZATION, LINK, WWW_AUTHENTICATE};
use http::{Method, StatusCode};

use crate::call::Call;
use crate::causes::items::value;
use crate::causes::{Cause, Deed, Rule, Seen, ask, proxy, raw};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 401,
        rule: "Ask for what is behind a name and a password without giving any: WWW-Authenticate says which kind is wanted.",
        source: "RFC 9110 §11.6.1, §15.5.2",
        note: "The name is `reader` and the password `secret`. Wrong ones get the same answer as none.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Now(members_only),
        provocations: &[
            Deed::of(401, &[ask("GET {try}", &[])]),
            Deed::of(
                401,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n",
                )],
            )
            .about("With content held back: the refusal comes before a byte of it, and no 100."),
        ],
        twin: Deed::of(
            200,
            &[ask(
                "GET {try}",
                &["Authorization: Basic cmVhZGVyOnNlY3JldA=="],
            )],
        ),
    },
    Cause {
        code: 402,
        rule: "Ask a machine for its song before you have put a coin in: a POST to its `/coins` pays, and one coin plays one song.",
        source: "RFC 9110 §15.5.3",
        note: "The RFC only reserves the code for future use, so this is one use among many. The coins are free.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Now(machine),
        provocations: &[Deed::of(402, &[ask("GET {try}/{id}", &[])])],
        twin: Deed::of(
            200,
            &[ask("POST {try}/{id}/coins", &[]), ask("GET {try}/{id}", &[])],
        ),
    },
    Cause {
        code: 403,
        rule: "Read somebody's diary with a token that is good, but somebody else's: the server knows who you are, and that it is not for you.",
        source: "RFC 9110 §15.5.4",
        note: "The token of a diary is its name. No token at all gets 401.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(diary),
        provocations: &[Deed::of(
            403,
            &[ask("GET {try}/{id}", &["Authorization: Bearer somebody-else"])],
        )],
        twin: Deed::of(200, &[ask("GET {try}/{id}", &["Authorization: Bearer {id}"])]),
    },
    Cause {
        code: 451,
        rule: "Ask for anything below `/banned`: it is under a legal demand, made up but obeyed, and Link with rel=blocked-by names who blocks it.",
        source: "RFC 7725 §3, §4",
        note: "Who blocks is the server that you talk to, not whoever made the demand: that is for the content to say.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Now(library),
        provocations: &[Deed::of(451, &[ask("GET {try}/banned/satires", &[])])],
        twin: Deed::of(200, &[ask("GET {try}/open/fables", &[])]),
    },
];

fn members_only(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let field = call.header(AUTHORIZATION.as_str());
    let given = field.and_then(proxy::credentials);
    if given.is_some_and(|(name, password)| name == "reader" && password == "secret") {
        return Ok(Reply::ok(TEXT, "Welcome, reader.\n").because("Your name and password fit."));
    }
    Ok(Reply::status(StatusCode::UNAUTHORIZED)
        .fixed(
            WWW_AUTHENTICATE,
            "Basic realm=\"playground\", charset=\"UTF-8\"",
        )
        .because(match field {
            None => "You sent no Authorization.",
            Some(_) => "Your Authorization is not that of `reader`.",
        }))
}

fn machine(call: &mut Call, rest: &str) -> Outcome {
    let now = Instant::now();
    let coins = &call.shared.causes.coins;
    if let Some(id) = rest.strip_suffix("/coins") {
        let id = super::id(call, id)?;
        if call.parts.method != Method::POST {
            let inside = coins.with(id, now, |coins| coins.copied().unwrap_or(0));
            return Ok(Reply::ok(TEXT, format!("{inside}\n")).because("So many coins are inside."));
        }
        let inside = coins.with_or(
            id,
            now,
            || 0,
            |coins| {
                *coins = u64::min(*coins + 1, 100);
                *coins
            },
        );
        return Ok(Reply::ok(TEXT, format!("{inside}\n"))
            .because("Your coin is in, and the machine has so many now."));
    }
    let id = super::id(call, rest)?;
    let is_paid = coins.with(id, now, |coins| match coins {
        Some(coins) if *coins > 0 => {
            *coins -= 1;
            true
        }
        _ => false,
    });
    if is_paid {
        return Ok(Reply::ok(TEXT, "La la la.\n").because("There was a coin, and it is spent now."));
    }
    Ok(Reply::status(StatusCode::PAYMENT_REQUIRED).because(format!(
        "There is no coin in `{id}`: POST one to {}.",
        call.here(&format!("/cause/402/try/{id}/coins"))
    )))
}

fn diary(call: &mut Call, rest: &str) -> Outcome {
    let id = super::id(call, rest)?;
    let token = call
        .header(AUTHORIZATION.as_str())
        .and_then(|field| field.split_once(' '))
        .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
        .map(|(_, token)| token.trim());
    Ok(match token {
        None | Some("") => Reply::status(StatusCode::UNAUTHORIZED)
            .fixed(WWW_AUTHENTICATE, "Bearer realm=\"diaries\"")
            .because("You sent no token, so nobody knows who you are."),
        Some(token) if token == id => {
            Reply::ok(TEXT, "Dear diary.\n").because("It is your own diary.")
        }
        // RFC 6750 §3.1.
        Some(token) => Reply::status(StatusCode::FORBIDDEN)
            .fixed(
                WWW_AUTHENTICATE,
                "Bearer realm=\"diaries\", error=\"insufficient_scope\"",
            )
            .because(format!(
                "You are `{}`, and the diary is that of `{id}`.",
                crate::refusal::shown(token)
            )),
    })
}

fn library(call: &mut Call, rest: &str) -> Outcome {
    let (shelf, _) = rest.split_once('/').unwrap_or((rest, ""));
    match shelf {
        "banned" => {
            let blocker = format!("<{}/>; rel=\"blocked-by\"", call.origin() + &call.here(""));
            Ok(Reply::status(StatusCode::UNAVAILABLE_FOR_LEGAL_REASONS)
                .field(LINK, value(&blocker)?)
                .because(
                    "The fictitious city of Laputa demands it: by its Act on Mockery of 1726, nobody, wherever he is, may read what makes fun of flying islands.",
                ))
        }
        "open" | "" => Ok(Reply::ok(TEXT, "Once upon a time.\n")
            .because("Nobody has ever demanded that this be blocked.")),
        _ => Err(super::missing(call)),
    }
}
