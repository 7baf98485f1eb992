"""Cleans pages in child processes that may be killed.

A page can hang the parser, crash it or take all memory; here only that page is lost. The limits
for a page: 20 s of wall clock, 20 s of CPU, 1 GiB of memory. A child is replaced after
thousands of pages, and it ends when its parent dies.

In a crawl of several sites each has its share (`CleaningWorkers.for_site`), so that one that fills
the children stalls itself:

    its turn       one page, whatever it has fetched; after its first quick one, one more than
                   there are children
    2 s of CPU     in the common children; what takes longer is begun once more ...
    the spare one  ... in a child that all slow sites take in turns, with the whole 20 s
                   the site's next pages go there, too, until one of them was quick
"""

from __future__ import annotations

import asyncio
import os
import resource
import signal
from collections import defaultdict
from collections.abc import Callable, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from time import process_time
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.errors import BayganError, NotAnArticle
from archive.model import Article, Hints
from archive.warc.listed_content import content_of
from scraper.spawned import Spawned, collect_seldom, enter

T = TypeVar("T")
SECONDS = 20
QUICK_SECONDS = 2
"""Of the processor: so long a page may hold up the pages of other sites."""
TASKS_A_CHILD = 5_000
"""In 6,000 pages a child grew by 1 MB; a new one costs more than a second of the processor."""
_OBJECTS = 20_000
"""So many more than before, and the collector of garbage comes. A page leaves none; while one of
600 elements is cleaned, there are 1,200 more."""
CLEANING_WORKERS = "CLEANING_WORKERS"
"""The crawler's setting that holds the CleaningWorkers of all sites of a run."""


class CleaningFailed(BayganError):
    """The page's child was killed, crashed or failed; `reason` is a stable word for which."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class _Share:
    """One site's share: its turns among the common children, and whether it is slow."""

    def __init__(self, further: int) -> None:
        self.turns = asyncio.Semaphore(1)
        self._further = further
        self.slow = False

    def was_quick(self) -> None:
        """One of its pages was cleaned in time: `further` ones may be under way, too."""
        while self._further:
            self.turns.release()
            self._further -= 1


class _Spare:
    """A child that sites take in turns, for work of one limit. It is begun when it is needed."""

    def __init__(self) -> None:
        self.turn = asyncio.Lock()
        self.begun: ProcessPool | None = None

    @property
    def pool(self) -> ProcessPool:
        self.begun = self.begun or _pool(1)
        return self.begun


class CleaningWorkers:
    """So many `workers` (children) that clean pages, with so many `seconds` for each page; 0: clean
    in this process, without limits. If they are `shared`, by several sites, each has its share."""

    def __init__(
        self, workers: int | None = None, seconds: int = SECONDS, *, shared: bool = False
    ) -> None:
        self._seconds = seconds
        self.is_shared = shared
        if workers is None:
            workers = max(1, (os.cpu_count() or 1) - 1)
        self._pool = _pool(workers) if workers else None
        self._spares = defaultdict[int, _Spare](_Spare)
        self._inline = None if workers else ThreadPoolExecutor(1)
        # One page more than there are children: none of them waits for this process.
        self._shares = defaultdict[str, _Share](lambda: _Share(workers))

    async def for_site(
        self,
        site: str,
        work: Callable[..., T],
        *arguments: Any,
        quick: int = QUICK_SECONDS,
        seconds: int | None = None,
        **named: Any,
    ) -> T:
        """What `work` gives, done in the share of `site`: `quick` seconds of the processor in the
        common children, or else the limits of one page, or so many `seconds`, in a spare one. What
        is never `quick` (0) goes there at once. See `outcome` for the errors."""
        if self._pool is None or not self.is_shared:
            return await self.outcome(self.schedule(work, *arguments, seconds=seconds, **named))
        share = self._shares[site]
        async with share.turns:
            if quick and not share.slow:
                limited = partial(_limited, quick, work)
                first = self._pool.schedule(limited, arguments, named, timeout=self._seconds)
                waiting = asyncio.wrap_future(first)
                await asyncio.wait([waiting])
                if not _is_late(waiting.exception()):
                    share.was_quick()
                    return await self.outcome(first)
                share.slow = True
            # What takes minutes by nature must not wait for slow pages, nor they for it.
            limit = seconds or self._seconds
            spare = self._spares[limit]
            async with spare.turn:
                timed = partial(_timed, limit, work)
                second = spare.pool.schedule(timed, arguments, named, timeout=limit)
                found, spent = await self.outcome(second)
        share.slow = (share.slow and not quick) or 0 < quick <= spent
        if isinstance(found, NotAnArticle):
            raise found
        return found

    def is_slow(self, site: str) -> bool:
        """Whether the last page of `site` took so long that its next ones have a child apart."""
        return self._shares[site].slow

    async def outcome(self, scheduled: Future[T]) -> T:
        """The result of a child's work; NotAnArticle as it is, every other error as
        CleaningFailed."""
        future = asyncio.wrap_future(scheduled)
        await asyncio.wait([future])
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, NotAnArticle):
            raise error
        raise failure_of(error)

    def wait_for(self, scheduled: Future[T]) -> T:
        """What came of a child's work, for who does not run a loop: errors of ours as they are,
        every other as CleaningFailed."""
        error = scheduled.exception()
        if error is None or isinstance(error, BayganError):
            return scheduled.result()
        raise failure_of(error)

    def submit(
        self,
        html: bytes,
        url: str | None,
        hints: Hints,
        further: Sequence[bytes] = (),
        site_folder: Path | None = None,
        layout: str | None = None,
    ) -> Future[Article]:
        """Let a child clean the page `html` and the `further` pages that the article goes on with.
        What listings told of its text is stored in `site_folder`; `layout` is the site's, in JSON.
        See `outcome` for the errors."""
        return self.schedule(clean_page, html, url, hints, further, site_folder, layout)

    def schedule(
        self, work: Callable[..., T], *arguments: Any, seconds: int | None = None, **named: Any
    ) -> Future[T]:
        """Let a child do `work` (a function at the top of a module) within the limits of one page,
        or within so many `seconds`."""
        if self._inline:
            return self._inline.submit(work, *arguments, **named)
        assert self._pool is not None
        limited = partial(_limited, seconds or self._seconds, work)
        timeout = seconds or self._seconds
        scheduled: Future[T] = self._pool.schedule(limited, arguments, named, timeout=timeout)
        return scheduled

    def close(self) -> None:
        """End the children; pages that they are cleaning are given up."""
        for pool in (self._pool, *(spare.begun for spare in self._spares.values())):
            if pool:
                pool.stop()  # type: ignore[no-untyped-call]
                pool.join()
        if self._inline:
            self._inline.shutdown()


def clean_one(html: bytes, url: str | None) -> Article:
    """Clean one page in a child of its own, without a crawl."""
    worker = CleaningWorkers(1)
    try:
        return asyncio.run(worker.outcome(worker.submit(html, url, Hints())))
    finally:
        worker.close()


def failure_of(error: BaseException) -> CleaningFailed:
    """`error`, which ended a child or the work in it, as a CleaningFailed with its reason."""
    reasons: dict[type[BaseException], str] = {
        ProcessExpired: "clean-crashed",
        MemoryError: "clean-memory",
    }
    reason = next(
        (word for kind, word in reasons.items() if isinstance(error, kind)), "clean-error"
    )
    reason = "clean-timeout" if _is_late(error) else reason
    return CleaningFailed(reason, f"{type(error).__name__}: {error}")


def _pool(workers: int) -> ProcessPool:
    return ProcessPool(
        max_workers=workers,
        max_tasks=TASKS_A_CHILD,
        initializer=_prepare,
        context=Spawned(),
    )


def _is_late(error: BaseException | None) -> bool:
    """Whether the work in a child was ended because it took too long."""
    out_of_cpu = isinstance(error, ProcessExpired) and error.exitcode == -signal.SIGXCPU
    return out_of_cpu or isinstance(error, TimeoutError)


def _prepare() -> None:
    """The first that a child does."""
    enter()
    # It takes a second or two, which are not the first page's.
    import scraper.cleaning  # noqa: F401

    collect_seldom(_OBJECTS)


def _limited(seconds: int, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    return work(*arguments, **named)


def _timed(
    seconds: int, work: Callable[..., T], *arguments: Any, **named: Any
) -> tuple[T | NotAnArticle, float]:
    """What `work` gives or refuses, and how many seconds of the processor it took."""
    begun = process_time()
    found: T | NotAnArticle
    try:
        found = _limited(seconds, work, *arguments, **named)
    except NotAnArticle as error:
        found = error
    return found, process_time() - begun


def clean_page(
    html: bytes,
    url: str | None,
    hints: Hints,
    further: Sequence[bytes] = (),
    site_folder: Path | None = None,
    layout: str | None = None,
) -> Article:
    """Clean a page, in the child: see `CleaningWorkers.submit`."""
    # Imported only in the child: trafilatura takes a second, and the crawl need not wait for it.
    from scraper.cleaning import clean
    from scraper.cleaning.layout import layout_of

    told = content_of(site_folder, hints) if site_folder else None
    return clean(html, url, hints, further, told, layout_of(layout))
