"""A stretch of a REST listing read in pieces, where the site fails over the whole of it.

One post that WordPress cannot render makes every listing page it stands on a steady 500, and
some servers fail over any page of more than ten or twenty posts. So the pieces shrink until
they are answered, or the one post that is in the way stands alone.
"""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime

from archive.errors import BayganError
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason

SIZES = (100, 50, 20, 10, 1)
# So many single posts in a row that fail: it is the site that fails, not a post.
HOPELESS = 3
# A post in the way is asked for by its ID if no more than these come into question.
NEAR = 12


class RestClosed(BayganError):
    """REST answers, but not to us: closed by a plugin, hidden, or no WordPress at all.

    `reason` is what it answers, in a few words: `404 (rest_no_route)`.
    """

    def __init__(self, message: str, reason: str = "no JSON") -> None:
        super().__init__(message)
        self.reason = reason


class RestRefuses(RestClosed):
    """A listing is there for others only, or not at all: 401, 403 or 404."""


class PageFailed(RestClosed):
    """The site failed over one listing page; over a smaller one it may not."""


@dataclass(frozen=True, slots=True)
class Listing:
    """A stretch of a listing: the posts, how many the whole listing has (X-WP-Total; None if
    the site tells no total), the server's own clock, and the place behind its last post.

    `lost` are the places at which a post stands that the site cannot show. `shown` counts its
    entries, those that could not be taken for a post too.
    """

    posts: list[ListedPost]
    total: int | None
    clock: datetime
    end: int = 0
    lost: tuple[int, ...] = ()
    shown: int = 0

    @property
    def all_counted(self) -> bool:
        """Whether no post stands behind it, by the site's own count."""
        return self.total is not None and self.end >= self.total


@dataclass(slots=True)
class PartialListing:
    """Reads the places from `start` on, at most `count` of them; `ask(place, size)` gives a
    piece or raises PageFailed.

    `size` is that of the largest piece that was answered. `found` has the posts by their
    places, `lost` the places of the posts that no piece can show.
    """

    ask: Callable[[int, int], Awaitable[Listing]]
    start: int
    count: int
    size: int = 0
    found: dict[int, ListedPost] = field(default_factory=dict)
    lost: list[int] = field(default_factory=list)

    async def read(self) -> Listing:
        """The stretch as one listing; PageFailed if even single posts are not answered."""
        place, size, end = self.start, _smaller(self.count), self.start + self.count
        last: Listing | None = None
        total: int | None = None
        while place < end:
            asked = min(size, end - place)
            try:
                last = await self.ask(place, asked)
            except PageFailed as error:
                if size > 1:
                    size = _smaller(size)
                    if error.reason == Reason.TOO_LARGE:
                        # Half of far too much is too much, too.
                        size = _smaller(size)
                    continue
                self.lost.append(place)
                if {*range(place - HOPELESS + 1, place + 1)} <= {*self.lost}:
                    raise
                place += 1
                continue
            self.size = max(self.size, asked)
            self.found |= {place + step: post for step, post in enumerate(last.posts)}
            if place - 1 in self.lost:
                # The post in the way is passed.
                size = _smaller(self.count)
            total = total if last.total is None else last.total
            place += last.shown
            if not last.shown or (last.shown < asked and last.all_counted):
                break
        if last is None:
            raise PageFailed("not one post of the listing could be read")
        posts = list(self.found.values())
        shown = place - self.start - len(self.lost)
        return Listing(posts, total, last.clock, place, tuple(self.lost), shown)

    def between(self, place: int, newest_first: bool) -> range:
        """The IDs that the post lost at `place` may have, by those of its neighbours; empty
        if these are not known or too far apart."""
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


def _smaller(size: int) -> int:
    return next((smaller for smaller in SIZES if smaller < size), 1)
