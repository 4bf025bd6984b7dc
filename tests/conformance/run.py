"""Runs every case against every target, prints them side by side, and says whether ours keeps what it promises.

    python3 run.py ours=http://127.0.0.1:4000 httpbin=http://127.0.0.1:8000 go-httpbin=http://127.0.0.1:8080 [--prefixed ours=http://127.0.0.1:4001/a/b] [--json FILE]

Exit status: 1 if `ours` fails a case that a peer passes, or one that is ours by the page or an RFC; 2 for a wrong call; else 0.
"""

import argparse
import json
import sys
from concurrent.futures import ThreadPoolExecutor
from importlib import import_module
from pathlib import Path

from choices import CHOICES
from client import Mismatch, Target
from expect import CASES

for name in ("echo", "content", "status", "redirects", "auth", "cookies", "caching", "response_headers", "streams", "formats", "websocket", "connection", "safety", "prefix"):
    import_module(f"cases.{name}")

OURS = "ours"


def judge(case, target):
    """`pass`, `choice` where a peer does what its own documentation says, `spared` where it would break, or `FAIL`, with the reason."""
    if target.name in case.spared:
        return "spared", "not run: it would not survive"
    try:
        case.check(target)
        return "pass", ""
    except (Mismatch, OSError) as error:
        seen = f"{error}" or type(error).__name__
    except Exception as error:  # a case that breaks is a failure that must be seen, not the end of the run
        seen = f"{type(error).__name__}: {error}"
    other = case.peers.get(target.name)
    if other and target.name != OURS:
        try:
            other(target)
            return "choice", seen
        except Exception:
            return "FAIL", seen
    return "FAIL", seen


def run(target, chosen, workers):
    results = {}
    for group in ([case for case in chosen if not case.late], [case for case in chosen if case.late]):
        with ThreadPoolExecutor(workers) as pool:
            results |= zip((case.id for case in group), pool.map(lambda case: judge(case, target), group))
    return results


def table(rows, head):
    widths = [max(len(str(row[column])) for row in [head, *rows]) for column in range(len(head))]
    for row in [head, *rows]:
        print("  ".join(str(cell).ljust(width) if column == 0 else str(cell).rjust(width) for column, (cell, width) in enumerate(zip(row, widths))))


def families(chosen):
    return list(dict.fromkeys(case.family for case in chosen))


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("targets", nargs="*", metavar="name=url")
    parser.add_argument("--prefixed", action="append", default=[], metavar="name=url", help="a second base URL of a target, with a path, for the family `prefix`")
    parser.add_argument("--json", metavar="FILE", help="write every result there")
    parser.add_argument("--only", action="append", default=[], metavar="START", help="cases whose id starts so")
    parser.add_argument("--workers", type=int, default=8, help="requests at the same time to each target")
    parser.add_argument("--list", action="store_true", help="print the cases and stop")
    options = parser.parse_args()
    chosen = [case for case in CASES if case.id.startswith(tuple(options.only) or "")]
    if options.list:
        for case in chosen:
            print(f"{case.id}\n    {case.request}\n    {case.expected}\n    {case.why}")
        print(f"{len(chosen)} cases in {len(families(chosen))} families")
        return 0
    if not options.targets or any("=" not in given for given in [*options.targets, *options.prefixed]):
        parser.error("targets are given as name=url")
    prefixed = dict(given.split("=", 1) for given in options.prefixed)
    targets = [Target(name, url, prefixed.get(name)) for name, url in (given.split("=", 1) for given in options.targets)]
    with ThreadPoolExecutor(len(targets)) as pool:
        results = {target.name: result for target, result in zip(targets, pool.map(lambda target: run(target, chosen, options.workers), targets))}
    return report(chosen, [target.name for target in targets], results, options.json)


def report(chosen, names, results, file):
    def count(name, picked):
        outcomes = [results[name][case.id][0] for case in picked]
        return f"{outcomes.count('pass')}" + (f"+{outcomes.count('choice')}" if "choice" in outcomes else "") + f"/{len(outcomes)}"

    print("passed (+ where the peer chose otherwise) of all, by family\n")
    rows = [[family, *(count(name, [case for case in chosen if case.family == family]) for name in names)] for family in families(chosen)]
    table([*rows, ["all", *(count(name, chosen) for name in names)]], ["family", *names])

    print("\ncases on which targets differ, or all fail\n")
    for case in chosen:
        outcomes = [results[name][case.id] for name in names]
        if {outcome for outcome, _ in outcomes} == {"pass"}:
            continue
        print(f"{case.id}: " + "  ".join(f"{name} {outcome}" for name, (outcome, _) in zip(names, outcomes)))
        print(f"    {case.request}\n    expected: {case.expected}\n    why: {case.why}")
        for name, (outcome, seen) in zip(names, outcomes):
            if outcome != "pass":
                print(f"    {name}: {seen}")

    used = list(dict.fromkeys(case.choice for case in chosen if case.choice))
    if used:
        print("\nwhere we choose otherwise than a peer\n")
        for name in used:
            question, ours, reason = CHOICES[name]
            print(f"{name}: {question}: {ours}. {reason[0].upper()}{reason[1:]}.")

    peers = [name for name in names if name != OURS]
    lost = []
    if OURS in names:
        for case in chosen:
            if results[OURS][case.id][0] != "pass" and (case.ours or any(results[peer][case.id][0] == "pass" for peer in peers)):
                lost.append(case)
    if file:
        document = {
            "targets": names,
            "cases": [
                {
                    "id": case.id,
                    "family": case.family,
                    "request": case.request,
                    "expected": case.expected,
                    "why": case.why,
                    "choice": case.choice,
                    "ours": case.ours,
                    "results": {name: {"outcome": results[name][case.id][0], "seen": results[name][case.id][1]} for name in names},
                }
                for case in chosen
            ],
        }
        Path(file).write_text(json.dumps(document, ensure_ascii=False, indent=1) + "\n")

    print()
    if OURS not in names:
        print("ours was not among the targets")
        return 0
    if lost:
        print("ours fails, and must not:")
        for case in lost:
            print(f"  {case.id}: {results[OURS][case.id][1]}")
        print()
    passed = sum(results[OURS][case.id][0] == "pass" for case in chosen)
    print(f"{passed} passed, {len(chosen) - passed} failed")
    return 1 if lost else 0


if __name__ == "__main__":
    sys.exit(main())
