//! Faults of Transfer-Encoding: beside a length, unknown, out of order, twice, or where HTTP/1.0 has none.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields};
use super::{Fault, OK, ONE, Right};

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "length-and-chunked",
        title: "Content-Length and chunked together",
        about: "The head says 3 bytes and chunked as well; the chunks hold 6.",
        rule: "A sender MUST NOT send both. A recipient lets Transfer-Encoding override the length, and “ought to” (§6.3) handle such a message as an error.",
        source: "RFC 9112 §6.2, §6.3",
        right: Right::Either,
        client: "It refuses, or decodes the chunks and never looks at the length. Taking 3 bytes is wrong in either case.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "transfer-coding-unknown",
        title: "A transfer coding that nobody knows",
        about: "The head says `zeta, chunked`. The chunks are in order; what the content would be without zeta, nobody can tell.",
        rule: "Without a TE field that offers more, chunked is the only acceptable transfer coding, so the server must not use another one.",
        source: "RFC 9112 §7.4, §6.1",
        right: Right::Refuse,
        client: "It says that it does not know the coding. What is left when only the chunks are undone is not the content.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: zeta, chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "transfer-coding-identity",
        title: "The transfer coding identity",
        about: "The head says `Transfer-Encoding: identity` beside a length of 6, and 6 bytes come as they are.",
        rule: "Identity has been removed from the transfer codings. Where chunked is not the last one, a response ends with its connection, and the length is overridden.",
        source: "RFC 9112 §6.3, RFC 7230 Appendix A.2",
        right: Right::Either,
        client: "It takes everything up to the end of the connection, which is the same 6 bytes, or reports a coding that does not exist.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\nTransfer-Encoding: identity\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunked-not-last",
        title: "A coding applied after chunked",
        about: "The head says `chunked, gzip`, and so it is: the content was chunked first, and the chunks were then compressed.",
        rule: "If chunked is not the final coding of a response, its body lasts until the connection is closed.",
        source: "RFC 9112 §6.3, §7.4",
        right: Right::Either,
        client: "It may undo gzip and then the chunks. It may as well refuse a coding that its request did not offer; what it must not do is to look for chunks in the compressed bytes.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked, gzip\r\n\r\n\x1f\x8b\x08\0\0\0\0\0\0\xff\x01\x10\0\xef\xff6\r\nhello\n\r\n0\r\n\r\n*_\xee\xcc\x10\0\0\0"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunked-twice",
        title: "Chunked applied twice",
        about: "The head says `chunked, chunked`, and the one chunk holds chunks.",
        rule: "A sender MUST NOT apply chunked more than once. What a recipient does with it is not said.",
        source: "RFC 9112 §6.1",
        right: Right::Either,
        client: "It undoes both layers or refuses; to undo one and hand out the size lines of the other as content is the one wrong way.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked, chunked\r\n\r\n10\r\n6\r\nhello\n\r\n0\r\n\r\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunked-in-http10",
        title: "Chunked in a response of HTTP/1.0",
        about: "The status line says HTTP/1.0, and the content comes in chunks.",
        rule: "HTTP/1.0 has no transfer codings. A client MUST treat the framing of such a message as faulty, and close the connection after processing it.",
        source: "RFC 9112 §6.1",
        right: Right::Either,
        client: "Whether it decodes the chunks or gives up, this connection sees no further request of it.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n"),
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunked-to-http10",
        title: "A chunked answer to a request of HTTP/1.0",
        about: "Content in chunks, whatever version the request names. For HTTP/1.1 the same bytes are a right answer.",
        rule: "A server MUST NOT send Transfer-Encoding unless the request indicates HTTP/1.1 or later.",
        source: "RFC 9112 §6.1",
        right: Right::Either,
        client: "One that speaks only HTTP/1.0 shows the size lines among the content, and cannot know better. One that knows chunks decodes them.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];
