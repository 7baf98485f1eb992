"""Takes content-codings off a body (RFC 9110, 8.4). Crawl, import, rebuild and check all use it.

    >>> decode(b"<!DOCTYPE html><p>a plain page", "gzip")
    b'<!DOCTYPE html><p>a plain page'

gzip, deflate and br are known, also one inside the other. zstd and others are not: we never ask
for them. If a body is plain although its header names a coding, it is taken as it is: some caches
unpack a body and leave its header.
"""

from __future__ import annotations

import re
import zlib
from collections import OrderedDict

import brotli

from archive.outcomes import Reason

DECODED_LIMIT = 16 * 1024 * 1024
"""The most bytes that an unpacked body may have, unless a caller allows more."""
_PIECE = 1 << 16
# A file that is packed block by block has a member for each 64 KiB. Many more are an attack.
_MOST_MEMBERS = 2000
_MOST_CODINGS = 4
_GZIP = b"\x1f\x8b"
_GZIP_WINDOW = 16 + zlib.MAX_WBITS
# A crawl decodes each page twice: to see whether it came whole, and to read it. Between the two
# there are others that come at the same time. What was asked for twice is not kept any more.
_once: OrderedDict[tuple[bytes, str, int], bytes] = OrderedDict()
_MOST_ONCE = 32
_MOST_KEPT = 1 << 19
_PADDING = re.compile(rb"\0+")
# How a body begins that is not packed: with a tag or JSON in any charset, or as a known file.
_MARKED = re.compile(rb"(?:\xef\xbb\xbf)?\s*[<{\[]")
_FILE = re.compile(
    rb"\x89PNG|\xff\xd8\xff|GIF8|RIFF|wOF[F2]|OTTO|%PDF|\x00[\x00\x01][\x00\x01]\x00"
)
_LOOK = 1024
# A text has none of these; packed bytes soon have one.
_CONTROL = re.compile(rb"[\x00-\x08\x0b\x0e-\x1f\x7f]")


class Undecodable(ValueError):
    """A body cannot be unpacked to its end. `reason` is a stable word for why: `cut`,
    `too-large`, or `coding` if it is not packed in a way that we know."""

    def __init__(self, reason: Reason) -> None:
        super().__init__(reason)
        self.reason = reason


def decode(body: bytes, codings: str, limit: int = DECODED_LIMIT) -> bytes:
    """`body` without the `codings` of its Content-Encoding header; the last one is taken off first.

    Undecodable if that cannot be done, or if the result has more than `limit` bytes.
    """
    if not codings or len(body) > _PIECE:
        return _decode(body, codings, limit)
    key = body, codings, limit
    content = _once.pop(key, None)
    if content is None:
        content = _decode(body, codings, limit)
        if len(content) <= _MOST_KEPT:
            _once[key] = content
        if len(_once) > _MOST_ONCE:
            _once.popitem(last=False)
    return content


def _decode(body: bytes, codings: str, limit: int) -> bytes:
    names = [name.strip().lower() for name in codings.split(",")]
    names = [name for name in names if name not in ("", "identity")]
    if len(names) > _MOST_CODINGS:
        raise Undecodable(Reason.CODING)
    while names and body:
        name = names.pop()
        try:
            body = _DECODERS.get(name, _unknown)(body, limit)
        except Undecodable as error:
            if error.reason != Reason.TOO_LARGE and _is_plain(body):
                return body
            # There may be two headers, and only one is true: try the next coding.
            if error.reason == Reason.TOO_LARGE or not names:
                raise
    return body


def _is_plain(body: bytes) -> bool:
    """Whether `body` begins as something that is not packed."""
    begin = body[:_LOOK]
    if _FILE.match(begin):
        return True
    if _CONTROL.search(begin):
        return False
    if _MARKED.match(begin):
        return True
    try:
        begin.decode("utf-8")
    except UnicodeDecodeError as error:
        # We cut `begin` ourselves, maybe in the middle of a letter.
        return len(body) > _LOOK and error.start > _LOOK - 4
    return True


def _gunzip(body: bytes, limit: int) -> bytes:
    """Unpack all members. Other bytes after them are ignored, as browsers do."""
    out: list[bytes] = []
    place, size = 0, 0
    for _ in range(_MOST_MEMBERS):
        place, size = _stream(body, place, _GZIP_WINDOW, out, size, limit)
        if padding := _PADDING.match(body, place):
            place = padding.end()
        if not body.startswith(_GZIP, place):
            return b"".join(out)
    raise Undecodable(Reason.CODING)


def _inflate(body: bytes, limit: int) -> bytes:
    """Unpack with zlib's header or, as many servers send it, without."""
    out: list[bytes] = []
    try:
        _stream(body, 0, zlib.MAX_WBITS, out, 0, limit)
    except Undecodable as error:
        if error.reason != Reason.CODING:
            raise
        out.clear()
        end, _ = _stream(body, 0, -zlib.MAX_WBITS, out, 0, limit)
        if end < len(body):
            # Many texts begin like a stream without a header, but do not end like one.
            raise
    return b"".join(out)


def _stream(
    body: bytes, place: int, window: int, out: list[bytes], size: int, limit: int
) -> tuple[int, int]:
    """Unpack the zlib stream at `place` and append it to `out`, which has `size` bytes so far.
    Return where the stream ends, and the new size."""
    decoder = zlib.decompressobj(window)
    began = len(out)
    while not decoder.eof:
        piece = body[place : place + _PIECE]
        if not piece:
            raise Undecodable(Reason.CUT)
        try:
            out.append(decoder.decompress(piece, limit - size + 1))
        except zlib.error as error:
            # If it begins well it is packed this way, and damaged.
            broken = any(out[began:]) or (window == _GZIP_WINDOW and body.startswith(_GZIP))
            raise Undecodable(Reason.CUT if broken else Reason.CODING) from error
        place += len(piece) - len(decoder.unconsumed_tail) - len(decoder.unused_data)
        size += len(out[-1])
        if size > limit:
            raise Undecodable(Reason.TOO_LARGE)
    return place, size


def _unbrotli(body: bytes, limit: int) -> bytes:
    decoder = brotli.Decompressor()
    out: list[bytes] = []
    size = 0
    try:
        piece = decoder.process(body, output_buffer_limit=_PIECE)
        while piece:
            out.append(piece)
            size += len(piece)
            if size > limit:
                raise Undecodable(Reason.TOO_LARGE)
            piece = b"" if decoder.is_finished() else decoder.process(b"", _PIECE)
    except brotli.error as error:
        raise Undecodable(Reason.CUT if out else Reason.CODING) from error
    if not decoder.is_finished():
        raise Undecodable(Reason.CUT)
    return b"".join(out)


def _unknown(body: bytes, limit: int) -> bytes:
    raise Undecodable(Reason.CODING)


_DECODERS = {"gzip": _gunzip, "x-gzip": _gunzip, "deflate": _inflate, "br": _unbrotli}
KNOWN = frozenset(("", "identity", *_DECODERS))
"""The codings that can be taken off, in lower case."""
