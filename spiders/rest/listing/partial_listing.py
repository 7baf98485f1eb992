"""Reads a stretch of a REST listing in smaller requests, if the site fails with all of it.

If WordPress cannot render one post, every listing page with that post is a 500. And some servers
fail with any page of more than ten or twenty posts. So the requests become smaller until they are
answered, or only the one broken post is left.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import datetime
from operator import itemgetter

from archive.errors import BayganError
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason

SIZES = (100, 50, 20, 10, 1)
# If so many single posts in a row fail, it is the site that fails and not a post.
HOPELESS = 3
# A site that was silent over more is asked for so many posts next: each attempt takes a minute.
AFTER_SILENCE = 10
# The ID of a broken post is searched for if there are at most so many candidates.
NEAR = 12


class RestClosed(BayganError):
    """REST does not give us its listings: it is closed by a plugin or hidden, or the site is not
    made with WordPress. `reason` is its answer in a few words: `404 (rest_no_route)`; `code` is the
    one in it.
    """

    def __init__(self, message: str, reason: str = "no JSON", code: str | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.code = code


class RestRefuses(RestClosed):
    """A listing is only for others, does not exist, or is not given in the order that we need: the
    site's answer is 4xx, and not that it is too early."""


class PageFailed(RestClosed):
    """The site failed with one listing page; with a smaller one it may not."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of a listing: its posts; the total of the whole listing (X-WP-Total; None if the
    site tells none); the server's clock; and the place behind the last post.

    `lost` are the places of posts that the site cannot show. `shown` is the number of its entries,
    with those that are no valid post.
    """

    posts: list[ListedPost]
    total: int | None
    clock: datetime
    end: int = 0
    lost: tuple[int, ...] = ()
    shown: int = 0

    @property
    def all_counted(self) -> bool:
        """Whether by the site's own count there is no post behind it."""
        return self.total is not None and self.end >= self.total


@dataclass(slots=True)
class PartialListing:
    """Reads the places from `start` on, at most `count` of them, after `failed`: the error for all
    of them. `ask(place, size)` returns a smaller stretch or raises PageFailed.

    `size` is that of the largest stretch that was answered. `found` are the posts by their places,
    `lost` the places of the posts that the site cannot show.
    """

    ask: Callable[[int, int], Awaitable[Listing]]
    start: int
    count: int
    failed: PageFailed
    size: int = 0
    found: dict[int, ListedPost] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    async def read(self, plain: Callable[[int], Awaitable[Listing]] | None = None) -> Listing:
        """The stretch as one listing; PageFailed if even single posts are not answered, or the site
        is silent over a few. A post that is lost may be shown by `plain(place)`, which asks for
        less of it."""
        place, size, end = self.start, _smaller(self.count, self.failed), self.start + self.count
        last: Listing | None = None
        total: int | None = None
        while place < end:
            asked = min(size, end - place)
            try:
                last = await self.ask(place, asked)
            except PageFailed as error:
                if _is_silent(error) and last is None and 1 < size <= AFTER_SILENCE:
                    raise
                if size > 1:
                    size = _smaller(size, error)
                    continue
                self.lost.append(place)
                if {*range(place - HOPELESS + 1, place + 1)} <= {*self.lost}:
                    raise
                place += 1
                continue
            self.size = max(self.size, asked)
            self.found |= {place + step: post for step, post in enumerate(last.posts)}
            if place - 1 in self.lost:
                # The broken post is behind us.
                size = _smaller(self.count, self.failed)
            total = total if last.total is None else last.total
            place += last.shown
            if not last.shown or (last.shown < asked and last.all_counted):
                break
        if last is None:
            raise PageFailed("not one post of the listing could be read")
        if plain:
            await self._find_lost(plain)
        posts = [post for _, post in sorted(self.found.items(), key=itemgetter(0))]
        shown = place - self.start - len(self.lost)
        return Listing(posts, total, last.clock, place, tuple(self.lost), shown)

    async def _find_lost(self, plain: Callable[[int], Awaitable[Listing]]) -> None:
        for place in [*self.lost]:
            with suppress(PageFailed):
                self.found |= dict(enumerate((await plain(place)).posts, place))
                self.lost.remove(place)

    def between(self, place: int, newest_first: bool) -> range:
        """The IDs that the lost post at `place` may have, between those of its neighbours; empty if
        these are not known or too far apart."""
        step = -1 if newest_first else 1
        before, after = (self.found.get(place + way * step) for way in (-1, 1))
        low = before.post_id if before else None
        high = after.post_id if after else None
        if low is None and high is not None:
            low = high - NEAR - 1
        elif high is None and low is not None:
            high = low + NEAR + 1
        if low is None or high is None or high - low - 1 > NEAR:
            return range(0)
        return range(max(low + 1, 1), high)


def _smaller(size: int, failed: PageFailed) -> int:
    """How many posts to ask for after `size` posts `failed`."""
    smaller = [fewer for fewer in SIZES if fewer < size]
    if failed.reason == Reason.TOO_LARGE:
        # Half of far too much is too much, too.
        smaller = smaller[1:]
    elif _is_silent(failed):
        smaller = [fewer for fewer in smaller if fewer <= AFTER_SILENCE]
    return next(iter(smaller), 1)


def _is_silent(failed: PageFailed) -> bool:
    return failed.reason == Reason.TIMEOUT
