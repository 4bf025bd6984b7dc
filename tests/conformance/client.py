"""A small HTTP/1.1 client that hides nothing: it sends the bytes it is given and reads answers by RFC 9112, strictly.

An answer that breaks the rules of framing is a `Mismatch`, never repaired: two lengths that differ, a length beside a transfer coding, a field line that
is none, content that ends early. Interim responses, chunks and trailers are kept, so that cases can look at them.
"""

import re
import socket
import time
from dataclasses import dataclass, field
from urllib.parse import urlsplit

STATUS_LINE = re.compile(rb"HTTP/1\.[01] ([1-9][0-9]{2})(?: ([\t \x21-\x7e\x80-\xff]*))?\Z")
TOKEN = re.compile(rb"[!#$%&'*+\-.^_`|~0-9A-Za-z]+\Z")
CONTROL = re.compile(rb"[\x00-\x08\x0a-\x1f\x7f]")
MOST = 16 * 1024 * 1024


class Mismatch(Exception):
    """What was seen is not what the case expects."""


class Closed(Mismatch):
    """The connection ended before a whole answer had arrived."""


@dataclass
class Answer:
    """A final response, with the interim ones before it."""

    status: int
    reason: str
    fields: list
    version: str = "1.1"
    content: bytes = b""
    chunks: list = field(default_factory=list)
    trailers: list = field(default_factory=list)
    interims: list = field(default_factory=list)
    framing: str = "none"
    first_byte_s: float = 0.0
    whole_s: float = 0.0

    def all(self, name):
        """Every value of a field, in order."""
        return [value for known, value in self.fields if known.lower() == name.lower()]

    def one(self, name):
        """The value of a field that is sent as at most one line."""
        values = self.all(name)
        if len(values) > 1:
            raise Mismatch(f"{len(values)} lines of {name}: {values}")
        return values[0] if values else None

    def list(self, name):
        """The members of a list field."""
        return [member.strip() for value in self.all(name) for member in value.split(",") if member.strip()]

    def trailer(self, name):
        return [value for known, value in self.trailers if known.lower() == name.lower()]


class Connection:
    """One connection, read answer by answer, until `timeout` seconds after its start at the latest."""

    def __init__(self, host, port, timeout):
        self.socket = socket.create_connection((host, port), timeout=timeout)
        self.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.timeout = timeout
        self.deadline = time.monotonic() + timeout
        self.buffer = bytearray()
        self.ended = False
        self.sent_at = time.monotonic()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.socket.close()

    def send(self, data):
        self.sent_at = time.monotonic()
        try:
            self.socket.sendall(data)
        except (BrokenPipeError, ConnectionResetError):
            pass  # an answer may have been sent before the server stopped reading
        return self

    def _more(self):
        if self.ended:
            return False
        self.socket.settimeout(max(self.deadline - time.monotonic(), 0.001))
        try:
            data = self.socket.recv(65536)
        except TimeoutError:
            raise Closed(f"not whole within {self.timeout:g} s; so far {bytes(self.buffer[:80])!r}") from None
        except ConnectionResetError:
            data = b""
        if not data:
            self.ended = True
            return False
        self.buffer += data
        if len(self.buffer) > MOST:
            raise Mismatch(f"more than {MOST} bytes")
        return True

    def _line(self):
        while b"\n" not in self.buffer:
            if not self._more():
                raise Closed(f"the connection ended within a line: {bytes(self.buffer[:80])!r}" if self.buffer else "the connection ended with no answer")
        end = self.buffer.index(b"\n")
        line = bytes(self.buffer[:end])
        del self.buffer[: end + 1]
        if not line.endswith(b"\r"):
            raise Mismatch(f"a line that ends in LF alone: {line[:80]!r}")
        return line[:-1]

    def read(self, count):
        while len(self.buffer) < count:
            if not self._more():
                raise Closed(f"the content ended after {len(self.buffer)} of {count} bytes")
        data = bytes(self.buffer[:count])
        del self.buffer[:count]
        return data

    def _fields(self):
        fields = []
        while line := self._line():
            name, colon, value = line.partition(b":")
            if not colon or not TOKEN.match(name):
                raise Mismatch(f"not a field line: {line[:80]!r}")
            value = value.strip(b" \t")
            if CONTROL.search(value):
                raise Mismatch(f"a control character in a field: {line[:80]!r}")
            fields.append((name.decode("latin-1"), value.decode("latin-1")))
            if len(fields) > 500:
                raise Mismatch("more than 500 field lines")
        return fields

    def head(self):
        line = self._line()
        found = STATUS_LINE.match(line)
        if not found:
            raise Mismatch(f"not a status line: {line[:80]!r}")
        answer = Answer(int(found[1]), (found[2] or b"").decode("latin-1"), [], version=line[5:8].decode())
        answer.first_byte_s = time.monotonic() - self.sent_at
        answer.fields = self._fields()
        return answer

    def answer(self, method="GET"):
        """The next final response."""
        interims = []
        while True:
            answer = self.head()
            if answer.status >= 200 or answer.status == 101:
                break
            if answer.all("Content-Length") or answer.all("Transfer-Encoding"):
                raise Mismatch(f"the interim response {answer.status} has framing fields (RFC 9110 §15.2, RFC 9112 §6)")
            interims.append(answer)
            if len(interims) > 200:
                raise Mismatch("more than 200 interim responses")
        answer.interims = interims
        self._content(answer, method)
        answer.whole_s = time.monotonic() - self.sent_at
        return answer

    def _content(self, answer, method):
        lengths = answer.list("Content-Length")
        codings = [coding.lower() for coding in answer.list("Transfer-Encoding")]
        if codings and lengths:
            raise Mismatch("both Content-Length and Transfer-Encoding (RFC 9112 §6.2)")
        if len(set(lengths)) > 1 or any(not re.fullmatch("[0-9]{1,15}", length) for length in lengths):
            raise Mismatch(f"Content-Length {lengths} (RFC 9112 §6.3)")
        if answer.status in (101, 204) and (codings or lengths):
            raise Mismatch(f"{answer.status} with a framing field (RFC 9110 §8.6, RFC 9112 §6.1)")
        if method == "HEAD" or answer.status in (101, 204, 304):
            return
        if codings:
            if codings != ["chunked"]:
                raise Mismatch(f"transfer codings {codings}")
            answer.framing = "chunked"
            while True:
                line = self._line()
                size = line.split(b";", 1)[0].strip()
                if not re.fullmatch(rb"[0-9A-Fa-f]{1,8}", size):
                    raise Mismatch(f"not a chunk size: {line[:40]!r}")
                if int(size, 16) == 0:
                    break
                answer.chunks.append(self.read(int(size, 16)))
                if self.read(2) != b"\r\n":
                    raise Mismatch("a chunk that does not end where it says")
            answer.trailers = self._fields()
            answer.content = b"".join(answer.chunks)
        elif lengths:
            answer.framing = "length"
            answer.content = self.read(int(lengths[0]))
        else:
            answer.framing = "close"
            while self._more():
                pass
            answer.content = self.read(len(self.buffer))

    def rest(self, wait_s=0.5):
        """What else arrives until the end of the connection, or for a while."""
        kept, self.deadline = self.deadline, min(self.deadline, time.monotonic() + wait_s)
        try:
            while self._more():
                pass
        except Closed:
            pass
        self.deadline = kept
        return bytes(self.buffer)


class Target:
    """A server under test: a name, and the base URL below which its endpoints stand."""

    def __init__(self, name, url, prefixed=None, timeout=8.0):
        self.name = name
        self.url = url.rstrip("/")
        parts = urlsplit(self.url)
        if parts.scheme != "http" or not parts.hostname:
            raise SystemExit(f"{name}: `{url}` is not an http URL")
        self.address = (parts.hostname, parts.port or 80)
        self.host = parts.netloc
        self.prefix = parts.path
        self.timeout = timeout
        self.prefixed = Target(name, prefixed, timeout=timeout) if prefixed else None
        self.memory = {}

    def connect(self, timeout=None):
        return Connection(*self.address, timeout or self.timeout)

    def request(self, method, path, fields=(), content=b"", host=None, version="1.1", chunks=None, trailers=(), target=None):
        """The bytes of a request; `chunks` sends them with the chunked coding."""
        lines = [f"{method} {target or self.prefix + path} HTTP/{version}"]
        if host != "":
            lines.append(f"Host: {host or self.host}")
        given = {name.lower() for name, _ in fields}
        lines += [f"{name}: {value}" for name, value in fields]
        if chunks is not None:
            lines.append("Transfer-Encoding: chunked")
        elif "content-length" not in given and (content or method in ("POST", "PUT", "PATCH")):
            lines.append(f"Content-Length: {len(content)}")
        head = "\r\n".join(lines).encode("utf-8", "surrogateescape") + b"\r\n\r\n"
        if chunks is not None:
            content = b"".join(b"%x\r\n%s\r\n" % (len(chunk), chunk) for chunk in chunks)
            content += b"0\r\n" + b"".join(f"{name}: {value}\r\n".encode() for name, value in trailers) + b"\r\n"
        return head + content

    def ask(self, method, path, fields=(), content=b"", timeout=None, **more):
        """One request on a connection of its own."""
        closing = [*fields, ("Connection", "close")] if not any(name.lower() == "connection" for name, _ in fields) else fields
        with self.connect(timeout) as connection:
            connection.send(self.request(method, path, closing, content, **more))
            answer = connection.answer(method)
            if (extra := connection.rest(0.05)) and answer.framing != "close":
                raise Mismatch(f"{len(extra)} bytes after the answer: {extra[:40]!r}")
            return answer

    def limit(self, name):
        """A limit's maximum as `/limits` tells it."""
        import json

        if "limits" not in self.memory:
            self.memory["limits"] = self.ask("GET", "/limits")
        answer = self.memory["limits"]
        if answer.status != 200:
            raise Mismatch(f"/limits is {answer.status}")
        stack = [json.loads(answer.content)]
        while stack:
            value = stack.pop()
            if isinstance(value, dict):
                if value.get("name") == name and isinstance(value.get("max"), int):
                    return value["max"]
                found = value.get(name)
                if isinstance(found, int) and not isinstance(found, bool):
                    return found
                if isinstance(found, dict) and isinstance(found.get("max"), int):
                    return found["max"]
                stack += value.values()
            elif isinstance(value, list):
                stack += value
        raise Mismatch(f"/limits does not name {name}")
