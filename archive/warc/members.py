"""The gzip members of a WARC file (RFC 1952): each holds one record (WARC 1.1, annex D).

>>> for member in members(Path("khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz")):
...     print(member.offset, member)

All reading of our own files goes through here, also of those that are only in a store; files of
other programs are read by archive.foreign. A member is read whole: our records have 33 MiB at
most.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

from archive.files.byte_source import ByteSource, opened

# Small at first: most records are small, and zlib copies the bytes that it does not need.
_FIRST, _LARGEST = 1 << 11, 1 << 18
_HEADER = 10
_MAGIC = b"\x1f\x8b\x08"
_RECORD = b"WARC/"


class Member(NamedTuple):
    """A whole member: its stream has an end, and its checksum and length are right. `offset` and
    `length` are its bytes in the file, `header` the first ten of them, `raw` its unpacked
    bytes."""

    offset: int
    length: int
    header: bytes
    raw: bytes


class BrokenMember(NamedTuple):
    """From `offset` on there is no whole member; `torn` if the file ends in the middle of it."""

    offset: int
    what: str
    torn: bool


def members(path: Path, end: int | None = None, start: int = 0) -> Iterator[Member | BrokenMember]:
    """The members of the file up to the byte `end`, or all; OSError if it cannot be read. With a
    `start` the first is the next one from there on that holds a WARC record.

    After a broken member it goes on at the next one that holds a WARC record.
    """
    with opened(path) as source:
        file = _ReadAhead(source, end, max(_LARGEST, source.first))
        offset = _next(file, start) if start else 0
        while offset < file.end:
            found = _member(file, offset)
            yield found
            if isinstance(found, Member):
                offset += found.length
            else:
                offset = _next(file, offset + 1)


def member_at(path: Path, offset: int) -> Member | BrokenMember:
    """The member that begins at the byte `offset`; OSError if the file cannot be read."""
    with opened(path) as source:
        return _member(_ReadAhead(source, None, source.first), offset)


class _ReadAhead:
    """Reads a file up to the byte `end`, in large parts: most members are far smaller."""

    def __init__(self, source: ByteSource, end: int | None, ahead: int) -> None:
        self.end = source.size if end is None else end
        self._source = source
        self._ahead = ahead
        self._start, self._data = 0, memoryview(b"")

    def read(self, position: int, size: int) -> memoryview:
        """The `size` bytes at `position`, or as many as there are."""
        size = min(size, self.end - position)
        at = position - self._start
        if not 0 <= at <= len(self._data) - size:
            length = min(max(size, self._ahead), self.end - position)
            self._data = memoryview(self._source.read_at(position, length))
            self._start, at = position, 0
            # Whoever goes on reads all of it, which in a store takes a request for each piece.
            self._ahead = max(self._ahead, min(self._ahead * 4, self._source.most))
        return self._data[at : at + size]


def _member(file: _ReadAhead, offset: int) -> Member | BrokenMember:
    decoder = zlib.decompressobj(31)
    parts: list[bytes] = []
    position, size, header = offset, _FIRST, b""
    while not decoder.eof:
        data = file.read(position, size)
        if not data:
            return BrokenMember(offset, "the gzip member has no end", torn=True)
        header = header or bytes(data[:_HEADER])
        try:
            parts.append(decoder.decompress(data))
        except zlib.error as error:
            # Without zlib's "Error -3 while decompressing data: ".
            words = str(error).rpartition(": ")[2]
            return BrokenMember(offset, f"no whole gzip member ({words})", torn=False)
        position += len(data)
        size = min(size * 8, _LARGEST)
    length = position - len(decoder.unused_data) - offset
    return Member(offset, length, header, b"".join(parts))


def _next(file: _ReadAhead, start: int) -> int:
    """Where the next member with a record begins; the file's end if there is none.

    The bytes of a gzip header are not enough to find it: a stored page may be gzipped itself. So
    it must be a whole member in which a WARC record begins.
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
