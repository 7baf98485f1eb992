"""What was wrong with a site tonight, in sentences for a person.

A site is in trouble when it could not be read, when it sent us away, when pages came and none
gave an article, when nothing was found where there always was something, when more than one
page in ten failed, when pages were found that cannot be had, or when its count does not agree.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

from archive.errors import BadCertificate, Blocked, Unreachable
from archive.index.retries import is_lasting
from archive.jsonl.runs import read_runs
from archive.outcomes import Reason, Verdict
from archive.writer.batch import Unhad
from scraper.download.throttle import Ending, Throttle, pace_of
from scraper.verdict.staleness import silence, told
from spiders.fetch import NETWORK
from spiders.wordpress import WordPressSpider

_FEW = 3
_LEFT = "What is left is tried the next night."
_SENT_AWAY = {
    Ending.REFUSES: f"the site asked us to stay away (429 or 503). {_LEFT}",
    Ending.LATER: f"the site asked us to stay away (429 or 503). {_LEFT}",
    Ending.SILENT: f"the site stopped answering. {_LEFT}",
    Ending.BROKEN: f"the site answered with errors only (5xx). {_LEFT}",
}


def troubles(spider: WordPressSpider) -> list[str]:
    """What was wrong with the site of `spider` in the run that ends."""
    run, pace = spider.writer.run, pace_of(spider.crawler)
    if spider.writer.failure:
        # That error is the run's; what else failed failed by it.
        return []
    if away := _sent_away(spider, pace):
        return [away]
    if spider.trouble:
        return [str(spider.trouble)]
    found = []
    if spider.discovery and not run.counts.found:
        found.append("nothing was found; earlier articles are safe. Look at the site.")
    return found + _pages(spider) + _silence(spider)


def unbalanced(spider: WordPressSpider) -> list[str]:
    """Where the site's own count and what is known of its posts do not agree, and nothing else
    that was told tonight can be why."""
    discovery, index = spider.discovery, spider.writer.index
    if spider.writer.run.problems or not discovery or discovery.source != "rest":
        return []
    return [
        f"the site counts {total} posts ({kind}), and {known} are known: it does not list what it"
        " counts, or counts what it does not list. All that it lists is kept or has its reason."
        for kind, total in discovery.totals.items()
        if (known := len(index.live(kind))) != total and total
    ]


def cut_off(spider: WordPressSpider) -> bool:
    """Whether the site, or something in its place, let us have nothing at all tonight."""
    counts = spider.writer.run.counts
    blocked = pace_of(spider.crawler).over == Ending.BLOCKS
    return bool(spider.trouble) or (blocked and not counts.new and not counts.changed)


def limits(spider: WordPressSpider) -> list[str]:
    """What ended the run that the reader of sites.toml asked for."""
    if pace_of(spider.crawler).over != Ending.SPENT or spider.trouble:
        return []
    return [f"the budget of {spider.site.budget} requests is spent, the rest is due next time"]


def network_down(spiders: Sequence[WordPressSpider]) -> list[str]:
    """The names of the sites that could not be reached, if that is three or more and three in
    ten: then it is rather the network than the sites. Otherwise none."""
    lost = [spider.site.name for spider in spiders if _unreached(spider)]
    return lost if len(lost) >= _FEW and len(lost) * 10 >= len(spiders) * 3 else []


def _unreached(spider: WordPressSpider) -> bool:
    trouble = spider.trouble
    return (
        isinstance(trouble, Unreachable)
        and not isinstance(trouble, Blocked | BadCertificate)
        and trouble.reason in NETWORK
    )


def _sent_away(spider: WordPressSpider, pace: Throttle) -> str | None:
    """Why the site was left before the end; a budget is a limit of the reader's own, and no
    trouble unless the listings alone take more."""
    if pace.over == Ending.BLOCKS and not isinstance(spider.trouble, Blocked):
        return pace.block
    if pace.over == Ending.SPENT and spider.trouble:
        return (
            f"the budget of {spider.site.budget} requests was spent before the site's listings"
            f" were read. Raise budget in [sites.{spider.site.name}]."
        )
    return _SENT_AWAY.get(pace.over) if pace.over else None


def _pages(spider: WordPressSpider) -> list[str]:
    writer = spider.writer
    none = sum(writer.refusals.values()) - writer.refusals[Reason.DUPLICATE]
    found = []
    if none >= _FEW and not writer.given:
        found.append(
            f"{none} pages fetched, none gave an article. The pages are kept."
            f" Has the layout changed? Look with: baygan probe {spider.site.url}"
        )
    unhad = [page for page in writer.unhad if page.reason != Reason.ELSEWHERE]
    lasting = [page for page in unhad if is_lasting(page.reason) and not page.is_kept]
    if lasting:
        found.append(_refused(lasting))
    failed = sum(page not in lasting and page.reason not in writer.refusals for page in unhad)
    fetched = failed + none + writer.given
    if failed * 10 > fetched:
        found.append(f"{failed} of {fetched} pages failed; they are tried again")
    return found


def _refused(pages: Sequence[Unhad]) -> str:
    """The sentence for pages that could not be had for a reason that will last."""
    reasons = Counter(page.reason for page in pages)
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return (
        f"pages that the site lists cannot be had ({told}): {pages[0].url}"
        f"{' …' if len(pages) > 1 else ''} They are refused for that, and asked for again ever"
        " more seldom."
    )


def _silence(spider: WordPressSpider) -> list[str]:
    """Told once, on the night that makes it too long; `status` goes on saying it."""
    before = list(read_runs(spider.writer.folder.runs_path))
    tonight = {**spider.writer.run.to_object(), "verdict": Verdict.COMPLETE}
    quiet = silence([*before, tonight])
    return [told(quiet)] if quiet and not silence(before) else []
