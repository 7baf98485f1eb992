"""What the person at the terminal sees of a crawl, and what cron does not.

terminal      a live bar a site, then a line a site
no terminal   problems only; not one byte when there are none
--quiet       errors only
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import TextIO

import click
from rich.console import Console
from rich.progress import (
    BarColumn,
    MofNCompleteColumn,
    Progress,
    TaskID,
    TextColumn,
    TimeRemainingColumn,
)

from archive.runs import Run
from scraper.terminal import safe_line
from spiders.wordpress import WordPressSpider


class Report:
    """Shows a run; `quiet` leaves out warnings and the summary."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._watched = self._stream.isatty() and not quiet
        self._progress: Progress | None = None
        self._tasks: dict[str, TaskID] = {}

    def begin(self) -> None:
        """Start the live bars, if somebody is looking."""
        if self._watched:
            self._progress = Progress(
                TextColumn("{task.description}"),
                BarColumn(),
                MofNCompleteColumn(),
                TextColumn("{task.fields[note]}"),
                TimeRemainingColumn(),
                console=Console(file=self._stream),
                transient=True,
            )
            self._progress.start()

    def show(self, spiders: Sequence[WordPressSpider]) -> None:
        """Bring the bars up to date."""
        if not self._progress:
            return
        for spider in spiders:
            name = spider.site.name
            if name not in self._tasks:
                self._tasks[name] = self._progress.add_task(name, total=None, note="looking")
            done, note = spider.settled, f"{spider.night.run.counts.failed or 'none'} failed"
            if not spider.expected:
                done, note = spider.night.run.counts.found, "found"
            self._progress.update(
                self._tasks[name], completed=done, total=spider.expected or None, note=note
            )

    def end(self, runs: Sequence[Run]) -> None:
        """Take the bars away; tell each site's night and what was wrong with it."""
        if self._progress:
            self._progress.stop()
            self._progress = None
        width = max((len(run.site) for run in runs), default=0)
        for run in runs:
            if self._watched:
                self._say(f"{run.site:{width}}  {'; '.join([summary(run), *run.notes])}")
            if not self._quiet:
                for problem in run.problems:
                    self._say(f"Warning: {run.site}: {problem}")

    def _say(self, line: str) -> None:
        click.echo(safe_line(line), file=self._stream)


def summary(run: Run) -> str:
    """A night in a few words: `320 new, 2 refused; complete` or `17 new, 24 left; incomplete`."""
    counts = run.counts
    words = ("new", "changed", "gone", "refused", "failed")
    parts = [f"{getattr(counts, word)} {word}" for word in words if getattr(counts, word)]
    parts = parts or ["nothing new"]
    if left := run.coverage.get("due"):
        parts.append(f"{left} left")
    return f"{', '.join(parts)}; {run.verdict}"
