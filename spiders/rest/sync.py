"""The nightly look at one post type through REST: new by ID, edited by `modified_after`, gone
live late by `after`; the site's own total then tells whether anything is left to find.

    R1  the hundred newest by ID            new posts, and the total
    R2  modified_after the watermark        edits, renames
    R3  after the watermark                 scheduled posts, whose `modified` is old
    known == total?                         done: three requests (one if R1 holds them all)
    otherwise bisect by counts, or a sweep  late imports; and what is missing
    once a week                             a sweep, which a count cannot stand in for: one
                                            post in and one out leave the total as it was

The watermark is the server's clock at the last whole night's first answer, less 48 hours;
our own clock may be wrong.
"""

from __future__ import annotations

import logging
from collections.abc import AsyncIterator, Callable
from datetime import datetime, timedelta

from archive.index.frontier import ListedPost
from archive.sites import Site
from archive.writer.site_writer import SiteWriter
from spiders.mass_removal import MassRemoval
from spiders.rest.api import PostType, RestApi
from spiders.rest.content_check import ContentCheck
from spiders.rest.count_bisect import CountBisect
from spiders.rest.partial_listing import Listing
from spiders.rest.removals import PostRemovals

logger = logging.getLogger(__name__)
OVERLAP = timedelta(hours=48)
# Half a day less than a week: cron comes a little early now and then.
SWEEP_AGE = timedelta(days=6, hours=12)

Take = Callable[[list[ListedPost]], int]


class PostTypeSync:
    """Compares the site's listing of `kind` with the index; `take` brings pages into it, and
    `vanished` asks what became of those that are listed no more.

    With `check` every post is listed with its content and compared with what is kept. After
    `run`, `total` is the site's own count, `clock` the site's when it was read (None if not all
    of it was), `whole` whether every post was listed, `problem` what was not believed.
    """

    def __init__(
        self,
        site: Site,
        writer: SiteWriter,
        rest: RestApi,
        kind: PostType,
        take: Take,
        vanished: PostRemovals,
        check: ContentCheck | None = None,
    ) -> None:
        self._site = site
        self._index = writer.index
        self._rest = rest
        self._kind = kind
        self._take = take
        self._vanished = vanished
        self._check = check
        self._collapse = MassRemoval(writer.index, kind.name)
        self._watermark = f"watermark {kind.name}"
        self._swept = f"swept {kind.name}"
        self._last: datetime | None = None
        self.total = 0
        self.clock: datetime | None = None
        self.whole = False
        self.problem: str | None = None

    async def run(self) -> None:
        """Take what is new, edited or renamed; find what is missing; move the watermark."""
        watermark = self._moment(self._watermark)
        self._last = watermark and watermark + OVERLAP
        if watermark is None or self._check:
            content = self._check is not None
            clock = await self._sweep(
                self._rest.walk(self._kind, self._site.since, content=content)
            )
        else:
            clock = await self._look(watermark)
        if self._check:
            self.problem = self._check.finish() or self.problem
        if clock is None:
            return
        self.clock = clock
        self._index.remember(self._watermark, (clock - OVERLAP).isoformat())
        if self._balanced():
            self._collapse.forget()
            self._vanished.settle(clock)

    async def _look(self, watermark: datetime) -> datetime | None:
        newest = await self._rest.newest(self._kind, self._site.since)
        self._note(newest)
        told = newest.total or not newest.posts
        if told and self._collapsed(len(self._live()) - self.total, newest.clock):
            return None
        if not self._sweep_due(newest):
            # A clock that was ahead once must not hide what came since.
            await self._read_since(min(watermark, newest.clock - OVERLAP))
            if self._balanced() or not told or await self._bisected(newest):
                return newest.clock
        listings = self._rest.walk(self._kind, self._site.since, first=newest)
        return await self._sweep(listings)

    def _sweep_due(self, newest: Listing) -> bool:
        """Whether every post is to be listed tonight: a week has passed, or the newest are all
        there are."""
        swept = self._moment(self._swept)
        all_there = len(newest.posts) >= newest.total > 0
        return all_there or swept is None or newest.clock - swept >= SWEEP_AGE

    async def _read_since(self, watermark: datetime) -> None:
        stamp = f"{watermark:%Y-%m-%dT%H:%M:%S}Z"
        for bound in (f"modified_after={stamp}", f"after={stamp}"):
            async for listing in self._rest.walk(self._kind, self._site.since, bound):
                self._take(listing.posts)

    async def _bisected(self, newest: Listing) -> bool:
        """Whether the difference to the site's total was found by counting."""
        known = self._index.dated(self._kind.name)
        bisect = CountBisect(self._rest, self._kind, known, self._see, self._site.since)
        if not bisect.pays(newest.total):
            return False
        missing = await bisect.run(newest.total)
        if missing is None or len(self._live()) - len(missing) != newest.total:
            return False
        await self._find_missing(missing, newest.clock)
        return True

    async def _sweep(self, listings: AsyncIterator[Listing]) -> datetime | None:
        """Every listing page; None if the site listed fewer posts than it counts."""
        listed: set[int] = set()
        clock: datetime | None = None
        async for listing in listings:
            clock = clock or listing.clock
            listed |= self._note(listing)
        lost = sum(kind == self._kind.name for kind, _ in self._rest.lost)
        if len(listed) + lost < self.total:
            # Posts may have come while we read.
            listed |= self._note(await self._rest.newest(self._kind, self._site.since))
        if len(listed) + lost < self.total or clock is None:
            # A type that never had a post is whole without one.
            self.whole = not self.total and not self._live()
            return None
        missing = self._live() - listed
        # Which posts the site cannot list is not always known.
        if not lost and not self._collapsed(len(missing), clock):
            await self._find_missing(missing, clock)
            self._index.remember(self._swept, clock.isoformat())
            self.whole = True
        return clock

    async def _find_missing(self, missing: set[int], clock: datetime) -> None:
        self._see(await self._vanished.ask(missing, clock, self._last))

    def _note(self, listing: Listing) -> set[int]:
        self.total = listing.total
        self._see(listing.posts)
        return {post.post_id for post in listing.posts if post.post_id}

    def _see(self, posts: list[ListedPost]) -> None:
        self._take(posts)
        if self._check:
            self._check.compare(posts)

    def _collapsed(self, missing: int, clock: datetime) -> bool:
        self.problem = self._collapse.told(missing, self._live(), clock)
        return self.problem is not None

    def _live(self) -> set[int]:
        return self._index.live(self._kind.name)

    def _balanced(self) -> bool:
        return len(self._live()) == self.total

    def _moment(self, fact: str) -> datetime | None:
        told = self._index.fact(fact)
        return datetime.fromisoformat(told) if told else None
