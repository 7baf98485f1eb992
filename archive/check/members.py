"""The gzip members of a file (RFC 1952), each looked at whole, also behind a broken one."""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from typing import NamedTuple

# Small at first: most records are a request or a note, and what zlib leaves over is copied.
_FIRST, _LARGEST = 1 << 11, 1 << 18
_HEADER = 10
_MAGIC = b"\x1f\x8b\x08"
_RECORD = b"WARC/"


class Member(NamedTuple):
    """A whole member: its bytes in the file, and what is in it."""

    offset: int
    length: int
    header: bytes
    raw: bytes


class Broken(NamedTuple):
    """Bytes that are no whole member; `torn` if they end with the file."""

    offset: int
    what: str
    torn: bool


def walk(descriptor: int, end: int) -> Iterator[Member | Broken]:
    """What lies in a file up to the byte `end`, one after the other.

    Behind a broken piece it goes on with the next member that holds a WARC record.
    """
    offset, file = 0, _Ahead(descriptor, end)
    while offset < end:
        found = _member(file, offset)
        yield found
        if isinstance(found, Member):
            offset += found.length
        else:
            offset = _next(file, offset + 1)


class _Ahead:
    """A file up to the byte `end`, read ahead: most members are far smaller than a read."""

    def __init__(self, descriptor: int, end: int) -> None:
        self.end = end
        self._descriptor = descriptor
        self._start, self._data = 0, memoryview(b"")

    def read(self, position: int, size: int) -> memoryview:
        """The bytes at `position`, `size` of them or what is there."""
        size = min(size, self.end - position)
        at = position - self._start
        if not 0 <= at <= len(self._data) - size:
            length = min(_LARGEST, self.end - position)
            self._data = memoryview(os.pread(self._descriptor, length, position))
            self._start, at = position, 0
        return self._data[at : at + size]


def _member(file: _Ahead, offset: int) -> Member | Broken:
    decoder = zlib.decompressobj(31)
    parts: list[bytes] = []
    position, size, header = offset, _FIRST, b""
    while not decoder.eof:
        data = file.read(position, size)
        if not data:
            return Broken(offset, "the gzip member has no end", torn=True)
        header = header or bytes(data[:_HEADER])
        try:
            parts.append(decoder.decompress(data))
        except zlib.error as error:
            return Broken(offset, f"no whole gzip member ({_words(error)})", torn=False)
        position += len(data)
        size = min(size * 8, _LARGEST)
    length = position - len(decoder.unused_data) - offset
    return Member(offset, length, header, b"".join(parts))


def _words(error: zlib.error) -> str:
    """zlib's own words, without "Error -3 while decompressing data: "."""
    return str(error).rpartition(": ")[2]


def _next(file: _Ahead, start: int) -> int:
    """Where the next member with a record begins; the file's end if there is none.

    A page's own gzip body may lie in a record as it came, so the bytes of a header are not
    enough: it must be a member, and a WARC record must be in it.
    """
    position = start
    while position < file.end:
        data = bytes(file.read(position, _LARGEST))
        found = data.find(_MAGIC)
        while found >= 0:
            member = _member(file, position + found)
            if isinstance(member, Member) and member.raw.startswith(_RECORD):
                return position + found
            found = data.find(_MAGIC, found + 1)
        if len(data) < len(_MAGIC):
            break
        position += len(data) - len(_MAGIC) + 1
    return file.end
