//! A network that lets nobody through before he has signed in. RFC 6585 §6.

use std::time::Instant;

use http::header::{CACHE_CONTROL, LINK};
use http::{Method, StatusCode};

use crate::call::Call;
use crate::causes::items::value;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::refusal::Refusal;
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[Cause {
    code: 511,
    rule: "Use a network before you have signed in to it: the answer leads to the page where you can, and does not pretend to be the one that you wanted.",
    source: "RFC 6585 §6",
    note: "Origin servers are not to send it; this path plays a gateway that stands between, one for each name. POST to its `/sign-in` lets you through for an hour.",
    seen: Seen::Final,
    methods: Methods::Only(&["GET", "POST"]),
    play: Rule::Now(portal),
    provocations: &[Deed::of(511, &[ask("GET {try}/{id}", &[])])],
    twin: Deed::of(
        200,
        &[
            ask("POST {try}/{id}/sign-in", &[]),
            ask("GET {try}/{id}", &[]),
        ],
    ),
}];

/// What whoever has not signed in gets to see, and where he does.
#[derive(askama::Template)]
#[template(
    ext = "html",
    source = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>{{ title }}</title></head>\n<body><h1>{{ title }}</h1>{% if is_form %}<form method=\"post\" action=\"{{ path }}\"><button>Sign in</button></form>{% else %}<p><a href=\"{{ path }}\">Sign in to the network</a> to go on.</p>{% endif %}</body>\n</html>\n"
)]
struct Page<'a> {
    title: &'a str,
    path: &'a str,
    is_form: bool,
}

impl Page<'_> {
    fn rendered(&self) -> Result<String, Refusal> {
        askama::Template::render(self)
            .map_err(|error| Refusal::new("internal-error", 500, error.to_string()))
    }
}

fn portal(call: &mut Call, rest: &str) -> Outcome {
    let (name, is_door) = match rest.strip_suffix("/sign-in") {
        Some(name) => (name, true),
        None => (rest, false),
    };
    let id = super::id(call, name)?;
    let guests = &call.shared.causes.guests;
    let door = call.here(&format!("/cause/511/try/{id}/sign-in"));
    let now = Instant::now();
    if is_door {
        if call.parts.method == Method::POST {
            guests.with_or(id, now, || (), |()| ());
            return Ok(Reply::ok(TEXT, "You are in.\n").because("You have signed in."));
        }
        let page = Page {
            title: "Sign in",
            path: &door,
            is_form: true,
        };
        return Ok(Reply::ok(HTML, page.rendered()?).because("This is where one signs in."));
    }
    if guests.with(id, now, |guest| guest.is_some()) {
        return Ok(Reply::ok(TEXT, "The network at large.\n")
            .because("You have signed in, so the gateway lets you through."));
    }
    let page = Page {
        title: "Network Authentication Required",
        path: &door,
        is_form: false,
    };
    Ok(Reply::status(StatusCode::NETWORK_AUTHENTICATION_REQUIRED)
        .with(HTML, page.rendered()?)
        .field(LINK, value(&format!("<{door}>; rel=\"related\""))?)
        // RFC 6585 §6: no cache may keep it.
        .fixed(CACHE_CONTROL, "no-store")
        .because(format!("Nobody has signed in as `{id}`: POST to {door}.")))
}
