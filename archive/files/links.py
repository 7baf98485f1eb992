"""Symbolic links in an archive: what baygan writes must not end up in somebody else's file.

An archive may come from other people, in a package or on a shared disk. A link in it, say
`khabar/runs.jsonl -> /home/sara/thesis.txt`, would be appended to, cut or overwritten.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path

from archive.errors import FolderError


def refuse_links(*places: Path) -> None:
    """FolderError if one of `places`, or anything in a folder among them, is a symbolic link.

    Places that do not exist are passed over. The archive itself may be reached by a link.
    """
    for place in places:
        link = place if place.is_symlink() else next(_links(place), None)
        if link is not None:
            raise FolderError(
                f"{link} is a symbolic link. Nothing was fetched or written: it could lead out of"
                " the archive. Put the file or folder itself in its place; for another disk,"
                " mount it there or move the whole archive."
            )


def _links(folder: Path) -> Iterator[Path]:
    """The links below `folder`, which is no link itself."""
    try:
        entries = list(os.scandir(folder))
    except OSError:
        # It does not exist, is a plain file or cannot be read: its next use tells so.
        return
    for entry in entries:
        if entry.is_symlink():
            yield Path(entry.path)
        elif entry.is_dir(follow_symlinks=False):
            yield from _links(Path(entry.path))
