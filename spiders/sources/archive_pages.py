"""Pages that list articles: the blog's own pages; where there is no blog, the archives of the
years, in the calendar of the site's addresses; else each category's.

The last source, for a site that offers neither REST nor sitemap nor feed. A sticky post
stands on the first page and again in its place, and every new post shifts all pages by one
while they are read, so the end is a 404 or a page on which nothing is unseen. Archives of
years go on for ever in some plugins' calendars: they are read from today back.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from archive.errors import Unreachable
from archive.http.urls import is_below, resolved, spelling
from archive.index.listed_post import ListedPost
from archive.text.markup import LADEN_TAG, MAX_ATTRIBUTES
from archive.text.numbers import number_of
from spiders.fetch import Fetch, clock_of
from spiders.sources.sitemap import NEVER

MAX_PAGES = 5_000
"""Pages read in a night, of all lists together."""
LARGEST = 4 << 20
"""Bytes of the largest list page; lxml needs a second for four times as many."""
# A site may have paused for so long; beyond that its first post was passed.
_EMPTY_YEARS = 2
_FIRST_YEAR, _FIRST_JALALI_YEAR = 1995, 1374
_JALALI = re.compile(r"/1[34]\d\d/\d\d?/")
# An address of a day, a month or a year lists posts.
_NEVER = re.compile(NEVER.pattern + r"|/(1[34]|19|20)\d\d(/\d\d?){0,2}/?$")
# Beside the main column other posts are teased.
_MAIN = "[not(ancestor::nav or ancestor::aside or ancestor::footer)]"
# post_class() gives every post in a list its number, in all themes that call it.
_POSTS = (
    "//*[contains(concat(' ', normalize-space(@class), ' '), ' hentry ')"
    " or re:test(@class, '(^|\\s)post-[0-9]+(\\s|$)')][not(self::body)]" + _MAIN
)
_POST_ID = re.compile(r"(?:^|\s)post-([0-9]{1,18})(?:\s|$)")
_POST_TYPE = re.compile(r"(?:^|\s)type-([a-z0-9_-]{1,64})(?:\s|$)")
_OWN_LINK = (
    ".//a[@rel='bookmark']/@href",
    ".//*[self::h1 or self::h2 or self::h3 or self::h4]//a/@href",
)
# Without post_class(): headlines with a link, outside what every page repeats.
_HEADLINES = (
    f"//*[self::h1 or self::h2 or self::h3 or self::h4]{_MAIN}[not(ancestor::header)]//a/@href"
)
_CATEGORIES = "//a[contains(@href, '/category/') or contains(@rel, 'category')]/@href"


class ArchivePages:
    """All articles' addresses below `ground` that the list pages below `home` name, read
    through `fetch`.

    `kind` is what was found to be complete: the home page and its further pages (`blog`), the
    archives of the years (`years`) or the categories (`categories`); None before. `to_the_end`
    may be set to False and `known` to True while it is walked: pages behind one of which all
    is known are then left out. `pages` counts the lists read, `problems` tells what could not
    be, `remarks` which list was left before its end; `clock` is the site's.
    """

    def __init__(
        self,
        home: str,
        fetch: Fetch,
        ground: str,
        kind: str | None = None,
        most: int = MAX_PAGES,
    ) -> None:
        self._home = home
        self._ground = ground
        self._fetch = fetch
        self._most = most
        self.kind = kind
        self.to_the_end = True
        self.known = False
        self.pages = 0
        self.clock: datetime | None = None
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self._seen: set[str | tuple[str, int]] = set()
        self._categories: list[str] = []
        self._dated: list[str] = []

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The posts, a page at a time, newest first: of the home page; and where that is not
        the blog, as on most news sites, of every year, else of every category."""
        further = 0
        async for posts in self._series(self._home):
            further += 1
            yield posts
        if self.to_the_end:
            self.kind = "blog" if further > 1 else None
        if self.kind in (None, "years"):
            async for posts in self._years():
                self.kind = "years"
                yield posts
        if self.kind in (None, "categories"):
            for category in list(self._categories):
                async for posts in self._series(category):
                    self.kind = "categories"
                    yield posts

    async def _years(self) -> AsyncIterator[list[ListedPost]]:
        """The archives of the years in the site's calendar, back to the first post."""
        empty = 0
        for year in _years_back(self._dated, self.clock or datetime.now(UTC)):
            listed = False
            async for posts in self._series(urljoin(self._ground, f"{year}/")):
                listed = True
                yield posts
            empty = 0 if listed else empty + 1
            if empty > _EMPTY_YEARS or (self.known and not self.to_the_end):
                return

    async def _series(self, start: str) -> AsyncIterator[list[ListedPost]]:
        """The pages of one list, to a 404 or a page on which nothing is unseen."""
        self.known = False
        for number in count(1):
            if self.pages >= self._most:
                break
            url = start if number == 1 else urljoin(start, f"page/{number}/")
            posts = await self._page(url)
            new = [post for post in posts if self._see(post)]
            if new:
                yield new
            if not new or (self.known and not self.to_the_end):
                return
        self._remark(
            f"the lists have more than {self._most} pages; the posts behind them were left"
        )

    def _remark(self, remark: str) -> None:
        self.remarks += [] if remark in self.remarks else [remark]

    def _see(self, post: ListedPost) -> bool:
        """Whether this post is seen for the first time: both calendars' addresses are one."""
        keys: set[str | tuple[str, int]] = {spelling(post.url)}
        if post.post_type and post.post_id:
            keys.add((post.post_type, post.post_id))
        unseen = keys.isdisjoint(self._seen)
        self._seen |= keys
        return unseen

    async def _page(self, url: str) -> list[ListedPost]:
        try:
            response = await self._fetch(url, maxsize=LARGEST)
        except Unreachable as error:
            self.problems.append(str(error))
            return []
        if response.status != 200 or not isinstance(response, TextResponse):
            if response.status != 404:
                self.problems.append(f"{url} answers {response.status}")
            return []
        self.pages += 1
        self.clock = self.clock or clock_of(response)
        posts = await asyncio.to_thread(self._listed, response, url == self._home)
        return [post for post in posts if not _NEVER.search(post.url)]

    def _listed(self, response: TextResponse, is_home: bool) -> list[ListedPost]:
        """The posts on the page; to parse a large one takes seconds."""
        if LADEN_TAG.search(response.body):
            told = f"{response.url} has a tag with more than {MAX_ATTRIBUTES} attributes"
            self.problems.append(f"{told} and was not read")
            return []
        posts = self._posts(response)
        if is_home:
            links = (link.partition("?")[0] for link in response.xpath(_CATEGORIES).getall())
            self._categories = self._own(response, links)
            self._dated = [post.url for post in posts]
        return posts

    def _posts(self, response: TextResponse) -> list[ListedPost]:
        posts = []
        for element in response.xpath(_POSTS):
            own_links = (element.xpath(path).get() for path in _OWN_LINK)
            link = next((found for found in own_links if found), None)
            if link and (own := self._own(response, [link])):
                classes = element.attrib.get("class", "")
                number, kind = _POST_ID.search(classes), _POST_TYPE.search(classes)
                posts.append(
                    ListedPost(
                        url=own[0],
                        post_type=(kind[1] if kind else "post") if number else None,
                        post_id=number_of(number[1]) if number else None,
                    )
                )
        if posts:
            return posts
        links = self._own(response, response.xpath(_HEADLINES).getall())
        return [ListedPost(url=link) for link in links]

    def _own(self, response: Response, links: Iterable[str]) -> list[str]:
        """`links` as addresses, each once, those of other sites left out."""
        addresses = dict.fromkeys(resolved(link, response.url) for link in links)
        return [url for url in addresses if url and is_below(url, self._ground)]


def _years_back(addresses: list[str], today: datetime) -> range:
    """The years from today's back, by the calendar that the articles' addresses are in."""
    if any(_JALALI.search(url) for url in addresses):
        # Before the new year in March this is the year to come, and empty.
        return range(today.year - 621, _FIRST_JALALI_YEAR - 1, -1)
    return range(today.year, _FIRST_YEAR - 1, -1)
