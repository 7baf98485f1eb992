"""The nights of a run are opened before anything heavy is imported: a site that another run
holds is told at once, and nothing is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from archive.errors import ArchiveBusy, BayganError
from archive.folder import SiteFolder
from archive.writer.site_writer import Night


@dataclass(frozen=True, slots=True)
class Nights:
    """A night for every site that no other run holds, and who holds the others."""

    open: list[Night]
    busy: list[ArchiveBusy]


def open_nights(
    folders: Sequence[SiteFolder], wait: float = 0.0, since: date | None = None
) -> Nights:
    """Open the nights of `folders`, waiting up to `wait` seconds for each.

    ArchiveBusy if other runs hold all of them. `since` stands in for what sites.toml says.
    """
    nights = Nights([], [])
    try:
        for folder in folders:
            if since:
                folder.site = replace(folder.site, since=since)
            try:
                nights.open.append(Night(folder, wait=wait))
            except ArchiveBusy as error:
                nights.busy.append(error)
    except BayganError:
        for night in nights.open:
            night.close()
        raise
    if nights.busy and not nights.open:
        raise nights.busy[0]
    return nights
