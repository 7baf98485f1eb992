"""Dates in HTTP headers (RFC 9110, 5.6.7), read leniently."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

LONGEST = 100
"""Characters of the longest date that is read."""
YEARS = range(1600, 2400)
"""Any arithmetic with these years, in any time zone, stays inside what `datetime` can hold."""


def http_date(text: str) -> datetime | None:
    """The instant in UTC that a header such as `Date` tells; None if it tells none.

    >>> http_date("Sat, 21 Nov 2026 10:00:30 GMT").isoformat()
    '2026-11-21T10:00:30+00:00'
    """
    # What is longer is no date, and would cost time to look through.
    if len(text) > LONGEST:
        return None
    try:
        moment = parsedate_to_datetime(text)
        moment = moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError, TypeError, IndexError):
        # Also the first day of year 1 and the last one of 9999, in another zone than UTC.
        return None
    return moment if moment.year in YEARS else None
