"""The WARC files that a dead run left open, put in order before the next run begins.

A file that was being written ends at its last whole record; what is behind it moves to
`quarantine/`. Nothing is deleted, and doing it twice changes nothing.
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


def salvage_warcs(
    site_folder: Path, quarantine: Path, named: Callable[[str], int] = lambda file: 0
) -> list[Path]:
    """Cut and finish every `.open` file; return the files under their last names."""
    return [finish_salvaged(path) for path in cut_warcs(site_folder, quarantine, named)]


def cut_warcs(
    site_folder: Path, quarantine: Path, named: Callable[[str], int] = lambda file: 0
) -> list[Path]:
    """End every `.open` file below `site_folder` at its last whole record; return those that
    hold one.

    `named` tells up to which byte of a file (named relative to `site_folder`) the lines name
    records in it. What is broken before that was whole once: Damaged, and nothing is changed.
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
    """Where the last whole member ends that has only whole ones before it."""
    end = 0
    for member in members(path):
        if not isinstance(member, Member):
            break
        end = member.offset + member.length
    return end


def finish_salvaged(path: Path) -> Path:
    """Give an `.open` file of a dead run its final name, if it has not got it already."""
    final = final_name(path)
    if not (final.exists() and final.samefile(path)):
        return finish(path)
    # The run died between giving the final name and taking the old one.
    path.unlink()
    sync_folder(path.parent)
    return final
