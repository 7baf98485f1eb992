"""Sitemaps (sitemaps.org) in the shapes WordPress gives them: core, Yoast, Rank Math, AIOSEO.

They are read by what they contain, not by name or Content-Type: gzip, a byte order mark,
`text/html` and blank lines before the declaration all occur.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass, field
from urllib.parse import urljoin, urlsplit

from lxml import etree

from archive.address import host_of, spelling
from archive.errors import Unreachable
from archive.index import Found
from archive.message import DECODED_LIMIT
from spiders.fetch import Fetch

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
    r"|[?&](replytocom|s|attachment_id|page_id|cat|tag|author|m|paged|feed)="
)


@dataclass(slots=True)
class Sitemap:
    """A parsed file: an index's `children` or a set of `addresses`; `whole` is False if it
    ended before its closing tag."""

    children: list[str] = field(default_factory=list)
    addresses: list[str] = field(default_factory=list)
    whole: bool = True


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
    places = root.iterfind("{*}*/{*}loc")
    found = [loc.text.strip() for loc in places if loc.text][:MAX_ADDRESSES]
    whole = body.endswith((f"{kind}>".encode(), b"/>", b"-->"))
    if kind == "sitemapindex":
        return Sitemap(children=found, whole=whole)
    return Sitemap(addresses=found, whole=whole)


class Sitemaps:
    """All articles' addresses that the sitemaps of the site at `home` name.

    `named` are the sitemaps that robots.txt or sites.toml names, `fetch` reads them.
    `problems` tells what could not be read; `files` counts what was, `most` of them at most.
    """

    newest_first = False

    def __init__(
        self, home: str, named: Iterable[str], fetch: Fetch, most: int = MAX_FILES
    ) -> None:
        self._home = home
        self._named = list(named)
        self._most = most
        self._fetch = fetch
        self.problems: list[str] = []
        self.files = 0
        self._read_already: set[str] = set()

    async def walk(self) -> AsyncIterator[list[Found]]:
        """The articles' addresses, a file at a time: from all sitemaps `named`; if those give
        nothing, from the first usual place that does."""
        found = False
        for start in self._named:
            async for pages in self._read(start, 1):
                found = True
                yield pages
        for guess in GUESSES:
            if found:
                return
            async for pages in self._read(urljoin(self._home, guess), 1):
                found = True
                yield pages

    async def _read(self, url: str, depth: int) -> AsyncIterator[list[Found]]:
        if spelling(url) in self._read_already or self.files >= self._most or not self._ours(url):
            return
        self._read_already.add(spelling(url))
        sitemap = await self._load(url, depth)
        if sitemap is None:
            return
        pages = [Found(url=loc) for loc in sitemap.addresses if self._article(loc)]
        if pages:
            yield pages
        if depth < MAX_DEPTH:
            for child in _with_articles(sitemap.children):
                async for pages in self._read(child, depth + 1):
                    yield pages

    async def _load(self, url: str, depth: int) -> Sitemap | None:
        try:
            response = await self._fetch(url)
        except Unreachable as error:
            self.problems.append(str(error))
            return None
        if response.status != 200:
            if depth > 1:
                self.problems.append(f"{url} answers {response.status}")
            return None
        try:
            sitemap = parse(response.body)
        except NotASitemap:
            if depth > 1:
                self.problems.append(f"{url} is no sitemap")
            return None
        self.files += 1
        if not sitemap.whole:
            self.problems.append(f"{url} is cut or broken; what it names was taken")
        return sitemap

    def _ours(self, url: str) -> bool:
        """Same site only: paid links stand in sitemaps too."""
        return host_of(url) == host_of(self._home)

    def _article(self, url: str) -> bool:
        path, home = (urlsplit(place).path.rstrip("/") for place in (url, self._home))
        # With plain permalinks every article stands at the home page's path: /?p=17.
        is_home = path == home and not urlsplit(url).query
        return self._ours(url) and not is_home and not NEVER.search(url)


def _with_articles(children: list[str]) -> list[str]:
    """Without the children known to list no articles; all of them if nothing would be left."""
    return [child for child in children if not _NO_ARTICLES.search(child)] or children


def _plain(body: bytes) -> bytes:
    """`body` without gzip, if it is gzip (by its magic bytes), 16 MiB of it at most."""
    if not body.startswith(b"\x1f\x8b"):
        return body
    try:
        return zlib.decompressobj(31).decompress(body, DECODED_LIMIT)
    except zlib.error as error:
        raise NotASitemap from error
