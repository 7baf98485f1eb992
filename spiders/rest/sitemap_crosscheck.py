"""The cross-check of REST: compares what the sitemaps name with what REST listed.

Addresses that only the sitemaps name are fetched, too: if a site has several languages (WPML,
Polylang), REST lists only the posts of one. These pages are not compared with REST's total.
"""

from __future__ import annotations

import asyncio
from collections.abc import Iterable, Sequence
from datetime import UTC, datetime, timedelta
from heapq import nsmallest

from archive.http.urls import spelling
from archive.index.listed_post import ListedPost
from archive.index.state import Crosscheck, SomeAddresses
from archive.sites import Site
from spiders.fetch import Fetch, Take
from spiders.site_run import RunWriter
from spiders.sources.sitemap import GUESSES, Sitemaps, few
from spiders.sources.steps import steps

AGE = timedelta(days=6, hours=12)
MOST = 1_000
"""The most addresses that one run takes from the sitemaps alone; the next run goes on."""
_EXAMPLES = 10
_HARDLY = 0.1
_PLACES = "usual places of sitemaps"


class SitemapCrosscheck:
    """Compares the sitemaps that robots.txt or sites.toml names. Without any there is a cross-check
    only if REST is `doubtful`: then they are looked for at the usual places, once a week. Its last
    result is in the index (`crosscheck`); `take` brings pages into the index.
    """

    def __init__(
        self,
        site: Site,
        writer: RunWriter,
        home: str,
        fetch: Fetch,
        take: Take,
        *,
        doubtful: bool = False,
    ) -> None:
        self._site = site
        self._writer = writer
        self._index = writer.index
        self._home = home
        self._fetch = fetch
        self._take = take
        self._doubtful = doubtful

    def due(self, clock: datetime) -> bool:
        """Whether the last cross-check was a week ago by the site's clock, or some of its addresses
        are still to be taken. Never if sites.toml leaves out types or years: then the sitemaps name
        other pages than we keep."""
        if self._site.types or self._site.since:
            return False
        last = self._index.crawl_state.crosscheck
        if last is None or last.get("left") or _is_next_to_nothing(last):
            return True
        # A clock that was ahead once must not put it off for ever.
        return not timedelta(0) <= clock - datetime.fromisoformat(last["read"]) < AGE

    async def run(self, clock: datetime) -> None:
        """Read the sitemaps and take what only they name; store that, and what only REST lists."""
        state = self._index.crawl_state
        named = [self._site.sitemap] if self._site.sitemap else state.robots_sitemaps
        sitemaps = Sitemaps(self._home, named, self._fetch, guesses=self._guesses())
        addresses: dict[str, str] = {}
        async for pages in sitemaps.walk():
            async for part in steps(pages):
                addresses |= {spelling(page.url): page.url for page in part}
        only_in_rest = SomeAddresses(count=0, examples=[])
        only_here = dict(addresses)
        for live in self._index.live_addresses() if addresses else ():
            _add(only_in_rest, (url for key, url in live.items() if key not in addresses))
            for key in live:
                only_here.pop(key, None)
            await asyncio.sleep(0)
        left = await self._bring(only_here)
        self._writer.run.notes += few(sitemaps.remarks)
        if sitemaps.problems:
            self._note(f"the sitemaps could not all be compared with REST: {sitemaps.problems[0]}")
        elif addresses:
            state.crosscheck = {
                "source": "sitemap",
                "read": clock.isoformat(timespec="seconds"),
                "listed": len(addresses),
                "only_in_sitemap": _some(only_here.values()),
                "only_in_rest": only_in_rest,
                "left": left,
            }

    def _guesses(self) -> Sequence[str]:
        """The usual places if sitemaps are to be looked for in this run: if none were found, that
        is not believed for more than a week."""
        state, now = self._index.crawl_state, datetime.now(UTC)
        looked = state.read_to_its_end(_PLACES)
        in_vain = looked and not state.crosscheck and timedelta(0) <= now - looked < AGE
        if not self._doubtful or in_vain:
            return ()
        state.set_read_to_its_end(_PLACES, now)
        return GUESSES

    async def _bring(self, only_here: dict[str, str]) -> int:
        """Take the addresses that are not known yet, at most MOST; return how many are left."""
        new: list[str] = []
        async for part in steps(list(only_here.values())):
            new += [url for url in part if not self._index.knows(ListedPost(url=url))]
        now = new[:MOST]
        self._index.listed.set_beside(map(spelling, now))
        self._take([ListedPost(url=url) for url in now])
        left = len(new) - len(now)
        if new:
            later = f", {left} more in the next runs" if left else ""
            self._note(
                f"{len(now)} addresses that REST does not list are fetched because"
                f" the sitemaps name them{later}"
            )
        return left

    def _note(self, note: str) -> None:
        self._writer.run.notes.append(note)


def _is_next_to_nothing(last: Crosscheck) -> bool:
    """Whether REST lists hardly anything of what the sitemaps name, and so does not tell what is
    new: the articles are of a type that REST does not show."""
    return last["listed"] - last["only_in_sitemap"]["count"] < last["listed"] * _HARDLY


def _some(addresses: Iterable[str]) -> SomeAddresses:
    found = SomeAddresses(count=0, examples=[])
    _add(found, addresses)
    return found


def _add(found: SomeAddresses, addresses: Iterable[str]) -> None:
    """Count `addresses`, too; the examples are the first in the order of letters."""
    more = list(addresses)
    found["count"] += len(more)
    found["examples"] = nsmallest(_EXAMPLES, [*found["examples"], *more])
