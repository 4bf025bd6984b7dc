//! The gateway by itself: codes of RFC 9110 for what happens behind it.

use crate::gateway::{self, Upstream};
use crate::refusal::Refusal;
use crate::scenario::{Family, Kind, Later, Methods, Parameter, Play, Scenario};

pub(crate) static SCENARIOS: &[Scenario] = &[Scenario {
    id: "gateway",
    path: "/gateway/{upstream}",
    methods: Methods::Any,
    family: Family::Causes,
    title: "A gateway in front of a server with a bad habit",
    about: "Asks a server of the playground's own that refuses, stalls, breaks off or speaks bad TLS, and answers as RFC 9110 says: 502 for an answer that is of no use, 504 for one that \
            took too long, and what came where it can be passed on. Playground-Upstream says what the server did; /vendors lists all of them.",
    parameters: &[Parameter::path(
        "upstream",
        Kind::Text,
        "Which server: good, closes-without-a-byte, never-answers, or another name of the list.",
    )],
    example: "/gateway/closes-without-a-byte",
    answers: &[200, 502, 504],
    media_type: "text/plain",
    source: "RFC 9110 §15.6.3, RFC 9110 §15.6.5",
    play: Play::Wait(ask),
}];

fn ask(call: &mut crate::call::Call) -> Later<'_> {
    Box::pin(async move {
        let name = call.path("upstream");
        let upstream = Upstream::find(name).ok_or_else(|| {
            Refusal::parameter(
                "upstream",
                name,
                "no server behind the gateway is called so",
            )
            .hint(format!("{} lists them", call.here("/vendors")))
        })?;
        gateway::through(call, upstream).await
    })
}
