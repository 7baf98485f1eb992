"""Where a WARC record is, as an object and as one line of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

# Only a file with captures in the site's own folder (archive.layout).
_PLACE = re.compile(r"(warc/[0-9]{4}/[^/]+) ([0-9]{1,18}) ([0-9]{1,18})")


@dataclass(frozen=True, slots=True)
class RecordPlace:
    """Where a record is: its file relative to the site's folder, offset and length in bytes."""

    file: str
    offset: int
    length: int

    def __str__(self) -> str:
        """As it is written in a metadata record or a row of the index.

        >>> str(RecordPlace("warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz", 412, 96))
        'warc/2026/khabar-20261122T003004123Z-4f1c09ab-00000.warc.gz 412 96'
        """
        return f"{self.file} {self.offset} {self.length}"

    @classmethod
    def read(cls, text: str | None) -> RecordPlace | None:
        """The place in a text that `str` wrote; None for any other text, a file elsewhere say."""
        found = _PLACE.fullmatch(text or "")
        return cls(found[1], int(found[2]), int(found[3])) if found else None
