"""Redirects: counted, relative, absolute, to somewhere; walked by hand; and the ones that must not be sent."""

from urllib.parse import quote, urljoin, urlsplit

from expect import PRESENT, case, equal, holds, scripted

for count, after in [(1, "/get"), (2, "/relative-redirect/1"), (3, "/relative-redirect/2"), (20, "/relative-redirect/19"), (100, "/relative-redirect/99")]:
    case(f"redirect/{count}", f"/redirect/{count}", why="httpbin, go-httpbin: /redirect/{n}", status=302, fields={"Location": "{prefix}" + after})
for count, after in [(1, "/get"), (2, "/relative-redirect/1"), (5, "/relative-redirect/4")]:
    case(f"redirect/relative-{count}", f"/relative-redirect/{count}", why="httpbin, go-httpbin: /relative-redirect/{n}", status=302, fields={"Location": "{prefix}" + after})
for count, after in [(1, "/get"), (2, "/absolute-redirect/1"), (5, "/absolute-redirect/4")]:
    case(f"redirect/absolute-{count}", f"/absolute-redirect/{count}", why="httpbin, go-httpbin: /absolute-redirect/{n}", status=302, fields={"Location": "{base}" + after})
case("redirect/parameter-true", "/redirect/3?absolute=true", why="httpbin, go-httpbin: ?absolute", status=302, fields={"Location": "{base}/absolute-redirect/2"})
case("redirect/parameter-case", "/redirect/1?absolute=TRUE", why="httpbin, go-httpbin: ?absolute", status=302, fields={"Location": "{base}/get"})
case("redirect/parameter-false", "/redirect/3?absolute=false", why="httpbin, go-httpbin: ?absolute", status=302, fields={"Location": "{prefix}/relative-redirect/2"})
case("redirect/head", "/redirect/2", method="HEAD", why="httpbin, go-httpbin: HEAD", status=302, fields={"Location": "{prefix}/relative-redirect/1"}, content=b"")
case("redirect/post", "/redirect/2", method="POST", why="go-httpbin: endpoints take any method", status=302, fields={"Location": "{prefix}/relative-redirect/1"})
for path in ("redirect", "relative-redirect", "absolute-redirect"):
    for name, count, why in [
        ("zero", "0", "page: mistakes, /redirect/0 is 500"),
        ("negative", "-1", "page: a path parameter that is no number"),
        ("word", "abc", "page: a path parameter that is no number"),
        ("decimal", "1.5", "page: a path parameter that is no number"),
    ]:
        case(f"redirect/{path}-{name}", f"/{path}/{count}", why=why, choice="number", status=400, peer={"httpbin": {"status": 404}} if name != "zero" else {})
case("redirect/limit", lambda t: f"/redirect/{t.limit('redirects')}", why="page: limits are printed at /limits", status=302)
case("redirect/above-limit", lambda t: f"/redirect/{t.limit('redirects') + 1}", why="page: 400 for a parameter above its limit", status=400)


@scripted("redirect/walk", "httpbin, go-httpbin: n redirects, then /get", "GET /redirect/5, followed by hand", "five 302, then 200")
def _(t):
    walk(t, "/redirect/5", 5)


@scripted("redirect/walk-absolute", "httpbin, go-httpbin: n redirects, then /get", "GET /absolute-redirect/4, followed by hand", "four 302, then 200")
def _(t):
    walk(t, "/absolute-redirect/4", 4)


@scripted("redirect/walk-status", "httpbin, go-httpbin: 301 leads to /redirect/1", "GET /status/301, followed by hand", "two redirects, then 200")
def _(t):
    walk(t, "/status/301", 2)


@scripted("redirect/walk-308", "page: mistakes, /status/308 has no Location", "GET /status/308, followed by hand", "a 2xx in the end")
def _(t):
    walk(t, "/status/308", None)


def walk(t, path, count):
    """Follows Location on one connection after another, never off the server."""
    url, hops = t.url + path, 0
    while True:
        parts = urlsplit(url)
        equal(parts.netloc, t.host, "the host")
        answer = t.ask("GET", "", target=parts.path + (f"?{parts.query}" if parts.query else ""))
        if answer.status < 300:
            holds(answer.status == 200 and (hops == count if count is not None else hops > 0), f"{answer.status} after {hops} redirects")
            return
        holds(answer.status in (301, 302, 303, 307, 308) and hops < 20, f"{answer.status} after {hops}")
        url, hops = urljoin(url, answer.one("Location")), hops + 1


for code in (300, 301, 302, 303, 304, 305, 307, 308, 399):
    case(f"redirect-to/{code}", f"/redirect-to?url=/get&status_code={code}", why="httpbin, go-httpbin: status_code", status=code, fields={"Location": "{prefix}/get"}, peer=None)
case("redirect-to/default", "/redirect-to?url=/get", why="httpbin, go-httpbin: 302", status=302, fields={"Location": "{prefix}/get"})
case("redirect-to/encoded", "/redirect-to?url=%2Fget%3Fa%3Db%26c%3Dd", why="httpbin, go-httpbin: the URL is decoded", status=302, fields={"Location": "{prefix}/get?a=b&c=d"})
case("redirect-to/unicode", "/redirect-to?url=/%C3%A9", why="httpbin, go-httpbin: sent percent-encoded (RFC 3986)", status=302, fields={"Location": "{prefix}/%C3%A9"})
case("redirect-to/space", "/redirect-to?url=/a%20b", why="httpbin, go-httpbin: sent percent-encoded (RFC 3986)", status=302, fields={"Location": "{prefix}/a%20b"})
case("redirect-to/fragment", "/redirect-to?url=/get%23part", why="httpbin, go-httpbin: a fragment is kept", status=302, fields={"Location": "{prefix}/get#part"})
case(
    "redirect-to/own-origin",
    lambda t: "/redirect-to?url=" + quote(t.url + "/get", safe=""),
    why="httpbin, go-httpbin: an absolute URL of this server",
    status=302,
    fields={"Location": "{base}/get"},
)
for method in ("POST", "PUT", "PATCH", "DELETE"):
    case(
        f"redirect-to/{method.lower()}",
        "/redirect-to?url=/post&status_code=307",
        method=method,
        why="httpbin, go-httpbin: every common method",
        status=307,
        fields={"Location": "{prefix}/post"},
    )
case("redirect-to/head", "/redirect-to?url=/get", method="HEAD", why="httpbin, go-httpbin: HEAD", status=302, fields={"Location": "{prefix}/get"}, content=b"")
case("redirect-to/no-url", "/redirect-to", why="page: mistakes, /redirect-to without url sends Location: None", status=400, fields={"Location": None})
case("redirect-to/empty-url", "/redirect-to?url=", why="go-httpbin: 400", status=400, fields={"Location": None})
for name, code in [("200", "200"), ("404", "404"), ("299", "299"), ("400", "400"), ("word", "abc"), ("negative", "-1"), ("four-digits", "3000"), ("decimal", "302.5")]:
    case(
        f"redirect-to/status-{name}",
        f"/redirect-to?url=/get&status_code={code}",
        why="page: bad status_code in redirect-to",
        choice="redirect-status",
        status=400,
        peer={"httpbin": {"status": 302}},
    )

REFUSED = {400, 403}
for name, url in [
    ("http", "http://evil.example/"),
    ("https", "https://evil.example/"),
    ("no-scheme", "//evil.example/"),
    ("three-slashes", "///evil.example/"),
    ("backslashes", "\\\\evil.example/"),
    ("slash-backslash", "/\\evil.example/"),
    ("backslash-slash", "\\/evil.example/"),
    ("one-slash", "http:/evil.example/"),
    ("no-slash", "https:evil.example"),
    ("userinfo", "http://{host}@evil.example/"),
    ("prefix-of-host", "http://{host}.evil.example/"),
    ("tab", "/\t/evil.example/"),
    ("leading-tab", "\t//evil.example/"),
    ("leading-space", " //evil.example/"),
    ("upper-case", "HTTP://EVIL.EXAMPLE/"),
    ("other-port", "http://127.0.0.1:1/"),
    ("ftp", "ftp://evil.example/"),
    ("fragment-trick", "//evil.example#{host}"),
    ("query-trick", "//evil.example?{host}"),
]:
    case(
        f"open-redirect/{name}",
        lambda t, url=url: "/redirect-to?url=" + quote(url.replace("{host}", t.host), safe=""),
        why="page: safety 3, redirect targets outside the server",
        choice="redirect-list",
        status=REFUSED,
        fields={"Location": None},
        peer={"httpbin": {"status": {302, 500}, "fields": {}}, "go-httpbin": {"status": {302, 400, 403}, "fields": {}}},
    )
for name, url in [
    ("javascript", "javascript:alert(1)"),
    ("data", "data:text/html,x"),
    ("javascript-upper", "JaVaScRiPt:alert(1)"),
    ("javascript-space", " javascript:alert(1)"),
    ("file", "file:///etc/passwd"),
]:
    case(
        f"open-redirect/{name}",
        "/redirect-to?url=" + quote(url, safe=""),
        why="page: safety 3, http and https only",
        choice="redirect-list",
        status=REFUSED,
        fields={"Location": None},
        peer={"httpbin": {"status": 302, "fields": {}}, "go-httpbin": {"status": {302, 403}, "fields": {}}},
    )
case(
    "open-redirect/response-headers",
    "/response-headers?Location=http%3A%2F%2Fevil.example%2F",
    why="page: safety 3, every way a Location can be set",
    choice="redirect-list",
    status=REFUSED,
    fields={"Location": None},
    peer={"httpbin": {"status": 200, "fields": {}}, "go-httpbin": {"status": 200, "fields": {}}},
)
case(
    "open-redirect/response-headers-case",
    "/response-headers?lOcAtIoN=%2F%2Fevil.example%2F",
    why="page: safety 3, every way a Location can be set",
    choice="redirect-list",
    status=REFUSED,
    fields={"Location": None},
    peer={"httpbin": {"status": 200, "fields": {}}, "go-httpbin": {"status": 200, "fields": {}}},
)
case("open-redirect/response-headers-own", "/response-headers?Location=/get", why="httpbin, go-httpbin: a path of this server", status=200, fields={"Location": PRESENT})


@scripted("open-redirect/double-slash-path", "page: safety 3, no Location leads off the server", "GET //evil.example/..", "no Location with another host")
def _(t):
    for path in ("//evil.example/..", "//evil.example/%2e%2e", "/links/3//evil.example"):
        answer = t.ask("GET", path)
        location = answer.one("Location")
        if location is not None:
            holds(urlsplit(urljoin(t.url, location)).netloc == t.host, f"Location: {location}")


@scripted("open-redirect/host-header", "page: safety 3; a Host of the client's choice reaches the client alone", "GET /redirect/1 with Host: evil.example", "a relative Location")
def _(t):
    location = t.ask("GET", "/redirect/2", host="evil.example").one("Location")
    equal(location, t.prefix + "/relative-redirect/1", "Location")
