"""One word for what a client made of an answer. The words are listed in README.md; they never change their meaning."""

from wire import Arrival


def _basis(result: dict) -> str | None:
    """The words that hold for every answer, broken or not."""
    if result["outcome"] == "timeout":
        return "timeout"
    if result["outcome"] == "error":
        return "refused"
    # RFC 9110 §15.2: an interim response comes before the final one; 101 alone ends the exchange as HTTP.
    # A client that gives none has made its response of something else.
    status = result.get("status", 0)
    if 100 <= status < 200 and status != 101:
        return "misread"
    return None


def of_fault(result: dict, right: str, arrival: Arrival) -> str:
    """`right` is what a client should do with this fault: `refuse`, `accept` or `either`."""
    if basis := _basis(result):
        return basis
    if arrival.is_cut or result.get("partial"):
        return "accepted-cut"
    if right == "accept":
        return "correct"
    if result.get("coded"):
        return "undecoded"
    return "accepted-cut" if arrival.is_coding_cut else "accepted"


def of_interims(result: dict, sent: list[int]) -> str:
    """`sent` is what went out before the final response."""
    if basis := _basis(result):
        return basis
    shown = result.get("interims", [])
    return "shown" if shown == sent else "shown-part" if shown else "hidden"
