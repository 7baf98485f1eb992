"""Which response a `revisit` of another program refers to.

>>> originals = Originals()
>>> originals.note("key", "urn:uuid:1", "http://khabar.example/", day, "sha1:AAAA")
>>> originals.find(Reference(record_id="urn:uuid:1"))
'key'
"""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What a revisit tells of its original: record ID, address and date, digest of the payload.
    Each may be missing. `before` is the date of the revisit itself."""

    record_id: str = ""
    uri: str = ""
    date: datetime | None = None
    digest: str = ""
    before: datetime | None = None


class Originals:
    """The responses that were seen so far, each under a key that the caller chooses.

    Of responses that are no pages only hashes are kept: a crawl has many images.
    """

    def __init__(self) -> None:
        self._ids: dict[str, str] = {}
        self._digests: dict[str, str] = {}
        self._dates: dict[str, list[tuple[datetime, str]]] = {}
        self._no_pages: set[int] = set()

    def note(self, key: str, record_id: str, uri: str, date: datetime, digest: str) -> None:
        """Remember a page's response, or a revisit that was resolved."""
        if record_id:
            self._ids.setdefault(record_id, key)
        if digest:
            self._digests.setdefault(digest, key)
        dates = self._dates.setdefault(uri, [])
        dates.insert(bisect_right(dates, (date, key)), (date, key))

    def note_no_page(self, record_id: str, uri: str, date: datetime, digest: str) -> None:
        """Remember a response that is no page: then a revisit of it is no page either."""
        self._no_pages |= _numbers(record_id, uri, date, digest)

    def find(self, sought: Reference) -> str | None:
        """The key of the original, found by its ID, its address and date, or its digest; else
        None."""
        dates = dict(self._dates.get(sought.uri, ())) if sought.date else {}
        return (
            self._ids.get(sought.record_id)
            or (dates.get(sought.date) if sought.date else None)
            or self._digests.get(sought.digest)
        )

    def find_before(self, sought: Reference) -> str | None:
        """The key of the last response of the address before the revisit: a 304 ("not modified")
        without more means that one."""
        if sought.before is None:
            return None
        earlier = [key for date, key in self._dates.get(sought.uri, ()) if date < sought.before]
        return earlier[-1] if earlier else None

    def is_no_page(self, sought: Reference) -> bool:
        """Whether the original was seen and is no page."""
        named = _numbers(sought.record_id, sought.uri, sought.date, sought.digest)
        return not named.isdisjoint(self._no_pages)


def _numbers(record_id: str, uri: str, date: datetime | None, digest: str) -> set[int]:
    named = (record_id, (uri, date) if date else "", digest)
    return {hash(name) for name in named if name}
