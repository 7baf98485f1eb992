"""Which problems of a run are new. A problem is reported once, when it is new.

The line in runs.jsonl of every run that has the problem names it, and `status` shows it. Only the
mail and exit code 3 are for new problems. What was reported is known from runs.jsonl, so index.db
may be deleted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from typing import Any

from archive.outcomes import Verdict

# A count (`12 of 40`, `3 pages`) may differ in every run; an ID (`post 103:`) is no count.
_COUNT = re.compile(r"\b\d[\d,.]*(?= [a-z])")


def known_before(problems: Sequence[str], runs: Iterable[dict[str, Any]]) -> list[str]:
    """Those of this run's `problems` that the run before had, too, also with other counts. `runs`
    are the earlier ones of runs.jsonl, the newest first.

    While a site cannot be read, we do not know whether an older problem has ended. So each of its
    problems is new only once until the site is read again.
    """
    standing: set[str] = set()
    for run in runs if problems else ():
        standing.update(map(_without_counts, run["problems"]))
        if run["verdict"] != Verdict.FAILED:
            break
    return [problem for problem in problems if _without_counts(problem) in standing]


def _without_counts(problem: str) -> str:
    return _COUNT.sub("#", problem)
