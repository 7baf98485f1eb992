"""Bytes of a file by their place, whether it is on the disk or elsewhere.

>>> with opened(path) as source:
...     source.read_at(4096, 1024)

Where else a file may be is told by who knows it (archive.storage.stored_files), with
`look_elsewhere`: this module is far below.
"""

from __future__ import annotations

import io
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol, TypeAlias


class ByteSource(Protocol):
    """A file of `size` bytes. It is read in pieces of at least `first` bytes that grow to `most`
    when all of it is read: a request to a store takes as long as many bytes."""

    size: int
    first: int
    most: int

    def read_at(self, offset: int, length: int) -> bytes:
        """These bytes, or as many of them as there are."""


Finder: TypeAlias = Callable[[Path], ByteSource | None]
_finders: list[Finder] = []


def look_elsewhere(finder: Finder) -> None:
    """From now on ask `finder` for files that are not on the disk."""
    _finders.append(finder)


@contextmanager
def opened(path: Path) -> Iterator[ByteSource]:
    """The file at `path`, wherever it is; OSError if it is nowhere or cannot be read."""
    try:
        file = path.open("rb", buffering=0)
    except FileNotFoundError:
        source = _elsewhere(path)
        if source is None:
            raise
        yield source
        return
    with file:
        yield LocalBytes(file.fileno())


def opened_file(path: Path) -> BinaryIO:
    """As `opened`, as a file that is read from its beginning to its end."""
    try:
        return path.open("rb")
    except FileNotFoundError:
        source = _elsewhere(path)
        if source is None:
            raise
        return as_file(source)


def as_file(source: ByteSource) -> BinaryIO:
    """`source` as a file."""
    return io.BufferedReader(_SourceReader(source), source.most)


def _elsewhere(path: Path) -> ByteSource | None:
    return next((found for finder in _finders if (found := finder(path))), None)


class LocalBytes:
    """A file on the disk, by its descriptor."""

    first = most = 1 << 16

    def __init__(self, descriptor: int) -> None:
        self.size = os.fstat(descriptor).st_size
        self._descriptor = descriptor

    def read_at(self, offset: int, length: int) -> bytes:
        """As ByteSource says."""
        return os.pread(self._descriptor, max(length, 0), offset)


class _SourceReader(io.RawIOBase):
    """A source as a raw file."""

    def __init__(self, source: ByteSource) -> None:
        super().__init__()
        self._source = source
        self._position = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        ends = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._source.size}
        self._position = max(0, ends[whence] + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        data = self._source.read_at(self._position, len(buffer))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
