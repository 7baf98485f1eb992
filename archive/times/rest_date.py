"""A date as a field of WordPress's REST API tells it: ISO 8601, or what a plugin made of it.

2026-11-22T08:30:00            core's own spelling, without an offset
0000-00-00T00:00:00            a draft's: no date
1405-09-01T08:30:00            a calendar plugin's: Jalali in a Gregorian place
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from persiantools.jdatetime import JalaliDate

from archive.text.fold import fold
from archive.times.http_date import YEARS

_STAMP = re.compile(
    r"([0-9]{4})-([0-9]{1,2})-([0-9]{1,2})"
    r"(?:[Tt ]([0-9]{1,2}):([0-9]{2})(?::([0-9]{2})(?:[.,][0-9]{1,9})?)?)?"
    r"(?:([Zz])|([+-])([0-9]{2}):?([0-9]{2}))?"
)
# No article on the web is of the fourteenth or fifteenth century; in Iran it is that one now.
_JALALI_YEARS = range(1300, 1500)


def read_stamp(text: object) -> datetime | None:
    """The moment that `text` tells, in whole seconds and with an offset only if it has one; None
    if it is no date, or no year that an article can be of.

    >>> read_stamp("1405-09-01T08:30:00")
    datetime.datetime(2026, 11, 22, 8, 30)
    """
    # What is longer is no date, and would cost time to look through.
    short = isinstance(text, str) and len(text) <= 40 and text
    told = _STAMP.fullmatch(fold(short).upper()) if short else None
    if told is None:
        return None
    year, month, day = (int(part) for part in told.groups()[:3])
    hour, minute, second = (int(part or 0) for part in told.groups()[3:6])
    try:
        if year in _JALALI_YEARS:
            # persiantools carries no annotations.
            date = JalaliDate(year, month, day).to_gregorian()  # type: ignore[no-untyped-call]
            year, month, day = date.year, date.month, date.day
        moment = datetime(year, month, day, hour, minute, second, tzinfo=_offset(told))
    except (ValueError, OverflowError):
        return None
    return moment if moment.year in YEARS else None


def _offset(told: re.Match[str]) -> tzinfo | None:
    if told[7]:
        return UTC
    if told[8] is None:
        return None
    span = timedelta(hours=int(told[9]), minutes=int(told[10]))
    return timezone(-span if told[8] == "-" else span)
