//! Things that are elsewhere: for good or for today, with the method kept or not, or in several places at once. RFC 9110 §15.4.

use std::time::UNIX_EPOCH;

use http::header::{LINK, LOCATION};
use http::{HeaderValue, StatusCode};
use serde_json::json;

use crate::accept;
use crate::call::Call;
use crate::causes::items::value;
use crate::causes::{Cause, Deed, Rule, Seen, ask, send};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const BOTH: Methods = Methods::Only(&["GET", "POST"]);
const PLAIN: &[&str] = &["Content-Type: text/plain"];

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 300,
        rule: "Ask for a text that is there as Markdown, as JSON and as plain text, and leave the choice open: then the choice is yours, and the answer lists what there is.",
        source: "RFC 9110 §12.2, §15.4.1",
        note: "Location is what the server would take itself; Link names all of them. An Accept that names one of the types settles it.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Now(choices),
        provocations: &[Deed::of(300, &[ask("GET {try}", &["Accept: */*"])])],
        twin: Deed::of(200, &[ask("GET {try}/text.md", &[])]),
    },
    Cause {
        code: 301,
        rule: "Ask for a folder without the slash at its end: its one name is the one with the slash, and will stay so.",
        source: "RFC 9110 §15.4.2",
        note: "After this redirect a POST may turn into a GET, and with most clients does.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(moved(call, rest, StatusCode::MOVED_PERMANENTLY))),
        provocations: &[
            Deed::of(301, &[ask("GET {try}/folder", &[])]),
            Deed::of(301, &[send("POST {try}/folder", PLAIN, "a note")])
                .about("Follow it with POST, and the echo at the other end shows the method that your client makes of it."),
        ],
        twin: Deed::of(200, &[ask("GET {try}/folder/", &[])]),
    },
    Cause {
        code: 302,
        rule: "Ask for the page of the day: today it is found under the name of the weekday, and tomorrow under another, so keep asking here.",
        source: "RFC 9110 §15.4.3",
        note: "The weekday is that of Greenwich.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(moved(call, rest, StatusCode::FOUND))),
        provocations: &[Deed::of(302, &[ask("GET {try}/today", &[])])],
        twin: Deed::of(200, &[ask("GET {try}/monday", &[])]),
    },
    Cause {
        code: 307,
        rule: "Hand something in at the front desk, which is not staffed for now: the back desk takes it, and takes it in the same way.",
        source: "RFC 9110 §15.4.8",
        note: "A client that follows sends the same method with the same content, as the echo shows.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(moved(call, rest, StatusCode::TEMPORARY_REDIRECT))),
        provocations: &[Deed::of(307, &[send("POST {try}/front-desk", PLAIN, "a parcel")])],
        twin: Deed::of(200, &[send("POST {try}/back-desk", PLAIN, "a parcel")]),
    },
    Cause {
        code: 308,
        rule: "Send to the first version of an interface that has a second: the old address is gone for good, and what you sent belongs, unchanged, to the new one.",
        source: "RFC 9110 §15.4.9",
        note: "Unlike after 301, no client may turn the POST into a GET.",
        seen: Seen::Final,
        methods: BOTH,
        play: Rule::Wait(|call, rest| Box::pin(moved(call, rest, StatusCode::PERMANENT_REDIRECT))),
        provocations: &[Deed::of(308, &[send("POST {try}/v1/orders", PLAIN, "an order")])],
        twin: Deed::of(200, &[send("POST {try}/v2/orders", PLAIN, "an order")]),
    },
];

const WEEK: [&str; 7] = [
    "thursday",
    "friday",
    "saturday",
    "sunday",
    "monday",
    "tuesday",
    "wednesday",
];

/// Where a path has moved to, and why.
fn new_place(call: &Call, rest: &str, status: StatusCode) -> Option<(&'static str, &'static str)> {
    Some(match (status, rest) {
        (StatusCode::MOVED_PERMANENTLY, "folder") => (
            "folder/",
            "A folder ends with a slash, and you left it out.",
        ),
        (StatusCode::FOUND, "today") => {
            let now = call.now().duration_since(UNIX_EPOCH).unwrap_or_default();
            // 1 January 1970 was a Thursday.
            let day = usize::try_from(now.as_secs() / 86_400 % 7).unwrap_or_default();
            (
                WEEK[day],
                "That is the page for today; tomorrow it is another.",
            )
        }
        (StatusCode::TEMPORARY_REDIRECT, "front-desk") => (
            "back-desk",
            "Nobody is at the front desk for now, and the back desk takes the same.",
        ),
        (StatusCode::PERMANENT_REDIRECT, "v1/orders") => (
            "v2/orders",
            "The first version is gone for good, and the second takes orders in the same way.",
        ),
        _ => return None,
    })
}

/// Whether it is a place that a path has moved to.
fn is_there(rest: &str, status: StatusCode) -> bool {
    match status {
        StatusCode::MOVED_PERMANENTLY => rest == "folder/",
        StatusCode::FOUND => WEEK.contains(&rest),
        StatusCode::TEMPORARY_REDIRECT => rest == "back-desk",
        _ => rest == "v2/orders",
    }
}

async fn moved(call: &mut Call, rest: &str, status: StatusCode) -> Outcome {
    let content = call.content().await?;
    if let Some((to, because)) = new_place(call, rest, status) {
        let target = call.here(&format!("/cause/{}/try/{to}", status.as_u16()));
        return Ok(Reply::status(status)
            .field(LOCATION, value(&target)?)
            .with(TEXT, format!("See {target}\n"))
            .because(because));
    }
    if rest.is_empty() {
        return Ok(Reply::ok(TEXT, "What has moved stands below this path.\n")
            .because("This path has not moved."));
    }
    if !is_there(rest, status) {
        return Err(super::missing(call));
    }
    Ok(Reply::json(&json!({
        "method": call.parts.method.as_str(),
        "content_bytes": content.len(),
        "content": crate::refusal::shown(&String::from_utf8_lossy(&content)),
    }))
    .because("Nothing moves from here: this is what arrived."))
}

/// The forms of the text, with the preferred one first.
const FORMS: [(&str, &str, &str); 3] = [
    (
        "text.md",
        "text/markdown",
        "# A text\n\nIn **three** forms.\n",
    ),
    (
        "text.json",
        "application/json",
        "{\"title\": \"A text\", \"content\": \"In three forms.\"}\n",
    ),
    ("text.txt", "text/plain", "A text\n\nIn three forms.\n"),
];

fn choices(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        let form = FORMS.iter().find(|(name, _, _)| *name == rest);
        let Some((_, media_type, content)) = form else {
            return Err(super::missing(call));
        };
        return Ok(Reply::ok(media_type, *content).because("This is one of the three forms."));
    }
    let accepted: Vec<_> = FORMS
        .iter()
        .filter(|(_, media_type, _)| {
            call.parts.headers.contains_key(http::header::ACCEPT)
                && accept::choose(&call.parts.headers, &[media_type]).is_some()
        })
        .collect();
    if let [(_, media_type, content)] = accepted.as_slice() {
        return Ok(Reply::ok(media_type, *content)
            .fixed(http::header::VARY, "Accept")
            .because("Your Accept left one form, so there was nothing to choose."));
    }
    let path = |name: &str| call.here(&format!("/cause/300/try/{name}"));
    let mut reply = Reply::status(StatusCode::MULTIPLE_CHOICES)
        .field(LOCATION, value(&path(FORMS[0].0))?)
        .fixed(http::header::VARY, "Accept")
        .with_json(&json!({
            "choices": FORMS
                .iter()
                .map(|(name, media_type, _)| json!({ "url": path(name), "type": media_type }))
                .collect::<Vec<_>>(),
        }))
        .because(format!(
            "There are {} forms of this, and your Accept did not settle which.",
            FORMS.len()
        ));
    for (name, media_type, _) in FORMS {
        let link = format!("<{}>; rel=\"alternate\"; type=\"{media_type}\"", path(name));
        if let Ok(link) = HeaderValue::from_str(&link) {
            reply.headers.append(LINK, link);
        }
    }
    Ok(reply)
}
