"""runs.jsonl: one object for each run: what was found, and what became of it.

{"run": "4f1c09ab", "site": "khabar", "verdict": "complete", "new": 12, …}
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import asdict, dataclass, field, fields
from datetime import datetime
from pathlib import Path
from typing import Any, Self

from archive.http.urls import without_userinfo
from archive.jsonl import json_lines
from archive.outcomes import Verdict
from archive.times.days import utc


@dataclass(slots=True)
class Counts:
    """A run in numbers. `found` is how many articles the site lists, `requests` how many requests
    were sent, `bytes` how many bytes were received."""

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
    """One run over one site.

    For the `verdict` see `Verdict`. `notes` are worth knowing but no problems. `known_before` are
    those of the `problems` that an earlier run had already.
    """

    run: str
    site: str
    started: datetime
    ended: datetime | None = None
    verdict: Verdict = Verdict.FAILED
    counts: Counts = field(default_factory=Counts)
    coverage: dict[str, Any] = field(default_factory=dict)
    problems: list[str] = field(default_factory=list)
    notes: list[str] = field(default_factory=list)
    known_before: list[str] = field(default_factory=list)

    @property
    def news(self) -> list[str]:
        """The problems that no earlier run had."""
        return [problem for problem in self.problems if problem not in self.known_before]

    def to_object(self) -> dict[str, Any]:
        """The JSON object of this run; the counts are keys of this object, too."""
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

    @classmethod
    def from_object(cls, told: Mapping[str, Any], known_before: list[str]) -> Self:
        """The run of which `to_object` made the JSON object `told`."""
        return cls(
            run=told["run"],
            site=told["site"],
            started=datetime.fromisoformat(told["started"]),
            ended=datetime.fromisoformat(told["ended"]) if told["ended"] else None,
            verdict=Verdict(told["verdict"]),
            counts=Counts(**{one.name: told[one.name] for one in fields(Counts)}),
            coverage=told["coverage"],
            problems=told["problems"],
            notes=told["notes"],
            known_before=known_before,
        )


def append_run(path: Path, run: Run) -> None:
    """Append the run's object to the runs.jsonl at `path`, durably."""
    json_lines.append(path, [_public(run.to_object())])


def read_runs(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of the runs.jsonl at `path`, oldest first; none if there is no file."""
    return (told for _, told in json_lines.objects(path))


def latest_runs(path: Path) -> Iterator[dict[str, Any]]:
    """The objects of the runs.jsonl at `path`, the newest first. Take only as many as you need: no
    more is read."""
    return json_lines.objects_from_end(path)


def _public(told: Any) -> Any:
    """`told` without user names and passwords in the addresses in it."""
    if isinstance(told, str):
        return without_userinfo(told)
    if isinstance(told, list):
        return [_public(one) for one in told]
    if isinstance(told, dict):
        return {key: _public(value) for key, value in told.items()}
    return told
