"""The balance of a run: how many posts the site counts, and what became of them.

    total  =  kept + refused + due + failed + unaccounted        for each post type

A run is complete when `unaccounted`, `due` and `failed` are 0. The object `coverage` also has the
key `witness`: the cross-check with the sitemaps, which is made once a week.
"""

from __future__ import annotations

from archive.index.index import Index
from archive.outcomes import PageState
from spiders.site_run import Discovered

_STATES = (PageState.KEPT, PageState.REFUSED, PageState.DUE, PageState.FAILED)


def coverage(index: Index, discovered: Discovered) -> dict[str, object]:
    """The object `coverage` of runs.jsonl."""
    counts, reasons = index.states(), index.reasons()
    return {
        "source": discovered.source,
        "total": discovered.totals,
        "known": {kind: index.count_live(kind) for kind in discovered.totals},
        "balance": {kind: _balance(index, kind, n) for kind, n in discovered.totals.items()},
        "missing": index.missing(),
        "kept": counts[PageState.KEPT],
        "due": counts[PageState.DUE],
        "refused": reasons.get(PageState.REFUSED, {}),
        "failed": reasons.get(PageState.FAILED, {}),
        "witness": index.crawl_state.crosscheck,
    }


def _balance(index: Index, post_type: str, total: int | None) -> dict[str, int | None]:
    """The balance of one type; if there is no total, `unaccounted` is None."""
    states = index.balance(post_type)
    balance: dict[str, int] = {state: states.get(state, 0) for state in _STATES}
    unaccounted = None if total is None else total - sum(balance.values())
    return {"total": total, **balance, "unaccounted": unaccounted}
