"""The words for an outcome, and what counts as cut, on answers written out here. Run with `python3 -m unittest discover tests/clients`."""

import sys
import unittest
import zlib
from pathlib import Path

import measure
import verdict
from wire import Arrival, arrival

sys.path.append(str(Path(__file__).parent / "drivers"))
import curl  # noqa: E402  (drivers are run as scripts, so they stand in no package)

WHOLE, CUT = Arrival(is_cut=False), Arrival(is_cut=True)
GZIP = zlib.compressobj(wbits=31)
GZIPPED = GZIP.compress(b"words " * 9) + GZIP.flush()


class Cut(unittest.TestCase):
    def check(self, data: bytes, expected: Arrival, **how):
        self.assertEqual(arrival(data, **how), expected)

    def test_length(self):
        self.check(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\nabc", WHOLE)
        self.check(b"HTTP/1.1 200 OK\r\nContent-Length: 4\r\n\r\nabc", CUT)
        self.check(b"HTTP/1.1 200 OK\nContent-Length: 3\n\nabc", WHOLE)
        # More than announced is too much, not too little; of two lengths one is met.
        self.check(b"HTTP/1.1 200 OK\r\nContent-Length: 1\r\n\r\nabc", WHOLE)
        self.check(b"HTTP/1.1 200 OK\r\nContent-Length: 9\r\nContent-Length: 3\r\n\r\nabc", WHOLE)

    def test_chunks(self):
        head = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n"
        self.check(head + b"3\r\nabc\r\n0\r\n\r\n", WHOLE)
        self.check(head + b"3\r\nabc\r\n", CUT)
        self.check(head + b"9\r\nabc", CUT)
        self.check(head + b"2\r\nabc\r\n0\r\n\r\n", WHOLE)

    def test_until_close(self):
        self.check(b"HTTP/1.1 200 OK\r\n\r\nabc", WHOLE)
        self.check(b"HTTP/1.1 200 OK\r\n\r\nabc", CUT, was_reset=True)

    def test_without_content(self):
        self.check(b"HTTP/1.1 204 No Content\r\nContent-Length: 3\r\n\r\n", WHOLE)
        self.check(b"HTTP/1.1 200 OK\r\nContent-Length: 3\r\n\r\n", WHOLE, is_head=True)

    def test_heads(self):
        self.check(b"", CUT)
        self.check(b"HTTP/1.1 200 OK\r\nContent-Le", CUT)
        self.check(b"HTTP/1.1 103 Early Hints\r\n\r\n", CUT)
        self.check(b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n", WHOLE)

    def test_what_is_said_before(self):
        came = arrival(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 404 Not Found\r\n\r\n")
        self.assertEqual((came.interims, came.status), ((100, 103), 404))

    def test_coding(self):
        head = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\n\r\n"
        self.check(head + GZIPPED, WHOLE)
        self.check(head + GZIPPED[:-6], Arrival(is_cut=False, is_coding_cut=True))
        self.check(head + b"plain", WHOLE)


class Words(unittest.TestCase):
    def test_fault(self):
        response = {"outcome": "response", "status": 200}
        for result, right, arrived, expected in [
            (response, "refuse", WHOLE, "accepted"),
            (response, "either", WHOLE, "accepted"),
            (response, "accept", WHOLE, "correct"),
            (response, "refuse", CUT, "accepted-cut"),
            (response, "refuse", Arrival(False, True), "accepted-cut"),
            ({**response, "coded": True}, "refuse", WHOLE, "undecoded"),
            ({**response, "coded": True}, "refuse", CUT, "accepted-cut"),
            ({**response, "partial": True}, "refuse", WHOLE, "accepted-cut"),
            ({**response, "status": 103}, "either", WHOLE, "misread"),
            ({**response, "status": 101}, "refuse", WHOLE, "accepted"),
            ({**response, "status": 0}, "accept", WHOLE, "correct"),
            ({"outcome": "response"}, "refuse", WHOLE, "accepted"),
            ({"outcome": "error"}, "refuse", CUT, "refused"),
            ({"outcome": "error"}, "accept", WHOLE, "refused"),
            ({"outcome": "timeout"}, "refuse", CUT, "timeout"),
        ]:
            self.assertEqual(verdict.of_fault(result, right, arrived), expected, (result, right, arrived))

    def test_interims(self):
        response = {"outcome": "response", "status": 200}
        self.assertEqual(verdict.of_interims({**response, "interims": [102, 103]}, [102, 103]), "shown")
        self.assertEqual(verdict.of_interims({**response, "interims": [103]}, [102, 103]), "shown-part")
        self.assertEqual(verdict.of_interims(response, [103]), "hidden")
        self.assertEqual(verdict.of_interims({**response, "status": 103}, [103]), "misread")


class Curl(unittest.TestCase):
    def test_codes(self):
        for heads, expected in [
            (b"", {}),
            (b"HTTP/1.1 200 OK\r\nDate: now\r\n\r\n", {"status": 200}),
            (b"HTTP/2 404 \r\n\r\n", {"status": 404}),
            (b"HTTP/1.1 103 Early Hints\r\n\r\nHTTP/1.1 200 OK\r\n\r\n", {"status": 200, "interims": [103]}),
            (b"HTTP/1.1 103 Early Hints\r\n\r\n", {"interims": [103]}),
            (b"HTTP/1.1 101 Switching Protocols\r\n\r\n", {"status": 101}),
            (b"HTTP/1.1 000 Nothing\r\n\r\n", {"status": 0}),
            (b"http/1.1 200 OK\r\n\r\n", {"status": 200}),
            (b"HTTP/1.1 20 OK\r\n\r\n", {}),
            (b"HTTP/1.1 2000 OK\r\n\r\n", {}),
        ]:
            self.assertEqual(curl.said(heads), expected, heads)


class Normal(unittest.TestCase):
    def test_text(self):
        for text, expected in [
            ("read 127.0.0.1:4242->127.0.0.1:80: reset", "read server->server: reset"),
            ("cannot get http://127.0.0.1:80/a?b: no", "cannot get URL no"),
            ("<Thing object at 0x7f12ab34>", "<Thing object at 0x…>"),
            ("two\nlines\x00", "two lines\\x00"),
            ("no file /tmp/abc123/content", "no file …"),
            ("x" * 161, "x" * 159 + "…"),
        ]:
            self.assertEqual(measure.normal_text(text), expected)

    def test_runs_that_differ(self):
        one = {"outcome": "error", "error_kind": "A", "verdict": "refused"}
        self.assertEqual(measure.agreed([one, one]), one)
        other = {"outcome": "error", "error_kind": "B", "verdict": "refused"}
        self.assertEqual(measure.agreed([one, other]), {"outcome": "error", "verdict": "refused", "varies": ["error_kind"]})
        late = {"outcome": "timeout", "verdict": "timeout"}
        both = {"verdict": "varies", "verdicts": ["refused", "timeout"], "varies": ["error_kind", "outcome", "verdict"]}
        self.assertEqual(measure.agreed([one, late]), both)
