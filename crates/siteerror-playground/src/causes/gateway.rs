//! Servers behind our gateway, asked for what goes wrong with them. RFC 9110 §15.6.3 and §15.6.5.

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::gateway::{self, Upstream};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 502,
        rule: "Have our gateway ask a server behind it that talks nonsense: what comes back is no response in HTTP, so there is nothing that could be passed on.",
        source: "RFC 9110 §15.6.3",
        note: "That server is a real one, with a port of its own on this machine; it is the one that is broken. Playground-Upstream in the answer says what it did.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(behind(call, rest))),
        provocations: &[
            Deed::of(502, &[ask("GET {try}/garbage-status-line", &[])]),
            Deed::of(502, &[ask("GET {try}/closes-without-a-byte", &[])])
                .about("One that hears the request out and hangs up."),
            Deed::of(502, &[ask("GET {try}/refuses", &[])])
                .about("One that takes no connections at all."),
        ],
        twin: Deed::of(200, &[ask("GET {try}/good", &[])]),
    },
    Cause {
        code: 504,
        rule: "Have our gateway ask a server behind it that stays silent: it waits a second for an answer, and gives up.",
        source: "RFC 9110 §15.6.5",
        note: "The request did arrive there, and may have done its work: this code does not tell.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(behind(call, rest))),
        provocations: &[Deed::of(504, &[ask("GET {try}/never-answers", &[])])],
        twin: Deed::of(200, &[ask("GET {try}/slow", &[])]),
    },
];

async fn behind(call: &mut Call, rest: &str) -> Outcome {
    match Upstream::find(rest) {
        Some(upstream) => gateway::through(call, upstream).await,
        None if rest.is_empty() => {
            let names: Vec<&str> = Upstream::ALL
                .iter()
                .map(|upstream| upstream.name())
                .collect();
            Ok(Reply::ok(TEXT, names.join("\n") + "\n")
                .because("You asked the gateway itself; these are the servers behind it."))
        }
        None => Err(super::missing(call)),
    }
}
