"""Pages that list articles: the blog's own pages, and each category's where there is no blog.

The last source, for a site that offers neither REST nor sitemap nor feed. A sticky post
stands on the first page and again in its place, and every new post shifts all pages by one
while they are read, so the end is a 404 or a page on which nothing is unseen.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import datetime
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from archive.address import is_below, spelling
from archive.errors import Unreachable
from archive.index import Found
from spiders.fetch import Fetch, clock_of
from spiders.sitemap import NEVER

MAX_PAGES = 5_000
# post_class() gives every post in a list its number, in all themes that call it.
_POSTS = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' hentry ')"
    " or re:test(@class, '(^|\\s)post-[0-9]+(\\s|$)')][not(self::body)]"
)
_POST_ID = re.compile(r"(?:^|\s)post-(\d+)(?:\s|$)")
_POST_TYPE = re.compile(r"(?:^|\s)type-([\w-]+)(?:\s|$)")
_OWN_LINK = (
    ".//a[@rel='bookmark']/@href",
    ".//*[self::h1 or self::h2 or self::h3 or self::h4]//a/@href",
)
# Without post_class(): headlines with a link, outside what every page repeats.
_HEADLINES = (
    "//*[self::h1 or self::h2 or self::h3 or self::h4]"
    "[not(ancestor::nav or ancestor::aside or ancestor::header or ancestor::footer)]//a/@href"
)
_CATEGORIES = "//a[contains(@href, '/category/') or contains(@rel, 'category')]/@href"


class Lists:
    """All articles' addresses below `ground` that the list pages below `home` name, read
    through `fetch`.

    `pages` counts the lists read, `problems` tells what could not be; `clock` is the site's.
    """

    newest_first = True

    def __init__(self, home: str, fetch: Fetch, ground: str) -> None:
        self._home = home
        self._ground = ground
        self._fetch = fetch
        self.pages = 0
        self.clock: datetime | None = None
        self.problems: list[str] = []
        self._categories: list[str] = []

    async def walk(self) -> AsyncIterator[list[Found]]:
        """The posts, a page at a time, newest first; the categories only if the home page
        and its `page/2/` list nothing."""
        found = False
        async for posts in self._walk(self._home):
            found = True
            yield posts
        for category in [] if found else list(self._categories):
            async for posts in self._walk(category):
                yield posts

    async def _walk(self, start: str) -> AsyncIterator[list[Found]]:
        seen: set[str] = set()
        for number in range(1, MAX_PAGES + 1):
            url = start if number == 1 else urljoin(start, f"page/{number}/")
            posts = await self._page(url)
            new = [post for post in posts if spelling(post.url) not in seen]
            if not new:
                return
            seen.update(spelling(post.url) for post in new)
            yield new

    async def _page(self, url: str) -> list[Found]:
        try:
            response = await self._fetch(url)
        except Unreachable as error:
            self.problems.append(str(error))
            return []
        if response.status != 200 or not isinstance(response, TextResponse):
            if response.status != 404:
                self.problems.append(f"{url} answers {response.status}")
            return []
        self.pages += 1
        self.clock = self.clock or clock_of(response)
        if url == self._home:
            self._categories = self._own(response, response.xpath(_CATEGORIES).getall())
        return self._posts(response)

    def _posts(self, response: TextResponse) -> list[Found]:
        posts = []
        for element in response.xpath(_POSTS):
            own_links = (element.xpath(path).get() for path in _OWN_LINK)
            link = next((found for found in own_links if found), None)
            if link and (own := self._own(response, [link])):
                classes = element.attrib.get("class", "")
                number, kind = _POST_ID.search(classes), _POST_TYPE.search(classes)
                posts.append(
                    Found(
                        url=own[0],
                        post_type=(kind[1] if kind else "post") if number else None,
                        post_id=int(number[1]) if number else None,
                    )
                )
        if posts:
            return posts
        links = self._own(response, response.xpath(_HEADLINES).getall())
        return [Found(url=link) for link in links if not NEVER.search(link)]

    def _own(self, response: Response, links: list[str]) -> list[str]:
        """`links` as addresses, each once, those of other sites left out."""
        addresses = dict.fromkeys(response.urljoin(link.strip()) for link in links)
        return [url for url in addresses if is_below(url, self._ground)]
