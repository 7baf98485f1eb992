"""The page captures of a site in the order of its runs: the first ones, and the last ones.

>>> pages = RunPages(Path("persian-news/khabar"))
>>> [page.url for page in pages.first(100)]

What is not asked for is not read: the last pages of a gibibyte lie in its last megabytes. Only
pages that a site sent now count: answers that say that nothing changed do not, nor do the further
pages of an article.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import groupby
from pathlib import Path

from archive.layout import run_of, run_order
from archive.record_place import RecordPlace
from archive.storage.stored_files import size_of, warc_files
from archive.warc.pages import PageCapture, page_captures

_TAIL = 8 * 1024 * 1024


class RunPages:
    """The captures below `site_folder`, as they are when it is made; Damaged while reading where
    a file is broken."""

    def __init__(self, site_folder: Path) -> None:
        self._folder = site_folder
        files = sorted(warc_files(site_folder), key=lambda path: (_order(path), path.name))
        self._runs = {run: list(paths) for run, paths in groupby(files, _run)}

    def runs(self, after: str | None = None) -> list[str]:
        """The runs that captured pages, of those that began after the run `after`."""
        return [run for run in self._between(after, None) if any(self._pages(run))]

    def first(
        self, count: int, begin: RecordPlace | None = None, until: str | None = None
    ) -> list[PageCapture]:
        """The first `count` pages from `begin` on, up to the end of the run `until`: of each
        address one."""
        found: dict[str, PageCapture] = {}
        start = run_order(run_of(begin.file)) if begin else ("", "")
        for run in self._between(None, until):
            if run_order(run) < start:
                continue
            for page in self._pages(run, begin):
                found.setdefault(page.url, page)
                if len(found) == count:
                    return list(found.values())
        return list(found.values())

    def last(self, count: int, before: str) -> list[PageCapture]:
        """The last `count` pages of the runs that began before the run `before`."""
        found: list[PageCapture] = []
        earlier = [run for run in self._between(None, before) if run != before]
        for path in (path for run in reversed(earlier) for path in reversed(self._runs[run])):
            found = [*self._tail(path, count - len(found)), *found]
            if len(found) >= count:
                break
        return found[-count:]

    def _between(self, after: str | None, until: str | None) -> Iterator[str]:
        for run in self._runs:
            late = until is not None and run_order(run) > run_order(until)
            if not late and (after is None or run_order(run) > run_order(after)):
                yield run

    def _pages(self, run: str, begin: RecordPlace | None = None) -> Iterator[PageCapture]:
        for path in self._runs[run]:
            inside = begin is not None and path.name.startswith(Path(begin.file).name)
            early = begin is not None and run_of(begin.file) == run and not inside
            if early and begin is not None and path.name < Path(begin.file).name:
                continue
            yield from self._of(path, begin.offset if inside and begin is not None else 0)

    def _tail(self, path: Path, count: int) -> list[PageCapture]:
        """The last pages of a file, at least `count` of them if it has as many."""
        size, length = size_of(path), _TAIL
        while True:
            start = max(0, size - length)
            found = list(self._of(path, start))
            if len(found) >= count or start == 0:
                return found
            length *= 4

    def _of(self, path: Path, start: int) -> Iterator[PageCapture]:
        for page in page_captures(self._folder, path, start):
            if page.status == 200 and page.continues is None:
                yield page


def _run(path: Path) -> str:
    return run_of(path.name)


def _order(path: Path) -> tuple[str, str]:
    return run_order(_run(path))
