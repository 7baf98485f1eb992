"""The site's own count of a post type (X-WP-Total), and whether it can be believed.

A search plugin may limit it, a cache may send listings without it, a filter may hide posts that
it counts. What is listed is the truth; a count that does not agree with it proves nothing.
"""

from __future__ import annotations

from archive.index.index import Index
from spiders.rest.listing.partial_listing import Listing


class Tally:
    """Remembers in `index`, from one whole listing to the next, whether the site's count of
    `post_type` is wrong, and how many entries it lists without an ID.

    `told` is the count in the last answer that had one.
    """

    def __init__(self, index: Index, post_type: str) -> None:
        self._post_type = post_type
        self._state = index.crawl_state.of_type(post_type)
        self.told: int | None = None

    def note(self, listing: Listing) -> None:
        """Note the count that a listing tells."""
        if listing.total is not None:
            self.told = listing.total

    @property
    def believed(self) -> int | None:
        """The number of posts by the site's own count; None if there is none to be believed."""
        return None if self.doubted else self.told

    @property
    def doubted(self) -> bool:
        """Whether the last whole listing had more or fewer posts than the site counted."""
        return self._state.miscounted

    @property
    def problem(self) -> str | None:
        """The problem to report if the site's count is wrong. The sentence is always the same, so
        that it is reported only once."""
        if not self.doubted:
            return None
        return (
            f"the site's own count of its posts ({self._post_type}) is not what it lists. All that"
            " it lists is taken, but that this is all of them cannot be proved."
        )

    def doubt(self) -> None:
        """Note that there are more posts than the site counts."""
        self._state.miscounted = True

    def judge(self, agrees: bool, nameless: int) -> None:
        """Note, after a whole listing, whether the count agreed with it, and how many of its
        entries had no ID."""
        self._state.miscounted = not agrees
        self._state.nameless = nameless

    def balances(self, live: int) -> bool:
        """Whether the site counts as many posts as we know; `live` is how many that are."""
        believed = self.believed
        return believed is not None and live + self._state.nameless == believed
