"""Produces, on the loopback, what the content says of nginx, HAProxy, Apache and Caddy, and compares.

Two kinds of claims are read from the content itself: the cells of `content/faults/*.toml` (what a proxy sends for a fault, and what it logs), and `wire` of
`content/vendors/nginx/*.md` (whether a number travels, stays in the log, or comes as another). A claim is one status code on the wire, or one in the log.
The versions of the pages are told beside those at hand: another version may do otherwise, and then the page is what has to change.
"""

import contextlib
import os
import pathlib
import re
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import threading
import time
import tomllib

CONTENT = pathlib.Path(__file__).resolve().parents[2] / "crates/siteerror-catalog/content"
PATIENCE_S = 20


class Backend:
    """Answers each path with the fault of its name."""

    ANSWERS = {
        "/garbage": b"this is not HTTP at all\r\n\r\nhello",
        "/field": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nbad field\x00: x\r\n\r\nhi",
        "/large": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nX-Large: " + b"x" * 20_000 + b"\r\n\r\nhi",
        "/short": b"HTTP/1.1 200 OK\r\nContent-Length: 100\r\n\r\nonly a part",
        "/520": b"HTTP/1.1 520 Odd\r\nContent-Length: 2\r\n\r\nhi",
        "/600": b"HTTP/1.1 600 Odd\r\nContent-Length: 2\r\n\r\nhi",
        "/999": b"HTTP/1.1 999 Odd\r\nContent-Length: 2\r\n\r\nhi",
        "/ok": b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nhi",
    }

    def __init__(self):
        self.socket = socket.create_server(("127.0.0.1", 0), backlog=64)
        self.port = self.socket.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()

    def accept(self):
        while True:
            stream, _ = self.socket.accept()
            threading.Thread(target=self.answer, args=(stream,), daemon=True).start()

    def answer(self, stream):
        with contextlib.suppress(OSError), stream:
            stream.settimeout(PATIENCE_S)
            head = b""
            while b"\r\n\r\n" not in head:
                piece = stream.recv(65536)
                if not piece:
                    return
                head += piece
            path = head.split(b" ", 2)[1].decode()
            if path == "/reset":
                stream.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, b"\x01\0\0\0\0\0\0\0")
            elif path == "/hang":
                time.sleep(PATIENCE_S)
            elif path in self.ANSWERS:
                stream.sendall(self.ANSWERS[path])
                # What comes after would be a second answer.
                stream.shutdown(socket.SHUT_WR)
                stream.recv(1)


def free_port():
    with socket.socket() as one:
        one.bind(("127.0.0.1", 0))
        return one.getsockname()[1]


NGINX = """
daemon off; master_process off; pid {place}/nginx.pid; error_log {place}/error.log;
events {{}}
http {{
  log_format line '$status $request';
  access_log {place}/nginx.log line;
  client_body_temp_path {place}/b; proxy_temp_path {place}/p; fastcgi_temp_path {place}/f; uwsgi_temp_path {place}/u; scgi_temp_path {place}/s;
  client_header_timeout 2s; proxy_read_timeout 2s; client_max_body_size 1k;
  server {{
    listen 127.0.0.1:{port};
    location / {{ proxy_pass http://127.0.0.1:{backend}; }}
    location /closed {{ proxy_pass http://127.0.0.1:{closed}; }}
    location /static {{ root {place}; }}
    location /hangup {{ return 444; }}
  }}
  server {{
    listen 127.0.0.1:{tls} ssl;
    ssl_certificate {place}/leaf.pem; ssl_certificate_key {place}/leaf.key; ssl_client_certificate {place}/leaf.pem; ssl_verify_client on;
    location / {{ root {place}; }}
  }}
}}
"""

HAPROXY = """
global
  log {log} format raw local0
defaults
  mode http
  log global
  log-format "%ST %ts-- %r"
  timeout connect 2s
  timeout client 4s
  timeout server 2s
  timeout http-request 2s
frontend front
  bind 127.0.0.1:{port}
  use_backend closed if {{ path /closed }}
  default_backend behind
backend behind
  server one 127.0.0.1:{backend}
backend closed
  server one 127.0.0.1:{closed}
"""

APACHE = """
ServerRoot {place}
ServerName localhost
PidFile {place}/apache.pid
DefaultRuntimeDir {place}
ErrorLog {place}/apache.error.log
LoadModule mpm_event_module {modules}/mod_mpm_event.so
LoadModule authz_core_module {modules}/mod_authz_core.so
LoadModule proxy_module {modules}/mod_proxy.so
LoadModule proxy_http_module {modules}/mod_proxy_http.so
LoadModule reqtimeout_module {modules}/mod_reqtimeout.so
Listen 127.0.0.1:{port}
RequestReadTimeout header=2
LogFormat "%>s %r" line
CustomLog {place}/apache.log line
ProxyTimeout 2
ProxyPass /closed http://127.0.0.1:{closed}/closed retry=0
ProxyPass / http://127.0.0.1:{backend}/ retry=0
"""

CADDY = """
{{
  admin off
  auto_https off
  storage file_system {place}/caddy
}}
http://:{port} {{
  bind 127.0.0.1
  log {{
    output file {place}/caddy.log
  }}
  handle /closed {{
    reverse_proxy 127.0.0.1:{closed}
  }}
  handle {{
    reverse_proxy 127.0.0.1:{backend} {{
      transport http {{
        response_header_timeout 2s
      }}
    }}
  }}
}}
"""


class Proxy:
    """A program in front of the backend, with the lines that it has logged."""

    def __init__(self, name, place, command, port, log):
        self.name, self.port, self.log, self.read = name, port, log, 0
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=(place / f"{name}.err").open("w"), cwd=place)
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", port), 1):
                break
            if self.process.poll() is not None:
                raise SystemExit(f"{name} does not start: {(place / f'{name}.err').read_text()[-1500:]}")
            time.sleep(0.1)
        time.sleep(0.3)
        self.lines()

    def lines(self):
        """What was logged since the last look."""
        text = self.log.text() if hasattr(self.log, "text") else (self.log.read_text(errors="replace") if self.log.exists() else "")
        new, self.read = text[self.read :], len(text)
        return [line for line in new.splitlines() if line.strip()]

    def logged(self):
        """The status of the next line, waited for."""
        for _ in range(40):
            for line in self.lines():
                found = re.search(r'"status": ?(\d+)', line) or re.match(r"(-?\d+)( [A-Za-z-]{4})?", line)
                if found:
                    return found[0].strip() if found.lastindex and found.lastindex > 1 else found[1]
            time.sleep(0.1)
        return None

    def stop(self):
        self.process.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            self.process.wait(5)
        if self.process.poll() is None:
            self.process.kill()


class Drain:
    """HAProxy writes its log to a socket."""

    def __init__(self):
        self.socket = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
        self.socket.bind(("127.0.0.1", 0))
        self.address = "127.0.0.1:%d" % self.socket.getsockname()[1]
        self.parts = []
        threading.Thread(target=self.take, daemon=True).start()

    def take(self):
        while True:
            self.parts.append(self.socket.recv(65536).decode(errors="replace").rstrip("\n") + "\n")

    def text(self):
        return "".join(self.parts)


def ask(port, request, leave_after=None, tls=None, patience=8):
    """The status that comes; `closed` if nothing does, `open` if nothing happens."""
    stream = socket.create_connection(("127.0.0.1", port), 5)
    with contextlib.suppress(OSError), stream:
        if tls:
            stream = tls.wrap_socket(stream, server_hostname="localhost")
        stream.settimeout(leave_after or patience)
        stream.sendall(request)
        got = b""
        try:
            while b"\r\n" not in got:
                piece = stream.recv(65536)
                if not piece:
                    break
                got += piece
        except TimeoutError:
            return "left" if leave_after else "open"
        found = re.match(rb"HTTP/1\.[01] (\d+)", got)
        return found[1].decode() if found else ("closed" if not got else "no status line")
    return "closed"


def get(path, more="", method="GET"):
    return f"{method} {path} HTTP/1.1\r\nHost: localhost\r\n{more}\r\n".encode()


# The row of the matrix, and the request that makes it happen.
ROWS = {
    "port-closed": get("/closed"),
    "close-without-reply": get("/close"),
    "reset": get("/reset"),
    "hang (read timeout 2 s)": get("/hang"),
    "invalid-header": get("/field"),
    "20 kB response header": get("/large"),
    "truncated-length": get("/short"),
    "backend status 520": get("/520"),
    "backend status 600": get("/600"),
    "backend status 999": get("/999"),
    "garbage-status-line": get("/garbage"),
    "unfinished request headers": b"GET /ok HTTP/1.1\r\nHost: localhost\r\nX-Half: ",
    "request line with HTTP/9.9": b"GET /ok HTTP/9.9\r\nHost: localhost\r\n\r\n",
    "two different Content-Lengths": get("/ok", "Content-Length: 1\r\nContent-Length: 2\r\n", "POST") + b"hi",
    "Transfer-Encoding: gzip": get("/ok", "Transfer-Encoding: gzip\r\n", "POST"),
    "oversized cookie (40 kB)": get("/ok", "Cookie: " + "x" * 40_000 + "\r\n"),
}
COLUMNS = {"nginx": "nginx", "HAProxy": "haproxy", "Apache": "apache", "Caddy": "caddy"}


def faults():
    """Row, proxy, what is sent and what is logged, as the pages say: codes only, since the rest is words."""
    for path in sorted((CONTENT / "faults").glob("*.toml")):
        fault = tomllib.loads(path.read_text())
        for cell in fault["cell"]:
            column = cell["proxy"].split()[0]
            if fault["row"] in ROWS and column in COLUMNS and cell.get("measured", True):
                code = re.match(r"\d{3}\b", cell["sent"])
                line = re.match(r"-?\d{3}( [A-Za-z-]{2}--)?", cell.get("logged", ""))
                # What is accepted is answered by whatever stands there, which is not the proxy's doing.
                accepted = cell["sent"] == "accepted"
                yield fault, cell, COLUMNS[column], code and code[0], line and not accepted and line[0]


def nginx_claims(port, tls_port, place):
    """Number, and what makes nginx come to it."""
    anybody = ssl.create_default_context(cafile=str(place / "leaf.pem"))
    anybody.check_hostname = False
    anybody.verify_mode = ssl.CERT_NONE
    stranger = ssl.create_default_context()
    stranger.check_hostname = False
    stranger.verify_mode = ssl.CERT_NONE
    stranger.load_cert_chain(place / "other.pem", place / "other.key")
    yield 499, lambda: ask(port, get("/hang"), leave_after=1)
    yield 444, lambda: ask(port, get("/hangup"))
    yield 494, lambda: ask(port, get("/ok", "X: " + "x" * 40_000 + "\r\n"))
    yield 495, lambda: ask(tls_port, get("/"), tls=stranger)
    yield 496, lambda: ask(tls_port, get("/"), tls=anybody)
    yield 497, lambda: ask(tls_port, get("/"))
    yield 413, lambda: ask(port, get("/ok", "Content-Length: 5000\r\n", "POST"))
    yield 414, lambda: ask(port, get("/" + "x" * 40_000))
    yield 502, lambda: ask(port, get("/closed"))
    yield 504, lambda: ask(port, get("/hang"))


def front(path):
    text = path.read_text()
    return tomllib.loads(text.split("+++\n")[1])


def certificates(place):
    for name in ("leaf", "other"):
        command = ["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-keyout", f"{name}.key", "-out", f"{name}.pem"]
        subprocess.run([*command, "-days", "2", "-subj", f"/CN={name}"], cwd=place, check=True, capture_output=True)


def start(place, stack):
    backend, closed, drain = Backend(), free_port(), Drain()
    certificates(place)
    modules = next(pathlib.Path("/usr/lib").glob("apache2/modules"))
    tls = free_port()
    proxies = {}
    for name, config, command in (
        ("nginx", NGINX, ["nginx", "-c", "{file}", "-p", str(place)]),
        ("haproxy", HAPROXY, ["haproxy", "-f", "{file}", "-db"]),
        ("apache", APACHE, ["apache2", "-f", "{file}", "-DFOREGROUND"]),
        ("caddy", CADDY, ["caddy", "run", "--config", "{file}", "--adapter", "caddyfile"]),
    ):
        port = free_port()
        file = place / f"{name}.conf"
        file.write_text(config.format(place=place, port=port, tls=tls, backend=backend.port, closed=closed, log=drain.address, modules=modules))
        log = drain if name == "haproxy" else place / f"{name}.log"
        proxies[name] = Proxy(name, place, [word.replace("{file}", str(file)) for word in command], port, log)
        stack.callback(proxies[name].stop)
    return proxies, tls


def versions():
    for command in (["nginx", "-v"], ["haproxy", "-v"], ["apache2", "-v"], ["caddy", "version"]):
        ran = subprocess.run(command, capture_output=True, text=True, check=True)
        print((ran.stdout or ran.stderr).splitlines()[0])


class Verdicts:
    def __init__(self):
        self.held, self.broken = 0, 0

    def judge(self, what, said, seen):
        good = said == seen
        self.held += good
        self.broken += not good
        print(f"  {'ok    ' if good else 'BROKEN'} {what}: the page says {said}, seen {seen}")


def main():
    versions()
    verdicts = Verdicts()
    with contextlib.ExitStack() as stack:
        place = pathlib.Path(tempfile.mkdtemp(prefix="vendors-"))
        stack.callback(shutil.rmtree, place, ignore_errors=True)
        os.chmod(place, 0o755)
        proxies, tls = start(place, stack)
        for fault, cell, name, sent, logged in faults():
            proxy = proxies[name]
            proxy.lines()
            seen = ask(proxy.port, ROWS[fault["row"]])
            if sent:
                verdicts.judge(f"{fault['row']}, {cell['proxy']}, sent", sent, seen)
            if logged:
                line = proxy.logged() or ""
                # HAProxy's last two flags are about cookies: the state is the first two.
                verdicts.judge(f"{fault['row']}, {cell['proxy']}, logged", logged, line[: len(logged)])
        nginx = proxies["nginx"]
        for number, provoke in nginx_claims(nginx.port, tls, place):
            owner = front(CONTENT / "vendors/nginx" / f"{number}.md")["owners"][0]
            nginx.lines()
            seen = provoke()
            logged = nginx.logged()
            match owner["wire"]:
                case "sent":
                    verdicts.judge(f"nginx/{number}, sent", str(number), seen)
                case "other":
                    verdicts.judge(f"nginx/{number}, sent as another", str(owner["instead"]), seen)
                case "log-only":
                    verdicts.judge(f"nginx/{number}, not sent", True, seen in ("closed", "left"))
                    verdicts.judge(f"nginx/{number}, logged", str(number), logged)
    print(f"{verdicts.held} claims of the pages held, {verdicts.broken} did not")
    return 1 if verdicts.broken or not verdicts.held else 0


if __name__ == "__main__":
    sys.exit(main())
