"""The account of a run: what was found, what became of it, and whether all is well."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.outcomes import PageState, Verdict
from archive.writer.site_writer import SiteWriter
from scraper.download.throttle import Throttle
from scraper.verdict.coverage import coverage
from scraper.verdict.news import known_before
from scraper.verdict.problems import cut_off, is_stopped, limits, problems, unbalanced
from spiders.site_run import CrawlProgress

# If more time is between two runs, nightly runs were left out, and the later one makes up for them.
_GAP = timedelta(hours=36)


def account(writer: SiteWriter, progress: CrawlProgress, throttle: Throttle) -> None:
    """Write verdict, coverage and problems into the account of the run, after its last flush."""
    writer.flush()
    run, discovered = writer.run, progress.discovered
    if discovered:
        run.problems += discovered.problems
        run.coverage = coverage(writer.index, discovered)
    run.problems += problems(writer, progress, throttle)
    run.verdict = _verdict(writer, progress, throttle)
    run.problems += unbalanced(writer, progress)
    run.known_before = known_before(run.problems, writer.folder.latest_runs())
    run.notes += _caught_up(writer) + limits(writer, progress, throttle)


def _verdict(writer: SiteWriter, progress: CrawlProgress, throttle: Throttle) -> Verdict:
    discovered, index = progress.discovered, writer.index
    counts = index.states()
    stopped = is_stopped(progress, throttle)
    if cut_off(progress, throttle) or (discovered and not discovered.source and not stopped):
        return Verdict.FAILED
    waiting = counts[PageState.DUE] or counts[PageState.FAILED] or index.young()
    if discovered is None or stopped or waiting or writer.failure:
        return Verdict.INCOMPLETE
    if discovered.source != "rest" or not discovered.totals:
        return Verdict.UNPROVABLE
    told = {kind: total for kind, total in discovered.totals.items() if total is not None}
    if any(index.count_live(kind) != total for kind, total in told.items()):
        return Verdict.INCOMPLETE
    return Verdict.COMPLETE if len(told) == len(discovered.totals) else Verdict.UNPROVABLE


def _caught_up(writer: SiteWriter) -> list[str]:
    """A note for the first good run after failed ones, or after a time without runs."""
    run = writer.run
    last: datetime | None = None
    failed = 0
    for earlier in writer.folder.latest_runs():
        if earlier["verdict"] != Verdict.FAILED:
            last = datetime.fromisoformat(earlier["started"])
            break
        failed += 1
    if last is None or run.verdict == Verdict.FAILED or (not failed and run.started - last < _GAP):
        return []
    since = f", {failed} failed since" if failed else ""
    return [
        f"caught up with what came since {last:%Y-%m-%d %H:%M} UTC, the last run that went"
        f" well{since}"
    ]
