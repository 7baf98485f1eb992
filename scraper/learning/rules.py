"""The rules by which a site's epochs follow from its captures, the same in a crawl and a rebuild.

An epoch is a layout and the runs whose pages are cleaned with it (archive.epochs). The first run
that has enough pages, with those of earlier runs, learns a layout from the first hundred of them. A
later run learns at its start from what earlier runs captured, in two cases:

* The layout was learnt from fewer than a hundred pages, and now there are twice as many.
* Most of the last forty pages have none of the places of the text. Then it learns from these pages.
"""

from __future__ import annotations

from pathlib import Path

from archive.epochs import Epoch, Epochs, canonical, read_epochs
from archive.layout import run_order
from archive.record_place import RecordPlace
from archive.warc.pages import PageCapture
from archive.warc.run_pages import RunPages
from scraper.cleaning.layout import Layout, layout_of, learn
from scraper.cleaning.layout.learn import LEAST
from scraper.learning.stored_samples import lacks, samples

MOST = 100
"""A layout is learnt from so many pages at most."""
_LAST = 40


def brought_to(site_folder: Path, run: str, *, ended: bool, anew: bool = False) -> Epochs:
    """The epochs up to the run `run`: those in layout.json and what follows, or all `anew`.

    The first layout needs a hundred pages, or twelve if the run has `ended`. Damaged if a capture
    cannot be read.
    """
    rules = _Rules(site_folder, Epochs() if anew else read_epochs(site_folder))
    rules.go_to(run, ended=ended)
    return Epochs(tuple(rules.epochs), rules.until)


def all_epochs(site_folder: Path) -> Epochs:
    """The epochs of all runs, from the captures alone; Damaged if one cannot be read."""
    runs = RunPages(site_folder).runs()
    return brought_to(site_folder, runs[-1], ended=True, anew=True) if runs else Epochs()


class _Rules:
    """The epochs of the site in a folder; `go_to` adds those of further runs."""

    def __init__(self, site_folder: Path, known: Epochs) -> None:
        self._folder = site_folder
        self._pages = RunPages(site_folder)
        self.epochs = list(known.epochs)
        self.until = known.until
        # By record ID, whether a page lacks the place. The next run looks at most of them again.
        self._lacking: dict[str, bool] = {}

    def go_to(self, run: str, *, ended: bool) -> None:
        """Apply the rules at the start of every run up to `run`, and at the end of those that began
        without a layout."""
        waiting = [one for one in self._pages.runs(self.until) if run_order(one) < run_order(run)]
        if self.until is None:
            # There are no captures before the first run.
            before, waiting = (waiting[0], waiting[1:]) if waiting else (None, [])
            self._end(before, None, ended=True) if before else None
        else:
            before = self.until
        for one in [*waiting, run]:
            if before is not None and before != self.until:
                self._start(one, before)
                self.until = before
            self._end(one, before, ended=ended or one != run)
            before = one

    def _end(self, run: str, before: str | None, *, ended: bool) -> None:
        """Learn the first layout, if the run has ended with enough pages, or has a hundred."""
        if self.epochs:
            return
        found = self._pages.first(MOST, until=run)
        if len(found) >= (LEAST if ended else MOST):
            self._learn(found, before)

    def _start(self, run: str, before: str) -> None:
        """Learn anew at a run's start, if that is due; `before` is the last run with captures."""
        if not self.epochs:
            return
        newest = self.epochs[-1]
        if newest.pages < MOST:
            found = self._pages.first(2 * newest.pages, newest.begin, before)
            if len(found) == 2 * newest.pages:
                self._learn(found[:MOST], before, base=self._base(newest))
                return
        self._look_for_change(run, before, newest)

    def _look_for_change(self, run: str, before: str, newest: Epoch) -> None:
        layout = layout_of(newest.layout)
        last = self._pages.last(_LAST, run)
        lacking = self._without(last, layout)
        if len(lacking) >= LEAST and 2 * len(lacking) > len(last):
            taught = learn(samples(self._folder, lacking))
            if taught:
                self._add(taught.over(layout), lacking, before)
                self._lacking.clear()

    def _without(self, pages: list[PageCapture], layout: Layout | None) -> list[PageCapture]:
        if layout is None:
            return pages
        known = self._lacking
        self._lacking = {
            page.record_id: known[page.record_id]
            if page.record_id in known
            else lacks(self._folder, page, layout)
            for page in pages
        }
        return [page for page in pages if self._lacking[page.record_id]]

    def _learn(
        self, found: list[PageCapture], before: str | None, base: Layout | None = None
    ) -> None:
        taught = learn(samples(self._folder, found))
        self._lacking.clear()
        if taught is None:
            taught, base = layout_of(self.epochs[-1].layout) if self.epochs else None, None
        self._add(taught.over(base) if taught else None, found, before)

    def _base(self, epoch: Epoch) -> Layout | None:
        """The layout of the theme before the one that `epoch` was learnt from."""
        earlier = [one for one in self.epochs if one.begin != epoch.begin]
        return layout_of(earlier[-1].layout) if earlier else None

    def _add(self, layout: Layout | None, found: list[PageCapture], before: str | None) -> None:
        begin = RecordPlace(found[0].place.file, found[0].place.offset, 0)
        text = canonical(layout.as_json()) if layout else None
        self.epochs.append(Epoch(before, begin, len(found), text))
