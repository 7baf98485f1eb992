"""Works on several files at a time: each waits for the store most of its time."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from threading import Event
from typing import TypeVar

T = TypeVar("T")
_AT_ONCE = 4


def side_by_side(work: Callable[[T], None], each: Iterable[T], stop: Event) -> None:
    """Do `work` with `each`, in threads. If one fails, or Ctrl-C ends it, the error is raised and
    `stop` is set: by it the others end after the part that is under way."""
    with ThreadPoolExecutor(_AT_ONCE) as pool:
        try:
            for done in [pool.submit(work, one) for one in each]:
                done.result()
        except BaseException:
            stop.set()
            pool.shutdown(wait=False, cancel_futures=True)
            raise
