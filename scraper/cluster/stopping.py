"""Ctrl-C and SIGTERM at the head: the first asks workers to end, the second ends at once."""

from __future__ import annotations

import signal
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from types import FrameType

GRACE_SECONDS = 9.5
"""How long to wait after the first signal: all is over in ten seconds."""
_SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Stopping:
    """What signals have asked for; `stopped_by` is the first one."""

    def __init__(self) -> None:
        self.stopped_by: int | None = None
        self._ends_at = float("inf")

    @contextmanager
    def listening(self, stop: Callable[[], None]) -> Iterator[None]:
        """In this block the first signal calls `stop`, and ends nothing by itself."""

        def take(number: int, frame: FrameType | None) -> None:
            self._ends_at = time.monotonic() + (0 if self.stopped_by else GRACE_SECONDS)
            if not self.stopped_by:
                self.stopped_by = number
                stop()

        # nohup makes the process ignore SIGHUP; then we must ignore it, too.
        taken = [one for one in _SIGNALS if signal.getsignal(one) != signal.SIG_IGN]
        before = {number: signal.signal(number, take) for number in taken}
        try:
            yield
        finally:
            for number, handler in before.items():
                signal.signal(number, handler)

    def is_over(self) -> bool:
        """Whether whoever stopped us waits no longer."""
        return time.monotonic() > self._ends_at
