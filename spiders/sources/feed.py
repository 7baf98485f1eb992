"""Paged feeds: `/feed/?paged=N` goes back to the very first post, with ten posts on a page.

The ETag of a feed is that of the whole site: it is the same on every page. So a conditional request
would be wrong for all pages but the first; here no request is conditional.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator, Iterable
from urllib.parse import urljoin

from scrapy.http import Response

from archive.http.urls import host_of, is_below, resolved, spelling
from archive.index.listed_post import ListedPost
from archive.text.markup import unescaped
from spiders.fetch import Fetch, clock_of
from spiders.sources.feed_page import NotAFeed, parse
from spiders.sources.link_tags import link_tags
from spiders.sources.paged_list import MAX_PAGES, PagedList
from spiders.sources.steps import TooHeavy, aside

_FEED = re.compile(rb"type=[\"']application/(?:rss|atom|rdf)\+xml[\"']", re.IGNORECASE)
_HREF = re.compile(rb"href=[\"']([^\"']+)", re.IGNORECASE)


def feed_of(home: Response) -> str:
    """The address of the site's own feed: the first that the home page names, without those of
    comments and those on other hosts; else `feed/` below the home page."""
    for tag in link_tags(home.body):
        href = _HREF.search(tag) if _FEED.search(tag) else None
        if href and b"comments" not in href[1]:
            link = unescaped(href[1].decode("utf-8", "replace"))
            url = resolved(link, home.url)
            if url and host_of(url) == host_of(home.url):
                return url
    return urljoin(home.url, "feed/")


class Feed(PagedList):
    """The addresses of all articles in the first feed at `addresses` that has any. Feeds on other
    hosts are not asked for."""

    def __init__(
        self, addresses: Iterable[str], fetch: Fetch, ground: str, most: int = MAX_PAGES
    ) -> None:
        super().__init__(fetch, ground, most)
        own = (url for url in addresses if host_of(url) == host_of(ground))
        self._addresses = list({spelling(url): url for url in own}.values())

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
            if self._is_enough():
                return
        self._remark(f"{address} has more than {self._most} pages; the posts behind them were left")

    async def _page(self, url: str, number: int) -> list[ListedPost]:
        """The posts of one page; none if it does not exist (404)."""
        response = await self._answer(url)
        if response is None:
            return []
        clock = clock_of(response)
        try:
            posts = await aside(parse, response.body, response.url, clock)
        except TooHeavy as error:
            self.problems.append(f"{url} was not read: {error}")
            return []
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
