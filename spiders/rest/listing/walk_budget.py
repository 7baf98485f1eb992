"""How far a listing is followed: a site that invents posts must not keep a run for ever."""

from __future__ import annotations

MOST_PAGES = 20_000
"""Listing pages of one walk; a hundred posts on each are two million."""
MOST_UNCOUNTED = 500_000
"""Posts of one walk that the site need not have counted: some plugins cap the count."""


class WalkBudget:
    """What one walk through a listing may bring. `total` is how many posts the site counted when
    the walk began (None: it tells no count)."""

    def __init__(self, total: int | None) -> None:
        # Posts come while the listing is read.
        self._most = max(MOST_UNCOUNTED, (total or 0) * 11 // 10)
        self._pages = 0

    def is_spent(self, posts: int) -> str | None:
        """After one more page, with so many `posts` by now: what the walk was ended for, in a few
        words; None if it may go on."""
        self._pages += 1
        if posts > self._most:
            return f"lists {posts} posts and goes on, more than it can have"
        if self._pages >= MOST_PAGES:
            return f"has more than {MOST_PAGES} listing pages"
        return None
