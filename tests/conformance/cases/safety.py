"""What a playground open to strangers must not do: split responses, run scripts, loosen its own sandbox. And CORS, HEAD, methods."""

from expect import PRESENT, Is, case, contains, equal, holds, lists, matches, scripted
from cases.response_headers import SANDBOXED

# --- CR, LF, NUL -----------------------------------------------------------------------------------------------------------------------------------------
for name, bad in [("crlf", "%0D%0A"), ("lf", "%0A"), ("cr", "%0D"), ("nul", "%00")]:
    for place, path in [
        ("response-headers", f"/response-headers?X-Test=a{bad}X-Evil:%201"),
        ("response-headers-type", f"/response-headers?Content-Type=text/plain{bad}X-Evil:%201"),
        ("redirect-to", f"/redirect-to?url=/get{bad}X-Evil:%201"),
        ("cookie-value", f"/cookies/set?a=b{bad}X-Evil:%201"),
        ("cookie-path-value", f"/cookies/set/a/b{bad}X-Evil:%201"),
        ("cookie-attribute", f"/cookies/set?a=b&attr[Path]=/{bad}X-Evil:%201"),
        ("base64-type", f"/base64/SGVsbG8=?content-type=text/plain{bad}X-Evil:%201"),
        ("etag", f"/etag/a{bad}X-Evil:%201"),
    ]:
        case(
            f"injection/{place}-{name}",
            path,
            why="page: safety 5, CR, LF and NUL are refused with 400",
            choice="control",
            status=400,
            fields={"X-Evil": None},
            peer={"httpbin": {"status": {200, 302, 400, 404, 500}}, "go-httpbin": {"status": {200, 302, 400, 404}}},
        )
for place, path in [
    ("cookie-name", "/cookies/set?a%0D%0AX-Evil:%201=b"),
    ("cookie-delete", "/cookies/delete?a%0D%0AX-Evil:%201"),
    ("basic-user", "/basic-auth/a%0D%0AX-Evil:%201/b"),
    ("digest-user", "/digest-auth/auth/a%0D%0AX-Evil:%201/b"),
    ("links", "/links/3%0D%0AX-Evil:%201"),
    ("cache", "/cache/60%0D%0AX-Evil:%201"),
    ("image", "/image/png%0D%0AX-Evil:%201"),
    ("status", "/status/200%0D%0AX-Evil:%201"),
    ("trailers", "/trailers?X-Test=a%0D%0AX-Evil:%201"),
]:
    case(
        f"injection/{place}",
        path,
        why="page: safety 5, nothing that a client chose begins a line",
        status={200, 302, 400, 401, 404, 500},
        fields={"X-Evil": None},
        also=lambda answer: holds(answer.status != 500 and not answer.trailer("X-Evil"), f"{answer.status}"),
    )
case(
    "injection/origin",
    "/get",
    send={"Origin": "http://a.example"},
    why="httpbin, go-httpbin: Origin is echoed, and nothing with it",
    fields={"Access-Control-Allow-Origin": "http://a.example"},
)

# --- what a browser could render -------------------------------------------------------------------------------------------------------------------------
SCRIPT = "PHNjcmlwdD5hbGVydCgxKTwvc2NyaXB0Pg=="
for name, media_type in [
    ("html", "text/html"),
    ("svg", "image/svg%2Bxml"),
    ("xml", "application/xml"),
    ("xhtml", "application/xhtml%2Bxml"),
    ("html-charset", "text/html;charset=utf-7"),
    ("javascript", "text/javascript"),
    ("pdf", "application/pdf"),
    ("multipart", "multipart/x-mixed-replace"),
]:
    case(
        f"sandbox/base64-{name}",
        f"/base64/{SCRIPT}?content-type={media_type}",
        why="page: safety 1, no script runs and the bytes stay as asked",
        choice="sandbox",
        content=b"<script>alert(1)</script>",
        fields=SANDBOXED,
        peer={"httpbin": {"fields": {}}, "go-httpbin": {"fields": {}, "content": contains(b"&lt;script&gt;")}},
    )
for name, path in [
    ("response-headers-html", "/response-headers?Content-Type=text/html&X-Test=%3Cscript%3E"),
    ("response-headers-svg", "/response-headers?Content-Type=image/svg%2Bxml"),
    ("anything", "/anything?a=%3Cscript%3E"),
    ("status", "/status/404"),
    ("html", "/html"),
    ("svg", "/image/svg"),
    ("xml", "/xml"),
    ("links", "/links/3/0"),
    ("form", "/forms/post"),
    ("utf8", "/encoding/utf8"),
    ("not-found", "/%3Cscript%3E"),
    ("refusal", "/status/%3Cscript%3E"),
    ("redirect", "/redirect/1"),
    ("dump", "/dump/request?%3Cscript%3E"),
    ("drip", "/drip?duration=0"),
    ("stream", "/stream/1"),
    ("gzip", "/gzip"),
    ("etag", "/etag/abc"),
]:
    case(f"sandbox/{name}", path, why="page: safety 1, sandbox and nosniff", status=range(200, 500), fields=SANDBOXED)
case(
    "sandbox/policy-cannot-be-replaced",
    "/response-headers?Content-Security-Policy=none&Content-Security-Policy=sandbox%20allow-scripts",
    why="page: safety 1",
    status={200, 400},
    also=lambda answer: holds(
        answer.status == 400 or any(line.replace(" ", "").split(";")[0] == "sandbox" for line in ", ".join(answer.all("Content-Security-Policy")).split(",")),
        "the sandbox is loosened",
    ),
)
for name, path, accept in [
    ("refusal-html", "/delay/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "text/html"),
    ("not-found-html", "/%3Cscript%3Ealert(1)%3C%2Fscript%3E", "text/html"),
    ("refusal-json", "/delay/%3Cscript%3E", "application/json"),
    ("refusal-any", "/status/%3Cscript%3E", "*/*"),
]:
    case(
        f"sandbox/{name}",
        path,
        send={"Accept": accept},
        why="page: safety 4, errors quote their input as JSON or plain text only",
        status={400, 404},
        also=lambda answer: holds("html" not in (answer.one("Content-Type") or "") or b"<script>" not in answer.content, "the input stands in HTML as it is"),
    )
case(
    "refusal/problem",
    "/delay/abc",
    why="page: problem+json (RFC 9457)",
    status=400,
    fields={"Content-Type": contains("problem+json")},
    json={"status": 400, "title": matches(".+"), "type": matches(".+"), "detail": contains("abc")},
)
case("refusal/names-limit", "/delay/60", why="page: limits, named in the refusal", status=400, timeout=13, json={"limit": "delay_s", "max": 10, "asked": 60})
case("refusal/names-parameter", "/drip?numbytes=abc", why="page: the reason is said", status=400, json={"detail": contains("numbytes")})
case("refusal/plain-text", "/delay/abc", send={"Accept": "text/plain"}, why="page: HTML or text by Accept", status=400, fields={"Content-Type": contains("text/plain")})
case(
    "refusal/long-input-is-cut",
    "/status/" + "x" * 3000,
    why="page: errors quote their input, bounded",
    status=400,
    content=Is("shorter than what was asked", lambda content: len(content) < 3000),
)
case("limits/json", "/limits", why="page: printed at /limits as JSON", fields={"Content-Type": contains("application/json")}, content=contains(b"delay_s"))
case("limits/delay", lambda t: "/limits" if t.limit("delay_s") == 10 else "/no", why="page: delay_s is 10", status=200)
case(
    "explains/described-by",
    "/status/404",
    why="page: every response links to what explains it",
    status=404,
    fields={"Link": Is("with rel=describedby", lambda value: value is not None and "describedby" in value)},
)

# --- CORS ------------------------------------------------------------------------------------------------------------------------------------------------
for name, path, status in [
    ("get", "/get", 200),
    ("status", "/status/500", 500),
    ("not-found", "/nothing-here", 404),
    ("refusal", "/status/abc", 400),
    ("redirect", "/redirect/1", 302),
    ("challenge", "/basic-auth/u/p", 401),
    ("image", "/image/png", 200),
    ("stream", "/stream/1", 200),
    ("gzip", "/gzip", 200),
    ("not-modified", "/status/304", 304),
]:
    case(f"cors/{name}", path, why="httpbin, go-httpbin: CORS is open", status=status, fields={"Access-Control-Allow-Origin": "*", "Access-Control-Allow-Credentials": "true"})
    case(
        f"cors/{name}-origin",
        path,
        send={"Origin": "https://app.example"},
        why="httpbin, go-httpbin: CORS is open",
        status=status,
        fields={"Access-Control-Allow-Origin": "https://app.example", "Access-Control-Allow-Credentials": "true"},
    )
case(
    "cors/wrong-method",
    "/get",
    method="DELETE",
    send={"Origin": "https://app.example"},
    why="httpbin, go-httpbin: CORS on errors too",
    status=405,
    fields={"Access-Control-Allow-Origin": "https://app.example"},
)
case("cors/null-origin", "/get", send={"Origin": "null"}, why="httpbin, go-httpbin: the Origin, echoed", fields={"Access-Control-Allow-Origin": "null"})
for path in ("/get", "/post", "/anything", "/status/200", "/basic-auth/u/p", "/bytes/5", "/image", "/delay/1", "/redirect-to"):
    case(
        f"preflight{path}".replace("/status/200", "/status").rstrip("/"),
        path,
        method="OPTIONS",
        send={"Origin": "https://app.example", "Access-Control-Request-Method": "PUT", "Access-Control-Request-Headers": "X-One, X-Two"},
        why="httpbin, go-httpbin: preflight",
        fields={
            "Access-Control-Allow-Origin": "https://app.example",
            "Access-Control-Allow-Methods": lists("GET", "POST", "PUT", "DELETE", "PATCH", "OPTIONS"),
            "Access-Control-Allow-Headers": "X-One, X-Two",
            "Access-Control-Max-Age": "3600",
        },
        content=b"",
    )
case(
    "preflight/no-headers-asked",
    "/get",
    method="OPTIONS",
    send={"Origin": "https://app.example"},
    why="httpbin, go-httpbin: preflight",
    fields={"Access-Control-Allow-Methods": PRESENT},
    content=b"",
)
case(
    "preflight/no-wait",
    "/delay/5",
    method="OPTIONS",
    why="httpbin, go-httpbin: a preflight does nothing else",
    also=lambda answer: holds(answer.whole_s < 2, f"{answer.whole_s:.1f} s"),
)
for path, methods in [("/get", ("GET", "HEAD", "OPTIONS")), ("/post", ("POST", "OPTIONS")), ("/put", ("PUT", "OPTIONS")), ("/delete", ("DELETE", "OPTIONS"))]:
    case(f"options-allow{path}", path, method="OPTIONS", why="httpbin: OPTIONS lists what the path takes (RFC 9110 §9.3.7)", fields={"Allow": lists(*methods)})
case("options-allow/not-found", "/nothing-here", method="OPTIONS", why="httpbin: no such path", status=404)

# --- methods that a path does not take -------------------------------------------------------------------------------------------------------------------
for path, wrong, right in [
    ("/get", ("POST", "PUT", "PATCH", "DELETE", "TRACE"), "GET"),
    ("/post", ("GET", "PUT", "PATCH", "DELETE", "HEAD"), "POST"),
    ("/put", ("GET", "POST", "DELETE"), "PUT"),
    ("/patch", ("GET", "POST", "PUT"), "PATCH"),
    ("/delete", ("GET", "POST", "HEAD"), "DELETE"),
    ("/forms/post", ("POST", "DELETE"), "GET"),
    ("/encoding/utf8", ("POST",), "GET"),
]:
    for method in wrong:
        case(
            f"wrong-method{path.replace('/forms/post', '/form').replace('/encoding/utf8', '/utf8')}-{method.lower()}",
            path,
            method=method,
            why="httpbin, go-httpbin: 405 with Allow (RFC 9110 §15.5.6)",
            status=405,
            fields={"Allow": lists(right)},
        )
for name, path in [("plain", "/nothing-here"), ("below", "/get/more"), ("upper-case", "/GET"), ("nested", "/a/b/c"), ("dot", "/.env"), ("encoded", "/%2e%2e/etc/passwd")]:
    case(f"not-found/{name}", path, why="httpbin, go-httpbin: 404", status=404)
for path in (
    "/get",
    "/headers",
    "/ip",
    "/uuid",
    "/anything",
    "/cache",
    "/etag/abc",
    "/bytes/10",
    "/range/26",
    "/gzip",
    "/deflate",
    "/image/png",
    "/links/3/0",
    "/html",
    "/delay/0",
    "/stream/2",
    "/response-headers?X-Test=1",
):

    def head(t, path=path):
        got, asked = t.ask("GET", path), t.ask("HEAD", path)
        equal((got.status, asked.status, asked.content), (200, 200, b""), "status of GET, status and content of HEAD")
        equal(asked.one("Content-Type"), got.one("Content-Type"), "Content-Type of HEAD")

    scripted("head" + path.split("?")[0], "RFC 9110 §9.3.2: HEAD is GET without the content", f"GET and HEAD {path}", "the same status and Content-Type, no content")(head)
