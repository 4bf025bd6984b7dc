"""Content of requests, shown: text, binary, JSON, forms, parts, chunks; and the endpoints that take or dump it."""

import base64

from expect import ABSENT, TEXT, Is, case, contains, holds, parse_json, scripted

JSON = {"Content-Type": "application/json"}
FORM = {"Content-Type": "application/x-www-form-urlencoded"}
NULL = Is("null", lambda value: value is None)

case(
    "content/text",
    "/post",
    method="POST",
    body=b"hello",
    send={"Content-Type": "text/plain"},
    why="httpbin, go-httpbin: data",
    json={"data": "hello", "form": {}, "files": {}, "json": NULL},
)
case(
    "content/text-utf8",
    "/post",
    method="POST",
    body="zażółć 🍄".encode(),
    send={"Content-Type": "text/plain; charset=utf-8"},
    why="httpbin, go-httpbin: data",
    json={"data": "zażółć 🍄"},
)
case("content/empty", "/post", method="POST", why="httpbin, go-httpbin: no content", json={"data": "", "form": {}, "files": {}, "json": NULL})
case(
    "content/no-type",
    "/post",
    method="POST",
    body=b"x=1",
    why="httpbin: content without a type is text, no form",
    choice="content-shape",
    json={"data": "x=1", "form": {}},
    peer={"go-httpbin": {"json": {"data": "data:application/octet-stream;base64,eD0x", "form": {}}}},
)
case(
    "content/binary",
    "/post",
    method="POST",
    body=b"\xff\xfe\x00\x01",
    send={"Content-Type": "application/octet-stream"},
    why="httpbin: binary content is a data URL",
    choice="content-shape",
    json={"data": "data:application/octet-stream;base64,//4AAQ=="},
    peer={"go-httpbin": {"json": {"data": "data:application/octet-stream;base64,__4AAQ=="}}},
)
case(
    "content/binary-type-that-is-text",
    "/post",
    method="POST",
    body=b"hello",
    send={"Content-Type": "application/octet-stream"},
    why="httpbin: text is shown as text",
    choice="content-shape",
    json={"data": "hello"},
    peer={"go-httpbin": {"json": {"data": "data:application/octet-stream;base64,aGVsbG8="}}},
)
case(
    "content/text-type-that-is-binary",
    "/post",
    method="POST",
    body=b"a\xff",
    send={"Content-Type": "text/plain"},
    why="httpbin: what is not UTF-8 is a data URL",
    choice="content-shape",
    json={"data": Is("a base64 data URL", lambda value: value.startswith("data:") and value.endswith(";base64," + base64.b64encode(b"a\xff").decode()))},
    peer={"go-httpbin": {"json": {"data": TEXT}}},
)
case("content/nul", "/post", method="POST", body=b"a\x00b", send={"Content-Type": "text/plain"}, why="httpbin, go-httpbin: NUL is a character", json={"data": "a\x00b"})
for name, text, value in [
    ("object", b'{"a": {"b": [1, 2.5, true, null]}}', {"a": {"b": [1, 2.5, True, None]}}),
    ("list", b"[1]", [1]),
    ("number", b"3", 3),
    ("string", b'"x"', "x"),
    ("true", b"true", True),
    ("unicode", '{"é": "€"}'.encode(), {"é": "€"}),
    ("escaped", b'{"a": "\\u20ac"}', {"a": "€"}),
    ("spaces", b' {"a" :1}\n', {"a": 1}),
    ("empty-object", b"{}", {}),
    ("deep", b"[" * 60 + b"]" * 60, Is("60 lists", lambda value: isinstance(value, list))),
]:
    case(f"content/json-{name}", "/post", method="POST", body=text, send=JSON, why="httpbin, go-httpbin: json", json={"json": value, "data": text.decode()})
case("content/json-null", "/post", method="POST", body=b"null", send=JSON, why="httpbin, go-httpbin: json", json={"json": NULL, "data": "null"})
case(
    "content/json-charset",
    "/post",
    method="POST",
    body=b'{"a":1}',
    send={"Content-Type": "application/json; charset=utf-8"},
    why="httpbin, go-httpbin: parameters of the type do not matter",
    json={"json.a": 1},
)
case(
    "content/json-type-case",
    "/post",
    method="POST",
    body=b'{"a":1}',
    send={"Content-Type": "Application/JSON"},
    why="RFC 9110 §8.3.1: types are compared without case",
    json={"json.a": 1},
)
case("content/json-suffix", "/post", method="POST", body=b'{"a":1}', send={"Content-Type": "application/vnd.api+json"}, why="httpbin: whatever parses is shown", json={"json.a": 1})
case(
    "content/json-as-text",
    "/post",
    method="POST",
    body=b'{"a":1}',
    send={"Content-Type": "text/plain"},
    why="httpbin: whatever parses is shown",
    json={"json.a": 1, "data": '{"a":1}'},
)
case("content/json-large-integer", "/post", method="POST", body=b'{"a":12345678901234567890}', send=JSON, why="httpbin: numbers are kept", json={"json.a": 12345678901234567890})
for name, text in [("cut", b'{"a":'), ("word", b"{bad}"), ("trailing", b'{"a":1,}'), ("two", b"{} {}"), ("single-quotes", b"{'a':1}")]:
    case(
        f"content/json-broken-{name}",
        "/post",
        method="POST",
        body=text,
        send=JSON,
        why="page: body that claims JSON but is not",
        choice="broken-json",
        json={"json": NULL, "data": text.decode()},
        peer={"go-httpbin": {"status": {200, 400}, "json": {}}},
    )
case(
    "content/json-broken-anything",
    "/anything",
    method="PUT",
    body=b"{",
    send=JSON,
    why="page: body that claims JSON but is not",
    choice="broken-json",
    json={"json": NULL},
    peer={"go-httpbin": {"status": 400, "json": {}}},
)

for name, body, expected in [
    ("one", b"a=1", {"form.a": "1"}),
    ("plus", b"a=b+c", {"form.a": "b c"}),
    ("encoded", b"a=%E2%82%AC%26", {"form.a": "€&"}),
    ("empty-value", b"a=", {"form.a": ""}),
    ("name-only", b"a", {"form.a": ""}),
    ("unicode-name", b"%C3%A9=1", {("form", "é"): "1"}),
    ("newline", b"a=1%0D%0A2", {"form.a": "1\r\n2"}),
]:
    case(f"content/form-{name}", "/post", method="POST", body=body, send=FORM, why="httpbin, go-httpbin: form", choice="values", json=expected)
case("content/form-repeated", "/post", method="POST", body=b"a=1&a=2", send=FORM, why="page: values of form", json={"form.a": ["1", "2"]})
case(
    "content/form-charset",
    "/post",
    method="POST",
    body=b"a=1",
    send={"Content-Type": "application/x-www-form-urlencoded; charset=UTF-8"},
    why="httpbin, go-httpbin: parameters of the type do not matter",
    choice="values",
    json={"form.a": "1"},
)
case(
    "content/form-empties-data",
    "/post",
    method="POST",
    body=b"a=1",
    send=FORM,
    why="httpbin: data is empty when a form was read",
    choice="content-shape",
    json={"data": ""},
    peer={"go-httpbin": {"json": {"data": "a=1"}}},
)
case("content/form-bad-escape", "/post", method="POST", body=b"a=%zz", send=FORM, why="httpbin: a broken escape stays as it is", json={"form.a": "%zz"})


def part(name, content, filename=None, kind=None):
    head = f'Content-Disposition: form-data; name="{name}"' + (f'; filename="{filename}"' if filename is not None else "")
    return head.encode() + (f"\r\nContent-Type: {kind}".encode() if kind else b"") + b"\r\n\r\n" + content + b"\r\n"


def multipart(*parts):
    return b"".join(b"--xYx\r\n" + one for one in parts) + b"--xYx--\r\n"


MULTIPART = {"Content-Type": "multipart/form-data; boundary=xYx"}
for name, parts, expected in [
    ("field", [part("a", b"1")], {"form.a": "1"}),
    ("field-unicode", [part("a", "zażółć".encode())], {"form.a": "zażółć"}),
    ("field-empty", [part("a", b"")], {"form.a": ""}),
    ("field-lines", [part("a", b"1\r\n--xY\r\n2")], {"form.a": "1\r\n--xY\r\n2"}),
    ("file", [part("f", b"hello\n", "a.txt", "text/plain")], {"files.f": "hello\n"}),
    ("file-no-type", [part("f", b"hello", "a.txt")], {"files.f": "hello"}),
    ("file-empty", [part("f", b"", "a.txt", "text/plain")], {"files.f": ""}),
    ("both", [part("a", b"1"), part("f", b"hello", "a.txt", "text/plain")], {"form.a": "1", "files.f": "hello"}),
    ("file-unicode", [part("f", "€".encode(), "é.txt", "text/plain")], {"files.f": "€"}),
]:
    case(
        f"content/multipart-{name}",
        "/post",
        method="POST",
        body=multipart(*parts),
        send=MULTIPART,
        why="httpbin, go-httpbin: form and files (RFC 7578)",
        choice="values",
        json=expected,
    )
case(
    "content/multipart-repeated-field",
    "/post",
    method="POST",
    body=multipart(part("a", b"1"), part("a", b"2")),
    send=MULTIPART,
    why="page: values of form",
    json={"form.a": ["1", "2"]},
)
case(
    "content/multipart-two-files",
    "/post",
    method="POST",
    body=multipart(part("f", b"one", "a"), part("f", b"two", "b")),
    send=MULTIPART,
    why="go-httpbin: every file of a name",
    json={"files.f": ["one", "two"]},
)
case(
    "content/multipart-binary-file",
    "/post",
    method="POST",
    body=multipart(part("f", b"\xff\xfe", "a.png", "image/png")),
    send=MULTIPART,
    why="httpbin: a binary file is a data URL of its type",
    choice="content-shape",
    json={"files.f": "data:image/png;base64,//4="},
    peer={"go-httpbin": {"json": {"files": Is("an object", lambda value: isinstance(value, dict))}}},
)
case(
    "content/multipart-quoted-boundary",
    "/post",
    method="POST",
    body=multipart(part("a", b"1")),
    send={"Content-Type": 'multipart/form-data; boundary="xYx"'},
    why="RFC 9110 §5.6.6: a parameter may be quoted",
    choice="values",
    json={"form.a": "1"},
)
case(
    "content/multipart-preamble",
    "/post",
    method="POST",
    body=b"ignore me\r\n" + multipart(part("a", b"1")) + b"and me",
    send=MULTIPART,
    why="httpbin, go-httpbin: preamble and epilogue are ignored (RFC 2046 §5.1.1)",
    choice="values",
    json={"form.a": "1"},
)
case(
    "content/multipart-no-boundary",
    "/post",
    method="POST",
    body=b"x",
    send={"Content-Type": "multipart/form-data"},
    why="httpbin: a broken request is shown",
    choice="broken-json",
    json={"form": {}},
    peer={"go-httpbin": {"status": 400, "json": {}}},
)
case(
    "content/multipart-broken",
    "/post",
    method="POST",
    body=b"nothing of the kind",
    send=MULTIPART,
    why="httpbin: a broken request is shown",
    choice="broken-json",
    json={"form": {}},
    peer={"go-httpbin": {"status": 400, "json": {}}},
)
case("content/chunked", "/post", method="POST", chunks=[b"he", b"llo"], send={"Content-Type": "text/plain"}, why="httpbin, go-httpbin: chunked content", json={"data": "hello"})
case("content/chunked-json", "/post", method="POST", chunks=[b'{"a":', b"1}"], send=JSON, why="httpbin, go-httpbin: chunked content", json={"json.a": 1})
case("content/chunked-form", "/post", method="POST", chunks=[b"a=", b"1"], send=FORM, why="httpbin, go-httpbin: chunked content", choice="values", json={"form.a": "1"})
case("content/chunked-empty", "/post", method="POST", chunks=[], send={"Content-Type": "text/plain"}, why="httpbin, go-httpbin: chunked content", json={"data": ""})
case(
    "content/chunked-trailers",
    "/post",
    method="POST",
    chunks=[b"hello"],
    trailers=[("X-After", "1")],
    send={"Content-Type": "text/plain"},
    why="RFC 9112 §7.1.2: trailers do no harm",
    json={"data": "hello"},
)
case(
    "content/chunked-many", "/post", method="POST", chunks=[b"x"] * 2000, send={"Content-Type": "text/plain"}, why="httpbin, go-httpbin: chunked content", json={"data": "x" * 2000}
)
case(
    "content/large",
    "/post",
    method="POST",
    body=b"x" * 1_000_000,
    send={"Content-Type": "text/plain"},
    why="go-httpbin: content up to 1 MiB",
    json={"data": Is("1000000 letters", lambda value: value == "x" * 1_000_000)},
)
case(
    "content/limit",
    "/post",
    method="POST",
    body=b"x" * 1_048_576,
    send={"Content-Type": "text/plain"},
    why="go-httpbin: content up to 1 MiB",
    json={"data": Is("1048576 letters", lambda value: len(value) == 1_048_576)},
)
case(
    "content/above-limit",
    "/post",
    method="POST",
    body=b"x" * 1_048_577,
    send={"Content-Type": "text/plain"},
    why="page: 413 for a message",
    choice="content-limit",
    status=413,
    peer={"go-httpbin": {"status": 400}, "httpbin": {"status": 200}},
)
case(
    "content/above-limit-chunked",
    "/post",
    method="POST",
    chunks=[b"x" * 65536] * 17,
    send={"Content-Type": "text/plain"},
    why="page: 413 for a message",
    choice="content-limit",
    status=413,
    peer={"go-httpbin": {"status": 400}, "httpbin": {"status": 200}},
)
case(
    "content/coded",
    "/post",
    method="POST",
    body=b"not gzip",
    send={"Content-Type": "text/plain", "Content-Encoding": "gzip"},
    why="httpbin, go-httpbin: broken content is shown all the same",
    json={"url": "{base}/post"},
)
case("content/delete-json", "/delete", method="DELETE", body=b'{"a":1}', send=JSON, why="httpbin, go-httpbin: DELETE with content", json={"json.a": 1})


@scripted("content/expect-continue", "RFC 9110 §10.1.1: 100 before the content is read, or the final answer", "POST /post | Expect: 100-continue", "100, then 200 with the content")
def _(t):
    with t.connect() as connection:
        connection.send(t.request("POST", "/post", [("Expect", "100-continue"), ("Content-Length", "5"), ("Content-Type", "text/plain"), ("Connection", "close")]))
        holds(connection.head().status == 100, "no 100 came")
        connection.send(b"hello")
        answer = connection.answer("POST")
        holds(answer.status == 200 and parse_json(answer.content)["data"] == "hello", f"{answer.status}")


@scripted("content/keys-sorted", "httpbin: keys are sorted", "POST /anything", "keys in alphabetical order")
def _(t):
    keys = list(parse_json(t.ask("POST", "/anything").content))
    holds(keys == sorted(keys), f"keys are {keys}")


case(
    "upload/post",
    "/upload?a=b",
    method="POST",
    body=b"12345",
    why="go-httpbin: /upload",
    choice="values",
    json={"bytes_received": 5, "args.a": "b", "method": "POST", "url": "{base}/upload?a=b"},
)
case("upload/put", "/upload", method="PUT", body=b"x" * 100_000, why="go-httpbin: /upload", json={"bytes_received": 100_000, "method": "PUT"})
case("upload/patch", "/upload", method="PATCH", why="go-httpbin: /upload", json={"bytes_received": 0})
case("upload/chunked", "/upload", method="POST", chunks=[b"123", b"45"], why="go-httpbin: /upload", json={"bytes_received": 5})
case("upload/no-data", "/upload", method="POST", body=b"12345", why="go-httpbin: the content is not echoed", json={"data": ABSENT})
case("upload/get", "/upload", why="go-httpbin: /upload takes POST, PUT, PATCH", status=405, fields={"Allow": contains("POST")})
case("upload/delete", "/upload", method="DELETE", why="go-httpbin: /upload takes POST, PUT, PATCH", status=405, fields={"Allow": contains("PATCH")})

case(
    "dump/line",
    "/dump/request?a=b",
    why="go-httpbin: /dump/request",
    fields={"Content-Type": contains("text/plain")},
    content=Is("a request line first", lambda content: b"/dump/request?a=b HTTP/1.1\r\n" in content.split(b"\r\n", 1)[0] + b"\r\n"),
)
case("dump/host", "/dump/request", why="go-httpbin: /dump/request", content=Is("a Host line", lambda content: b"\r\nHost: " in content))
case(
    "dump/content",
    "/dump/request",
    method="POST",
    body=b"hello",
    why="go-httpbin: /dump/request",
    content=Is("the content last", lambda content: content.endswith(b"\r\n\r\nhello")),
)
case(
    "dump/repeated",
    "/dump/request",
    send=[("X-A", "1"), ("X-A", "2")],
    why="go-httpbin: /dump/request",
    content=Is("both lines", lambda content: b"X-A: 1\r\n" in content and b"X-A: 2\r\n" in content),
)
case(
    "dump/case-and-order",
    "/dump/request",
    send=[("zeta", "1"), ("AlPhA", "2")],
    why="page: what users ask for, headers as sent",
    content=Is("names as sent, in order", lambda content: 0 < content.find(b"\r\nzeta: 1\r\n") < content.find(b"\r\nAlPhA: 2\r\n")),
)
