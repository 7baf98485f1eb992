"""A run by sitemaps: compares what they list now with what they listed when they were last read.

    a new address                        is fetched
    a changed lastmod                    is fetched again, if lastmod can be trusted
    an address that is not listed now    is asked: the answer of its page is the evidence

A file is not read again if its lastmod in the sitemap index did not change. If the index has no
lastmod, the last file of each series is read in every run, and all files once a week.
"""

from __future__ import annotations

import asyncio
import logging
import re
from collections.abc import Callable, Collection, Sequence
from datetime import datetime, timedelta

from archive.http.urls import spelling
from archive.index.index import Index
from archive.index.listed_post import ListedPost
from archive.index.sitemap_entries import NOWHERE, SitemapEntry
from archive.index.state import SitemapReading
from archive.text.numbers import number_of
from archive.times.listing_date import w3c_date
from spiders.mass_removal import MassRemoval, is_mass
from spiders.sources.sitemap import Sitemaps
from spiders.sources.sitemap_file import Named
from spiders.sources.steps import steps
from spiders.without_rest.listed_before import ListedBefore

logger = logging.getLogger(__name__)
WEEK = timedelta(days=7)
_SITEMAPS = "the sitemaps"
"""Stands for a post type, which has no blanks in its name: all that sitemaps list."""
# If the lastmod of more than this share changed in one run, it tells nothing about edits.
UPHEAVAL = 0.2
_FEW = 5
READABLE = 0.95
# A date without an offset is by the site's clock, which may be ahead of UTC.
_TOLERANCE = timedelta(hours=14)


class SitemapChanges:
    """Reads `sitemaps` and compares them with the index; `take` brings pages into it.

    After `run`, `listed` is how many addresses the sitemaps list. `unlisted` are the spellings of
    those that they listed at `last` and do not list at `clock` (both by the site's clock).
    `trusted` is whether their lastmod tells of edits; `forgotten` is how many addresses are left
    out that an earlier run listed, and at which no page was ever seen.
    """

    def __init__(
        self, index: Index, sitemaps: Sitemaps, take: Callable[[list[ListedPost]], int]
    ) -> None:
        self._index = index
        self._sitemaps = sitemaps
        self._mass_removal = MassRemoval(index, _SITEMAPS)
        self._take = take
        self._files, self._whole, self.last = index.crawl_state.sitemap_reading
        self.clock: datetime | None = None
        self.unlisted: list[str] = []
        self._named: dict[str, str | None] = {}
        self._left: list[Named] = []
        self._chosen: set[str] = set()
        self._partial: set[str] = set()
        self._now: dict[str, list[SitemapEntry]] = {}
        self._entries: dict[str, str | None] = {}
        # Files that name only the newest: if an address is not in them any more that says nothing.
        self._latest: set[str] = set()
        self.listed = 0
        self.trusted = False
        self.forgotten = 0
        sitemaps.choose = self._choose

    async def run(self) -> bool:
        """Take what is new, and note what changed or is gone; False if nothing is listed."""
        async for sitemap in self._sitemaps.read():
            entries = self._now[sitemap.url] = []
            async for part in steps(sitemap.addresses):
                self._take([ListedPost(url=entry.url) for entry in part])
                named = [SitemapEntry(spelling(entry.url), entry.lastmod) for entry in part]
                entries += named
                self._entries.update(named)
            if sitemap.latest:
                self._latest.add(sitemap.url)
            if sitemap.limit or not sitemap.whole:
                self._partial.add(sitemap.url)
            if sitemap.whole:
                self._files[sitemap.url] = self._named.get(sitemap.url)
            else:
                self._files.pop(sitemap.url, None)
        for failed in self._chosen - self._now.keys():
            self._files.pop(failed, None)
        self.clock = self._sitemaps.clock
        if self.clock is None:
            return False
        await self._compare(self.clock)
        return self.listed > 0

    def _choose(self, children: list[Named]) -> list[Named]:
        """The children of an index that are to be read in this run."""
        self._named |= {child.url: child.lastmod for child in children}
        if self._whole_is_due():
            self._chosen.update(child.url for child in children)
            return children
        ordered = sorted(children, key=lambda child: _numbers(child.url))
        last = {_series(child.url): child for child in ordered}.values()
        chosen = [child for child in children if child in last or self._moved(child)]
        self._left += [child for child in children if child not in chosen]
        self._chosen.update(child.url for child in chosen)
        return chosen

    def _whole_is_due(self) -> bool:
        if self._whole is None or self._sitemaps.clock is None:
            return True
        age = self._sitemaps.clock - self._whole
        return not timedelta(0) <= age < WEEK

    def _moved(self, child: Named) -> bool:
        if child.url not in self._files:
            return True
        return child.lastmod is not None and child.lastmod != self._files[child.url]

    async def _compare(self, clock: datetime) -> None:
        left = {child.url for child in self._left}
        before = ListedBefore(self._index, self._entries, left)
        self.trusted = await _can_be_trusted(list(self._entries.values()), clock)
        moved, known = await before.compared()
        self.listed = len(self._entries) + before.still_left
        await before.reopen(self._edited(moved, known))
        gone = await before.gone(self._comparable(before.files))
        if not (self._sitemaps.problems or self._left or self._latest):
            await self._forget_invented()
        collapsed = await self._collapsed(before, list(gone), clock)
        # If a file without a lastmod was not read, an address may have moved into it.
        sure = all(child.lastmod for child in self._left)
        if sure and not collapsed:
            self.unlisted = sorted(gone)
        # Addresses that are not sure to be gone wait in their files until all files are read.
        passed = await before.gone(before.files & self._latest)
        await self._note(before, [*gone] if sure else [], [*passed])
        if not collapsed:
            self._remember(clock)

    def _comparable(self, before: set[str]) -> set[str]:
        """The files of which it is known what they list now: a file that failed, or was read in
        part, keeps what it listed `before`. If one failed, the files that were not named tell
        nothing either: it may be an index that names them."""
        if self._sitemaps.problems:
            before &= self._now.keys() - self._partial | {NOWHERE}
        return before - self._latest

    async def _collapsed(self, before: ListedBefore, gone: list[str], clock: datetime) -> bool:
        """Whether so many addresses are gone at once that it is not believed."""
        articles, known = await before.articles(gone), await before.all_articles()
        if not is_mass(articles, known):
            self._mass_removal.forget()
            return False
        if not self._mass_removal.told(articles, known, clock):
            return False
        self._sitemaps.problems.append(
            f"the sitemaps do not list {len(gone)} of {before.count} addresses any more. That is"
            " too many for one run, so nothing is taken for removed. Look at the site: if it stays"
            " like this for a week, it is believed."
        )
        return True

    async def _forget_invented(self) -> None:
        """Leave out what a bad night has listed, if it is much, and no file lists any more."""
        places: list[int] = []
        for unseen in self._index.unseen_addresses():
            places += [place for key, place in unseen.items() if key not in self._entries]
            await asyncio.sleep(0)
        if is_mass(len(places), len(self._entries)):
            self.forgotten = sum([self._index.forget(part) async for part in steps(places)])

    def _edited(self, moved: list[str], known: int) -> list[str]:
        """The addresses whose lastmod changed, `moved` of `known`; none if lastmod cannot be
        trusted."""
        if not self.trusted or len(moved) <= max(_FEW, UPHEAVAL * known):
            return moved if self.trusted else []
        logger.info("lastmod of %d addresses changed in one run; it is not used", len(moved))
        self.trusted = False
        return []

    async def _note(self, before: ListedBefore, gone: list[str], passed: list[str]) -> None:
        """Store what the files that were read list now, that none lists what is `gone`, and that
        what has `passed` out of the newest is no matter any more."""
        # Files with only the newest come first: an address in another file, too, belongs to that.
        for file in sorted(self._now, key=lambda file: (file not in self._latest, file)):
            await before.note(file, self._now[file], trusted=self.trusted)
        await before.set_aside(gone)
        await before.forget(passed)

    def _remember(self, clock: datetime) -> None:
        if not self._left:
            self._whole = clock
        self._index.crawl_state.sitemap_reading = SitemapReading(self._files, self._whole, clock)

    async def settle(self, waiting: Collection[str]) -> None:
        """Forget the addresses that are not listed any more, but for those `waiting`: the next run
        asks about them again."""
        async for part in steps([key for key in self.unlisted if key not in waiting]):
            self._index.listed.forget(part)


async def _can_be_trusted(lastmods: Sequence[str | None], now: datetime) -> bool:
    """Whether these lastmods tell of edits: nearly all of them can be read, none is in the future
    (`now` is by the site's clock), and they are not all the same."""
    count, first, latest, differ = 0, None, None, False
    async for part in steps(lastmods):
        # Not gathered: what is done with all of a large site's at once holds up the other sites.
        for moment in filter(None, map(w3c_date, filter(None, part))):
            count += 1
            first, latest = first or moment, max(latest or moment, moment)
            differ = differ or moment != first
    readable = count >= READABLE * len(lastmods)
    return readable and differ and latest is not None and latest <= now + _TOLERANCE


def _series(url: str) -> str:
    """The name of the series that a file is in: its address without numbers."""
    return re.sub(r"\d+", "", url)


def _numbers(url: str) -> tuple[int, ...]:
    return tuple(number_of(digits) or 0 for digits in re.findall(r"[0-9]{1,18}", url))
