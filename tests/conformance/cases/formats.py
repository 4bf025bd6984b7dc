"""Codings, documents, images, base64, links: content of known form."""

import gzip
import re
import zlib

from client import Mismatch
from expect import PRESENT, TEXT, Is, case, contains, equal, holds, matches, parse_json, scripted


def undo(coding, content):
    if coding == "gzip":
        return gzip.decompress(content)
    if coding == "deflate":
        return zlib.decompress(content)
    if coding == "br":
        import brotli

        return brotli.decompress(content)
    import zstandard

    return zstandard.ZstdDecompressor().decompressobj().decompress(content)


SOURCES = {"gzip": "httpbin, go-httpbin: /gzip", "deflate": "httpbin, go-httpbin: /deflate", "brotli": "httpbin: /brotli", "zstd": "page: dialect, /zstd"}
for path, coding, flag in [("gzip", "gzip", "gzipped"), ("deflate", "deflate", "deflated"), ("brotli", "br", "brotli"), ("zstd", "zstd", "zstd")]:

    def decoded(answer, coding=coding, flag=flag):
        try:
            document = parse_json(undo(coding, answer.content))
        except (OSError, EOFError, ValueError, zlib.error) as error:
            raise Mismatch(f"not {coding}: {error}") from None
        equal((document.get(flag), document.get("method")), (True, "GET"), f"{flag} and method")
        holds({"headers", "origin"} <= set(document), "a key is missing")

    why = SOURCES[path]
    case(f"coding/{path}", f"/{path}", send={"Accept-Encoding": coding}, why=why, fields={"Content-Encoding": coding, "Content-Type": contains("application/json")}, also=decoded)
    case(f"coding/{path}-not-asked", f"/{path}", why=why + ", whatever Accept-Encoding says", fields={"Content-Encoding": coding}, also=decoded)
    case(
        f"coding/{path}-identity", f"/{path}", send={"Accept-Encoding": "identity"}, why=why + ", whatever Accept-Encoding says", fields={"Content-Encoding": coding}, also=decoded
    )
    case(f"coding/{path}-length", f"/{path}", why=why, fields={"Content-Length": PRESENT})
    case(f"coding/{path}-head", f"/{path}", method="HEAD", why=why, fields={"Content-Encoding": coding}, content=b"")
case(
    "coding/gzip-post",
    "/gzip",
    method="POST",
    why="go-httpbin: endpoints take any method",
    also=lambda answer: equal(parse_json(gzip.decompress(answer.content)).get("method"), "POST", "method"),
)
case("coding/others-plain", "/get", send={"Accept-Encoding": "identity"}, why="httpbin, go-httpbin: nothing is coded unasked", fields={"Content-Encoding": None})


@scripted("coding/gzip-strict", "RFC 1952: a header, a checksum, a length", "GET /gzip", "one whole member and nothing after it")
def _(t):
    content = t.ask("GET", "/gzip").content
    reader = zlib.decompressobj(31)
    reader.decompress(content)
    holds(reader.eof and not reader.unused_data, "cut, or more than one member")


@scripted("coding/deflate-is-zlib", "RFC 9110 §8.4.1.2: deflate is the zlib format", "GET /deflate", "a zlib header")
def _(t):
    content = t.ask("GET", "/deflate").content
    holds(content[0] & 15 == 8 and (content[0] << 8 | content[1]) % 31 == 0, f"{content[:2].hex()}")


case("documents/html", "/html", why="httpbin, go-httpbin: /html", fields={"Content-Type": contains("text/html")}, content=contains(b"<h1>Herman Melville - Moby-Dick</h1>"))
case("documents/html-charset", "/html", why="httpbin, go-httpbin: /html", fields={"Content-Type": matches("text/html; *charset=(utf|UTF)-8")})
case(
    "documents/utf8",
    "/encoding/utf8",
    why="httpbin, go-httpbin: /encoding/utf8",
    fields={"Content-Type": matches("text/html; *charset=(utf|UTF)-8")},
    content=Is("UTF-8 with characters of two, three and four bytes or many", lambda content: len(content.decode("utf-8")) < len(content) - 100),
)
case(
    "documents/json",
    "/json",
    why="httpbin, go-httpbin: /json",
    fields={"Content-Type": contains("application/json")},
    json={
        "slideshow.title": TEXT,
        "slideshow.author": TEXT,
        "slideshow.date": TEXT,
        "slideshow.slides.0.title": TEXT,
        "slideshow.slides.0.type": TEXT,
        "slideshow.slides.1.items.0": TEXT,
    },
)
case("documents/json-title", "/json", why="httpbin, go-httpbin: /json, which tests compare", json={"slideshow.title": "Sample Slide Show"})
case("documents/xml", "/xml", why="httpbin, go-httpbin: /xml", fields={"Content-Type": matches("application/xml.*")}, content=contains(b"<slideshow"))
case("documents/robots", "/robots.txt", why="httpbin, go-httpbin: /robots.txt", fields={"Content-Type": contains("text/plain")}, content=contains(b"/deny"))
case(
    "documents/robots-rules",
    "/robots.txt",
    why="httpbin, go-httpbin: /robots.txt (RFC 9309)",
    content=Is("User-agent, then Disallow", lambda content: re.match(rb"(?i)user-agent: \*\r?\ndisallow: \S*/deny\s*\Z", content) is not None),
)
case("documents/deny", "/deny", why="httpbin, go-httpbin: /deny", fields={"Content-Type": contains("text/plain")}, content=Is("some words", lambda content: len(content) > 10))
case(
    "documents/form",
    "/forms/post",
    why="httpbin, go-httpbin: /forms/post",
    fields={"Content-Type": contains("text/html")},
    content=Is(
        "a form with the known names",
        lambda content: all(name in content for name in (b"<form", b"custname", b"custtel", b"custemail", b"size", b"topping", b"delivery", b"comments")),
    ),
)
case(
    "documents/form-action",
    "/forms/post",
    why="httpbin, go-httpbin: it posts to /post",
    content=Is("an action that ends in /post", lambda content: re.search(rb'action="[^"]*/post"', content) is not None),
)
case("documents/index", "/", why="httpbin, go-httpbin: an index", send={"Accept": "text/html"}, fields={"Content-Type": contains("text/html")})


@scripted("documents/xml-well-formed", "httpbin, go-httpbin: /xml", "GET /xml", "well-formed, root slideshow, a title")
def _(t):
    from xml.etree import ElementTree

    root = ElementTree.fromstring(t.ask("GET", "/xml").content)
    equal(root.tag, "slideshow", "the root")
    holds(root.get("title") and root.find("slide/title") is not None, "no title")


for path in ("html", "json", "xml", "robots.txt", "deny", "encoding/utf8", "forms/post", "uuid"):
    case(f"documents/head-{path.replace('/', '-')}", f"/{path}", method="HEAD", why="httpbin, go-httpbin: HEAD", content=b"", fields={"Content-Type": PRESENT})

PNG, JPEG, WEBP, SVG = b"\x89PNG\r\n\x1a\n", b"\xff\xd8\xff", b"RIFF", b"<svg"
IMAGES = {"png": ("image/png", PNG), "jpeg": ("image/jpeg", JPEG), "webp": ("image/webp", WEBP), "svg": ("image/svg+xml", SVG)}
for kind, (media_type, magic) in IMAGES.items():
    test = Is(
        f"{kind} from its first bytes",
        lambda content, magic=magic, kind=kind: (magic in content[:400]) if kind == "svg" else content.startswith(magic) and (kind != "webp" or content[8:12] == b"WEBP"),
    )
    case(f"image/{kind}", f"/image/{kind}", why="httpbin, go-httpbin: /image/{type}", fields={"Content-Type": matches(re.escape(media_type) + ".*")}, content=test)
    case(
        f"image/accept-{kind}",
        "/image",
        send={"Accept": media_type},
        why="httpbin, go-httpbin: /image by Accept",
        fields={"Content-Type": matches(re.escape(media_type) + ".*")},
        content=test,
    )
    case(f"image/head-{kind}", f"/image/{kind}", method="HEAD", why="httpbin, go-httpbin: HEAD", fields={"Content-Type": matches(re.escape(media_type) + ".*")}, content=b"")
case("image/none", "/image", why="httpbin, go-httpbin: PNG without Accept", fields={"Content-Type": "image/png"})
case("image/any-image", "/image", send={"Accept": "image/*"}, why="httpbin, go-httpbin: PNG for any image", fields={"Content-Type": "image/png"})
case("image/anything", "/image", send={"Accept": "*/*"}, why="RFC 9110 §12.5.1: */* is every type", fields={"Content-Type": matches("image/.*")})
case("image/case", "/image", send={"Accept": "IMAGE/PNG"}, why="RFC 9110 §8.3.1: types are compared without case", fields={"Content-Type": "image/png"})
case("image/quality", "/image", send={"Accept": "image/webp;q=0.1, image/jpeg;q=0.9"}, why="RFC 9110 §12.5.1: the higher weight", fields={"Content-Type": "image/jpeg"})
case(
    "image/quality-other",
    "/image",
    send={"Accept": "image/svg+xml;q=0.2, image/png;q=0.1"},
    why="RFC 9110 §12.5.1: the higher weight",
    fields={"Content-Type": matches("image/svg.xml.*")},
)
case("image/quality-zero", "/image", send={"Accept": "image/png;q=0, image/jpeg"}, why="RFC 9110 §12.4.2: a weight of 0 is not acceptable", fields={"Content-Type": "image/jpeg"})
case(
    "image/two-lines", "/image", send=[("Accept", "text/html"), ("Accept", "image/jpeg")], why="RFC 9110 §5.3: lines of a list are one list", fields={"Content-Type": "image/jpeg"}
)
for name, accept in [("html", "text/html"), ("json", "application/json"), ("jxl", "image/jxl"), ("zero", "image/*;q=0")]:
    case(
        f"image/not-acceptable-{name}",
        "/image",
        send={"Accept": accept},
        why="page: /image with nothing acceptable",
        choice="image-406",
        status=406,
        peer={"go-httpbin": {"status": {200, 415}}, "httpbin": {"status": {200, 406}}},
    )
for kind in ("jxl", "gif", "nothing", "png2", "..%2Fpng"):
    case(f"image/unknown-{re.sub('[^a-z0-9]', '', kind)}", f"/image/{kind}", why="httpbin, go-httpbin: 404", status=404)

for name, text, content in [
    ("plain", "SGVsbG8=", b"Hello"),
    ("two-pads", "SGVsbA==", b"Hell"),
    ("no-pad-needed", "SGVsbG8h", b"Hello!"),
    ("url-safe", "w6k_Pg==", "é?>".encode()),
    ("long", "QUJD" * 500, b"ABC" * 500),
    ("unicode", "4oKs", "€".encode()),
]:
    case(f"base64/decode-{name}", f"/base64/{text}", why="httpbin, go-httpbin: /base64/{value}", content=content)
case("base64/decode-standard", "/base64/w6k%2FPg==", why="go-httpbin: the standard alphabet too", content="é?>".encode())
case("base64/decode-binary", "/base64/_w==", why="go-httpbin: any bytes", content=b"\xff")
case("base64/decode-named", "/base64/decode/SGVsbG8=", why="go-httpbin: /base64/decode/{value}", content=b"Hello")
for name, text, content in [("plain", "hello", b"aGVsbG8="), ("unicode", "%C3%A9%3F%3E", b"w6k_Pg=="), ("space", "a%20b", b"YSBi"), ("slash", "a%2Fb", b"YS9i")]:
    case(f"base64/encode-{name}", f"/base64/encode/{text}", why="go-httpbin: /base64/encode/{value}, url-safe", content=content)
case("base64/type", "/base64/SGVsbG8=", why="go-httpbin: text/plain", fields={"Content-Type": contains("text/plain")})
case("base64/type-chosen", "/base64/eyJhIjoxfQ==?content-type=application/json", why="go-httpbin: content-type", fields={"Content-Type": "application/json"}, json={"a": 1})
for name, text in [("bang", "!!!"), ("one-letter", "A"), ("inner-pad", "SG=sbG8="), ("space", "SGVs%20bG8="), ("unicode", "%C3%A9")]:
    case(f"base64/bad-{name}", f"/base64/{text}", why="go-httpbin: 400", choice="algorithm", status=400, peer={"httpbin": {"status": 200}})
case("base64/unknown-operation", "/base64/rot13/hello", why="go-httpbin: 400", status=400)
case("base64/nothing", "/base64/", why="httpbin, go-httpbin: no such path", status=404)

case(
    "uuid/form", "/uuid", why="httpbin, go-httpbin: /uuid, version 4 (RFC 9562 §5.4)", json={"uuid": matches("[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}")}
)
case("uuid/alone", "/uuid", why="httpbin, go-httpbin: /uuid", also=lambda answer: equal(set(parse_json(answer.content)), {"uuid"}, "keys"))


@scripted("uuid/differ", "httpbin, go-httpbin: /uuid", "GET /uuid 20 times", "20 of them")
def _(t):
    equal(len({t.ask("GET", "/uuid").content for _ in range(20)}), 20, "how many")


def anchors(content):
    return re.findall(r"""<a href=["']?([^"'>]+)["']?>([0-9]+)</a>""", content.decode())


def links(id, path, count, offset, why, **more):
    def run(t):
        answer = t.ask("GET", path)
        equal(answer.status, 200, "status")
        holds("text/html" in (answer.one("Content-Type") or ""), "no HTML")
        found = anchors(answer.content)
        equal(found, [(f"{t.prefix}/links/{count}/{number}", str(number)) for number in range(count) if number != offset], "links")

    scripted(id, why, f"GET {path}", f"links to all of {count} but number {offset}")(run)


for count in (0, 1, 3, 10, 256):
    case(f"links/{count}", f"/links/{count}", why="httpbin, go-httpbin: /links/{n}", status=302, fields={"Location": "{prefix}/links/" + f"{count}/0"})
for count, offset in [(1, 0), (3, 0), (3, 1), (10, 9), (200, 5)]:
    links(f"links/page-{count}-{offset}", f"/links/{count}/{offset}", count, offset, "httpbin, go-httpbin: /links/{n}/{offset}")
links("links/page-256", "/links/256/0", 256, 0, "go-httpbin: up to 256")
links("links/page-beyond", "/links/3/5", 3, 5, "httpbin, go-httpbin: an offset beyond")
for name, path in [
    ("above", "/links/257"),
    ("negative", "/links/-1"),
    ("word", "/links/abc"),
    ("page-above", "/links/257/0"),
    ("offset-word", "/links/3/abc"),
    ("offset-negative", "/links/3/-1"),
]:
    case(
        f"links/bad-{name}",
        path,
        why="page: a path parameter that is no number, or beyond its limit",
        choice="number",
        status=400,
        peer={"httpbin": {"status": {200, 302, 404}}, "go-httpbin": {"status": {200, 400}}},
    )

case(
    "problem/type",
    "/problem",
    why="page: dialect, /problem (RFC 9457 §3)",
    status=range(200, 600),
    fields={"Content-Type": contains("application/problem+json")},
    json={"title": TEXT, "type": TEXT},
)
case(
    "problem/status",
    "/problem",
    why="RFC 9457 §3.1.2: status is that of the response",
    status=range(200, 600),
    also=lambda answer: equal(parse_json(answer.content).get("status"), answer.status, "status"),
)
