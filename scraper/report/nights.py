"""Each night's crawl: how it went site by site, and what all sites together listed and lack.

A night is a day in Iran on which a run began. If a site had several runs, the last one counts for
its result, and the sums have all of them.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from archive.folder import SiteFolder
from archive.times.days import day_in_iran
from scraper.report.shortened import Shortened
from scraper.verdict.staleness import standing_problems

_MOST_NIGHTS, _FEWEST_NIGHTS = 60, 14
_MOST_SITES = 40
_MOST_PROBLEMS = 60
_SUMS = ("new", "changed", "silent", "gone", "refused", "failed")
_BALANCE = ("total", "kept", "due", "unaccounted")


@dataclass(slots=True)
class Night:
    """A day with its runs: their sums, their last results by site, and the last balance of each
    site: what it counts (`total`), and how much of that is `kept`."""

    day: date
    runs: int = 0
    sums: Counter[str] = field(default_factory=Counter)
    verdicts: dict[str, str] = field(default_factory=dict)
    balances: dict[str, Counter[str]] = field(default_factory=dict)

    @property
    def balance(self) -> Counter[str]:
        """The balances of all sites together."""
        return sum(self.balances.values(), Counter())

    @property
    def results(self) -> Counter[str]:
        """How many sites had which result."""
        return Counter(self.verdicts.values())


@dataclass(frozen=True, slots=True)
class NightStrip:
    """The results of one site, a night each; None for a night without a run."""

    site: str
    results: tuple[str | None, ...]


@dataclass(frozen=True, slots=True)
class StandingProblem:
    """A sentence about a site that was true when it was last crawled."""

    site: str
    told: str


@dataclass(frozen=True, slots=True)
class Nights:
    """The last nights. `days` are those of the strips, without a hole; `table` has the nights with
    a run, the latest first."""

    days: tuple[date, ...]
    strips: Shortened[NightStrip]
    table: Shortened[Night]
    problems: Shortened[StandingProblem]
    never: tuple[str, ...]
    """The sites that were never crawled."""

    @classmethod
    def of(cls, folders: Iterable[SiteFolder]) -> Nights:
        """From the ledgers of these sites."""
        nights: dict[date, Night] = {}
        problems: list[StandingProblem] = []
        crawled: list[str] = []
        never: list[str] = []
        for folder in folders:
            name = folder.site.name
            runs = sorted(folder.runs(), key=lambda run: str(run["started"]))
            (crawled if runs else never).append(name)
            for run in runs:
                day = day_in_iran(run["started"])
                _add(nights.setdefault(day, Night(day)), name, run)
            problems += [StandingProblem(name, told) for told in standing_problems(runs)]
        days = tuple(_days(nights))
        strips = (NightStrip(site, _results(nights, days, site)) for site in crawled)
        return cls(
            days,
            Shortened.first(strips, _MOST_SITES),
            Shortened.latest((nights[day] for day in sorted(nights)), _MOST_NIGHTS),
            Shortened.first(problems, _MOST_PROBLEMS),
            tuple(never),
        )


def _add(night: Night, site: str, run: dict[str, Any]) -> None:
    night.runs += 1
    night.verdicts[site] = str(run["verdict"])
    night.sums.update({name: run.get(name) or 0 for name in _SUMS})
    balances = (run.get("coverage") or {}).get("balance") or {}
    # Without a total nothing can be said to be missing.
    known = [parts for parts in balances.values() if parts.get("total") is not None]
    night.balances[site] = Counter(
        {name: sum(parts.get(name) or 0 for parts in known) for name in _BALANCE}
    )


def _days(nights: Iterable[date]) -> Iterator[date]:
    found = sorted(nights)
    if found:
        length = min(max((found[-1] - found[0]).days + 1, _FEWEST_NIGHTS), _MOST_NIGHTS)
        yield from (found[-1] - timedelta(days=n) for n in reversed(range(length)))


def _results(
    nights: dict[date, Night], days: tuple[date, ...], site: str
) -> tuple[str | None, ...]:
    return tuple(nights[day].verdicts.get(site) if day in nights else None for day in days)
