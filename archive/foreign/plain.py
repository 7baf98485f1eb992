"""The unpacked bytes of a WARC or ARC file, in a window that moves to the file's end.

>>> with open("khabar.warc.gz", "rb") as file:
...     plain = Plain(file)
...     while plain.more():
...         plain.drop(len(plain.window))

It reads files with a gzip member for every record, with one for all of them, with members cut
anywhere, or without gzip. Where unpacking fails before the file's end there is a `wall`;
`pass_wall` goes on behind it.
"""

from __future__ import annotations

import os
import re
import zlib
from typing import BinaryIO

from archive.foreign import arc

MAGIC = b"\x1f\x8b\x08"
RECORD = re.compile(rb"(?i:WARC/)\d{1,3}\.\d{1,3}[ \t]*\r?\n")
"""How a record of a WARC file begins."""
_MEMBER = re.compile(re.escape(MAGIC) + rb"[\x00-\x1f]")
_CANDIDATE = re.compile(b"|".join((_MEMBER.pattern, RECORD.pattern, b"filedesc://")))
_PADDING = b"\0\r\n\t "
_READ = 1 << 16
_PIECE = 1 << 20
_SEARCHED = 1 << 20
_OVERLAP = 1 << 6
_PROBE = 1 << 12


class Plain:
    """The plain (unpacked) bytes of a file. Some of them are in `window`; the first of these is
    number `position` of all. `wall` says why there are no more although the file goes on."""

    def __init__(self, file: BinaryIO) -> None:
        self.window = bytearray()
        self.position = 0
        self.wall: str | None = None
        self.size = file.seek(0, os.SEEK_END)
        file.seek(0)
        self._file = file
        self._pending = b""
        self._decoder = zlib.decompressobj(31)
        self._inside = False  # of a gzip member
        self._offset = 0 if self._is_packed(0) else self._find(0)  # in the file, of `_pending`
        self.packed = self._is_packed(self._offset)
        file.seek(self._offset)
        self.begins = self._offset
        # Where members begin: number of the plain byte → byte of the file. A file without gzip
        # counts as one member.
        self.members = {0: self._offset}

    def more(self) -> bool:
        """Bring more bytes into the window; False at the end of the file, or at a wall."""
        if self.wall is not None:
            return False
        if self.packed:
            return self._unpack()
        data = self._file.read(_READ)
        self._offset += len(data)
        self.window += data
        return bool(data)

    def reach(self, count: int) -> bool:
        """Bring at least `count` bytes into the window; False if there are not so many."""
        while len(self.window) < count:
            if not self.more():
                return False
        return True

    def drop(self, count: int) -> None:
        """Move the window `count` bytes on."""
        del self.window[:count]
        self.position += count
        while len(self.members) > 1:
            first, second = list(self.members)[:2]
            if second > self.position:
                break
            del self.members[first]

    @property
    def proven(self) -> int:
        """How many plain bytes are in whole members with a right checksum."""
        return next(reversed(self.members)) if self._inside else self.position + len(self.window)

    def place(self, position: int) -> int:
        """The byte of the file for the plain byte `position`; with gzip the start of its member."""
        start = max((plain for plain in self.members if plain <= position), default=0)
        offset = self.members.get(start, self.begins)
        return offset if self.packed else offset + position - start

    def pass_wall(self) -> int:
        """Go on at the next member that begins with a record, or at the file's end; return its
        byte in the file."""
        start = self.members[next(reversed(self.members))] + 1 if self._inside else self._offset
        self.position += len(self.window)
        self.window.clear()
        self.wall, self._pending, self._inside = None, b"", False
        self._offset = self._find(start, _MEMBER)
        self._file.seek(self._offset)
        self.members = {self.position: self._offset}
        return self._offset

    def _unpack(self) -> bool:
        data = self._pending or self._file.read(_READ)
        if not self._inside:
            data = self._enter(data)
        if not data:
            if self._inside:
                self.wall = "it ends in the middle of a gzip member"
            return False
        try:
            self.window += self._decoder.decompress(data, _PIECE)
        except zlib.error as error:
            self.wall = f"the gzip member is damaged ({str(error).rpartition(': ')[2]})"
            return False
        self._inside = not self._decoder.eof
        self._pending = self._decoder.unconsumed_tail if self._inside else self._decoder.unused_data
        self._offset += len(data) - len(self._pending)
        if not self._inside:
            self.members[self.position + len(self.window)] = self._offset
        return True

    def _enter(self, data: bytes) -> bytes:
        """Begin the next member; there may be padding before it. Return its first bytes, still
        packed, or nothing if there is no member."""
        while True:
            kept = data.lstrip(_PADDING)
            self._offset += len(data) - len(kept)
            data = kept if len(kept) >= len(MAGIC) else kept + (more := self._file.read(_READ))
            if len(kept) >= len(MAGIC) or not more:
                break
        if not data.startswith(MAGIC):
            self.wall = "there is no gzip member" if data else None
            self._pending = data
            return b""
        self._decoder = zlib.decompressobj(31)
        self._inside = True
        self.members.pop(self.position + len(self.window), None)
        self.members[self.position + len(self.window)] = self._offset
        return data

    def _is_packed(self, offset: int) -> bool:
        self._file.seek(offset)
        return self._file.read(2) == MAGIC[:2]

    def _find(self, start: int, shape: re.Pattern[bytes] = _CANDIDATE) -> int:
        """The byte of the file, from `start` on, where the first record begins; else its end."""
        while start < self.size:
            self._file.seek(start)
            data = self._file.read(_SEARCHED)
            for found in shape.finditer(data):
                offset = start + found.start()
                if not found[0].startswith(MAGIC) or self._holds_record(offset):
                    return offset
            start += max(len(data) - _OVERLAP, 1) if len(data) == _SEARCHED else len(data) or 1
        return self.size

    def _holds_record(self, offset: int) -> bool:
        self._file.seek(offset)
        try:
            begin = zlib.decompressobj(31).decompress(self._file.read(_PROBE), _PROBE)
        except zlib.error:
            return False
        begin = begin.lstrip(_PADDING)
        return bool(RECORD.match(begin) or arc.HEAD.match(begin))
