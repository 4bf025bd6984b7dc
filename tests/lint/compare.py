"""Our linter and REDbot's engine, httplint, on the same responses.

A break is found when its bad example is given something that its good one is not: for us a finding of that rule, for httplint any note
that says bad or warning, or a message that its parser refuses. A false alarm is an error in a good example or in a trap; for httplint,
whose notes have no such names, one that says bad.
"""

import json
import os
import subprocess
import sys
import tempfile
from argparse import Namespace
from pathlib import Path

from httplint import HttpRequestLinter, levels
from httplint.cli.http_parser import HttpCliParser, modes

DATA = Path(__file__).parents[2] / "crates/siteerror-lint/tests/data"
SITEERROR = os.environ["SITEERROR"]
# All names of each rule: its own, and its aliases.
NAMES = {
    rule["rule"]: [rule["rule"], *rule["aliases"]]
    for rule in json.loads(subprocess.run([SITEERROR, "lint", "--rules", "--json"], capture_output=True, check=True).stdout)
}


class Peer(HttpCliParser):
    """httplint behind its own parser, with the request that the response answers."""

    def __init__(self, request):
        super().__init__(Namespace(mode=modes.RESPONSE))
        self.request = request
        self.refused = None

    def input_start(self, *args):
        started = super().input_start(*args)
        if self.request is not None:
            self.linter.request = self.request
            self.linter.is_head_response = self.request.method == "HEAD"
        return started

    def input_error(self, err, close=True):
        self.refused = type(err).__name__

    def input_end(self, trailers):
        self.linter.finish_content(True, trailers)


def peer_request(text):
    if not text:
        return None
    head = text.split("\r\n\r\n")[0].split("\r\n")
    method, target, version = head[0].split(" ")
    linter = HttpRequestLinter()
    linter.process_request_topline(method.encode(), target.encode(), version.removeprefix("HTTP/").encode())
    linter.process_headers([(name.encode(), value.strip().encode()) for name, value in (line.split(":", 1) for line in head[1:])])
    linter.finish_content(True)
    return linter


def peer(response, request):
    """The notes of httplint: those that say bad, and those that say bad or warning."""
    parser = Peer(peer_request(request))
    try:
        parser.handle_input(response.encode("latin-1"))
    except Exception as error:  # what its parser makes of some messages
        parser.refused = parser.refused or type(error).__name__
    notes = list(getattr(parser, "linter", Namespace(notes=[])).notes)
    notes += [sub for note in notes for sub in note.subnotes]
    bad = {type(note).__name__ for note in notes if note.level == levels.BAD}
    warn = {type(note).__name__ for note in notes if note.level == levels.WARN}
    if parser.refused:
        bad.add(parser.refused)
    return bad, bad | warn


def ours(response, request, context):
    """Our findings, and those that are errors."""
    command = [SITEERROR, "lint", "-", "--json", "--fail-on", "never"]
    if context.get("scheme"):
        command += ["--url", f"{context['scheme']}://www.example.com/"]
    if context.get("received_at"):
        command += ["--received-at", context["received_at"]]
    with tempfile.NamedTemporaryFile() as file:
        if request:
            file.write(request.encode("latin-1"))
            file.flush()
            command += ["--request", file.name]
        done = subprocess.run(command, input=response.encode("latin-1"), capture_output=True, check=False)
    if done.returncode:
        sys.exit(f"{' '.join(command)}: exit {done.returncode}: {done.stderr.decode()}")
    findings = json.loads(done.stdout)["findings"]
    return {name for finding in findings for name in NAMES[finding["rule"]]}, {
        finding["rule"] for finding in findings if finding["severity"] == "error"
    }


def main():
    everything = "--all" in sys.argv[1:]
    breaks = json.loads((DATA / "breaks.json").read_text())
    traps = json.loads((DATA / "traps.json").read_text())
    count = {"ours": [0, 0, 0], "peer": [0, 0, 0]}
    print(f"{'example':<36} {'siteerror':<10} httplint")
    for case in breaks:
        context = case.get("context", {})
        request = case.get("request")
        good_request = case.get("request_good", request)
        found, _ = ours(case["bad"], request, context)
        _, errors = ours(case["good"], good_request, case.get("context_good", context))
        peer_found = peer(case["bad"], request)[1] - peer(case["good"], good_request)[1]
        peer_errors = peer(case["good"], good_request)[0]
        count["ours"][0] += case["id"] in found
        count["peer"][0] += bool(peer_found)
        count["ours"][1] += bool(errors)
        count["peer"][1] += bool(peer_errors)
        if everything or case["id"] not in found or errors:
            print(f"{case['id']:<36} {'found' if case['id'] in found else 'MISSED':<10} {', '.join(sorted(peer_found)) or 'missed'}")
        if errors or (everything and peer_errors):
            print(f"  its good example: {', '.join(sorted(errors)) or 'no error':<24} {', '.join(sorted(peer_errors)) or 'nothing bad'}")
    for case in traps:
        _, errors = ours(case["response"], case.get("request"), case.get("context", {}))
        peer_errors = peer(case["response"], case.get("request"))[0]
        count["ours"][2] += bool(errors)
        count["peer"][2] += bool(peer_errors)
        if everything or errors:
            print(f"trap {case['id']:<31} {', '.join(sorted(errors)) or 'no error':<10} {', '.join(sorted(peer_errors)) or 'nothing bad'}")
    print()
    for label, index, total in [("bad examples found", 0, len(breaks)), ("good examples with an error", 1, len(breaks)), ("traps with an error", 2, len(traps))]:
        print(f"{label:<30} siteerror {count['ours'][index]:>3} of {total}   httplint {count['peer'][index]:>3} of {total}")
    failed = count["ours"][0] < len(breaks) or count["ours"][1] or count["ours"][2]
    sys.exit(1 if failed else 0)


if __name__ == "__main__":
    main()
