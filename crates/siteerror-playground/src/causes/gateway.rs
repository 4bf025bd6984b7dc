//! The gateway and the servers behind it. RFC 9110 §15.6.3 and §15.6.5.

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::gateway::{Upstream, through};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 502,
        rule: "Have our gateway ask a server that is broken: what comes back is no response in HTTP, or nothing at all, so there is nothing that could be passed on.",
        source: "RFC 9110 §15.6.3",
        note: "The server behind the gateway is another one, with a port of its own on loopback; it is the one that is broken.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(gateway(call, rest))),
        provocations: &[
            Deed::of(502, &[ask("GET {try}/invalid-header", &[])]),
            Deed::of(502, &[ask("GET {try}/closes-without-a-byte", &[])])
                .about("A server that reads the request and hangs up."),
            Deed::of(502, &[ask("GET {try}/refuses", &[])])
                .about("A port on which nobody listens."),
        ],
        twin: Deed::of(200, &[ask("GET {try}/good", &[])]),
    },
    Cause {
        code: 504,
        rule: "Have our gateway ask a server that takes the request and stays silent: after a second the gateway gives up.",
        source: "RFC 9110 §15.6.5",
        note: "The request did arrive, and may have done its work there: 504 does not tell.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(gateway(call, rest))),
        provocations: &[Deed::of(504, &[ask("GET {try}/never-answers", &[])])],
        twin: Deed::of(200, &[ask("GET {try}/slow", &[])]),
    },
];

async fn gateway(call: &mut Call, rest: &str) -> Outcome {
    if rest.is_empty() {
        return Ok(
            Reply::ok(TEXT, "Name the server to ask, below this path.\n")
                .because("The gateway itself is well."),
        );
    }
    match Upstream::find(rest) {
        Some(upstream) => through(call, upstream).await,
        None => Err(super::missing(call)),
    }
}
