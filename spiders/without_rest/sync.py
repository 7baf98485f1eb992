"""A run without REST: by the sitemaps, else the feed, else the pages that list articles.

    sitemaps      new addresses, changed lastmods, addresses that are not listed any more
    feed, lists   new addresses
    rechecks      if no lastmod tells of edits, some articles are looked at once more

A run in which nothing is new reads the sitemap index and the files that changed (or one page of the
feed or of a list). The rechecks of a day are every article of the last two days, a third of those
of the last week and a thirtieth of those of the last year, at most 500. There are none if lastmod
can be trusted.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from urllib.parse import urljoin

from archive.errors import NotWordPress, Unreachable
from archive.http.urls import spelling
from archive.index.listed_post import ListedPost
from archive.outcomes import Reason
from archive.sites import Site
from spiders.fetch import Fetch, Take
from spiders.site_profile import SiteProfile
from spiders.site_run import RunWriter
from spiders.sources.archive_pages import ArchivePages
from spiders.sources.feed import Feed
from spiders.sources.sitemap import Sitemaps, few
from spiders.sources.sitemap_budget import MAX_FILES
from spiders.sources.steps import steps
from spiders.without_rest.removals import MOST, PageRemovals
from spiders.without_rest.sitemap_changes import WEEK, SitemapChanges

Source = Sitemaps | Feed | ArchivePages
WEEKLY_PAGES = 200
# Rechecks are chosen once a day. Less than 24 hours: runs do not begin at exactly the same hour.
RECHECK_GAP = timedelta(hours=20)


class SyncWithoutRest:
    """One run over `site` with the sources in its `profile`; `take` brings pages into the index.

    After `run`, `source` is the one that named articles; it is also stored in the profile.
    `listed` is how many articles it named, `problems` tell what could not be read. If a source
    leaves something out for good, that is a problem of the first run that sees it, and a note of
    later ones. After a look at a few pages `listed` is an estimate, and `listings` how many
    requests are needed to read all of them.
    """

    def __init__(
        self, site: Site, writer: RunWriter, profile: SiteProfile, fetch: Fetch, take: Take
    ) -> None:
        self._site = site
        self._writer = writer
        self._index = writer.index
        self._profile = profile
        self._fetch = fetch
        self._take = take
        self.source: str | None = None
        self.listed = 0
        self.listings = 0
        self.problems: list[str] = []

    async def run(self, most: int | None = None) -> None:
        """Take what the first source with any articles names. With `most`, read only so many files
        or pages of it.

        NotWordPress if no source names any; Unreachable if the source of earlier runs fails.
        """
        profile = self._profile
        sources: dict[str, Source] = {"sitemap": self._sitemaps(most)}
        if profile.wordpress:
            # On other sites these two would take any linked page for an article.
            feeds = (profile.feed, urljoin(profile.home, "feed/"))
            sources["feed"] = Feed(feeds, self._fetch, profile.ground)
            sources["lists"] = ArchivePages(
                profile.home, self._fetch, profile.ground, profile.lists
            )
        failed: list[str] = []
        for name in sorted(sources, key=lambda name: name != profile.source):
            source = sources[name]
            if await self._read(name, source, most):
                self._learn(name, source)
                if not (isinstance(source, Sitemaps) and source.latest):
                    return
            elif name == profile.source and source.problems:
                raise Unreachable(f"the {name} of {self._site.url} failed: {source.problems[0]}")
            else:
                failed += source.problems + source.remarks
        if self.source is None:
            raise NotWordPress(self._nothing(failed))

    def _nothing(self, failed: list[str]) -> str:
        said = f" What was there could not be used: {'; '.join(few(failed))}." if failed else ""
        return (
            f"{self._site.url} answers, but neither WordPress's REST API nor a sitemap, a feed or"
            f" a page that lists articles was found.{said} Nothing was changed. If it has a"
            ' sitemap elsewhere, name it in sites.toml: sitemap = "https://…"'
        )

    def _learn(self, name: str, source: Source) -> None:
        """Note that the source `name` gave articles, and its problems and remarks."""
        self.source = self._profile.source = name
        if isinstance(source, Sitemaps):
            self._profile.sitemap = source.start or self._profile.sitemap
        if isinstance(source, ArchivePages):
            self._profile.lists = source.kind
        told = self._index.crawl_state.remarks
        new = [remark for remark in source.remarks if remark not in told]
        self.problems += few(source.problems) + few(new)
        self._writer.run.notes += few([remark for remark in source.remarks if remark in told])
        self._index.crawl_state.remarks = told + new

    def _sitemaps(self, most: int | None) -> Sitemaps:
        state = self._index.crawl_state
        robots = [self._site.sitemap] if self._site.sitemap else state.robots_sitemaps
        files = dict.fromkeys(url for url in (*robots, self._profile.sitemap) if url)
        return Sitemaps(self._profile.ground, files, self._fetch, most or MAX_FILES)

    async def _read(self, name: str, source: Source, most: int | None) -> bool:
        """Take what `source` names; False if it names nothing."""
        if most:
            return await self._follow(name, source, most) and self._estimate(source)
        if isinstance(source, Sitemaps):
            return await self._compare(source)
        if not await self._follow(name, source, None):
            return False
        clock = source.clock or datetime.now(UTC)
        await self._ask([], clock, None)
        await self._look_again(clock)
        return True

    def _estimate(self, source: Source) -> bool:
        """Estimate, after a look at a few files or pages, how many articles there are, and in how
        many files or pages."""
        if isinstance(source, Sitemaps):
            self.listings = max(1, source.named) + 1
            self.listed *= max(1, source.named)
        else:
            first = self.listed // source.pages
            self.listings = max(source.pages, self._profile.pages) + 1
            self.listed = max(self.listed, first * self._profile.pages)
        return True

    async def _compare(self, sitemaps: Sitemaps) -> bool:
        """A whole run by sitemaps; it also asks about what they do not list any more."""
        changes = SitemapChanges(self._index, sitemaps, self._take)
        if not await changes.run():
            return False
        assert changes.clock
        self.listed = changes.listed
        if changes.forgotten:
            self._writer.run.notes.append(
                f"{changes.forgotten} addresses at which no page was ever seen are listed no more;"
                " they are left out"
            )
        waiting = await self._ask(
            changes.unlisted, changes.clock, changes.last, again=bool(sitemaps.problems)
        )
        await changes.settle(waiting)
        if not changes.trusted:
            await self._look_again(changes.clock)
        return True

    async def _follow(self, name: str, source: Source, most: int | None) -> bool:
        """Take what `source` names, the newest first. If it was read to its end before, stop at the
        first page without anything new. Once a week read further back, for posts that were
        published late with an old date."""
        state = self._index.crawl_state
        ended, now = state.read_to_its_end(name), datetime.now(UTC)
        weekly = ended is not None and now - ended >= WEEK
        # If only this run is without REST, the newest articles are enough.
        source.to_the_end = weekly or not (ended or self._profile.root)
        most = most or (WEEKLY_PAGES if weekly else None)
        pages = listed = 0
        async for posts in source.walk():
            # If this run dies, or misses a page, the next one closes the gap.
            state.set_read_to_its_end(name, None)
            pages += 1
            listed += len(posts)
            source.known = await self._taken(posts) == 0
            if pages == most:
                break
        if not pages:
            return False
        self.listed = listed
        if not source.problems:
            state.set_read_to_its_end(name, now if source.to_the_end else ended)
        return True

    async def _taken(self, posts: list[ListedPost]) -> int:
        """Bring `posts` into the index, some at a time; how many are new or due again."""
        return sum([self._take(list(part)) async for part in steps(posts)])

    async def _look_again(self, clock: datetime) -> None:
        """Choose the rechecks of this day, unless an earlier run did. There are none if only this
        run is without REST: REST will tell of the edits in the next one."""
        if self._profile.root:
            return
        last = self._index.crawl_state.rechecks_chosen
        if last is None or not RECHECK_GAP > clock - last >= timedelta(0):
            turns = await asyncio.to_thread(self._index.turns_apart, clock)
            self._index.rechecks.add(turns)
            self._index.crawl_state.rechecks_chosen = clock

    async def _ask(
        self, unlisted: list[str], clock: datetime, last: datetime | None, *, again: bool = False
    ) -> set[str]:
        """Ask about the posts that are not listed any more, and those whose pages were not there
        when they were last fetched; return the addresses (spellings) of which it is not known yet
        what became of them. `again`: not all files were read, and one that was not may list an
        edit of a post that is there."""
        removals = PageRemovals(self._writer, self._fetch, clock)
        pages = self._index.held(unlisted)
        there, untold = await removals.ask(pages[:MOST], last)
        if again:
            self._index.reopen(there, Reason.EDITED)
        await removals.settle()
        return untold | {spelling(page.url) for page in pages[MOST:]}
