"""The site's own count of a post type (X-WP-Total), and whether it can be believed.

A search plugin caps it, a cache hands out listings without it, a filter hides posts that it
counts. What is listed is the truth; a count that does not agree with it proves nothing.
"""

from __future__ import annotations

from archive.index.index import Index
from spiders.rest.partial_listing import Listing


class Tally:
    """Remembers in `index` that the site miscounts its posts of `post_type`, and how many it
    lists without an ID, from one whole listing to the next.

    `told` is the count of the last answer that had one.
    """

    def __init__(self, index: Index, post_type: str) -> None:
        self._post_type = post_type
        self._state = index.crawl_state.of_type(post_type)
        self.told: int | None = None

    def note(self, listing: Listing) -> None:
        """Take in what a listing tells."""
        if listing.total is not None:
            self.told = listing.total

    @property
    def believed(self) -> int | None:
        """How many posts the site has by its own count; None if it tells none to be believed."""
        return None if self.doubted else self.told

    @property
    def doubted(self) -> bool:
        """Whether the last whole listing had more posts than were counted, or fewer."""
        return self._state.miscounted

    @property
    def problem(self) -> str | None:
        """A sentence that stays the same while the site miscounts."""
        if not self.doubted:
            return None
        return (
            f"the site's own count of its posts ({self._post_type}) is not what it lists. All that"
            " it lists is taken, but that this is all of them cannot be proved."
        )

    def doubt(self) -> None:
        """A post was listed behind the last that the site counts."""
        self._state.miscounted = True

    def judge(self, agrees: bool, nameless: int) -> None:
        """After a whole listing: whether the count agreed with it, and how many entries of it
        told no ID."""
        self._state.miscounted = not agrees
        self._state.nameless = nameless

    def balances(self, live: int) -> bool:
        """Whether the site counts as many posts as are known."""
        believed = self.believed
        return believed is not None and live + self._state.nameless == believed
