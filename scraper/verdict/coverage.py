"""The equation of a night: what the site counts against what became of every post.

    total  =  kept + refused + due + failed + unaccounted        for each post type

A night is complete when `unaccounted`, `due` and `failed` are nought. Beside it stand the
cross-check (the sitemaps, read once a week) and the counts of every Jalali month.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from archive.index.index import Index
from archive.outcomes import PageState
from archive.times.days import jalali
from spiders.site_run import Discovered

_STATES = (PageState.KEPT, PageState.REFUSED, PageState.DUE, PageState.FAILED)


def coverage(index: Index, discovered: Discovered) -> dict[str, object]:
    """The object `coverage` of runs.jsonl."""
    counts, reasons = index.counts(), index.reasons()
    return {
        "source": discovered.source,
        "total": discovered.totals,
        "known": {kind: len(index.live(kind)) for kind in discovered.totals},
        "balance": {kind: _balance(index, kind, n) for kind, n in discovered.totals.items()},
        "missing": index.missing(),
        "kept": counts[PageState.KEPT],
        "due": counts[PageState.DUE],
        "refused": reasons.get(PageState.REFUSED, {}),
        "failed": reasons.get(PageState.FAILED, {}),
        "witness": index.crawl_state.crosscheck,
        "months": {
            "archive": _months(index.dates()),
            "site": _months(index.live_dates()) if discovered.whole else None,
        },
    }


def _balance(index: Index, post_type: str, total: int | None) -> dict[str, int | None]:
    """The equation of one type; without a total it has no two sides."""
    states = index.balance(post_type)
    balance: dict[str, int] = {state: states.get(state, 0) for state in _STATES}
    unaccounted = None if total is None else total - sum(balance.values())
    return {"total": total, **balance, "unaccounted": unaccounted}


def _months(moments: Iterable[str | None]) -> dict[str, int]:
    """How many of `moments` fall into each Jalali month, `1405-09`; `none` has no date."""
    # Days begin in Tehran at a half hour of UTC.
    halves = Counter(
        moment and f"{moment[:14]}{'30' if moment[14:16] >= '30' else '00'}" for moment in moments
    )
    months: Counter[str] = Counter()
    for half, count in halves.items():
        months[_month(half) if half else "none"] += count
    return dict(sorted(months.items()))


@cache
def _month(half: str) -> str:
    day = jalali(datetime.fromisoformat(f"{half}:00+00:00"))
    return day[:7] if day else "none"
