"""How many articles were published in each Jalali month, in the archive and on the site."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from functools import cache

from archive.index.index import Index
from archive.times.days import jalali


def months(index: Index, *, listed: bool) -> dict[str, dict[str, int] | None]:
    """Month (`1405-09`, or `none` without a date) → how many, for the articles in the `archive` and
    the posts on the `site`. `site` is None if `listed` is False: the site did not list all its
    posts."""
    return {
        "archive": _counted(index.dates()),
        "site": _counted(index.live_dates()) if listed else None,
    }


def _counted(moments: Iterable[str | None]) -> dict[str, int]:
    # Counted by half hours first, which is faster: a day in Tehran begins at a half hour of UTC.
    halves = Counter(
        moment and f"{moment[:14]}{'30' if moment[14:16] >= '30' else '00'}" for moment in moments
    )
    found: Counter[str] = Counter()
    for half, count in halves.items():
        found[_month(half) if half else "none"] += count
    return dict(sorted(found.items()))


@cache
def _month(half: str) -> str:
    day = jalali(datetime.fromisoformat(f"{half}:00+00:00"))
    return day[:7] if day else "none"
