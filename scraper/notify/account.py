"""The account of a crawl: what `on_end` gets on its stdin, and a health check in its body."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from archive.jsonl.runs import Run


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlAccount:
    """How a crawl ended: its exit code, the runs over its sites, and the `error` that ended it, as
    the terminal shows it. `stopped` says that a signal ended it."""

    exit_code: int
    runs: Sequence[Run] = field(default=())
    error: str | None = None
    stopped: bool = False

    def to_object(self) -> dict[str, Any]:
        """The JSON object for programs; `sites` has what `baygan crawl --json` prints."""
        sites = [run.to_object() for run in self.runs]
        return {"exit_code": self.exit_code, "error": self.error, "sites": sites}

    def __str__(self) -> str:
        """The account for people: the exit code, and a line or more for each site."""
        lines = [f"exit code {self.exit_code}", *filter(None, [self.error])]
        for run in self.runs:
            counts = run.counts
            failed = f", {counts.failed} failed" if counts.failed else ""
            lines.append(f"{run.site}: {run.verdict}, {counts.new} new{failed}")
            lines += [f"{run.site}: {problem}" for problem in run.problems]
        return "\n".join(lines)
