//! Faults of the first line: no status line, one that is not quite one, or a code that no response has.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields};
use super::{Fault, ONE, Right};

/// What follows the first line, after the fields of the playground.
const REST: &[u8] = b"Content-Type: text/plain\r\nContent-Length: 6\r\n\r\nhello\n";

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "status-without-reason",
        title: "A status line without a reason phrase",
        about: "The status line ends after the code and its space. This is no fault, but clients have stumbled over it.",
        rule: "The reason phrase is optional; the space before it is not.",
        source: "RFC 9112 §4",
        right: Right::Accept,
        client: "It takes the response, and shows the name that it knows for the code, if it has to show one.",
        deed: Script(&[Bytes(b"HTTP/1.1 200 \r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "status-without-space",
        title: "A status line that ends with the code",
        about: "There is neither a reason phrase nor the space that has to precede it.",
        rule: "A server MUST send that space. Recipients MAY parse the line by words instead, and then do not miss it.",
        source: "RFC 9112 §4",
        right: Right::Either,
        client: "It takes the response as a 200, as nearly all do, or calls the status line malformed.",
        deed: Script(&[Bytes(b"HTTP/1.1 200\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "status-two-digits",
        title: "A status code of two digits",
        about: "The first line is `HTTP/1.1 20 OK`.",
        rule: "A status code has exactly three digits (`3DIGIT`), so this line is not a status line.",
        source: "RFC 9112 §4",
        right: Right::Refuse,
        client: "It reports a malformed status line. It does not make a success of it because the first digit is a 2.",
        deed: Script(&[Bytes(b"HTTP/1.1 20 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "status-four-digits",
        title: "A status code of four digits",
        about: "The first line is `HTTP/1.1 2000 OK`.",
        rule: "After the third digit of the code there has to be a space. A fourth digit breaks the grammar of the line.",
        source: "RFC 9112 §4",
        right: Right::Refuse,
        client: "It refuses the line, rather than reading 200 and dropping a digit.",
        deed: Script(&[Bytes(b"HTTP/1.1 2000 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "status-000",
        title: "The status code 000",
        about: "The code has three digits, as the grammar wants, and its class does not exist.",
        rule: "Codes outside of 100 to 599 are invalid. A client that receives one SHOULD process the response as if it were a 5xx.",
        source: "RFC 9110 §15",
        right: Right::Accept,
        client: "It treats the answer as a server error, with the content that came. The number 0 must not become “no response yet” inside of it.",
        deed: Script(
            &[Bytes(b"HTTP/1.1 000 Nothing\r\n"), Fields, Bytes(REST)],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "status-999",
        title: "The status code 999",
        about: "A site that wants no robots has sent this code for years.",
        rule: "There is no class 9xx: a recipient SHOULD act as it does for a server error of the class 5xx.",
        source: "RFC 9110 §15",
        right: Right::Accept,
        client: "It hands out the response as a failed one. Tables that have five classes need a sixth row for this, or a check.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 999 Request Denied\r\n"),
                Fields,
                Bytes(REST),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "version-minor",
        title: "The version HTTP/1.2",
        about: "The status line names a minor version that does not exist.",
        rule: "A message with a higher minor version than the recipient's SHOULD be processed as if it were the highest one that it knows.",
        source: "RFC 9110 §6.2",
        right: Right::Accept,
        client: "It reads on as in HTTP/1.1. The server is the one that MUST NOT send a version to which it is not conformant.",
        deed: Script(&[Bytes(b"HTTP/1.2 200 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "version-major",
        title: "The version HTTP/2.0 in the syntax of HTTP/1.1",
        about: "A status line in text that claims to be HTTP/2.0.",
        rule: "The major version tells the messaging syntax, and that of HTTP/2 is made of binary frames, with no status line.",
        source: "RFC 9110 §2.5",
        right: Right::Refuse,
        client: "It does not believe a message whose version contradicts its own syntax.",
        deed: Script(&[Bytes(b"HTTP/2.0 200 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "version-lower-case",
        title: "The version in lower case",
        about: "The first line is `http/1.1 200 OK`.",
        rule: "The version is case-sensitive, and its name is HTTP in capitals.",
        source: "RFC 9112 §2.3",
        right: Right::Refuse,
        client: "It finds no status line there, and says so.",
        deed: Script(&[Bytes(b"http/1.1 200 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "version-missing",
        title: "Another protocol's status line",
        about: "The first line is `ICY 200 OK`, as from radio servers of the last century.",
        rule: "A response begins with `HTTP/`, a digit, a point, and a digit.",
        source: "RFC 9112 §2.3, §4",
        right: Right::Refuse,
        client: "It reports that this is not HTTP, unless its user has asked for internet radio.",
        deed: Script(&[Bytes(b"ICY 200 OK\r\n"), Fields, Bytes(REST)], Fin),
        ..ONE
    },
    Fault {
        name: "garbage-first",
        title: "Garbage in place of a status line",
        about: "A sentence in English, and the connection ends.",
        rule: "An HTTP/1.1 response starts with a status line. What does not match the grammar is no message.",
        source: "RFC 9112 §2.1, §4",
        right: Right::Refuse,
        client: "It shows an error of its own. What came from a port that speaks something else may be shown as text there, never as a page of this site.",
        deed: Script(
            &[Bytes(
                b"220 This is a mail server, and it is waiting for you.\r\n",
            )],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "http-0-9",
        title: "Content alone, as in HTTP/0.9",
        about: "A small page with no status line and no fields, and the end of the connection as the end of the page.",
        rule: "Every response of HTTP/1.1 begins with a status line. Of HTTP/0.9 the standard says little more than that servers with several names ought to disable it.",
        source: "RFC 9112 §4, Appendix C.1",
        right: Right::Refuse,
        client: "It refuses by default. Taking whatever a port says for a page has been used to steal from services that never spoke HTTP.",
        deed: Script(
            &[Bytes(
                b"<!doctype html><title>1991</title><p>No head, only content.\n",
            )],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "tls-first",
        title: "A TLS record in place of a response",
        about: "Seven bytes: the alert `handshake_failure`, which a TLS server sends when it can agree on nothing.",
        rule: "On a connection for `http` URIs no TLS is spoken; bytes of its record layer match no grammar of HTTP/1.1.",
        source: "RFC 9112 §4, RFC 8446 §5.1, §6.2",
        right: Right::Refuse,
        client: "It reports something that is not HTTP, at best with the hint that the port may want `https`.",
        deed: Script(&[Bytes(b"\x15\x03\x03\x00\x02\x02\x28")], Fin),
        ..ONE
    },
    Fault {
        name: "empty-lines-first",
        title: "Empty lines before the status line",
        about: "Two empty lines, and then a response as it should be.",
        rule: "Servers SHOULD skip an empty line before a request. For responses nothing like it is said; only CRLF that comes while no request is open can be discarded.",
        source: "RFC 9112 §2.2, §9.2",
        right: Right::Either,
        client: "It skips the lines, or reports a malformed response. It does not skip lines for ever.",
        deed: Script(
            &[Bytes(b"\r\n\r\nHTTP/1.1 200 OK\r\n"), Fields, Bytes(REST)],
            Fin,
        ),
        ..ONE
    },
];
