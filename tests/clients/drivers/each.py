"""The loop of every driver in Python: URLs as JSON lines in, what the caller of the client gets as JSON lines out."""

import hashlib
import json
import signal
import sys
from collections.abc import Callable, Iterable

LIMIT_S = 5.0


class Deadline(BaseException):
    """The time for one URL is over. Not an `Exception`, so that no client takes it for an error of its own.

    The clients' own time limits are off: theirs are for one read, not for the exchange.
    """


class Unable(Exception):
    """This client cannot ask in the way that the job wants."""


def _over(_signal, _frame):
    raise Deadline


def content(parts: Iterable[bytes]) -> dict:
    """Reads content to its end, keeping its size and digest only."""
    size, digest = 0, hashlib.sha256()
    for part in parts:
        size += len(part)
        digest.update(part)
    return {"content_bytes": size, "content_sha256": digest.hexdigest()}


def failed(error: Exception, seen: dict) -> dict:
    """The client's own class and words, as a caller sees them."""
    return {**seen, "outcome": "error", "error_kind": type(error).__name__, "error_text": str(error)}


def main(version: str, ask: Callable[[dict, dict], dict]) -> None:
    """`ask` gets the job and a dictionary to fill with what the caller sees before the content, and returns what the content adds."""
    if sys.argv[1:] == ["--version"]:
        print(version)
        return
    signal.signal(signal.SIGALRM, _over)
    for line in sys.stdin:
        job = json.loads(line)
        seen: dict = {}
        signal.setitimer(signal.ITIMER_REAL, LIMIT_S)
        try:
            added = ask(job, seen)
            answer = {"outcome": "response", **seen, **added}
        except Deadline:
            answer = {"outcome": "timeout"}
        except Unable:
            answer = {"outcome": "unable"}
        except Exception as error:  # Whatever the client raises is the result.
            answer = failed(error, seen)
        finally:
            signal.setitimer(signal.ITIMER_REAL, 0)
        print(json.dumps({"name": job["name"], **answer}), flush=True)
