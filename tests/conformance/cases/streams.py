"""Slow, long and live answers: delays, drips, lines, bytes, events, trailers."""

import re

from expect import Is, case, contains, equal, holds, parse_json, scripted

NULL = Is("null", lambda value: value is None)
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def within(low, high):
    return lambda answer: holds(low <= answer.whole_s <= high, f"it took {answer.whole_s:.2f} s")


for name, text, low in [("0", "0", 0), ("0.2", "0.2", 0.2), ("exponent", "2e-1", 0.2), ("point", ".1", 0.1), ("1", "1", 1.0)]:
    case(f"delay/{name}", f"/delay/{text}", why="httpbin, go-httpbin: /delay/{n}", json={"url": "{base}/delay/" + text, "args": {}}, also=within(low * 0.95, low + 4))
for name, text, low in [("milliseconds", "200ms", 0.2), ("seconds", "0.3s", 0.3), ("minutes", "0m0.1s", 0.1)]:
    case(f"delay/{name}", f"/delay/{text}", why="go-httpbin: durations with a unit", json={"url": "{base}/delay/" + text}, also=within(low * 0.95, low + 4))
case("delay/post", "/delay/0?a=b", method="POST", body=b"x=1", send=FORM, why="httpbin, go-httpbin: the request is echoed", choice="values", json={"form.x": "1", "args.a": "b"})
for method in ("PUT", "PATCH", "DELETE"):
    case(f"delay/{method.lower()}", "/delay/0", method=method, why="httpbin, go-httpbin: every common method", json={"url": "{base}/delay/0"})
case("delay/head", "/delay/0.1", method="HEAD", why="httpbin, go-httpbin: HEAD", content=b"", also=within(0.09, 4))
case("delay/limit", "/delay/10", why="httpbin, go-httpbin: up to 10 s", json={"url": "{base}/delay/10"}, timeout=14, also=within(9.5, 13))
for name, text in [("eleven", "11"), ("sixty", "60"), ("little-more", "10.1"), ("huge", "1e30"), ("hour", "1h")]:
    case(f"delay/above-{name}", f"/delay/{text}", why="page: delay above the limit", choice="delay-limit", status=400, timeout=13, peer={"httpbin": {"status": 200}})
for name, text in [("negative", "-1"), ("word", "abc"), ("nan", "nan"), ("infinite", "inf"), ("unit-unknown", "5parsecs"), ("comma", "0,5")]:
    case(
        f"delay/bad-{name}",
        f"/delay/{text}",
        late=name == "nan",
        why="page: mistakes, /delay/nan never answers, /delay/abc is 500" if name in ("nan", "word") else "page: a path parameter that is no number",
        status=400,
        timeout=4,
    )
case("delay/nothing", "/delay/", why="httpbin, go-httpbin: no such path", status=404)

for name, query, count in [("three", "numbytes=3", 3), ("one", "numbytes=1", 1), ("default", "", 10), ("thousand", "numbytes=1000", 1000), ("1-mib", "numbytes=1048576", 1048576)]:
    if name == "1-mib":
        case(
            "drip/1-mib",
            "/drip?duration=0&delay=0&numbytes=1048576",
            why="go-httpbin: up to 1 MiB",
            content=Is("1 MiB of *", lambda content: content == b"*" * 1048576),
            timeout=30,
        )
    else:
        case(f"drip/{name}", f"/drip?duration=0.2&delay=0&{query}", why="httpbin, go-httpbin: /drip", content=b"*" * count, fields={"Content-Length": str(count)})
case(
    "drip/type",
    "/drip?duration=0&delay=0",
    why="httpbin: application/octet-stream",
    choice="defaults",
    fields={"Content-Type": "application/octet-stream"},
    peer={"go-httpbin": {"fields": {"Content-Type": contains("text/plain")}}},
)
case(
    "drip/takes-its-time",
    "/drip?duration=1&delay=0&numbytes=5",
    why="httpbin, go-httpbin: spread over the duration",
    content=b"*****",
    also=lambda answer: holds(0.7 <= answer.whole_s <= 4, f"{answer.whole_s:.2f} s"),
)
case(
    "drip/starts-at-once",
    "/drip?duration=1&delay=0&numbytes=5",
    why="httpbin, go-httpbin: the first bytes come at once",
    also=lambda answer: holds(answer.first_byte_s < 0.6, f"{answer.first_byte_s:.2f} s"),
)
case(
    "drip/delay",
    "/drip?duration=0&delay=0.5&numbytes=1",
    why="httpbin, go-httpbin: an initial delay",
    also=lambda answer: holds(0.45 <= answer.first_byte_s <= 4, f"{answer.first_byte_s:.2f} s"),
)
case(
    "drip/no-delay-by-default",
    "/drip?duration=0&numbytes=1",
    why="httpbin: delay is 0 by default",
    choice="defaults",
    also=lambda answer: holds(answer.first_byte_s < 1, f"{answer.first_byte_s:.2f} s"),
    peer={"go-httpbin": {"also": lambda answer: holds(answer.first_byte_s > 1, "no delay")}},
)
case("drip/unit", "/drip?duration=100ms&delay=10ms&numbytes=2", why="go-httpbin: durations with a unit", content=b"**")
for code in (201, 404, 500, 503):
    case(f"drip/code-{code}", f"/drip?duration=0&delay=0&numbytes=2&code={code}", why="httpbin, go-httpbin: code", status=code, content=b"**")
case("drip/code-204", "/drip?duration=0&delay=0&code=204", why="RFC 9110 §15.3.5: no content", status=204, content=b"")
case("drip/head", "/drip?duration=0&delay=0&numbytes=5", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"Content-Length": "5"}, content=b"")
for name, query, why in [
    ("zero", "numbytes=0", "httpbin, go-httpbin: 400"),
    ("negative", "numbytes=-1", "httpbin, go-httpbin: 400"),
    ("word", "numbytes=abc", "page: mistakes, /drip?numbytes=abc is 500"),
    ("decimal", "numbytes=1.5", "go-httpbin: 400"),
    ("huge", "numbytes=99999999999", "page: limits, 400 for a parameter"),
    ("duration-word", "duration=abc", "go-httpbin: 400"),
    ("duration-negative", "duration=-1", "go-httpbin: 400"),
    ("duration-above", "duration=11", "go-httpbin: 400"),
    ("duration-nan", "duration=nan", "page: limits, 400 for a parameter"),
    ("delay-word", "delay=abc", "go-httpbin: 400"),
    ("delay-negative", "delay=-1", "go-httpbin: 400"),
    ("delay-above", "delay=11", "go-httpbin: 400"),
    ("together-above", "delay=6&duration=6", "go-httpbin: 400"),
    ("code-word", "code=abc&duration=0", "go-httpbin: 400"),
    ("code-four-digits", "code=1000&duration=0", "go-httpbin: 400"),
    ("code-zero", "code=0&duration=0", "go-httpbin: 400"),
]:
    case(f"drip/bad-{name}", f"/drip?{query}", why=why, status=400, timeout=4, late=name.endswith("nan"))


def lines(answer):
    holds(answer.content.endswith(b"\n") or answer.content == b"", "the last line has no end")
    return [parse_json(line) for line in answer.content.splitlines()]


def stream(id, path, count, why, **more):
    def also(answer):
        documents = lines(answer)
        equal([document.get("id") for document in documents], list(range(count)), "ids")
        for document in documents:
            holds({"args", "headers", "id", "origin", "url"} <= set(document), "a key is missing")

    case(id, path, why=why, also=also, **more)


for count in (1, 2, 10, 99, 100):
    stream(f"stream/{count}", f"/stream/{count}", count, "httpbin, go-httpbin: /stream/{n}")
stream("stream/1000", "/stream/1000", 100, "httpbin, go-httpbin: at most 100 lines")
stream("stream/101", "/stream/101", 100, "httpbin, go-httpbin: at most 100 lines")
case(
    "stream/cap-said",
    "/stream/1000",
    why="page: stream above the limit, and a header that says so",
    choice="stream-cap",
    also=lambda answer: holds(any("cap" in name.lower() for name, _ in answer.fields), "no field says so"),
    peer={"httpbin": {"also": None}, "go-httpbin": {"also": None}},
)
case(
    "stream/no-cap-said",
    "/stream/5",
    why="page: the header says it only where something was cut",
    also=lambda answer: holds(not any("cap" in name.lower() for name, _ in answer.fields), "a field says so"),
)
stream(
    "stream/zero",
    "/stream/0",
    0,
    "httpbin: no line",
    choice="defaults",
    fields={"Content-Type": contains("application/json")},
    peer={"go-httpbin": {"fields": {}, "also": lambda answer: equal(len(lines(answer)), 1, "lines")}},
)
case("stream/type", "/stream/1", why="httpbin: application/json", choice="defaults", fields={"Content-Type": contains("application/json")}, peer={"go-httpbin": {"fields": {}}})
case("stream/chunked", "/stream/3", why="httpbin, go-httpbin: chunked", also=lambda answer: equal(answer.framing, "chunked", "framing"))
case("stream/args", "/stream/1?a=b", why="httpbin, go-httpbin: /stream/{n}", choice="values", json={"args.a": "b", "url": "{base}/stream/1?a=b"})
case("stream/head", "/stream/3", method="HEAD", why="httpbin, go-httpbin: HEAD", content=b"")
for name, count in [("negative", "-1"), ("word", "abc"), ("decimal", "1.5")]:
    case(
        f"stream/{name}",
        f"/stream/{count}",
        why="page: a path parameter that is no number",
        choice="number",
        status=400,
        peer={"httpbin": {"status": 404}, "go-httpbin": {"status": {200, 400}}},
    )

for count in (0, 1, 5, 1024, 102400):
    case(
        f"bytes/{count}",
        f"/bytes/{count}",
        why="httpbin, go-httpbin: /bytes/{n}",
        content=Is(f"{count} bytes", lambda content, count=count: len(content) == count),
        fields={"Content-Length": str(count)},
    )
    case(
        f"stream-bytes/{count}",
        f"/stream-bytes/{count}",
        why="httpbin, go-httpbin: /stream-bytes/{n}",
        content=Is(f"{count} bytes", lambda content, count=count: len(content) == count),
    )
for count in (102401, 200000, 1048576):
    for path in ("bytes", "stream-bytes"):
        case(f"{path}/{count}", f"/{path}/{count}", why="go-httpbin: up to 1 MiB", content=Is(f"{count} bytes", lambda content, count=count: len(content) == count))
case("bytes/limit", lambda t: f"/bytes/{t.limit('bytes')}", why="page: limits are printed at /limits", status=200)
case("bytes/above-limit", lambda t: f"/bytes/{t.limit('bytes') + 1}", why="page: 400 for a parameter above its limit", status=400)
case("bytes/type", "/bytes/5", why="httpbin, go-httpbin: application/octet-stream", fields={"Content-Type": "application/octet-stream"})
case("bytes/head", "/bytes/5", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"Content-Length": "5"}, content=b"")
case("stream-bytes/type", "/stream-bytes/5", why="httpbin, go-httpbin: application/octet-stream", fields={"Content-Type": "application/octet-stream"})
case("stream-bytes/chunked", "/stream-bytes/5", why="httpbin, go-httpbin: chunked", also=lambda answer: equal(answer.framing, "chunked", "framing"))
for size, expected in [(2, [2, 2, 1]), (5, [5]), (100, [5]), (1, [1] * 5)]:
    case(
        f"stream-bytes/chunk-size-{size}",
        f"/stream-bytes/5?chunk_size={size}",
        why="httpbin, go-httpbin: chunk_size",
        also=lambda answer, expected=expected: equal([len(chunk) for chunk in answer.chunks], expected, "chunks"),
    )
case(
    "stream-bytes/default-chunk-size",
    "/stream-bytes/25000",
    why="httpbin, go-httpbin: 10 KiB by default",
    also=lambda answer: equal([len(chunk) for chunk in answer.chunks], [10240, 10240, 4520], "chunks"),
)
case("stream-bytes/chunk-size-word", "/stream-bytes/5?chunk_size=x", why="go-httpbin: 400", status=400)
for path in ("bytes", "stream-bytes"):
    for name, count in [("negative", "-1"), ("word", "abc"), ("decimal", "1.5"), ("huge", "99999999999999999999")]:
        case(f"{path}/{name}", f"/{path}/{count}", why="page: a path parameter that is no number", choice="number", status=400, peer={"httpbin": {"status": {200, 404}}})

    @scripted(f"{path}/seed", "httpbin, go-httpbin: seed", f"GET /{path}/50?seed=7 twice", "the same bytes")
    def _(t, path=path):
        one, two = (t.ask("GET", f"/{path}/50?seed=7").content for _ in range(2))
        holds(one == two and len(one) == 50, "different bytes")

    @scripted(f"{path}/seeds-differ", "httpbin, go-httpbin: seed", f"GET /{path}/50 with two seeds", "other bytes")
    def _(t, path=path):
        holds(t.ask("GET", f"/{path}/50?seed=7").content != t.ask("GET", f"/{path}/50?seed=8").content, "the same bytes")

    @scripted(f"{path}/random", "httpbin, go-httpbin: at random without a seed", f"GET /{path}/50 four times", "other bytes")
    def _(t, path=path):
        holds(len({t.ask("GET", f"/{path}/50").content for _ in range(4)}) > 1, "the same bytes")


@scripted("stream-bytes/as-bytes", "go-httpbin: one generator", "GET /bytes/100?seed=3 and /stream-bytes/100?seed=3", "the same bytes")
def _(t):
    one, two = (t.ask("GET", f"/{path}/100?seed=3").content for path in ("bytes", "stream-bytes"))
    holds(one == two and len(one) == 100, "different bytes")


for name, query, count in [
    ("default", "", 10),
    ("two", "?count=2", 2),
    ("one", "?count=1", 1),
    ("thousand", "?count=1000", 1000),
    ("duration", "?count=3&duration=200ms", 3),
    ("jitter", "?count=3&duration=100ms&jitter=0.5", 3),
    ("delay", "?count=1&delay=0.1", 1),
]:
    stream(f"jsonl/{name}", f"/jsonl{query}", count, "go-httpbin: /jsonl")
case("jsonl/type", "/jsonl?count=1", why="go-httpbin: application/x-ndjson", fields={"Content-Type": contains("application/x-ndjson")})
case("jsonl/args", "/jsonl?count=1", why="go-httpbin: /jsonl", choice="values", json={"args.count": "1", "url": "{base}/jsonl?count=1"})
for name, query in [
    ("count-word", "count=x"),
    ("duration-zero", "duration=0"),
    ("duration-word", "duration=x"),
    ("duration-above", "duration=11s"),
    ("delay-above", "delay=11"),
    ("delay-negative", "delay=-1"),
    ("jitter-above", "jitter=2"),
    ("jitter-negative", "jitter=-0.1"),
    ("jitter-word", "jitter=x"),
    ("together-above", "duration=6&delay=6"),
]:
    case(f"jsonl/bad-{name}", f"/jsonl?{query}", why="go-httpbin: 400", status=400, timeout=4)


def events(content):
    """The WHATWG's event stream, read by its rules: a list of (event, data)."""
    found = []
    for block in re.split(r"\r\n\r\n|\n\n|\r\r", content.decode("utf-8"))[:-1]:
        event, data = "message", []
        for line in re.split(r"\r\n|\n|\r", block):
            name, _, value = line.partition(":")
            value = value.removeprefix(" ")
            if name == "event":
                event = value
            elif name == "data":
                data.append(value)
        found.append((event, "\n".join(data)))
    return found


def sse(id, query, count, **more):
    def also(answer):
        found = events(answer.content)
        equal([event for event, _ in found], ["ping"] * count, "events")
        documents = [parse_json(data.encode()) for _, data in found]
        equal([document["id"] for document in documents], list(range(count)), "ids")
        holds(all(isinstance(document["timestamp"], int) and document["timestamp"] > 1_600_000_000_000 for document in documents), "timestamps in milliseconds")

    case(id, f"/sse{query}", why="go-httpbin: /sse", also=also, fields={"Content-Type": contains("text/event-stream")}, **more)


sse("sse/one", "?count=1&duration=1ms", 1)
sse("sse/three", "?count=3&duration=200ms", 3)
sse("sse/jitter", "?count=3&duration=100ms&jitter=1", 3)
sse("sse/delay", "?count=1&duration=1ms&delay=100ms", 1)
sse("sse/thousand", "?count=1000&duration=100ms", 1000, timeout=20)
sse("sse/default", "", 10, timeout=12)
case(
    "sse/spread",
    "/sse?count=3&duration=1",
    why="go-httpbin: spread over the duration",
    also=lambda answer: holds(0.8 <= answer.whole_s <= 4 and answer.first_byte_s < 0.6, f"first after {answer.first_byte_s:.2f} s, all after {answer.whole_s:.2f} s"),
)
case(
    "sse/trailer",
    "/sse?count=1&duration=1ms",
    why="go-httpbin: Server-Timing as a trailer",
    fields={"Trailer": contains("Server-Timing")},
    also=lambda answer: holds(answer.trailer("Server-Timing"), "no such trailer"),
)
for name, query in [
    ("count-zero", "count=0"),
    ("count-negative", "count=-1"),
    ("count-word", "count=x"),
    ("count-huge", "count=100000000"),
    ("duration-zero", "duration=0"),
    ("duration-above", "duration=11"),
    ("delay-word", "delay=x"),
    ("jitter-above", "jitter=1.5"),
    ("together-above", "duration=6&delay=6"),
]:
    case(f"sse/bad-{name}", f"/sse?{query}", why="go-httpbin: 400", status=400, timeout=4)

case(
    "trailers/one",
    "/trailers?X-Test=yes",
    why="go-httpbin: /trailers",
    fields={"Trailer": contains("X-Test")},
    also=lambda answer: equal(answer.trailer("X-Test"), ["yes"], "the trailer"),
)
case(
    "trailers/two",
    "/trailers?X-One=1&X-Two=2",
    why="go-httpbin: /trailers",
    also=lambda answer: equal((answer.trailer("X-One"), answer.trailer("X-Two")), (["1"], ["2"]), "the trailers"),
)
case("trailers/none", "/trailers", why="go-httpbin: /trailers", also=lambda answer: equal((answer.framing, answer.trailers), ("chunked", []), "framing and trailers"))
case(
    "trailers/echo", "/trailers?X-Test=yes", method="POST", body=b"x=1", send=FORM, why="go-httpbin: /trailers echoes", choice="values", json={"args.X-Test": "yes", "form.x": "1"}
)
case("trailers/not-in-front", "/trailers?X-Test=yes", why="go-httpbin: a trailer, no header", fields={"X-Test": None})
for name in (
    "Content-Length",
    "content-type",
    "Host",
    "Transfer-Encoding",
    "Trailer",
    "Set-Cookie",
    "Authorization",
    "Cache-Control",
    "Content-Encoding",
    "Content-Range",
    "TE",
    "Max-Forwards",
):
    case(f"trailers/forbidden-{name.lower()}", f"/trailers?{name}=1", why="go-httpbin: 400 (RFC 9110 §6.5.1)", status=400)
for name, query in [("space-in-name", "a%20b=1"), ("newline-in-value", "X-Test=a%0D%0AX-Evil:1"), ("nul-in-value", "X-Test=a%00"), ("no-name", "=1")]:
    case(f"trailers/bad-{name}", f"/trailers?{query}", why="page: safety 5, refused before anything is written", status=400)

case("unstable/never", "/unstable?failure_rate=0", why="go-httpbin: /unstable", status=200)
case("unstable/always", "/unstable?failure_rate=1", why="go-httpbin: /unstable", status=500)
case("unstable/either", "/unstable", why="go-httpbin: /unstable", status={200, 500})
case("unstable/post", "/unstable?failure_rate=0", method="POST", why="go-httpbin: endpoints take any method", status=200)
for name, query in [
    ("rate-above", "failure_rate=2"),
    ("rate-negative", "failure_rate=-0.1"),
    ("rate-word", "failure_rate=x"),
    ("rate-nan", "failure_rate=nan"),
    ("rate-infinite", "failure_rate=inf"),
]:
    case(f"unstable/bad-{name}", f"/unstable?{query}", why="go-httpbin: 400" if name != "rate-nan" else "page: limits, 400 for a parameter", status=400)


@scripted("unstable/seed", "go-httpbin: seed", "GET /unstable?seed=5, 10 times", "the same each time")
def _(t):
    seen = {t.ask("GET", "/unstable?seed=5").status for _ in range(10)}
    holds(len(seen) == 1 and seen <= {200, 500}, f"{seen}")


@scripted("unstable/both", "go-httpbin: half of the time", "GET /unstable, 60 times", "200 and 500")
def _(t):
    equal({t.ask("GET", "/unstable").status for _ in range(60)}, {200, 500}, "what came")
