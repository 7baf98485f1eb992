"""The sitemaps of a site: those that robots.txt or sites.toml names, else those at usual places;
and all files that they name.

An index may name files on another host (a CDN), and these are read. But an article's address must
be on the site itself.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from datetime import UTC, datetime
from urllib.parse import urljoin, urlsplit

from scrapy.http import Response

from archive.errors import Unreachable
from archive.http.urls import host_of, spelling
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from spiders.fetch import Fetch, clock_of
from spiders.sources.markup import GZIP
from spiders.sources.own_addresses import OwnAddresses, read_own
from spiders.sources.sitemap_budget import MAX_FILES, SitemapBudget
from spiders.sources.sitemap_file import LARGEST, Named, NotASitemap, Sitemap
from spiders.sources.steps import TooHeavy, aside

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
# After so many files of another host without an address of this site, its other files are left.
_STRANGE = 3
_FEW = 5
# On many sites robots.txt or an index from a cache names a file that does not exist any more.
_GONE = (404, 410)
_FORBIDDEN = (Reason.ROBOTS, Reason.NOT_ALLOWED)
# Children of an index that list no articles; all others are read.
_NO_ARTICLES = re.compile(
    r"wp-sitemap-(taxonomies|users)-|wp-sitemap-posts-(page|attachment|product)-"
    r"|(?:^|/)(category|post_tag|post-tag|post_format|author|page|attachment|product|product_cat"
    r"|product_tag|local|addl|video|image|e-landing-page|elementor_library)-sitemap\d*\.xml"
    r"|sitemap-(tax|pt-page|authors|archives|misc|externals|home|root|category|posttype-page)"
    # WordPress's own, with plain permalinks.
    r"|[?&]sitemap=(taxonomies|users)|[?&]sitemap-subtype=(page|attachment|product)(&|$)"
)


class Sitemaps:
    """The addresses of all articles that the sitemaps of the site at `home` name.

    `named` are the sitemaps that robots.txt or sites.toml names; at most `most` files are read,
    through `fetch`. `choose` may be set to a function that chooses the children of an index to
    read. `problems` tell what could not be read, `remarks` what is left out in every run; `files`
    is how many were read. If none was named, `start` is the one that was found among `guesses`.
    `latest` tells that only the newest articles are named, as in feeds.
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
        self._guesses = guesses
        self._fetch = fetch
        self.choose: Callable[[list[Named]], list[Named]] = list
        self.problems: list[str] = []
        self.remarks: list[str] = []
        self.latest = False
        self.named = 0
        self.start: str | None = None
        self.clock: datetime | None = None
        self._read_already: set[str] = set()
        self._strange: Counter[str] = Counter()
        self._budget = SitemapBudget(most)
        # Hosts below that of the site, with other languages or editions.
        self._branches: set[str] = set()

    @property
    def files(self) -> int:
        """How many files were read."""
        return self._budget.files

    async def walk(self) -> AsyncIterator[list[ListedPost]]:
        """The addresses of articles, a file at a time."""
        async for sitemap in self.read():
            yield [ListedPost(url=entry.url) for entry in sitemap.addresses]

    async def read(self) -> AsyncIterator[Sitemap]:
        """The files with the addresses of articles: all `named` sitemaps; if those give nothing, or
        only the newest, the first usual place that gives more."""
        found = latest = False
        for start in self._named:
            async for sitemap in self._read(start, 1):
                found = found or (bool(sitemap.addresses) and not sitemap.latest)
                latest = latest or bool(sitemap.addresses)
                yield sitemap
        self._budget.begin_anew()
        for guess in self._guesses:
            if found:
                break
            async for sitemap in self._read(urljoin(self._home, guess), 0):
                found = found or (bool(sitemap.addresses) and not sitemap.latest)
                latest = latest or bool(sitemap.addresses)
                self.start = urljoin(self._home, guess)
                yield sitemap
        self.latest = latest and not found
        self.remarks += [
            f"the sitemaps name addresses at {host}, which were left. Is that a part of the site?"
            f' Then give it a table of its own in sites.toml: url = "https://{host}/"'
            for host in sorted(self._branches)
        ]

    async def _read(self, url: str, depth: int) -> AsyncIterator[Sitemap]:
        """The file at `url` and those that it names. `depth` is 0 for a guess, 1 for a named file,
        more for a file that an index names."""
        if spelling(url) in self._read_already:
            return
        if self._strange[host_of(url)] >= _STRANGE:
            self._remark(f"the other sitemaps at {urlsplit(url).netloc} were left")
            return
        if left := self._budget.spent():
            self._tell_the_rest(left)
            return
        self._read_already.add(spelling(url))
        own = await self._load(url, depth)
        if own is None:
            self._strange[host_of(url)] += not self._ours(url)
            return
        sitemap = own.sitemap
        sitemap.addresses = own.entries()
        self._branches |= own.branches
        self._look_at(own)
        self._budget.read(sitemap)
        if not sitemap.children:
            yield sitemap
        children = self.choose(_with_articles(sitemap.children))
        self.named += len(children)
        if children and depth >= MAX_DEPTH:
            self.problems.append(f"{url} is the {depth}th index in a row; what it names was left")
            return
        for child in children:
            async for found in self._read(child.url, max(depth, 1) + 1):
                yield found

    async def _load(self, url: str, depth: int) -> OwnAddresses | None:
        """The file at `url`. If it is no sitemap: None, and a problem is noted. A place that was
        only guessed is a problem only if the site itself fails."""
        try:
            response = await self._fetch(url, allow_offsite=True, maxsize=LARGEST)
        except Unreachable as error:
            self._unread(url, error, depth)
            return None
        if response.status != 200:
            told = self.remarks if response.status in _GONE else self.problems
            if depth or response.status >= 500:
                told.append(f"{url} answers {response.status}")
            self._budget.fail(depth)
            return None
        try:
            packed = response.body.startswith(GZIP)
            where = (response.url, self._home)
            own = await aside(read_own, response.body, *where, packed=packed)
        except TooHeavy as error:
            self.problems.append(f"{url} was not read: {error}")
            self._budget.fail(depth)
            return None
        except NotASitemap:
            self.problems += [f"{url} is no sitemap"] if depth else []
            self._budget.fail(depth)
            return None
        self._note(url, own.sitemap, response)
        return own

    def _unread(self, url: str, error: Unreachable, depth: int) -> None:
        if not self._ours(url):
            # Its other files are not tried: each attempt may take a minute.
            self._strange[host_of(url)] += _STRANGE
        if error.reason == Reason.TOO_LARGE:
            self.problems.append(f"{url} is longer than {LARGEST // 2**20} MB and was not read")
            self._budget.fail(depth)
        elif error.reason not in _FORBIDDEN:
            self.problems.append(str(error))
            self._budget.fail(depth)
        elif depth:
            self.remarks.append(f"{url} may not be read ({error.reason})")

    def _note(self, url: str, sitemap: Sitemap, response: Response) -> None:
        sitemap.url = url
        # A CDN may send yesterday's Date.
        clock = clock_of(response) if self._ours(response.url) else datetime.now(UTC)
        self.clock = self.clock or clock
        if not sitemap.whole:
            self.problems.append(f"{url} is cut or broken; what it names was taken")
        if sitemap.limit:
            self.problems.append(f"{url} {sitemap.limit}; the rest was left")
        if sitemap.bad:
            (link, why), count = sitemap.bad[0], len(sitemap.bad)
            more = f" and {count - 1} more" if count > 1 else ""
            self.remarks.append(f"{url} names what is no address: {link[:200]} ({why}){more}")

    def _look_at(self, own: OwnAddresses) -> None:
        """Note if the file is not of this site: an index may name files of other sites."""
        url, ours = own.sitemap.url, own.below or bool(own.sitemap.children)
        if not ours and own.named:
            self.remarks.append(f"{url} names {own.named} addresses, none below {self._home}")
        if not self._ours(url):
            self._strange[host_of(url)] = 0 if ours else self._strange[host_of(url)] + 1

    def _remark(self, remark: str) -> None:
        self.remarks += [] if remark in self.remarks else [remark]

    def _tell_the_rest(self, why: str) -> None:
        problem = f"{why}; the rest was left"
        if self._budget.is_whole and problem not in self.problems:
            self.problems.append(problem)

    def _ours(self, url: str) -> bool:
        return host_of(url) == host_of(self._home)


def _with_articles(children: list[Named]) -> list[Named]:
    """`children` without those that list no articles; all of them if none would be left."""
    return [child for child in children if not _NO_ARTICLES.search(child.url)] or children


def few(sentences: list[str]) -> list[str]:
    """The first of `sentences`, and how many more there are: hundreds of files may fail in the same
    way."""
    more = len(sentences) - _FEW
    return sentences if more <= 0 else [*sentences[:_FEW], f"and {more} more of this kind"]
