//! Faults of what belongs to an answer: content where there is none, and more answers than requests.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields};
use super::{Fault, OK, ONE, Right};

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "body-on-204",
        title: "Content after a 204",
        about: "A 204 with a length of 6, and 6 bytes behind it.",
        rule: "A 204 ends with its header section, whatever its fields say, and a server MUST NOT send Content-Length in it.",
        source: "RFC 9110 §15.3.5, §8.6, RFC 9112 §6.3",
        right: Right::Accept,
        client: "It takes the 204 without content and lets go of the connection: bytes that nobody asked for wait on it.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 204 No Content\r\n"),
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "chunked-204",
        title: "A 204 that is chunked",
        about: "A 204 with `Transfer-Encoding: chunked`, followed by chunked content of no length: the five bytes of a last chunk.",
        rule: "A server MUST NOT send Transfer-Encoding in a 204, and there cannot be a body for it to frame.",
        source: "RFC 9112 §6.1, §6.3",
        right: Right::Accept,
        client: "It stops at the empty line of the head. The five bytes left over would otherwise begin the next response.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 204 No Content\r\n"),
                Fields,
                Bytes(b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "body-on-205",
        title: "Content in a 205",
        about: "A 205 (Reset Content) with 6 bytes of content and a length that fits.",
        rule: "A server MUST NOT generate content in a 205. Its framing is that of any response, though: the length holds.",
        source: "RFC 9110 §15.3.6, RFC 9112 §6.3",
        right: Right::Accept,
        client: "It reads the 6 bytes, since they belong to this message, and makes nothing of them.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 205 Reset Content\r\nContent-Type: text/plain\r\n"),
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "body-on-304",
        title: "Content after a 304",
        about: "A 304 with the length of the representation, as is allowed, and then the representation too, as is not.",
        rule: "A 304 cannot have content. Its Content-Length tells how long that of a 200 would have been, and frames nothing.",
        source: "RFC 9110 §15.4.5, §8.6, RFC 9112 §6.3",
        right: Right::Accept,
        client: "It uses what its cache has, and closes the connection over the bytes that came on top.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n"),
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "body-on-head",
        title: "Content in answer to HEAD",
        about: "A head with a length of 6 and the 6 bytes, even if the request method is HEAD. For GET the same bytes are a right answer.",
        rule: "The server MUST NOT send content in response to HEAD; the response ends with its header section in any case.",
        source: "RFC 9110 §9.3.2, RFC 9112 §6.3",
        right: Right::Accept,
        client: "It takes the fields and treats the rest as noise, because `hello` is not the first line of whatever it asks for next.",
        method: "HEAD",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: 6\r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "extra-response",
        title: "Two final responses to one request",
        about: "A whole 200 with the content `hello`, and right behind it another one that nobody asked for, which sets a cookie and says `stray`.",
        rule: "One request has exactly one final response. Data for which there is no request MUST NOT be considered a valid response, and the client SHOULD close the connection.",
        source: "RFC 9112 §9.2, §6.3, RFC 9110 §15",
        right: Right::Accept,
        client: "It takes the first. If the second turns up as the answer to the next request, every user behind this connection gets what was meant for another.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
                OK,
                Fields,
                Bytes(b"Set-Cookie: stray=1\r\nContent-Length: 6\r\n\r\nstray\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "close-delimited",
        title: "Content that ends with the connection",
        about: "No length and no chunks: the content is over when the connection is. This is allowed, and the reader cannot tell whether it has all of it.",
        rule: "Such a response is complete once the connection closes in order; servers SHOULD rather send a length or chunks.",
        source: "RFC 9112 §6.3, §8",
        right: Right::Accept,
        client: "It reads to the end and takes what it has. A cache had better remember that the end was never announced.",
        deed: Script(&[OK, Fields, Bytes(b"\r\nhello\n")], Fin),
        ..ONE
    },
];
