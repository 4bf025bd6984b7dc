//! Leaving HTTP for another protocol on the same connection, and being told to. RFC 9110 §7.8, RFC 6455.

use http::Method;
use http::header::UPGRADE;

use crate::call::Call;
use crate::causes::{Ask, Cause, Deed, Rule, Seen, ask, send};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};
use crate::scenarios::socket;

/// The handshake of RFC 6455 §1.3, with its key.
const HANDSHAKE: Ask = ask(
    "GET {try}",
    &[
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
    ],
);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 101,
        rule: "Offer to switch to WebSocket with a whole handshake, and the server switches: after this response, the connection speaks frames and echoes them.",
        source: "RFC 9110 §7.8, §15.2.2; RFC 6455 §4.2",
        note: "In HTTP/2 there is no switching (RFC 9113 §8.6). Without Upgrade this path answers in HTTP, since it can do both.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET"]),
        play: Rule::Wait(|call, rest| Box::pin(switch(call, rest, Without::Answer))),
        provocations: &[Deed::of(101, &[HANDSHAKE])
            .command("curl -i -N --http1.1 --max-time 3 -H 'Connection: Upgrade' -H 'Upgrade: websocket' -H 'Sec-WebSocket-Version: 13' -H 'Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==' '{origin}{try}'")],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 426,
        rule: "GET a path that is there for WebSocket alone without a handshake: Upgrade names the protocol that it would take.",
        source: "RFC 9110 §7.8, §15.5.22",
        note: "With the handshake of {prefix}/cause/101 it switches. Whoever cannot switch may POST a message instead, and gets it back over plain HTTP.",
        seen: Seen::Final,
        methods: Methods::Only(&["GET", "POST"]),
        play: Rule::Wait(|call, rest| Box::pin(switch(call, rest, Without::Refuse))),
        provocations: &[
            Deed::of(426, &[ask("GET {try}", &[])]),
            Deed::of(
                426,
                &[ask(
                    "GET {try}",
                    &[
                        "Connection: close, Upgrade",
                        "Upgrade: websocket",
                        "Sec-WebSocket-Version: 8",
                        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==",
                    ],
                )],
            )
            .about("A version of WebSocket that is not spoken here; Sec-WebSocket-Version tells which is (RFC 6455 §4.4)."),
        ],
        twin: Deed::of(200, &[send("POST {try}", &["Content-Type: text/plain"], "hello")]),
    },
];

/// What becomes of a request that offers no switch.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Without {
    Answer,
    Refuse,
}

/// Bytes of a message, and of a frame.
const MOST: usize = 64 * 1024;

async fn switch(call: &mut Call, rest: &str, without: Without) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    if call.parts.method == Method::POST {
        let content = call.content().await?;
        return Ok(Reply::ok(TEXT, content)
            .because("You did not ask to switch: your message comes back over HTTP."));
    }
    if without == Without::Answer && !socket::lists(call, &UPGRADE, "websocket") {
        return Ok(
            Reply::ok(TEXT, "Offer `Upgrade: websocket` to leave HTTP here.\n")
                .because("You offered no protocol to switch to, so HTTP it is."),
        );
    }
    socket::switch(call, MOST, MOST)
}
