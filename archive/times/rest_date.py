"""A date in a field of WordPress's REST API: ISO 8601, or what a plugin made of it.

2026-11-22T08:30:00            as WordPress writes it, without an offset
0000-00-00T00:00:00            a draft has no date
1405-09-01T08:30:00            a Jalali date, written by a calendar plugin
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
# These years are Jalali ones: no article on the web is from the Gregorian 14th or 15th century.
_JALALI_YEARS = range(1300, 1500)


def read_stamp(text: object) -> datetime | None:
    """The moment that `text` tells, in whole seconds, with an offset only if `text` has one. None
    if it is no date, or an article cannot be from that year.

    >>> read_stamp("1405-09-01T08:30:00")
    datetime.datetime(2026, 11, 22, 8, 30)
    """
    # A longer text is no date, and it would cost time to search it.
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


def read_gmt(text: object) -> datetime | None:
    """The same for a field whose clock is UTC's where it tells no offset (`modified_gmt`)."""
    moment = read_stamp(text)
    return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)


def _offset(told: re.Match[str]) -> tzinfo | None:
    if told[7]:
        return UTC
    if told[8] is None:
        return None
    span = timedelta(hours=int(told[9]), minutes=int(told[10]))
    return timezone(-span if told[8] == "-" else span)
