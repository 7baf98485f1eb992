"""Dates in HTTP headers (RFC 9110, 5.6.7), read leniently."""

from __future__ import annotations

from datetime import UTC, datetime
from email.utils import parsedate_to_datetime


def http_date(text: str) -> datetime | None:
    """The instant in UTC that a header such as `Date` tells; None if it tells none.

    >>> http_date("Sat, 21 Nov 2026 10:00:30 GMT").isoformat()
    '2026-11-21T10:00:30+00:00'
    """
    try:
        moment = parsedate_to_datetime(text)
        return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
    except (ValueError, OverflowError):
        # This is also raised if the year in UTC would be 0 or 10000.
        return None
