"""What a run reads of one post type by REST: new posts by ID, edited ones by `modified_after`, late
published ones by `after`. The site's own total then tells whether anything else is to be found.

    R1  the hundred newest by ID            new posts, and the total; with their content if the
                                            site has twenty at most, for R1 is all that is asked
    R2  modified_after the watermark        edits, renames; WordPress before 5.7 does not know
                                            it: there those modified last are read
    R3  after the watermark                 scheduled posts, whose `modified` is old
         R2 and R3 with their content        if R1 told that something is new
    known == total?                         done: three requests (one if R1 has all posts)
    no total, or a wrong one                done, too; removals wait for the weekly sweep
    otherwise bisect by counts, or a sweep  late imports; and what is missing
    once a week                             a sweep: if one post comes and one goes, the
                                            total does not change

The watermark is the time of the first answer in the last complete run, by the server's clock, minus
48 hours. Our own clock may be wrong.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import aclosing
from datetime import datetime, timedelta

from archive.index.listed_post import ListedPost
from archive.sites import Site
from spiders.fetch import Take
from spiders.mass_removal import MassRemoval, is_mass
from spiders.rest.api import RestApi
from spiders.rest.content_check import ContentCheck
from spiders.rest.count_bisect import CountBisect
from spiders.rest.listing.partial_listing import SIZES, Listing
from spiders.rest.post_type import PostType
from spiders.rest.removals import PostRemovals
from spiders.rest.tally import Tally
from spiders.site_run import RunWriter

logger = logging.getLogger(__name__)
OVERLAP = timedelta(hours=48)
# Half a day less than a week: runs do not begin at exactly the same hour.
SWEEP_AGE = timedelta(days=6, hours=12)
# The contents of twenty posts weigh about as much as one page (20 KB, compressed); those of a
# hundred as much as five, in every run in which nothing is new.
_FEW = 20


class PostTypeSync:
    """Compares the site's listing of `kind` with the index. `take` brings pages into the index;
    `removals` asks what became of posts that are not listed any more.

    With `check` every post is listed with its content and compared with what is kept. After
    `run`, `clock` is the time of the listing by the site's clock (None if it was not read to its
    end), and `whole` tells whether every post was listed.
    """

    def __init__(
        self,
        site: Site,
        writer: RunWriter,
        rest: RestApi,
        kind: PostType,
        take: Take,
        removals: PostRemovals,
        check: ContentCheck | None = None,
    ) -> None:
        self._site = site
        self._index = writer.index
        self._notes = writer.run.notes
        self._rest = rest
        self._kind = kind
        self._take = take
        self._removals = removals
        self._check = check
        self._mass_removal = MassRemoval(writer.index, kind.name)
        self._tally = Tally(writer.index, kind.name)
        self._state = writer.index.crawl_state.of_type(kind.name)
        self._last: datetime | None = None
        self._problem: str | None = None
        self.clock: datetime | None = None
        self.whole = False

    @property
    def total(self) -> int | None:
        """The site's own count; None if there is none that can be believed."""
        return self._tally.believed

    @property
    def problems(self) -> list[str]:
        """The problems: what the site lists or counts and cannot be believed."""
        return [problem for problem in (self._problem, self._tally.problem) if problem]

    async def run(self) -> None:
        """Take what is new, edited or renamed; find what is missing; move the watermark."""
        watermark = self._state.watermark
        self._last = watermark and watermark + OVERLAP
        if watermark is None or self._check:
            excerpt = self._check is not None
            clock = await self._sweep(
                self._rest.walk(self._kind, self._site.since, content=True, excerpt=excerpt)
            )
        else:
            clock = await self._look(watermark)
        if self._check:
            self._problem = self._check.finish() or self._problem
        if clock is None:
            return
        self.clock = clock
        self._state.watermark = clock - OVERLAP
        if self._balanced() or (self.total is None and self.whole):
            self._mass_removal.forget()
            await self._removals.settle(clock)

    async def _look(self, watermark: datetime) -> datetime | None:
        few = 0 < self._count() <= min(_FEW, self._rest.content_size - 1)
        newest = await self._rest.newest(self._kind, self._site.since, content=few)
        await self._note(newest)
        missing = 0 if self.total is None else self._count() - self.total
        if missing > 0 and await self._lists_behind(self.total):
            self._tally.doubt()
        elif is_mass(missing, self._count()) and self._collapsed(
            missing - self._index.unseen(self._kind.name), newest.clock
        ):
            return None
        if not self._sweep_due(newest):
            # If the site's clock was ahead once, the watermark may be in the future.
            await self._read_since(min(watermark, newest.clock - OVERLAP))
            if self._balanced() or self.total is None or await self._bisected(newest, self.total):
                return newest.clock
        listings = self._rest.walk(self._kind, self._site.since, first=newest)
        return await self._sweep(listings)

    def _sweep_due(self, newest: Listing) -> bool:
        """Whether every post is to be listed in this run: a week has passed, or `newest` has all
        posts."""
        swept = self._state.swept
        if self.total is None:
            all_there = newest.shown < self._rest.size and newest.shown not in SIZES
        else:
            all_there = len(newest.posts) >= self.total
        return all_there or swept is None or not timedelta(0) <= newest.clock - swept < SWEEP_AGE

    async def _read_since(self, watermark: datetime) -> None:
        stamp = f"{watermark:%Y-%m-%dT%H:%M:%S}Z"
        await self._read_edits(f"modified_after={stamp}", watermark)
        await self._read(f"after={stamp}", content=self._index.lacks_content(self._kind.name))

    async def _read_edits(self, bound: str, watermark: datetime) -> None:
        """Take the posts that were modified since the watermark. WordPress before 5.7 does not know
        this `bound` and would list all its posts; there those that were modified last are read."""
        content, early = self._index.waits(self._kind.name), watermark - OVERLAP
        walk = self._rest.walk(self._kind, self._site.since, bound, content=content)
        async with aclosing(walk):
            async for listing in walk:
                self._take(listing.posts)
                told = (post.modified for post in listing.posts)
                if not listing.all_counted and any(at and at < early for at in told):
                    break
            else:
                return
        async for listing in self._rest.last_modified(self._kind, watermark, self._site.since):
            self._take(listing.posts)

    async def _read(self, bound: str, *, content: bool = False) -> set[int]:
        """Take all posts that a query with `bound` lists; return their IDs."""
        listed: set[int] = set()
        walk = self._rest.walk(self._kind, self._site.since, bound, content=content)
        async for listing in walk:
            self._take(listing.posts)
            listed |= _numbers(listing)
        return listed

    async def _bisected(self, newest: Listing, total: int) -> bool:
        """Whether the difference to the site's total was found by counting."""
        known = await asyncio.to_thread(self._index.dated_apart, self._kind.name)
        bisect = CountBisect(self._rest, self._kind, known, self._take, self._site.since)
        if not bisect.pays(total):
            return False
        missing = await bisect.run(total)
        if missing is None or self._count() - len(missing) != total:
            return False
        await self._find_missing(missing, newest.clock)
        return True

    async def _sweep(self, listings: AsyncIterator[Listing]) -> datetime | None:
        """Read every listing page. Return the site's clock; None if pages were empty in the middle
        of the listing."""
        listed: set[int] = set()
        clock: datetime | None = None
        ended = hole = False
        async for listing in listings:
            clock = clock or listing.clock
            hole = hole or (ended and bool(listing.shown))
            ended = not listing.shown
            listed |= await self._note(listing)
        if clock is None:
            return None
        if short := self._short(listed):
            # Posts may have been published while we read.
            listed |= await self._note(await self._rest.newest(self._kind, self._site.since))
            listed |= await self._read(f"after={clock - OVERLAP:%Y-%m-%dT%H:%M:%S}Z")
            short = self._short(listed)
        if short and hole:
            return None
        sure = await self._judge(listed, short)
        missing = await self._missing(listed)
        if not short and self._forget_invented(listed, len(missing)):
            missing = await self._missing(listed)
        # If the site cannot list some posts, we may not know which: then none counts as missing.
        if not self._lost() and not self._collapsed(len(missing), clock):
            await self._find_missing(missing, clock)
            if sure:
                self._state.swept = clock
            self.whole = True
        return clock

    async def _judge(self, listed: set[int], short: bool) -> bool:
        """Whether the site lists as many posts as it counts. If it lists fewer for the first time
        that is not sure: the next run looks again."""
        told, nameless = self._tally.told, self._nameless()
        if told is None:
            return True
        if short:
            known = self._tally.doubted
            self._tally.judge(agrees=False, nameless=nameless)
            return known
        more = len(listed) + self._lost() + nameless > told
        # If it lists more: posts may also have been removed while we read.
        lies = more and await self._lists_behind(told)
        self._tally.judge(not lies and self._kind.name not in self._rest.unproven, nameless)
        return True

    async def _lists_behind(self, count: int | None) -> bool:
        return await self._rest.lists_behind(self._kind, count or 0, self._site.since)

    def _short(self, listed: set[int]) -> bool:
        """Whether the site lists fewer posts than it counts."""
        told = self._tally.told
        return told is not None and len(listed) + self._lost() + self._nameless() < told

    def _lost(self) -> int:
        return sum(kind == self._kind.name for kind, _ in self._rest.lost)

    def _nameless(self) -> int:
        return len(self._rest.nameless.get(self._kind.name, ()))

    async def _find_missing(self, missing: set[int], clock: datetime) -> None:
        await self._see(await self._removals.ask(missing, clock, self._last))

    async def _missing(self, listed: set[int]) -> set[int]:
        """The posts that are known, and not among those that the site lists now."""
        missing: set[int] = set()
        for part in self._index.each_live(self._kind.name):
            missing |= {number for number in part if number not in listed}
            await asyncio.sleep(0)
        return missing

    def _forget_invented(self, listed: set[int], missing: int) -> int:
        """Leave out what a bad night has listed, if it is too much to ask what became of it; return
        how many."""
        if not is_mass(missing, self._count()):
            return 0
        if count := self._index.forget_unlisted(self._kind.name, listed):
            self._notes.append(
                f"{count} posts ({self._kind.name}) of which no page was ever seen are"
                " listed no more; they are left out"
            )
        return count

    async def _note(self, listing: Listing) -> set[int]:
        self._tally.note(listing)
        await self._see(listing.posts)
        return _numbers(listing)

    async def _see(self, posts: list[ListedPost]) -> None:
        self._take(posts)
        if self._check:
            await self._check.compare(posts)

    def _collapsed(self, missing: int, clock: datetime) -> bool:
        self._problem = self._mass_removal.told(missing, self._count(), clock)
        return self._problem is not None

    def _count(self) -> int:
        return self._index.count_live(self._kind.name)

    def _balanced(self) -> bool:
        return self._tally.balances(self._count())


def _numbers(listing: Listing) -> set[int]:
    return {post.post_id for post in listing.posts if post.post_id}
