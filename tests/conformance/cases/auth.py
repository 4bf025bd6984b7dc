"""Credentials: Basic, Bearer, Digest with real digests."""

import base64
import hashlib
import re

from expect import Is, case, contains, equal, holds, matches, parse_json, scripted, short

CHALLENGE = matches(r'Basic realm="[^"]*".*')


def basic(user, password):
    return {"Authorization": "Basic " + base64.b64encode(f"{user}:{password}".encode()).decode()}


for name, path, user, password in [
    ("right", "/basic-auth/user/passwd", "user", "passwd"),
    ("space", "/basic-auth/a%20b/c%20d", "a b", "c d"),
    ("colon", "/basic-auth/user/a%3Ab%3A", "user", "a:b:"),
    ("unicode", "/basic-auth/%C3%A9/%E2%82%AC", "é", "€"),
    ("plus", "/basic-auth/a+b/c+d", "a+b", "c+d"),
    ("percent", "/basic-auth/a%25b/c%2541", "a%b", "c%41"),
    ("case", "/basic-auth/User/Passwd", "User", "Passwd"),
]:
    case(f"basic/{name}", path, send=basic(user, password), why="httpbin, go-httpbin: /basic-auth", json={"authenticated": True, "user": user})
case("basic/authorized", "/basic-auth/user/passwd", send=basic("user", "passwd"), why="go-httpbin: `authorized` for its older clients", json={"authorized": True})
case(
    "basic/scheme-case",
    "/basic-auth/user/passwd",
    send={"Authorization": "bAsIc dXNlcjpwYXNzd2Q="},
    why="RFC 9110 §11.1: the scheme is compared without case",
    json={"authenticated": True},
)
case("basic/head", "/basic-auth/user/passwd", method="HEAD", send=basic("user", "passwd"), why="httpbin, go-httpbin: HEAD", content=b"")
for name, send in [
    ("none", {}),
    ("wrong-password", basic("user", "no")),
    ("wrong-user", basic("no", "passwd")),
    ("both-wrong", basic("x", "y")),
    ("empty", basic("", "")),
    ("case-of-password", basic("user", "Passwd")),
    ("prefix", basic("user", "pass")),
    ("not-base64", {"Authorization": "Basic !!!"}),
    ("no-colon", {"Authorization": "Basic dXNlcg=="}),
    ("other-scheme", {"Authorization": "Bearer dXNlcjpwYXNzd2Q="}),
    ("scheme-alone", {"Authorization": "Basic"}),
    ("garbage", {"Authorization": "x"}),
    ("not-utf8", {"Authorization": "Basic //4="}),
]:
    case(
        f"basic/{name}",
        "/basic-auth/user/passwd",
        send=send,
        why="httpbin, go-httpbin: 401 with a challenge (RFC 9110 §15.5.2)",
        status=401,
        fields={"WWW-Authenticate": CHALLENGE},
    )
case(
    "basic/none-json",
    "/basic-auth/user/passwd",
    why="page: 401 from /basic-auth",
    choice="basic-json",
    status=401,
    fields={"Content-Type": contains("json")},
    json={"authenticated": False},
    peer={"httpbin": {"fields": {}, "json": None}},
)
case(
    "basic/wrong-json",
    "/basic-auth/user/passwd",
    send=basic("eve", "x"),
    why="page: 401 from /basic-auth",
    choice="basic-json",
    status=401,
    json={"authenticated": False, "user": "eve"},
    peer={"httpbin": {"json": None}},
)
case("basic/head-wrong", "/basic-auth/user/passwd", method="HEAD", why="httpbin, go-httpbin: HEAD", status=401, fields={"WWW-Authenticate": CHALLENGE}, content=b"")
case("basic/one-part", "/basic-auth/user", why="httpbin, go-httpbin: no such path", status=404)
case(
    "hidden-basic/right",
    "/hidden-basic-auth/user/passwd",
    send=basic("user", "passwd"),
    why="httpbin, go-httpbin: /hidden-basic-auth",
    json={"authenticated": True, "user": "user"},
)
for name, send in [("none", {}), ("wrong-password", basic("user", "no")), ("wrong-user", basic("no", "passwd")), ("other-scheme", {"Authorization": "Bearer x"})]:
    case(f"hidden-basic/{name}", "/hidden-basic-auth/user/passwd", send=send, why="httpbin, go-httpbin: 404 and no challenge", status=404, fields={"WWW-Authenticate": None})

case(
    "bearer/right",
    "/bearer",
    send={"Authorization": "Bearer abc.DEF-1_2~3+4/5=="},
    why="httpbin, go-httpbin: /bearer",
    json={"authenticated": True, "token": "abc.DEF-1_2~3+4/5=="},
)
case("bearer/scheme-case", "/bearer", send={"Authorization": "bearer abc"}, why="RFC 9110 §11.1: the scheme is compared without case", json={"authenticated": True, "token": "abc"})
for name, send in [
    ("none", {}),
    ("basic", basic("u", "p")),
    ("no-token", {"Authorization": "Bearer"}),
    ("space-alone", {"Authorization": "Bearer "}),
    ("no-space", {"Authorization": "Bearerabc"}),
]:
    case(f"bearer/{name}", "/bearer", send=send, why="httpbin, go-httpbin: 401 with a challenge", status=401, fields={"WWW-Authenticate": matches("Bearer.*")})
case("bearer/two-tokens", "/bearer", send={"Authorization": "Bearer a b"}, why="go-httpbin: a token has no space (RFC 6750 §2.1)", status=401)
case("bearer/post", "/bearer", method="POST", send={"Authorization": "Bearer abc"}, why="go-httpbin: endpoints take any method", json={"token": "abc"})

# --- Digest, RFC 7616 ------------------------------------------------------------------------------------------------------------------------------------
HASHES = {"MD5": "md5", "SHA-256": "sha256", "SHA-512": "sha512", "SHA-512-256": "sha512_256"}


def hashed(algorithm, text):
    data = text if isinstance(text, bytes) else text.encode()
    return hashlib.new(HASHES[algorithm], data).hexdigest()


def parameters(header):
    """The parameters of a challenge: name in lower case -> (value, whether it was quoted)."""
    holds(header is not None and header.lower().startswith("digest "), f"no Digest challenge: {header}")
    found, rest = {}, header[7:]
    while rest:
        part = re.match(r'\s*,?\s*([A-Za-z0-9*_-]+)\s*=\s*("((?:[^"\\]|\\.)*)"|[^,\s"]+)\s*', rest)
        holds(part, f"not a parameter: {rest[:40]}")
        holds(part[1].lower() not in found, f"{part[1]} twice")
        found[part[1].lower()] = (part[3] if part[2].startswith('"') else part[2], part[2].startswith('"'))
        rest = rest[part.end() :]
    return found


def credentials(t, challenge, method, path, user, password, *, algorithm=None, qop="auth", content=b"", **wrong):
    """An Authorization value for a challenge; `wrong` replaces parameters after the digest was made."""
    given = {name: value for name, (value, _) in challenge.items()}
    algorithm = algorithm or given.get("algorithm", "MD5")
    uri = t.prefix + path
    first = hashed(algorithm, f"{user}:{given['realm']}:{password}")
    second = f"{method}:{uri}" + (f":{hashed(algorithm, content)}" if qop == "auth-int" else "")
    count, own = "00000001", "0a4f113b"
    middle = f"{given['nonce']}:{count}:{own}:{qop}" if qop else given["nonce"]
    answer = hashed(algorithm, f"{first}:{middle}:{hashed(algorithm, second)}")
    parts = {"username": user, "realm": given["realm"], "nonce": given["nonce"], "uri": uri, "response": answer, "algorithm": algorithm}
    if "opaque" in given:
        parts["opaque"] = given["opaque"]
    if qop:
        parts |= {"qop": qop, "nc": count, "cnonce": own}
    parts |= wrong
    bare = ("algorithm", "qop", "nc")
    return "Digest " + ", ".join(f"{name}={value}" if name in bare else f'{name}="{value}"' for name, value in parts.items() if value is not None)


def challenge(t, path, method="GET", **more):
    answer = t.ask(method, path, **more)
    equal(answer.status, 401, "status without credentials")
    return parameters(answer.one("WWW-Authenticate")), cookies(answer)


def cookies(answer):
    return "; ".join(line.split(";")[0] for line in answer.all("Set-Cookie"))


def tried(t, path, user="user", password="passwd", method="GET", content=b"", extra=(), **options):
    asked, kept = challenge(t, path, method, content=content)
    send = [("Authorization", credentials(t, asked, method, path, user, password, content=content, **options)), *extra]
    if kept:
        send.append(("Cookie", kept))
    return t.ask(method, path, send, content)


def digest(id, path, why, expected=200, peer=None, choice=None, **options):
    def run(t):
        answer = tried(t, path, **options)
        equal(answer.status, expected if isinstance(expected, int) else Is(f"one of {expected}", lambda status: status in expected), "status")
        if expected == 200:
            document = parse_json(answer.content)
            equal((document.get("authenticated"), document.get("user")), (True, options.get("user", "user")), "authenticated and user")
        elif expected == 401:
            parameters(answer.one("WWW-Authenticate"))

    words = ", ".join(f"{name} {short(value)}" for name, value in options.items()) or "right credentials"
    scripted(id, why, f"GET {path} with a digest: {words}", f"status {expected}", peer=peer, choice=choice)(run)


AUTH = "/digest-auth/auth/user/passwd"
digest("digest/default", AUTH, "httpbin, go-httpbin: MD5 is the default")
for algorithm in ("MD5", "SHA-256"):
    digest(f"digest/{algorithm}", f"{AUTH}/{algorithm}", "httpbin, go-httpbin: /digest-auth with an algorithm")
digest("digest/SHA-512", f"{AUTH}/SHA-512", "httpbin: SHA-512")
digest("digest/SHA-512-256", f"{AUTH}/SHA-512-256", "RFC 7616 §6.1: SHA-512-256 is registered", algorithm="SHA-512-256")
digest("digest/auth-int", "/digest-auth/auth-int/user/passwd", "httpbin: qop auth-int", qop="auth-int")
for algorithm in ("MD5", "SHA-256", "SHA-512"):
    digest(f"digest/auth-int-{algorithm}", f"/digest-auth/auth-int/user/passwd/{algorithm}", "httpbin: qop auth-int", qop="auth-int")
digest("digest/auth-int-with-content", "/digest-auth/auth-int/user/passwd/SHA-256", "httpbin: A2 covers the content (RFC 7616 §3.4.3)", qop="auth-int", content=b"hello")
digest("digest/either-auth", "/digest-auth/either/user/passwd", "httpbin: another qop offers both", qop="auth")
digest("digest/either-auth-int", "/digest-auth/either/user/passwd", "httpbin: another qop offers both", qop="auth-int")
digest("digest/no-qop", AUTH, "httpbin, go-httpbin: the older form without qop", qop=None)
digest("digest/query", AUTH + "?a=b&c=d", "RFC 7616 §3.4.6: uri is the request target, query included")
digest("digest/unicode", "/digest-auth/auth/%C3%A9/%E2%82%AC", "go-httpbin: names are decoded", user="é", password="€")
digest("digest/post", AUTH, "go-httpbin: endpoints take any method", method="POST")
digest("digest/lower-case-algorithm", f"{AUTH}/sha-256", "go-httpbin: the algorithm is compared without case", algorithm="SHA-256")
digest("digest/wrong-password", AUTH, "httpbin, go-httpbin: 401", 401, password="no")
digest("digest/wrong-user", AUTH, "page: mistakes, digest ignores the user name", 401, user="eve")
digest("digest/wrong-user-sha-256", f"{AUTH}/SHA-256", "page: mistakes, digest ignores the user name", 401, user="eve")
digest("digest/wrong-response", AUTH, "httpbin, go-httpbin: 401", 401, response="0" * 32)
digest("digest/no-response", AUTH, "httpbin, go-httpbin: 401", 401, response=None)
digest("digest/wrong-realm", AUTH, "httpbin, go-httpbin: 401", 401, realm="elsewhere")
digest("digest/other-nonce", AUTH, "httpbin, go-httpbin: the digest covers the nonce", 401, nonce="0" * 32)
digest("digest/other-count", AUTH, "httpbin, go-httpbin: the digest covers nc", 401, nc="00000009")
digest("digest/other-cnonce", AUTH, "httpbin, go-httpbin: the digest covers cnonce", 401, cnonce="x")
digest("digest/other-uri", AUTH, "RFC 7616 §3.4.6: uri must be the request target", (400, 401), uri="/elsewhere")
for name, value in [
    ("basic", "Basic dXNlcjpwYXNzd2Q="),
    ("empty-digest", "Digest "),
    ("garbage", "Digest x"),
    ("half-quoted", 'Digest username="user'),
    ("scheme-alone", "Digest"),
]:
    case(
        f"digest/header-{name}",
        AUTH,
        send={"Authorization": value},
        why="httpbin, go-httpbin: 401 with a fresh challenge" if name == "basic" else "go-httpbin: 401 with a fresh challenge",
        status=401,
        fields={"WWW-Authenticate": matches("Digest .*")},
    )
case("digest/algorithm-unknown", f"{AUTH}/FOO", why="go-httpbin: 400", choice="algorithm", status=400, peer={"httpbin": {"status": 401}})
case("digest/missing-part", "/digest-auth/auth/user", why="httpbin, go-httpbin: no such path", status=404)


@scripted("digest/auth-int-covers-content", "httpbin: the digest covers the content", "GET with auth-int, content changed afterwards", "401")
def _(t):
    path = "/digest-auth/auth-int/user/passwd"
    asked, kept = challenge(t, path)
    send = [("Authorization", credentials(t, asked, "GET", path, "user", "passwd", qop="auth-int", content=b"one"))]
    equal(t.ask("GET", path, send, b"two").status, 401, "status")


@scripted("digest/method-covered", "httpbin, go-httpbin: the digest covers the method", "a digest for GET sent with HEAD", "401")
def _(t):
    asked, _ = challenge(t, AUTH)
    equal(t.ask("HEAD", AUTH, [("Authorization", credentials(t, asked, "GET", AUTH, "user", "passwd"))]).status, 401, "status")


@scripted(
    "digest/quoting",
    "page: mistakes, nonce, opaque and qop are unquoted (RFC 7616 §3.3): realm, nonce, opaque and qop are quoted",
    "GET " + AUTH,
    "quotation marks where they belong",
)
def _(t):
    asked, _ = challenge(t, AUTH)
    for name in ("realm", "nonce", "opaque", "qop"):
        holds(name in asked and asked[name][1], f"{name} is not quoted")


@scripted("digest/bare", "RFC 7616 §3.3: algorithm and stale are not quoted", "GET " + AUTH, "no quotation marks there")
def _(t):
    asked, _ = challenge(t, AUTH)
    holds(not asked["algorithm"][1], "algorithm is quoted")
    holds("stale" not in asked or (not asked["stale"][1] and asked["stale"][0].lower() in ("true", "false")), "stale")


for algorithm in ("MD5", "SHA-256"):

    @scripted(f"digest/challenge-{algorithm}", "httpbin, go-httpbin: the challenge names the algorithm", f"GET {AUTH}/{algorithm}", algorithm)
    def _(t, algorithm=algorithm):
        equal(challenge(t, f"{AUTH}/{algorithm}")[0]["algorithm"][0], algorithm, "algorithm")


@scripted("digest/challenge-SHA-512-256", "RFC 7616 §6.1", f"GET {AUTH}/SHA-512-256", "SHA-512-256")
def _(t):
    equal(challenge(t, f"{AUTH}/SHA-512-256")[0]["algorithm"][0], "SHA-512-256", "algorithm")


@scripted("digest/qop-auth", "httpbin, go-httpbin: the challenge names the qop", "GET " + AUTH, "qop auth")
def _(t):
    equal(challenge(t, AUTH)[0]["qop"][0], "auth", "qop")


@scripted("digest/qop-auth-int", "httpbin: the challenge names the qop", "GET /digest-auth/auth-int/…", "qop auth-int")
def _(t):
    equal(challenge(t, "/digest-auth/auth-int/u/p")[0]["qop"][0], "auth-int", "qop")


@scripted("digest/qop-both", "httpbin: another qop offers both", "GET /digest-auth/either/…", "auth and auth-int")
def _(t):
    equal({one.strip() for one in challenge(t, "/digest-auth/either/u/p")[0]["qop"][0].split(",")}, {"auth", "auth-int"}, "qop")


@scripted("digest/fresh-nonce", "httpbin, go-httpbin: a nonce of its own each time", "GET twice", "two nonces")
def _(t):
    one, two = challenge(t, AUTH)[0]["nonce"][0], challenge(t, AUTH)[0]["nonce"][0]
    holds(one != two and len(one) >= 16, f"{one} and {two}")


@scripted(
    "digest/stale-zero",
    "httpbin: stale_after 0 makes the first nonce stale",
    "GET /digest-auth/auth/user/passwd/MD5/0 with right credentials and the cookies",
    "401 with stale=true",
)
def _(t):
    answer = tried(t, f"{AUTH}/MD5/0")
    equal(answer.status, 401, "status")
    equal(parameters(answer.one("WWW-Authenticate"))["stale"][0].lower(), "true", "stale")


@scripted("digest/stale-never", "httpbin: stale_after never", "GET …/MD5/never with right credentials and the cookies", "200")
def _(t):
    equal(tried(t, f"{AUTH}/MD5/never").status, 200, "status")


@scripted("digest/stale-one", "httpbin: stale_after 1 is used up by one request", "GET …/MD5/1 twice with the cookies", "200, then 401 with stale=true")
def _(t):
    path = f"{AUTH}/MD5/1"
    asked, kept = challenge(t, path)
    send = ("Authorization", credentials(t, asked, "GET", path, "user", "passwd"))
    first = t.ask("GET", path, [send, ("Cookie", kept)])
    equal(first.status, 200, "the first")
    second = t.ask("GET", path, [send, ("Cookie", cookies(first))])
    equal(second.status, 401, "the second")
    equal(parameters(second.one("WWW-Authenticate"))["stale"][0].lower(), "true", "stale")


@scripted("digest/stale-cookie", "httpbin: the challenge sets stale_after", "GET …/MD5/2", "Set-Cookie: stale_after=2")
def _(t):
    holds("stale_after=2" in challenge(t, f"{AUTH}/MD5/2")[1], "no such cookie")


@scripted("digest/not-stale", "httpbin: a wrong password is not stale", "GET with a wrong password", "stale absent or false")
def _(t):
    asked = parameters(tried(t, AUTH, password="no").one("WWW-Authenticate"))
    holds(asked.get("stale", ("false",))[0].lower() == "false", "stale")


@scripted("digest/require-cookie-without", "httpbin: ?require-cookie", "right credentials, no cookie", "401")
def _(t):
    path = "/digest-auth/auth/user/passwd/MD5/never?require-cookie=1"
    asked, _ = challenge(t, path)
    equal(t.ask("GET", path, [("Authorization", credentials(t, asked, "GET", path, "user", "passwd"))]).status, 401, "status")


@scripted("digest/require-cookie-wrong", "httpbin: ?require-cookie", "right credentials, another cookie", "403")
def _(t):
    path = "/digest-auth/auth/user/passwd/MD5/never?require-cookie=true"
    asked, _ = challenge(t, path)
    equal(t.ask("GET", path, [("Authorization", credentials(t, asked, "GET", path, "user", "passwd")), ("Cookie", "a=b")]).status, 403, "status")


digest("digest/require-cookie-right", "/digest-auth/auth/user/passwd/MD5/never?require-cookie=1", "page: /digest-auth, the query is part of the uri")
