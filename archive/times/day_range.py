"""The days that a person asks for, as instants: from `since` to `until`, both included.

>>> asked = DayRange.of("1404-05", "1404-05")
>>> asked.holds("2025-07-30T08:00:00Z"), asked.holds(None)
(True, False)
"""

from __future__ import annotations

from datetime import date, datetime
from typing import NamedTuple

from archive.errors import UsageError
from archive.times.days import TEHRAN, begin_of, end_of, gregorian, read_days, utc

Day = str | date


class DayRange(NamedTuple):
    """The instants from `begin` up to but not including `end`, ISO 8601 in UTC; None is open."""

    begin: str | None
    end: str | None

    @classmethod
    def of(cls, since: Day | None = None, until: Day | None = None) -> DayRange:
        """The range of these days in Iran. A text names a day, a month or a year as `read_days`
        reads it. UsageError if it names none, or if `until` is before `since`."""
        first = None if since is None else _day(since, last=False)
        last = None if until is None else _day(until, last=True)
        if first and last and last < first:
            raise UsageError(
                f"nothing lies between --since {first} and --until {last}. Change one."
            )
        begin = utc(begin_of(first)) if first else None
        return cls(begin, utc(end_of(last)) if last else None)

    def holds(self, moment: str | None) -> bool:
        """Whether `moment` (ISO 8601 in UTC) is in the range. None is only in the range that is
        open at both ends."""
        if self == EVER:
            return True
        if moment is None:
            return False
        return (not self.begin or moment >= self.begin) and (not self.end or moment < self.end)


EVER = DayRange(None, None)
"""All days, and articles without a date, too."""


def _day(told: Day, *, last: bool) -> date:
    try:
        if isinstance(told, datetime):
            return told.astimezone(TEHRAN).date() if told.tzinfo else told.date()
        if isinstance(told, date):
            return gregorian(told)
        days = read_days(told)
    except ValueError:
        raise UsageError(
            f"'{told}' is no day; write 2026-11-22 or 1405-09-01. 1405-09 and 1405 are a whole"
            " month and a whole year."
        ) from None
    return days.last if last else days.first
