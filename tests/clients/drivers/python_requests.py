"""Asks with requests, which stands on urllib3 and http.client."""

import warnings

import each
import requests
import urllib3

DECODES = {"gzip", "x-gzip", "deflate"}


def ask(job: dict, seen: dict) -> dict:
    if job.get("http2"):
        raise each.Unable
    with requests.Session() as session:
        session.trust_env = False
        with session.request(job["method"], job["url"], allow_redirects=False, stream=True, verify=False) as response:
            coding = response.headers.get("Content-Encoding", "").lower()
            seen.update(status=response.status_code, reason=response.reason, coded=bool(coding) and coding not in DECODES)
            return each.content(response.iter_content(8192))


warnings.simplefilter("ignore", urllib3.exceptions.InsecureRequestWarning)
each.main(f"{requests.__version__} (urllib3 {urllib3.__version__})", ask)
