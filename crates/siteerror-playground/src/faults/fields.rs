//! Faults of the header section: line ends, names, values, and too much of everything.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields, Repeat};
use super::{Fault, OK, ONE, Right};

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "bare-lf",
        title: "Lines that end in LF alone",
        about: "No line of the head has a CR before its LF.",
        rule: "A sender ends lines with CRLF. A recipient MAY recognize a single LF as a line terminator.",
        source: "RFC 9112 §2.2",
        right: Right::Either,
        client: "It reads the head as if each line ended properly, or it refuses. Half of it, with fields of one line in the value of another, is wrong.",
        deed: Script(
            &[Bytes(b"HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 6\n\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "bare-cr-lines",
        title: "Lines that end in CR alone",
        about: "The head has CR where CRLF belongs, and not a single LF.",
        rule: "A CR without LF ends nothing: it makes its element invalid, or counts as a space. So the header section never ends.",
        source: "RFC 9112 §2.2, §8",
        right: Right::Refuse,
        client: "It waits for the end of the first line, and reports a connection that closed inside of it.",
        deed: Script(
            &[Bytes(b"HTTP/1.1 200 OK\rContent-Type: text/plain\rContent-Length: 5\r\rhello")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "bare-cr-in-value",
        title: "A CR inside of a field value",
        about: "The value of X-Note is `one`, CR, `Set-Cookie: two=2`.",
        rule: "A recipient MUST consider an element with a bare CR invalid, or replace each CR with a space.",
        source: "RFC 9112 §2.2, RFC 9110 §5.5",
        right: Right::Either,
        client: "It refuses the response, or sees one field with a space in it. No cookie is set.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note: one\rSet-Cookie: two=2\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "nul-in-value",
        title: "A NUL inside of a field value",
        about: "The value of X-Note is `one`, the byte 0, and `two`.",
        rule: "Values with CR, LF or NUL are “invalid and dangerous” (§5.5): the message MUST be rejected, or each such byte replaced with a space.",
        source: "RFC 9110 §5.5",
        right: Right::Either,
        client: "It rejects the answer or reads `one two`. A value that ends at the NUL is one that C has cut off.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note: one\0two\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "obs-fold",
        title: "A field value that goes on in the next line",
        about: "The line after X-Note begins with a space, which once meant that the value continues.",
        rule: "Senders MUST NOT fold lines any more. A user agent MUST replace each fold with one or more spaces before it interprets the value.",
        source: "RFC 9112 §5.2",
        right: Right::Accept,
        client: "It reads one field with the value `one two`.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note: one\r\n two\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "space-before-field",
        title: "A first field line that begins with a space",
        about: "White space stands between the status line and the first field, X-Note.",
        rule: "A recipient MUST either reject the message or pass over each such line without processing it.",
        source: "RFC 9112 §2.2",
        right: Right::Either,
        client: "It refuses the response or takes it without X-Note.",
        deed: Script(
            &[
                Bytes(b"HTTP/1.1 200 OK\r\n X-Note: hi\r\nContent-Type: text/plain\r\n"),
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "space-before-colon",
        title: "A space between a field name and its colon",
        about: "The line is `X-Note : hi`.",
        rule: "“No whitespace is allowed between the field name and colon” (§5.1). Servers MUST reject it in requests, proxies MUST remove it from responses; for user agents nothing is said.",
        source: "RFC 9112 §5.1",
        right: Right::Either,
        client: "It drops the space, drops the field, or refuses. What it had better not do is to know a field whose name ends in a space.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note : hi\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "field-without-colon",
        title: "A field line without a colon",
        about: "One line of the head is just `X-Note hi`.",
        rule: "A field line is a name, a colon and a value. How a client deals with a line that is none is left open.",
        source: "RFC 9112 §5",
        right: Right::Either,
        client: "It ignores the line or the whole response, but not the fields that follow.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note hi\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "field-without-name",
        title: "A field line that begins with its colon",
        about: "One line of the head is `: hi`.",
        rule: "A name is a token, and a token has at least one character.",
        source: "RFC 9110 §5.1, §5.6.2, RFC 9112 §5",
        right: Right::Either,
        client: "It skips the nameless field or turns the response down; an empty string as a name helps nobody.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b": hi\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "field-name-with-space",
        title: "A field name of two words",
        about: "The line is `X Note: hi`.",
        rule: "Spaces and delimiters cannot stand in a token, so they cannot stand in a name.",
        source: "RFC 9110 §5.1, §5.6.2",
        right: Right::Either,
        client: "It refuses, or leaves that field out. If it kept the name, whoever writes it into another message would send the fault on.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X Note: hi\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "value-8-bit",
        title: "A field value with a byte above 127",
        about: "X-Note is `café`, with the é as the single byte E9 of ISO-8859-1.",
        rule: "Such bytes (`obs-text`) are allowed, though new fields SHOULD NOT need them; a recipient SHOULD treat them as opaque data.",
        source: "RFC 9110 §5.5",
        right: Right::Accept,
        client: "It takes the response. It does not fail because the value is no UTF-8.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note: caf\xe9\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "head-endless",
        title: "A head that goes on and on",
        about: "Fields without an end: 8,192 lines of 128 bytes, together 1 MiB, and then the connection closes without the empty line.",
        rule: "HTTP sets no limit, and recipients ought to set their own: processing without one invites denial of service. A head that breaks off is no response.",
        source: "RFC 9110 §5.4, §17.5, RFC 9112 §8",
        right: Right::Refuse,
        client: "It stops long before the end, and names the limit that was passed.",
        deed: Script(
            &[
                OK,
                Fields,
                Repeat(
                    b"X-More: aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa\r\n",
                    8192,
                ),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "field-64k",
        title: "A field of 64 KiB",
        about: "The value of X-Note has 65,536 bytes. Nothing else is strange about the response.",
        rule: "There is no predefined limit to a field. A client MAY discard or truncate one that is too large for it, if that can be done safely.",
        source: "RFC 9110 §5.4",
        right: Right::Either,
        client: "It takes the answer, with or without this field, or says which of its limits is in the way.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"X-Note: "),
                Repeat(b"a", 65_536),
                Bytes(b"\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "fields-1000",
        title: "A thousand fields",
        about: "A thousand lines of X-Note, each with a single letter, before the length and the content.",
        rule: "How many field lines a header section may have is left to those who send and read it, like its size.",
        source: "RFC 9110 §5.4",
        right: Right::Either,
        client: "It reads all of them or none: with the last ones cut off, the length would be lost.",
        deed: Script(
            &[
                OK,
                Fields,
                Repeat(b"X-Note: a\r\n", 1000),
                Bytes(b"Content-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];
