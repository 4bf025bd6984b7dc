"""Caches, validators and ranges."""

import re
from email.utils import parsedate_to_datetime

from expect import PRESENT, Is, case, contains, equal, holds, scripted

QUOTED = Is("an entity tag (RFC 9110 §8.8.3)", lambda value: value is not None and re.fullmatch(r'(W/)?"[\x21\x23-\x7e\x80-\xff]*"', value) is not None)


def is_date(value):
    """RFC 9110 §5.6.7: IMF-fixdate."""
    return (
        value is not None
        and re.fullmatch(r"(Mon|Tue|Wed|Thu|Fri|Sat|Sun), [0-9]{2} [A-Z][a-z]{2} [0-9]{4} [0-9]{2}:[0-9]{2}:[0-9]{2} GMT", value) is not None
        and parsedate_to_datetime(value) is not None
    )


case(
    "cache/plain",
    "/cache?a=b",
    why="httpbin, go-httpbin: /cache",
    choice="values",
    json={"args.a": "b", "url": "{base}/cache?a=b"},
    fields={"ETag": PRESENT, "Last-Modified": PRESENT},
)
case("cache/date", "/cache", why="RFC 9110 §5.6.7: an HTTP-date ends in GMT", fields={"Last-Modified": Is("an HTTP-date", is_date)})
case("cache/etag", "/cache", why="RFC 9110 §8.8.3: an entity tag is quoted", fields={"ETag": QUOTED})
for name, send in [
    ("if-none-match", {"If-None-Match": '"x"'}),
    ("if-none-match-star", {"If-None-Match": "*"}),
    ("if-modified-since", {"If-Modified-Since": "Sat, 29 Oct 1994 19:43:31 GMT"}),
    ("both", {"If-None-Match": '"x"', "If-Modified-Since": "Sat, 29 Oct 1994 19:43:31 GMT"}),
    ("garbage", {"If-Modified-Since": "yes"}),
]:
    case(f"cache/{name}", "/cache", send=send, why="httpbin, go-httpbin: 304 whenever it is conditional", status=304, content=b"")
case("cache/head", "/cache", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"ETag": PRESENT}, content=b"")
for seconds in (0, 1, 60, 31536000):
    case(
        f"cache/seconds-{seconds}",
        f"/cache/{seconds}",
        why="httpbin, go-httpbin: /cache/{n}",
        fields={"Cache-Control": f"public, max-age={seconds}"},
        json={"url": "{base}/cache/" + str(seconds)},
    )
case("cache/seconds-conditional", "/cache/60", send={"If-None-Match": '"x"'}, why="httpbin, go-httpbin: /cache/{n} is always 200", status=200)
for name, seconds in [("negative", "-1"), ("word", "abc"), ("decimal", "1.5"), ("empty-sign", "-")]:
    case(
        f"cache/seconds-{name}",
        f"/cache/{seconds}",
        why="page: a path parameter that is no number (RFC 9111 §1.2.2: no negative)",
        choice="number",
        status=400,
        peer={"httpbin": {"status": 404}, "go-httpbin": {"status": 200}} if name == "negative" else {"httpbin": {"status": 404}},
    )

UNQUOTED = {"httpbin": {"fields": {"ETag": "abc"}}}
case("etag/plain", "/etag/abc?a=b", why="httpbin, go-httpbin: /etag/{etag}", choice="values", json={"args.a": "b", "url": "{base}/etag/abc?a=b"})
case("etag/json", "/etag/abc", why="httpbin: the answer is JSON", fields={"Content-Type": contains("application/json")})
case("etag/quoted", "/etag/abc", why="page: ETag of /etag/abc", choice="etag-quoted", fields={"ETag": '"abc"'}, peer=UNQUOTED)
case("etag/quoted-304", "/etag/abc", send={"If-None-Match": '"abc"'}, why="page: ETag of /etag/abc", choice="etag-quoted", status=304, fields={"ETag": '"abc"'}, peer=UNQUOTED)
for name, send, status in [
    ("none-match", {"If-None-Match": '"abc"'}, 304),
    ("none-match-weak", {"If-None-Match": 'W/"abc"'}, 304),
    ("none-match-star", {"If-None-Match": "*"}, 304),
    ("none-match-list", {"If-None-Match": '"x", "abc", "y"'}, 304),
    ("none-match-list-tight", {"If-None-Match": '"x","abc"'}, 304),
    ("none-match-other", {"If-None-Match": '"x"'}, 200),
    ("none-match-part", {"If-None-Match": '"ab"'}, 200),
    ("none-match-case", {"If-None-Match": '"ABC"'}, 200),
    ("match", {"If-Match": '"abc"'}, 200),
    ("match-star", {"If-Match": "*"}, 200),
    ("match-list", {"If-Match": '"x", "abc"'}, 200),
    ("match-other", {"If-Match": '"x"'}, 412),
    ("match-list-other", {"If-Match": '"x", "y"'}, 412),
]:
    case(
        f"etag/{name}",
        "/etag/abc",
        send=send,
        why="httpbin, go-httpbin: If-None-Match and If-Match (RFC 9110 §13.1)",
        status=status,
        fields={"ETag": PRESENT} if status != 412 else None,
    )
case("etag/head", "/etag/abc", method="HEAD", send={"If-None-Match": '"abc"'}, why="httpbin, go-httpbin: HEAD", status=304, content=b"")
case("etag/match-weak", "/etag/abc", send={"If-Match": 'W/"abc"'}, why="RFC 9110 §13.1.1: If-Match compares strongly", status=412)
case("etag/comma-inside", "/etag/a%2Cb", send={"If-None-Match": '"x", "a,b"'}, why="RFC 9110 §8.8.3: a tag may have a comma", status=304)
case("etag/precedence", "/etag/abc", send=[("If-None-Match", '"abc"'), ("If-Match", '"x"')], why="RFC 9110 §13.2.2: If-Match is judged first", status=412)
case("etag/precedence-both-fit", "/etag/abc", send=[("If-Match", '"abc"'), ("If-None-Match", '"abc"')], why="RFC 9110 §13.2.2: then If-None-Match", status=304)
case("etag/two-lines", "/etag/abc", send=[("If-None-Match", '"x"'), ("If-None-Match", '"abc"')], why="RFC 9110 §5.3: lines of a list are one list", status=304)
case("etag/none-match-post", "/etag/abc", method="POST", send={"If-None-Match": '"abc"'}, why="RFC 9110 §13.1.2: 412 for other methods than GET and HEAD", status=412)
for name, tag in [("quote", "%22x"), ("quotes", "%22abc%22"), ("space", "a%20b"), ("unicode", "%C3%A9"), ("weak-form", "W%2F%22a%22"), ("del", "a%7Fb"), ("backslash", "a%5Cb")]:
    case(
        f"etag/form-{name}",
        f"/etag/{tag}",
        why='page: mistakes, /etag/"x is not escaped (RFC 9110 §8.8.3)',
        status={200, 400},
        fields={"ETag": Is("absent or an entity tag", lambda value: value is None or QUOTED(value))},
    )
case("etag/nothing", "/etag/", why="httpbin, go-httpbin: no such path", status=404)

ALPHABET = b"abcdefghijklmnopqrstuvwxyz"
case("range/whole", "/range/26", why="httpbin, go-httpbin: /range/{n}", content=ALPHABET, fields={"Accept-Ranges": "bytes", "Content-Length": "26"})
case("range/repeats", "/range/30", why="httpbin, go-httpbin: /range/{n}", content=ALPHABET + b"abcd")
case(
    "range/type",
    "/range/26",
    why="httpbin: application/octet-stream",
    choice="defaults",
    fields={"Content-Type": "application/octet-stream"},
    peer={"go-httpbin": {"fields": {"Content-Type": contains("text/plain")}}},
)
case("range/etag", "/range/26", why="page: mistakes, /range's ETag is not quoted", fields={"ETag": '"range26"'})
case("range/no-content-range", "/range/26", content=ALPHABET, why="RFC 9110 §14.4: Content-Range belongs to 206 and 416", fields={"Content-Range": None})
for name, value, low, high in [
    ("first", "bytes=0-0", 0, 0),
    ("ten", "bytes=0-9", 0, 9),
    ("middle", "bytes=5-7", 5, 7),
    ("open", "bytes=10-", 10, 25),
    ("last-open", "bytes=25-", 25, 25),
    ("last", "bytes=25-25", 25, 25),
    ("suffix", "bytes=-5", 21, 25),
    ("suffix-one", "bytes=-1", 25, 25),
]:
    case(
        f"range/{name}",
        "/range/26",
        send={"Range": value},
        why="httpbin, go-httpbin: 206",
        status=206,
        content=ALPHABET[low : high + 1],
        fields={"Content-Range": f"bytes {low}-{high}/26", "Content-Length": str(high - low + 1)},
    )
case("range/all-named", "/range/26", send={"Range": "bytes=0-25"}, why="httpbin, go-httpbin: the whole, 206 or 200", status={200, 206}, content=ALPHABET)
for name, value, low in [("past-the-end", "bytes=20-200", 20), ("one-past", "bytes=20-26", 20), ("huge", "bytes=0-99999999999999999999", 0)]:
    case(
        f"range/{name}",
        "/range/26",
        send={"Range": value},
        why="page: range past the end",
        choice="range-clip",
        status=206 if name != "huge" else {200, 206},
        content=ALPHABET[low:],
        peer={"httpbin": {"status": 416, "content": b""}, "go-httpbin": {"status": {206, 416}, "content": None}},
    )
case("range/suffix-beyond", "/range/26", send={"Range": "bytes=-100"}, why="RFC 9110 §14.1.2: the whole when the suffix is longer", status={200, 206}, content=ALPHABET)
for name, value in [("beyond", "bytes=26-"), ("beyond-closed", "bytes=30-40"), ("far", "bytes=1000000-")]:
    case(f"range/{name}", "/range/26", send={"Range": value}, why="httpbin, go-httpbin: 416", status=416, fields={"Content-Range": "bytes */26"})
case("range/suffix-zero", "/range/26", send={"Range": "bytes=-0"}, why="RFC 9110 §14.1.2: a suffix of 0 cannot be satisfied", status=416, fields={"Content-Range": "bytes */26"})
case("range/other-unit", "/range/26", send={"Range": "chars=0-1"}, why="RFC 9110 §14.2: MUST ignore a unit it does not understand", status=200, content=ALPHABET)
case("range/unit-case", "/range/26", send={"Range": "Bytes=0-1"}, why="RFC 9110 §14.1: unit names are compared without case", status=206, content=b"ab")
for name, value in [("backwards", "bytes=5-2"), ("words", "bytes=abc"), ("empty", "bytes="), ("no-dash", "bytes=5"), ("two-dashes", "bytes=1-2-3")]:
    case(
        f"range/bad-{name}",
        "/range/26",
        send={"Range": value},
        why="RFC 9110 §14.2: MAY ignore or reject an invalid Range",
        status={200, 400, 416},
        also=lambda answer: holds(answer.status != 200 or answer.content == ALPHABET, "not the whole"),
    )
for name, method in [("head", "HEAD"), ("post", "POST")]:
    case(
        f"range/{name}-ignores",
        "/range/26",
        method=method,
        send={"Range": "bytes=0-1"},
        why="RFC 9110 §14.2: MUST ignore Range where the method has none; only GET has",
        status=200,
        fields={"Content-Range": None, "Content-Length": "26"},
    )
case("range/if-range-same", "/range/26", send={"Range": "bytes=0-1", "If-Range": '"range26"'}, why="RFC 9110 §13.1.5: the range if the tag is the same", status=206, content=b"ab")
case("range/if-range-other", "/range/26", send={"Range": "bytes=0-1", "If-Range": '"other"'}, why="RFC 9110 §13.1.5: else the whole", status=200, content=ALPHABET)
case("range/if-range-weak", "/range/26", send={"Range": "bytes=0-1", "If-Range": 'W/"range26"'}, why="RFC 9110 §13.1.5: compares strongly", status=200, content=ALPHABET)
case("range/if-none-match", "/range/26", send={"If-None-Match": '"range26"'}, why="RFC 9110 §13.1.2: its own tag", status=304)
case("range/head", "/range/26", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"Content-Length": "26", "Accept-Ranges": "bytes"}, content=b"")
case("range/chunk-size", "/range/26?chunk_size=5", why="httpbin, go-httpbin: chunk_size", content=ALPHABET)
case("range/duration", "/range/26?duration=0.2", why="httpbin, go-httpbin: duration", content=ALPHABET)
case("range/one", "/range/1", why="httpbin, go-httpbin: /range/{n}", content=b"a")
case("range/100-kib", "/range/102400", why="httpbin, go-httpbin: /range/{n}", fields={"Content-Length": "102400"})
case("range/200-kb", "/range/200000", why="go-httpbin: up to 1 MiB", fields={"Content-Length": "200000"})
case("range/1-mib", "/range/1048576", why="go-httpbin: up to 1 MiB", fields={"Content-Length": "1048576"})
for name, count in [("zero", "0"), ("negative", "-1"), ("word", "abc"), ("huge", "99999999999999999999")]:
    case(f"range/count-{name}", f"/range/{count}", why="page: a path parameter that is no number", choice="number", status=400, peer={"httpbin": {"status": 404}})
for name, query in [("duration-word", "duration=x"), ("duration-long", "duration=11"), ("duration-negative", "duration=-1"), ("duration-nan", "duration=nan")]:
    case(
        f"range/{name}",
        f"/range/26?{query}",
        late=name == "duration-nan",
        why="go-httpbin: 400" if name != "duration-nan" else "page: limits, 400 for a parameter",
        status=400,
        timeout=4,
    )


@scripted("range/two", "RFC 9110 §14.2: several ranges, as multipart/byteranges or the whole", "GET /range/1000 | Range: bytes=0-1,500-501", "200 with all, or 206 with both parts")
def _(t):
    answer = t.ask("GET", "/range/1000", [("Range", "bytes=0-1,500-501")])
    whole = (ALPHABET * 39)[:1000]
    if answer.status == 200:
        equal(answer.content, whole, "the content")
        return
    equal(answer.status, 206, "status")
    found = re.match(r'multipart/byteranges; *boundary="?([^"]+)"?', answer.one("Content-Type") or "")
    holds(found and answer.one("Content-Range") is None, "multipart/byteranges without a Content-Range of its own")
    parts = answer.content.split(b"--" + found[1].encode())
    bodies = [part.split(b"\r\n\r\n", 1)[1].removesuffix(b"\r\n") for part in parts[1:-1]]
    equal(bodies, [whole[:2], whole[500:502]], "the parts")


@scripted("range/assembled", "httpbin, go-httpbin: parts make the whole", "GET /range/100 in four ranges", "the same bytes as without")
def _(t):
    parts = [t.ask("GET", "/range/100", [("Range", f"bytes={start}-{start + 24}")]).content for start in range(0, 100, 25)]
    equal(b"".join(parts), (ALPHABET * 4)[:100], "the parts together")
