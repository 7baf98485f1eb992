"""Every record of a WARC file in one pass, with bounded memory.

>>> for walked in walk(Path("khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz")):
...     print(walked.place, walked.record.field("WARC-Type"))
(0, 412) warcinfo

It also reads what other programs write: a gzip member for every record, one member for all of
them, or no gzip at all; WARC/1.0 and 1.1.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from archive.errors import Damaged
from archive.warc.stored_record import StoredRecord, parse_fields

BLOCK_LIMIT = 33 << 20
"""Of a longer block only so many bytes are read: a page has 16 MiB at most, an asset 32."""
_HEAD_LIMIT = 1 << 20
_READ = 1 << 16
_PIECE = 1 << 20
_HEAD_END = b"\r\n\r\n"


@dataclass(frozen=True, slots=True)
class Walked:
    """A record and where it lies: `place` is offset and length of its gzip member, None if it
    has no member of its own; `whole` is False if its block was too long to be read."""

    record: StoredRecord
    place: tuple[int, int] | None
    whole: bool = True


def walk(path: Path) -> Iterator[Walked]:
    """The records of the WARC file at `path`, in its order.

    Damaged with the file and the byte behind the last whole record, where there is no record.
    """
    with path.open("rb") as file:
        plain = _Plain(file, path)
        while plain.more():
            yield plain.record()


class _Plain:
    """A file's bytes without gzip, taken from the front record by record."""

    def __init__(self, file: BinaryIO, path: Path) -> None:
        self._file = file
        self._path = path
        self._gzip = file.read(2) == b"\x1f\x8b"
        file.seek(0)
        self._decoder = zlib.decompressobj(31)
        self._pending = b""
        self._inside = False  # of a gzip member
        self._offset = 0  # of `_pending` in the file
        self._buffer = bytearray()
        self._position = 0  # of `_buffer` in the plain bytes
        self._members = {0: 0}  # where members begin: plain bytes → file
        self._sound = 0  # the end of the last whole record in the file

    def more(self) -> bool:
        """Whether there is something left."""
        while not self._buffer:
            if not self._fill():
                return False
        return True

    def record(self) -> Walked:
        """The next record; Damaged if there is none."""
        begin = self._position
        head = self._head()
        fields = parse_fields(head)
        named = {name.lower(): value for name, value in fields}
        length = named.get("content-length", "")
        if not head.startswith(b"WARC/") or not length.isdecimal():
            raise self._damaged("there is no WARC record")
        block = self._take(min(int(length), BLOCK_LIMIT))
        self._pass(int(length) - len(block))
        while self.more() and self._buffer[0] in b"\r\n":
            self._take(1)
        raw = head + _HEAD_END + block + _HEAD_END
        place = self._place(begin)
        self._sound = self._members.get(self._position, self._offset)
        whole = len(block) == int(length)
        return Walked(StoredRecord(raw, fields, block), place, whole)

    def _head(self) -> bytes:
        while (end := self._buffer.find(_HEAD_END)) < 0:
            if len(self._buffer) > _HEAD_LIMIT or not self._fill():
                raise self._damaged("there is no WARC record")
        head = self._take(end)
        self._take(len(_HEAD_END))
        return head

    def _place(self, begin: int) -> tuple[int, int] | None:
        """The member that ends here, if it holds the record that began there and no other."""
        start = self._members.pop(begin, None) if self._gzip else None
        inner = [plain for plain in self._members if plain < self._position]
        for plain in inner:
            del self._members[plain]
        if start is None or inner or self._position not in self._members:
            return None
        return start, self._members[self._position] - start

    def _take(self, count: int) -> bytes:
        while len(self._buffer) < count:
            if not self._fill():
                raise self._damaged("it ends in the middle of a record")
        taken = bytes(self._buffer[:count])
        del self._buffer[:count]
        self._position += count
        return taken

    def _pass(self, count: int) -> None:
        while count > 0:
            count -= len(self._take(min(count, _PIECE)))

    def _fill(self) -> bool:
        """Bring more bytes into the buffer, or a member to its end; False at the file's."""
        data = self._pending or self._file.read(_READ)
        if not data:
            if self._inside:
                raise self._damaged("it ends in the middle of a gzip member")
            return False
        if not self._gzip:
            self._buffer += data
            self._offset += len(data)
            return True
        try:
            self._buffer += self._decoder.decompress(data, _PIECE)
        except zlib.error as error:
            raise self._damaged(str(error)) from None
        self._inside = not self._decoder.eof
        self._pending = self._decoder.unconsumed_tail if self._inside else self._decoder.unused_data
        self._offset += len(data) - len(self._pending)
        if not self._inside:
            self._members[self._position + len(self._buffer)] = self._offset
            self._decoder = zlib.decompressobj(31)
        return True

    def _damaged(self, what: str) -> Damaged:
        return Damaged(
            f"{self._path} is broken behind byte {self._sound}: {what}. Nothing was changed."
        )
