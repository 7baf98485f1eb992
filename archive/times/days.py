"""Instants, days and time zones. No other file knows when a day begins.

Instants are stored in UTC. A day is a day in Iran, since that is what readers mean. It begins at
midnight in Tehran: at 20:30 UTC, and at 19:30 UTC in the summers until 1401, when Iran still had
a summer time (the IANA time zone database, Asia/Tehran).

    >>> read_days("1404-05")
    Days(first=datetime.date(2025, 7, 23), last=datetime.date(2025, 8, 22))
    >>> utc(begin_of(date(2025, 3, 21)))
    '2025-03-20T20:30:00Z'
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta
from typing import NamedTuple, overload
from zoneinfo import ZoneInfo

from persiantools.jdatetime import JalaliDate

from archive.text.fold import fold

TEHRAN = ZoneInfo("Asia/Tehran")
FIRST_GREGORIAN_YEAR = 1700
"""A smaller year is one of the Jalali calendar: no archive has pages from before this year."""
_DAYS = re.compile(r"(\d{4})(?:[-/](\d{1,2})(?:[-/](\d{1,2}))?)?")
_DAY = timedelta(days=1)


class Days(NamedTuple):
    """A stretch of days, `last` included: one day, a month or a year."""

    first: date
    last: date


def read_days(text: str) -> Days:
    """The days that a date names, in either calendar and with Persian digits or others:
    `2026-11-22`, `1405/09/01`, a whole month (`1404-05`) or a whole year (`1404`).

    ValueError if it names none.
    """
    found = _DAYS.fullmatch(fold(text))
    if not found:
        raise ValueError(f"no date: {text!r}")
    year, month, day = (int(part) if part else None for part in found.groups())
    assert year is not None
    if not 1 < year < 9999:
        # The day after the last one must be a date, too.
        raise ValueError(f"no year: {text!r}")
    if day is not None and month is not None:
        only = _date(year, month, day)
        return Days(only, only)
    if month is not None:
        after = _date(year, month + 1, 1) if month < 12 else _date(year + 1, 1, 1)
        return Days(_date(year, month, 1), after - _DAY)
    return Days(_date(year, 1, 1), _date(year + 1, 1, 1) - _DAY)


def gregorian(day: date) -> date:
    """`day` in the Gregorian calendar. If its year can only be a Jalali one, it is converted.

    TOML and ISO 8601 know only the Gregorian calendar, but people write 1404-01-31. ValueError
    if there is no such day.
    """
    return _date(day.year, day.month, day.day)


def _date(year: int, month: int, day: int) -> date:
    if year >= FIRST_GREGORIAN_YEAR:
        return date(year, month, day)
    # persiantools carries no annotations.
    return JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]


def begin_of(day: date) -> datetime:
    """The instant at which `day` begins in Iran, in UTC."""
    return datetime.combine(day, time(), TEHRAN).astimezone(UTC)


def end_of(day: date) -> datetime:
    """The instant at which the next day begins in Iran, in UTC."""
    return begin_of(day + _DAY)


def in_iran(moment: datetime) -> datetime:
    """`moment` as clocks in Iran show it. A site may date an article in the last hours of the year
    9999, when they show a year that no date can name: then it is as clocks in UTC show it."""
    try:
        return moment.astimezone(TEHRAN)
    except OverflowError:
        return moment.astimezone(UTC)


def day_in_iran(instant: str) -> date:
    """The day in Iran of an instant (ISO 8601 with its offset).

    >>> day_in_iran("2025-03-20T20:30:00Z")
    datetime.date(2025, 3, 21)
    """
    return in_iran(datetime.fromisoformat(instant)).date()


def earliest(day: date) -> date:
    """The earliest date that a clock anywhere on earth may show when `day` begins in Iran."""
    return day - _DAY


@overload
def utc(moment: datetime) -> str: ...


@overload
def utc(moment: datetime | None) -> str | None: ...


def utc(moment: datetime | None) -> str | None:
    """ISO 8601 in UTC with seconds and `Z`. None for None, and for an instant whose year in UTC
    is not between 1 and 9999.

    Such strings sort in the order of their instants.
    """
    try:
        text = moment.astimezone(UTC).isoformat(timespec="seconds") if moment else None
    except OverflowError:
        return None
    return text and text.replace("+00:00", "Z")


def jalali(moment: datetime | None) -> str | None:
    """The day of `moment` in Tehran in the Jalali calendar, such as `1402-10-20`."""
    if not moment:
        return None
    try:
        return jalali_day(moment.astimezone(TEHRAN).date())
    except (ValueError, OverflowError):
        return None


def jalali_day(day: date) -> str:
    """`day` in the Jalali calendar, such as `1402-10-20`; ValueError before its first year (622),
    and for the last days that a date can name."""
    found = JalaliDate(day)  # type: ignore[no-untyped-call]
    return f"{found.year:04}-{found.month:02}-{found.day:02}"
