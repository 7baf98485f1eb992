"""What a crawl shows.

terminal      a live bar for each site, then a line for each site
no terminal   only new problems, so that cron's mail is short; not one byte if there are none
--quiet       only errors
"""

from __future__ import annotations

import sys
import time
from collections.abc import Sequence
from typing import TextIO

import click

from archive.jsonl.runs import Run
from scraper.console.progress import ShownBars, shown_bars
from scraper.console.terminal import safe_line
from spiders.site_run import CrawlProgress

# The most lines in a mail; further problems are only counted.
_MOST = 12
_NAMES = 5


class Report:
    """Shows a run; `quiet` leaves out warnings and the summary."""

    def __init__(self, *, quiet: bool = False, stream: TextIO | None = None) -> None:
        self._quiet = quiet
        self._stream = stream or sys.stderr
        self._watched = self._stream.isatty() and not quiet
        self._bars: ShownBars | None = None
        self._began: dict[str, float] = {}

    def begin(self) -> None:
        """Show live bars from now on, if there is a terminal."""
        self._bars = shown_bars(self._stream, watched=self._watched)

    def show(self, crawls: Sequence[CrawlProgress]) -> None:
        """Update the bars. If the screen is too small for all, finished ones are taken away."""
        if not (self._bars and crawls):
            return
        self._bars.start()
        crowded = len(crawls) >= self._bars.height
        for progress in crawls:
            total = progress.expected or None
            done = _read(progress) if total else progress.run.counts.found
            visible = not (crowded and progress.run.ended)
            self._bars.show(progress.run.site, done, total, self._note(progress), visible=visible)

    def _note(self, progress: CrawlProgress) -> str:
        """What stands beside a bar: `41/320 58/min, 2 failed` for pages, `300 found` for a
        listing."""
        if not progress.expected:
            found = progress.run.counts.found
            return f"{found} found" if found else "looking"
        began = self._began.setdefault(progress.run.site, time.monotonic())
        minutes = max(time.monotonic() - began, 1.0) / 60
        failed = progress.run.counts.failed
        done = f"{_read(progress)}/{progress.expected} {_read(progress) / minutes:.0f}/min"
        return done + (f", {failed} failed" if failed else "")

    def end(self, runs: Sequence[Run], unreached: Sequence[str] = ()) -> None:
        """Remove the bars; print the result of each site's run and its problems.

        `unreached` are the sites that could not be reached because the network is down; they get
        one line together.
        """
        if self._bars:
            self._bars.stop()
            self._bars = None
        width = max((len(run.site) for run in runs), default=0)
        if self._watched:
            for run in runs:
                self._say(f"{run.site:{width}}  {'; '.join([summary(run), *run.notes])}")
        if not self._quiet:
            for warning in warnings(runs, unreached, standing=self._watched):
                self._say(f"Warning: {warning}")

    def _say(self, line: str) -> None:
        click.echo(safe_line(line), file=self._stream)


def _read(progress: CrawlProgress) -> int:
    """How many pages were read: those that wait for the site's layout, too."""
    return progress.settled + progress.held


def warnings(
    runs: Sequence[Run], unreached: Sequence[str] = (), *, standing: bool = False
) -> list[str]:
    """The lines of cron's mail: one for each new problem, and never more than fit on a screen. With
    `standing`, for a terminal, older problems are included."""
    lines = []
    news = {run.site: run.problems if standing else run.news for run in runs}
    if any(news[site] for site in unreached if site in news):
        names = ", ".join(unreached[:_NAMES]) + (" …" if len(unreached) > _NAMES else "")
        lines.append(
            f"{len(unreached)} of {len(runs)} sites could not be reached, so the network looks"
            f" down: {names}. Earlier articles are safe; the next run fetches what was missed."
        )
    told = [site for site in news if site not in unreached]
    problems = [f"{site}: {problem}" for site in told for problem in news[site]]
    lines += problems[:_MOST]
    if (left := len(problems) - _MOST) > 0:
        lines.append(f"{left} more problems; see them all with: baygan status")
    return lines


def summary(run: Run) -> str:
    """A run in a few words: `320 new, 2 refused; complete` or `17 new, 24 left; incomplete`."""
    counts = run.counts
    words = ("new", "changed", "gone", "refused", "failed")
    parts = [f"{getattr(counts, word)} {word}" for word in words if getattr(counts, word)]
    parts = parts or ["nothing new"]
    if left := run.coverage.get("due"):
        parts.append(f"{left} left")
    return f"{', '.join(parts)}; {run.verdict}"
