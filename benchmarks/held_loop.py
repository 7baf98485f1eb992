"""In the crawl's own process: how long the loop was held at a time, by one turn of anything.

python -c "from benchmarks.held_loop import watch; watch('FILE'); …" runs what is to be watched.
"""

from __future__ import annotations

import asyncio
import atexit
import json
import time
from pathlib import Path
from typing import Any


def watch(path: str) -> None:
    """At the end of this process write the longest turns to the file at `path`: for each its
    seconds by the clock, those of the processor, which another program does not lengthen, and what
    it was."""
    turn = asyncio.Handle._run
    longest: list[tuple[float, float, str]] = []
    most = 0.0

    def timed(handle: Any) -> None:
        nonlocal most
        start, begun = time.perf_counter(), time.thread_time()
        turn(handle)
        held, spent = time.perf_counter() - start, time.thread_time() - begun
        most = max(most, spent)
        if len(longest) < _MOST or held > longest[-1][0]:
            longest.append((held, spent, repr(handle)))
            longest.sort(reverse=True)
            del longest[_MOST:]

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
    atexit.register(lambda: Path(path).write_text(json.dumps([most, longest])))


_MOST = 5
