//! A gateway with an upstream of its own, in this process: one that talks nonsense, one that says nothing, and one that is well. RFC 9110 §15.6.3 and §15.6.5.

use std::time::Duration;

use http::StatusCode;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _, DuplexStream};

use crate::call::Call;
use crate::causes::{Cause, Deed, Rule, Seen, ask};
use crate::reply::{Reply, TEXT};
use crate::scenario::{Methods, Outcome};

const GET: Methods = Methods::Only(&["GET"]);

pub(super) static CAUSES: &[Cause] = &[
    Cause {
        code: 502,
        rule: "Have our gateway ask its upstream for `/broken`: what comes back is no response in HTTP, so there is nothing that could be passed on.",
        source: "RFC 9110 §15.6.3",
        note: "The upstream is another server, even if it lives in the same process; it is the one that is broken.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(gateway(call, rest))),
        provocations: &[
            Deed::of(502, &[ask("GET {try}/broken", &[])]),
            Deed::of(502, &[ask("GET {try}/cut", &[])])
                .about("An upstream that hangs up in the middle of its first line."),
        ],
        twin: Deed::of(200, &[ask("GET {try}/well", &[])]),
    },
    Cause {
        code: 504,
        rule: "Have our gateway ask its upstream for `/silent`: it waits a second for an answer, and gives up.",
        source: "RFC 9110 §15.6.5",
        note: "The request did arrive upstream, and may have done its work there: 504 does not tell.",
        seen: Seen::Final,
        methods: GET,
        play: Rule::Wait(|call, rest| Box::pin(gateway(call, rest))),
        provocations: &[Deed::of(504, &[ask("GET {try}/silent", &[])])],
        twin: Deed::of(200, &[ask("GET {try}/well", &[])]),
    },
];

/// How long the gateway waits for its upstream.
const PATIENCE: Duration = Duration::from_secs(1);
/// Bytes of an answer that the gateway reads; its upstream sends far less.
const MOST: u64 = 1024;

/// The server behind the gateway.
async fn upstream(mut stream: DuplexStream) {
    let mut request = [0; 256];
    let Ok(length) = stream.read(&mut request).await else {
        return;
    };
    let asked = String::from_utf8_lossy(&request[..length]).into_owned();
    let answer: &[u8] = match asked.split(' ').nth(1) {
        Some("/well") => b"HTTP/1.1 200 OK\r\nContent-Length: 10\r\n\r\nAll well.\n",
        Some("/broken") => b"Good day to you! Which page was it?\r\n\r\n",
        Some("/cut") => b"HTTP/1.1 20",
        Some("/silent") => {
            // It holds the stream until the gateway lets go.
            let _ = stream.read(&mut request).await;
            return;
        }
        _ => b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n",
    };
    let _ = stream.write_all(answer).await;
}

async fn gateway(call: &mut Call, rest: &str) -> Outcome {
    if !matches!(rest, "well" | "broken" | "cut" | "silent") {
        if rest.is_empty() {
            return Ok(Reply::ok(
                TEXT,
                "Name what to ask the upstream for, below this path.\n",
            )
            .because("The gateway itself is well."));
        }
        return Err(super::missing(call));
    }
    let _hold = call.hold()?;
    let (mut near, far) = tokio::io::duplex(1024);
    let exchange = async {
        let request =
            format!("GET /{rest} HTTP/1.1\r\nHost: upstream\r\nConnection: close\r\n\r\n");
        near.write_all(request.as_bytes()).await?;
        let mut answer = Vec::new();
        near.take(MOST).read_to_end(&mut answer).await?;
        std::io::Result::Ok(answer)
    };
    // Both ends live here and end together: the upstream with its answer, or with the gateway's patience.
    let both = async { tokio::join!(exchange, upstream(far)).0 };
    let Ok(answer) = tokio::time::timeout(PATIENCE, both).await else {
        return Ok(Reply::status(StatusCode::GATEWAY_TIMEOUT).because(format!(
            "The upstream took the request for /{rest}, and did not answer within {} s.",
            PATIENCE.as_secs()
        )));
    };
    let answer = answer.unwrap_or_default();
    Ok(match response(&answer) {
        Some((status, content)) => Reply::status(status)
            .with(TEXT, content.to_vec())
            .fixed(http::header::VIA, "1.1 playground")
            .because("The upstream answered, and this is what it said."),
        None => Reply::status(StatusCode::BAD_GATEWAY).because(format!(
            "The upstream's answer was `{}`, which is no response in HTTP.",
            crate::refusal::shown(&String::from_utf8_lossy(&answer))
        )),
    })
}

/// Status and content, if it is a response. RFC 9112 §4.
fn response(bytes: &[u8]) -> Option<(StatusCode, &[u8])> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let line = std::str::from_utf8(&bytes[..end]).ok()?.lines().next()?;
    let status = line.strip_prefix("HTTP/1.1 ")?.get(..3)?;
    Some((
        StatusCode::from_bytes(status.as_bytes()).ok()?,
        &bytes[end + 4..],
    ))
}
