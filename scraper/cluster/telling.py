"""What a child tells the task that started it: JSON lines on a pipe.

{"count": 41, "total": 320, "done": "41/320 58/min"}      as its bar grows
{"account": {"run": {…}, "known_before": […], …}}         at the end of a crawl
"""

from __future__ import annotations

import json
import os
from contextlib import suppress
from typing import Any

_open: list[TaskPipe] = []


class TaskPipe:
    """The writing end of the pipe, the descriptor with this number."""

    def __init__(self, descriptor: int) -> None:
        # The children that clean would hold it open after the end of this process.
        os.set_inheritable(descriptor, False)
        self._descriptor = descriptor

    def tell(self, told: dict[str, Any]) -> None:
        """Write a line. If the task is gone nobody wants to know it any more."""
        with suppress(OSError):
            data = json.dumps(told, ensure_ascii=False).encode() + b"\n"
            while data:
                data = data[os.write(self._descriptor, data) :]


def begin(descriptor: int) -> None:
    """From now on this process is the child of a task and tells what it does."""
    _open.append(TaskPipe(descriptor))


def task_pipe() -> TaskPipe | None:
    """Where to tell it; None if this process is no task's child."""
    return _open[0] if _open else None


class ToldBars:
    """Stands in the place of the bars on a terminal: the head shows them."""

    height = 1 << 30

    def __init__(self, pipe: TaskPipe) -> None:
        self._pipe = pipe
        self._last: tuple[float, float | None, str] | None = None

    def start(self) -> None:
        """Nothing is to be begun."""

    def stop(self) -> None:
        """The head takes the bar away when the task is done."""

    def show(
        self, key: str, count: float, total: float | None, done: str, *, visible: bool = True
    ) -> None:
        """Tell how far it is, if that has changed. A task has one site, and so one bar."""
        if self._last != (count, total, done):
            self._last = (count, total, done)
            self._pipe.tell({"count": count, "total": total, "done": done})
