"""What servers do on the wire, good and bad: the odd cases every exchange is compared for."""

from __future__ import annotations

import gzip
import itertools
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any

from scraper.download.recording import HEADERS_MAX
from tests.newsroom.answer import Answer, chunked

MAXSIZE = 200_000
"""DOWNLOAD_MAXSIZE of the crawl."""

TIMEOUT = 1.5
"""Seconds: DOWNLOAD_TIMEOUT of the cases that shall run into it."""

PAGE = "<p>بایگانیِ خبر، نسخه‌ای برای آینده</p>\n".encode() * 60


@dataclass(frozen=True)
class Case:
    """One address: what it answers, one answer a request (the last again and again).

    `None` ends the connection without a byte. `cut` is the reason the response is truncated,
    None for a whole one; `exact` says that nothing the server sent is missing, apart from
    `extra`, the bytes after the end of the response. `ends` is what the crawl makes of it.
    """

    name: str
    answers: tuple[Answer | None, ...]
    ends: int | str = 200
    cut: str | None = None
    exact: bool = True
    extra: bytes = b""
    method: str = "GET"
    body: str = ""
    meta: dict[str, Any] = field(default_factory=dict)

    @property
    def target(self) -> str:
        return f"/case?{self.name}"


def head(*lines: bytes, end: bytes = b"\r\n") -> bytes:
    return end.join((*lines, b"", b""))


def sized(*lines: bytes, body: bytes = PAGE) -> bytes:
    return head(b"HTTP/1.1 200 OK", *lines, b"Content-Length: %d" % len(body)) + body


def padded(size: int) -> bytes:
    """A header section of that many bytes."""
    without = head(OK, b"X-Pad: ", b"Content-Length: %d" % len(PAGE))
    return without.replace(b"Pad: ", b"Pad: " + b"p" * (size - len(without)))


def endless(piece: bytes) -> Iterator[bytes]:
    return itertools.repeat(piece)


OK = b"HTTP/1.1 200 OK"
HINTS = head(b"HTTP/1.1 103 Early Hints", b"Link: </a.css>; rel=preload")
TAIL = b"<!-- after the end -->"
CHUNKS = b"Transfer-Encoding: chunked"
CHUNKED = head(OK, CHUNKS)
LONG_LINE = b"Link: " + b"</preload.js>; rel=preload, " * 1500
WITH_REDIRECT = Answer.page(PAGE, status="302 Found", headers=[("Location", "/found")])
SERVICE = Answer.page(PAGE, status="503 Service Unavailable")

WHOLE = (
    Case("plain", (Answer.page(PAGE),)),
    Case("odd-headers", (Answer.page(PAGE, odd=True),)),
    Case("gzip", (Answer.page(PAGE, gzip=True),)),
    Case("chunked", (Answer.page(PAGE * 20, framing="chunked"),)),
    Case("gzip-chunked", (Answer.page(PAGE * 20, gzip=True, framing="chunked"),)),
    Case("trailer", (Answer.page(PAGE, framing="trailer"),)),
    Case("trailer-odd", (Answer.page(PAGE, framing="trailer", odd=True, gzip=True),)),
    Case("close-delimited", (Answer.page(PAGE, framing="close"),)),
    Case("http10", (Answer.page(PAGE, version="HTTP/1.0", framing="close"),)),
    Case("empty", (Answer.page(b""),)),
    Case("204", (Answer.raw(head(b"HTTP/1.1 204 No Content")),), ends=204),
    Case("304", (Answer.raw(head(b"HTTP/1.1 304 Not Modified", b'ETag: "x"')),), ends=304),
    Case("404", (Answer.page(PAGE, status="404 Not Found"),), ends=404),
    Case("302", (WITH_REDIRECT,)),
    Case("503-retry", (SERVICE, Answer.page(PAGE))),
    Case("503-nothing", (SERVICE, None), ends="DownloadFailedError"),
    Case("head", (Answer.page(PAGE),), method="HEAD"),
    Case("post", (Answer.page(PAGE),), method="POST", body="نام=خبر&id=1"),
    Case("no-reason", (Answer.raw(sized().replace(b" OK", b"", 1)),)),
    Case("reason", (Answer.raw(sized().replace(b"OK", "خوب  است".encode(), 1)),)),
    Case("spaces", (Answer.raw(sized(b"X-A:  two  spaces  ", b"X-B:none", b"X-C:\ttab\t")),)),
    Case("utf8", (Answer.raw(sized("X-Title: خبر‌نامه".encode(), b"X-Raw: \xff\xfe")),)),
    Case("fold", (Answer.raw(sized(b"X-Folded: one", b"  two", b"\tthree")),)),
    Case("lf-only", (Answer.raw(head(OK, b"Content-Length: 4", end=b"\n") + b"body"),)),
    Case("same-length-twice", (Answer.raw(sized(b"Content-Length: %d" % len(PAGE))),)),
    Case("length-and-chunks", (Answer.raw(sized(CHUNKS, body=chunked(PAGE))),)),
    Case("no-colon", (Answer.raw(sized(b"not a header line")),)),
    Case("103", (Answer.raw(HINTS + sized()),)),
    Case("100-103", (Answer.raw(head(b"HTTP/1.1 100 Continue") + HINTS * 2 + sized()),)),
    Case("long-line", (Answer.raw(sized(LONG_LINE)),)),
    Case("extra", (Answer.raw(sized() + TAIL),), extra=TAIL),
    Case("extra-chunked", (Answer.raw(CHUNKED + chunked(PAGE) + TAIL),), extra=TAIL),
    Case("extra-204", (Answer.raw(head(b"HTTP/1.1 204 No") + TAIL),), ends=204, extra=TAIL),
    Case("byte-by-byte", (Answer.raw(HINTS + sized(body=b"salaam"), piece=1, interval=0.001),)),
    Case("drip", (Answer.page(PAGE, framing="trailer").dripped(97, 0.005),)),
    Case("headers-at-limit", (Answer.raw(padded(HEADERS_MAX) + PAGE),)),
)


def lost(name: str, answer: Answer, error: str, exact: bool = True) -> Case:
    return Case(name, (answer,), error, "disconnect", exact)


def late(name: str, answer: Answer) -> Case:
    meta = {"download_timeout": TIMEOUT}
    return Case(name, (answer,), "DownloadTimeoutError", "time", exact=False, meta=meta)


def long(name: str, answer: Answer) -> Case:
    return Case(name, (answer,), "DownloadCancelledError", "length", exact=False)


CUT = (
    lost("cut-length", Answer.page(PAGE).cut(), "ResponseDataLossError"),
    lost("cut-chunk", Answer.page(PAGE, framing="chunked").cut(), "ResponseDataLossError"),
    lost("cut-head", Answer.raw(sized()[:30]), "DownloadFailedError"),
    lost("cut-after-103", Answer.raw(HINTS), "DownloadFailedError"),
    lost("ssh", Answer.raw(b"SSH-2.0-OpenSSH\r\n"), "DownloadFailedError"),
    lost("two-lengths", Answer.raw(sized(b"Content-Length: 7")), "DownloadFailedError"),
    lost("name-space", Answer.raw(sized(b"Name : value")), "DownloadFailedError"),
    lost("reset", Answer.page(PAGE).cut(end="reset"), "ResponseDataLossError", exact=False),
    replace(
        lost("reset-unsized", replace(Answer.page(PAGE, framing="close"), end="reset"), ""),
        ends=200,
        exact=False,
    ),
    late("slow-body", Answer.page(PAGE).dripped(40, 0.1)),
    late("slow-head", Answer.raw(sized(), piece=1, interval=0.1)),
    late("stalled", Answer.page(PAGE).cut(end="hang")),
    long("declared-too-long", Answer.page(b"x" * 500_000)),
    long("too-long", Answer.page(b"x" * 500_000, framing="chunked")),
    long("endless-body", Answer(head(OK), endless(b"x" * 4096), end="close")),
    long("endless-extensions", Answer(CHUNKED, endless(b"1;" + b"e" * 1000 + b"\r\nx\r\n"))),
)

FLOODS = (
    long("header-over-limit", Answer.raw(padded(HEADERS_MAX + 1) + PAGE)),
    long("header-flood", Answer(OK + b"\r\n", endless(b"X-Flood: %s\r\n" % (b"f" * 4000)))),
    long("line-flood", Answer(OK + b"\r\nX-Flood: ", endless(b"f" * 4096))),
    long("interim-flood", Answer(b"", endless(HINTS))),
)

SILENT = Case("silent", (None,), ends="DownloadFailedError")
PARALLEL = 60
CASES = (*WHOLE, *CUT, *FLOODS)


def compressed(number: int) -> Answer:
    """One of many pages asked for at once, each of its own size and framing."""
    body = gzip.compress(PAGE * (1 + number % 7), mtime=0)
    framing = ("length", "chunked", "trailer")[number % 3]
    return Answer.page(body, encoded=True, framing=framing)  # type: ignore[arg-type]
