"""How a case is written: a request, what our documentation says must come back, and where that is written down.

A case's source is the start of its `why`: `page` (the playground's documented behaviour), `RFC nnnn §x`, `httpbin` or `go-httpbin` (their documentation).
What the page or an RFC says is ours whatever the peers do.
"""

import json as json_module
import re
from dataclasses import dataclass, field
from typing import Callable

from choices import CHOICES
from client import Mismatch

SOURCES = re.compile(r"(page|RFC [0-9]{4}|httpbin|go-httpbin|httpbin, go-httpbin)\b")


@dataclass
class Case:
    id: str
    why: str
    request: str
    expected: str
    check: Callable
    choice: str | None = None
    peers: dict = field(default_factory=dict)
    spared: tuple = ()
    late: bool = False

    @property
    def family(self):
        return self.id.split("/")[0]

    @property
    def ours(self):
        return bool(self.choice) or self.why.startswith(("page", "RFC"))


CASES = []


def add(case):
    if not SOURCES.match(case.why):
        raise SystemExit(f"{case.id}: `{case.why}` names no source")
    if case.choice and case.choice not in CHOICES:
        raise SystemExit(f"{case.id}: no choice is called `{case.choice}`")
    if any(known.id == case.id for known in CASES):
        raise SystemExit(f"{case.id} stands twice")
    CASES.append(case)


class Is:
    """A condition with words for it."""

    def __init__(self, words, test):
        self.words, self.test = words, test

    def __call__(self, value):
        return self.test(value)

    def __repr__(self):
        return self.words


ABSENT = Is("absent", lambda value: value is None)
PRESENT = Is("present", lambda value: value is not None)
TEXT = Is("a text", lambda value: isinstance(value, str) and value != "")
FALSY = Is("empty", lambda value: not value)


def matches(pattern):
    return Is(f"like {pattern}", lambda value: isinstance(value, str) and re.fullmatch(pattern, value, re.S) is not None)


def contains(part):
    return Is(f"with {part!r}", lambda value: value is not None and part in value)


def lists(*members):
    """A list field that names at least these."""
    wanted = {member.lower() for member in members}
    return Is(f"a list with {', '.join(members)}", lambda value: value is not None and wanted <= {part.strip().lower() for part in value.split(",")})


def holds(condition, words):
    if not condition:
        raise Mismatch(words)


def equal(seen, wanted, what):
    if callable(wanted):
        holds(wanted(seen), f"{what} is {short(seen)}, not {wanted!r}")
    else:
        holds(seen == wanted and isinstance(seen, bool) == isinstance(wanted, bool), f"{what} is {short(seen)}, not {short(wanted)}")


def short(value):
    text = repr(value)
    return text if len(text) <= 160 else text[:157] + "..."


def fill(value, target):
    """The target's own address in place of `{base}`, `{origin}`, `{host}` and `{prefix}`."""
    if not isinstance(value, str) or "{" not in value:
        return value
    names = {"{base}": target.url, "{origin}": f"http://{target.host}", "{host}": target.host, "{prefix}": target.prefix}
    return re.sub(r"\{(?:base|origin|host|prefix)\}", lambda name: names[name[0]], value)


def parse_json(content):
    try:
        return json_module.loads(content.decode("utf-8"))
    except ValueError as error:
        raise Mismatch(f"no JSON: {error}; {short(content[:120])}") from None


def flattened(value, depth=0):
    """Lists of one text as that text: how go-httpbin's answers look in httpbin's dialect."""
    if isinstance(value, dict):
        return {name: flattened(part) for name, part in value.items()}
    if isinstance(value, list) and len(value) == 1 and isinstance(value[0], str):
        return value[0]
    return value


def look(document, path):
    for name in path if isinstance(path, tuple) else path.split("."):
        if isinstance(document, list) and re.fullmatch("[0-9]+", name):
            document = document[int(name)] if int(name) < len(document) else None
        elif isinstance(document, dict):
            document = document.get(name)
        else:
            return None
    return document


def verify(target, answer, *, status=200, json=None, fields=None, content=None, also=None, flat=False):
    """Holds an answer against what is expected of it."""
    wanted = status if isinstance(status, (set, frozenset, range)) else {status}
    if answer.status not in wanted:
        raise Mismatch(f"status {answer.status}, not {' or '.join(map(str, sorted(wanted)))}; {short(answer.content[:90])}")
    for name, value in (fields or {}).items():
        values = answer.all(name)
        if isinstance(value, list):
            equal(values, [fill(line, target) for line in value], f"{name}")
            continue
        seen = ", ".join(values) if values else None
        if isinstance(value, str) and len(values) > 1:
            raise Mismatch(f"{len(values)} lines of {name}: {values}")
        equal(seen, ABSENT if value is None else fill(value, target), name)
    if json is not None:
        document = parse_json(answer.content)
        document = flattened(document) if flat else document
        for path, value in json.items():
            equal(look(document, path), fill(value, target), ".".join(path) if isinstance(path, tuple) else path)
    if content is not None:
        equal(answer.content, content, "the content")
    if also:
        also(answer)


class Example:
    """Stands for a target where a request is only described."""

    host, prefix, url = "{host}", "{prefix}", "{base}"

    @staticmethod
    def limit(_):
        return 999


def describe(method, target, send, body, chunks):
    parts = [f"{method} {target}", *(f"{name}: {value}" for name, value in send)]
    if chunks is not None:
        parts.append(f"chunks {short(chunks)}")
    elif body:
        parts.append(short(body))
    return " | ".join(parts)


def case(id, target, *, why, method="GET", send=(), body=b"", chunks=None, trailers=(), host=None, version="1.1", timeout=None, choice=None, peer=None, late=False, **expected):
    """One request and what has to come back; `peer` has what a peer may answer instead, where the choice named says that we differ; `late` ones come after all others."""
    if isinstance(send, dict):
        send = tuple(send.items())

    def asked(t):
        where = t.prefixed if id.startswith("prefix/") and t.prefixed else t
        filled = [(name, fill(value, where)) for name, value in send]
        path = target(where) if callable(target) else fill(target, where)
        return where, where.ask(method, path, filled, body, timeout=timeout, chunks=chunks, trailers=trailers, host=host, version=version)

    def check(t):
        verify(*asked(t), **expected)

    peers = {}
    for name, other in (peer or {}).items():
        peers[name] = lambda t, other=other: verify(*asked(t), **{**expected, **other})
    if choice == "values":
        peers["go-httpbin"] = lambda t: verify(*asked(t), **expected, flat=True)
    told = ", ".join(f"{name} {short(value)}" for name, value in expected.items() if name != "also") or "status 200"
    add(Case(id, why, describe(method, target if isinstance(target, str) else target(Example), send, body, chunks), told, check, choice, peers, late=late))


def scripted(id, why, request, expected, *, choice=None, peer=None, spared=()):
    """A case that takes more than one request, or needs the bytes: a function of the target that raises `Mismatch`. It is not run against the `spared`."""

    def wrap(function):
        def check(t):
            where = t.prefixed if id.startswith("prefix/") and t.prefixed else t
            function(where)

        add(Case(id, why, request, expected, check, choice, peer or {}, spared))
        return function

    return wrap


def wire(id, sent, *, why, choice=None, peer=None, timeout=None, closes=None, method="GET", **expected):
    """Bytes on a connection and the first answer to them; `{path:/x}` stands for a path below the prefix."""

    def asked(t):
        data = re.sub(rb"\{path:([^}]*)\}", lambda found: t.prefix.encode() + found[1], sent).replace(b"{host}", t.host.encode())
        with t.connect(timeout) as connection:
            connection.send(data)
            answer = connection.answer(method)
            if closes:
                connection.rest(2)
                holds(connection.ended, "the connection stays open")
            return t, answer

    peers = {name: (lambda t, other=other: verify(*asked(t), **{**expected, **other})) for name, other in (peer or {}).items()}
    told = ", ".join(f"{name} {short(value)}" for name, value in expected.items() if name != "also")
    add(Case(id, why, short(sent), told + (", then closes" if closes else ""), lambda t: verify(*asked(t), **expected), choice, peers))
