"""The instant that a WARC-Date names, as our own files write it and as other programs do.

>>> moment("20190301100000") == moment("2019-03-01 10:00") == moment("2019-03-01T13:30+03:30")
True
>>> moment("yesterday") is None
True
"""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from email.utils import parsedate_to_datetime

# ISO 8601, also cut short (W3CDTF, as in WARC 1.1, 5.4), the 14 digits of ARC files, and mixtures
# of both.
_DATE = re.compile(
    r"""(\d{4}) (?: [-/]? (\d\d) (?: [-/]? (\d\d)
        (?: [T\ ,_]* (\d\d) (?: :? (\d\d) (?: :? (\d\d) (?: [.,]? (\d+) )? )? )? )?
    )? )? \s* (Z | UTC | GMT | [+-]\d\d (?: :? \d\d )? )?""",
    re.ASCII | re.IGNORECASE | re.VERBOSE,
)
_LONGEST = 64


def moment(text: str | None) -> datetime | None:
    """The instant in UTC, or None if `text` names none.

    Without a zone it is UTC, as the standard says. A date that is cut short is its first instant
    (`2019` is the first second of 2019). HTTP dates are read too. Six decimals of a second are
    kept.
    """
    text = (text or "").strip()
    if len(text) > _LONGEST:
        return None
    found = _DATE.fullmatch(text)
    try:
        instant = _iso(found) if found else parsedate_to_datetime(text)
        return (instant if instant.tzinfo else instant.replace(tzinfo=UTC)).astimezone(UTC)
    except (ValueError, TypeError, IndexError, OverflowError):
        return None


def _iso(found: re.Match[str]) -> datetime:
    year, month, day, hour, minute, second, decimals, zone = found.groups()
    # `datetime` has no leap second: it becomes the second before it.
    plain = datetime(
        int(year),
        int(month or 1),
        int(day or 1),
        int(hour or 0),
        int(minute or 0),
        59 if second == "60" else int(second or 0),
        int((decimals or "")[:6].ljust(6, "0")),
        UTC,
    )
    return plain - _offset(zone or "Z")


def _offset(zone: str) -> timedelta:
    digits = zone[1:].replace(":", "")
    if not digits.isdecimal():
        return timedelta()
    ahead = timedelta(hours=int(digits[:2]), minutes=int(digits[2:] or 0))
    return -ahead if zone[0] == "-" else ahead
