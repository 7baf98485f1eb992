"""What a dead run left behind is put in order before the next one begins.

Only tails are mended: a file being written ends at its last whole piece, and what is
behind it moves to `quarantine/`. Nothing is deleted, and doing it twice changes nothing.
"""

from __future__ import annotations

import os
import zlib
from collections.abc import Iterator
from pathlib import Path

from archive.appendfile import make_folder, sync_folder
from archive.warc import OPEN, finish

_BLOCK = 1 << 20


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


def salvage_warcs(site_folder: Path, quarantine: Path) -> list[Path]:
    """Finish every `.open` file below `site_folder`; return the files under their last names."""
    finished = []
    for path in sorted(site_folder.glob(f"*/*/*.warc.gz{OPEN}")):
        end = 0
        for offset, length in members(path):
            end = offset + length
        cut_tail(path, end, quarantine)
        if end == 0:
            path.unlink()
            continue
        final = path.with_name(path.name.removesuffix(OPEN))
        if final.exists() and final.samefile(path):
            # The run died between giving the final name and taking the old one.
            path.unlink()
            sync_folder(path.parent)
        else:
            finish(path)
        finished.append(final)
    return finished


def cut_tail(path: Path, end: int, quarantine: Path) -> int:
    """Cut `path` at `end`, the bytes behind it kept in `quarantine`; return how many they were."""
    size = path.stat().st_size
    if size <= end:
        return 0
    make_folder(quarantine)
    with path.open("r+b") as file:
        file.seek(end)
        tail = file.read()
        aside = quarantine / f"{path.name}.{end}-{size}"
        with aside.open("wb") as keep:
            keep.write(tail)
            os.fsync(keep.fileno())
        sync_folder(quarantine)
        file.truncate(end)
        os.fsync(file.fileno())
    return size - end


def last_newline(path: Path) -> int:
    """The offset behind the last newline of `path`; 0 if it has none."""
    with path.open("rb") as file:
        end = file.seek(0, os.SEEK_END)
        while end > 0:
            start = max(0, end - _BLOCK)
            file.seek(start)
            newline = file.read(end - start).rfind(b"\n")
            if newline >= 0:
                return start + newline + 1
            end = start
    return 0
