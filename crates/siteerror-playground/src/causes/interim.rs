//! Interim responses with a reason: content that is awaited, work that takes its time, a page that needs more than itself. RFC 9110 §15.2.

use std::time::Duration;

use http::header::{EXPECT, LINK};
use http::{HeaderValue, StatusCode};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask, raw, send};
use crate::reply::{HTML, Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 100,
        rule: "Announce content with `Expect: 100-continue` and hold it back: the server looks at the head, finds nothing to refuse, and asks for the rest.",
        source: "RFC 9110 §10.1.1, §15.2.1",
        note: "Send the content once the 100 is there; curl does so by itself. A head that is refused gets its final answer instead, as {prefix}/cause/413 and {prefix}/cause/417 show.",
        seen: Seen::Interim,
        methods: Methods::Only(&["GET", "POST", "PUT"]),
        play: Rule::Wait(|call, rest| Box::pin(awaited(call, rest))),
        provocations: &[Deed::of(
            200,
            &[send(
                "POST {try}",
                &["Content-Type: text/plain", "Expect: 100-continue"],
                "may I?",
            )],
        )],
        twin: Deed::of(200, &[send("POST {try}", &["Content-Type: text/plain"], "here it is")]),
    },
    Cause {
        code: 102,
        rule: "Ask for work that takes more than a moment: as long as it goes on, the server says so every half a second.",
        source: "RFC 2518 §10.1",
        note: "RFC 4918 took the code out of WebDAV for want of implementations, but the registry still has it. `?seconds=` chooses how long, up to 10; work of no time needs no 102.",
        seen: Seen::Interim,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(worked(call, rest))),
        provocations: &[Deed::of(200, &[ask("GET {try}?seconds=1", &[])])],
        twin: Deed::of(200, &[ask("GET {try}?seconds=0", &[])]),
    },
    Cause {
        code: 103,
        rule: "Ask for a page that cannot be shown without its style sheet: the server hints at that before it begins to make the page.",
        source: "RFC 8297 §2",
        note: "The same Link stands in the final response again. The style sheet needs nothing further, so asking for it brings no hint.",
        seen: Seen::Interim,
        methods: Methods::Only(&["GET"]),
        play: Rule::Wait(|call, rest| Box::pin(hinted(call, rest))),
        provocations: &[Deed::of(200, &[ask("GET {try}", &["Accept: text/html"])])],
        twin: Deed::of(200, &[ask("GET {try}/style.css", &[])]),
    },
    Cause {
        code: 417,
        rule: "Expect anything but 100-continue: no other expectation is known, so none can be met. This holds on every path, and before a byte of content.",
        source: "RFC 9110 §10.1.1, §15.5.18",
        note: "",
        seen: Seen::Final,
        methods: Methods::Any,
        play: Rule::Before("You expected nothing that this server cannot do."),
        provocations: &[
            Deed::of(417, &[ask("GET {try}", &["Expect: a-miracle"])]),
            Deed::of(
                417,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nExpect: 100-continue, a-miracle\r\nContent-Length: 1000\r\nConnection: close\r\n\r\n",
                )],
            )
            .about("Announced content stays where it is: no 100 goes ahead of the refusal."),
        ],
        twin: Deed::of(
            200,
            &[send(
                "POST {try}",
                &["Content-Type: text/plain", "Expect: 100-continue"],
                "fine",
            )],
        ),
    },
];

async fn awaited(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let asked = call.parts.headers.contains_key(EXPECT);
    // Reading is what sends the 100.
    let content = call.content().await?;
    Ok(
        Reply::ok(TEXT, format!("{} bytes came.\n", content.len())).because(if asked {
            "You asked before you sent, and nothing was wrong with the head."
        } else {
            "You sent without asking, so there was nothing to answer ahead."
        }),
    )
}

/// How long work takes between two signs of life.
const SIGN_OF_LIFE: Duration = Duration::from_millis(500);

async fn worked(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let mut left = call.seconds("seconds").unwrap_or_default();
    let _hold = call.hold()?;
    let mut signs = 0;
    while !left.is_zero() {
        // HTTP/1.0 has no interim responses (RFC 9110 §15.2), and the work is done all the same.
        if call.wire.interim(102, "Processing", &[]).await.is_ok() {
            signs += 1;
        }
        let pause = left.min(SIGN_OF_LIFE);
        call.wait_until(tokio::time::Instant::now() + pause).await?;
        left -= pause;
    }
    Ok(
        Reply::ok(TEXT, format!("It is done, after {signs} signs of life.\n"))
            .because("The work is done; as long as it went on, 102 said so."),
    )
}

async fn hinted(call: &mut Call, rest: &str) -> Outcome {
    match rest {
        "" => {}
        "style.css" => {
            return Ok(Reply::ok("text/css", "h1 { font-family: serif }\n")
                .because("A style sheet on its own: it needs nothing that could be hinted at."));
        }
        _ => return Err(super::missing(call)),
    }
    let style = call.here("/cause/103/try/style.css");
    let link = format!("<{style}>; rel=preload; as=style");
    let _ = call
        .wire
        .interim(103, "Early Hints", &[("Link", &link)])
        .await;
    let page = Hinted { style: &style };
    let page = askama::Template::render(&page)
        .map_err(|error| crate::refusal::Refusal::new("internal-error", 500, error.to_string()))?;
    let mut reply = Reply::status(StatusCode::OK)
        .with(HTML, page)
        .because("The page needs its style sheet, which was hinted at before.");
    if let Ok(link) = HeaderValue::from_str(&link) {
        reply.headers.append(LINK, link);
    }
    Ok(reply)
}

/// A page that needs a style sheet.
#[derive(askama::Template)]
#[template(
    ext = "html",
    source = "<!doctype html>\n<html lang=\"en\">\n<head><meta charset=\"utf-8\"><title>Hinted at</title><link rel=\"stylesheet\" href=\"{{ style }}\"></head>\n<body><h1>The style sheet was on its way before this page</h1></body>\n</html>\n"
)]
struct Hinted<'a> {
    style: &'a str,
}
