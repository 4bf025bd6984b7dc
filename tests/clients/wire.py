"""Reads an answer as bare bytes, to know whether all that it announced came: no client can be asked that."""

import socket
import ssl
import time
import zlib
from dataclasses import dataclass, field
from urllib.parse import urlsplit

LIMIT_S = 5.0
LIMIT_BYTES = 1 << 20
NO_CONTENT = {204, 304}


@dataclass(frozen=True)
class Arrival:
    """What came, and what was missing at its end."""

    is_cut: bool
    """Less came than the framing announced, or no whole head at all."""
    is_coding_cut: bool = False
    """The framing is whole, but the compressed data in it stops before its end."""
    status: int = field(default=0, compare=False)
    """Of the final response; 0 if there is none that can be read."""
    interims: tuple[int, ...] = field(default=(), compare=False)


def arrival(data: bytes, is_head: bool = False, was_reset: bool = False) -> Arrival:
    """Judges the bytes of one answer, leniently: what matters is only whether its end came."""
    interims: list[int] = []
    while True:
        ends = [(at, len(mark)) for mark in (b"\r\n\r\n", b"\n\n") if (at := data.find(mark)) >= 0]
        if not ends:
            return Arrival(is_cut=True, interims=tuple(interims))
        at, length = min(ends)
        head, data = data[:at].replace(b"\r\n", b"\n").split(b"\n"), data[at + length :]
        word = (head[0].split(b" ") + [b""])[1]
        status = int(word) if word.isdigit() else 0
        if not 100 <= status < 200 or status == 101:
            break
        interims.append(status)
    fields = [(name.strip().lower(), value.strip().lower()) for name, _, value in (line.partition(b":") for line in head[1:])]
    values = {name: value for name, value in fields}
    if is_head or status in NO_CONTENT:
        return Arrival(is_cut=False, status=status, interims=tuple(interims))
    lengths = [int(value) for name, value in fields if name == b"content-length" and value.isdigit()]
    if b"chunked" in values.get(b"transfer-encoding", b""):
        content, is_cut = _dechunk(data)
    elif lengths:
        content, is_cut = data[: min(lengths)], len(data) < min(lengths)
    else:
        content, is_cut = data, was_reset
    is_coding_cut = not is_cut and _is_coding_cut(values.get(b"content-encoding"), content)
    return Arrival(is_cut, is_coding_cut, status, tuple(interims))


def _dechunk(data: bytes) -> tuple[bytes, bool]:
    """The content so far, and whether the end is missing. A chunk that breaks the grammar is not a missing end."""
    content = b""
    while True:
        line, mark, rest = data.partition(b"\n")
        if not mark:
            return content, True
        try:
            size = int(line.split(b";")[0].strip(), 16)
        except ValueError:
            return content, False
        if size <= 0:
            return content, False
        content += rest[:size]
        if len(rest) < size + 2:
            return content, True
        if rest[size : size + 2] != b"\r\n":
            return content, False
        data = rest[size + 2 :]


def _is_coding_cut(coding: bytes | None, content: bytes) -> bool:
    if coding not in (b"gzip", b"deflate"):
        return False
    decoder = zlib.decompressobj(wbits=zlib.MAX_WBITS | (16 if coding == b"gzip" else 0))
    try:
        decoder.decompress(content, LIMIT_BYTES)
    except zlib.error:
        return False
    return not decoder.eof and not decoder.unconsumed_tail


def probe(url: str, method: str) -> Arrival:
    """Asks once and reads until the other side closes, or nothing more can be told."""
    parts = urlsplit(url)
    port = parts.port or (443 if parts.scheme == "https" else 80)
    target = (parts.path or "/") + (f"?{parts.query}" if parts.query else "")
    ask = f"{method} {target} HTTP/1.1\r\nHost: {parts.netloc}\r\nAccept-Encoding: gzip, deflate\r\nConnection: close\r\n\r\n"
    until = time.monotonic() + LIMIT_S
    data, was_reset = b"", False
    with socket.create_connection((parts.hostname, port), timeout=LIMIT_S) as plain:
        stream = ssl._create_unverified_context().wrap_socket(plain, server_hostname=parts.hostname) if parts.scheme == "https" else plain
        try:
            stream.sendall(ask.encode())
            while len(data) < LIMIT_BYTES and (left := until - time.monotonic()) > 0:
                stream.settimeout(left)
                part = stream.recv(65536)
                if not part:
                    break
                data += part
        except TimeoutError:
            pass
        except OSError:
            was_reset = True
    return arrival(data, method == "HEAD", was_reset)
