//! Faults of interim responses: too many, unasked, with content, or with nothing after them.

use siteerror_serve::Ending::Fin;

use super::Deed::{Ask, Script};
use super::Piece::{Bytes, Fields};
use super::play::gone;
use super::{Fault, OK, ONE, Right, Versions};
use crate::call::Call;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "interims-100",
        title: "A hundred interim responses",
        about: "A hundred times 103, each with a Link field of its own, and then a 200 with content.",
        rule: "A client MUST be able to parse one or more interim responses before the final one. How many are too many is not said, and recipients ought to limit what they process.",
        source: "RFC 9110 §15.2, §17.5",
        right: Right::Either,
        client: "It reads past all of them, or stops at a limit and names it. To take one of them for the final response is wrong.",
        versions: Versions::Both,
        deed: Ask(|call| Box::pin(hundred(call))),
        ..ONE
    },
    Fault {
        name: "continue-unasked",
        title: "A 100 although nothing was expected",
        about: "The request has no Expect field, and a 100 (Continue) comes all the same, before the 200.",
        rule: "Without an expectation “the client can simply discard this interim response” (§15.2.1).",
        source: "RFC 9110 §15.2.1",
        right: Right::Accept,
        client: "It discards the 100 and waits for what follows.",
        versions: Versions::Both,
        deed: Ask(|call| Box::pin(unasked(call))),
        ..ONE
    },
    Fault {
        name: "switching-unasked",
        title: "A 101 that switches to a protocol of its own choice",
        about: "A 101 (Switching Protocols) to `chat/1`, which the request did not name in an Upgrade field, and then a line of that protocol.",
        rule: "A server MUST NOT switch to a protocol that the client has not indicated in the Upgrade field of its request.",
        source: "RFC 9110 §7.8, §15.2.2",
        right: Right::Refuse,
        client: "It reports an upgrade that it never asked for, and closes. To wait for a final response is in vain: what comes is no HTTP any more.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat/1\r\n"),
                Fields,
                Bytes(b"\r\nhello in chat/1\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "interim-with-length",
        title: "Content-Length in an interim response",
        about: "A 103 says that it has 6 bytes of content and has none; the 200 follows at once.",
        rule: "A server MUST NOT send Content-Length in a 1xx, and an interim response is over at its first empty line.",
        source: "RFC 9110 §8.6, §15.2, RFC 9112 §6.3",
        right: Right::Accept,
        client: "It pays no heed to the length, so that the first six letters of the final response are not swallowed.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 103 Early Hints\r\nContent-Length: 6\r\n\r\n"),
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "interim-with-content",
        title: "An interim response with content",
        about: "After the head of a 103 comes the line `hello`, and only then the 200.",
        rule: "A 1xx “cannot contain content or trailers” (§15.2), so what follows its head has to be the next response, and `hello` is none.",
        source: "RFC 9110 §15.2, RFC 9112 §4",
        right: Right::Refuse,
        client: "It finds a line where a status line belongs, and does not search for one further on.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 103 Early Hints\r\n\r\nhello\r\n"),
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "interim-then-nothing",
        title: "An interim response and then the end",
        about: "A 103 with a Link, and the connection closes in order.",
        rule: "Interim responses are followed by exactly one final response; until that has come, the request is unanswered.",
        source: "RFC 9110 §15, RFC 9112 §9.2",
        right: Right::Refuse,
        client: "It reports that the connection closed before the response. A 103 is no answer, however hopeful it sounds.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 103 Early Hints\r\n"),
                Fields,
                Bytes(b"\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];

async fn hundred(call: &mut Call) -> Outcome {
    let reason = siteerror_catalog::catalog()
        .number(103)
        .map_or("", |code| code.name);
    for number in 1..=100 {
        let link = format!("</{number}.css>; rel=preload; as=style");
        call.wire
            .interim(103, reason, &[("Link", &link)])
            .await
            .map_err(|error| gone(&error))?;
    }
    Ok(Reply::ok(
        TEXT,
        "A hundred interim responses went ahead of this one.\n",
    ))
}

async fn unasked(call: &mut Call) -> Outcome {
    let reason = siteerror_catalog::catalog()
        .number(100)
        .map_or("", |code| code.name);
    call.wire
        .interim(100, reason, &[])
        .await
        .map_err(|error| gone(&error))?;
    Ok(Reply::ok(TEXT, "A 100 went ahead of this.\n"))
}
