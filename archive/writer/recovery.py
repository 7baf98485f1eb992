"""Puts the WARC files in order that a dead run left open, before the next run begins.

Such a file is cut after its last whole record; the rest moves to `quarantine/`. Nothing is
deleted, and doing it twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from archive.errors import Damaged
from archive.files.append_file import sync_folder
from archive.files.finish import finish
from archive.files.torn_tails import cut_tail
from archive.layout import final_name, open_files
from archive.warc.members import Member, members


def recover_warcs(
    site_folder: Path, quarantine: Path, named: Callable[[str], int] = lambda file: 0
) -> list[Path]:
    """Cut and finish every `.open` file; return the files under their final names."""
    return [finish_recovered(path) for path in cut_warcs(site_folder, quarantine, named)]


def cut_warcs(
    site_folder: Path, quarantine: Path, named: Callable[[str], int] = lambda file: 0
) -> list[Path]:
    """Cut every `.open` file below `site_folder` after its last whole record; return the files
    that hold a record.

    `named` takes a file, relative to `site_folder`, and returns the end in bytes of the last
    record in it that a line names. Everything before that was whole once: if it is broken now,
    that is Damaged, and nothing is changed.
    """
    ends = {path: _end(path) for path in open_files(site_folder)}
    for path, end in ends.items():
        torn = end < path.stat().st_size
        if torn and named(str(final_name(path).relative_to(site_folder))) > end:
            raise Damaged(
                f"{path} is broken at byte {end}, and lines name records behind it."
                " Nothing was changed. Look at the disk; restore the file from a copy."
            )
    for path, end in ends.items():
        cut_tail(path, end, quarantine)
        if end == 0:
            path.unlink()
    return [path for path, end in ends.items() if end]


def _end(path: Path) -> int:
    """Where the first broken member begins, or the file's end if all are whole."""
    end = 0
    for member in members(path):
        if not isinstance(member, Member):
            break
        end = member.offset + member.length
    return end


def finish_recovered(path: Path) -> Path:
    """Give an `.open` file of a dead run its final name, if it has not got it already."""
    final = final_name(path)
    if not (final.exists() and final.samefile(path)):
        return finish(path)
    # The run died after it gave the final name and before it removed the old one.
    path.unlink()
    sync_folder(path.parent)
    return final
