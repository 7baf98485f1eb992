"""When the articles were published: by day, by Jalali month, and the days without any.

A site may give an article any date. So the charts end with the day of the last capture, and what is
dated later is only counted.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from itertools import pairwise

from archive.times.days import jalali_day
from scraper.report.shortened import Shortened

_MOST_DAYS, _FEWEST_DAYS = 366, 30
_MOST_MONTHS, _FEWEST_MONTHS = 120, 12
_MOST_GAPS = 30
_GAP = 2
"""So many days without an article are listed: one day is often a holiday."""
_DAY = timedelta(days=1)
_FIRST_JALALI = date(622, 3, 22)
"""Days before it have no Jalali date. Only a mistake of a site dates an article so."""


@dataclass(frozen=True, slots=True)
class Bar:
    """A day (`2025-11-20`) or a Jalali month (`1404-08`) and its number of articles. `is_gap` if it
    has none and lies behind the first that has one."""

    name: str
    articles: int
    is_gap: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars without a hole between them, and how many articles lie `before` the first bar."""

    bars: tuple[Bar, ...]
    before: int

    @property
    def most(self) -> int:
        """The articles of the longest bar."""
        return max((bar.articles for bar in self.bars), default=0)

    @property
    def empty(self) -> int:
        """How many bars are gaps."""
        return sum(bar.is_gap for bar in self.bars)


@dataclass(frozen=True, slots=True)
class DayGap:
    """Days in a row without an article, the `last` included."""

    first: date
    last: date

    @property
    def days(self) -> int:
        """How many days it has."""
        return (self.last - self.first).days + 1


@dataclass(frozen=True, slots=True, kw_only=True)
class PublishedDays:
    """The charts, the longest gaps, and how many articles have no date or one after the day of the
    last capture (`late`)."""

    by_day: BarChart
    by_month: BarChart
    gaps: Shortened[DayGap]
    undated: int
    late: int

    @classmethod
    def of(cls, articles: Mapping[date, int], undated: int, captured: date) -> PublishedDays:
        """From the number of `articles` on each day in Iran, and the day of the last capture."""
        past = {day: count for day, count in articles.items() if day <= captured and count}
        days = sorted(past)
        gaps = [
            DayGap(before + _DAY, after - _DAY)
            for before, after in pairwise(days)
            if (after - before).days > _GAP
        ]
        gaps.sort(key=lambda gap: (-gap.days, gap.first))
        return cls(
            by_day=_day_chart(past),
            by_month=_month_chart(past),
            gaps=Shortened.first(gaps, _MOST_GAPS),
            undated=undated,
            late=sum(count for day, count in articles.items() if day > captured),
        )


def _day_chart(articles: Mapping[date, int]) -> BarChart:
    if not articles:
        return BarChart((), 0)
    first, last = min(articles), max(articles)
    # `last` may be the first day that there is.
    length = min(max((last - first).days + 1, _FEWEST_DAYS), _MOST_DAYS, last.toordinal())
    shown = [last - n * _DAY for n in reversed(range(length))]
    bars = [
        Bar(day.isoformat(), articles.get(day, 0), day > first and day not in articles)
        for day in shown
    ]
    return _chart(bars, sum(articles.values()))


def _month_chart(articles: Mapping[date, int]) -> BarChart:
    last = max(articles, default=date.min)
    if last < _FIRST_JALALI:
        return BarChart((), sum(articles.values()))
    counts: Counter[str] = Counter()
    # A day so long ago that no bar can be its own may have no Jalali date.
    begin = max(_FIRST_JALALI, last - _MOST_MONTHS * timedelta(days=31))
    for day, count in articles.items():
        if day >= begin:
            counts[jalali_day(day)[:7]] += count
    shown = [month for month, _ in zip(_months_back(last), range(_MOST_MONTHS), strict=False)]
    first = min(counts) if begin <= min(articles) else shown[-1]
    shown = [month for n, month in enumerate(shown) if month >= first or n < _FEWEST_MONTHS]
    bars = [Bar(name, counts[name], name > first and not counts[name]) for name in reversed(shown)]
    return _chart(bars, sum(articles.values()))


def _chart(bars: list[Bar], articles: int) -> BarChart:
    return BarChart(tuple(bars), articles - sum(bar.articles for bar in bars))


def _months_back(day: date) -> Iterator[str]:
    """The Jalali month of `day`, the one before it, and so on."""
    year, month, _ = map(int, jalali_day(day).split("-"))
    while year > 0:
        yield f"{year:04}-{month:02}"
        year, month = (year, month - 1) if month > 1 else (year - 1, 12)
