"""The pages that a run asks for, in this order:

due          new or edited pages
failed       pages that failed in earlier runs and are to be tried again, and pages that robots.txt
             did not allow then and allows now
rechecks     kept pages that are to be looked at once more
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from operator import itemgetter

from archive.index.index import Index
from archive.index.listed_post import ListedPost
from archive.outcomes import PageState
from spiders.robots import RobotsRules

BATCH = 16
"""So many pages are taken from the index at a time. If the run is killed, it has asked for only a
few pages that it did not keep."""

Placed = tuple[int, ListedPost]


class PageQueue:
    """The queue of the pages in `index`; `robots` has the rules for `agent`."""

    def __init__(self, index: Index, robots: RobotsRules, agent: str) -> None:
        self._index = index
        self._robots = robots
        self._agent = agent

    def count(self) -> int:
        """How many pages there are in the queue."""
        index = self._index
        return index.states()[PageState.DUE] + len(index.failed()) + index.rechecks.count()

    def addresses(self) -> list[str]:
        """The addresses of all pages in the queue."""
        index = self._index
        named = index.due(0, -1) + index.failed() + self._allowed_now() + index.again(0, -1)
        return [page.url for _, page in named]

    def batches(self) -> Iterator[list[ListedPost]]:
        """The pages in batches. A batch is read from the index only when it is asked for."""
        failed = sorted(self._index.failed() + self._allowed_now(), key=itemgetter(0))

        def once_more(place: int, count: int) -> list[Placed]:
            return [page for page in failed if page[0] > place][:count]

        for batch_behind in (self._index.due, once_more, self._rechecks):
            place = 0
            while batch := batch_behind(place, BATCH):
                yield [page for _, page in batch]
                place = batch[-1][0]

    def _allowed_now(self) -> list[Placed]:
        """The pages that robots.txt did not allow earlier and allows now."""
        return [
            (place, page)
            for place, page in self._index.disallowed()
            if self._robots.allows(page.url, self._agent)
        ]

    def _rechecks(self, place: int, count: int) -> list[Placed]:
        """The pages to look at once more, without their titles: these may have changed, too."""
        batch = self._index.again(place, count)
        return [(place, replace(page, title=None)) for place, page in batch]
