"""Gives each page of a run the site's layout, and holds pages back until one is learnt.

The first run that has enough pages learns from them, so they wait. Only their places in the WARC
files are held in memory. If the run ends before that, it learns from the pages that it has.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from dataclasses import replace

from archive.epochs import Epoch, read_epochs, write_epochs
from archive.layout import run_of
from archive.model import Page
from archive.record_place import RecordPlace
from archive.warc.pages import PageCapture, read_response
from archive.writer.site_writer import SiteWriter
from scraper.learning.rules import MOST, brought_to
from scraper.workers import CleaningFailed, CleaningWorkers
from spiders.page import stored_page

logger = logging.getLogger("baygan")
CHANGED = (
    "the site's pages are laid out in another way than before; where the text stands was learnt"
    " anew from the last of them"
)
_SECONDS = 1800
# A hundred pages take a few.
_QUICK_SECONDS = 10


class SiteLearning:
    """The layouts for the pages of one run. `writer` captures the pages, `workers` are the child
    processes that learn."""

    def __init__(self, writer: SiteWriter, workers: CleaningWorkers) -> None:
        self._writer = writer
        self._workers = workers
        self._epochs = read_epochs(writer.folder.path)
        self._lock = asyncio.Lock()
        self._known: set[str] = set()
        self._held: dict[str, PageCapture] = {}

    async def epoch_of(self, page: Page) -> Epoch | None:
        """The epoch of a page; None if nothing is learnt yet."""
        run = run_of(page.capture.file)
        async with self._lock:
            if run not in self._known:
                self._known.add(run)
                await self._bring_to(run, ended=run != self._writer.run_name)
        return self._epochs.of(run)

    def holds(self, page: Page, epoch: Epoch | None) -> bool:
        """Whether the page waits until this run has learnt a layout. It is held then, and
        `released` gives it back."""
        if epoch is not None or run_of(page.capture.file) != self._writer.run_name:
            return False
        self._held[page.capture.record_id] = _captured(page)
        self._writer.waiting = True
        return True

    @property
    def held(self) -> int:
        """How many pages wait."""
        return len(self._held)

    async def released(self, *, ended: bool = False) -> AsyncIterator[Page]:
        """The held pages in the order in which they came, once there are enough to learn from or
        the run has `ended`; before that none."""
        run = self._writer.run_name
        enough = len({found.url for found in self._held.values()}) >= MOST
        if not (self._held and (ended or enough or self._epochs.of(run))):
            return
        async with self._lock:
            if not self._epochs.of(run):
                # A layout may only come from captures that are safe on the disk.
                self._writer.flush()
                await self._bring_to(run, ended=ended)
        while self._held and not self._writer.failure:
            found = self._held.pop(next(iter(self._held)))
            folder = self._writer.folder.path
            more = [read_response(folder, one) for one in found.further]
            page = stored_page(found, read_response(folder, found), more)
            if isinstance(page, Page):
                yield replace(page, hints=found.hints)
        self._writer.waiting = bool(self._held)

    async def _bring_to(self, run: str, *, ended: bool) -> None:
        """Let a child process apply the rules up to `run`, and write new epochs to layout.json."""
        folder = self._writer.folder.path
        before = self._epochs
        limits = {"quick": _QUICK_SECONDS, "seconds": _SECONDS}
        try:
            found = await self._workers.for_site(
                self._writer.site.name, brought_to, folder, run, ended=ended, **limits
            )
        except CleaningFailed as error:
            logger.warning("nothing could be learnt of the site's layout: %s", error)
            return
        if found == before:
            return
        write_epochs(folder, found)
        self._epochs = found
        if before.epochs and found.epochs[-1].begin != before.epochs[-1].begin:
            self._writer.run.notes.append(CHANGED)


def _captured(page: Page) -> PageCapture:
    """What is needed to read a page back from the WARC files."""
    capture = page.capture
    return PageCapture(
        url=page.url,
        hints=page.hints,
        place=RecordPlace(capture.file, capture.offset, capture.length),
        record_id=capture.record_id,
        date=capture.date,
        further=tuple(map(_captured, page.further)),
    )
