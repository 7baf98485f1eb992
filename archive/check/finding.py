"""What a check finds: where, and what is wrong there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any, Self


@dataclass(frozen=True, slots=True)
class Finding:
    """Something that is not as it was written; if `damage` is False the next crawl repairs it.

    `file` is relative to the site's folder, `offset` in bytes, `record` an ID of a WARC record
    or of an article.
    """

    file: str
    offset: int | None
    what: str
    record: str | None = None
    damage: bool = True

    def __str__(self) -> str:
        at = "" if self.offset is None else f", byte {self.offset}"
        return f"{self.file}{at}{f', {self.record}' if self.record else ''}: {self.what}"

    def to_object(self) -> dict[str, Any]:
        """The finding as JSON has it."""
        return {
            "file": self.file,
            "offset": self.offset,
            "record": self.record,
            "what": self.what,
        }


@dataclass(slots=True)
class Checked:
    """What was checked of a site, and what was found."""

    site: str
    files: int = 0
    bytes: int = 0
    records: int = 0
    lines: int = 0
    findings: list[Finding] = field(default_factory=list)

    @property
    def damage(self) -> list[Finding]:
        """The findings that are damage."""
        return [finding for finding in self.findings if finding.damage]

    @property
    def notes(self) -> list[Finding]:
        """The findings that are no damage: the next crawl repairs them."""
        return [finding for finding in self.findings if not finding.damage]

    def to_object(self) -> dict[str, Any]:
        """The JSON object of this site."""
        return {
            "site": self.site,
            "files": self.files,
            "bytes": self.bytes,
            "records": self.records,
            "lines": self.lines,
            "damage": [finding.to_object() for finding in self.damage],
            "notes": [finding.to_object() for finding in self.notes],
        }

    @classmethod
    def from_object(cls, told: Mapping[str, Any]) -> Self:
        """What was checked, of which `to_object` made the JSON object `told`."""
        counts = {name: told[name] for name in ("site", "files", "bytes", "records", "lines")}
        damage = [Finding(**one) for one in told["damage"]]
        notes = [Finding(**one, damage=False) for one in told["notes"]]
        return cls(**counts, findings=[*damage, *notes])
