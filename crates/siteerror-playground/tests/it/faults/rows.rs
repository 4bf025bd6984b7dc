//! The bytes of every scripted fault, put together from the grammar: status line, field lines, empty line, content.

mod exchanges;

/// How a connection ends.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum End {
    InOrder,
    Reset,
}

/// A fault and what leaves.
pub(crate) struct Row {
    pub(crate) name: &'static str,
    pub(crate) method: &'static str,
    pub(crate) expected: Vec<u8>,
    pub(crate) end: End,
}

impl Row {
    fn new(name: &'static str, parts: &[&[u8]]) -> Self {
        Self {
            name,
            method: "GET",
            expected: parts.concat(),
            end: End::InOrder,
        }
    }

    fn asked_with(mut self, method: &'static str) -> Self {
        self.method = method;
        self
    }

    fn reset(mut self) -> Self {
        self.end = End::Reset;
        self
    }
}

/// What each answer of the playground has.
fn usual(name: &str) -> Vec<u8> {
    format!(
        "Date: now\r\nLink: </faults/{name}>; rel=\"describedby\"\r\nX-Content-Type-Options: nosniff\r\nContent-Security-Policy: sandbox\r\nAccess-Control-Allow-Origin: *\r\n"
    )
    .into_bytes()
}

/// A 200 with text, and what comes after its usual fields.
pub(crate) fn ok(name: &'static str, rest: &[&[u8]]) -> Row {
    let head: &[&[u8]] = &[
        b"HTTP/1.1 200 OK\r\n",
        b"Content-Type: text/plain\r\n",
        &usual(name),
    ];
    Row::new(name, &[head, rest].concat())
}

/// A 200 with these lines of length.
fn length(name: &'static str, values: &[&str], content: &str) -> Row {
    let mut lines = String::new();
    for value in values {
        lines.push_str("Content-Length: ");
        lines.push_str(value);
        lines.push_str("\r\n");
    }
    ok(name, &[lines.as_bytes(), b"\r\n", content.as_bytes()])
}

/// A 200 with this Transfer-Encoding, and a body as it is.
fn coded(name: &'static str, coding: &str, body: &[u8]) -> Row {
    let line = format!("Transfer-Encoding: {coding}\r\n");
    ok(name, &[line.as_bytes(), b"\r\n", body])
}

fn chunked(name: &'static str, body: &str) -> Row {
    coded(name, "chunked", body.as_bytes())
}

/// This first line, and then all that belongs to a response.
fn first_line(name: &'static str, line: &[u8]) -> Row {
    Row::new(
        name,
        &[
            line,
            b"\r\n",
            &usual(name),
            b"Content-Type: text/plain\r\n",
            HELLO,
        ],
    )
}

/// A 200 with this line among its fields.
fn field(name: &'static str, line: &[u8]) -> Row {
    ok(name, &[line, b"\r\n", HELLO])
}

/// The length, the empty line, and six bytes.
const HELLO: &[u8] = b"Content-Length: 6\r\n\r\nhello\n";

pub(crate) fn rows() -> Vec<Row> {
    let mut rows = vec![
        length("length-too-long", &["100"], "only a part\n"),
        length("length-too-short", &["6"], "hello\nand a tail\n\n"),
        length(
            "length-overflow",
            &[&(u128::from(u64::MAX) + 1 + 6).to_string()],
            "hello\n",
        ),
        length("length-with-plus", &["+6"], "hello\n"),
        length("length-negative", &["-6"], "hello\n"),
        length("length-hex", &["0x6"], "hello\n"),
        length("length-with-space", &["1 2"], "only a part\n"),
        length("length-empty", &[""], "hello\n"),
        length("two-lengths-equal", &["6", "6"], "hello\n"),
        length("two-lengths-differing", &["6", "12"], "hello\nhello\n"),
        length("length-list-equal", &["6, 6"], "hello\n"),
        length("length-list-differing", &["6, 12"], "hello\nhello\n"),
        chunked("last-chunk-missing", "6\r\nhello\n\r\n"),
        chunked("last-chunk-unfinished", "6\r\nhello\n\r\n0\r\n"),
        chunked("chunk-size-too-large", "10\r\nhello\n\r\n0\r\n\r\n"),
        chunked("chunk-size-too-small", "3\r\nhello\n\r\n0\r\n\r\n"),
        chunked("chunk-size-not-hex", "six\r\nhello\n\r\n0\r\n\r\n"),
        chunked("chunk-size-negative", "-6\r\nhello\n\r\n0\r\n\r\n"),
        chunked("chunk-size-prefixed", "0x6\r\nhello\n\r\n0\r\n\r\n"),
        chunked(
            "chunk-size-overflow",
            &format!("{:x}\r\nhello\n\r\n0\r\n\r\n", u128::from(u64::MAX) + 1 + 6),
        ),
        chunked("chunk-size-empty", "\r\nhello\n\r\n0\r\n\r\n"),
        chunked("chunk-without-crlf", "6\r\nhello\n0\r\n\r\n"),
        chunked("chunk-lines-bare-lf", "6\nhello\n\n0\n\n"),
        chunked(
            "chunk-extension-huge",
            &format!("6;x={}\r\nhello\n\r\n0\r\n\r\n", "a".repeat(65_536 - 2)),
        ),
        chunked(
            "trailer-with-framing",
            "6\r\nhello\n\r\n0\r\nContent-Length: 3\r\nTransfer-Encoding: gzip\r\nSet-Cookie: from=trailer\r\n\r\n",
        ),
        ok(
            "length-and-chunked",
            &[b"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n"],
        ),
        coded(
            "transfer-coding-unknown",
            "zeta, chunked",
            b"6\r\nhello\n\r\n0\r\n\r\n",
        ),
        ok(
            "transfer-coding-identity",
            &[b"Content-Length: 6\r\nTransfer-Encoding: identity\r\n\r\nhello\n"],
        ),
        coded(
            "chunked-not-last",
            "chunked, gzip",
            &super::answers::gzip(b"6\r\nhello\n\r\n0\r\n\r\n"),
        ),
        coded(
            "chunked-twice",
            "chunked, chunked",
            b"10\r\n6\r\nhello\n\r\n0\r\n\r\n\r\n0\r\n\r\n",
        ),
        chunked("chunked-to-http10", "6\r\nhello\n\r\n0\r\n\r\n"),
        Row::new(
            "chunked-in-http10",
            &[
                b"HTTP/1.0 200 OK\r\nContent-Type: text/plain\r\n",
                &usual("chunked-in-http10"),
                b"Transfer-Encoding: chunked\r\n\r\n6\r\nhello\n\r\n0\r\n\r\n",
            ],
        ),
    ];
    rows.extend(heads());
    rows.extend(exchanges::rows());
    rows
}

/// Faults of the status line and of fields.
fn heads() -> Vec<Row> {
    vec![
        first_line("status-without-reason", b"HTTP/1.1 200 "),
        first_line("status-without-space", b"HTTP/1.1 200"),
        first_line("status-two-digits", b"HTTP/1.1 20 OK"),
        first_line("status-four-digits", b"HTTP/1.1 2000 OK"),
        first_line("status-000", b"HTTP/1.1 000 Nothing"),
        first_line("status-999", b"HTTP/1.1 999 Request Denied"),
        first_line("version-minor", b"HTTP/1.2 200 OK"),
        first_line("version-major", b"HTTP/2.0 200 OK"),
        first_line("version-lower-case", b"http/1.1 200 OK"),
        first_line("version-missing", b"ICY 200 OK"),
        first_line("empty-lines-first", b"\r\n\r\nHTTP/1.1 200 OK"),
        Row::new(
            "garbage-first",
            &[b"220 This is a mail server, and it is waiting for you.\r\n"],
        ),
        Row::new(
            "http-0-9",
            &[b"<!doctype html><title>1991</title><p>No head, only content.\n"],
        ),
        // RFC 8446 §5.1: type alert (21), legacy version 0x0303, length 2; §6: level fatal (2), handshake_failure (40).
        Row::new("tls-first", &[&[21, 3, 3, 0, 2, 2, 40]]),
        Row::new(
            "bare-lf",
            &[b"HTTP/1.1 200 OK\nContent-Type: text/plain\nContent-Length: 6\n\nhello\n"],
        ),
        Row::new(
            "bare-cr-lines",
            &[b"HTTP/1.1 200 OK\rContent-Type: text/plain\rContent-Length: 5\r\rhello"],
        ),
        field("bare-cr-in-value", b"X-Note: one\rSet-Cookie: two=2"),
        field("nul-in-value", b"X-Note: one\x00two"),
        field("obs-fold", b"X-Note: one\r\n two"),
        field("space-before-colon", b"X-Note : hi"),
        field("field-without-colon", b"X-Note hi"),
        field("field-without-name", b": hi"),
        field("field-name-with-space", b"X Note: hi"),
        field("value-8-bit", b"X-Note: caf\xE9"),
        field(
            "field-64k",
            format!("X-Note: {}", "a".repeat(64 * 1024)).as_bytes(),
        ),
        field("fields-1000", ["X-Note: a"; 1000].join("\r\n").as_bytes()),
        ok(
            "head-endless",
            &[format!("X-More: {}\r\n", "a".repeat(118))
                .repeat(8192)
                .as_bytes()],
        ),
        Row::new(
            "space-before-field",
            &[
                b"HTTP/1.1 200 OK\r\n X-Note: hi\r\nContent-Type: text/plain\r\n",
                &usual("space-before-field"),
                HELLO,
            ],
        ),
    ]
}
