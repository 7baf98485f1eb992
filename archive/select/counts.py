"""How many articles of a selection there are by day, site, category and so on.

>>> counts = ArticleCounts(CountBy.MONTH, jalali=True)
>>> counts.add_selected(Archive("persian-news"), Selection(since="1404"))
>>> counts.rows()[0]
CountRow(name='1404-01', articles=214)
"""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from datetime import date, timedelta
from enum import StrEnum
from functools import lru_cache
from typing import TYPE_CHECKING, NamedTuple

from archive.select.selection import Selection
from archive.text.fold import squash
from archive.times.days import day_in_iran, jalali_day

if TYPE_CHECKING:
    from archive.folder import Archive
    from archive.jsonl.article_line import ArticleLine

_MOST_EMPTY = 366
"""A longer row of days, months or years without an article is left out."""


class CountBy(StrEnum):
    """What articles are counted by."""

    DAY = "day"
    MONTH = "month"
    YEAR = "year"
    SITE = "site"
    SOURCE = "source"
    CATEGORY = "category"
    AUTHOR = "author"


# How much of `2026-11-22` names the period.
_LENGTHS = {CountBy.DAY: 10, CountBy.MONTH: 7, CountBy.YEAR: 4}


class CountRow(NamedTuple):
    """A group and how many articles are in it; the `name` is None for articles without one."""

    name: str | None
    articles: int


class ArticleCounts:
    """ArticleCounts articles `by` something. Days are days in Iran, `jalali` ones or Gregorian.

    An article with several categories or authors counts for each. Names that differ only in their
    spelling are one; it is told as it is spelt most often.
    """

    def __init__(self, by: CountBy, *, jalali: bool = False) -> None:
        self._by = by
        self._jalali = jalali
        self._days: Counter[date | None] = Counter()
        self._names: Counter[str | None] = Counter()
        self._spelt: defaultdict[str, Counter[str]] = defaultdict(Counter)

    def add_selected(self, archive: Archive, selection: Selection) -> None:
        """Count the articles of a selection. Lines are only read if the indexes do not tell
        enough. UsageError and UnknownSite as `Selection.lines` raises them."""
        if self._by == CountBy.SITE:
            self._names.update(site for site, _ in selection.dates(archive))
        elif self._by in _LENGTHS:
            self._days.update(_day(published) for _, published in selection.dates(archive))
        else:
            for found in selection.lines(archive):
                self.add_line(found.line)

    def add_line(self, line: ArticleLine) -> None:
        """Count one article, whose line was read already."""
        if self._by == CountBy.SITE:
            self._names[line["site"]] += 1
        elif self._by in _LENGTHS:
            self._days[_day(line["published"])] += 1
        else:
            self._add_names(_names(line, self._by))

    def rows(self) -> list[CountRow]:
        """Periods in their order, with those between two others that have no article; other groups
        by their size, the greatest first. Last comes what has no date or no name."""
        nameless = self._days[None] + self._names[None]
        if self._by in _LENGTHS:
            periods = self._periods()
            nameless += periods.pop(None, 0)
            rows = [CountRow(*row) for row in periods.items()]
        else:
            ordered = sorted(
                ((key, count) for key, count in self._names.items() if key is not None),
                key=lambda group: (-group[1], group[0]),
            )
            rows = [CountRow(self._told(key), count) for key, count in ordered]
        return [*rows, CountRow(None, nameless)] if nameless else rows

    def _add_names(self, names: list[str]) -> None:
        for key, name in {squash(name) or name: name for name in names}.items():
            self._names[key] += 1
            self._spelt[key][name] += 1
        if not names:
            self._names[None] += 1

    def _told(self, key: str) -> str:
        return self._spelt[key].most_common(1)[0][0] if key in self._spelt else key

    def _periods(self) -> dict[str | None, int]:
        """The periods in their order; None for days that have no Jalali date."""
        found: dict[str | None, int] = {}
        last: date | None = None
        for day in sorted(day for day in self._days if day):
            found |= dict.fromkeys(self._between(last, day), 0) if last else {}
            period = self._period(day)
            found[period] = found.get(period, 0) + self._days[day]
            last = day
        return found

    def _between(self, first: date, last: date) -> Iterator[str]:
        """The periods between those of these days; none if there are too many."""
        empty: dict[str | None, None] = {}
        for number in range(1, (last - first).days):
            empty[self._period(first + timedelta(days=number))] = None
            # A site may date an article in the year 1 or 9999: the days between are millions.
            if len(empty) > _MOST_EMPTY:
                return
        ends = (None, self._period(first), self._period(last))
        yield from (one for one in empty if one is not None and one not in ends)

    def _period(self, day: date) -> str | None:
        """Its name; None for a day that has no Jalali date."""
        try:
            told = jalali_day(day) if self._jalali else day.isoformat()
        except ValueError:
            return None
        return told[: _LENGTHS[self._by]]


@lru_cache(maxsize=1 << 16)
def _day(published: str | None) -> date | None:
    """The day in Iran of an instant."""
    return day_in_iran(published) if published else None


def _names(line: ArticleLine, by: CountBy) -> list[str]:
    if by == CountBy.SOURCE:
        return [line["source"]] if line["source"] else []
    return line["categories"] if by == CountBy.CATEGORY else line["authors"]
