"""Paged feeds: `/feed/?paged=N` goes back to the very first post, ten a page.

A feed's ETag is the whole site's, the same for every page of it, so no page but the first
may ever be asked for conditionally; here none is.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from datetime import datetime
from urllib.parse import urljoin

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import host_of, is_below, resolved, spelling
from archive.index.listed_post import ListedPost
from archive.text.markup import unescaped
from spiders.fetch import Fetch, clock_of
from spiders.sources.feed_page import NotAFeed, parse
from spiders.sources.link_tags import link_tags
from spiders.sources.steps import aside

MAX_PAGES = 5_000
_FEED = re.compile(rb"type=[\"']application/(?:rss|atom|rdf)\+xml[\"']", re.IGNORECASE)
_HREF = re.compile(rb"href=[\"']([^\"']+)", re.IGNORECASE)


def feed_of(home: Response) -> str:
    """The address of the site's own feed: what the home page names first that is not the
    comments' feed and not at another host, else `feed/` below it."""
    for tag in link_tags(home.body):
        href = _HREF.search(tag) if _FEED.search(tag) else None
        if href and b"comments" not in href[1]:
            link = unescaped(href[1].decode("utf-8", "replace"))
            url = resolved(link, home.url)
            if url and host_of(url) == host_of(home.url):
                return url
    return urljoin(home.url, "feed/")


class Feed:
    """All articles' addresses below `ground` that the first of the feeds at `addresses` names
    that names any, read through `fetch`; those at other hosts are not asked for.

    `to_the_end` may be set to False and `known` to True while it is walked: pages behind one of
    which all is known are then left out. `pages` counts what was read, `problems` tells what
    could not be, `remarks` where it ends for good though older posts may be missing; `clock` is
    the site's.
    """

    def __init__(
        self, addresses: Iterable[str], fetch: Fetch, ground: str, most: int = MAX_PAGES
    ) -> None:
        own = (url for url in addresses if host_of(url) == host_of(ground))
        self._addresses = list({spelling(url): url for url in own}.values())
        self._ground = ground
        self._fetch = fetch
        self._most = most
        self.to_the_end = True
        self.known = False
        self.pages = 0
        self.clock: datetime | None = None
        self.problems: list[str] = []
        self.remarks: list[str] = []

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The posts, a page at a time, newest first, until a page brings nothing new."""
        failures: list[str] = []
        for address in self._addresses:
            given = False
            async for posts in self._walk(address):
                given = True
                yield posts
            if given:
                return
            failures += self.problems
            self.problems = []
        self.problems = failures

    async def _walk(self, address: str) -> AsyncIterator[list[ListedPost]]:
        seen: set[str] = set()
        mark = "&" if "?" in address else "?"
        for number in range(1, self._most + 1):
            url = address if number == 1 else f"{address}{mark}paged={number}"
            posts = await self._page(url, number)
            new = [post for post in posts if spelling(post.url) not in seen]
            if not new:
                if posts:
                    self.remarks.append(_again(address, number))
                return
            seen.update(spelling(post.url) for post in new)
            yield new
            if self.known and not self.to_the_end:
                return
        self.remarks.append(
            f"{address} has more than {self._most} pages; the posts behind them were left"
        )

    async def _page(self, url: str, number: int) -> list[ListedPost]:
        """One page's posts; none behind the last page, which answers 404."""
        try:
            response = await self._fetch(url)
        except Unreachable as error:
            self.problems.append(str(error))
            return []
        if response.status != 200:
            if response.status != 404:
                self.problems.append(f"{url} answers {response.status}")
            return []
        clock = clock_of(response)
        try:
            posts = await aside(parse, response.body, response.url, clock)
        except NotAFeed:
            if number > 1:
                self.problems.append(f"{url} is no feed")
            return []
        self.pages += 1
        self.clock = self.clock or clock
        return [post for post in posts if is_below(post.url, self._ground)]


def _again(address: str, number: int) -> str:
    if number == 2:
        return f"{address} lists its newest posts only; older ones are not in it"
    return f"{address} ends with page {number - 1}; behind it come posts that it named before"
