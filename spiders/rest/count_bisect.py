"""Finds removed posts by counting. If the site counts as many posts between two dates as we know,
that window is done. Other windows are halved until one listing page is enough to read them.

    sweep     every listing page                          200 requests for 20,000 posts
    bisect    2 · d · log2(pages), if d posts are gone    about 30 requests for d = 3

Bounds are exclusive dates by the site's own clock, without an offset. With an offset WordPress
would use a daylight saving time that Iran gave up in 2022.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from math import ceil, log2

from archive.index.listed_post import ListedPost
from spiders.rest.api import RestApi
from spiders.rest.post_type import PostType

_SECOND = timedelta(seconds=1)


@dataclass(frozen=True, slots=True)
class Window:
    """The posts dated from `start` up to but not including `end` (None: open). `known` are ours in
    the order of dates, `count` is how many the site has."""

    start: str | None
    end: str | None
    known: list[tuple[str, int]]
    count: int

    def bound(self) -> str:
        """The window as a part of a query."""
        bounds = []
        if self.start:
            before = datetime.fromisoformat(self.start) - _SECOND
            bounds.append(f"after={before:%Y-%m-%dT%H:%M:%S}")
        if self.end:
            bounds.append(f"before={self.end}")
        return "&".join(bounds)

    def middle(self) -> str | None:
        """A date that splits the window so that both halves have some of our posts; None if all
        of ours are of the same second."""
        half = self.known[len(self.known) // 2][0]
        if half > self.known[0][0]:
            return half
        return next((moment for moment, _ in self.known if moment > half), None)


class CountBisect:
    """Compares the site's posts of `kind` with the `known` ones (dates and IDs, by date).

    `note` gets the posts that are listed.
    """

    def __init__(
        self,
        rest: RestApi,
        kind: PostType,
        known: list[tuple[str, int]],
        note: Callable[[list[ListedPost]], object],
        since: date | None = None,
    ) -> None:
        self._rest = rest
        self._kind = kind
        self._known = known
        self._note = note
        self._since = since
        self._asked = 0
        self._doubted: set[int] = set()
        self._listed: set[int] = set()

    def pays(self, total: int) -> bool:
        """Whether this will probably need fewer requests than reading every listing page."""
        if not self._known or not self._known[0][0]:
            return False  # the date of at least one post is not known
        pages = max(1, ceil(total / self._rest.size))
        gone = max(1, abs(len(self._known) - total))
        return gone * (ceil(log2(pages)) + 2) < pages

    async def run(self, total: int) -> set[int] | None:
        """The IDs that are not listed any more. None if that would take more requests than reading
        all pages, or if the site does not tell a count."""
        windows = [Window(None, None, self._known, total)]
        while windows:
            if self._asked > total // self._rest.size:
                return None
            window = windows.pop()
            if len(window.known) != window.count:
                halves = await self._look(window)
                if halves is None:
                    return None
                windows += halves
        return self._doubted - self._listed

    async def _look(self, window: Window) -> list[Window] | None:
        """The two halves of `window`; an empty list if its posts were read instead; None if the
        site tells no count for one half."""
        small = max(len(window.known), window.count) <= self._rest.size
        middle = window.middle() if window.known and not small else None
        if middle is None:
            await self._read(window)
            return []
        place = bisect_left(window.known, (middle,))
        first = Window(window.start, middle, window.known[:place], 0)
        self._asked += 1
        count = await self._rest.count(self._kind, self._since, first.bound())
        if count is None:
            return None
        return [
            Window(window.start, middle, first.known, count),
            Window(middle, window.end, window.known[place:], window.count - count),
        ]

    async def _read(self, window: Window) -> None:
        self._doubted |= {number for _, number in window.known}
        async for listing in self._rest.walk(self._kind, self._since, window.bound()):
            self._asked += 1
            self._note(listing.posts)
            self._listed |= {post.post_id for post in listing.posts if post.post_id}
