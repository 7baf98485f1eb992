"""Cuts the torn end off a file that a dead run was writing, before the next run begins.

The bytes behind the last whole record or line move to `quarantine/`. Nothing is deleted, and
doing it twice changes nothing.
"""

from __future__ import annotations

import itertools
import logging
import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import FolderError
from archive.files.append_file import AppendFile, make_folder, sync_folder
from archive.files.failpoint import passing

logger = logging.getLogger(__name__)
_BLOCK = 1 << 16


def cut_tail(path: Path, end: int, quarantine: Path) -> int:
    """Cut `path` at the byte `end` and keep the rest in `quarantine`; return how many bytes were
    cut. FolderError or WriteFailed if that cannot be done; then the file is as before."""
    size = path.stat().st_size
    if size <= end:
        return 0
    try:
        with path.open("rb") as file:
            file.seek(end)
            aside = _keep_aside(file.read(), quarantine, f"{path.name}.{end}-{size}")
        descriptor = os.open(path, os.O_WRONLY | os.O_CLOEXEC)
        try:
            passing("tail.cut")
            os.ftruncate(descriptor, end)
            passing("tail.sync")
            os.fsync(descriptor)
        finally:
            os.close(descriptor)
    except OSError as error:
        raise FolderError(
            f"cannot put {path} in order: {error.strerror}. Nothing was fetched; what was"
            " acknowledged is safe. Make it writable, see that the disk has room, run it again."
        ) from None
    logger.warning("%s had a torn tail of %d bytes; it is in %s", path, size - end, aside)
    return size - end


def move_aside(path: Path, quarantine: Path, why: str = "was broken; it") -> None:
    """Move the file at `path`, if there is one, into `quarantine`, under a name that is free
    there. `why` goes into the log."""
    if not path.exists():
        return
    make_folder(quarantine)
    try:
        aside = next(name for name in _names(quarantine, path.name) if not name.exists())
        passing("aside.move")
        path.rename(aside)
        sync_folder(quarantine)
        sync_folder(path.parent)
    except OSError as error:
        raise FolderError(
            f"cannot move {path} to {quarantine}: {error.strerror}. Nothing was fetched."
            " Make the archive writable."
        ) from None
    logger.warning("%s %s is in %s", path, why, aside)


def _keep_aside(tail: bytes, quarantine: Path, name: str) -> Path:
    """Write `tail` into `quarantine`, unless a run that died right after this has done so."""
    make_folder(quarantine)
    for aside in _names(quarantine, name):
        if not aside.exists():
            with AppendFile(aside, new=True) as keep:
                keep.write(tail)
                keep.sync()
            return aside
        if aside.read_bytes() == tail:
            return aside
    raise AssertionError("there is always another name")


def _names(folder: Path, name: str) -> Iterator[Path]:
    yield folder / name
    yield from (folder / f"{name}.{number}" for number in itertools.count(2))


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
