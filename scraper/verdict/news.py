"""What of a night's problems is news: a problem is told once, when it is new.

It stands in runs.jsonl every night that has it, and `status` goes on telling it; the mail and
exit code 3 speak of what changed. So runs.jsonl itself remembers what was told, and index.db may
be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from archive.outcomes import Verdict

# A count (`12 of 40`, `3 pages`), which may be another every night; an ID (`post 103:`) is none.
_COUNT = re.compile(r"\b\d[\d,.]*(?= [a-z])")


def known_before(problems: Sequence[str], runs: Iterable[dict[str, Any]]) -> list[str]:
    """Those of tonight's `problems` that stood in the night before, whatever their counts were.
    `runs` are the earlier ones of runs.jsonl, oldest first.

    While a site cannot be read nothing is known to have ended: each thing that is wrong with it
    is told once until it is read again.
    """
    standing: set[str] = set()
    for run in runs:
        told = {_without_counts(problem) for problem in run["problems"]}
        standing = standing | told if run["verdict"] == Verdict.FAILED else told
    return [problem for problem in problems if _without_counts(problem) in standing]


def _without_counts(problem: str) -> str:
    return _COUNT.sub("#", problem)
