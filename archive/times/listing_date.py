"""Dates in what lists pages: in feeds (RFC 5322 or ISO 8601) and in sitemaps (ISO 8601).

What is none, and what is of a year that is none, is None.
"""

from __future__ import annotations

from datetime import UTC, datetime

from archive.times.http_date import LONGEST, YEARS, http_date

# A year before this one is none of the Gregorian calendar: plugins write Jalali years.
_FIRST_YEAR = 1700


def w3c_date(text: str) -> datetime | None:
    """The instant of a sitemap's `lastmod`, a day or an instant with its offset.

    >>> w3c_date("2026-11-21").isoformat(), w3c_date("1405-08-30")
    ('2026-11-21T00:00:00+00:00', None)
    """
    moment = _iso(text)
    return moment if moment and moment.year >= _FIRST_YEAR else None


def feed_date(text: str) -> datetime | None:
    """The instant in UTC that a feed tells.

    Its year has four digits: to the parser of the e-mail package -0001, which PHP makes of a date
    of zeros, is 2001.

    >>> feed_date("Wed, 30 Nov -0001 00:00:00 +0000") is None
    True
    """
    moment = http_date(text) or _iso(text)
    if moment is None:
        return None
    moment = moment.astimezone(UTC)
    # In UTC it may be another year than in the text.
    years = range(moment.year - 1, moment.year + 2)
    return moment if any(str(year) in text for year in years) else None


def _iso(text: str) -> datetime | None:
    if len(text) > LONGEST:
        return None
    try:
        moment = datetime.fromisoformat(text)
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC) if moment.year in YEARS else None
