"""Cookies: shown, set with attributes, deleted."""

from expect import Is, case, contains, equal, holds, matches, scripted

for name, value, expected in [
    ("one", "a=b", {"a": "b"}),
    ("two", "a=b; c=d", {"a": "b", "c": "d"}),
    ("empty", "a=", {"a": ""}),
    ("equals", "a=b=c", {"a": "b=c"}),
    ("quoted", 'a="b c"', {"a": "b c"}),
    ("no-space", "a=b;c=d", {"a": "b", "c": "d"}),
    ("long", "a=" + "x" * 3000, {"a": "x" * 3000}),
    ("token-name", "a-b_c.d=1", {"a-b_c.d": "1"}),
]:
    case(f"cookies/shown-{name}", "/cookies", send={"Cookie": value}, why="httpbin, go-httpbin: /cookies", json={"cookies": expected})
case("cookies/none", "/cookies", why="httpbin, go-httpbin: /cookies", json={"cookies": {}})
case("cookies/all-shown", "/cookies", send={"Cookie": "_gauges_unique=1; __utma=2"}, why="go-httpbin: nothing is hidden", json={"cookies": {"_gauges_unique": "1", "__utma": "2"}})
case("cookies/set-one", "/cookies/set?a=b", why="httpbin, go-httpbin: 302 to /cookies", status=302, fields={"Location": "{prefix}/cookies", "Set-Cookie": matches("a=b; Path=/.*")})
case(
    "cookies/set-default-attributes",
    "/cookies/set?a=b",
    why="httpbin: Path=/ and nothing else",
    choice="defaults",
    status=302,
    fields={"Set-Cookie": "a=b; Path=/"},
    peer={"go-httpbin": {"fields": {"Set-Cookie": "a=b; Path=/; HttpOnly"}}},
)
case(
    "cookies/set-two",
    "/cookies/set?a=b&c=d",
    why="httpbin: one line each, in order",
    status=302,
    also=lambda answer: equal([line.split(";")[0] for line in answer.all("Set-Cookie")], ["a=b", "c=d"], "cookies"),
    choice="defaults",
    peer={"go-httpbin": {"also": lambda answer: equal(sorted(line.split(";")[0] for line in answer.all("Set-Cookie")), ["a=b", "c=d"], "cookies")}},
)
case("cookies/set-none", "/cookies/set", why="httpbin, go-httpbin: 302 to /cookies", status=302, fields={"Location": "{prefix}/cookies", "Set-Cookie": None})
case("cookies/set-empty", "/cookies/set?a=", why="httpbin, go-httpbin: an empty value", status=302, fields={"Set-Cookie": matches('a=(|""); Path=/.*')})
case(
    "cookies/set-repeated",
    "/cookies/set?a=1&a=2",
    why="httpbin, go-httpbin: the first value",
    status=302,
    also=lambda answer: equal([line.split(";")[0] for line in answer.all("Set-Cookie")], ["a=1"], "cookies"),
)
case("cookies/set-space", "/cookies/set?a=b%20c", why="httpbin, go-httpbin: quoted", status=302, fields={"Set-Cookie": matches('a="b c"; Path=/.*')})
case("cookies/set-head", "/cookies/set?a=b", method="HEAD", why="httpbin, go-httpbin: HEAD", status=302, fields={"Location": "{prefix}/cookies"}, content=b"")
case(
    "cookies/set-path",
    "/cookies/set/name/value",
    why="httpbin: /cookies/set/{name}/{value}",
    status=302,
    fields={"Location": "{prefix}/cookies", "Set-Cookie": matches("name=value; Path=/.*")},
)
case("cookies/set-path-encoded", "/cookies/set/name/a%20b", why="httpbin: /cookies/set/{name}/{value}", status=302, fields={"Set-Cookie": matches('name="a b"; Path=/.*')})
for name, query, pattern in [
    ("secure", "attr[Secure]=true", r"a=b;.*\bSecure\b.*"),
    ("secure-1", "attr[Secure]=1", r"a=b;.*\bSecure\b.*"),
    ("path", "attr[Path]=/foo", "a=b;.*Path=/foo.*"),
    ("domain", "attr[Domain]=example.test", "a=b;.*Domain=example.test.*"),
    ("strict", "attr[SameSite]=strict", "a=b;.*SameSite=Strict.*"),
    ("lax", "attr[SameSite]=Lax", "a=b;.*SameSite=Lax.*"),
    ("none", "attr[SameSite]=none", "a=b;.*SameSite=None.*"),
    ("http-only", "attr[HttpOnly]=true", "a=b;.*HttpOnly.*"),
    ("case", "attr[sEcUrE]=true", r"a=b;.*\bSecure\b.*"),
    ("encoded", "attr%5BSecure%5D=true", r"a=b;.*\bSecure\b.*"),
]:
    case(f"cookies/attribute-{name}", f"/cookies/set?a=b&{query}", why="go-httpbin: attr[Name]", status=302, fields={"Set-Cookie": matches(pattern)})
case(
    "cookies/attribute-false",
    "/cookies/set?a=b&attr[HttpOnly]=false&attr[Secure]=false",
    why="go-httpbin: attr[Name]",
    status=302,
    fields={"Set-Cookie": Is("without them", lambda value: "HttpOnly" not in value and "Secure" not in value)},
)
case(
    "cookies/attribute-many",
    "/cookies/set?a=b&attr[Secure]=true&attr[Path]=/p&attr[SameSite]=none&attr[Domain]=example.test",
    why="go-httpbin: attr[Name]",
    status=302,
    fields={"Set-Cookie": Is("all of them", lambda value: all(part in value for part in ("Secure", "Path=/p", "SameSite=None", "Domain=example.test")))},
)
case("cookies/attribute-is-no-cookie", "/cookies/set?attr[Secure]=true", why="go-httpbin: attr[Name]", status=302, fields={"Set-Cookie": None})
case(
    "cookies/attribute-for-all",
    "/cookies/set?a=b&c=d&attr[Path]=/p",
    why="go-httpbin: attr[Name]",
    status=302,
    also=lambda answer: holds(len(answer.all("Set-Cookie")) == 2 and all("Path=/p" in line for line in answer.all("Set-Cookie")), f"{answer.all('Set-Cookie')}"),
)


def gone(name):
    return Is(f"{name} with a past Expires and Max-Age=0", lambda value: value.startswith(f"{name}=") and "Max-Age=0" in value and "Expires=" in value)


case("cookies/delete-one", "/cookies/delete?a", why="httpbin, go-httpbin: 302 to /cookies", status=302, fields={"Location": "{prefix}/cookies", "Set-Cookie": gone("a")})
case("cookies/delete-equals", "/cookies/delete?a=", why="httpbin, go-httpbin: 302 to /cookies", status=302, fields={"Set-Cookie": gone("a")})
case("cookies/delete-path", "/cookies/delete?a", why="httpbin, go-httpbin: Path=/", status=302, fields={"Set-Cookie": contains("Path=/")})
case(
    "cookies/delete-two",
    "/cookies/delete?a&b",
    why="httpbin, go-httpbin: one line each",
    status=302,
    also=lambda answer: equal(sorted(line.split("=")[0] for line in answer.all("Set-Cookie")), ["a", "b"], "cookies"),
)
case("cookies/delete-none", "/cookies/delete", why="httpbin, go-httpbin: 302 to /cookies", status=302, fields={"Location": "{prefix}/cookies", "Set-Cookie": None})
case(
    "cookies/delete-attribute",
    "/cookies/delete?a&attr[Path]=/p",
    why="go-httpbin: attr[Name]",
    status=302,
    fields={"Set-Cookie": Is("of that path", lambda value: "Path=/p" in value and "Max-Age=0" in value)},
)
case("cookies/bad-name", "/cookies/set?a%20b=1", why="RFC 6265 §4.1.1: a cookie's name is a token", status=400, fields={"Set-Cookie": None})
case(
    "cookies/no-attribute-from-value",
    "/cookies/set?a=b%3B%20Domain%3Devil.example",
    why="RFC 6265 §4.1.1: a semicolon is no part of a value",
    status={302, 400},
    fields={"Set-Cookie": Is("no attribute", lambda value: value is None or "domain=" not in value.lower().replace(" ", "") or '"' in value)},
)


@scripted("cookies/round-trip", "httpbin, go-httpbin: set, then shown", "GET /cookies/set?flavour=plain, then GET /cookies with it", "the cookie")
def _(t):
    from expect import parse_json

    line = t.ask("GET", "/cookies/set?flavour=plain").one("Set-Cookie")
    shown = parse_json(t.ask("GET", "/cookies", [("Cookie", line.split(";")[0])]).content)
    equal(shown, {"cookies": {"flavour": "plain"}}, "what is shown")
