"""removals.jsonl: what a site does not list any more, since when, and how it went.

    {"id": "khabar/post/17", "kind": "erased", "first_missed": "2026-11-22T00:30:09Z",
     "confirmed": null, …}

A line when a post is first missed, one when a second run confirms it, one when it comes back:
the newest line of an ID is what holds. Nothing is taken out.
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
    """A post that its site lists no more.

    `erased`: WordPress does not know the ID any more; `unpublished`: it knows it and does not
    show it (trashed, a draft, private); `redirected`: its address leads elsewhere. The instants
    are those of the site's clock. `last_seen` is the last complete run that listed it, None if
    no such run is known; `evidence` where the answer that said so is stored. `returned` is
    when it was listed again.
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
        """The JSON object of this removal, as it stands in its line."""
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
    """Where `capture` lies: `file`, `offset` and `length` of its member, `record_id`."""
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
        """Append a line for each of `removals`, durably; their evidence must be so already."""
        if removals:
            json_lines.append(self.path, [removal.to_object() for removal in removals])

    def entries(self) -> dict[str, Removal]:
        """What holds of each post that was ever missed, by its ID, the earliest first."""
        found: dict[str, Removal] = {}
        for removal in self._lines():
            found[removal.id] = removal
        return found

    def open(self) -> list[Removal]:
        """The posts that are missing: those of the entries that have not come back."""
        return [removal for removal in self.entries().values() if removal.returned is None]

    def salvage(self, quarantine: Path) -> None:
        """Cut a torn last line off, into `quarantine`."""
        json_lines.salvage(self.path, quarantine)

    def _lines(self) -> Iterator[Removal]:
        for number, told in json_lines.objects(self.path):
            try:
                yield Removal.from_object(told)
            except (ValueError, KeyError, TypeError):
                raise json_lines.broken(self.path, number, "tells of no removal") from None
