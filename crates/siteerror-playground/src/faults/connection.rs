//! Faults of the connection: closed, reset or silent at the wrong time.

use std::time::Duration;

use siteerror_serve::Ending::{BareFin, Fin, Reset};

use super::Deed::{Ask, Script, Unread};
use super::Piece::{Bytes, Drip, Fields, Pause};
use super::play::{after, cut};
use super::{Fault, OK, ONE, Right, Versions};
use crate::call::Call;
use crate::reply::{Reply, TEXT};
use crate::scenario::Outcome;

/// How long a stall is without a wish: longer than most clients wait in a test, shorter than the server's own deadlines.
const STALL: Duration = Duration::from_secs(8);

/// How much content there would have been after the cut.
const UNSENT: usize = 1024;

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "close-without-a-byte",
        title: "The connection ends before any answer",
        about: "The request is read, and the connection ends in order without a byte, as nginx does for `return 444`.",
        rule: "A connection can close at any time, so a client has to be ready for it; only a request whose method is idempotent may be sent again by itself.",
        source: "RFC 9112 §9.3.1, §9.5, RFC 9110 §9.2.2",
        right: Right::Refuse,
        client: "It reports an empty reply. If the connection was a reused one and the method is idempotent, it may try once more on a new one.",
        deed: Script(&[], Fin),
        ..ONE
    },
    Fault {
        name: "reset-before-headers",
        title: "The connection is reset before any answer",
        about: "The request is read, and the connection is reset (TCP RST) without a byte.",
        rule: "A client SHOULD NOT automatically repeat a request with a non-idempotent method, unless it can know that the first one was not applied.",
        source: "RFC 9110 §9.2.2",
        right: Right::Refuse,
        client: "It reports that the peer reset the connection.",
        deed: Script(&[], Reset),
        ..ONE
    },
    Fault {
        name: "close-in-status-line",
        title: "The connection ends inside of the status line",
        about: "Eleven bytes, `HTTP/1.1 20`, and the end.",
        rule: "What has no line end is not a line yet, and a response that ends before its head does is incomplete.",
        source: "RFC 9112 §2.2, §8",
        right: Right::Refuse,
        client: "It says that the connection closed too early. The two digits tell it nothing, not even the class.",
        deed: Script(&[Bytes(b"HTTP/1.1 20")], Fin),
        ..ONE
    },
    Fault {
        name: "close-in-head",
        title: "The connection ends inside of the head",
        about: "The status line and a part of the fields come, and the connection ends in the middle of a line.",
        rule: "Without the empty line, a client “cannot assume that meaning has been conveyed” (§8) if the meaning may depend on the fields.",
        source: "RFC 9112 §8",
        right: Right::Refuse,
        client: "It has a status code and no response, and reports the latter.",
        deed: Script(&[OK, Fields, Bytes(b"Content-Len")], Fin),
        ..ONE
    },
    Fault {
        name: "close-in-chunk",
        title: "The connection ends inside of a chunk",
        about: "A chunk of 16 bytes is announced, and after 6 of them the connection closes in order.",
        rule: "An orderly end of the connection is no end of chunked content: only the last chunk is.",
        source: "RFC 9112 §7.1, §8",
        right: Right::Refuse,
        client: "It records the content as cut off.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n10\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "reset-after-headers",
        title: "The connection is reset after the head",
        about: "A whole head that announces 100 bytes, then a reset in place of the content.",
        rule: "Fewer bytes than the Content-Length make an incomplete message, and the recipient closes the connection.",
        source: "RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It reports the reset, or the missing content. The status code was 200, and the exchange has failed anyway.",
        deed: Script(&[OK, Fields, Bytes(b"Content-Length: 100\r\n\r\n")], Reset),
        ..ONE
    },
    Fault {
        name: "reset-in-content",
        title: "The connection is reset in the middle of the content",
        about: "After 512 bytes of content, or as many as `after` says, comes a reset: of the connection in HTTP/1.1, of the stream in HTTP/2. The head has announced 1,024 more than come.",
        rule: "A response that breaks off is incomplete, and a cache MUST NOT answer a request for the whole with it, unless it has been made complete.",
        source: "RFC 9112 §8, RFC 9111 §3.3, RFC 9113 §5.4.2",
        right: Right::Refuse,
        client: "It gives an error, although it has already handed out a part; whoever reads along has to learn of it.",
        versions: Versions::Both,
        parameters: &["after"],
        deed: Ask(|call| Box::pin(in_content(call))),
        ..ONE
    },
    Fault {
        name: "reset-unannounced",
        title: "Content without a length, and a reset",
        about: "The content is to end with the connection; it does, by a reset.",
        rule: "Close-delimited content is complete “unless an error was indicated by the underlying connection” (§8), and a reset is such an error.",
        source: "RFC 9112 §8, RFC 9110 §6.1",
        right: Right::Refuse,
        client: "It keeps an orderly end and a reset apart. To treat both as the end makes half a download look like a whole one.",
        deed: Script(&[OK, Fields, Bytes(b"\r\nhello\n")], Reset),
        ..ONE
    },
    Fault {
        name: "end-without-close-notify",
        title: "TLS that ends without its last word",
        about: "Content without a length comes over TLS. Then TCP ends in order, and TLS without its alert `close_notify`, as if somebody on the way had cut the connection.",
        rule: "A response with neither a length nor the chunked coding “is complete only if a valid closure alert has been received” (RFC 9112 §9.8), and a server MUST attempt an exchange of such alerts before it closes.",
        source: "RFC 9112 §9.8, RFC 8446 §6.1",
        right: Right::Refuse,
        client: "It records the content as incomplete. Had there been a Content-Length, and as much content, it could do without the alert.",
        versions: Versions::OneWithTls,
        deed: Script(&[OK, Fields, Bytes(b"\r\nhello\n")], BareFin),
        ..ONE
    },
    Fault {
        name: "early-answer-then-reset",
        title: "An answer before the content is read, then a reset",
        about: "A 413 leaves at once, and the connection is reset without reading what the request still has to say.",
        rule: "If a server closes at once, “there is a significant risk that the client will not be able to read the last HTTP response” (§9.6). It should half-close, and read on for a while.",
        source: "RFC 9112 §9.6, §9.5",
        right: Right::Either,
        client: "It watches for an answer while it sends, stops sending, and shows the 413. If the reset has erased it, all that it can report is the reset.",
        method: "POST",
        deed: Unread(
            &[
                Bytes(b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\n"),
                Fields,
                Bytes(b"Connection: close\r\nContent-Length: 9\r\n\r\ntoo much\n"),
            ],
            Reset,
        ),
        ..ONE
    },
    Fault {
        name: "stall-in-head",
        title: "Silence inside of the head",
        about: "The status line and some fields come, then nothing for 8 seconds, or as long as `pause` says, and then the connection ends.",
        rule: "How long to wait is up to the client; one that gives up SHOULD close the connection gracefully.",
        source: "RFC 9112 §9.5, §8",
        right: Right::Refuse,
        client: "It has a time limit that covers the head, and reports a timeout.",
        parameters: &["pause"],
        deed: Script(&[OK, Fields, Pause(STALL)], Fin),
        ..ONE
    },
    Fault {
        name: "stall-in-content",
        title: "Silence inside of the content",
        about: "Half of 12 announced bytes come. For 8 seconds, or as long as `pause` says, the connection stays open, and then it ends without the other half.",
        rule: "If the recipient times out before all octets have come, it MUST consider the message incomplete.",
        source: "RFC 9112 §6.3",
        right: Right::Refuse,
        client: "Its time limit also runs while it reads content: many libraries have one for connecting and for the head, and none here.",
        parameters: &["pause"],
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 12\r\n\r\nhello\n"),
                Pause(STALL),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "drip-head",
        title: "A head that comes byte by byte",
        about: "The status line arrives one byte at a time, with 100 ms, or what `pause` says, after each. The rest follows at once, and is right.",
        rule: "A message is a sequence of octets; in how many packets they travel means nothing.",
        source: "RFC 9112 §2.2",
        right: Right::Accept,
        client: "It puts the bytes together, and takes the answer. Its limit is for the whole head: one that starts anew with each byte would never end.",
        parameters: &["pause"],
        deed: Script(
            &[
                Drip(b"HTTP/1.1 200 OK\r\n", Duration::from_millis(100)),
                Bytes(b"Content-Type: text/plain\r\n"),
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];

async fn in_content(call: &mut Call) -> Outcome {
    let after = after(call, 512)?;
    let content: Vec<u8> = b"0123456789abcdef"
        .iter()
        .copied()
        .cycle()
        .take(after + UNSENT)
        .collect();
    cut(call, after).await?;
    Ok(Reply::ok(TEXT, content))
}
