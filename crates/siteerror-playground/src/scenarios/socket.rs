//! A WebSocket that sends back what it gets. RFC 6455.

use std::time::Duration;

use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use bytes::Bytes;
use futures_util::{SinkExt as _, StreamExt as _};
use http::header::{
    CONNECTION, SEC_WEBSOCKET_ACCEPT, SEC_WEBSOCKET_KEY, SEC_WEBSOCKET_VERSION, UPGRADE,
};
use http::{HeaderName, HeaderValue, Method, StatusCode};
use http_body::Body as _;
use hyper::upgrade::{OnUpgrade, Upgraded};
use hyper_util::rt::TokioIo;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::time::timeout;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::derive_accept_key;
use tokio_tungstenite::tungstenite::protocol::frame::Frame;
use tokio_tungstenite::tungstenite::protocol::frame::coding::{CloseCode, Data, OpCode};
use tokio_tungstenite::tungstenite::protocol::{CloseFrame, Role, WebSocketConfig};
use tokio_tungstenite::tungstenite::{Error, Message};

use crate::call::{Call, Hold};
use crate::limits;
use crate::refusal::Refusal;
use crate::reply::Reply;
use crate::scenario::{Family, Kind, Methods, Outcome, Parameter, Play, Scenario};

/// What a frame may have without being asked.
const USUAL_FRAGMENT: usize = 512 * 1024;

/// So much is read at a time: many sockets stay open, and few say much.
const READ_BYTES: usize = 8 * 1024;

/// How long, and for how many bytes, the client is heard after we closed: a reset would take the reason away from it.
const LAST_WORDS: (Duration, u64) = (Duration::from_secs(2), 1024 * 1024);

type Socket = WebSocketStream<TokioIo<Upgraded>>;

pub(crate) static SCENARIOS: &[Scenario] = &[Scenario {
    id: "websocket-echo",
    path: "/websocket/echo",
    methods: Methods::Only(&["GET"]),
    family: Family::Streams,
    title: "A WebSocket that echoes",
    about: "Switches to WebSocket and sends every message back. A frame that breaks a rule gets the close code that RFC 6455 has for it; a request \
            that does not ask for the switch gets a 426.",
    parameters: &[
        Parameter::query(
            "max_fragment_size",
            Kind::Integer {
                min: 1,
                max: 0,
                limit: Some(limits::MESSAGE),
            },
            "The most bytes of a frame, in both directions; without it, 524288.",
        ),
        Parameter::query(
            "max_message_size",
            Kind::Integer {
                min: 1,
                max: 0,
                limit: Some(limits::MESSAGE),
            },
            "The most bytes of a message; a larger one is closed with 1009.",
        ),
    ],
    example: "/websocket/echo",
    answers: &[101, 426],
    media_type: "",
    source: "go-httpbin; RFC 6455",
    play: Play::Now(echo),
}];

fn echo(call: &mut Call) -> Outcome {
    let most = usize::try_from(limits::MESSAGE.max).unwrap_or(usize::MAX);
    let message = call.count("max_message_size").unwrap_or(most);
    let fragment = call.count("max_fragment_size");
    if let Some(fragment) = fragment.filter(|fragment| *fragment > message) {
        return Err(Refusal::parameter(
            "max_fragment_size",
            &fragment.to_string(),
            "a fragment cannot be larger than the message that it is a part of",
        ));
    }
    switch(
        call,
        message,
        fragment.unwrap_or(USUAL_FRAGMENT.min(message)),
    )
}

/// Switches to WebSocket, and echoes messages and frames of at most so many bytes.
///
/// # Errors
///
/// If the request does not ask for it as RFC 6455 §4.1 says, or cannot have it.
pub(crate) fn switch(call: &mut Call, message: usize, fragment: usize) -> Outcome {
    let accept = handshake(call)?;
    let hold = call.hold()?;
    let Some(upgrade) = call.parts.extensions.remove::<OnUpgrade>() else {
        return Err(not_here());
    };
    let config = WebSocketConfig::default()
        .read_buffer_size(READ_BYTES)
        .max_message_size(Some(message))
        .max_frame_size(Some(fragment));
    tokio::spawn(async move {
        match upgrade.await {
            Ok(upgraded) => converse(upgraded, config, fragment, hold).await,
            Err(error) => tracing::debug!(%error, "a connection was not upgraded: {error}"),
        }
    });
    Ok(Reply::status(StatusCode::SWITCHING_PROTOCOLS)
        .fixed(CONNECTION, "upgrade")
        .fixed(UPGRADE, "websocket")
        .field(SEC_WEBSOCKET_ACCEPT, accept))
}

fn not_here() -> Refusal {
    Refusal::new(
        "version-not-possible",
        400,
        "this connection cannot switch to another protocol",
    )
    .hint("ask over HTTP/1.1")
}

/// The server's side of the opening handshake (RFC 6455 §4.2): the value of `Sec-WebSocket-Accept`.
fn handshake(call: &Call) -> Result<HeaderValue, Refusal> {
    if call.is_http2() {
        return Err(not_here());
    }
    let is_old = call.parts.version < http::Version::HTTP_11;
    // RFC 6455 §4.1: the method is GET, so that a HEAD here is none. RFC 9110 §7.8: HTTP/1.0 has no Upgrade, and one that Connection does not name was meant for somebody before us.
    let is_get = call.parts.method == Method::GET;
    if is_old
        || !is_get
        || !lists(call, &UPGRADE, "websocket")
        || !lists(call, &CONNECTION, "upgrade")
    {
        return Err(required("the request does not ask to switch to WebSocket").hint(
            "send `Connection: Upgrade`, `Upgrade: websocket`, `Sec-WebSocket-Version: 13` and a key over HTTP/1.1",
        ));
    }
    if call.header(SEC_WEBSOCKET_VERSION.as_str()) != Some("13") {
        // RFC 6455 §4.4.
        return Err(
            required("the version of WebSocket is not 13, the only one there is")
                .field(SEC_WEBSOCKET_VERSION, HeaderValue::from_static("13")),
        );
    }
    let refuse = |what: &str| {
        Refusal::new("invalid-field", 400, what)
            .hint("`Sec-WebSocket-Key` is 16 random bytes as base64 (RFC 6455 section 4.1)")
    };
    let mut keys = call.parts.headers.get_all(SEC_WEBSOCKET_KEY).iter();
    let (Some(key), None) = (keys.next(), keys.next()) else {
        return Err(refuse("`Sec-WebSocket-Key` has to be there once"));
    };
    let is_key = BASE64_STANDARD
        .decode(key.as_bytes())
        .is_ok_and(|key| key.len() == 16);
    if !is_key {
        return Err(refuse("`Sec-WebSocket-Key` is not 16 bytes as base64"));
    }
    if call
        .content
        .as_ref()
        .is_some_and(|content| !content.is_end_stream())
    {
        return Err(Refusal::new(
            "invalid-content",
            400,
            "a request that switches to WebSocket has no content here",
        )
        .close());
    }
    let accept = derive_accept_key(key.as_bytes());
    Ok(HeaderValue::try_from(accept).expect("it is base64"))
}

/// RFC 9110 §15.5.22: a 426 names the protocol.
fn required(what: &'static str) -> Refusal {
    Refusal::new("upgrade-required", 426, what)
        .field(UPGRADE, HeaderValue::from_static("websocket"))
        .field(CONNECTION, HeaderValue::from_static("upgrade"))
}

/// Whether a list of the request has this token, in any case.
pub(crate) fn lists(call: &Call, name: &HeaderName, token: &str) -> bool {
    call.parts
        .headers
        .get_all(name)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(','))
        .any(|item| item.trim().eq_ignore_ascii_case(token))
}

/// Speaks until one of both closes, or a limit is reached.
async fn converse(upgraded: Upgraded, config: WebSocketConfig, fragment: usize, hold: Hold) {
    let io = TokioIo::new(upgraded);
    let mut socket = WebSocketStream::from_raw_socket(io, Role::Server, Some(config)).await;
    let whole = Duration::from_secs(limits::SOCKET.max);
    let wait = Duration::from_secs(limits::SOCKET_WAIT.max);
    let talk = timeout(whole, talk(&mut socket, fragment, wait)).await;
    let farewell = talk.unwrap_or_else(|_| limit(limits::SOCKET));
    let goodbye = async {
        if let Some(farewell) = farewell {
            // It may be gone already.
            let _ = socket.close(Some(farewell)).await;
        }
        let mut io = socket.into_inner();
        let _ = io.shutdown().await;
        let (_, bytes) = LAST_WORDS;
        let _ = tokio::io::copy(&mut io.take(bytes), &mut tokio::io::sink()).await;
    };
    let _ = timeout(LAST_WORDS.0, goodbye).await;
    drop(hold);
}

/// Sends back what comes; in the end, what is left to say in a close frame.
async fn talk(socket: &mut Socket, fragment: usize, wait: Duration) -> Option<CloseFrame> {
    loop {
        let sent = match timeout(wait, socket.next()).await {
            Err(_) => return limit(limits::SOCKET_WAIT),
            Ok(None) => return None,
            Ok(Some(Err(error))) => return verdict(&error),
            Ok(Some(Ok(Message::Text(text)))) => {
                timeout(wait, send(socket, Data::Text, text.into(), fragment)).await
            }
            Ok(Some(Ok(Message::Binary(bytes)))) => {
                timeout(wait, send(socket, Data::Binary, bytes, fragment)).await
            }
            // Pings and closes are answered before the next frame is read: answers that nobody takes would pile up.
            Ok(Some(Ok(_))) => timeout(wait, socket.flush()).await,
        };
        match sent {
            Ok(Ok(())) => {}
            Ok(Err(error)) => return verdict(&error),
            Err(_) => return limit(limits::SOCKET_WAIT),
        }
    }
}

/// A message, in as many frames as it needs (RFC 6455 §5.4).
async fn send(
    socket: &mut Socket,
    kind: Data,
    mut rest: Bytes,
    fragment: usize,
) -> Result<(), Error> {
    let mut kind = kind;
    loop {
        let piece = rest.split_to(fragment.min(rest.len()));
        let is_last = rest.is_empty();
        let frame = Frame::message(piece, OpCode::Data(kind), is_last);
        socket.feed(Message::Frame(frame)).await?;
        if is_last {
            return socket.flush().await;
        }
        kind = Data::Continue;
    }
}

/// The close code for what went wrong (RFC 6455 §7.4.1); none where nobody is there to hear it.
fn verdict(error: &Error) -> Option<CloseFrame> {
    let code = match error {
        Error::Protocol(
            tokio_tungstenite::tungstenite::error::ProtocolError::ResetWithoutClosingHandshake,
        ) => return None,
        Error::Protocol(_) => CloseCode::Protocol,
        Error::Utf8(_) => CloseCode::Invalid,
        Error::Capacity(_) => CloseCode::Size,
        _ => return None,
    };
    // A reason has at most 123 bytes (RFC 6455 §5.5).
    let reason: String = error
        .to_string()
        .chars()
        .filter(char::is_ascii)
        .take(120)
        .collect();
    Some(CloseFrame {
        code,
        reason: reason.into(),
    })
}

fn limit(limit: limits::Limit) -> Option<CloseFrame> {
    Some(CloseFrame {
        code: CloseCode::Policy,
        reason: format!("{}: at most {}", limit.name, limit.max).into(),
    })
}
