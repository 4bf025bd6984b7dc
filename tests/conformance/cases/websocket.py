"""The WebSocket echo, by RFC 6455: a handshake and frames made by hand."""

import os
import struct

from expect import Is, case, contains, equal, holds, lists, scripted

KEY = "dGhlIHNhbXBsZSBub25jZQ=="  # the example of RFC 6455 §1.3, with its answer below
ACCEPT = "s3pPLMBiTxaQ9kYGzzhZRbK+xOo="
HANDSHAKE = [("Upgrade", "websocket"), ("Connection", "Upgrade"), ("Sec-WebSocket-Version", "13"), ("Sec-WebSocket-Key", KEY)]
TEXT, BINARY, CLOSE, PING, PONG = 1, 2, 8, 9, 10


def without(name, *others):
    return [(known, value) for known, value in HANDSHAKE if known != name] + list(others)


class Socket:
    def __init__(self, t, path="/websocket/echo"):
        self.connection = t.connect()
        self.connection.send(t.request("GET", path, HANDSHAKE))
        answer = self.connection.answer()
        equal(answer.status, 101, "status")
        equal(answer.one("Sec-WebSocket-Accept"), ACCEPT, "Sec-WebSocket-Accept")

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.connection.socket.close()

    def send(self, opcode, content=b"", fin=True, masked=True, reserved=0):
        head = bytes([(0x80 if fin else 0) | reserved << 4 | opcode])
        bit = 0x80 if masked else 0
        if len(content) < 126:
            head += bytes([bit | len(content)])
        elif len(content) < 65536:
            head += bytes([bit | 126]) + struct.pack(">H", len(content))
        else:
            head += bytes([bit | 127]) + struct.pack(">Q", len(content))
        if masked:
            mask = os.urandom(4)
            content = bytes(byte ^ mask[index & 3] for index, byte in enumerate(content))
            head += mask
        self.connection.send(head + content)

    def frame(self):
        first, second = self.connection.read(2)
        holds(second & 0x80 == 0, "a frame from the server is masked (RFC 6455 §5.1)")
        holds(first & 0x70 == 0, "a reserved bit is set")
        size = second & 0x7F
        if size == 126:
            (size,) = struct.unpack(">H", self.connection.read(2))
        elif size == 127:
            (size,) = struct.unpack(">Q", self.connection.read(8))
        return bool(first & 0x80), first & 15, self.connection.read(size)

    def message(self):
        """A whole message: its opcode, content and how many frames it came in; pings and pongs between are left out."""
        fin, opcode, content = self.frame()
        frames = 1
        while not fin:
            fin, more, part = self.frame()
            if more >= 8:
                fin = False
                continue
            equal(more, 0, "opcode of a further frame")
            content, frames = content + part, frames + 1
        return opcode, content, frames

    def closed(self, code):
        _, opcode, content = self.frame()
        equal(opcode, CLOSE, "opcode")
        if code is not None:
            holds(len(content) >= 2, "a close frame without a code")
            equal(struct.unpack(">H", content[:2])[0], code, "close code")


def echo(id, opcode, content, why="go-httpbin: /websocket/echo"):
    def run(t):
        with Socket(t) as socket:
            socket.send(opcode, content)
            equal(socket.message()[:2], (opcode, content), "the message")

    scripted(id, why, f"a message of {len(content)} bytes, opcode {opcode}", "the same")(run)


case(
    "websocket/handshake",
    "/websocket/echo",
    send=HANDSHAKE,
    why="go-httpbin: /websocket/echo (RFC 6455 §4.2.2)",
    status=101,
    fields={"Sec-WebSocket-Accept": ACCEPT, "Upgrade": Is("websocket", lambda value: (value or "").lower() == "websocket"), "Connection": lists("upgrade")},
)
echo("websocket/text", TEXT, b"hello")
echo("websocket/text-unicode", TEXT, "zażółć 🍄".encode())
echo("websocket/text-empty", TEXT, b"")
echo("websocket/binary", BINARY, bytes(range(256)))
echo("websocket/125", BINARY, b"x" * 125)
echo("websocket/126", BINARY, b"x" * 126)
echo("websocket/65535", BINARY, b"x" * 65535)
echo("websocket/65536", BINARY, b"x" * 65536)
echo("websocket/100000", BINARY, b"x" * 100000)


@scripted("websocket/many", "go-httpbin: /websocket/echo", "50 messages on a connection", "50 answers in order")
def _(t):
    with Socket(t) as socket:
        for number in range(50):
            socket.send(TEXT, str(number).encode())
        equal([socket.message()[1] for _ in range(50)], [str(number).encode() for number in range(50)], "the messages")


@scripted("websocket/fragments", "RFC 6455 §5.4: fragments make one message", "a text in three frames", "one message")
def _(t):
    with Socket(t) as socket:
        socket.send(TEXT, b"he", fin=False)
        socket.send(0, b"ll", fin=False)
        socket.send(0, b"o")
        equal(socket.message()[:2], (TEXT, b"hello"), "the message")


@scripted("websocket/fragments-with-ping", "RFC 6455 §5.4: control frames may come between", "a ping between two fragments", "a pong, and the message")
def _(t):
    with Socket(t) as socket:
        socket.send(TEXT, b"he", fin=False)
        socket.send(PING, b"now")
        socket.send(0, b"llo")
        equal(socket.frame(), (True, PONG, b"now"), "the pong")
        equal(socket.message()[:2], (TEXT, b"hello"), "the message")


@scripted("websocket/split-character", "RFC 6455 §5.6, §8.1: UTF-8 is judged over the whole message", "a character split over two frames", "the message")
def _(t):
    with Socket(t) as socket:
        socket.send(TEXT, b"\xe2\x82", fin=False)
        socket.send(0, b"\xac")
        equal(socket.message()[:2], (TEXT, "€".encode()), "the message")


@scripted("websocket/ping", "RFC 6455 §5.5.2: a pong with the same content", "a ping", "a pong")
def _(t):
    with Socket(t) as socket:
        socket.send(PING, b"are you there")
        equal(socket.frame(), (True, PONG, b"are you there"), "the pong")


@scripted("websocket/pong-alone", "RFC 6455 §5.5.3: a pong that nobody asked for needs no answer", "a pong, then a text", "the text")
def _(t):
    with Socket(t) as socket:
        socket.send(PONG, b"x")
        socket.send(TEXT, b"hello")
        equal(socket.message()[:2], (TEXT, b"hello"), "the message")


@scripted("websocket/close", "RFC 6455 §5.5.1: a close is answered, then the connection ends", "a close with 1000", "a close, and the end")
def _(t):
    with Socket(t) as socket:
        socket.send(CLOSE, struct.pack(">H", 1000))
        socket.closed(None)
        socket.connection.rest(3)
        holds(socket.connection.ended, "the connection stays open")


def refused(id, code, why, words, steps, path="/websocket/echo"):
    def run(t):
        with Socket(t, path) as socket:
            steps(socket)
            socket.closed(code)

    scripted(id, why, words, f"close {code}")(run)


refused("websocket/unmasked", 1002, "RFC 6455 §5.1: an unmasked frame closes, with 1002", "an unmasked text", lambda socket: socket.send(TEXT, b"hello", masked=False))
refused("websocket/not-utf8", 1007, "go-httpbin: 1007 (RFC 6455 §8.1)", "a text that is not UTF-8", lambda socket: socket.send(TEXT, b"\xff\xfe"))
refused("websocket/reserved-bit", 1002, "RFC 6455 §5.2: a reserved bit fails the connection", "a reserved bit", lambda socket: socket.send(TEXT, b"x", reserved=4))
refused("websocket/unknown-opcode", 1002, "go-httpbin: 1002 (RFC 6455 §5.2)", "opcode 3", lambda socket: socket.send(3, b"x"))
refused("websocket/continuation-first", 1002, "go-httpbin: 1002 (RFC 6455 §5.4)", "a continuation of nothing", lambda socket: socket.send(0, b"x"))
refused(
    "websocket/text-inside-text",
    1002,
    "go-httpbin: 1002 (RFC 6455 §5.4)",
    "a text before the last is whole",
    lambda socket: (socket.send(TEXT, b"a", fin=False), socket.send(TEXT, b"b")),
)
refused("websocket/long-ping", 1002, "go-httpbin: 1002 (RFC 6455 §5.5)", "a ping of 126 bytes", lambda socket: socket.send(PING, b"x" * 126))
refused("websocket/fragmented-ping", 1002, "go-httpbin: 1002 (RFC 6455 §5.5)", "a ping in two frames", lambda socket: socket.send(PING, b"x", fin=False))
refused(
    "websocket/message-too-large",
    1009,
    "go-httpbin: max_message_size, 1009",
    "a message of 15 bytes where 10 are allowed",
    lambda socket: (socket.send(BINARY, b"x" * 5, fin=False), socket.send(0, b"x" * 10)),
    "/websocket/echo?max_fragment_size=10&max_message_size=10",
)


# go-httpbin v2.25.0 loops for ever over such a message, and takes all memory: it is spared.
@scripted(
    "websocket/fragment-size",
    "page: dialect, /websocket/echo; go-httpbin documents max_fragment_size",
    "20 bytes in frames of 8, of 8 at most",
    "the message, in frames of at most 8",
    spared=("go-httpbin",),
)
def _(t):
    with Socket(t, "/websocket/echo?max_fragment_size=8&max_message_size=100") as socket:
        socket.send(BINARY, b"12345678", fin=False)
        socket.send(0, b"9abcdefg", fin=False)
        socket.send(0, b"hijk")
        opcode, content, frames = socket.message()
        equal((opcode, content), (BINARY, b"123456789abcdefghijk"), "the message")
        holds(frames >= 3, f"{frames} frames")


for name, query in [
    ("fragment-zero", "max_fragment_size=0"),
    ("fragment-word", "max_fragment_size=x"),
    ("message-zero", "max_message_size=0"),
    ("message-word", "max_message_size=x"),
    ("message-huge", "max_message_size=99999999999"),
    ("fragment-above-message", "max_fragment_size=20&max_message_size=10"),
    ("negative", "max_message_size=-1"),
]:
    case(f"websocket/bad-{name}", f"/websocket/echo?{query}", send=HANDSHAKE, why="go-httpbin: 400", status=400)
case(
    "websocket/no-handshake",
    "/websocket/echo",
    why="page: 426, ask a WebSocket path without an upgrade",
    choice="upgrade",
    status=426,
    fields={"Upgrade": lists("websocket")},
    peer={"go-httpbin": {"status": 400, "fields": {}}},
)
case(
    "websocket/other-protocol",
    "/websocket/echo",
    send=without("Upgrade", ("Upgrade", "h2c")),
    why="page: 426, ask a WebSocket path without an upgrade",
    choice="upgrade",
    status=426,
    peer={"go-httpbin": {"status": 400}},
)
case(
    "websocket/old-version",
    "/websocket/echo",
    send=without("Sec-WebSocket-Version", ("Sec-WebSocket-Version", "8")),
    why="RFC 6455 §4.4: 426 with the version it has",
    choice="upgrade",
    status=426,
    fields={"Sec-WebSocket-Version": "13"},
    peer={"go-httpbin": {"status": 400, "fields": {}}},
)
case("websocket/no-key", "/websocket/echo", send=without("Sec-WebSocket-Key"), why="go-httpbin: 400", status=400)
case("websocket/bad-key", "/websocket/echo", send=without("Sec-WebSocket-Key", ("Sec-WebSocket-Key", "short")), why="RFC 6455 §4.2.1: a key has 16 bytes", status=400)
case(
    "websocket/no-connection-upgrade",
    "/websocket/echo",
    send=without("Connection", ("Connection", "close")),
    why="RFC 6455 §4.2.1: Connection must name upgrade",
    status={400, 426},
)
case("websocket/post", "/websocket/echo", method="POST", send=HANDSHAKE, why="go-httpbin: GET alone (RFC 6455 §4.1)", status=405, fields={"Allow": contains("GET")})
case("websocket/upgrade-case", "/websocket/echo", send=without("Upgrade", ("Upgrade", "WebSocket")), why="go-httpbin: compared without case (RFC 6455 §4.2.1)", status=101)
case("websocket/connection-list", "/websocket/echo", send=without("Connection", ("Connection", "keep-alive, Upgrade")), why="go-httpbin: Connection is a list", status=101)
