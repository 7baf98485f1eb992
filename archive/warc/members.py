"""The gzip members of a WARC file: each holds one record (WARC 1.1, annex D)."""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path

# Small, since what zlib leaves over behind a member is copied for every member in it.
_BLOCK = 1 << 16


def members(path: Path) -> Iterator[tuple[int, int]]:
    """Offset and length of every whole gzip member of `path`, up to the first broken one.

    Whole means that its deflate stream ends and its CRC and length are right.
    """
    with path.open("rb") as file:
        start, position = 0, 0
        decoder = zlib.decompressobj(31)
        pending = file.read(_BLOCK)
        while pending:
            try:
                decoder.decompress(pending)
            except zlib.error:
                return
            if decoder.eof:
                position += len(pending) - len(decoder.unused_data)
                yield start, position - start
                pending = decoder.unused_data or file.read(_BLOCK)
                start, decoder = position, zlib.decompressobj(31)
            else:
                position += len(pending)
                pending = file.read(_BLOCK)
