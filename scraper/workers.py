"""Cleaning off the crawl's own process, in children that may be killed.

A page can hang a parser, eat the memory or crash it; here it costs only itself. Limits a
page: 20 s of wall clock, 20 s of CPU, 1 GiB of memory. A child is replaced after 500 pages
and dies with its parent.
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
from typing import Any, TypeVar

from pebble import ProcessExpired, ProcessPool

from archive.errors import BayganError, NotAnArticle
from archive.model import Article, Hints

T = TypeVar("T")
SECONDS = 20
MEMORY = 1 << 30
PAGES_A_CHILD = 500
CLEANING_WORKERS = "CLEANING_WORKERS"
"""The setting of a crawler with the CleaningWorkers that all sites of a run share."""
_PR_SET_PDEATHSIG = 1


class CleaningFailed(BayganError):
    """The page's child was killed, crashed or failed; `reason` is a stable word for which."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(f"{reason}: {detail}")
        self.reason = reason


class CleaningWorkers:
    """`workers` children that clean pages, so many `seconds` for each; 0 cleans in this process,
    without any limit."""

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

    async def clean(
        self, html: bytes, url: str | None, hints: Hints, further: Sequence[bytes] = ()
    ) -> Article:
        """The article in `html` and the `further` pages it goes on with; NotAnArticle with its
        reason, or CleaningFailed."""
        future = asyncio.wrap_future(self.submit(html, url, hints, further))
        await asyncio.wait([future])
        error = future.exception()
        if error is None:
            return future.result()
        if isinstance(error, NotAnArticle):
            raise error
        raise failure_of(error)

    def submit(
        self, html: bytes, url: str | None, hints: Hints, further: Sequence[bytes] = ()
    ) -> Future[Article]:
        """The same for who does not run a loop."""
        return self.schedule(_clean, html, url, hints, further)

    def schedule(self, work: Callable[..., T], *arguments: Any) -> Future[T]:
        """Have a child do `work`, a function of a module, within the limits of one page."""
        if self._inline:
            return self._inline.submit(work, *arguments)
        assert self._pool is not None
        scheduled: Future[T] = self._pool.schedule(
            _limited, (self._seconds, work, *arguments), timeout=self._seconds
        )
        return scheduled

    def close(self) -> None:
        """End the children; what is being cleaned is given up."""
        if self._pool:
            self._pool.stop()  # type: ignore[no-untyped-call]
            self._pool.join()
        if self._inline:
            self._inline.shutdown()


def clean_one(html: bytes, url: str | None) -> Article:
    """Clean one page in a child of its own, outside any crawl."""
    worker = CleaningWorkers(1)
    try:
        return asyncio.run(worker.clean(html, url, Hints()))
    finally:
        worker.close()


def failure_of(error: BaseException) -> CleaningFailed:
    """What ended a child, or the work in it, as an error with a stable word for it."""
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
    """A child's first act: die with the parent, leave Ctrl-C to it, take the memory limit."""
    ctypes.CDLL(None).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_AS, (MEMORY, MEMORY))


def _limited(seconds: int, work: Callable[..., T], *arguments: Any) -> T:
    spent = resource.getrusage(resource.RUSAGE_SELF)
    limit = int(spent.ru_utime + spent.ru_stime) + seconds + 1
    resource.setrlimit(resource.RLIMIT_CPU, (limit, resource.RLIM_INFINITY))
    return work(*arguments)


def _clean(html: bytes, url: str | None, hints: Hints, further: Sequence[bytes]) -> Article:
    # Imported in the child: trafilatura costs a second the crawl need not wait for.
    from scraper.cleaning import clean

    return clean(html, url, hints, further)
