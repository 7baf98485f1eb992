"""An independent witness beside REST: what the sitemaps name, compared with what REST listed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Any

from archive.http.urls import spelling
from archive.index.index import Index
from archive.sites import Site
from spiders.fetch import Fetch
from spiders.sources.sitemap import Sitemaps

FACT = "witness"
AGE = timedelta(days=6, hours=12)
_EXAMPLES = 10


class SitemapCrosscheck:
    """The sitemaps that robots.txt or sites.toml names; without any there is no witness.

    What it said last stays in `index` under FACT.
    """

    def __init__(self, site: Site, index: Index, home: str, fetch: Fetch) -> None:
        self._site = site
        self._index = index
        self._home = home
        self._fetch = fetch

    def due(self, clock: datetime) -> bool:
        """Whether it is a week since it was asked, by the site's clock. Where sites.toml leaves
        out types or years, the sitemaps tell of something else than we keep."""
        if self._site.types or self._site.since:
            return False
        last = self._index.fact(FACT)
        return last is None or clock - datetime.fromisoformat(last["read"]) >= AGE

    async def ask(self, clock: datetime) -> None:
        """Read the sitemaps and remember what only they name, and what only REST does."""
        named = [self._site.sitemap] if self._site.sitemap else self._index.fact("sitemaps") or []
        sitemaps = Sitemaps(self._home, named, self._fetch, guesses=())
        addresses: dict[str, str] = {}
        async for pages in sitemaps.walk():
            addresses |= {spelling(page.url): page.url for page in pages}
        if addresses and not sitemaps.problems:
            self._index.remember(FACT, self._told(addresses, clock))

    def _told(self, addresses: dict[str, str], clock: datetime) -> dict[str, Any]:
        live = self._index.live_addresses()
        only_here = [url for key, url in addresses.items() if key not in live]
        return {
            "source": "sitemap",
            "read": clock.isoformat(timespec="seconds"),
            "listed": len(addresses),
            "only_in_sitemap": _some(only_here),
            "only_in_rest": _some(url for key, url in live.items() if key not in addresses),
        }


def _some(addresses: Iterable[str]) -> dict[str, Any]:
    found = sorted(addresses)
    return {"count": len(found), "examples": found[:_EXAMPLES]}
