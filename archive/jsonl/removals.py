"""removals.jsonl: the posts that a site does not list any more, since when, and in which way.

    {"id": "khabar/post/17", "kind": "erased", "first_missed": "2026-11-22T00:30:09Z",
     "confirmed": null, …}

A line is appended when a post is first missed, when a second run confirms that, and when it comes
back. The newest line of an ID counts. No line is ever removed.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal

from archive.jsonl import json_lines
from archive.model import Capture
from archive.times.days import utc

Kind = Literal["erased", "unpublished", "redirected"]
APART = timedelta(hours=24)
"""The least time between the run that missed a post and the run that confirms it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Removal:
    """A post that its site does not list any more.

    Its kind: `erased`: WordPress does not know the ID any more; `unpublished`: WordPress knows it
    but does not show it (trashed, a draft, private); `redirected`: its address leads to another
    page. All instants are by the site's clock. `last_seen` is the last complete run that listed
    it, None if no such run is known; `evidence` is where the answer that said so is stored;
    `returned` is when it was listed again.
    """

    id: str
    post_type: str
    post_id: int
    url: str
    kind: Kind
    first_missed: datetime
    confirmed: datetime | None = None
    last_seen: datetime | None = None
    returned: datetime | None = None
    evidence: Mapping[str, Any]

    def to_object(self) -> dict[str, Any]:
        """The JSON object of this removal's line."""
        told = asdict(self)
        return {
            key: utc(value) if isinstance(value, datetime) else value for key, value in told.items()
        }

    @classmethod
    def from_object(cls, told: Mapping[str, Any]) -> Removal:
        """The removal that a line tells of; KeyError or ValueError if it tells of none."""
        fields = {name: told[name] for name in cls.__dataclass_fields__}
        for name in ("first_missed", "confirmed", "last_seen", "returned"):
            fields[name] = datetime.fromisoformat(fields[name]) if fields[name] else None
        return cls(**fields)


def evidence_of(capture: Capture) -> dict[str, Any]:
    """Where `capture` is stored: `file`, `offset` and `length` of its member, `record_id`."""
    return {
        "file": capture.file,
        "offset": capture.offset,
        "length": capture.length,
        "record_id": capture.record_id,
    }


class Removals:
    """The ledger of one site, at `path`."""

    def __init__(self, path: Path) -> None:
        self.path = path

    def append(self, removals: Sequence[Removal]) -> None:
        """Append a line for each of `removals`, durably. Their evidence must be durable before."""
        if removals:
            json_lines.append(self.path, [removal.to_object() for removal in removals])

    def entries(self) -> dict[str, Removal]:
        """The newest line of each post that was ever missed, by its ID; the one missed first is
        first."""
        found: dict[str, Removal] = {}
        for removal in self._lines():
            found[removal.id] = removal
        return found

    def open(self) -> list[Removal]:
        """The posts that are missing now: they have not come back."""
        return [removal for removal in self.entries().values() if removal.returned is None]

    def cut_torn_end(self, quarantine: Path) -> None:
        """Cut a torn last line off, into `quarantine`."""
        json_lines.cut_torn_end(self.path, quarantine)

    def _lines(self) -> Iterator[Removal]:
        for number, told in json_lines.objects(self.path):
            try:
                yield Removal.from_object(told)
            except (ValueError, KeyError, TypeError):
                raise json_lines.broken(self.path, number, "tells of no removal") from None
