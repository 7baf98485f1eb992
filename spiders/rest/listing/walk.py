"""Reads a REST listing from its first page to its end, while the site goes on publishing.

A page of a listing is a range of places: `page=2` is the posts 100 to 199. If a post is removed
while the listing is read, all posts behind it move one place to the front, and the one that was
first on the next page is on no page that is still to be read.
"""

from __future__ import annotations

from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from spiders.rest.listing.partial_listing import SIZES, Listing, RestClosed
from spiders.rest.listing.walk_budget import WalkBudget

_STEPS = 5
"""How many steps (of a page) a walk goes back at one place before it goes on all the same. After
so many stretches in a row without anything new it ends, whatever the site counts."""
_CLOCKS = timedelta(seconds=2)
"""How far the clock of a site's WordPress may be ahead of that of its web server. The other way
round is not allowed for: then edits just before a walk would cost it requests."""


class WalkIsEndless(RestClosed):
    """A listing brings more than a site can have (WalkBudget). `reason` says what."""


@dataclass(frozen=True, slots=True)
class _Seam:
    """Where two pages that do not overlap meet: the place, and when each of the two was told."""

    place: int
    before: datetime
    after: datetime


class ListingWalk:
    """The walk through one listing. `read(place)` gives the stretch that begins at a place (from
    0), `size()` how many posts a stretch has. `unproven` becomes true if the listing could not be
    read behind the last post that the site counts.

    The site's total is only a hint where the listing ends: after a full page the walk goes on.

    The next page must begin with the last post of the page before; if it does not, the walk goes
    one step back. That is one post in a hundred that is listed twice. Where a site gives only ten
    or twenty at a time it would be a tenth of all requests; there nothing has moved between two
    pages if the site counts as many posts as before. One change leaves the count as it is: a post
    was removed and another one published between the same two pages. The other one gives it away,
    since it was changed just then: so where two pages met at that moment, the posts around are
    listed once more at the end.
    """

    def __init__(self, read: Callable[[int], Awaitable[Listing]], size: Callable[[], int]) -> None:
        self.unproven = False
        self._read = read
        self._size = size
        self._seen: set[int | None] = set()
        self._first: int | None = None
        self._minds_places = True
        self._seams: list[_Seam] = []
        self._changes: set[datetime] = set()

    async def pages(self, first: Listing) -> AsyncIterator[Listing]:
        """All pages of the listing that begins with `first`; a post may be on two of them.
        WalkIsEndless if there is no end to them."""
        listing, budget, began = first, WalkBudget(first.total), first.clock
        self._first = first.posts[0].post_id if first.posts else None
        idle = fullest = 0
        while True:
            yield listing
            has_news = self._note(listing, began)
            idle = 0 if has_news else idle + 1
            if idle >= _STEPS or _ends(listing, has_news, fullest):
                break
            if endless := budget.is_spent(len(self._seen)):
                raise WalkIsEndless(endless, endless)
            fullest = max(fullest, listing.shown)
            try:
                listing = await self._next(listing)
            except RestClosed:
                if not listing.all_counted:
                    raise
                self.unproven = True
                break
        for seam in self._seams:
            if any(seam.before <= change <= seam.after for change in self._changes):
                yield await self._read(max(0, seam.place - self._size() // 2))

    def _note(self, listing: Listing, began: datetime) -> bool:
        """Whether there is a post on this page that was on none before."""
        news = {post.post_id for post in listing.posts} - self._seen
        self._seen |= news
        for post in listing.posts:
            told = (post.published, post.modified)
            self._changes |= {change for change in told if change and change >= began}
        return bool(news)

    async def _next(self, listing: Listing) -> Listing:
        """The page behind `listing`."""
        if listing.lost or len(listing.posts) < 2 or not self._minds_places:
            return await self._read(listing.end)
        small = self._size() < SIZES[0]
        if small and listing.total is not None and not listing.all_counted:
            behind = await self._read(listing.end)
            if behind.total == listing.total:
                before, after = sorted((listing.clock, behind.clock))
                self._seams.append(_Seam(listing.end, before, after + _CLOCKS))
                return behind
        place = listing.end - 1
        behind = await self._read(place)
        if behind.posts and behind.posts[0].post_id == self._first:
            # Something takes the place out of the address. The number of a page may stay in it; it
            # can be told of whole pages only.
            self._minds_places = False
            return await self._read(listing.end)
        for _ in range(_STEPS):
            if place == 0 or not behind.posts or behind.posts[0].post_id in self._seen:
                break
            place = max(0, place - self._size() + 1)
            behind = await self._read(place)
        return behind


def _ends(listing: Listing, has_news: bool, fullest: int) -> bool:
    """Whether a walk ends with `listing`. `fullest` is the most entries of a page before."""
    if listing.total is None or not has_news:
        return not has_news and (listing.total is None or listing.all_counted)
    shown = listing.shown + len(listing.lost)
    is_full = shown in SIZES[:-1] or 0 < fullest <= shown
    # If a page has more entries than the site counts, the count is wrong.
    return listing.end == listing.total and not is_full
