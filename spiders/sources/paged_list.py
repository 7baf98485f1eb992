"""A list of posts that goes on page after page, the newest posts first: what a feed and the pages
that list articles have in common."""

from __future__ import annotations

from datetime import datetime

from scrapy.http import Response

from archive.errors import Unreachable
from spiders.fetch import Fetch

MAX_PAGES = 5_000
"""The most pages that a run reads of a list, or of all lists of one site together."""


class PagedList:
    """Reads at most `most` pages of a list through `fetch`; only addresses below `ground` count.

    With `to_the_end` False, the walk leaves a list once the caller sets `known` to True, after a
    page with only known posts. `pages` is how many pages were read, `problems` tell which could not
    be read, `remarks` where a list ends although older posts may be missing; `clock` is the time by
    the site's clock.
    """

    def __init__(self, fetch: Fetch, ground: str, most: int = MAX_PAGES) -> None:
        self._fetch = fetch
        self._ground = ground
        self._most = most
        self.to_the_end = True
        self.known = False
        self.pages = 0
        self.clock: datetime | None = None
        self.problems: list[str] = []
        self.remarks: list[str] = []

    async def _answer(self, url: str, maxsize: int | None = None) -> Response | None:
        """The page at `url`, of at most `maxsize` bytes; None if there is none (404), or if it
        cannot be read: then that is a problem."""
        try:
            response = await self._fetch(url, maxsize=maxsize)
        except Unreachable as error:
            self.problems.append(str(error))
            return None
        if response.status == 200:
            return response
        if response.status != 404:
            self.problems.append(f"{url} answers {response.status}")
        return None

    def _is_enough(self) -> bool:
        """Whether the rest of the list need not be read."""
        return self.known and not self.to_the_end

    def _remark(self, remark: str) -> None:
        """Add a remark, once."""
        self.remarks += [] if remark in self.remarks else [remark]
