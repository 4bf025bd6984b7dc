"""`/status`: single codes, lists, weights, and what belongs to a code."""

from expect import PRESENT, Is, case, contains, equal, holds, lists, matches, scripted

BASIC = matches(r'Basic realm="[^"]*"')
for code in (
    200,
    201,
    202,
    203,
    206,
    207,
    208,
    226,
    400,
    403,
    404,
    408,
    409,
    410,
    411,
    412,
    413,
    414,
    415,
    416,
    417,
    421,
    422,
    423,
    424,
    425,
    428,
    429,
    431,
    451,
    500,
    501,
    502,
    503,
    504,
    505,
    506,
    507,
    508,
    510,
    511,
    520,
    599,
):
    case(f"status/{code}", f"/status/{code}", why="httpbin, go-httpbin: /status/{code}", status=code)
for code in (301, 302, 303, 305, 307):
    case(f"status/{code}", f"/status/{code}", why="httpbin, go-httpbin: /status/{code}", status=code, fields={"Location": "{prefix}/redirect/1"})
case("status/308", "/status/308", why="page: mistakes, /status/308 has no Location", status=308, fields={"Location": PRESENT})
case("status/300", "/status/300", why="httpbin, go-httpbin: /status/300", status=300)
case("status/306", "/status/306", why="httpbin, go-httpbin: /status/306", status=306)
case("status/204", "/status/204", why="RFC 9110 §15.3.5: no content", status=204, content=b"", fields={"Content-Length": None, "Transfer-Encoding": None})
case("status/205", "/status/205", why="RFC 9110 §15.3.6: no content is generated", status=205, content=b"")
case("status/304", "/status/304", why="RFC 9110 §15.4.5: no content", status=304, content=b"", fields={"Transfer-Encoding": None})
case("status/304-no-location", "/status/304", why="httpbin, go-httpbin: 304 leads nowhere", status=304, fields={"Location": None})
case("status/401", "/status/401", why="httpbin, go-httpbin: a challenge (RFC 9110 §15.5.2)", status=401, fields={"WWW-Authenticate": BASIC})
case("status/407", "/status/407", why="page: mistakes, /status/407 has no Proxy-Authenticate (RFC 9110 §15.5.8)", status=407, fields={"Proxy-Authenticate": BASIC})
case("status/405", "/status/405", why="RFC 9110 §15.5.6: MUST generate Allow", status=405, fields={"Allow": PRESENT})
case("status/426", "/status/426", why="RFC 9110 §15.5.22: MUST send Upgrade", status=426, fields={"Upgrade": PRESENT, "Connection": lists("upgrade")})
case("status/402", "/status/402", why="httpbin, go-httpbin: /status/402", status=402)
case("status/406", "/status/406", why="httpbin, go-httpbin: /status/406", status=406, fields={"Content-Type": contains("json")})
case("status/418", "/status/418", why="httpbin, go-httpbin: the teapot tells where to read more", status=418, fields={"X-More-Info": contains("rfc2324")})
for method in ("POST", "PUT", "PATCH", "DELETE", "TRACE"):
    case(f"status/{method.lower()}", "/status/404", method=method, why="httpbin, go-httpbin: /status takes every common method", status=404)
case("status/head", "/status/404", method="HEAD", why="httpbin, go-httpbin: HEAD", status=404, content=b"")
case("status/post-with-content", "/status/500", method="POST", body=b"x" * 1000, why="httpbin, go-httpbin: content is read or dropped", status=500)
for code in ("600", "666", "700", "999"):
    case(f"status/{code}", f"/status/{code}", why="page: /status/600 and beyond", choice="status-range", status=int(code), peer={"go-httpbin": {"status": 400}})
for name, codes in [
    ("word", "abc"),
    ("mixed", "20x"),
    ("empty-item", "200,"),
    ("empty-first", ",200"),
    ("weight-word", "200:x,404"),
    ("weight-alone", "200:5"),
    ("item-word", "200,abc"),
    ("star", "*"),
]:
    case(f"status/bad-{name}", f"/status/{codes}", why="httpbin, go-httpbin: 400", status=400)
for name, codes in [
    ("two-digits", "99"),
    ("zero", "0"),
    ("negative", "-1"),
    ("four-digits", "1000"),
    ("five-digits", "65536"),
    ("huge", "99999999999999999999"),
    ("leading-zero", "099"),
]:
    case(f"status/bad-{name}", f"/status/{codes}", why="go-httpbin: 400 outside of its range; page: refuse what has not three digits", status=400)
case("status/bad-two-weights", "/status/200:1:2,404", why="go-httpbin: 400", status=400)
case("status/bad-decimal", "/status/200.5", why="httpbin, go-httpbin: 400", status=400)
case("status/nothing", "/status/", why="httpbin, go-httpbin: no such path", status=404)
case("status/trailing-slash", "/status/200/", why="httpbin, go-httpbin: no such path", status=404)

case("status-list/one-of-two", "/status/200,404", why="httpbin, go-httpbin: one of the list", status={200, 404})
case("status-list/same", "/status/503,503", why="httpbin, go-httpbin: one of the list", status=503)
case("status-list/encoded-comma", "/status/503%2C503", why="httpbin, go-httpbin: the path is decoded", status=503)
case("status-list/weights", "/status/200:0.5,404:0.5", why="httpbin, go-httpbin: weights", status={200, 404})
case("status-list/mixed-weights", "/status/200,404:3,500:0.1", why="httpbin, go-httpbin: weights", status={200, 404, 500})
case("status-list/redirect", "/status/302,302", why="httpbin, go-httpbin: what belongs to the code comes too", status=302, fields={"Location": "{prefix}/redirect/1"})
case("status-list/challenge", "/status/401,401", why="httpbin, go-httpbin: what belongs to the code comes too", status=401, fields={"WWW-Authenticate": BASIC})
case("status-list/many", "/status/" + ",".join(["404"] * 50), why="httpbin, go-httpbin: long lists", status=404)
for name, codes in [
    ("all-zero", "200:0,404:0"),
    ("negative", "200:-1,404:-1"),
    ("negative-beside-positive", "200:-1,404:5"),
    ("nan", "200:nan,404:1"),
    ("infinite", "200:inf,404:1"),
    ("minus-infinite", "200:-inf,404:1"),
]:
    case(f"status-list/bad-{name}", f"/status/{codes}", why="page: mistakes, weights of 0 or below", status=400)
for name, codes in [("four-digits", "1000,1000"), ("two-digits", "99,99"), ("one-of-them", "200:1000000,1000:0")]:
    case(f"status-list/bad-{name}", f"/status/{codes}", why="page: mistakes, /status/1000,1000", status=400)
case("status-list/weight-missing", "/status/200:,404", why="httpbin, go-httpbin: 400", status=400)


@scripted("status-list/zero-weight-never", "httpbin, go-httpbin: a weight of 0", "GET /status/200:1,404:0, 20 times", "200 each time")
def _(t):
    for _ in range(20):
        equal(t.ask("GET", "/status/200:1,404:0").status, 200, "status")


@scripted("status-list/both-come", "httpbin, go-httpbin: at random", "GET /status/200,404, 60 times", "both at least once")
def _(t):
    equal({t.ask("GET", "/status/200,404").status for _ in range(60)}, {200, 404}, "what came")


@scripted("status-list/seed", "page: the same seed gives the same choice", "GET /status/200,404,500?seed=7, 12 times", "the same each time")
def _(t):
    seen = {t.ask("GET", "/status/200,404,500?seed=7").status for _ in range(12)}
    holds(len(seen) == 1 and seen <= {200, 404, 500}, f"{seen}")


@scripted("status-list/seeds-differ", "page: the seed decides", "GET /status/200,404?seed=1 … 30", "both at least once")
def _(t):
    equal({t.ask("GET", f"/status/200,404?seed={seed}").status for seed in range(30)}, {200, 404}, "what came")


def interim(code):
    def run(t):
        with t.connect() as connection:
            connection.send(t.request("GET", f"/status/{code}"))
            answer = connection.answer()
            equal([one.status for one in answer.interims], [code], "interim responses")
            holds(200 <= answer.status < 300, f"the final one is {answer.status}")
            connection.send(t.request("GET", "/uuid", [("Connection", "close")]))
            equal(connection.answer().status, 200, "the next answer on the connection")

    return run


for code in (100, 102, 103, 104, 199):
    scripted(
        f"status-interim/{code}",
        "page: mistakes, /status/1xx goes out as a final response",
        f"GET /status/{code}, then GET /uuid on the same connection",
        f"interim {code}, a final 2xx, then 200",
    )(interim(code))


@scripted("status-interim/101", "RFC 9110 §15.2.2: 101 MUST have Upgrade, and only answers to one", "GET /status/101", "no bare 101; a final answer that can be read")
def _(t):
    answer = t.ask("GET", "/status/101")
    holds(answer.status != 101, "a bare 101")
    holds(all(one.status != 101 for one in answer.interims), "a bare 101")


@scripted("status-interim/http10", "RFC 9110 §15.2: no 1xx to an HTTP/1.0 client", "GET /status/103 HTTP/1.0", "no interim response")
def _(t):
    answer = t.ask("GET", "/status/103", version="1.0")
    equal([one.status for one in answer.interims], [], "interim responses")


def reason(code, words):
    def run(t):
        equal(t.ask("GET", f"/status/{code}").reason, words, "reason phrase")

    return run


for code, words in [
    (200, "OK"),
    (203, "Non-Authoritative Information"),
    (302, "Found"),
    (404, "Not Found"),
    (413, "Content Too Large"),
    (422, "Unprocessable Content"),
    (431, "Request Header Fields Too Large"),
    (511, "Network Authentication Required"),
]:
    scripted(f"status-reason/{code}", "RFC 9110 §16.2.1: names are the registry's", f"GET /status/{code}", words)(reason(code, words))
for code in (299, 599, 999):
    scripted(f"status-reason/{code}", "page: a phrase for every code, never `<none>` (RFC 9112 §4 lets it be empty)", f"GET /status/{code}", "no `<none>`, no number")(
        lambda t, code=code: equal(
            t.ask("GET", f"/status/{code}").reason, Is("no made-up phrase", lambda words: "none" not in words and str(code) not in words and words != "UNKNOWN"), "reason phrase"
        )
    )
