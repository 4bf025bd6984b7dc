//! Methods that a path does not take, that nobody has, or that are for another kind of pot. RFC 9110 §9, RFC 2324.

use http::StatusCode;
use http::header::CONTENT_TYPE;

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask, raw, send};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 405,
        rule: "Use a method that exists, on a path that does not take it: Allow lists those that the path takes.",
        source: "RFC 9110 §10.2.1, §15.5.6",
        note: "",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Before("GET is a method that this path takes."),
        provocations: &[Deed::of(405, &[ask("DELETE {try}", &[])])],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 418,
        rule: "Tell a teapot to brew coffee, with BREW or POST and content of the type application/coffee-pot-command.",
        source: "RFC 2324 §2.3.2",
        note: "The registry lists the code as unused, and reserves it: the protocol was an April Fools' joke. Tea is another matter (RFC 7168).",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST", "BREW"]),
        play: Rule::Wait(|call, rest| Box::pin(teapot(call, rest))),
        provocations: &[Deed::of(
            418,
            &[send(
                "BREW {try}",
                &["Content-Type: application/coffee-pot-command"],
                "start",
            )],
        )],
        twin: Deed::of(
            200,
            &[send("BREW {try}", &["Content-Type: message/teapot"], "start")],
        ),
    },
    Cause {
        code: 501,
        rule: "Use a method that nobody has: it is in no registry, so it is not this path alone that cannot do it.",
        source: "RFC 9110 §9.1, §15.6.2",
        note: "Methods are told apart by case: `get` is one that nobody has.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Before("Yours is a method that this path takes."),
        provocations: &[
            Deed::of(501, &[ask("FROBNICATE {try}", &[])]),
            Deed::of(
                501,
                &[raw(
                    "POST {try} HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: rot13, chunked\r\n\r\n0\r\n\r\n",
                )],
            )
            .about("A transfer coding that is not understood (RFC 9112 §6.1)."),
        ],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
];

async fn teapot(call: &mut Call, rest: &str) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    let media_type = call
        .header(CONTENT_TYPE.as_str())
        .unwrap_or_default()
        .to_ascii_lowercase();
    call.content().await?;
    if matches!(call.parts.method.as_str(), "GET" | "HEAD") {
        return Ok(Reply::ok(TEXT, "A teapot.\n").because("You only looked at it."));
    }
    Ok(match media_type.as_str() {
        "application/coffee-pot-command" | "message/coffeepot" => {
            Reply::status(StatusCode::IM_A_TEAPOT)
                .with(TEXT, "I'm a teapot: short and stout.\n")
                .because("You wanted coffee, and this is a teapot.")
        }
        "message/teapot" => {
            Reply::ok(TEXT, "The tea is drawing.\n").because("You wanted tea from a teapot.")
        }
        _ => Reply::status(StatusCode::UNSUPPORTED_MEDIA_TYPE)
            .fixed(http::header::ACCEPT, "message/teapot")
            .because("A teapot takes message/teapot."),
    })
}
