"""Opens the sites of a run before anything heavy is imported. So the user learns at once that
another run holds a site, and nothing is written."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date

from archive.errors import ArchiveBusy, BayganError
from archive.folder import SiteFolder
from archive.writer.site_writer import SiteWriter


@dataclass(frozen=True, slots=True)
class OpenSites:
    """A writer for every site that no other run holds; for the others who holds them."""

    open: list[SiteWriter]
    busy: list[ArchiveBusy]


def open_sites(
    folders: Sequence[SiteFolder], wait: float = 0.0, since: date | None = None
) -> OpenSites:
    """Open the writers of `folders`, waiting up to `wait` seconds in all for other runs to end.

    ArchiveBusy if other runs hold all of them. `since` replaces the one in sites.toml.
    """
    writers = OpenSites([], [])
    until = time.monotonic() + wait
    try:
        for folder in folders:
            if since:
                folder.site = replace(folder.site, since=since)
            try:
                left = max(0.0, until - time.monotonic())
                writers.open.append(SiteWriter(folder, wait=left))
            except ArchiveBusy as error:
                writers.busy.append(error)
    except BayganError:
        for writer in writers.open:
            writer.close()
        raise
    if writers.busy and not writers.open:
        raise writers.busy[0]
    return writers
