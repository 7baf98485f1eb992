"""Every whole record of a WARC or ARC file of any program, in one pass with bounded memory.

>>> with open("wget.warc.gz", "rb") as file:
...     for found in sift(file):
...         print(found.why if isinstance(found, Gap) else found.record.field("WARC-Type"))
warcinfo

It tells which bytes it passed over. Lines of a head may end with a bare newline, and lengths may
be wrong. Files that baygan writes itself are read by archive.warc.reader.
"""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import BinaryIO

from archive.foreign import arc
from archive.foreign.plain import RECORD, Plain
from archive.warc.stored_record import StoredRecord, parse_fields

BLOCK_LIMIT = 33 << 20
"""A longer block is not read: a page has 16 MiB at most, an asset 32."""
_HEAD_LIMIT = 1 << 20
_BEGIN = 1 << 16
_OVERLAP = 1 << 15
_HEAD_END = re.compile(rb"\n\r?\n")
_BLANK = re.compile(rb"[\r\n\0 ]*")
_TAILS = (b"\r\n\r\n", b"\n\n")
_PADDING = 1 << 20
_LENGTH = re.compile(r"\d{1,18}", re.ASCII)
_NO_RECORD = "there is no WARC record"
_MIDDLE = "it ends in the middle of a record"


@dataclass(frozen=True, slots=True)
class Walked:
    """A record and its place. `place` is offset and length of its gzip member, None if it has no
    member of its own. `whole` is False if its block is too long: then only its first 64 KiB are
    here. `mended` tells that its Content-Length was wrong and its end was found another way."""

    record: StoredRecord
    place: tuple[int, int] | None
    whole: bool = True
    mended: bool = False


@dataclass(frozen=True, slots=True)
class Gap:
    """The bytes of a file from `start` up to but not including `end`: there is no whole record in
    them, for the reason `why`."""

    start: int
    end: int
    why: str


def sift(file: BinaryIO) -> Iterator[Walked | Gap]:
    """Every whole record of a WARC or ARC file of any program, and the gaps between them."""
    return _Sieve(Plain(file)).found()


class _Sieve:
    def __init__(self, plain: Plain) -> None:
        self._plain = plain
        self._window = plain.window
        self._arc = False
        self._starts, self._inner = RECORD, _inner(RECORD)

    def found(self) -> Iterator[Walked | Gap]:
        plain = self._plain
        if plain.begins:
            yield Gap(0, plain.begins, _NO_RECORD)
        plain.reach(len(b"filedesc://"))
        if self._window.startswith(b"filedesc://"):
            self._arc, self._starts, self._inner = True, arc.HEAD, _inner(arc.HEAD)
        while True:
            while blank := self._blanks(0):
                plain.drop(blank)
            if self._window:
                yield self._next()
            elif plain.wall is not None:
                yield self._gap(plain.wall)
            else:
                return

    def _next(self) -> Walked | Gap:
        """The record at the window's front, or the gap that begins there."""
        begin = self._head()
        if begin is None:
            return self._gap(self._plain.wall or _NO_RECORD)
        head = bytes(self._window[:begin])
        fields = arc.fields(head) if self._arc else parse_fields(head)
        length = _length(fields)
        stop = None
        if length is not None and length <= BLOCK_LIMIT:
            stop = self._follows(begin + length)
        if stop is not None and length is not None:
            return self._record(fields, begin, begin + length, stop)
        return self._mended(fields, begin, length)

    def _head(self) -> int | None:
        """Where the block of the record at the front begins; None if there is no record."""
        if not self._is_start(0):
            return None
        if self._arc:
            found = arc.HEAD.match(self._window)
            return found.end() if found else None
        searched = 0
        while not (end := _HEAD_END.search(self._window, searched)):
            searched = max(0, len(self._window) - 2)
            if searched > _HEAD_LIMIT or not self._plain.more():
                return None
        return end.end()

    def _follows(self, end: int) -> int | None:
        """Where the next record or the file's end is, if only blank bytes come before it; None if
        the record does not end at `end`."""
        plain = self._plain
        if not plain.reach(end) or self._starts_between(1, end):
            return None
        index = self._blanks(end)
        if index - end > _PADDING:
            return index
        if index - end < 4 and self._window.endswith(_TAILS[0], 1, index) and not self._tail(end):
            # The length counts some bytes of the two line ends after the record.
            return None
        if index == len(self._window):
            # At a wall only the bytes of whole members are known to be right.
            return index if plain.proven >= plain.position + end else None
        if self._is_start(index):
            return index
        return end + self._tail(end) if self._tail(end) else None

    def _tail(self, end: int) -> int:
        """The length of the two line ends at `end`; 0 if they are not there."""
        return next((len(tail) for tail in _TAILS if self._window.startswith(tail, end)), 0)

    def _mended(
        self, fields: tuple[tuple[str, str], ...], begin: int, length: int | None
    ) -> Walked | Gap:
        """The record at the front, if its length is missing, wrong or very large. It ends where
        the next record begins, or where its member or the file ends."""
        stop = self._next_start(begin)
        if stop is None:
            return self._too_long(fields, begin)
        if stop == len(self._window) and self._plain.proven < self._plain.position + stop:
            return self._gap(self._plain.wall or _MIDDLE)
        tail = next((t for t in _TAILS if self._window.endswith(t, begin, stop)), b"")
        end = stop - len(tail)
        if length is not None and end - begin < length and not tail:
            return self._gap(_MIDDLE, stop)
        if not _as_digested(fields, bytes(self._window[begin:end])):
            return self._gap("a record's length and its digest are wrong", stop)
        return self._record(fields, begin, end, stop, mended=True)

    def _record(
        self,
        fields: tuple[tuple[str, str], ...],
        begin: int,
        end: int,
        stop: int,
        *,
        mended: bool = False,
    ) -> Walked:
        with memoryview(self._window) as window:
            record = StoredRecord(bytes(window[:stop]), fields, bytes(window[begin:end]))
        place = self._place(stop)
        self._plain.drop(stop)
        return Walked(record, place, mended=mended)

    def _place(self, stop: int) -> tuple[int, int] | None:
        """The place of the member that ends at `stop`, if it holds only the record at the front."""
        plain = self._plain
        start = plain.members.get(plain.position)
        end = plain.members.get(plain.position + stop)
        if not plain.packed or start is None or end is None:
            return None
        inner = any(plain.position < at < plain.position + stop for at in plain.members)
        return None if inner else (start, end - start)

    def _too_long(self, fields: tuple[tuple[str, str], ...], begin: int) -> Walked:
        """The record at the front without most of its block."""
        kept = bytes(self._window[: begin + _BEGIN])
        stop = None
        while stop is None:
            self._plain.drop(max(0, len(self._window) - _OVERLAP))
            stop = self._next_start(1, _OVERLAP)
        self._plain.drop(stop)
        return Walked(StoredRecord(kept, fields, kept[begin:]), None, whole=False)

    def _gap(self, why: str, count: int | None = None) -> Gap:
        """Pass over `count` bytes, or all bytes up to the next record."""
        plain = self._plain
        start = plain.place(plain.position)
        stop = count
        searched = 1
        while stop is None:
            stop = self._next_start(searched, BLOCK_LIMIT)
            if stop is None:
                plain.drop(len(self._window) - _OVERLAP)
        if stop == len(self._window) and plain.wall is not None:
            return Gap(start, plain.pass_wall(), why)
        plain.drop(stop)
        return Gap(start, max(plain.place(plain.position), start), why)

    def _next_start(self, index: int, limit: int = BLOCK_LIMIT) -> int | None:
        """Where the next record begins from `index` on, or where the readable bytes end; None if
        that is more than `limit` bytes away."""
        searched = index
        while True:
            found = self._start_from(searched)
            if found is not None:
                return found
            searched = max(index, len(self._window) - _OVERLAP)
            if len(self._window) - index > limit:
                return None
            if not self._plain.more():
                return len(self._window)

    def _start_from(self, index: int) -> int | None:
        member = self._starts_between(index, len(self._window))
        found = self._inner.search(self._window, index)
        if member is None or found is None:
            return found.start() if found else member
        return min(member, found.start())

    def _starts_between(self, index: int, end: int) -> int | None:
        """The first member that begins with a record between two places of the window."""
        plain = self._plain
        places = [at - plain.position for at in plain.members] if plain.packed else []
        return next((p for p in places if index <= p < end and self._is_start(p)), None)

    def _is_start(self, index: int) -> bool:
        """Whether a record begins at `index`; brings its first line into the window."""
        line = index + (_OVERLAP if self._arc else 32)
        while len(self._window) < line and self._window.find(b"\n", index) < 0:
            if not self._plain.more():
                break
        return self._starts.match(self._window, index) is not None

    def _blanks(self, index: int) -> int:
        """The first byte from `index` on that is not blank; in long padding it stops earlier."""
        begin = index
        while True:
            found = _BLANK.match(self._window, index)
            index = found.end() if found else index
            full = index - begin > _PADDING
            if full or index < len(self._window) or not self._plain.more():
                return index


def _inner(start: re.Pattern[bytes]) -> re.Pattern[bytes]:
    """The same pattern, but at the beginning of any line."""
    return re.compile(rb"(?<=\n)(?:" + start.pattern + rb")")


def _length(fields: tuple[tuple[str, str], ...]) -> int | None:
    text = next((value for name, value in fields if name.lower() == "content-length"), "")
    return int(text) if _LENGTH.fullmatch(text) else None


def _as_digested(fields: tuple[tuple[str, str], ...], block: bytes) -> bool:
    """Whether the block has the record's WARC-Block-Digest; True if there is none that we know."""
    text = next((value for name, value in fields if name.lower() == "warc-block-digest"), "")
    kind, _, told = text.partition(":")
    kind = kind.lower().replace("-", "")
    if kind not in ("md5", "sha1", "sha256", "sha512"):
        return True
    digest = hashlib.new(kind, block, usedforsecurity=False).digest()
    spelled = (digest.hex(), base64.b32encode(digest).decode().rstrip("=").lower())
    return told.strip().rstrip("=").lower() in spelled
