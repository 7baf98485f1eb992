"""Pages that list articles: the blog's own pages; if there is no blog, the archives of the years,
in the calendar of the site's addresses; else the pages of each category.

This is the last source, for a site without REST, sitemap and feed. A sticky post is on the first
page and once more at its own place, and each new post moves all others by one while the pages are
read. So a list ends with a 404 or a page without any new post. With some plugins the archives of
years have no end: they are read from today backwards.
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import AsyncIterator, Iterable
from datetime import UTC, datetime
from itertools import count
from urllib.parse import urljoin

from scrapy.http import Response, TextResponse

from archive.http.urls import is_below, resolved, spelling
from archive.index.listed_post import ListedPost
from archive.text.markup import LADEN_TAG, MAX_ATTRIBUTES
from archive.text.numbers import number_of
from spiders.fetch import Fetch, clock_of
from spiders.sources.own_addresses import NEVER
from spiders.sources.paged_list import MAX_PAGES, PagedList

LARGEST = 4 << 20
"""Bytes of the largest list page; lxml needs a second for four times as many."""
# After so many years without a post, older years have none either.
_EMPTY_YEARS = 2
_FIRST_YEAR, _FIRST_JALALI_YEAR = 1995, 1374
_JALALI = re.compile(r"/1[34]\d\d/\d\d?/")
# The address of a day, a month or a year is a list of posts.
# A link that means an address, and not a script or a mark on the page.
_MEANT = re.compile(r"\s*(?:https?:)?//", re.I)
_NEVER = re.compile(NEVER.pattern + r"|/(1[34]|19|20)\d\d(/\d\d?){0,2}/?$")
# Outside the main column there are teasers of other posts.
_MAIN = "[not(ancestor::nav or ancestor::aside or ancestor::footer)]"
# In all themes that call post_class() every post in a list has its ID as a class.
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
# Without post_class(): headlines with a link, outside of the parts that every page repeats.
_HEADLINES = (
    f"//*[self::h1 or self::h2 or self::h3 or self::h4]{_MAIN}[not(ancestor::header)]//a/@href"
)
_CATEGORIES = "//a[contains(@href, '/category/') or contains(@rel, 'category')]/@href"


class ArchivePages(PagedList):
    """The addresses of all articles in the lists below `home`.

    `kind` is which lists are complete: the home page with its further pages (`blog`), the archives
    of the years (`years`) or the categories (`categories`); None if that is not known yet.
    """

    def __init__(
        self,
        home: str,
        fetch: Fetch,
        ground: str,
        kind: str | None = None,
        most: int = MAX_PAGES,
    ) -> None:
        super().__init__(fetch, ground, most)
        self._home = home
        self.kind = kind
        self._seen: set[str | tuple[str, int]] = set()
        self._categories: list[str] = []
        self._dated: list[str] = []
        self._has_bad = False

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The posts, a page at a time, newest first: of the home page; if that is not the blog, as
        on most news sites, then of every year, else of every category."""
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
            if empty > _EMPTY_YEARS or self._is_enough():
                return

    async def _series(self, start: str) -> AsyncIterator[list[ListedPost]]:
        """The pages of one list, up to a 404 or a page without any new post."""
        self.known = False
        for number in count(1):
            if self.pages >= self._most:
                break
            url = start if number == 1 else urljoin(start, f"page/{number}/")
            posts = await self._page(url)
            new = [post for post in posts if self._see(post)]
            if new:
                yield new
            if not new or self._is_enough():
                return
        self._remark(
            f"the lists have more than {self._most} pages; the posts behind them were left"
        )

    def _see(self, post: ListedPost) -> bool:
        """Whether this post is seen for the first time; its addresses in both calendars count as
        one."""
        keys: set[str | tuple[str, int]] = {spelling(post.url)}
        if post.post_type and post.post_id:
            keys.add((post.post_type, post.post_id))
        unseen = keys.isdisjoint(self._seen)
        self._seen |= keys
        return unseen

    async def _page(self, url: str) -> list[ListedPost]:
        response = await self._answer(url, maxsize=LARGEST)
        if not isinstance(response, TextResponse):
            self.problems += [f"{url} is no web page"] if response is not None else []
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
        """`links` as addresses, each once, without those of other sites. A link that should be an
        address and is none may have been an article's: that is told, once."""
        addresses = {link: resolved(link, response.url) for link in links}
        bad = (link for link, url in addresses.items() if url is None and _MEANT.match(link))
        if not self._has_bad and (link := next(bad, None)):
            self._has_bad = True
            self._remark(f"the lists link to what is no address: {link[:200]} It was left.")
        found = dict.fromkeys(addresses.values())
        return [url for url in found if url and is_below(url, self._ground)]


def _years_back(addresses: list[str], today: datetime) -> range:
    """The years from this one backwards, in the calendar of the articles' addresses."""
    if any(_JALALI.search(url) for url in addresses):
        # Before the new year in March this is the next year, which is empty.
        return range(today.year - 621, _FIRST_JALALI_YEAR - 1, -1)
    return range(today.year, _FIRST_YEAR - 1, -1)
