"""Asks with Python's http.client. It leaves content codings alone."""

import http.client
import platform
import ssl
from urllib.parse import urlsplit

import each


def ask(job: dict, seen: dict) -> dict:
    if job.get("http2"):
        raise each.Unable
    url = urlsplit(job["url"])
    if url.scheme == "https":
        connection = http.client.HTTPSConnection(url.netloc, context=ssl._create_unverified_context())
    else:
        connection = http.client.HTTPConnection(url.netloc)
    try:
        connection.request(job["method"], url.path + (f"?{url.query}" if url.query else ""))
        response = connection.getresponse()
        seen.update(status=response.status, reason=response.reason, coded=response.getheader("Content-Encoding") is not None)
        # The plain call that a caller makes; reading in parts does not notice a missing end.
        return each.content([response.read()])
    finally:
        connection.close()


each.main(platform.python_version(), ask)
