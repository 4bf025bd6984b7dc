"""Asks with httpx, which stands on httpcore, h11 and h2."""

import each
import h11
import httpx

DECODES = {"gzip", "deflate"}


def ask(job: dict, seen: dict) -> dict:
    is_http2 = bool(job.get("http2"))
    with httpx.Client(verify=False, trust_env=False, http1=not is_http2, http2=is_http2, timeout=None) as client:
        with client.stream(job["method"], job["url"]) as response:
            coding = response.headers.get("Content-Encoding", "").lower()
            seen.update(status=response.status_code, reason=response.reason_phrase, coded=bool(coding) and coding not in DECODES)
            return each.content(response.iter_bytes())


each.main(f"{httpx.__version__} (h11 {h11.__version__})", ask)
