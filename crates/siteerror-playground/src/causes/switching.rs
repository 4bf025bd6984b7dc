//! Leaving HTTP for WebSocket on the same connection, and being told to. RFC 9110 §7.8, RFC 6455.

use std::time::Duration;

use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderName, Method, StatusCode};
use hyper::upgrade::OnUpgrade;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

use crate::call::{Call, Hold};
use crate::causes::items::value;
use crate::causes::{Ask, Cause, Deed, Rule, Seen, ask, send};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

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
        provocations: &[Deed::of(101, &[HANDSHAKE])],
        twin: Deed::of(200, &[ask("GET {try}", &[])]),
    },
    Cause {
        code: 426,
        rule: "GET a path that is there for WebSocket alone without a handshake: Upgrade names the protocol that it would take.",
        source: "RFC 9110 §7.8, §15.5.22",
        note: "With the handshake of /cause/101 it switches. Whoever cannot switch may POST a message instead, and gets it back over plain HTTP.",
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
                        "Connection: Upgrade",
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

/// How long an echo goes on.
const MOST: Duration = Duration::from_secs(10);

async fn switch(call: &mut Call, rest: &str, without: Without) -> Outcome {
    if !rest.is_empty() {
        return Err(super::missing(call));
    }
    if call.parts.method == Method::POST {
        let content = call.content().await?;
        return Ok(Reply::ok(TEXT, content)
            .because("You did not ask to switch: your message comes back over HTTP."));
    }
    let offers = lists(call, CONNECTION, "upgrade") && lists(call, UPGRADE, "websocket");
    if !offers {
        return Ok(match without {
            Without::Answer => Reply::ok(TEXT, "Offer `Upgrade: websocket` to leave HTTP here.\n")
                .because("You offered no protocol to switch to, so HTTP it is."),
            Without::Refuse => upgrade_required().because(
                "This path speaks WebSocket, and the request did not offer to switch to it.",
            ),
        });
    }
    if call.header(SEC_WEBSOCKET_VERSION.as_str()) != Some("13") {
        return Ok(upgrade_required().because(format!(
            "Version 13 of WebSocket is spoken here; you offered {}.",
            call.header(SEC_WEBSOCKET_VERSION.as_str()).map_or_else(
                || "none".to_owned(),
                |version| format!("`{}`", crate::refusal::shown(version))
            )
        )));
    }
    let Some(key) = call
        .header(SEC_WEBSOCKET_KEY.as_str())
        .filter(|key| is_key(key))
    else {
        return Err(Refusal::new(
            "invalid-field",
            400,
            "a WebSocket handshake has one `Sec-WebSocket-Key`, 16 bytes in base64",
        )
        .hint("RFC 6455 section 4.2.1"));
    };
    let accept = derive_accept_key(key.as_bytes());
    let hold = call.hold()?;
    let Some(upgrade) = call.parts.extensions.remove::<OnUpgrade>() else {
        return Err(Refusal::new(
            "version-not-possible",
            400,
            "this connection cannot change its protocol",
        ));
    };
    tokio::spawn(echo(upgrade, hold));
    Ok(Reply::status(StatusCode::SWITCHING_PROTOCOLS)
        .fixed(UPGRADE, "websocket")
        .fixed(CONNECTION, "Upgrade")
        .field(SEC_WEBSOCKET_ACCEPT, value(&accept)?)
        .because("You offered WebSocket, with a key and a version that fit."))
}

fn upgrade_required() -> Reply {
    Reply::status(StatusCode::UPGRADE_REQUIRED)
        .fixed(UPGRADE, "websocket")
        .fixed(CONNECTION, "Upgrade")
        .fixed(SEC_WEBSOCKET_VERSION, "13")
}

/// Whether a field lists a word, without regard to case.
fn lists(call: &Call, name: HeaderName, word: &str) -> bool {
    call.parts
        .headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(word))
}

/// RFC 6455 §4.1: 16 bytes in base64.
fn is_key(key: &str) -> bool {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD
        .decode(key)
        .is_ok_and(|bytes| bytes.len() == 16)
}

/// Gives every message back, for a while.
async fn echo(upgrade: OnUpgrade, hold: Hold) {
    let _hold = hold;
    let most = usize::try_from(limits::MESSAGE.max).unwrap_or(usize::MAX);
    let talk = async {
        let Ok(upgraded) = upgrade.await else { return };
        let config = WebSocketConfig::default()
            .max_message_size(Some(most))
            .max_frame_size(Some(most));
        let mut socket =
            WebSocketStream::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config))
                .await;
        while let Some(Ok(message)) = socket.next().await {
            let is_data = message.is_text() || message.is_binary();
            // Pings and closes are answered by the protocol itself.
            if is_data && socket.send(message).await.is_err() {
                break;
            }
        }
    };
    let _ = tokio::time::timeout(MOST, talk).await;
}
