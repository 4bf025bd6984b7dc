//! Faults of the chunked coding: sizes that lie, lines that end wrongly, and ends that never come.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields, Repeat};
use super::{Fault, OK, ONE, Right};

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "last-chunk-missing",
        title: "The last chunk never comes",
        about: "One chunk comes whole, and then the connection ends in order, without the chunk of size 0 that closes the content.",
        rule: "Chunked content without its zero-sized chunk is incomplete, and a client MUST record it as such.",
        source: "RFC 9112 §8",
        right: Right::Refuse,
        client: "It reports that the content broke off. Whoever shows what came has no way to know that there was to be more.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "last-chunk-unfinished",
        title: "The empty line after the last chunk is missing",
        about: "The chunk of size 0 comes, but the connection ends before the empty line that closes the trailer section.",
        rule: "The coding is “finally terminated by an empty line” (§7.1), yet a message only counts as incomplete if the zero-sized chunk has not been received (§8).",
        source: "RFC 9112 §7.1, §8",
        right: Right::Either,
        client: "It has all of the content, so taking it is fine; trailer fields may be missing, so reporting an error is fine too.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-too-large",
        title: "A chunk is shorter than its size says",
        about: "The size line says 16 bytes, the chunk has 6, and the rest of the framing is swallowed as content before the connection ends.",
        rule: "A recipient reads as many bytes as the size says, whatever they are; when they run out, decoding has failed and the message is incomplete.",
        source: "RFC 9112 §7.1.3, §8",
        right: Right::Refuse,
        client: "It reports that the connection ended inside of a chunk, and hands out nothing that only looks like content.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n10\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-too-small",
        title: "A chunk is longer than its size says",
        about: "The size line says 3 bytes, and 6 come before the line end.",
        rule: "After so many bytes as announced a CRLF has to follow. Here the content goes on instead, so the coding cannot be undone.",
        source: "RFC 9112 §7.1, §8",
        right: Right::Refuse,
        client: "It stops at the byte that should have been a CR. To look for the next line end and go on from there would be to make the framing up.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n3\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-not-hex",
        title: "A chunk size that is a word",
        about: "The size line says `six`.",
        rule: "A chunk size is one or more hexadecimal digits (`1*HEXDIG`).",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It reports a bad chunk. A parser that reads as far as it can finds no digit, makes a 0 of it, and ends the content without any.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\nsix\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-negative",
        title: "A chunk size below zero",
        about: "The size line says `-6`.",
        rule: "There is no sign in the grammar of a chunk size, so decoding fails at its first byte.",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It gives up before it asks for memory: a size below zero has become a huge one in more than one library.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n-6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-prefixed",
        title: "A chunk size that starts with 0x",
        about: "The size line says `0x6`, which some number parsers take for 6 and others for 0.",
        rule: "The digits of a chunk size are hexadecimal already; an x is not one of them, and makes the size invalid.",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It refuses the chunk, since two recipients that read it differently would see content of different lengths.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n0x6\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-overflow",
        title: "A chunk size beyond 64 bits",
        about: "The size has 17 digits: in 64 bits only the last one would remain, a 6, and 6 bytes come.",
        rule: "Recipients MUST anticipate large numerals and prevent errors from integer overflow.",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It reports a size that it cannot handle. If it accepts the response, its arithmetic has wrapped.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n10000000000000006\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-size-empty",
        title: "A chunk without a size",
        about: "Where the size should stand, the line is empty.",
        rule: "A size has at least one digit, and the last chunk at least one 0, so an empty line is neither.",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It fails to decode the content. An empty line is not the end of anything as long as no chunk of size 0 went before it.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-without-crlf",
        title: "A chunk that no CRLF ends",
        about: "The next size line follows the bytes of the chunk at once.",
        rule: "Each chunk is its bytes and then a CRLF, which is no part of them.",
        source: "RFC 9112 §7.1",
        right: Right::Refuse,
        client: "It checks the two bytes after each chunk instead of skipping them: a skipped `0` and CR would leave it without an end.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-lines-bare-lf",
        title: "Chunk lines that end in LF alone",
        about: "The head is as it should be, but size lines and chunks end in LF without CR.",
        rule: "A single LF may stand for a line end in the start-line and in fields. The chunked coding has no such permission: there it is CRLF.",
        source: "RFC 9112 §7.1, §2.2",
        right: Right::Refuse,
        client: "It stops at the first LF that has no CR before it. Leniency at this place has let requests and responses be smuggled past recipients that count differently.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\nhello\n\n0\n\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunk-extension-huge",
        title: "A chunk extension of 64 KiB",
        about: "The size line goes on for 65,536 bytes after its semicolon, and everything else is right.",
        rule: "A recipient MUST ignore chunk extensions that it does not know; how long the line may be is left to it, and it ought to have a limit for elements without one.",
        source: "RFC 9112 §7.1.1, RFC 9110 §17.5",
        right: Right::Either,
        client: "It skips the extension, or says that the line is too long. It does not keep the extension in memory, and it does not read extensions without an end.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6;x="),
                Repeat(b"a", 65_534),
                Bytes(b"\r\nhello\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "trailer-with-framing",
        title: "Framing fields in the trailer section",
        about: "After the last chunk come Content-Length, Transfer-Encoding and Set-Cookie, as trailer fields.",
        rule: "Fields of framing, routing and authentication have no place in trailers. A recipient MUST NOT merge a trailer field into the header section unless its definition explicitly permits that.",
        source: "RFC 9110 §6.5.1, RFC 9112 §7.1.2",
        right: Right::Either,
        client: "It takes the content and drops the trailer fields or keeps them apart; to turn the message down is its right too. Neither the length nor the cookie has any effect.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\nSet-Cookie: from=trailer\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];
