"""Sitemaps (sitemaps.org) in the shapes WordPress gives them: core, Yoast, Rank Math, AIOSEO.

They are read by what they contain, not by name or Content-Type: gzip, a byte order mark,
`text/html` and blank lines before the declaration all occur.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from typing import NamedTuple
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.coding import DECODED_LIMIT
from archive.errors import Unreachable
from archive.http.urls import host_of, is_below, spelling
from archive.index.index import ListedPost
from spiders.fetch import Fetch, clock_of

# Below the home page, which need not be at the root of its host.
GUESSES = (
    "wp-sitemap.xml",
    "?sitemap=index",  # with plain permalinks
    "sitemap_index.xml",
    "sitemap.xml",
    "news-sitemap.xml",
    "sitemap-news.xml",
)
MAX_DEPTH = 3
MAX_FILES = 500
MAX_ADDRESSES = 50_000
# Children of an index that list no articles; a name not listed here is read.
_NO_ARTICLES = re.compile(
    r"wp-sitemap-(taxonomies|users)-|wp-sitemap-posts-(page|attachment|product)-"
    r"|(?:^|/)(category|post_tag|post-tag|post_format|author|page|attachment|product|product_cat"
    r"|product_tag|local|addl|video|image|e-landing-page|elementor_library)-sitemap\d*\.xml"
    r"|sitemap-(tax|pt-page|authors|archives|misc|externals|home|root|category|posttype-page)"
    # Core's with plain permalinks.
    r"|[?&]sitemap=(taxonomies|users)|[?&]sitemap-subtype=(page|attachment|product)(&|$)"
)
# Addresses on a site that are never an article.
NEVER = re.compile(
    r"/(feed|embed|trackback|amp|print|author|tag|category|wp-json|page/\d+|comment-page-\d+)/?$"
    r"|/(author|tag|category|wp-json|wp-admin|wp-content)/"
    r"|[?&](replytocom|share|s|attachment_id|page_id|cat|tag|author|m|paged|feed)="
)


class Named(NamedTuple):
    """An address in a sitemap, and its `lastmod` as the file spells it."""

    url: str
    lastmod: str | None


def is_a_list(url: str) -> bool:
    """Whether `url` is of a page that lists posts, or of none at all: a post that is gone is
    led to the home page or to its category by some plugins."""
    parts = urlsplit(url)
    return bool(NEVER.search(url)) or not (parts.path.strip("/") or parts.query)


@dataclass(slots=True)
class Sitemap:
    """A parsed file: an index's `children` or a set of `addresses`; `whole` is False if it
    ended before its closing tag. `url` is where it was."""

    children: list[Named] = field(default_factory=list)
    addresses: list[Named] = field(default_factory=list)
    whole: bool = True
    url: str = ""


class NotASitemap(ValueError):
    """The bytes are no sitemap; a failure, not an empty one."""


def parse(body: bytes) -> Sitemap:
    """Read a sitemap or a sitemap index; NotASitemap if it is neither."""
    body = _plain(body).strip(b"\xef\xbb\xbf \t\r\n")
    parser = etree.XMLParser(
        recover=True, resolve_entities=False, no_network=True, load_dtd=False, huge_tree=False
    )
    try:
        root = etree.fromstring(body, parser)
    except etree.XMLSyntaxError as error:
        raise NotASitemap from error
    kind = etree.QName(root).localname if root is not None else ""
    if kind not in ("urlset", "sitemapindex"):
        raise NotASitemap
    named = (_named(entry) for entry in root.iterfind("{*}*"))
    found = list(islice((entry for entry in named if entry), MAX_ADDRESSES))
    whole = body.endswith((f"{kind}>".encode(), b"/>", b"-->"))
    if not whole:
        # It may have been cut in the middle of an address.
        found = found[:-1]
    if kind == "sitemapindex":
        return Sitemap(children=found, whole=whole)
    return Sitemap(addresses=found, whole=whole)


def _named(entry: etree._Element) -> Named | None:
    url = (entry.findtext("{*}loc") or "").strip()
    return Named(url, (entry.findtext("{*}lastmod") or "").strip() or None) if url else None


class Sitemaps:
    """All articles' addresses that the sitemaps of the site at `home` name.

    `named` are the sitemaps that robots.txt or sites.toml names, `fetch` reads them, `most` of
    them at most. `choose` may be set to what says which children of an index are to be read.
    `problems` tells what could not be read, `files` counts what was. `start` is the one that
    was found by guessing among `guesses`, if none was named.
    """

    to_the_end = True
    known = False

    def __init__(
        self,
        home: str,
        named: Iterable[str],
        fetch: Fetch,
        most: int = MAX_FILES,
        guesses: Sequence[str] = GUESSES,
    ) -> None:
        self._home = home
        self._named = list(named)
        self._most = most
        self._guesses = guesses
        self._fetch = fetch
        self.choose: Callable[[list[Named]], list[Named]] = list
        self.problems: list[str] = []
        self.files = 0
        self.named = 0
        self.start: str | None = None
        self.clock: datetime | None = None
        self._read_already: set[str] = set()

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The articles' addresses, a file at a time."""
        async for sitemap in self.read():
            yield [ListedPost(url=entry.url) for entry in sitemap.addresses]

    async def read(self) -> AsyncIterator[Sitemap]:
        """The files with their articles' addresses: all sitemaps `named`; if those give
        nothing, the first usual place that does."""
        found = False
        for start in self._named:
            async for sitemap in self._read(start, 1):
                found = found or bool(sitemap.addresses)
                yield sitemap
        for guess in self._guesses:
            if found:
                return
            async for sitemap in self._read(urljoin(self._home, guess), 1):
                found = found or bool(sitemap.addresses)
                self.start = urljoin(self._home, guess)
                yield sitemap

    async def _read(self, url: str, depth: int) -> AsyncIterator[Sitemap]:
        if spelling(url) in self._read_already or not self._ours(url):
            return
        if self.files >= self._most:
            self._tell_the_rest()
            return
        self._read_already.add(spelling(url))
        sitemap = await self._load(url, depth)
        if sitemap is None:
            return
        sitemap.addresses = [entry for entry in sitemap.addresses if self._article(entry.url)]
        if not sitemap.children:
            yield sitemap
        children = self.choose(_with_articles(sitemap.children))
        self.named += len(children)
        if children and depth >= MAX_DEPTH:
            self.problems.append(f"{url} is the {depth}th index in a row; what it names was left")
            return
        for child in children:
            async for found in self._read(child.url, depth + 1):
                yield found

    async def _load(self, url: str, depth: int) -> Sitemap | None:
        try:
            response = await self._fetch(url)
        except Unreachable as error:
            self.problems.append(str(error))
            return None
        if response.status != 200:
            if depth > 1 or response.status >= 500:
                self.problems.append(f"{url} answers {response.status}")
            return None
        try:
            sitemap = parse(response.body)
        except NotASitemap:
            if depth > 1:
                self.problems.append(f"{url} is no sitemap")
            return None
        self.files += 1
        sitemap.url = url
        self.clock = self.clock or clock_of(response)
        if not sitemap.whole:
            self.problems.append(f"{url} is cut or broken; what it names was taken")
        return sitemap

    def _tell_the_rest(self) -> None:
        problem = f"there are more than {MAX_FILES} sitemaps; the rest was left"
        if self._most >= MAX_FILES and problem not in self.problems:
            self.problems.append(problem)

    def _ours(self, url: str) -> bool:
        """Same site only: paid links stand in sitemaps too."""
        return host_of(url) == host_of(self._home)

    def _article(self, url: str) -> bool:
        path, home = (urlsplit(place).path.rstrip("/") for place in (url, self._home))
        # With plain permalinks every article stands at the home page's path: /?p=17.
        is_home = path == home and not urlsplit(url).query
        return is_below(url, self._home) and not is_home and not NEVER.search(url)


def _with_articles(children: list[Named]) -> list[Named]:
    """Without the children known to list no articles; all of them if nothing would be left."""
    return [child for child in children if not _NO_ARTICLES.search(child.url)] or children


def _plain(body: bytes) -> bytes:
    """`body` without gzip, if it is gzip (by its magic bytes), 16 MiB of it at most."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, DECODED_LIMIT)
    except zlib.error as error:
        raise NotASitemap from error
