"""PWID: a name for one capture in one web archive.

    urn:pwid:example.org:2026-11-22T00:30:09Z:part:https://khabar.example/1405/rain/

The namespace is registered (https://www.iana.org/assignments/urn-formal/pwid): the archive, the
instant in UTC, what is meant (`part`: this one file), and its address.
"""

from __future__ import annotations

import re
from datetime import datetime

from archive.http.urls import host_of
from archive.times.days import utc

# The domain in `archive@example.org`, `Sara Karimi <sara@example.org>`, `https://example.org/us`.
_DOMAIN = re.compile(r"(?:@|://)([^\s/@<>()]+)")
# RFC 3986's unreserved characters: this part of the name has no others.
_ARCHIVE = re.compile(r"[a-z0-9._~-]+\.[a-z0-9._~-]+")
# RFC 8141 has no place for these in a URN: `?` and `#` would begin other parts of it.
_ESCAPED = str.maketrans({mark: f"%{ord(mark):02X}" for mark in "?#[]"})


def archive_id(contact: str | None) -> str | None:
    """What an archive is called in a PWID: the domain in its `contact`, an address of mail or of a
    page; None if there is none.

    >>> archive_id("archive@example.org"), archive_id("https://www.example.org/news")
    ('example.org', 'example.org')
    """
    domains = _DOMAIN.findall(contact or "")
    named = host_of(f"https://{domains[-1]}") if domains else ""
    return named if _ARCHIVE.fullmatch(named) else None


def pwid(archive: str, captured: datetime, address: str) -> str:
    """The name of the capture of `address` (ASCII) that began at the instant `captured`."""
    return f"urn:pwid:{archive}:{utc(captured)}:part:{address.translate(_ESCAPED)}"
