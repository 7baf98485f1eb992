"""The nightly look at one post type through REST: new by ID, edited by `modified_after`, gone
live late by `after`; the site's own total then tells whether anything is left to find.

    R1  the hundred newest by ID            new posts, and the total
    R2  modified_after the watermark        edits, renames
    R3  after the watermark                 scheduled posts, whose `modified` is old
    known == total?                         done: three requests (one if R1 holds them all)
    otherwise every listing page            late imports; and what is missing

The watermark is the server's clock at the last whole night's first answer, less 48 hours;
our own clock may be wrong.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from archive.index import Found, Index
from archive.sites import Site
from spiders.pieces import Listing
from spiders.rest import PostType, Rest

logger = logging.getLogger(__name__)
OVERLAP = timedelta(hours=48)
# More than this share of the known posts never vanishes in one night: the listing is wrong.
COLLAPSE = 0.05
FEW = 5


class Nightly:
    """Compares the site's listing of `kind` with the index; `take` brings pages into it.

    After `run`, `total` is the site's own count. `missing` are the posts that it does not
    list any more, `problem` why they were not believed to be gone.
    """

    def __init__(
        self,
        site: Site,
        index: Index,
        rest: Rest,
        kind: PostType,
        take: Callable[[list[Found]], int],
    ) -> None:
        self._site = site
        self._index = index
        self._rest = rest
        self._kind = kind
        self._take = take
        self._fact = f"watermark {kind.name}"
        self.total = 0
        self.missing: set[int] = set()
        self.problem: str | None = None

    async def run(self) -> None:
        """Take what is new, edited or renamed; note what is missing; move the watermark."""
        watermark = self._index.fact(self._fact)
        if watermark is None:
            clock = await self._walk()
        else:
            clock = await self._look(datetime.fromisoformat(watermark))
        if clock:
            self._index.remember(self._fact, (clock - OVERLAP).isoformat())

    async def _look(self, watermark: datetime) -> datetime | None:
        newest = await self._rest.newest(self._kind, self._site.since)
        self._note(newest)
        if len(newest.posts) >= newest.total > 0:
            # The newest are all there are.
            self._find_missing(
                {post.post_id for post in newest.posts if post.post_id}, newest.clock
            )
            return newest.clock
        stamp = f"{watermark:%Y-%m-%dT%H:%M:%S}Z"
        for bound in (f"modified_after={stamp}", f"after={stamp}"):
            async for listing in self._rest.walk(self._kind, self._site.since, bound):
                self._take(listing.posts)
        if len(self._index.live(self._kind.name)) == newest.total:
            return newest.clock
        return await self._walk() and newest.clock

    async def _walk(self) -> datetime | None:
        """Every listing page; None if the site listed fewer posts than it counts."""
        listed: set[int] = set()
        clock: datetime | None = None
        async for listing in self._rest.walk(self._kind, self._site.since):
            clock = clock or listing.clock
            self._note(listing)
            listed |= {post.post_id for post in listing.posts if post.post_id}
        lost = sum(kind == self._kind.name for kind, _ in self._rest.lost)
        if len(listed) + lost < self.total or clock is None:
            return None
        if not lost:
            # Which posts the site cannot list is not always known.
            self._find_missing(listed, clock)
        return clock

    def _note(self, listing: Listing) -> None:
        self.total = listing.total
        self._take(listing.posts)

    def _find_missing(self, listed: set[int], clock: datetime) -> None:
        live = self._index.live(self._kind.name)
        self.missing = live - listed
        if len(self.missing) > max(FEW, COLLAPSE * len(live)):
            self.problem = (
                f"the site lists {len(self.missing)} of {len(live)} known posts no more; that is"
                " too many for one night, so nothing is taken for removed. Look at the site."
            )
            self.missing = set()
        self._index.mark_missing(self._kind.name, self.missing, clock)
