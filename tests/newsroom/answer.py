"""What the server sends back: bytes, in what pieces, how fast, and how it ends."""

import gzip as gzip_format
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from email.utils import format_datetime
from typing import Literal

Ending = Literal["keep", "close", "reset", "hang"]
Framing = Literal["length", "chunked", "trailer", "close"]
Header = tuple[str, str] | bytes
"""A name and a value, or one header line exactly as it shall stand on the wire."""

ODD_LINES = (
    b"x-NOSPACE:after the colon",
    b"X-Padded:    spaces around   ",
    "X-Persian: خبر‌نامه".encode(),
    b"Set-Cookie: first=1; Path=/",
    b"set-cookie: second=2; Path=/",
    b"SET-COOKIE: third=3",
    b"Vary: Accept-Encoding",
    b"vary: Cookie",
)
"""Headers a tidy client re-spells, merges or loses."""


@dataclass(frozen=True)
class Answer:
    """A response as bytes.

    ``head`` is sent at once, then ``body`` piece by piece. ``delay`` seconds pass before the
    first byte, ``interval`` seconds before each piece of the body. To a HEAD request only
    ``head`` is sent, unless it is empty (as in `raw`). ``body`` may be endless.

    ``end``: ``keep`` the connection if the client does, ``close`` it, ``reset`` it (RST), or
    ``hang``: say nothing more and leave it open.
    """

    head: bytes
    body: Iterable[bytes] = ()
    delay: float = 0.0
    interval: float = 0.0
    end: Ending = "keep"

    @classmethod
    def raw(
        cls,
        data: bytes,
        *,
        piece: int = 0,
        delay: float = 0.0,
        interval: float = 0.0,
        end: Ending = "close",
    ) -> "Answer":
        """These bytes and no others; ``piece`` > 0 sends them that many bytes at a time."""
        size = piece or max(len(data), 1)
        pieces = tuple(data[at : at + size] for at in range(0, len(data), size))
        return cls(b"", pieces, delay, interval, end)

    @classmethod
    def page(
        cls,
        body: bytes,
        *,
        status: str = "200 OK",
        content_type: str = "text/html; charset=UTF-8",
        headers: Iterable[Header] = (),
        gzip: bool = False,
        framing: Framing = "length",
        version: str = "HTTP/1.1",
        odd: bool = False,
        encoded: bool = False,
        date: datetime | None = None,
    ) -> "Answer":
        """A well-formed response around ``body``.

        ``gzip`` compresses it; ``encoded`` says that it already is. ``framing`` says how the
        client knows its end: a Content-Length, chunks of odd sizes with extensions, chunks
        with a trailer, or the end of the connection. ``odd`` adds `ODD_LINES` and spells the
        other names in odd case. ``date`` is the server's clock (default: the true time).
        """
        if gzip and not encoded:
            body = gzip_format.compress(body, 6, mtime=0)
        lines: list[Header] = [("Date", format_datetime(date or datetime.now(UTC), usegmt=True))]
        lines.append(("Server", "nginx"))
        lines.append(("Content-Type", content_type))
        if gzip or encoded:
            lines += [("Content-Encoding", "gzip"), ("Vary", "Accept-Encoding")]
        lines += [*headers, *_framing_lines(framing, len(body))]
        if odd:
            lines = [*(_odd(line) for line in lines), *ODD_LINES]
        return cls(
            _head(f"{version} {status}", lines),
            (body if framing in ("length", "close") else chunked(body, framing == "trailer"),),
            end="close" if framing == "close" or version == "HTTP/1.0" else "keep",
        )

    def joined(self) -> bytes:
        """Everything the answer sends to a GET; never ask an endless one."""
        return self.head + b"".join(self.body)

    def dripped(self, piece: int, interval: float) -> "Answer":
        """The same bytes in pieces of ``piece`` bytes, ``interval`` seconds apart."""
        body = b"".join(self.body)
        pieces = tuple(body[at : at + piece] for at in range(0, len(body), piece))
        return replace(self, body=pieces, interval=interval)

    def cut(self, share: float = 0.5, *, end: Ending = "close") -> "Answer":
        """The head and the first ``share`` of the body, then ``end``: less than it promised."""
        body = b"".join(self.body)
        return replace(self, body=(body[: int(len(body) * share)],), end=end)


def chunked(body: bytes, trailer: bool = False) -> bytes:
    """``body`` in chunks of odd sizes, every other with an extension (RFC 9112, 7.1)."""
    out = bytearray()
    at, size = 0, 7
    while at < len(body):
        chunk = body[at : at + size]
        extension = b";note=odd" if size % 2 else b""
        out += b"%x%s\r\n%s\r\n" % (len(chunk), extension, chunk)
        at, size = at + len(chunk), min(size * 3 + 1, 16_000)
    out += b"0\r\n"
    if trailer:
        out += b"X-Trailer-Sum: 42\r\nx-trailer-note:end\r\n"
    return bytes(out + b"\r\n")


def _framing_lines(framing: Framing, length: int) -> list[Header]:
    if framing == "length":
        return [("Content-Length", str(length))]
    if framing == "close":
        return [("Connection", "close")]
    announced: list[Header] = [("Trailer", "X-Trailer-Sum")] if framing == "trailer" else []
    return [*announced, ("Transfer-Encoding", "chunked")]


def _odd(line: Header) -> Header:
    """``Content-Type`` as ``cONTENT-tYPE``; header names know no case."""
    return line if isinstance(line, bytes) else (line[0].swapcase(), line[1])


def _head(start: str, lines: Iterable[Header]) -> bytes:
    spelled = (
        line if isinstance(line, bytes) else f"{line[0]}: {line[1]}".encode() for line in lines
    )
    return b"\r\n".join([start.encode(), *spelled, b"", b""])
