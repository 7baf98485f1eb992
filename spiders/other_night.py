"""A night without REST: the sitemaps, else the feed, else the pages that list articles.

    sitemaps      what is new, whose lastmod moved, what is listed no more
    feed, lists   what is new
    rechecks      where no lastmod tells of edits, some articles are looked at once more

A quiet night costs the sitemap's index and the files that changed (or one page of the feed or
of a list), and those rechecks: every article of the last two days, a third of the week's and a
thirtieth of the year's, 500 at most. Where lastmod can be trusted there are none.
"""

from __future__ import annotations

from datetime import UTC, datetime

from archive.errors import NotWordPress
from archive.night import Night
from archive.sites import Site
from spiders.absent import Absent
from spiders.feed import Feed
from spiders.fetch import Fetch
from spiders.lists import Lists
from spiders.nightly import Take
from spiders.probe import Probe
from spiders.sitemap import MAX_FILES, Sitemaps
from spiders.sitemap_night import SitemapNight

Source = Sitemaps | Feed | Lists


class OtherNight:
    """One night of `site` by what `probe` knows of it; `take` brings pages into the index.

    After `run`, `source` is the one that named articles and `start` its sitemap, if that was
    found by guessing; `listed` counts what it named, `problems` tells what could not be read.
    """

    def __init__(self, site: Site, night: Night, probe: Probe, fetch: Fetch, take: Take) -> None:
        self._site = site
        self._night = night
        self._index = night.index
        self._probe = probe
        self._fetch = fetch
        self._take = take
        self.source: str | None = None
        self.start: str | None = None
        self.listed = 0
        self.problems: list[str] = []

    async def run(self, most: int = MAX_FILES) -> None:
        """Take what the first source names that names anything, `most` files or pages of it;
        NotWordPress if none does."""
        probe = self._probe
        sources: dict[str, Source] = {"sitemap": self._sitemaps(most)}
        if probe.wordpress:
            # On any other site these would take whatever is linked for an article.
            sources["feed"] = Feed(probe.feed, self._fetch, probe.ground)
            sources["lists"] = Lists(probe.home, self._fetch, probe.ground)
        for name in sorted(sources, key=lambda name: name != probe.source):
            source = sources[name]
            if await self._read(name, source, most):
                self.source = name
                self.problems += source.problems
                return
        raise NotWordPress(
            f"{self._site.url} answers, but neither WordPress's REST API nor a sitemap, a feed or"
            " a page that lists articles was found. Nothing was changed. If it has a sitemap"
            ' elsewhere, name it in sites.toml: sitemap = "https://…"'
        )

    def _sitemaps(self, most: int) -> Sitemaps:
        known = self._index.fact("sitemaps") or [self._probe.sitemap]
        named = [self._site.sitemap] if self._site.sitemap else known
        return Sitemaps(self._probe.ground, [url for url in named if url], self._fetch, most)

    async def _read(self, name: str, source: Source, most: int) -> bool:
        """Take what `source` names; False if that is nothing."""
        if isinstance(source, Sitemaps) and most >= MAX_FILES:
            return await self._compare(source)
        return await self._follow(name, source, most)

    async def _compare(self, sitemaps: Sitemaps) -> bool:
        """A whole night by sitemaps, what they list no more included."""
        night = SitemapNight(self._index, sitemaps, self._take)
        if not await night.run():
            return False
        assert night.clock
        self.start, self.listed = sitemaps.start, night.listed
        await self._ask(night.unlisted, night.clock, night.last)
        if not night.trusted:
            self._look_again(night.clock)
        return True

    async def _follow(self, name: str, source: Source, most: int) -> bool:
        """Take what `source` names. If its newest stand first it is read up to the first page
        that brings nothing new, once it was read to its end."""
        ended = f"{name} read to its end"
        to_the_end = not source.newest_first or not self._index.fact(ended)
        pages, whole = 0, False
        async for posts in source.walk():
            pages += 1
            self.listed += len(posts)
            if (self._take(posts) == 0 and not to_the_end) or pages >= most:
                break
        else:
            whole = not source.problems
        if not pages:
            return False
        if whole:
            self._index.remember(ended, True)
        clock = source.clock or datetime.now(UTC)
        if most >= MAX_FILES:
            await self._ask([], clock, None)
            self._look_again(clock)
        return True

    def _look_again(self, clock: datetime) -> None:
        """Choose the rechecks of this day, once."""
        today = clock.date().isoformat()
        if self._index.fact("rechecks") != today:
            self._index.rechecks.choose(clock)
            self._index.remember("rechecks", today)

    async def _ask(self, unlisted: list[str], clock: datetime, last: datetime | None) -> None:
        """What became of the posts that are listed no more, or whose pages were not there when
        they were looked at last."""
        absent = Absent(self._night, self._fetch, clock)
        await absent.ask(self._index.held(unlisted), last)
        await absent.settle()
