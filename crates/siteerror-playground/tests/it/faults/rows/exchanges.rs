//! Faults of what belongs to an answer, of interim responses, and of the connection.

use super::{HELLO, Row, chunked, length, ok, usual};

pub(super) fn rows() -> Vec<Row> {
    vec![
        Row::new(
            "body-on-204",
            &[b"HTTP/1.1 204 No Content\r\n", &usual("body-on-204"), HELLO],
        ),
        Row::new(
            "chunked-204",
            &[
                b"HTTP/1.1 204 No Content\r\n",
                &usual("chunked-204"),
                b"Transfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
            ],
        ),
        Row::new(
            "body-on-205",
            &[
                b"HTTP/1.1 205 Reset Content\r\nContent-Type: text/plain\r\n",
                &usual("body-on-205"),
                HELLO,
            ],
        ),
        Row::new(
            "body-on-304",
            &[
                b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n",
                &usual("body-on-304"),
                HELLO,
            ],
        ),
        ok("body-on-head", &[HELLO]).asked_with("HEAD"),
        ok(
            "extra-response",
            &[
                HELLO,
                b"HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n",
                &usual("extra-response"),
                b"Set-Cookie: stray=1\r\nContent-Length: 6\r\n\r\nstray\n",
            ],
        ),
        ok("close-delimited", &[b"\r\nhello\n"]),
        Row::new(
            "switching-unasked",
            &[
                b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: chat/1\r\n",
                &usual("switching-unasked"),
                b"\r\nhello in chat/1\n",
            ],
        ),
        Row::new(
            "interim-with-length",
            &[
                b"HTTP/1.1 103 Early Hints\r\nContent-Length: 6\r\n\r\n",
                &ok("interim-with-length", &[HELLO]).expected,
            ],
        ),
        Row::new(
            "interim-with-content",
            &[
                b"HTTP/1.1 103 Early Hints\r\n\r\nhello\r\n",
                &ok("interim-with-content", &[HELLO]).expected,
            ],
        ),
        Row::new(
            "interim-then-nothing",
            &[
                b"HTTP/1.1 103 Early Hints\r\n",
                &usual("interim-then-nothing"),
                b"\r\n",
            ],
        ),
        Row::new("close-without-a-byte", &[]),
        Row::new("reset-before-headers", &[]).reset(),
        Row::new("close-in-status-line", &[b"HTTP/1.1 20"]),
        ok("close-in-head", &[b"Content-Len"]),
        chunked("close-in-chunk", "10\r\nhello\n"),
        length("reset-after-headers", &["100"], "").reset(),
        ok("reset-unannounced", &[b"\r\nhello\n"]).reset(),
        Row::new(
            "early-answer-then-reset",
            &[
                b"HTTP/1.1 413 Content Too Large\r\nContent-Type: text/plain\r\n",
                &usual("early-answer-then-reset"),
                b"Connection: close\r\nContent-Length: 9\r\n\r\ntoo much\n",
            ],
        )
        .asked_with("POST")
        .reset(),
        ok("stall-in-head", &[]),
        length("stall-in-content", &["12"], "hello\n"),
        ok("drip-head", &[HELLO]),
    ]
}
