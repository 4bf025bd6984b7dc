"""Fields of the client's choice in the response, and that they break nothing."""

from expect import Is, case, contains, equal, holds, parse_json, scripted


def sandboxed(value):
    """A form may be submitted (allow-forms); no script runs, and nothing shares our origin."""
    directives = [part.split() for line in (value or "").split(",") for part in line.split(";")]
    return any(words[:1] == ["sandbox"] and set(words[1:]) <= {"allow-forms"} for words in directives)


SANDBOXED = {
    "Content-Security-Policy": Is("with sandbox, and no word that lets scripts run", sandboxed),
    "X-Content-Type-Options": "nosniff",
}

for name, query, fields, json in [
    ("one", "X-Test=yes", {"X-Test": "yes"}, {"X-Test": "yes"}),
    ("two", "X-One=1&X-Two=2", {"X-One": "1", "X-Two": "2"}, {"X-One": "1", "X-Two": "2"}),
    ("space", "X-Test=a%20b", {"X-Test": "a b"}, {"X-Test": "a b"}),
    ("empty", "X-Test=", {"X-Test": ""}, {"X-Test": ""}),
    ("quotes", "X-Test=%22a%22", {"X-Test": '"a"'}, {"X-Test": '"a"'}),
    ("markup", "X-Test=%3Cb%3E", {"X-Test": "<b>"}, {"X-Test": "<b>"}),
    ("cache-control", "Cache-Control=max-age%3D5", {"Cache-Control": "max-age=5"}, {"Cache-Control": "max-age=5"}),
    ("etag", "ETag=%22x%22", {"ETag": '"x"'}, {"ETag": '"x"'}),
    ("retry-after", "Retry-After=120", {"Retry-After": "120"}, {"Retry-After": "120"}),
    ("symbols", "X-!%23%24%25%26%27*%2B.%5E_%60%7C~=1", {"X-!#$%&'*+.^_`|~": "1"}, {}),
]:
    case(
        f"response-headers/{name}",
        f"/response-headers?{query}",
        why="httpbin, go-httpbin: /response-headers",
        choice="values",
        fields=fields,
        json={(key,): value for key, value in json.items()} or None,
    )
case(
    "response-headers/none",
    "/response-headers",
    why="httpbin, go-httpbin: JSON of the fields",
    choice="values",
    fields={"Content-Type": contains("application/json")},
    json={"Content-Type": contains("application/json")},
)
case("response-headers/repeated", "/response-headers?X-Test=1&X-Test=2", why="httpbin, go-httpbin: two lines, a list", fields={"X-Test": ["1", "2"]}, json={"X-Test": ["1", "2"]})
case("response-headers/set-cookies", "/response-headers?Set-Cookie=a%3Db&Set-Cookie=c%3Dd", why="httpbin, go-httpbin: two lines", fields={"Set-Cookie": ["a=b", "c=d"]})
case("response-headers/post", "/response-headers?X-Test=1", method="POST", why="httpbin, go-httpbin: POST too", fields={"X-Test": "1"})
case("response-headers/head", "/response-headers?X-Test=1", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"X-Test": "1"}, content=b"")
for name, given in [("type", "Content-Type"), ("type-lower", "content-type"), ("type-upper", "CONTENT-TYPE")]:
    case(f"response-headers/{name}", f"/response-headers?{given}=text%2Fplain", why="page: mistakes, two Content-Type lines", fields={"Content-Type": ["text/plain"]})
case(
    "response-headers/type-html",
    "/response-headers?Content-Type=text%2Fhtml&X-Test=%3Cscript%3E",
    why="page: safety 1",
    choice="sandbox",
    fields={"Content-Type": ["text/html"], **SANDBOXED},
    content=contains(b"<script>"),
    peer={"httpbin": {"fields": {}}, "go-httpbin": {"fields": {}, "content": contains(b"&lt;script&gt;")}},
)
for name, query in [("length", "Content-Length=5"), ("length-case", "content-LENGTH=5"), ("length-zero", "Content-Length=0")]:
    case(
        f"response-headers/{name}",
        f"/response-headers?{query}",
        why="page: mistakes, two lengths that differ, or no answer",
        status={200, 400},
        also=lambda answer: holds(answer.status == 400 or "Content-Type" in parse_json(answer.content), "no JSON"),
    )
for name, query in [
    ("coding", "Transfer-Encoding=chunked"),
    ("coding-gzip", "Transfer-Encoding=gzip"),
    ("connection", "Connection=upgrade"),
    ("trailer", "Trailer=X"),
    ("upgrade", "Upgrade=h2c"),
]:
    case(
        f"response-headers/{name}",
        f"/response-headers?{query}",
        why="RFC 9112 §6: framing stays the server's",
        status={200, 400},
        also=lambda answer: holds(answer.status == 400 or parse_json(answer.content) is not None, "no JSON"),
    )
for name, query in [
    ("space-in-name", "a%20b=c"),
    ("no-name", "=x"),
    ("colon-in-name", "a%3Ab=c"),
    ("unicode-name", "%C3%A9=1"),
    ("nul-in-name", "a%00=1"),
    ("newline-in-name", "a%0D%0AX-Evil%3A1=2"),
]:
    case(f"response-headers/{name}", f"/response-headers?{query}", why="RFC 9110 §5.1: a field name is a token", status=400, fields={"X-Evil": None})
for name, query in [("policy", "Content-Security-Policy=default-src%20*"), ("nosniff", "X-Content-Type-Options=sniff"), ("policy-case", "content-security-policy=script-src%20*")]:
    case(
        f"response-headers/sandbox-stays-{name}",
        f"/response-headers?{query}&Content-Type=text/html",
        why="page: safety 1, whatever the client chose",
        status={200, 400},
        fields=SANDBOXED,
    )
case("response-headers/many", "/response-headers?" + "&".join(f"X-{n}={n}" for n in range(30)), why="httpbin, go-httpbin: many fields", fields={"X-0": "0", "X-29": "29"})


@scripted("response-headers/length-true", "page: mistakes, two lengths that differ", "GET /response-headers?Content-Length=5 twice on a connection", "both answers can be read")
def _(t):
    with t.connect() as connection:
        connection.send(t.request("GET", "/response-headers?Content-Length=5"))
        connection.answer()
        connection.send(t.request("GET", "/uuid", [("Connection", "close")]))
        equal(connection.answer().status, 200, "the next answer")
