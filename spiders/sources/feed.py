"""Paged feeds (RSS 2.0): `/feed/?paged=N` goes back to the very first post, ten a page.

A feed's ETag is the whole site's, the same for every page of it, so no page but the first
may ever be asked for conditionally; here none is.
"""

from __future__ import annotations

import re
from collections.abc import AsyncIterator
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime
from urllib.parse import urljoin

from lxml import etree
from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import is_below, spelling
from archive.index.index import ListedPost
from spiders.fetch import Fetch, clock_of

MAX_PAGES = 5_000
_ALTERNATE = re.compile(rb'<link[^>]+type=["\']application/rss\+xml["\'][^>]*>', re.IGNORECASE)
_HREF = re.compile(rb'href=["\']([^"\']+)')
_GUID = re.compile(r"[?&]p=(\d+)")
_GUID_TYPE = re.compile(r"[?&]post_type=([\w-]+)")


class NotAFeed(ValueError):
    """The bytes are no RSS feed: the home page, as a rule, which plain permalinks give."""


def feed_of(home: Response) -> str:
    """The address of the site's own feed: what the home page names first that is not the
    comments' feed, else `feed/` below it."""
    for tag in _ALTERNATE.findall(home.body):
        href = _HREF.search(tag)
        if href and b"comments" not in href[1]:
            return home.urljoin(href[1].decode("utf-8", "replace").replace("&#038;", "&"))
    return urljoin(home.url, "feed/")


def parse(body: bytes) -> list[ListedPost]:
    """The posts of one page of a feed; NotAFeed if it is none."""
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body.lstrip(b"\xef\xbb\xbf \t\r\n"), parser)
    except etree.XMLSyntaxError as error:
        raise NotAFeed from error
    if root is None or etree.QName(root).localname != "rss":
        raise NotAFeed
    posts = (_found(item) for item in root.iterfind("channel/item"))
    return [post for post in posts if post]


class Feed:
    """All articles' addresses below `ground` that the feed at `address` names, read through
    `fetch`.

    `to_the_end` may be set to False and `known` to True while it is walked: pages behind one of
    which all is known are then left out. `pages` counts what was read, `problems` tells what
    could not be; `clock` is the site's.
    """

    def __init__(self, address: str, fetch: Fetch, ground: str) -> None:
        self._address = address
        self._ground = ground
        self._fetch = fetch
        self.to_the_end = True
        self.known = False
        self.pages = 0
        self.clock: datetime | None = None
        self.problems: list[str] = []

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The posts, a page at a time, newest first, until a page brings nothing new."""
        seen: set[str] = set()
        mark = "&" if "?" in self._address else "?"
        for number in range(1, MAX_PAGES + 1):
            url = self._address if number == 1 else f"{self._address}{mark}paged={number}"
            posts = await self._page(url, number)
            new = [post for post in posts if spelling(post.url) not in seen]
            if not new:
                return
            seen.update(spelling(post.url) for post in new)
            yield new
            if self.known and not self.to_the_end:
                return

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
        try:
            posts = parse(response.body)
        except NotAFeed:
            if number > 1:
                self.problems.append(f"{url} is no feed")
            return []
        self.pages += 1
        self.clock = self.clock or clock_of(response)
        return [post for post in posts if is_below(post.url, self._ground)]


def _found(item: etree._Element) -> ListedPost | None:
    link = (item.findtext("link") or "").strip()
    if not link:
        return None
    guid = item.findtext("guid") or ""
    number, kind = _GUID.search(guid), _GUID_TYPE.search(guid)
    title = (item.findtext("title") or "").strip()
    return ListedPost(
        url=link,
        post_type=(kind[1] if kind else "post") if number else None,
        post_id=int(number[1]) if number else None,
        title=title or None,
        published=_instant(item.findtext("pubDate")),
        date_source="feed",
    )


def _instant(text: str | None) -> datetime | None:
    """RFC 5322's date in UTC; plugins that turn dates to Jalali leave this one alone."""
    try:
        moment = parsedate_to_datetime((text or "").strip())
    except ValueError:
        return None
    return moment.replace(tzinfo=moment.tzinfo or UTC).astimezone(UTC)
