"""What arrived, shown: methods, query, fields, content."""

from expect import FALSY, TEXT, Is, case, contains, holds, parse_json

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NULL = Is("null", lambda value: value is None)

# --- methods ---------------------------------------------------------------------------------------------------------------------------------------------
for method, path in [
    ("GET", "/get"),
    ("POST", "/post"),
    ("PUT", "/put"),
    ("PATCH", "/patch"),
    ("DELETE", "/delete"),
    *((m, "/anything") for m in ("GET", "POST", "PUT", "PATCH", "DELETE", "TRACE")),
]:
    name = f"methods/{method.lower()}-{path[1:]}"
    case(
        name,
        path + "?a=b",
        method=method,
        why="httpbin, go-httpbin: /" + path[1:],
        choice="values",
        json={"args.a": "b", "url": "{base}" + path + "?a=b", "origin": TEXT, "headers.Host": "{host}"},
    )
    if method != "TRACE":
        case(name + "-type", path, method=method, why="httpbin, go-httpbin: answers are JSON", fields={"Content-Type": contains("application/json")})
for method in ("POST", "PUT", "PATCH", "DELETE"):
    path = f"/{method.lower()}"
    case(
        f"methods/{method.lower()}-keys",
        path,
        method=method,
        body=b"x=1",
        send=FORM,
        why="httpbin, go-httpbin: keys of the echo with content",
        json={"": NULL},
        also=lambda answer: holds({"args", "data", "files", "form", "headers", "json", "origin", "url"} <= set(parse_json(answer.content)), "a key is missing"),
    )
    case(
        f"methods/{method.lower()}-form", path, method=method, body=b"x=1&y=%20z", send=FORM, why="httpbin, go-httpbin: form", choice="values", json={"form.x": "1", "form.y": " z"}
    )
for method in ("GET", "POST", "PUT", "PATCH", "DELETE"):
    case(f"methods/anything-{method.lower()}-method", "/anything", method=method, why="httpbin, go-httpbin: /anything tells the method", json={"method": method})
case("methods/anything-path", "/anything/a/b/c?x=y", why="httpbin, go-httpbin: /anything/{anything}", json={"url": "{base}/anything/a/b/c?x=y"})
case("methods/anything-encoded-path", "/anything/a%20b", why="httpbin, go-httpbin: the URL as it was asked", json={"url": "{base}/anything/a%20b"})
case("methods/anything-encoded-slash", "/anything/a%2Fb", why="go-httpbin: the URL as it was asked", json={"url": "{base}/anything/a%2Fb"})
case("methods/anything-any-method", "/anything", method="PROPFIND", why="go-httpbin: /anything takes every method", json={"method": "PROPFIND"})
case("methods/anything-own-method", "/anything", method="FOO", why="go-httpbin: /anything takes every method", json={"method": "FOO"})
case(
    "methods/anything-get-with-content",
    "/anything",
    method="GET",
    body=b"x=1",
    send=FORM,
    why="httpbin, go-httpbin: GET may have content here",
    choice="values",
    json={"form.x": "1"},
)
case("methods/get-tells-method", "/get", why="go-httpbin: `method` in every echo", json={"method": "GET"})
case("methods/post-tells-method", "/post", method="POST", why="go-httpbin: `method` in every echo", json={"method": "POST"})
case("methods/head-head", "/head", method="HEAD", why="go-httpbin: /head", fields={"Content-Type": contains("application/json")}, content=b"")
case("methods/head-get", "/head", why="go-httpbin: /head takes HEAD alone", status=405, fields={"Allow": contains("HEAD")})
case(
    "methods/forwarded-proto", "/get", send={"X-Forwarded-Proto": "https"}, why="httpbin, go-httpbin: the scheme as the proxy tells it", json={"url": "https://{host}{prefix}/get"}
)
case("methods/forwarded-for", "/get", send={"X-Forwarded-For": "203.0.113.7"}, why="httpbin, go-httpbin: the origin as the proxy tells it", json={"origin": "203.0.113.7"})
case(
    "methods/host",
    "/get",
    host="example.test",
    why="httpbin, go-httpbin: Host is the client's",
    json={"headers.Host": "example.test", "url": "http://example.test{prefix}/get"},
    choice="values",
)
case("methods/json-ends-with-newline", "/get", why="httpbin, go-httpbin: JSON ends with a newline", content=Is("ends with a newline", lambda content: content.endswith(b"\n")))
case("methods/json-is-indented", "/get", why="httpbin, go-httpbin: JSON is indented by two", content=Is("indented by two", lambda content: content.startswith(b'{\n  "')))

# --- query -----------------------------------------------------------------------------------------------------------------------------------------------
for name, query, expected in [
    ("one", "a=1", {"args.a": "1"}),
    ("two", "a=1&b=2", {"args.a": "1", "args.b": "2"}),
    ("empty-value", "a=", {"args.a": ""}),
    ("no-equals", "a", {"args.a": ""}),
    ("plus", "a=b+c", {"args.a": "b c"}),
    ("encoded-space", "a=b%20c", {"args.a": "b c"}),
    ("encoded-ampersand", "a=b%26c", {"args.a": "b&c"}),
    ("encoded-equals", "a=b=c", {"args.a": "b=c"}),
    ("unicode-value", "a=%E2%82%AC", {"args.a": "€"}),
    ("unicode-name", "%C3%A9=1", {("args", "é"): "1"}),
    ("emoji", "a=%F0%9F%8D%84", {"args.a": "🍄"}),
    ("empty-name", "=x", {("args", ""): "x"}),
    ("empty-pairs", "&&a=1&", {"args.a": "1"}),
    ("dotted-name", "a.b=1", {("args", "a.b"): "1"}),
    ("bracket-name", "a%5B%5D=1", {("args", "a[]"): "1"}),
    ("quote", "a=%22", {"args.a": '"'}),
    ("markup", "a=%3Cb%3E", {"args.a": "<b>"}),
    ("newline", "a=%0A", {"args.a": "\n"}),
]:
    case(f"query/{name}", f"/get?{query}", why="httpbin, go-httpbin: args are decoded (URL Standard, urlencoded)", choice="values", json=expected)
case("query/none", "/get", why="httpbin, go-httpbin: args is an object", json={"args": {}})
case("query/repeated", "/get?a=1&a=2&a=3", why="page: values of args", json={"args.a": ["1", "2", "3"]})
case("query/repeated-among-others", "/get?a=1&b=x&a=2", why="page: values of args", choice="values", json={"args.a": ["1", "2"], "args.b": "x"})
case("query/repeated-empty", "/get?a=&a=", why="page: values of args", json={"args.a": ["", ""]})
case("query/repeated-equal", "/get?a=1&a=1", why="page: values of args", json={"args.a": ["1", "1"]})
case("query/bad-escape", "/get?a=%zz", why="httpbin: a broken escape stays as it is", json={"args.a": "%zz"})
case("query/semicolon", "/get?a=1;b=2", why="httpbin: a semicolon separates nothing (URL Standard)", json={"args.a": "1;b=2"})
case("query/not-utf8", "/get?a=%ff", why="httpbin, go-httpbin: the answer is JSON whatever the bytes", json={"args": Is("an object", lambda value: isinstance(value, dict))})
case("query/in-url", "/get?b=2&a=1", why="httpbin, go-httpbin: url has the query in its order", json={"url": "{base}/get?b=2&a=1"})
case("query/on-post", "/post?a=1", method="POST", body=b"a=2", send=FORM, why="httpbin, go-httpbin: args and form are apart", choice="values", json={"args.a": "1", "form.a": "2"})

# --- fields ----------------------------------------------------------------------------------------------------------------------------------------------
for name, send, expected in [
    ("simple", [("X-Test", "yes")], {("headers", "X-Test"): "yes"}),
    ("case-of-names", [("x-test-name", "1")], {("headers", "X-Test-Name"): "1"}),
    ("empty", [("X-Empty", "")], {("headers", "X-Empty"): ""}),
    ("spaces-around", [("X-Spaces", "  a b  ")], {("headers", "X-Spaces"): "a b"}),
    ("accept", [("Accept", "text/html, */*;q=0.1")], {"headers.Accept": "text/html, */*;q=0.1"}),
    ("authorization", [("Authorization", "Basic dTpw")], {"headers.Authorization": "Basic dTpw"}),
    ("cookie", [("Cookie", "a=b; c=d")], {"headers.Cookie": "a=b; c=d"}),
    ("quotes", [("X-Quote", 'a "b" \\c')], {("headers", "X-Quote"): 'a "b" \\c'}),
    ("long", [("X-Long", "v" * 4000)], {("headers", "X-Long"): "v" * 4000}),
    ("range", [("Range", "bytes=0-1")], {"headers.Range": "bytes=0-1"}),
    ("tab", [("X-Tab", "a\tb")], {("headers", "X-Tab"): "a\tb"}),
]:
    case(f"headers/{name}", "/headers", send=send, why="httpbin, go-httpbin: /headers shows the fields", choice="values", json=expected)
case("headers/repeated", "/headers", send=[("X-Many", "1"), ("X-Many", "2")], why="page: values of headers, a list when repeated", json={("headers", "X-Many"): ["1", "2"]})
case("headers/host", "/headers", why="httpbin, go-httpbin: Host is among them", choice="values", json={"headers.Host": "{host}"})
case("headers/any-method", "/headers", method="POST", why="go-httpbin: endpoints take any method", json={"headers.Host": "{host}"}, choice="values")
case("headers/user-agent", "/user-agent", send={"User-Agent": "tester/1.0 (x)"}, why="httpbin, go-httpbin: /user-agent", json={"user-agent": "tester/1.0 (x)"})
case("headers/user-agent-empty", "/user-agent", send={"User-Agent": ""}, why="httpbin, go-httpbin: /user-agent", json={"user-agent": ""})
case("headers/user-agent-none", "/user-agent", why="httpbin, go-httpbin: no agent is null or empty", json={"user-agent": FALSY})
case("headers/ip", "/ip", why="httpbin, go-httpbin: /ip", json={"origin": "127.0.0.1"})
case("headers/ip-text", "/ip?format=text", why="go-httpbin: /ip?format=text", fields={"Content-Type": contains("text/plain")}, content=b"127.0.0.1\n")
case("headers/ip-forwarded", "/ip", send={"X-Forwarded-For": "203.0.113.9"}, why="httpbin, go-httpbin: /ip behind a proxy", json={"origin": "203.0.113.9"})
case("headers/hostname", "/hostname", why="go-httpbin: /hostname", json={"hostname": TEXT})
case(
    "headers/content-length",
    "/post",
    method="POST",
    body=b"12345",
    send={"Content-Type": "text/plain"},
    why="httpbin, go-httpbin: framing fields are shown",
    choice="values",
    json={"headers.Content-Length": "5"},
)
