"""What a site's ledgers tell of the gaps in an archive: runs that did not come, what the last run
could not have, what the site removed."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import pairwise
from typing import Any

from archive.folder import SiteFolder

LONGEST_PAUSE = timedelta(hours=48)
"""More time than this between the beginnings of two runs is a gap: most archives crawl each day."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Gaps:
    """The ledgers of one site. `verdicts` counts its runs, `pauses` are times without a run (from
    the beginning of one to that of the next), `last` is the newest run's object, None before the
    first, `removed` counts the posts that are missing now by their kind."""

    site: str
    url: str
    verdicts: Counter[str]
    first_run: str | None
    pauses: tuple[tuple[str, str], ...]
    last: Mapping[str, Any] | None
    removed: Counter[str]

    @property
    def runs(self) -> int:
        """How many runs there were."""
        return self.verdicts.total()

    @property
    def balance(self) -> dict[str, int]:
        """The newest run's balance over all post types that have one: the site's `total`, and what
        was `kept`, `refused`, `due`, `failed` and `unaccounted` for. Empty if there is none."""
        coverage = self.last["coverage"] if self.last else {}
        sums: Counter[str] = Counter()
        for parts in coverage.get("balance", {}).values():
            sums.update({name: number for name, number in parts.items() if number is not None})
        return dict(sums)


def gaps_of(site: SiteFolder) -> Gaps:
    """What the ledgers of `site` tell."""
    runs = sorted(site.runs(), key=lambda run: run["started"])
    starts = [run["started"] for run in runs]
    return Gaps(
        site=site.site.name,
        url=site.site.url,
        verdicts=Counter(run["verdict"] for run in runs),
        first_run=starts[0] if starts else None,
        pauses=tuple(
            (before, after)
            for before, after in pairwise(starts)
            if datetime.fromisoformat(after) - datetime.fromisoformat(before) > LONGEST_PAUSE
        ),
        last=runs[-1] if runs else None,
        removed=Counter(removal.kind for removal in site.removals()),
    )
