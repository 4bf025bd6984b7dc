"""The connection: parsers, framing, timers, and the codes that the peers cause without meaning to."""

import time

from expect import PRESENT, TEXT, Is, case, equal, holds, parse_json, scripted, wire

END = b"Connection: close\r\n\r\n"
HEAD = b" HTTP/1.1\r\nHost: {host}\r\n"
GET = b"GET {path:/uuid}" + HEAD
POST = b"POST {path:/post}" + HEAD

# --- requests that break a rule --------------------------------------------------------------------------------------------------------------------------
wire("parser/no-host", b"GET {path:/uuid} HTTP/1.1\r\n" + END, why="page: mistakes, a request with no Host is served (RFC 9112 §3.2)", status=400, closes=True)
wire("parser/two-hosts", GET + b"Host: other\r\n" + END, why="page: mistakes, a request with two Hosts is served (RFC 9112 §3.2)", status=400, closes=True)
wire("parser/two-equal-hosts", GET + b"Host: {host}\r\n" + END, why="RFC 9112 §3.2: more than one Host line is 400", status=400, closes=True)
wire("parser/bad-host", b"GET {path:/uuid} HTTP/1.1\r\nHost: a b\r\n" + END, why="RFC 9112 §3.2: an invalid Host is 400", status=400)
wire("parser/unknown-coding", POST + b"Transfer-Encoding: gzip\r\n" + END, why="page: Transfer-Encoding: gzip (RFC 9112 §6.1, §6.3)", status={400, 501}, closes=True)
wire(
    "parser/unknown-coding-made-up",
    POST + b"Transfer-Encoding: bogus, chunked\r\n" + END + b"0\r\n\r\n",
    why="RFC 9112 §6.1: 501 for a coding it does not understand",
    status={400, 501},
    closes=True,
)
wire("parser/bad-chunk-size", POST + b"Transfer-Encoding: chunked\r\n\r\nzz\r\nhello\r\n0\r\n\r\n", why="page: bad chunk size", status=400, closes=True)
wire("parser/negative-chunk-size", POST + b"Transfer-Encoding: chunked\r\n\r\n-5\r\nhello\r\n0\r\n\r\n", why="page: bad chunk size", status=400, closes=True)
wire(
    "parser/huge-chunk-size",
    POST + b"Transfer-Encoding: chunked\r\n\r\nfffffffffffffffff\r\nhello\r\n0\r\n\r\n",
    why="RFC 9112 §7.1: a size that overflows is an error",
    status={400, 413},
    closes=True,
)
wire("parser/chunk-too-long", POST + b"Transfer-Encoding: chunked\r\n\r\n3\r\nhello\r\n0\r\n\r\n", why="RFC 9112 §7.1: CRLF ends a chunk", status=400, closes=True)
wire(
    "parser/length-and-coding",
    POST + b"Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    why="page: mistakes, Content-Length and Transfer-Encoding is served",
    status=400,
    closes=True,
)
wire("parser/two-lengths", POST + b"Content-Length: 5\r\nContent-Length: 6\r\n\r\nhello!", why="httpbin, go-httpbin: 400 (RFC 9112 §6.3)", status=400)
wire("parser/length-list", POST + b"Content-Length: 5, 6\r\n\r\nhello!", why="httpbin, go-httpbin: 400 (RFC 9112 §6.3)", status=400)
for name, length in [("plus", b"+5"), ("negative", b"-5"), ("word", b"five"), ("hex", b"0x5"), ("decimal", b"5.0"), ("inner-space", b"5 5"), ("huge", b"99999999999999999999999")]:
    wire(
        f"parser/length-{name}",
        POST + b"Content-Length: " + length + b"\r\n\r\nhello",
        why="RFC 9112 §6.3: an invalid Content-Length is 400",
        status={400} if name != "huge" else {400, 413},
    )
wire("parser/space-before-colon", GET + b"X-A : 1\r\n" + END, why="httpbin, go-httpbin: 400 (RFC 9112 §5.1)", status=400)
wire("parser/folded-field", GET + b"X-A: 1\r\n  2\r\n" + END, why="RFC 9112 §5.2: obs-fold is rejected or made a space", status={200, 400})
wire("parser/nul-in-field", GET + b"X-A: a\x00b\r\n" + END, why="httpbin, go-httpbin: 400 (RFC 9110 §5.5)", status=400)
wire("parser/bare-cr", GET + b"X-A: a\rb\r\n" + END, why="RFC 9112 §2.2: a bare CR is invalid, or replaced by a space", status={200, 400})
wire("parser/no-colon", GET + b"nonsense\r\n" + END, why="httpbin, go-httpbin: 400 (RFC 9112 §5)", status=400)
wire("parser/empty-name", GET + b": x\r\n" + END, why="httpbin, go-httpbin: 400 (RFC 9112 §5)", status=400)
wire("parser/name-with-slash", GET + b"a/b: x\r\n" + END, why="httpbin, go-httpbin: 400 (RFC 9110 §5.1)", status=400)
wire("parser/http3", b"GET {path:/uuid} HTTP/3.0\r\nHost: {host}\r\n" + END, why="page: HTTP/3.0 in the request line", status=505, closes=True)
wire("parser/version-word", b"GET {path:/uuid} HTTP/one\r\nHost: {host}\r\n" + END, why="RFC 9112 §3: an invalid request line is 400", status={400, 505})
wire("parser/garbage", b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n", why="RFC 9112 §3: an invalid request line is 400", status=400)
wire("parser/method-with-brackets", b"G(T {path:/uuid}" + HEAD + END, why="RFC 9112 §3.1: a method is a token", status=400)
wire("parser/no-target", b"GET  HTTP/1.1\r\nHost: {host}\r\n" + END, why="RFC 9112 §3: an invalid request line is 400", status=400)
wire("parser/expect", GET + b"Expect: foo\r\n" + END, why="page: Expect: foo (RFC 9110 §10.1.1)", status=417)
wire("parser/expect-on-post", POST + b"Expect: foo\r\nContent-Length: 5\r\n" + END, why="page: Expect: foo (RFC 9110 §10.1.1)", status=417)
wire("parser/header-40k", GET + b"X-A: " + b"a" * 40960 + b"\r\n" + END, why="page: one header of 40 KB", status=431)
wire("parser/200-headers", GET + b"".join(b"X-%d: 1\r\n" % number for number in range(200)) + END, why="page: 200 headers", status=431)
wire("parser/target-70k", b"GET {path:/uuid}?" + b"a" * 70000 + HEAD + END, why="page: request line of 70 KB", status=414)
wire(
    "parser/method-nobody-has",
    b"FOO {path:/get}" + HEAD + END,
    why="page: method FOO; 501 for a method nobody has",
    choice="unknown-method",
    status=501,
    peer={"httpbin": {"status": 405}, "go-httpbin": {"status": 405}},
)
wire("parser/method-case", b"get {path:/get}" + HEAD + END, why="RFC 9110 §9.1: methods are case-sensitive", status={400, 405, 501})
wire("parser/method-long", b"X" * 300 + b" {path:/get}" + HEAD + END, why="RFC 9112 §3: a method longer than any is 501, or 405, or 400", status={400, 405, 501})
wire("parser/connect", b"CONNECT other.example:443 HTTP/1.1\r\nHost: other.example:443\r\n" + END, why="RFC 9110 §9.3.6: no tunnel for strangers", status=range(400, 600))
wire("parser/two-gigabytes", POST + b"Content-Length: 2147483648\r\n" + END, why="page: a body of 2 GB announced", choice="content-limit", status=413, timeout=4, closes=True)
wire(
    "parser/two-gigabytes-expect",
    POST + b"Content-Length: 2147483648\r\nExpect: 100-continue\r\n" + END,
    why="page: 413 before a byte of it",
    status=413,
    timeout=4,
    also=lambda answer: holds(not answer.interims, "100 was said first"),
)

# --- requests that look odd and are fine -----------------------------------------------------------------------------------------------------------------
wire("parser/http10", b"GET {path:/uuid} HTTP/1.0\r\n\r\n", why="httpbin, go-httpbin: HTTP/1.0 needs no Host", status=200, json={"uuid": TEXT}, closes=True)
wire(
    "parser/http12",
    b"GET {path:/uuid} HTTP/1.2\r\nHost: {host}\r\n" + END,
    why="RFC 9110 §2.5: a higher minor version is served as the highest known",
    status=200,
    json={"uuid": TEXT},
)
wire("parser/absolute-form", b"GET http://{host}{path:/uuid}" + HEAD + END, why="httpbin, go-httpbin: absolute-form (RFC 9112 §3.2.2)", status=200, json={"uuid": TEXT})
wire(
    "parser/chunk-extension",
    POST + b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n5;name=value\r\nhello\r\n0\r\n\r\n",
    why="RFC 9112 §7.1.1: chunk extensions are ignored",
    status=200,
    json={"data": "hello"},
)
wire(
    "parser/chunk-upper-case",
    POST + b"Content-Type: text/plain\r\nTransfer-Encoding: CHUNKED\r\nConnection: close\r\n\r\nA\r\nhellohello\r\n0\r\n\r\n",
    why="RFC 9112 §7: coding names are compared without case",
    status=200,
    json={"data": "hellohello"},
)
wire(
    "parser/chunk-leading-zeros",
    POST + b"Content-Type: text/plain\r\nTransfer-Encoding: chunked\r\nConnection: close\r\n\r\n0005\r\nhello\r\n000\r\n\r\n",
    why="RFC 9112 §7.1: a size may have leading zeros",
    status=200,
    json={"data": "hello"},
)
wire("parser/empty-line-first", b"\r\n" + GET + END, why="RFC 9112 §2.2: SHOULD ignore an empty line before the request line", status=200, json={"uuid": TEXT})
wire(
    "parser/bare-lf",
    b"GET {path:/uuid} HTTP/1.1\nHost: {host}\nConnection: close\n\n",
    why="RFC 9112 §2.2: MAY take a single LF as line end, or refuse",
    status={200, 400},
    timeout=4,
)
wire("parser/options-star", b"OPTIONS * HTTP/1.1\r\nHost: {host}\r\n" + END, why="go-httpbin: OPTIONS * (RFC 9110 §9.3.7)", status={200, 204})
wire(
    "parser/te-chunked-get",
    b"GET {path:/anything}" + HEAD + b"Transfer-Encoding: chunked\r\nConnection: close\r\n\r\n0\r\n\r\n",
    why="httpbin, go-httpbin: GET may have content",
    status=200,
)
wire(
    "parser/same-lengths",
    POST + b"Content-Type: text/plain\r\nContent-Length: 5\r\nContent-Length: 5\r\n" + END + b"hello",
    why="RFC 9110 §8.6: equal lengths are one, or 400",
    status={200, 400},
)
wire("parser/field-no-space", GET + b"X-A:1\r\n" + END, why="RFC 9112 §5: the space after the colon is optional", status=200, json={"uuid": TEXT})
wire("parser/obs-text", GET + b"X-A: caf\xc3\xa9\r\n" + END, why="RFC 9110 §5.5: bytes above 127 are opaque data", status=200, json={"uuid": TEXT})
wire("parser/99-headers", GET + b"".join(b"X-%d: 1\r\n" % number for number in range(80)) + END, why="httpbin, go-httpbin: 80 field lines", status=200, json={"uuid": TEXT})
wire(
    "parser/target-4000",
    b"GET {path:/get}?a=" + b"a" * 3900 + HEAD + END,
    why="httpbin, go-httpbin: a target of 4 000 bytes (RFC 9112 §3 wants 8 000)",
    status=200,
    json={"args.a": PRESENT},
)
wire("parser/target-7900", b"GET {path:/get}?a=" + b"a" * 7900 + HEAD + END, why="RFC 9112 §3: at least 8 000 bytes of request line", status=200, json={"args.a": PRESENT})


@scripted("parser/byte-by-byte", "httpbin, go-httpbin: TCP has no messages", "GET /uuid, one byte a packet", "200")
def _(t):
    with t.connect() as connection:
        for byte in t.request("GET", "/uuid", [("Connection", "close")]):
            connection.send(bytes([byte]))
        equal(connection.answer().status, 200, "status")


@scripted("parser/refusal-explains", "page: a refusal explains itself", "GET without Host", "a Content-Type and some words")
def _(t):
    with t.connect() as connection:
        connection.send(b"GET /uuid HTTP/1.1\r\nConnection: close\r\n\r\n")
        answer = connection.answer()
        equal(answer.status, 400, "status")
        holds(answer.one("Content-Type") and len(answer.content) > 20, "no words")


@scripted("timers/half-a-head", "page: half a request, then silence (408 would be right)", "half a head, then nothing", "408 within 15 s")
def _(t):
    with t.connect(15) as connection:
        connection.send(b"GET /uuid HTTP/1.1\r\nHos")
        equal(connection.answer().status, 408, "status")


@scripted("timers/no-content", "page: announced body that never comes (408 would be right)", "POST with Content-Length: 5 and no content", "408 within 15 s")
def _(t):
    with t.connect(15) as connection:
        connection.send(t.request("POST", "/post", [("Content-Length", "5")]))
        equal(connection.answer("POST").status, 408, "status")


@scripted("timers/half-a-chunk", "page: announced body that never comes (408 would be right)", "half a chunk, then nothing", "408 within 15 s")
def _(t):
    with t.connect(15) as connection:
        connection.send(t.request("POST", "/post", [("Transfer-Encoding", "chunked"), ("Content-Length", "0")]).replace(b"Content-Length: 0\r\n", b"") + b"a\r\nhel")
        equal(connection.answer("POST").status, 408, "status")


@scripted("timers/slow-is-fine", "httpbin, go-httpbin: a slow client is served", "content in five pieces over a second", "200")
def _(t):
    with t.connect() as connection:
        connection.send(t.request("POST", "/post", [("Content-Length", "5"), ("Content-Type", "text/plain"), ("Connection", "close")]))
        for byte in b"hello":
            time.sleep(0.2)
            connection.send(bytes([byte]))
        equal(parse_json(connection.answer("POST").content)["data"], "hello", "data")


# --- one connection, many requests -----------------------------------------------------------------------------------------------------------------------
def in_turn(id, why, words, *requests):
    def run(t):
        with t.connect() as connection:
            for method, path, fields, content, status in requests:
                connection.send(t.request(method, path, fields, content))
                equal(connection.answer(method).status, status, f"status of {method} {path}")

    scripted(id, why, words, "each answer in its turn")(run)


TYPE = [("Content-Type", "text/plain")]
in_turn("keep-alive/gets", "httpbin, go-httpbin: connections are kept", "20 times GET /get", *[("GET", "/get", [], b"", 200)] * 20)
in_turn("keep-alive/head-then-get", "httpbin, go-httpbin: HEAD has no content", "HEAD /get, GET /uuid", ("HEAD", "/get", [], b"", 200), ("GET", "/uuid", [], b"", 200))
in_turn("keep-alive/post-then-get", "httpbin, go-httpbin: content is read to its end", "POST, GET", ("POST", "/post", TYPE, b"hello", 200), ("GET", "/uuid", [], b"", 200))
in_turn(
    "keep-alive/errors",
    "httpbin, go-httpbin: a 404 does not end a connection",
    "404, 405, 200",
    ("GET", "/nothing-here", [], b"", 404),
    ("DELETE", "/get", [], b"", 405),
    ("GET", "/uuid", [], b"", 200),
)
in_turn(
    "keep-alive/no-content",
    "httpbin, go-httpbin: 204 and 304 have no content",
    "204, 304, 200",
    ("GET", "/status/204", [], b"", 204),
    ("GET", "/status/304", [], b"", 304),
    ("GET", "/uuid", [], b"", 200),
)
in_turn("keep-alive/205", "RFC 9110 §15.3.6: 205 has no content", "205, 200", ("GET", "/status/205", [], b"", 205), ("GET", "/uuid", [], b"", 200))
in_turn("keep-alive/chunked", "httpbin, go-httpbin: chunked answers end", "/stream/5, 200", ("GET", "/stream/5", [], b"", 200), ("GET", "/uuid", [], b"", 200))
in_turn(
    "keep-alive/codings",
    "httpbin, go-httpbin: coded answers end",
    "/gzip, /deflate, 200",
    ("GET", "/gzip", [], b"", 200),
    ("GET", "/deflate", [], b"", 200),
    ("GET", "/uuid", [], b"", 200),
)
in_turn(
    "keep-alive/unread-content",
    "httpbin, go-httpbin: content that nobody wants is dropped",
    "POST /status/200 with content, 200",
    ("POST", "/status/200", TYPE, b"x" * 1000, 200),
    ("GET", "/uuid", [], b"", 200),
)
in_turn(
    "keep-alive/range",
    "httpbin, go-httpbin: 206 and 416 end",
    "206, 416, 200",
    ("GET", "/range/26", [("Range", "bytes=0-1")], b"", 206),
    ("GET", "/range/26", [("Range", "bytes=30-")], b"", 416),
    ("GET", "/uuid", [], b"", 200),
)
in_turn(
    "keep-alive/refusals",
    "page: a refused parameter does not end a connection",
    "400, 400, 200",
    ("GET", "/delay/abc", [], b"", 400),
    ("GET", "/status/1000", [], b"", 400),
    ("GET", "/uuid", [], b"", 200),
)


@scripted("keep-alive/pipelined", "httpbin, go-httpbin: answers come in order (RFC 9112 §9.3.2)", "five requests at once", "five answers in order")
def _(t):
    with t.connect() as connection:
        connection.send(b"".join(t.request("GET", f"/anything/{number}") for number in range(5)))
        seen = [parse_json(connection.answer().content)["url"].rsplit("/", 1)[1] for _ in range(5)]
        equal(seen, list("01234"), "the order")


@scripted("keep-alive/close-honoured", "httpbin, go-httpbin: Connection: close", "GET with Connection: close", "the connection ends")
def _(t):
    with t.connect() as connection:
        connection.send(t.request("GET", "/uuid", [("Connection", "close")]))
        equal(connection.answer().status, 200, "status")
        connection.rest(2)
        holds(connection.ended, "it stays open")


@scripted("keep-alive/half-closed", "httpbin, go-httpbin: an answer reaches who has closed its sending side", "GET, then a half-close", "200")
def _(t):
    import socket

    with t.connect() as connection:
        connection.send(t.request("GET", "/uuid"))
        connection.socket.shutdown(socket.SHUT_WR)
        equal(connection.answer().status, 200, "status")


@scripted("keep-alive/chunked-request-then-get", "httpbin, go-httpbin: chunked content ends", "chunked POST, GET", "200, 200")
def _(t):
    with t.connect() as connection:
        connection.send(t.request("POST", "/post", TYPE, chunks=[b"hello"]))
        equal(parse_json(connection.answer("POST").content)["data"], "hello", "data")
        connection.send(t.request("GET", "/uuid"))
        equal(connection.answer().status, 200, "the next")


case(
    "head-of-response/date",
    "/get",
    why="RFC 9110 §6.6.1: an origin server with a clock sends Date",
    fields={"Date": Is("one HTTP-date", lambda value: value is not None and value.endswith(" GMT") and len(value) == 29)},
)
case(
    "head-of-response/no-server-version",
    "/get",
    why="page: what users ask for, no server version in the headers",
    fields={"Server": Is("absent or without a version", lambda value: value is None or not any(letter.isdigit() for letter in value))},
)
