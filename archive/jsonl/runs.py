"""runs.jsonl: one object a night, what was found and what became of it.

{"run": "4f1c09ab", "site": "khabar", "verdict": "complete", "new": 12, …}
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import asdict, dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any

from archive.errors import Damaged
from archive.files.append_file import AppendFile
from archive.files.torn_tails import cut_tail, last_whole_line
from archive.http.urls import without_userinfo
from archive.times import utc


@dataclass(slots=True)
class Counts:
    """A night in numbers. `found` is what the site lists, `requests` and `bytes` the wire's."""

    found: int = 0
    new: int = 0
    changed: int = 0
    silent: int = 0
    gone: int = 0
    refused: int = 0
    failed: int = 0
    requests: int = 0
    bytes: int = 0


@dataclass(slots=True, kw_only=True)
class Run:
    """One night over one site.

    `verdict`: `complete` (everything the site lists is kept or refused with a reason),
    `incomplete` (something is still due), `unprovable` (all that was found is settled, but
    the site tells no total), `failed` (nothing could be done). `notes` are worth knowing and
    no problems.
    """

    run: str
    site: str
    started: datetime
    ended: datetime | None = None
    verdict: str = "failed"
    counts: Counts = field(default_factory=Counts)
    coverage: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)

    def to_object(self) -> dict[str, Any]:
        """The JSON object of this night, the counts beside the rest."""
        return {
            "run": self.run,
            "site": self.site,
            "started": utc(self.started),
            "ended": utc(self.ended),
            "verdict": self.verdict,
            **asdict(self.counts),
            "coverage": self.coverage,
            "problems": self.problems,
            "notes": self.notes,
        }


def append_run(path: Path, run: Run) -> None:
    """Append the night's object to the runs.jsonl at `path`, durably."""
    with AppendFile(path) as file:
        line = json.dumps(run.to_object(), ensure_ascii=False)
        file.write(without_userinfo(line).encode() + b"\n")
        file.sync()


def salvage_runs(path: Path, quarantine: Path) -> None:
    """Cut a torn last line off the runs.jsonl at `path`."""
    if path.exists():
        cut_tail(path, last_whole_line(path), quarantine)


def read_runs(path: Path) -> Iterator[dict[str, Any]]:
    """The nights of one site, oldest first; nothing if there was none."""
    if not path.exists():
        return
    with path.open("rb") as file:
        for number, data in enumerate(file, 1):
            if not data.endswith(b"\n"):
                return
            try:
                yield json.loads(data)
            except ValueError:
                raise Damaged(
                    f"{path}: line {number} is no JSON object. Nothing was changed."
                ) from None
