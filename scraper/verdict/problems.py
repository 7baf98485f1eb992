"""What was wrong with a site in a run, in sentences for a person.

A problem is one of these: the site could not be read; it asked us to stay away; pages came and none
gave an article; nothing was found, or nothing new for too long; more than one page in ten failed;
pages that the site lists cannot be had; the site's count does not agree with what it lists.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from itertools import chain
from urllib.parse import urlsplit

from archive.errors import BadCertificate, Blocked, Unreachable
from archive.index.retries import is_lasting
from archive.outcomes import PageState, Reason, Verdict
from archive.sites import Site
from archive.writer.batch import Unhad
from archive.writer.site_writer import SiteWriter
from scraper.download.throttle import Ending, Throttle
from scraper.verdict.staleness import staleness, told
from spiders.fetch import NETWORK
from spiders.site_run import CrawlProgress

_FEW = 3
_LEFT = "What is left is tried in the next run."
_SENT_AWAY = {
    Ending.REFUSES: f"the site asked us to stay away (429 or 503). {_LEFT}",
    Ending.LATER: f"the site asked us to stay away (429 or 503). {_LEFT}",
    Ending.SILENT: f"the site stopped answering. {_LEFT}",
    Ending.BROKEN: f"the site answered with errors only (5xx). {_LEFT}",
}


def problems(writer: SiteWriter, progress: CrawlProgress, throttle: Throttle) -> list[str]:
    """The problems of the site in the run that ends."""
    if writer.failure:
        # The run raises that error; everything else failed because of it.
        return []
    if away := _sent_away(writer.site, progress, throttle):
        return [away]
    if progress.problem:
        return [str(progress.problem)]
    found = []
    # Without a source the run was stopped before the site listed anything.
    discovered = progress.discovered
    witness = writer.index.crawl_state.crosscheck
    named = witness["only_in_sitemap"]["count"] if witness else 0
    if discovered and discovered.source and not writer.run.counts.found and not named:
        found.append("nothing was found; earlier articles are safe. Look at the site.")
    if url := writer.index.all_elsewhere():
        found.append(
            f"all that the site lists is on another host: {urlsplit(url).netloc}. Nothing of it is"
            f" fetched. If the site is there now, mend url in [sites.{writer.site.name}]."
        )
    return found + _pages(writer) + _stale(writer)


def unbalanced(writer: SiteWriter, progress: CrawlProgress) -> list[str]:
    """Sentences for counts of the site that do not agree with the known posts, if no other problem
    of this run can be the reason."""
    discovered = progress.discovered
    if writer.run.problems or not discovered or discovered.source != "rest":
        return []
    return [
        f"the site counts {total} posts ({kind}), and {known} are known: it does not list what it"
        " counts, or counts what it does not list. All that it lists is kept or has its reason."
        for kind, total in discovered.totals.items()
        if (known := writer.index.count_live(kind)) != total and total
    ]


def cut_off(progress: CrawlProgress, throttle: Throttle) -> bool:
    """Whether the run got nothing from the site: it could not be read, or was blocked before an
    article was kept."""
    counts = progress.run.counts
    blocked = throttle.over == Ending.BLOCKS
    return bool(progress.problem) or (blocked and not counts.new and not counts.changed)


def is_stopped(progress: CrawlProgress, throttle: Throttle) -> bool:
    """Whether the run was stopped, or its time over, before all listings were read."""
    discovered = progress.discovered
    if discovered is None or progress.problem:
        return False
    return discovered.stopped or (throttle.over == Ending.STOPPED and not discovered.source)


def limits(writer: SiteWriter, progress: CrawlProgress, throttle: Throttle) -> list[str]:
    """What ended the run that somebody asked for."""
    told = []
    if is_stopped(progress, throttle):
        due = writer.index.states()[PageState.DUE]
        why = "the time was over before all of the site's listings were read"
        then = " If it is told again, allow more time with --stop-after"
        if throttle.is_slow:
            hours = throttle.most_listing / 3600
            why = f"the site took {hours:g} hours to answer for a part of its listings"
            then = ""
        told.append(
            f"{why}. What they named by then is due ({due} pages); the next run reads them from the"
            f" beginning.{then}"
        )
    if throttle.over == Ending.SPENT and not progress.problem:
        budget = writer.site.budget
        told.append(f"the budget of {budget} requests is spent, the rest is due next time")
    return told


def network_down(crawls: Sequence[CrawlProgress]) -> list[str]:
    """The names of the sites that could not be reached, if these are at least three and at least
    three in ten: then the network is down rather than the sites. Otherwise none."""
    lost = [progress.run.site for progress in crawls if is_unreached(progress)]
    return lost if is_network(len(lost), len(crawls)) else []


def is_network(lost: int, crawls: int) -> bool:
    """Whether so many lost ones of so many crawls speak of the network rather than the sites."""
    return lost >= _FEW and lost * 10 >= crawls * 3


def is_unreached(progress: CrawlProgress) -> bool:
    """Whether the site could not be reached, which may be the network's fault."""
    problem = progress.problem
    return (
        isinstance(problem, Unreachable)
        and not isinstance(problem, Blocked | BadCertificate)
        and problem.reason in NETWORK
    )


def _sent_away(site: Site, progress: CrawlProgress, throttle: Throttle) -> str | None:
    """Why the site was left before the end. A spent budget is no problem, since the user has set
    it, unless the listings alone need more."""
    if throttle.over == Ending.BLOCKS and not isinstance(progress.problem, Blocked):
        return throttle.block
    if throttle.over == Ending.SPENT and progress.problem:
        return (
            f"the budget of {site.budget} requests was spent before the site's listings"
            f" were read. Raise budget in [sites.{site.name}]."
        )
    return _SENT_AWAY.get(throttle.over) if throttle.over else None


def _pages(writer: SiteWriter) -> list[str]:
    none = sum(writer.refusals.values()) - writer.refusals[Reason.DUPLICATE]
    found = []
    if none >= _FEW and not writer.given:
        found.append(
            f"{none} pages fetched, none gave an article. The pages are kept."
            f" Has the layout changed? Look with: baygan probe {writer.site.url}"
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
    """The sentence for pages that cannot be had for a lasting reason."""
    reasons = Counter(page.reason for page in pages)
    told = ", ".join(f"{count} {reason}" for reason, count in sorted(reasons.items()))
    return (
        f"pages that the site lists cannot be had ({told}): {pages[0].url}"
        f"{' …' if len(pages) > 1 else ''} They are refused for that, and asked for again less and"
        " less often."
    )


def _stale(writer: SiteWriter) -> list[str]:
    """The sentence for a site without anything new. Only the first run that notices it says so;
    `status` repeats it."""
    this_run = {**writer.run.to_object(), "verdict": Verdict.COMPLETE}
    stale = staleness(chain([this_run], writer.folder.latest_runs()))
    return [told(stale)] if stale and not staleness(writer.folder.latest_runs()) else []
