"""Cleans pages in child processes that may be killed.

A page can hang the parser, crash it or take all memory; here only that page is lost. The limits
for a page: 20 s of wall clock, 20 s of CPU, 1 GiB of memory. A child is replaced after 500 pages,
and it ends when its parent dies.
"""

from __future__ import annotations

import asyncio
import ctypes
import multiprocessing
import os
import resource
import signal
from collections.abc import Callable, Sequence
from concurrent.futures import Executor, Future, ThreadPoolExecutor
from functools import partial
from pathlib import Path
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.errors import BayganError, NotAnArticle
from archive.model import Article, Hints
from archive.warc.listed_content import content_of

T = TypeVar("T")
SECONDS = 20
MEMORY = 1 << 30
PAGES_A_CHILD = 500
CLEANING_WORKERS = "CLEANING_WORKERS"
"""The crawler's setting that holds the CleaningWorkers of all sites of a run."""
_PR_SET_PDEATHSIG = 1


class CleaningFailed(BayganError):
    """The page's child was killed, crashed or failed; `reason` is a stable word for which."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class CleaningWorkers:
    """So many `workers` (children) that clean pages, with so many `seconds` for each page; 0: clean
    in this process, without limits."""

    def __init__(self, workers: int | None = None, seconds: int = SECONDS) -> None:
        self._seconds = seconds
        if workers is None:
            workers = max(1, (os.cpu_count() or 1) - 1)
        self._pool: ProcessPool | None = None
        self._inline: Executor | None = None
        if workers == 0:
            self._inline = ThreadPoolExecutor(1)
        else:
            self._pool = ProcessPool(
                max_workers=workers,
                max_tasks=PAGES_A_CHILD,
                initializer=_enter,
                # A forked child would share the reactor's sockets.
                context=multiprocessing.get_context("spawn"),
            )

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
        return self.schedule(_clean, html, url, hints, further, site_folder, layout)

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
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
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
        TimeoutError: "clean-timeout",
        ProcessExpired: "clean-crashed",
        MemoryError: "clean-memory",
    }
    reason = next(
        (word for kind, word in reasons.items() if isinstance(error, kind)), "clean-error"
    )
    return CleaningFailed(reason, f"{type(error).__name__}: {error}")


def _enter() -> None:
    """Prepare a child: it dies with its parent, ignores Ctrl-C, and has the memory limit."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limited(seconds: int, work: Callable[..., T], *arguments: Any, **named: Any) -> T:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    return work(*arguments, **named)


def _clean(
    html: bytes,
    url: str | None,
    hints: Hints,
    further: Sequence[bytes],
    site_folder: Path | None,
    layout: str | None,
) -> Article:
    # Imported only in the child: trafilatura takes a second, and the crawl need not wait for it.
    from scraper.cleaning import clean
    from scraper.cleaning.layout import layout_of

    told = content_of(site_folder, hints) if site_folder else None
    return clean(html, url, hints, further, told, layout_of(layout))
