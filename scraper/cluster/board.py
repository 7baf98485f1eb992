"""How far the sites of a run over a cluster are: what their tasks tell, as bars on a terminal."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from scraper.console.progress import Bars
from scraper.console.terminal import is_quiet


class Board:
    """A bar for all sites together, and one for each that is under way. `begun` are the sites whose
    tasks a worker has begun.

    Events come in another thread; those of other runs than `run` are left out.
    """

    def __init__(self, run: str, label: str, *, quiet: bool = False) -> None:
        self.begun: set[str] = set()
        self._run = run
        self._label = label
        watched = sys.stderr.isatty() and not quiet and not is_quiet()
        self._bars = Bars(sys.stderr) if watched else None
        self._shown: set[str] = set()
        self._ended: set[str] = set()
        self._total = 0
        self._is_shown = False

    def hear(self, event: dict[str, Any]) -> None:
        """Take what a task tells: that it has begun, or how far it is."""
        site = event["site"]
        if event["run"] != self._run or site in self._ended:
            return
        self.begun.add(site)
        if not self._bars or "count" not in event:
            return
        # If the screen is too small for all, the others are only counted.
        under_way = self._shown - self._ended
        if site in under_way or len(under_way) < self._bars.height - 2:
            self._shown.add(site)
            self._bars.show(site, event["count"], event["total"], event["done"])

    def ended(self, site: str) -> None:
        """The site is done: its bar is taken away, and that of all grows."""
        self._ended.add(site)
        if self._bars:
            if site in self._shown:
                self._bars.show(site, 0, None, "", visible=False)
            self._count()

    @contextmanager
    def shown(self, total: int) -> Iterator[None]:
        """The bars, for as long as the block lasts; there are so many sites."""
        self._total = total
        if self._bars:
            self._bars.start()
            self._count()
        self._is_shown = True
        try:
            yield
        finally:
            self._is_shown = False
            if self._bars:
                self._bars.stop()

    @contextmanager
    def hidden(self) -> Iterator[None]:
        """In this block others write on the terminal."""
        if self._bars:
            self._bars.stop()
        try:
            yield
        finally:
            if self._bars and self._is_shown:
                self._bars.start()

    def _count(self) -> None:
        assert self._bars is not None
        done = f"{len(self._ended)}/{self._total}"
        self._bars.show(self._label, len(self._ended), self._total, done)
