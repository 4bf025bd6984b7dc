//! The plain successes that need no store: 200, and 205 for a form. RFC 9110 §15.3.

use http::{Method, StatusCode};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask, send};
use crate::refusal::Refusal;
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 200,
        rule: "Ask for something that is there, with a method that it takes, and you get it.",
        source: "RFC 9110 §15.3.1",
        note: "Nothing is on the wrong side of this rule: the twin is HEAD, which gets the same code and no content.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Now(plain),
        provocations: &[Deed::of(200, &[ask("GET {try}", &[])])],
        twin: Deed::of(200, &[ask("HEAD {try}", &[])]),
    },
    Cause {
        code: 205,
        rule: "Send a form in for data entry: the entry is taken, and the form is to be emptied for the next one.",
        source: "RFC 9110 §15.3.6",
        note: "Browsers take it for a 204 and empty nothing. A server sends no content with this code, and here the length says so.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(form(call, rest))),
        provocations: &[Deed::of(
            205,
            &[send(
                "POST {try}",
                &["Content-Type: application/x-www-form-urlencoded"],
                "entry=a+heron%2C+at+dawn",
            )],
        )],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
];

fn plain(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    Ok(Reply::ok(TEXT, "Here it is.\n").because("It was there, and you asked for it properly."))
}

/// A form for one entry after another.
#[derive(askama::Template)]
#[template(
    ext = "html",
    source = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Sightings</title></head>\n<body><form method=\"post\" action=\"{{ action }}\"><label>Seen today <input name=\"entry\"></label> <button>Note it</button></form></body>\n</html>\n"
)]
struct Form<'a> {
    action: &'a str,
}

async fn form(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    if call.parts.method != Method::POST {
        let action = call.here("/cause/205/try");
        let page = askama::Template::render(&Form { action: &action })
            .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))?;
        return Ok(Reply::ok(HTML, page).because("This is the form; nothing was entered yet."));
    }
    let content = call.content().await?;
    let entry = form_urlencoded::parse(&content)
        .find(|(name, _)| name == "entry")
        .map(|(_, value)| value.into_owned())
        .filter(|entry| !entry.trim().is_empty());
    if entry.is_none() {
        return Ok(Reply::status(StatusCode::UNPROCESSABLE_ENTITY)
            .because("The form came without an `entry`, so there is nothing to note."));
    }
    Ok(Reply::status(StatusCode::RESET_CONTENT)
        .because("Your entry is noted, and the form may be emptied for the next one."))
}
