"""The account of a night: what was found and what became of it, and whether all is well."""

from __future__ import annotations

from datetime import datetime, timedelta

from archive.jsonl.runs import Run
from archive.outcomes import PageState, Verdict
from scraper.verdict.coverage import coverage
from scraper.verdict.news import known_before
from scraper.verdict.problems import cut_off, limits, troubles, unbalanced
from spiders.wordpress import WordPressSpider

# A night that begins later than this after the last one has others to make up for.
_GAP = timedelta(hours=36)


def account(spider: WordPressSpider) -> None:
    """Write verdict, coverage and problems into the night's run, after its last flush."""
    writer, discovery = spider.writer, spider.discovery
    writer.flush()
    run = writer.run
    if discovery:
        run.problems += discovery.problems
        run.coverage = coverage(writer.index, discovery)
    run.problems += troubles(spider)
    run.verdict = _verdict(spider, run)
    run.problems += unbalanced(spider)
    run.known_before = known_before(run.problems, writer.folder.runs())
    run.notes += _caught_up(spider, run) + limits(spider)


def _verdict(spider: WordPressSpider, run: Run) -> Verdict:
    discovery, index = spider.discovery, spider.writer.index
    counts = index.counts()
    if cut_off(spider) or (discovery and not discovery.source):
        return Verdict.FAILED
    waiting = counts[PageState.DUE] or counts[PageState.FAILED] or index.young()
    if discovery is None or waiting or spider.writer.failure:
        return Verdict.INCOMPLETE
    if discovery.source != "rest" or not discovery.totals:
        return Verdict.UNPROVABLE
    told = {kind: total for kind, total in discovery.totals.items() if total is not None}
    if any(len(index.live(kind)) != total for kind, total in told.items()):
        return Verdict.INCOMPLETE
    return Verdict.COMPLETE if len(told) == len(discovery.totals) else Verdict.UNPROVABLE


def _caught_up(spider: WordPressSpider, run: Run) -> list[str]:
    """What to say of the first night that went well after some that did not, or were none."""
    last: datetime | None = None
    failed = 0
    for earlier in spider.writer.folder.runs():
        if earlier["verdict"] == Verdict.FAILED:
            failed += 1
        else:
            last, failed = datetime.fromisoformat(earlier["started"]), 0
    if last is None or run.verdict == Verdict.FAILED or (not failed and run.started - last < _GAP):
        return []
    writers = f", {failed} failed since" if failed else ""
    return [
        f"caught up with what came since {last:%Y-%m-%d %H:%M} UTC, the last night that went"
        f" well{writers}"
    ]
