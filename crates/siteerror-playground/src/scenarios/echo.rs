//! What arrived, shown: the request as JSON, parts of it, or the whole as text.

mod content;
mod exact;
mod seen;
mod sent;

use std::collections::BTreeMap;

use askama::Template;
use http::header::USER_AGENT;
use serde_json::json;

pub(super) use self::content::Content;
pub(super) use self::exact::Exact;
pub(super) use self::seen::Seen;
use crate::call::Call;
use crate::reply::{HTML, JSON, Reply, TEXT};
use crate::scenario::{Family, Kind, Later, Methods, Outcome, Parameter, Play, Scenario};

/// A scenario that shows the request, content included.
const fn shows(
    id: &'static str,
    path: &'static str,
    methods: Methods,
    title: &'static str,
    about: &'static str,
    example: &'static str,
) -> Scenario {
    Scenario {
        id,
        path,
        methods,
        family: Family::Echo,
        title,
        about,
        parameters: &[],
        example,
        answers: &[200],
        media_type: JSON,
        source: "httpbin, go-httpbin",
        play: Play::Wait(whole),
    }
}

/// A scenario that shows a part of the request, or something about this server.
const fn tells(
    id: &'static str,
    path: &'static str,
    title: &'static str,
    about: &'static str,
    source: &'static str,
    play: fn(&mut Call) -> Outcome,
) -> Scenario {
    Scenario {
        id,
        path,
        methods: Methods::Registered,
        family: Family::Echo,
        title,
        about,
        parameters: &[],
        example: path,
        answers: &[200],
        media_type: JSON,
        source,
        play: Play::Now(play),
    }
}

pub(crate) static SCENARIOS: &[Scenario] = &[
    shows(
        "get",
        "/get",
        Methods::Only(&["GET"]),
        "A GET, shown",
        "Shows the query, the fields, the address that the request came from, and the target URI. Content, which a GET seldom has, is shown too.",
        "/get?a=1&a=2&b=3",
    ),
    shows(
        "head",
        "/head",
        Methods::Only(&["HEAD"]),
        "A HEAD and nothing else",
        "Answers a HEAD with the fields that a GET would get, and any other method with a 405.",
        "/head",
    ),
    shows(
        "post",
        "/post",
        Methods::Only(&["POST"]),
        "A POST, shown",
        "Shows the content beside everything else: forms and files taken apart, JSON with every digit kept, binary data as a `data:` URL. \
         Content that is coded with gzip, deflate, br or zstd is decoded first.",
        "/post",
    ),
    shows(
        "put",
        "/put",
        Methods::Only(&["PUT"]),
        "A PUT, shown",
        "Shows the content as `/post` does, for a PUT.",
        "/put",
    ),
    shows(
        "patch",
        "/patch",
        Methods::Only(&["PATCH"]),
        "A PATCH, shown",
        "Shows the content as `/post` does, for a PATCH.",
        "/patch",
    ),
    shows(
        "delete",
        "/delete",
        Methods::Only(&["DELETE"]),
        "A DELETE, shown",
        "Shows the content as `/post` does, for a DELETE.",
        "/delete",
    ),
    shows(
        "anything",
        "/anything",
        Methods::Any,
        "Any request, shown",
        "Takes every method, even one that nobody has, and shows the whole request: query, fields, content, address, target URI.",
        "/anything?a=1",
    ),
    shows(
        "anything-slash",
        "/anything/",
        Methods::Any,
        "Any request, shown, below a slash",
        "The same with a slash at the end, for clients that put one there.",
        "/anything/?a=1",
    ),
    Scenario {
        parameters: &[Parameter::path(
            "rest",
            Kind::Text,
            "Whatever path you like; it is shown in `url`.",
        )],
        ..shows(
            "anything-below",
            "/anything/{*rest}",
            Methods::Any,
            "Any request with any path, shown",
            "The same for every path below, so that a client can be pointed here in place of the API that it was written for.",
            "/anything/v1/users/7?full=1",
        )
    },
    Scenario {
        parameters: &[Parameter::query(
            "raw",
            Kind::Flag,
            "Whether to show the field lines as they were sent over HTTP/1.1: a list of names and values in their order and case.",
        )],
        ..tells(
            "headers",
            "/headers",
            "The fields of the request",
            "Shows the fields that arrived, with a capital at the beginning of each word of their names; a field that is repeated has a list of values.",
            "httpbin, go-httpbin; `raw` is ours",
            headers,
        )
    },
    Scenario {
        parameters: &[Parameter::query(
            "format",
            Kind::OneOf(&["json", "text"]),
            "`text` for the bare address and a line end.",
        )],
        media_type: "application/json, text/plain",
        ..tells(
            "ip",
            "/ip",
            "Where the request came from",
            "Tells the address of the client, or the first one in `X-Forwarded-For`: it is shown as it is, so trust it no more than you trust the client.",
            "httpbin, go-httpbin",
            ip,
        )
    },
    tells(
        "user-agent",
        "/user-agent",
        "The User-Agent",
        "Shows the field `User-Agent`, or null if the request has none.",
        "httpbin, go-httpbin",
        user_agent,
    ),
    tells(
        "hostname",
        "/hostname",
        "The name of this server",
        "Tells the name that whoever runs the playground gave to it; the real name of the machine stays with the machine.",
        "go-httpbin",
        host_name,
    ),
    tells(
        "version",
        "/version",
        "The name of this service",
        "Tells which service answers here, so that a client can see that it found the right one. The version stays private.",
        "go-httpbin",
        |_| Ok(Reply::json(&json!({ "service": env!("CARGO_PKG_NAME") }))),
    ),
    tells(
        "env",
        "/env",
        "No environment",
        "Always null: the environment of this server is nobody's business. The path is there for clients that expect it.",
        "go-httpbin",
        |_| Ok(Reply::json(&json!({ "env": null }))),
    ),
    Scenario {
        media_type: TEXT,
        play: Play::Wait(|call| Box::pin(dump(call))),
        ..tells(
            "dump-request",
            "/dump/request",
            "The request as a message",
            "Shows the request as it was sent, byte for byte: request line, fields in their order and case, an empty line, and the content without its framing. \
             What came over HTTP/2 is written down as HTTP/1.1 would.",
            "go-httpbin",
            headers,
        )
    },
    Scenario {
        id: "upload",
        path: "/upload",
        methods: Methods::Only(&["POST", "PUT", "PATCH"]),
        family: Family::Echo,
        title: "How much was uploaded",
        about: "Reads the content and counts its bytes without showing them.",
        parameters: &[],
        example: "/upload",
        answers: &[200],
        media_type: JSON,
        source: "go-httpbin",
        play: Play::Wait(|call| Box::pin(upload(call))),
    },
    Scenario {
        id: "forms-post",
        path: "/forms/post",
        methods: Methods::Only(&["GET"]),
        family: Family::Echo,
        title: "A form",
        about: "An HTML form that posts an order for a pizza to `/post`, which shows what the browser sent.",
        parameters: &[],
        example: "/forms/post",
        answers: &[200],
        media_type: HTML,
        source: "httpbin, go-httpbin",
        play: Play::Now(form),
    },
];

fn whole(call: &mut Call) -> Later<'_> {
    Box::pin(async move {
        let content = Content::read(call).await?;
        // Where content is seldom, its keys are there only with it.
        let is_shown = !matches!(call.scenario.id, "get" | "head")
            || !content.is_empty()
            || !call.trailers.is_empty();
        let seen = Seen::of(call);
        Ok(if is_shown {
            seen.with_content(call, &content).reply()
        } else {
            seen.reply()
        })
    })
}

fn headers(call: &mut Call) -> Outcome {
    if call.flag("raw") {
        let lines = match sent::head(call) {
            Some(head) => sent::fields(&head),
            None => seen::lines(call),
        };
        return Ok(Reply::json(&json!({ "headers": lines })));
    }
    Ok(Reply::json(&BTreeMap::from([(
        "headers",
        seen::headers(call),
    )])))
}

fn ip(call: &mut Call) -> Outcome {
    let origin = seen::origin(call);
    Ok(match call.query("format") {
        Some("text") => Reply::ok(TEXT, format!("{origin}\n")),
        _ => Reply::json(&json!({ "origin": origin })),
    })
}

fn user_agent(call: &mut Call) -> Outcome {
    let agent = call.parts.headers.get(USER_AGENT).map(seen::text);
    Ok(Reply::json(&json!({ "user-agent": agent })))
}

fn host_name(call: &mut Call) -> Outcome {
    let name = &call.shared.options.host_name;
    Ok(Reply::json(&json!({ "hostname": name })))
}

async fn dump(call: &mut Call) -> Outcome {
    let content = call.content().await?;
    let mut message = sent::head(call).unwrap_or_else(|| seen::dumped_head(call));
    message.extend_from_slice(&content);
    Ok(Reply::ok(TEXT, message))
}

async fn upload(call: &mut Call) -> Outcome {
    let content = call.content().await?;
    Ok(Seen::of(call).with("bytes_received", content.len()).reply())
}

#[derive(Template)]
#[template(path = "order.html")]
struct Order {
    action: String,
}

fn form(call: &mut Call) -> Outcome {
    let page = Order {
        action: call.here("/post"),
    };
    Ok(Reply::ok(HTML, page.render().unwrap_or_default()).with_form())
}
