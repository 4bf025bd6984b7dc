//! All faults.

use siteerror_serve::Ending;

use super::{Deed, Fault, Piece, Right, Versions};

/// All faults, in the order of `/faults`.
pub static FAULTS: &[Fault] = &[
    Fault {
        name: "length-too-long",
        title: "Content-Length promises more than comes",
        about: "The head promises 100 bytes of content, 12 come, and then the connection ends in order.",
        rule: "A message whose content is shorter than its Content-Length is incomplete.",
        source: "RFC 9112 §8",
        right: Right::Refuse,
        client: "It reports an incomplete message. It must not take what came for the whole, and a cache must not keep it as such.",
        versions: Versions::One,
        deed: Deed::Script(
            &[
                Piece::Bytes(b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n"),
                Piece::Fields,
                Piece::Bytes(b"Content-Length: 100\r\n\r\nonly a part\n"),
            ],
            Ending::Fin,
        ),
    },
    Fault {
        name: "close-without-a-byte",
        title: "The connection ends before any answer",
        about: "The request is read, and the connection ends in order without a byte, as nginx does for `return 444`.",
        rule: "A connection can close at any time, so a client has to be ready for it; only a request whose method is idempotent may be sent again by itself.",
        source: "RFC 9112 §9.5, RFC 9110 §9.2.2",
        right: Right::Refuse,
        client: "It reports an empty reply. If the connection was a reused one and the method is idempotent, it may try once more on a new one.",
        versions: Versions::One,
        deed: Deed::Script(&[], Ending::Fin),
    },
    Fault {
        name: "reset-before-headers",
        title: "The connection is reset before any answer",
        about: "The request is read, and the connection is reset (TCP RST) without a byte.",
        rule: "An idempotent request may be repeated on a new connection; another one must not be, unless the client can know that it was not applied.",
        source: "RFC 9110 §9.2.2",
        right: Right::Refuse,
        client: "It reports that the peer reset the connection.",
        versions: Versions::One,
        deed: Deed::Script(&[], Ending::Reset),
    },
];
