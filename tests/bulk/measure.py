"""Starts nginx on the loopback, gives the same lists of URLs to our program, to curl and to lychee in turn, and compares what they took.

Processor time is that of the program and all its children, user and system; resident memory is its peak. Both are told by GNU time, since what Python knows of a
child's peak includes its own. Rounds alternate, so that whatever else the machine does falls on all alike; what is compared is the median.
"""

import argparse
import contextlib
import json
import os
import pathlib
import socket
import statistics
import subprocess
import sys
import time

PAGES = 20_000
PAGE_BYTES = 2048
HOSTS = 100
OURS, CURL, LYCHEE = "siteerror", "curl", "lychee"

# What is promised: against curl, against lychee, and by itself.
LEAST_SPEED_OF_CURL = 2.0
MOST_CPU_OF_CURL = 0.5
MOST_CPU_OF_LYCHEE = 0.4
MOST_RESIDENT_MIB = 40.0
MOST_MS_FOR_ONE = 20.0
ONE_TIMES = 31
# Of a list fifty times as long the peak may differ by what allocators do, and by no more.
MOST_GROWTH_MIB = 4.0

NGINX = """
daemon off;
master_process off;
pid {place}/nginx.pid;
error_log {place}/nginx.log warn;
events {{ worker_connections 4096; multi_accept on; }}
http {{
  access_log off;
  client_body_temp_path {place}/temporary;
  proxy_temp_path {place}/temporary;
  fastcgi_temp_path {place}/temporary;
  uwsgi_temp_path {place}/temporary;
  scgi_temp_path {place}/temporary;
  types {{ text/html html; }}
  charset utf-8;
  sendfile on;
  tcp_nopush on;
  keepalive_requests 10000000;
  keepalive_timeout 1h;
  http2_max_concurrent_streams 128;
  add_header Cache-Control "public, max-age=600";
  add_header X-Content-Type-Options nosniff;
  root {place}/pages;
  server {{
{plain}
  }}
  server {{
    listen 127.0.0.1:{tls_port} ssl http2;
    ssl_certificate {place}/leaf.pem;
    ssl_certificate_key {place}/leaf.key;
  }}
}}
"""


def write_pages(place):
    """Pages of one size, no two alike."""
    pages = place / "pages"
    if (pages / f"{PAGES - 1}.html").exists():
        return
    pages.mkdir(parents=True, exist_ok=True)
    for number in range(PAGES):
        text = f'<!doctype html>\n<html lang="en">\n<head><meta charset="utf-8"><title>Page {number}</title></head>\n<body>\n'
        line = 0
        while len(text) < PAGE_BYTES:
            line += 1
            text += f"<p>Line {line} of page {number}, which is like no other.</p>\n"
        (pages / f"{number}.html").write_text(text[:PAGE_BYTES])


def write_certificates(place):
    """A root and a leaf for 127.0.0.1, good for a month."""

    def openssl(*arguments):
        subprocess.run(["openssl", *arguments], cwd=place, check=True, capture_output=True)

    key = ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes"]
    openssl("req", "-x509", *key, "-keyout", "root.key", "-out", "root.pem", "-days", "30", "-subj", "/CN=Root of a measurement")
    openssl("req", *key, "-keyout", "leaf.key", "-out", "leaf.csr", "-subj", "/CN=127.0.0.1")
    (place / "leaf.ext").write_text("subjectAltName=IP:127.0.0.1\nbasicConstraints=CA:FALSE\nextendedKeyUsage=serverAuth\n")
    sign = ["-CA", "root.pem", "-CAkey", "root.key", "-CAcreateserial", "-extfile", "leaf.ext"]
    openssl("x509", "-req", "-in", "leaf.csr", *sign, "-out", "leaf.pem", "-days", "30")


def free_port(hosts):
    """A port that is free on so many addresses of the loopback."""
    for _ in range(100):
        with contextlib.ExitStack() as stack:
            first = stack.enter_context(socket.socket())
            first.bind(("127.0.0.1", 0))
            port = first.getsockname()[1]
            try:
                for host in range(2, hosts + 1):
                    stack.enter_context(socket.socket()).bind((f"127.0.0.{host}", port))
            except OSError:
                continue
            return port
    raise SystemExit("no port is free on all addresses")


@contextlib.contextmanager
def nginx(place):
    """The server, for as long as it is needed; gives its two ports."""
    port, tls_port = free_port(HOSTS), free_port(1)
    plain = "\n".join(f"    listen 127.0.0.{host}:{port};" for host in range(1, HOSTS + 1))
    config = place / "nginx.conf"
    config.write_text(NGINX.format(place=place, plain=plain, tls_port=tls_port))
    server = subprocess.Popen(["nginx", "-c", str(config), "-p", str(place)], stderr=subprocess.DEVNULL)
    try:
        for _ in range(100):
            with contextlib.suppress(OSError), socket.create_connection(("127.0.0.1", tls_port), 1):
                break
            if server.poll() is not None:
                raise SystemExit(f"nginx does not start: see {place}/nginx.log")
            time.sleep(0.1)
        yield port, tls_port
    finally:
        server.terminate()
        server.wait()


class Case:
    """A list of URLs, and what the programs must be told of it."""

    def __init__(self, place, name, urls, tls=False):
        self.name, self.tls, self.count = name, tls, len(urls)
        self.list = place / f"{name}.txt"
        self.list.write_text("".join(f"{url}\n" for url in urls))
        self.for_curl = place / f"{name}.curl"
        self.for_curl.write_text("".join(f'url = "{url}"\noutput = "/dev/null"\n' for url in urls))
        self.reports = place / f"{name}.jsonl"
        self.summary = place / f"{name}.lychee.json"
        self.root = place / "root.pem"

    def command(self, program):
        return {OURS: self.ours, CURL: self.curl, LYCHEE: self.lychee}[program]()

    def ours(self):
        manners = ["--concurrency", "64", "--per-host", "64", "--no-rate-limit"]
        trust = ["--cacert", str(self.root)] if self.tls else []
        out = ["--jsonl", "--output", str(self.reports)]
        return [os.environ["SITEERROR"], "check", "--from-file", str(self.list), *out, *manners, *trust]

    def curl(self):
        trust = ["--cacert", str(self.root), "--http2"] if self.tls else []
        return ["curl", "--silent", "--parallel", "--parallel-max", "128", *trust, "--config", str(self.for_curl)]

    def lychee(self):
        manners = ["--max-concurrency", "64", "--host-concurrency", "64", "--host-request-interval", "0s", "--max-retries", "0", "--threads", "2"]
        trust = ["--insecure"] if self.tls else []
        out = ["--no-progress", "--format", "json", "--output", str(self.summary)]
        return [os.environ["LYCHEE"], *out, *manners, *trust, str(self.list)]

    def missed_by_lychee(self):
        """How many URLs it could not reach: what it did not do costs nothing, and the comparison is then too kind to it."""
        return self.count - json.loads(self.summary.read_text())["successful"]

    def proves(self):
        """All of the list was checked, and each line is a whole report."""
        seen = set()
        with self.reports.open() as lines:
            for line in lines:
                report = json.loads(line)
                hop = report["hops"][0]
                body = hop["body"]
                good = report["status"] == 200 and report["error"] is None and body["bytes"] == PAGE_BYTES and len(body["sha256"]) == 64
                told = "findings" in report and hop["timing_ms"]["total"] > 0 and len(hop["headers"]) > 8
                spoken = hop["version"] == ("2" if self.tls else "1.1") and (hop["tls"] is not None) == self.tls
                if not (good and told and spoken):
                    raise SystemExit(f"{self.name}: this is no full report of a page:\n{line}")
                seen.add(report["url"])
        if len(seen) != self.count:
            raise SystemExit(f"{self.name}: {len(seen)} of {self.count} URLs have a report")


class Cost:
    """What one run took."""

    def __init__(self, wall_s, cpu_s, resident_mib):
        self.wall_s, self.cpu_s, self.resident_mib = wall_s, cpu_s, resident_mib


def run(place, command, stdin=None, tolerant=False):
    told = place / "time.txt"
    timed = ["/usr/bin/time", "--quiet", "--format", "%e %U %S %M", "--output", str(told), *command]
    began = time.monotonic()
    ended = subprocess.run(timed, stdin=stdin or subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)
    wall = time.monotonic() - began
    # Two is how lychee says that it found something.
    if ended.returncode and not (tolerant and ended.returncode == 2):
        raise SystemExit(f"{command[0]} ended with {ended.returncode}:\n{ended.stderr.decode(errors='replace')[-2000:]}")
    _, user, system, kib = told.read_text().split()
    return Cost(wall, float(user) + float(system), int(kib) / 1024)


def lists(place, port, tls_port, count):
    """The three lists: one host, a hundred hosts, and TLS with HTTP/2."""
    pages = [f"{number % PAGES}.html" + (f"?{number // PAGES}" if number >= PAGES else "") for number in range(count)]
    one = [f"http://127.0.0.1:{port}/{page}" for page in pages]
    hundred = [f"http://127.0.0.{1 + number % HOSTS}:{port}/{page}" for number, page in enumerate(pages)]
    tls = [f"https://127.0.0.1:{tls_port}/{page}" for page in pages]
    return [Case(place, "one-host", one), Case(place, "hundred-hosts", hundred), Case(place, "tls-http2", tls, tls=True)]


class Promises:
    """Prints each with what was measured, and remembers whether one is broken."""

    def __init__(self):
        self.kept = True

    def hold(self, what, value, bound, least=False):
        kept = value >= bound if least else value <= bound
        self.kept &= kept
        word = "at least" if least else "at most"
        print(f"  {'kept  ' if kept else 'BROKEN'}  {what}: {value:.2f}, {word} {bound:g}")


def compare(place, case, programs, rounds, promises):
    costs = {program: [] for program in programs}
    for turn in range(rounds):
        # Each turn begins with another one.
        start = turn % len(programs)
        for program in programs[start:] + programs[:start]:
            costs[program].append(run(place, case.command(program), tolerant=program == LYCHEE))
            if program == OURS and turn == 0:
                case.proves()
            if program == LYCHEE and (missed := case.missed_by_lychee()):
                print(f"  lychee did not reach {missed} URLs of {case.name}")

    def median(program, value):
        return statistics.median(value(cost) for cost in costs[program])

    print(f"{case.name}: {case.count} URLs, median of {rounds} rounds")
    for program in programs:
        wall, cpu = median(program, lambda cost: cost.wall_s), median(program, lambda cost: cost.cpu_s)
        resident = max(cost.resident_mib for cost in costs[program])
        print(f"  {program:10} {case.count / wall:8.0f} URLs/s  {cpu / case.count * 1e6:7.1f} µs of processor a URL  {resident:6.1f} MiB")

    def ratio(other, value):
        """Round by round, so that both had the same neighbours."""
        return statistics.median(value(ours) / value(theirs) for ours, theirs in zip(costs[OURS], costs[other], strict=True))

    if CURL in programs:
        promises.hold("URLs a second, times those of curl", 1 / ratio(CURL, lambda cost: cost.wall_s), LEAST_SPEED_OF_CURL, least=True)
        promises.hold("processor time, times that of curl", ratio(CURL, lambda cost: cost.cpu_s), MOST_CPU_OF_CURL)
    if LYCHEE in programs:
        promises.hold("processor time, times that of lychee", ratio(LYCHEE, lambda cost: cost.cpu_s), MOST_CPU_OF_LYCHEE)
    peak = max(cost.resident_mib for cost in costs[OURS])
    promises.hold("resident memory in MiB", peak, MOST_RESIDENT_MIB)
    return peak


def flat(place, case, port, many, peak, promises):
    """A list that is never all there: made while it is read, and its reports go nowhere."""
    make = f"for n in range({many}): print(f'http://127.0.0.1:{port}/{{n % {PAGES}}}.html?{{n}}')"
    command = [word if word != str(case.list) else "-" for word in case.ours()]
    command[command.index("--output") + 1] = "/dev/null"
    with subprocess.Popen([sys.executable, "-c", make], stdout=subprocess.PIPE) as maker:
        cost = run(place, command, stdin=maker.stdout)
    print(f"streamed: {many} URLs, {many / cost.wall_s:.0f} URLs/s, {cost.cpu_s / many * 1e6:.1f} µs of processor a URL")
    promises.hold("resident memory in MiB", cost.resident_mib, MOST_RESIDENT_MIB)
    promises.hold(f"MiB more than for {case.count} URLs", cost.resident_mib - peak, MOST_GROWTH_MIB)


def one(case, promises):
    """One URL from the command to its card, as somebody at a terminal waits for it; the connection to nginx, the report and the end of the program included."""
    url = case.list.read_text().split("\n", 1)[0]
    costs = {program: [] for program in (OURS, CURL)}
    for _ in range(ONE_TIMES):
        for program, command in ((OURS, [os.environ["SITEERROR"], "check", url]), (CURL, ["curl", "--silent", "--output", "/dev/null", url])):
            began = time.monotonic()
            subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
            costs[program].append((time.monotonic() - began) * 1000)
    ours, curls = (statistics.median(costs[program]) for program in (OURS, CURL))
    print(f"one URL: {ours:.1f} ms, the longest of {ONE_TIMES} {max(costs[OURS]):.1f} ms; curl {curls:.1f} ms, {ours / curls:.2f} times that")
    promises.hold("milliseconds for one URL", ours, MOST_MS_FOR_ONE)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--place", type=pathlib.Path, required=True, help="where files go")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--count", type=int, default=20_000, help="URLs of a list")
    parser.add_argument("--many", type=int, default=1_000_000, help="URLs of the list that is streamed; 0 leaves it out")
    parser.add_argument("--case", help="only this list: one-host, hundred-hosts or tls-http2")
    parser.add_argument("--only-ours", action="store_true", help="no other programs")
    options = parser.parse_args()

    place = options.place.resolve()
    (place / "temporary").mkdir(parents=True, exist_ok=True)
    write_pages(place)
    write_certificates(place)
    programs = [OURS] if options.only_ours else [OURS, CURL, LYCHEE]
    if LYCHEE in programs and not os.environ.get("LYCHEE"):
        programs.remove(LYCHEE)
        print("*** lychee is LEFT OUT: LYCHEE names no program; nothing is compared with it ***", file=sys.stderr)
    promises = Promises()
    with nginx(place) as (port, tls_port):
        peaks = {}
        cases = lists(place, port, tls_port, options.count)
        for case in cases:
            if options.case in (None, case.name):
                peaks[case.name] = compare(place, case, programs, options.rounds, promises)
        if "one-host" in peaks:
            one(cases[0], promises)
        if options.many and "one-host" in peaks:
            flat(place, cases[0], port, options.many, peaks["one-host"], promises)
    return 0 if promises.kept else 1


if __name__ == "__main__":
    sys.exit(main())
