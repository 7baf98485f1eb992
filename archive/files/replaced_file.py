"""A file that is written beside its place and put there when it is complete.

    with replaced(Path("news.parquet")) as part:
        part.write_bytes(…)

If anything fails an old file at that place is as it was, and nothing is left of the new one.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from archive.errors import FolderError


@contextmanager
def replaced(path: Path) -> Iterator[Path]:
    """The path to write to, in the same folder (`NAME.<8 hex digits>.part`). At the end of the
    block it is synced and takes the place of `path`; a link there stays a link. FolderError for
    what the disk refuses, also inside the block."""
    path = Path(os.path.realpath(path))
    part = path.with_name(f"{path.name}.{secrets.token_hex(4)}.part")
    try:
        # A device or a pipe would be replaced like a file.
        if path.exists() and not path.is_file():
            raise FolderError(f"cannot write {path}: it is there and no file. Name another.")
        yield part
        with part.open("rb+") as written:
            os.fsync(written.fileno())
        part.replace(path)
    except OSError as error:
        raise not_written(path, error.strerror or str(error)) from None
    finally:
        _remove(part)


def not_written(path: Path, why: str) -> FolderError:
    """The error for a file that a program of ours, or a library, could not write."""
    return FolderError(
        f"cannot write {path}: {why}. The archive is safe, and nothing is left of what was"
        " written. Make room, or name a file elsewhere."
    )


def _remove(part: Path) -> None:
    """Remove `part`, if it is there and can be: where the folder is missing it never was."""
    try:
        part.unlink(missing_ok=True)
    except OSError:
        return
