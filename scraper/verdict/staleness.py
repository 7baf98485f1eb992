"""A site that always had something new and now has nothing: it is dead, or its listing is wrong.
All its runs are complete, so nothing else would show it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from itertools import chain, islice, pairwise
from statistics import median
from typing import Any

from archive.outcomes import Verdict

_DAY = timedelta(hours=24)
_PATIENCE = 4
# With fewer runs that had something new nothing is usual yet; older runs than these do not count.
_FEW, _MANY = 4, 30


def staleness(runs: Iterable[dict[str, Any]]) -> timedelta | None:
    """How long nothing new came, if that is longer than a day and longer than four times the usual
    gap between runs with something new; else None. `runs` are those of runs.jsonl, the newest
    first; runs in which the site could not be read do not count.
    """
    read = (run for run in runs if run["verdict"] != Verdict.FAILED)
    last = next(read, None)
    if last is None:
        return None
    news = [_started(run) for run in islice(filter(_has_news, chain([last], read)), _MANY)]
    if len(news) < _FEW:
        return None
    gaps = [(later - earlier).total_seconds() for later, earlier in pairwise(news)]
    quiet = _started(last) - news[0]
    return quiet if quiet > max(_DAY, _PATIENCE * timedelta(seconds=median(gaps))) else None


def standing_problems(runs: list[dict[str, Any]]) -> list[str]:
    """The problems that stand: those of the last of the `runs` (oldest first), and that nothing new
    comes, which only the first run that noticed it reported."""
    quiet = staleness(reversed(runs))
    problems = [*runs[-1].get("problems", []), *([told(quiet)] if quiet else [])] if runs else []
    return list(dict.fromkeys(problems))


def told(quiet: timedelta) -> str:
    """The sentence for a person."""
    return (
        f"nothing new for {quiet / _DAY:.0f} days, and there always was something. Has the site"
        " moved, or has its listing changed? Look at it in a browser."
    )


def _has_news(run: dict[str, Any]) -> bool:
    return bool(run["new"])


def _started(run: dict[str, Any]) -> datetime:
    return datetime.fromisoformat(run["started"])
