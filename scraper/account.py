"""The account of a night: what was found and what became of it, and whether all is well.

A site is in trouble when it could not be read, when pages came and none gave an article,
when nothing was found, or when more than one page in ten failed.
"""

from __future__ import annotations

from archive.index import Index
from archive.runs import Run
from scraper.pace import LATER, REFUSES
from spiders.discovery import Discovery
from spiders.wordpress import WordPressSpider

_FEW = 3


def account(spider: WordPressSpider) -> None:
    """Write verdict, coverage and problems into the night's run, after its last flush."""
    night, discovery = spider.night, spider.discovery
    night.flush()
    reasons = night.index.reasons()
    run = night.run
    if discovery:
        run.problems += discovery.problems
        run.coverage = _coverage(night.index, discovery, reasons)
    run.problems += _troubles(spider, run)
    run.verdict = _verdict(spider, run)


def _coverage(
    index: Index, discovery: Discovery, reasons: dict[str, dict[str, int]]
) -> dict[str, object]:
    counts = index.counts()
    return {
        "source": discovery.source,
        "total": discovery.totals,
        "known": {kind: len(index.live(kind)) for kind in discovery.totals},
        "missing": index.missing(),
        "kept": counts["kept"],
        "due": counts["due"],
        "refused": reasons.get("refused", {}),
        "failed": reasons.get("failed", {}),
    }


def _troubles(spider: WordPressSpider, run: Run) -> list[str]:
    if spider.night.failure:
        # That error is the run's; what else failed failed by it.
        return []
    troubles = []
    counts = run.counts
    if spider.trouble:
        troubles.append(str(spider.trouble))
    elif spider.cut_short in (REFUSES, LATER):
        troubles.append(
            "the site asked us to stay away (429 or 503). What is left is tried the next night."
        )
    elif not counts.found:
        troubles.append("nothing was found; earlier articles are safe. Look at the site.")
    refused_at_all = counts.refused + counts.new
    if refused_at_all >= _FEW and not counts.new:
        troubles.append(
            f"{counts.refused} pages fetched, none gave an article. The pages are kept."
            f" Has the layout changed? Look with: baygan probe {spider.site.url}"
        )
    fetched = counts.failed + refused_at_all
    if counts.failed * 10 > fetched:
        troubles.append(f"{counts.failed} of {fetched} pages failed; they are tried again")
    return troubles


def _verdict(spider: WordPressSpider, run: Run) -> str:
    discovery, index = spider.discovery, spider.night.index
    counts = index.counts()
    if spider.trouble or discovery is None or not discovery.source:
        return "failed"
    if counts["due"] or counts["failed"] or spider.night.failure:
        return "incomplete"
    if discovery.source != "rest" or not discovery.totals:
        return "unprovable"
    balanced = all(len(index.live(kind)) == total for kind, total in discovery.totals.items())
    return "complete" if balanced else "incomplete"
