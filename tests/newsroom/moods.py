"""Moods: the ways a healthy answer reaches the wire, or does not.

A mood gets the request and the document the site would have served, and returns the answer
(None: the connection ends without a byte). ``MOODS`` names the makers of moods.
"""

import random
import zlib
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime
from email.utils import format_datetime
from itertools import chain, repeat
from typing import Any

from tests.newsroom.answer import Answer, Framing
from tests.newsroom.document import Document
from tests.newsroom.request import Request

Mood = Callable[[Request, Document], Answer | None]

ARVAN = b"""<!DOCTYPE html><html><head><title>Transferring to the website...</title></head><body>
<p>Transferring to the website...</p><script>var __arcsjs = "x7"; eval("document.cookie=" +
"'__arcsjsc=' + __arcsjs"); setTimeout(function () { location.reload(); }, 2500);</script></body>
</html>"""
CLOUDFLARE = b"""<!DOCTYPE html><html lang="en-US"><head><title>Just a moment...</title></head>
<body><script src="/cdn-cgi/challenge-platform/h/b/orchestrate/chl_page/v1"></script></body>
</html>"""
NOTICE = b"""<br />
<b>Warning</b>:  Undefined array key [0] in <b>/srv/news/wp-content/plugins/stats/s.php</b><br />
"""
TOTALS = ("X-WP-Total", "X-WP-TotalPages")
GEO = b"<html><body><h1>403 Forbidden</h1><p>Access from your country is denied.</p></body></html>"


def calm(request: Request, document: Document) -> Answer:
    """As the site meant it, compressed if the client takes that."""
    return document.answer(gzip=request.accepts_gzip)


def wired(framing: Framing = "length", **how: Any) -> Callable[[], Mood]:
    """Makers of healthy answers in another shape; ``how`` as in `Answer.page`."""

    def make() -> Mood:
        return lambda request, document: document.answer(framing=framing, **how)

    return make


def slow(delay: float = 1.0) -> Mood:
    """Nothing for ``delay`` seconds, then everything."""
    return lambda request, document: replace(calm(request, document), delay=delay)


def uneven(most: float = 0.1) -> Mood:
    """Everything after another pause each time, of at most ``most`` seconds: what is asked first
    need not come first."""
    return lambda request, document: replace(calm(request, document), delay=random.uniform(0, most))


def drip(piece: int = 512, interval: float = 0.02) -> Mood:
    """The body piece by piece."""
    return lambda request, document: calm(request, document).dripped(piece, interval)


def drip_head(piece: int = 16, interval: float = 0.02) -> Mood:
    """The header section piece by piece, then the body at once."""

    def mood(request: Request, document: Document) -> Answer:
        answer = calm(request, document)
        pieces = Answer.raw(answer.head, piece=piece).body
        body = () if request.method == "HEAD" else answer.body
        return Answer(b"", (*pieces, *body), interval=interval)

    return mood


def cut(share: float = 0.5, framing: Framing = "length") -> Mood:
    """Less than promised: short of Content-Length, or in the middle of a chunk."""
    return lambda request, document: document.answer(
        gzip=request.accepts_gzip, framing=framing
    ).cut(share)


def cut_silently(share: float = 0.5) -> Mood:
    """A body whose end is the end of the connection, which comes too early: looks whole."""
    return cut(share, "close")


def reset(share: float = 0.5) -> Mood:
    """Part of the body, then RST."""
    return lambda request, document: calm(request, document).cut(share, end="reset")


def empty() -> Mood:
    """The connection ends without one byte."""
    return lambda request, document: None


def hang() -> Mood:
    """Not one byte, and the connection stays open."""
    return lambda request, document: Answer(b"", end="hang")


def garbage() -> Mood:
    """Another protocol's greeting where a status line should be."""
    return lambda request, document: Answer.raw(b"SSH-2.0-OpenSSH_9.2\r\n")


def refuse(retry_after: int | datetime | None = 7, status: str = "429 Too Many Requests") -> Mood:
    """429 or 503; ``retry_after`` in seconds, or an instant (UTC) sent as an HTTP-date."""
    if isinstance(retry_after, datetime):
        value: str | None = format_datetime(retry_after, usegmt=True)
    else:
        value = None if retry_after is None else str(retry_after)
    headers = (("Retry-After", value),) if value else ()
    body = f"<html><body><h1>{status}</h1></body></html>".encode()
    return lambda request, document: Answer.page(body, status=status, headers=headers)


def unavailable(retry_after: int | datetime | None = None) -> Mood:
    return refuse(retry_after, "503 Service Unavailable")


def broken() -> Mood:
    return refuse(None, "500 Internal Server Error")


def redirects(hops: int = 3) -> Mood:
    """``hops`` redirects, each to the next, then the document."""

    def mood(request: Request, document: Document) -> Answer:
        hop = int(request.query.get("hop", "0"))
        if hop >= hops:
            return calm(request, document)
        path = request.target.partition("?")[0]
        return Document.redirect(f"{path}?hop={hop + 1}", "302 Found").answer()

    return mood


def loop() -> Mood:
    """A redirect to the address itself, for ever."""
    return lambda request, document: Document.redirect(request.target, "302 Found").answer()


def offsite(host: str = "127.0.0.2") -> Mood:
    """A redirect to the same path on another host."""

    def mood(request: Request, document: Document) -> Answer:
        port = request.headers.get("host", "").rpartition(":")[2] or "80"
        return Document.redirect(f"http://{host}:{port}{request.target}").answer()

    return mood


def challenge() -> Mood:
    """ArvanCloud's check of the browser: 200 and a script that sets a cookie."""
    headers = (("Server", "ArvanCloud"), ("X-Sid", "2041"))
    return lambda request, document: Answer.page(ARVAN, headers=headers)


def cloudflare() -> Mood:
    headers = (("cf-mitigated", "challenge"), ("cf-ray", "8c0ffee8c0ffee8c-FRA"))
    return lambda request, document: Answer.page(
        CLOUDFLARE, status="403 Forbidden", headers=headers
    )


def geo_block() -> Mood:
    headers = (("Server", "ArvanCloud"), ("X-Poweredby", "ArvanCloud"))
    return lambda request, document: Answer.page(GEO, status="403 Forbidden", headers=headers)


def huge_body(size: int = 20 * 2**20) -> Mood:
    """The document, then blanks until the body has ``size`` bytes."""

    def mood(request: Request, document: Document) -> Answer:
        padding = size - len(document.body)
        return replace(document, content=document.body + b" " * padding, is_packed=False).answer()

    return mood


def endless_body() -> Mood:
    """A chunked body that never ends."""
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\nTransfer-Encoding: chunked\r\n\r\n"
    block = b"8000\r\n" + b"x" * 0x8000 + b"\r\n"
    return lambda request, document: Answer(head, repeat(block))


def bomb(size: int = 200 * 2**20) -> Mood:
    """``size`` bytes of nothing, a thousandth of that on the wire."""

    def packed() -> Iterator[bytes]:
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        for _ in range(size // 2**20):
            yield packer.compress(bytes(2**20))
        yield packer.flush()

    body = b"".join(packed())
    return lambda request, document: Answer.page(body, encoded=True)


def huge_head(size: int = 300 * 1024) -> Mood:
    """A header section of more than ``size`` bytes before a healthy body."""
    lines = [(f"X-Padding-{n}", "x" * 1000) for n in range(size // 1000 + 1)]
    return lambda request, document: document.answer(headers=lines)


def endless_head() -> Mood:
    """Header lines without end."""
    start, line = b"HTTP/1.1 200 OK\r\n", b"X-Padding: " + b"x" * 8000 + b"\r\n"
    return lambda request, document: Answer(b"", chain([start], repeat(line)))


def wrong_charset(charset: str = "iso-8859-1") -> Mood:
    """UTF-8 under a header that claims another charset."""
    return lambda request, document: replace(
        document, content_type=f"text/html; charset={charset}"
    ).answer(gzip=request.accepts_gzip)


def notice(before: bytes = NOTICE, behind: bytes = b"<!-- cached page -->\n") -> Mood:
    """What PHP says of a plugin's faults, then the document, then a cache's signature."""
    return lambda request, document: replace(
        document, content=before + document.body + behind, is_packed=False
    ).answer()


def counted(count: Callable[[int], object] = lambda count: "") -> Mood:
    """REST's listings with `count` made of the true X-WP-Total, or without one where that is
    empty; two headers for a list."""

    def mood(request: Request, document: Document) -> Answer:
        true = [value for name, value in document.headers if name == "X-WP-Total"]
        told = count(int(true[0])) if true else ""
        values = told if isinstance(told, list) else [told]
        headers = [header for header in document.headers if header[0] not in TOTALS]
        headers += [("X-WP-Total", str(value)) for value in values if value != ""]
        return replace(document, headers=tuple(headers)).answer()

    return mood


def windows_1256(declared: bool = False) -> Mood:
    """The page in the old Arabic code page, which has no Persian ye: ي stands for ی."""

    def mood(request: Request, document: Document) -> Answer:
        text = document.body.decode().replace("ی", "ي")
        meta = '<meta charset="windows-1256">' if declared else ""
        text = text.replace('<meta charset="UTF-8">', meta)
        body = text.encode("cp1256", "xmlcharrefreplace")
        page = replace(document, content=body, content_type="text/html", is_packed=False)
        return page.answer(gzip=request.accepts_gzip)

    return mood


MOODS: dict[str, Callable[..., Mood]] = {
    "calm": lambda: calm,
    "gzip": wired(gzip=True),
    "plain": wired(),
    "chunked": wired("chunked"),
    "trailer": wired("trailer", gzip=True),
    "close": wired("close"),
    "http10": wired(version="HTTP/1.0"),
    "odd": wired(odd=True),
    "cut-chunk": lambda share=0.5: cut(share, "chunked"),
    "cut": cut, "cut-silently": cut_silently, "reset": reset, "empty": empty, "hang": hang,
    "garbage": garbage, "slow": slow, "uneven": uneven, "drip": drip, "drip-head": drip_head,
    "429": refuse, "503": unavailable, "500": broken, "redirects": redirects, "loop": loop,
    "offsite": offsite,
    "challenge": challenge, "cloudflare": cloudflare, "geo-block": geo_block,
    "huge-body": huge_body, "endless-body": endless_body, "bomb": bomb, "huge-head": huge_head,
    "endless-head": endless_head, "wrong-charset": wrong_charset, "windows-1256": windows_1256,
    "notice": notice, "counted": counted,
}  # fmt: skip
