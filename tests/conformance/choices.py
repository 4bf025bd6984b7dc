"""Where httpbin and go-httpbin disagree, or both do what the page turns down, and what we chose: the rows of the page, each with its reason.

A case that names a row expects our choice. A peer that does what its own documentation says is marked `choice`, not `FAIL`, and its passing or failing does
not count for or against us.
"""

CHOICES = {
    "values": ("values of args, headers and form", "a text, a list when repeated", 'it is the older dialect, and tests read `json()["args"]["a"]`'),
    "broken-json": ("content that claims to be JSON and is not", "200, `json` null", "an inspector must show a broken request, not refuse it"),
    "content-shape": (
        "what `data` holds",
        "httpbin's: text if it is UTF-8, else an RFC 2397 URL; empty when it was parsed as a form",
        "the older dialect, and RFC 2397 means ordinary base64",
    ),
    "etag-quoted": ("entity tags", "quoted", "RFC 9110 §8.8.3 has no other form"),
    "delay-limit": ("a delay above the limit", "400 that names the limit", "a client that waits for less than it asked for learns nothing"),
    "stream-cap": ("a stream above the limit", "100 lines, and a field that says so", "tests rely on the lines, and nothing is cut in silence"),
    "range-clip": ("a range past the end", "206, clipped", "RFC 9110 §14.1.2"),
    "number": ("a path parameter that is no number, or is out of its range", "400 with the reason", "404 says that the endpoint is not there"),
    "status-range": ("`/status/600` and beyond", "200-999 are sent, 1xx as interim, the rest refused", "clients meet such codes, and no client parses more than three digits"),
    "redirect-status": ("a bad `status_code` in redirect-to", "400", "a silent 302 hides the mistake"),
    "image-406": ("`/image` with nothing acceptable", "406", "RFC 9110 §15.5.7; 415 is about content that was sent"),
    "basic-json": ("401 from `/basic-auth`", "JSON", "it says what was seen"),
    "redirect-list": ("redirects that leave the server", "refused unless on an explicit list", "an open redirect lends our name to phishing"),
    "control": ("CR, LF and NUL in what becomes a field", "400 before anything is written", "escaping or dropping them alters what was asked"),
    "sandbox": (
        "a content type that a browser renders, chosen by the client",
        "the bytes as asked, under `Content-Security-Policy: sandbox` and nosniff",
        "escaping alters the bytes",
    ),
    "unknown-method": ("a method that nobody has", "501 (or 405)", "RFC 9110 §15.6.2"),
    "upgrade": ("the WebSocket path without a handshake", "426 with Upgrade", "RFC 9110 §15.5.22"),
    "defaults": ("defaults that differ (drip's delay, zero lines of a stream, cookie attributes)", "httpbin's", "the older dialect"),
    "algorithm": ("a digest algorithm or base64 that is not known", "400 with the reason", "to answer something else in silence hides the mistake"),
    "content-limit": ("request content above the limit", "413", "RFC 9110 §15.5.14"),
}
