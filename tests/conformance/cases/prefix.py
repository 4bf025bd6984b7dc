"""Under a path: every URL that is told carries it. These cases run against the base URL with a path where the target has one."""

import re

from expect import case, equal, holds, scripted

case("prefix/url", "/get?a=b", why="page: mistakes, the url loses the prefix", json={"url": "{base}/get?a=b"})
case("prefix/anything", "/anything/x", why="page: mistakes, the url loses the prefix", json={"url": "{base}/anything/x"})
case("prefix/post", "/post", method="POST", why="page: mistakes, the url loses the prefix", json={"url": "{base}/post"})
case("prefix/redirect", "/redirect/2", why="httpbin, go-httpbin: relative redirects keep the prefix", status=302, fields={"Location": "{prefix}/relative-redirect/1"})
case("prefix/redirect-last", "/redirect/1", why="httpbin, go-httpbin: relative redirects keep the prefix", status=302, fields={"Location": "{prefix}/get"})
case("prefix/absolute", "/absolute-redirect/2", why="page: mistakes, absolute redirects lose the prefix", status=302, fields={"Location": "{base}/absolute-redirect/1"})
case("prefix/absolute-last", "/redirect/1?absolute=true", why="page: mistakes, absolute redirects lose the prefix", status=302, fields={"Location": "{base}/get"})
for code in (301, 302, 303, 307):
    case(f"prefix/status-{code}", f"/status/{code}", why="page: mistakes, /status/30x points at /redirect/1 without it", status=code, fields={"Location": "{prefix}/redirect/1"})
case(
    "prefix/redirect-to",
    "/redirect-to?url=/get",
    why="go-httpbin: a path of this server gets the prefix",
    choice="redirect-list",
    status=302,
    fields={"Location": "{prefix}/get"},
    peer={"httpbin": {"fields": {"Location": "/get"}}},
)
case("prefix/cookies-set", "/cookies/set?a=b", why="httpbin, go-httpbin: Location keeps the prefix", status=302, fields={"Location": "{prefix}/cookies"})
case("prefix/cookies-delete", "/cookies/delete?a", why="httpbin, go-httpbin: Location keeps the prefix", status=302, fields={"Location": "{prefix}/cookies"})
case("prefix/links", "/links/3", why="httpbin, go-httpbin: Location keeps the prefix", status=302, fields={"Location": "{prefix}/links/3/0"})
case("prefix/stream", "/stream/1", why="page: mistakes, the url loses the prefix", json={"url": "{base}/stream/1"})
case("prefix/not-found", "/nothing-here", why="httpbin, go-httpbin: 404", status=404)


def below(id, path, pattern, why):
    def run(t):
        found = re.findall(pattern, t.ask("GET", path).content.decode())
        holds(found and all(link.startswith(t.prefix + "/") for link in found), f"{found[:3]}")

    scripted(id, why, f"GET {path}", "links below the prefix")(run)


below("prefix/links-page", "/links/3/0", r"""href=["']?([^"'>]+)""", "httpbin, go-httpbin: links keep the prefix")
below("prefix/form", "/forms/post", r'action="([^"]+)"', "httpbin, go-httpbin: the form keeps the prefix")
below("prefix/robots", "/robots.txt", r"Disallow: (\S+)", "page: the service works under a path prefix")


@scripted("prefix/walk", "page: the service works under a path prefix", "GET /redirect/4?absolute=true, followed by hand", "200 at /get")
def _(t):
    from cases.redirects import walk

    walk(t, "/redirect/4?absolute=true", 4)


@scripted("prefix/walk-308", "page: mistakes, /status/308 has no Location", "GET /status/308, followed by hand", "a 2xx in the end")
def _(t):
    from cases.redirects import walk

    walk(t, "/status/308", None)


@scripted("prefix/digest", "RFC 7616 §3.4.6: uri is the request target, prefix included", "GET /digest-auth/auth/user/passwd with right credentials", "200")
def _(t):
    from cases.auth import AUTH, tried

    equal(tried(t, AUTH).status, 200, "status")


@scripted("prefix/outside", "page: the service works under a path prefix", "a path beside the prefix", "404, where there is one")
def _(t):
    if t.prefix:
        equal(t.ask("GET", "", target="/" + "x" * len(t.prefix) + "/get").status, 404, "status")
