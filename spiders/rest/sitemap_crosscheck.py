"""The cross-check of REST: what the sitemaps name, compared with what REST listed.

What only they name is fetched, too: of a site in several languages (WPML, Polylang) REST lists
those of one. It has no part in REST's equation until REST names it.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from archive.http.urls import spelling
from archive.index.listed_post import ListedPost
from archive.index.state import SomeAddresses
from archive.sites import Site
from spiders.fetch import Fetch, Take
from spiders.site_run import RunWriter
from spiders.sources.sitemap import Sitemaps, few
from spiders.sources.steps import steps

AGE = timedelta(days=6, hours=12)
MOST = 1_000
"""Addresses taken from the sitemaps alone in one night; the next one goes on."""
_EXAMPLES = 10


class SitemapCrosscheck:
    """The sitemaps that robots.txt or sites.toml names; without any there is no cross-check.

    What it said last stays in the index (`crosscheck`); `take` brings pages into that.
    """

    def __init__(self, site: Site, writer: RunWriter, home: str, fetch: Fetch, take: Take) -> None:
        self._site = site
        self._writer = writer
        self._index = writer.index
        self._home = home
        self._fetch = fetch
        self._take = take

    def due(self, clock: datetime) -> bool:
        """Whether it is a week since it was asked, by the site's clock, or not all of what it
        named was taken. Where sites.toml leaves
        out types or years, the sitemaps tell of something else than we keep."""
        if self._site.types or self._site.since:
            return False
        last = self._index.crawl_state.crosscheck
        if last is None or last.get("left"):
            return True
        # A clock that was ahead once must not put it off for ever.
        return not timedelta(0) <= clock - datetime.fromisoformat(last["read"]) < AGE

    async def run(self, clock: datetime) -> None:
        """Read the sitemaps; take what only they name, and remember that and what only REST
        does."""
        state = self._index.crawl_state
        named = [self._site.sitemap] if self._site.sitemap else state.robots_sitemaps
        sitemaps = Sitemaps(self._home, named, self._fetch, guesses=())
        addresses: dict[str, str] = {}
        async for pages in sitemaps.walk():
            async for part in steps(pages):
                addresses |= {spelling(page.url): page.url for page in part}
        live = self._index.live_addresses()
        only_here = {key: url for key, url in addresses.items() if key not in live}
        left = await self._bring(only_here)
        self._writer.run.notes += few(sitemaps.remarks)
        if sitemaps.problems:
            self._note(f"the sitemaps could not all be compared with REST: {sitemaps.problems[0]}")
        elif addresses:
            only_in_rest = (url for key, url in live.items() if key not in addresses)
            state.crosscheck = {
                "source": "sitemap",
                "read": clock.isoformat(timespec="seconds"),
                "listed": len(addresses),
                "only_in_sitemap": _some(only_here.values()),
                "only_in_rest": _some(only_in_rest),
                "left": left,
            }

    async def _bring(self, only_here: dict[str, str]) -> int:
        """Take the addresses that are not known yet, MOST of them; return how many are left."""
        new: list[str] = []
        async for part in steps(list(only_here.values())):
            new += [url for url in part if not self._index.knows(ListedPost(url=url))]
        tonight = new[:MOST]
        self._index.listed.set_beside(map(spelling, tonight))
        self._take([ListedPost(url=url) for url in tonight])
        left = len(new) - len(tonight)
        if new:
            later = f", {left} more in the nights to come" if left else ""
            self._note(
                f"{len(tonight)} addresses that REST does not list are fetched because"
                f" the sitemaps name them{later}"
            )
        return left

    def _note(self, note: str) -> None:
        self._writer.run.notes.append(note)


def _some(addresses: Iterable[str]) -> SomeAddresses:
    found = sorted(addresses)
    return {"count": len(found), "examples": found[:_EXAMPLES]}
