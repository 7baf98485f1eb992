"""Opens the sites of a run.

The first ones are opened before anything heavy is imported. So the user learns at once that another
run holds a site, and nothing is written. The others are opened when they have their turn: a process
may have only so many files open, and each open site needs some.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Sequence
from dataclasses import replace
from datetime import date

from archive.errors import ArchiveBusy, BayganError
from archive.folder import SiteFolder
from archive.writer.site_writer import SiteWriter

_STEP = 1.0
"""After so many seconds of waiting for another run look whether this one is to stop."""


class OpenSites:
    """The sites of one run, at most `most` of them open at once (None: all). `since` replaces the
    one in sites.toml; to wait for other runs to end there are `wait` seconds in all.

    `busy` tells of sites that other runs hold, `failures` of those that could not be opened when
    they had their turn, `left` are the names of those that had none. Once `is_stopped` is set,
    nobody waits for another run any more.
    """

    def __init__(
        self,
        folders: Sequence[SiteFolder],
        wait: float = 0.0,
        since: date | None = None,
        most: int | None = None,
    ) -> None:
        self.busy: list[ArchiveBusy] = []
        self.failures: list[BayganError] = []
        self.is_stopped = False
        self._places = {folder.site.name: place for place, folder in enumerate(folders)}
        self._until = time.monotonic() + wait
        self._since = since
        self._most = len(folders) if most is None else most
        self._writers: list[SiteWriter] = []
        # If the time of a run is over before all had a turn, the others are first in the next one.
        few = len(folders) <= self._most
        self._waiting = deque(folders if few else sorted(folders, key=_last_run))

    @property
    def writers(self) -> list[SiteWriter]:
        """The writers of all sites that were opened, in the order of the folders. Some may be
        closed by now."""
        return sorted(self._writers, key=lambda writer: self._places[writer.site.name])

    @property
    def left(self) -> list[str]:
        """The names of the sites that wait for their turn."""
        return [folder.site.name for folder in self._waiting]

    @property
    def are_several(self) -> bool:
        """Whether the run has more than one site."""
        return len(self._writers) + len(self._waiting) > 1

    def begin(self) -> None:
        """Open the first sites. ArchiveBusy if other runs hold all; then nothing is open."""
        try:
            while self._waiting and len(self._writers) < self._most:
                self._open(self._waiting.popleft())
        except BayganError:
            self.close()
            raise
        if self.busy and not self._writers:
            raise self.busy[0]

    def next(self) -> SiteWriter | None:
        """The writer of the next site that waits and can be opened; None if there is none."""
        while self._waiting:
            folder = self._waiting.popleft()
            try:
                if writer := self._open(folder):
                    return writer
            except BayganError as error:
                self.failures.append(error)
        return None

    def close(self) -> None:
        """Close all writers that are still open."""
        for writer in self._writers:
            writer.close()

    def _open(self, folder: SiteFolder) -> SiteWriter | None:
        if self._since:
            folder.site = replace(folder.site, since=self._since)
        while True:
            left = max(0.0, self._until - time.monotonic())
            try:
                writer = SiteWriter(folder, wait=min(left, _STEP))
            except ArchiveBusy as error:
                if self.is_stopped:
                    return None
                if left > _STEP:
                    continue
                self.busy.append(error)
                return None
            self._writers.append(writer)
            return writer


def _last_run(folder: SiteFolder) -> float:
    """When the last run over a site ended, in seconds; 0 if there was none."""
    path = folder.runs_path
    return path.stat().st_mtime if path.exists() else 0.0
