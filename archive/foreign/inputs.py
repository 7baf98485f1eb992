"""The WARC and ARC files that an import reads: the given file itself, or those in a WACZ.

>>> for name, file in inputs(Path("khabar.wacz")):
...     print(name)
khabar.wacz/archive/data-00000.warc.gz

A WACZ is read in place. Nothing is unpacked into a folder, so names in it can do no harm.
"""

from __future__ import annotations

import io
import shlex
import tempfile
import zlib
from collections.abc import Iterator
from typing import Any, BinaryIO, Literal, Protocol, cast
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from archive.errors import UsageError

_ZIP = b"PK\3\4"
_EMPTY_ZIP = b"PK\5\6"
_ZSTD = b"\x28\xb5\x2f\xfd"
# A frame that decoders skip. In a .warc.zst it holds the dictionary for all frames after it
# (iipc.github.io/warc-specifications, WARC-zstd 1.0).
_DICTIONARY = b"\x5d\x2a\x4d\x18"
_OTHERS = {
    b"BZh": "It is packed with bzip2. Unpack it first: bunzip2 -k",
    b"\xfd7zXZ": "It is packed with xz. Unpack it first: unxz -k",
    b"7z\xbc\xaf": "It is a 7z file. Unpack it first.",
}
_ENDINGS = (".warc", ".warc.gz", ".arc", ".arc.gz")
_LOCAL_HEADER = 30
_PIECE = 1 << 20
_BUFFER = 1 << 16


class WarcInput(Protocol):
    """What an import reads: a Path, or what can be opened and has a name as a path has."""

    @property
    def name(self) -> str:
        """The last part of its path."""

    def open(self, mode: Literal["rb"]) -> BinaryIO:
        """It as a file for reading."""


class NoWarc(UsageError):
    """A file is no WARC or ARC file and no readable WACZ; nothing of it was taken."""


def inputs(path: WarcInput) -> Iterator[tuple[str, BinaryIO]]:
    """The name and the open file of each. A file is closed when the next one is asked for.

    NoWarc for a broken ZIP file, one without WARC files, and a file packed in another way.
    """
    with path.open("rb") as file:
        head = file.read(8)
        if head.startswith((_ZIP, _EMPTY_ZIP)):
            yield from _in_zip(path, file)
            return
        if told := _packing(path, head, file):
            raise NoWarc(f"{path} cannot be read, nothing of it was taken. {told}")
        file.seek(0)
        yield str(path), file


def _packing(path: WarcInput, head: bytes, file: BinaryIO) -> str | None:
    """What the user can do with a file that is packed in a way we do not read; None for others."""
    quoted = shlex.quote(str(path))
    if head.startswith(_ZSTD):
        return f"It is packed with Zstandard. Unpack it first: zstd -d {quoted}"
    if head.startswith(_DICTIONARY):
        size = int.from_bytes(head[4:8], "little")
        packed = " | zstd -dc" if file.read(4) == _ZSTD else ""
        return (
            f"It is packed with Zstandard and brings its own dictionary, in its first {size + 8}"
            f" bytes. Unpack it first: tail -c +9 {quoted} | head -c {size}{packed} > dictionary;"
            f" zstd -d -D dictionary {quoted} -o unpacked.warc"
        )
    return next((words for sign, words in _OTHERS.items() if head.startswith(sign)), None)


def _in_zip(path: WarcInput, file: BinaryIO) -> Iterator[tuple[str, BinaryIO]]:
    try:
        with ZipFile(file) as packed:
            entries = packed.infolist()
    except (BadZipFile, ValueError, OSError, NotImplementedError, UnicodeError) as error:
        raise NoWarc(
            f"{path} is a ZIP file, a WACZ perhaps, that is broken ({error}); nothing of it was"
            " taken. Get it anew."
        ) from None
    found = [entry for entry in entries if entry.filename.lower().endswith(_ENDINGS)]
    if not found:
        inner = any(entry.filename.lower().endswith((".wacz", ".zip")) for entry in entries)
        raise NoWarc(
            f"{path} is a ZIP file without a WARC file; nothing of it was taken."
            + (" It holds other WACZ files: unpack it, and give those." if inner else "")
        )
    for entry in sorted(found, key=lambda entry: entry.filename):
        name = f"{path}/{entry.filename}"
        with _entry(name, entry, file) as content:
            yield name, content


def _entry(name: str, entry: ZipInfo, file: BinaryIO) -> BinaryIO:
    file.seek(entry.header_offset)
    header = file.read(_LOCAL_HEADER)
    known = entry.compress_type in (ZIP_STORED, ZIP_DEFLATED) and not entry.flag_bits & 1
    if not header.startswith(_ZIP) or len(header) < _LOCAL_HEADER or not known:
        raise NoWarc(f"{name} cannot be read: its part of the ZIP file is broken, or encrypted.")
    # Name and extra field may have other lengths in the local header than in the directory.
    start = (
        entry.header_offset
        + _LOCAL_HEADER
        + sum(int.from_bytes(header[place : place + 2], "little") for place in (26, 28))
    )
    stored = io.BufferedReader(_Slice(file, start, entry.compress_size), _BUFFER)
    return stored if entry.compress_type == ZIP_STORED else _inflated(stored)


def _inflated(stored: BinaryIO) -> BinaryIO:
    """A packed entry, unpacked into a temporary file, since the reader must seek. If it is broken,
    the part before that."""
    unpacked = cast(BinaryIO, tempfile.TemporaryFile())  # noqa: SIM115  # the caller closes it
    decoder = zlib.decompressobj(-15)
    try:
        while not decoder.eof and (data := decoder.unconsumed_tail or stored.read(_PIECE)):
            unpacked.write(decoder.decompress(data, _PIECE))
    except zlib.error:
        pass
    unpacked.seek(0)
    return unpacked


class _Slice(io.RawIOBase):
    """`size` bytes of a file from `start` on, as a file."""

    def __init__(self, file: BinaryIO, start: int, size: int) -> None:
        super().__init__()
        self._file, self._start, self._size, self._position = file, start, size, 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        base = {io.SEEK_SET: 0, io.SEEK_CUR: self._position, io.SEEK_END: self._size}[whence]
        self._position = max(0, base + offset)
        return self._position

    def readinto(self, buffer: Any) -> int:
        self._file.seek(self._start + self._position)
        left = max(0, self._size - self._position)
        data = self._file.read(min(len(buffer), left))
        buffer[: len(data)] = data
        self._position += len(data)
        return len(data)
