//! Faults of Content-Length: too much, too little, twice, or no number at all.

use siteerror_serve::Ending::Fin;

use super::Deed::Script;
use super::Piece::{Bytes, Fields};
use super::{Fault, OK, ONE, Right};

pub(super) static FAULTS: &[Fault] = &[
    Fault {
        name: "length-too-long",
        title: "Content-Length promises more than comes",
        about: "The head promises 100 bytes of content, 12 come, and then the connection ends in order.",
        rule: "A message whose content is shorter than its Content-Length is incomplete.",
        source: "RFC 9112 §6.3, §8",
        right: Right::Refuse,
        client: "It reports an incomplete message. It must not take what came for the whole, and a cache must not keep it as such.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 100\r\n\r\nonly a part\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-too-short",
        title: "Content-Length promises less than comes",
        about: "The head promises 6 bytes of content, and 18 come.",
        rule: "The length in the head decides where the message ends. A user agent MAY discard what comes after it, and MUST NOT process it as a response of its own.",
        source: "RFC 9112 §6.3",
        right: Right::Accept,
        client: "It takes the first 6 bytes as the whole content, drops the surplus, and sends no other request on this connection.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\n\r\nhello\nand a tail\n\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-overflow",
        title: "Content-Length beyond 64 bits",
        about: "The length is 18446744073709551622, which is 2 to the power of 64, and 6 more; then 6 bytes come.",
        rule: "Every decimal number is a valid length, so a recipient MUST expect large ones and MUST prevent overflows while it reads them.",
        source: "RFC 9110 §8.6",
        right: Right::Refuse,
        client: "It says that the length is too large for it, or that most of the content is missing. One that counts in 64 bits without looking finds 6, and believes that all is well.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 18446744073709551622\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-with-plus",
        title: "Content-Length with a plus sign",
        about: "The length is written `+6`.",
        rule: "A length is made of digits and nothing else. With another value and no Transfer-Encoding, the framing is invalid, which MUST be treated as an unrecoverable error.",
        source: "RFC 9112 §6.3, RFC 9110 §8.6",
        right: Right::Refuse,
        client: "It closes the connection and discards the response. Number parsers of many languages swallow the sign without a word, which is how this slips through.",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: +6\r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-negative",
        title: "Content-Length below zero",
        about: "The length is written `-6`, before content of 6 bytes.",
        rule: "The field gives a “decimal non-negative integer number of octets” (§8.6); a message with another value has invalid framing.",
        source: "RFC 9110 §8.6, RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It gives the message up. Where a negative number means “unknown” inside of a program, this looks like content without a length, and is none.",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: -6\r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-hex",
        title: "Content-Length in hexadecimal",
        about: "The length is written `0x6`, as in C.",
        rule: "Lengths are decimal, so the letter makes this one invalid, and the error is one that a user agent MUST NOT try to get over: it closes the connection.",
        source: "RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It refuses the response. Reading the 0 and stopping at the x gives an empty content, and six bytes that seem to belong to the next answer.",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: 0x6\r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-with-space",
        title: "Content-Length with a space inside",
        about: "The length is written `1 2`, and 12 bytes come.",
        rule: "White space around a value is not part of it, but inside of a number there is none: the value does not match the grammar, and the framing is invalid.",
        source: "RFC 9110 §8.6, RFC 9112 §5.1, §6.3",
        right: Right::Refuse,
        client: "It discards the message. Whether one reads 1, 2, or 12 here decides what the next response is, so no guess is a good one.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 1 2\r\n\r\nonly a part\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-empty",
        title: "Content-Length without a value",
        about: "The field is there, and nothing stands in it.",
        rule: "There has to be at least one digit (`1*DIGIT`). An empty value is neither a number nor a list of equal numbers.",
        source: "RFC 9110 §8.6, RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It treats the end of the message as unknowable. To act as if the field were missing, and read until the connection ends, is what the rule does not allow.",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: \r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "two-lengths-equal",
        title: "The same Content-Length twice",
        about: "Two field lines promise 6 bytes each, and 6 come.",
        rule: "Two lines of a field are read as one list. If all its values are valid and the same, a recipient MAY reject the message, or take the value once.",
        source: "RFC 9110 §8.6, §5.2, RFC 9112 §6.3",
        right: Right::Either,
        client: "It either takes the 6 bytes or refuses them; both are within the rule, and both are safe.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\nContent-Length: 6\r\n\r\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "two-lengths-differing",
        title: "Two Content-Lengths that disagree",
        about: "One field line promises 6 bytes of content, the next one 12, and 12 come.",
        rule: "Lengths that differ leave the framing invalid, so a user agent MUST close the connection and discard the response.",
        source: "RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It believes neither. A client that takes the first and a proxy that takes the last see two different messages, which is what response splitting lives on.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6\r\nContent-Length: 12\r\n\r\nhello\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-list-equal",
        title: "Content-Length as a list of equal values",
        about: "One field line says `6, 6`, as it looks after an intermediary has joined two.",
        rule: "This one exception to the grammar exists: the recipient MAY replace the list by its single value, or turn the message down.",
        source: "RFC 9110 §8.6, RFC 9112 §6.3",
        right: Right::Either,
        client: "It reads 6, or reports an invalid length.",
        deed: Script(
            &[OK, Fields, Bytes(b"Content-Length: 6, 6\r\n\r\nhello\n")],
            Fin,
        ),
        ..ONE
    },
    Fault {
        name: "length-list-differing",
        title: "Content-Length as a list that disagrees",
        about: "One field line says `6, 12`, and 12 bytes come.",
        rule: "A list is forgiven only if all of its values are the same; otherwise the error is unrecoverable.",
        source: "RFC 9112 §6.3",
        right: Right::Refuse,
        client: "It drops the response together with its connection, even though a parser that stops at the comma would be content.",
        deed: Script(
            &[
                OK,
                Fields,
                Bytes(b"Content-Length: 6, 12\r\n\r\nhello\nhello\n"),
            ],
            Fin,
        ),
        ..ONE
    },
];
