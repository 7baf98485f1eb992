"""The bars that a person sees grow, in one style: what is done, of how much, and how long it takes.

    checking khabar ━━━━━━━━━━━━━━━━━━━━━╺━━━━━━━━━━ 41.2/80.7 MB  0:12

They are on stderr, if that is a terminal, and vanish at the end. cron gets nothing.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Protocol, TextIO, TypeVar

from scraper.cluster.telling import ToldBars, task_pipe
from scraper.console.terminal import is_quiet, safe_line

if TYPE_CHECKING:
    from rich.progress import TaskID

One = TypeVar("One")
_MEGABYTE = 1e6


class ShownBars(Protocol):
    """Bars on a terminal, or what a task on a cluster has in their place."""

    @property
    def height(self) -> int: ...

    def start(self) -> None: ...

    def stop(self) -> None: ...

    def show(
        self, key: str, count: float, total: float | None, done: str, *, visible: bool = True
    ) -> None: ...


class Bars:
    """Bars on a terminal, one for each key; `height` is how many lines the screen has."""

    def __init__(self, stream: TextIO) -> None:
        # Only now: a run of cron does without this library.
        from rich.console import Console
        from rich.progress import BarColumn, Progress, TextColumn, TimeRemainingColumn
        from rich.table import Column

        text = Column(no_wrap=True, max_width=24)
        self._progress = Progress(
            TextColumn("{task.description}", table_column=text, markup=False),
            BarColumn(bar_width=None),
            TextColumn("{task.fields[done]}", table_column=Column(no_wrap=True)),
            TimeRemainingColumn(compact=True),
            console=Console(file=stream),
            transient=True,
            expand=True,
        )
        self._tasks: dict[str, TaskID] = {}

    @property
    def height(self) -> int:
        return self._progress.console.height

    def start(self) -> None:
        """Show them, and keep them up to date."""
        self._progress.start()

    def stop(self) -> None:
        """Take them away."""
        self._progress.stop()

    def show(
        self, key: str, count: float, total: float | None, done: str, *, visible: bool = True
    ) -> None:
        """Let the bar of `key`, which is also its label, be at `count` of `total`. Without a total
        it only shows that something goes on. `done` is what stands behind the bar."""
        if key not in self._tasks:
            self._tasks[key] = self._progress.add_task(safe_line(key), total=None, done="")
        self._progress.update(
            self._tasks[key], completed=count, total=total, done=done, visible=visible
        )


def shown_bars(stream: TextIO, *, watched: bool) -> ShownBars | None:
    """Where bars are shown: on the terminal that `stream` is, if somebody watches it. A task's
    child tells them to its task, whatever it was asked."""
    if pipe := task_pipe():
        return ToldBars(pipe)
    return Bars(stream) if watched and stream.isatty() else None


class GrowingBar:
    """One bar, which `step` lets grow; `total` may be set when it is known. Without `bars` nothing
    is shown. With `in_bytes` steps are bytes."""

    def __init__(
        self, label: str, total: int | None, bars: ShownBars | None, *, in_bytes: bool = False
    ) -> None:
        self.total = total
        self._label = label
        self._bars = bars
        self._in_bytes = in_bytes
        self._count = 0

    def step(self, count: int) -> None:
        """So many more are done."""
        self._count += count
        if self._bars:
            self._bars.show(self._label, self._count, self.total or None, self._done())

    def each(self, things: Iterable[One]) -> Iterator[One]:
        """`things`, with a step behind each."""
        for thing in things:
            yield thing
            self.step(1)

    def _done(self) -> str:
        if self._in_bytes:
            done, total = self._count / _MEGABYTE, (self.total or 0) / _MEGABYTE
            return f"{done:.1f}/{total:.1f} MB" if self.total else f"{done:.1f} MB"
        return f"{self._count}/{self.total}" if self.total else f"{self._count}"


@contextmanager
def growing_bar(
    label: str, total: int | None = None, *, in_bytes: bool = False, shown: bool = True
) -> Iterator[GrowingBar]:
    """A bar for as long as the block lasts, if there is a terminal and nobody asked for quiet. If
    it is not to be `shown` only the steps are counted."""
    bars = shown_bars(sys.stderr, watched=shown and not is_quiet())
    bar = GrowingBar(label, total, bars, in_bytes=in_bytes)
    if bars:
        bars.start()
        bar.step(0)
    try:
        yield bar
    finally:
        if bars:
            bars.stop()
