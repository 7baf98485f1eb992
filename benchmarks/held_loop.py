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
    """At the end of this process write the longest turns, in seconds, to the file at `path`, each
    with what it was."""
    turn = asyncio.Handle._run
    longest: list[tuple[float, str]] = []

    def timed(handle: Any) -> None:
        start = time.perf_counter()
        turn(handle)
        held = time.perf_counter() - start
        if len(longest) < _MOST or held > longest[-1][0]:
            longest.append((held, repr(handle)))
            longest.sort(reverse=True)
            del longest[_MOST:]

    asyncio.Handle._run = timed  # type: ignore[method-assign, assignment]
    atexit.register(lambda: Path(path).write_text(json.dumps(longest)))


_MOST = 5
