"""Records as other programs write them, by hand: what no library would let pass."""

from __future__ import annotations

import gzip
import io
import zipfile
from collections.abc import Iterable
from pathlib import Path

HOME = "http://khabar.example/"
DATE = "2019-03-01T10:00:00Z"
PAGE = "<html><body><p>سیل در جنوب راه‌ها را بست.</p></body></html>".encode() * 20
OK = b"HTTP/1.1 200 OK"
HTML = b"Content-Type: text/html; charset=UTF-8"


def http(body: bytes = PAGE, status: bytes = OK, *headers: bytes) -> bytes:
    """A response with this body."""
    return b"\r\n".join([status, HTML, *headers, b"", body])


def record(
    number: int,
    block: bytes | None = None,
    *,
    kind: str = "response",
    date: str = DATE,
    url: str | None = None,
    more: Iterable[tuple[str, str]] = (),
    length: str | None = None,
    end: bytes = b"\r\n",
    tail: bytes | None = None,
) -> bytes:
    """The record of page `number`: with a `length` of its own, another line `end` in its head,
    another `tail` behind its block."""
    block = http() if block is None else block
    fields = [
        ("WARC-Type", kind),
        ("WARC-Record-ID", f"<{record_id(number)}>"),
        ("WARC-Date", date),
        ("WARC-Target-URI", url or address(number)),
        ("Content-Type", "application/http; msgtype=response"),
        *more,
        ("Content-Length", str(len(block)) if length is None else length),
    ]
    lines = [b"WARC/1.0", *(f"{name}: {value}".encode() for name, value in fields)]
    return end.join(lines) + end * 2 + block + (end * 2 if tail is None else tail)


def revisit(
    number: int, *, of: int = 0, block: bytes = b"", url: str | None = None, **told: str
) -> bytes:
    """A record that says that page `number` was as the record `of` had been, or as `told` in other
    fields: `Refers_To_Date="…"`."""
    named = told or {"Refers_To": f"<{record_id(of)}>"}
    more = [(f"WARC-{name.replace('_', '-')}", value) for name, value in named.items()]
    return record(number, block, kind="revisit", date="2019-04-01T10:00:00Z", url=url, more=more)


def record_id(number: int) -> str:
    return f"urn:uuid:00000000-0000-4000-8000-{number:012}"


def address(number: int) -> str:
    return f"{HOME}{number}/"


def arc(number: int, block: bytes | None = None) -> bytes:
    """The same in an ARC file."""
    block = http() if block is None else block
    head = f"{address(number)} 192.0.2.1 20190301100000 text/html {len(block)}\n"
    return head.encode() + block + b"\n"


def arc_begin() -> bytes:
    """The record that an ARC file begins with."""
    block = b"1 0 Khabar\nURL IP-address Archive-date Content-type Archive-length\n"
    return b"filedesc://k.arc 0.0.0.0 20190301100000 text/plain %d\n%b\n" % (len(block), block)


def members(records: Iterable[bytes]) -> bytes:
    """A gzip member a record."""
    return b"".join(gzip.compress(one) for one in records)


def wacz(files: dict[str, bytes], packing: int = zipfile.ZIP_STORED) -> bytes:
    """A ZIP file with these files in it."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", packing) as packed:
        for name, content in files.items():
            packed.writestr(name, content)
    return out.getvalue()


def saved(path: Path, content: bytes) -> Path:
    path.write_bytes(content)
    return path
