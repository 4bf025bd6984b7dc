"""Asks with the curl command; its exit status is the kind of error."""

import re
import subprocess
import tempfile
from pathlib import Path

import each

# In any case of letters, as curl itself reads it.
STATUS_LINE = re.compile(rb"^HTTP/[0-9.]+ ([0-9]{3})\b", re.MULTILINE | re.IGNORECASE)
TIMED_OUT = 28


def said(heads: bytes) -> dict:
    """The codes of all heads that curl wrote down. The last one is final, unless it is a 1xx other than 101."""
    codes = [int(code) for code in STATUS_LINE.findall(heads)]
    final = {"status": codes.pop()} if codes and not (100 <= codes[-1] < 200 and codes[-1] != 101) else {}
    return {**final, "interims": codes} if codes else final


def ask(job: dict, seen: dict) -> dict:
    with tempfile.TemporaryDirectory() as folder:
        content, heads = Path(folder, "content"), Path(folder, "heads")
        is_head = job["method"] == "HEAD"
        # `-q` first: no configuration file of the user's may change what is measured.
        command = ["curl", "-q", "--silent", "--show-error", "--insecure", "--noproxy", "*", "--compressed", "--max-time", str(each.LIMIT_S)]
        command += ["--http2-prior-knowledge"] if job.get("http2") else []
        command += ["--head", "--output", "/dev/null"] if is_head else ["--request", job["method"], "--output", str(content)]
        done = subprocess.run([*command, "--dump-header", str(heads), job["url"]], capture_output=True, check=False)
        seen.update(said(heads.read_bytes() if heads.exists() else b""))
        if done.returncode == TIMED_OUT:
            raise each.Deadline
        if done.returncode:
            words = done.stderr.decode(errors="replace").strip()
            return {"outcome": "error", "error_kind": str(done.returncode), "error_text": re.sub(r"^curl: \(\d+\) ", "", words)}
        return each.content([content.read_bytes()] if content.exists() else [])


if __name__ == "__main__":
    version = subprocess.run(["curl", "-q", "--version"], capture_output=True, text=True, check=True).stdout.split()[1]
    each.main(version, ask)
